# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What somebody changed by hand is named by aws_stacks_info, and gone with the next change of that resource."""

from __future__ import annotations

from tests.support.stack_graphs import stack
from tests.support.stack_graphs import template
from tests.support.stacks import OURS

KEY = "us-east-1/drift"


def graph(description, shown="as declared"):
    group = {
        "Type": "AWS::EC2::SecurityGroup",
        "Properties": {
            "GroupDescription": "Drift",
            "SecurityGroupIngress": [{"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "CidrIp": "10.0.0.0/16", "Description": description}],
        },
    }
    topic = {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": shown}}
    return stack("drift", template({"Topic": topic, "Group": group}, outputs={"TopicArn": {"Ref": "Topic"}, "GroupId": {"Fn::GetAtt": ["Group", "GroupId"]}}))


def drifted(result):
    return {row["resource"]: row["status"] for row in result["stacks"][KEY]["drift"] if row["status"] in ("drifted", "deleted")}


def test_a_change_by_hand_shows_and_is_taken_back(fake, playbook):
    declared = graph("psql")
    made = playbook.run(declared)
    assert not made["failed"], made.get("msg")
    fake.proxy.calls.clear()
    clean = playbook.info(declared, drift=True)
    assert not clean["failed"], clean.get("msg")
    assert drifted(clean) == {} and clean["plan"] == []
    outputs = made["stacks"][KEY]["outputs"]
    sns = fake.client("sns")
    sns.set_topic_attributes(TopicArn=outputs["TopicArn"], AttributeName="DisplayName", AttributeValue="by hand")
    found = playbook.info(declared, drift=True)
    assert drifted(found) == {"Topic": "drifted"}
    (row,) = [row for row in found["stacks"][KEY]["drift"] if row["resource"] == "Topic"]
    assert row["type"] == "AWS::SNS::Topic" and "DisplayName" in str(row["properties"])
    assert found["plan"] and "Topic" in found["plan"][0]["what"]
    # To look changes nothing; a deployment does not see it either: the template is the same.
    assert fake.proxy.mutating(OURS) == []
    assert not playbook.run(declared)["changed"]
    # The next change of that resource puts all of it to what is declared.
    again = playbook.run(graph("psql", "declared anew"))
    assert not again["failed"] and again["stacks"][KEY]["action"] == "updated", again.get("msg")
    assert sns.get_topic_attributes(TopicArn=outputs["TopicArn"])["Attributes"]["DisplayName"] == "declared anew"
    assert drifted(playbook.info(declared, drift=True)) == {}


def test_what_was_deleted_by_hand_is_named(fake, playbook):
    made = playbook.run(graph("psql"))
    fake.client("sns").delete_topic(TopicArn=made["stacks"][KEY]["outputs"]["TopicArn"])
    assert drifted(playbook.info(graph("psql"), drift=True)) == {"Topic": "deleted"}


def test_what_does_not_exist_has_no_drift(fake, playbook):
    found = playbook.info(graph("psql"), drift=True)
    assert found["stacks"][KEY]["exists"] is False and found["stacks"][KEY]["outputs"] == {}
