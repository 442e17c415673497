# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Resources made through the services' own APIs, as Terraform and people make them, are taken into the stacks that declare them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

pytest.importorskip("moto")
pytest.importorskip("cfnlint")

import botocore.session
import yaml

from ansible_collections.llmops.platform.plugins.module_utils._adoption.adoption import Adoption
from ansible_collections.llmops.platform.plugins.module_utils._stacks.calls import Calls
from ansible_collections.llmops.platform.plugins.module_utils._stacks.errors import StackError
from ansible_collections.llmops.platform.plugins.module_utils._stacks.keeping import Who
from ansible_collections.llmops.platform.plugins.module_utils._stacks.running import Run
from ansible_collections.llmops.platform.plugins.module_utils._stacks.running import RunFailed
from tests.support import adoptions
from tests.support.blueprint import Blueprint
from tests.support.stack_graphs import REGION

NETWORK = f"{REGION}/hub-dev-network"


class Operator:
    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.said: list[str] = []
        self.hand = adoptions.ByHand(client)

    def look(self, graph, **more):
        defaults = {"only": [], "resources": {}, "skip": [], "allow_replace": [], "terraform_state": None, "released": [], "parallel": 4}
        if "vpc" in self.hand.ids:
            defaults["resources"] = {"hub-dev-network/Vpc": self.hand.ids["vpc"]}
        return Adoption({**defaults, "stacks": graph, **more}, Calls(botocore.session.Session()), self.said.append).run()

    def run(self, graph, check=False, **more):
        arguments = {"state": "present", "wait_for": "", "state_bucket": None, "state_directory": str(self.directory), "deployment": "hub/dev", "allow": {}}
        arguments |= {"imports": {}, "unreachable_regions": [], "poll_seconds": 0.5, "timeout_minutes": 0.0, "parallel": 4, "stacks": graph, **more}
        who = Who({"user": "ann", "pid": 1}, lambda holder: True, lambda holder: "ann")
        return Run(arguments, Calls(botocore.session.Session()), who, self.said.append).run(check)

    def adopt(self, found, **more):
        return self.run(found["stacks"], state="adopted", imports=found["imports"], **more)


@pytest.fixture
def operator(aws, tmp_path):
    return Operator(tmp_path)


def client(service):
    return botocore.session.Session().create_client(service, region_name=REGION)


def statuses(found):
    return {f"{row['stack'].partition('/')[2].removeprefix('hub-dev-')}/{row['resource']}": row["status"] for row in found["rows"]}


def row_of(found, name):
    return next(row for row in found["rows"] if row["resource"] == name)


def actions(result):
    return {row["name"]: row["action"] for row in result["stacks"].values()}


def test_the_whole_landscape_is_found_imported_in_sync_and_then_updated(operator):
    ids, graph = operator.hand.everything(), adoptions.graph()
    found = operator.look(graph)
    assert {name: status for name, status in statuses(found).items() if status != "import"} == {}, found["table"]
    assert found["refused"] == [] and found["changed"]
    # Found from the VPC on, and by names.
    assert found["imports"][NETWORK]["Address"] == {"PublicIp": ids["address"], "AllocationId": ids["allocation"]}
    assert found["imports"][NETWORK]["PrivateTable"] == {"RouteTableId": ids["table"]}
    assert found["imports"][f"{REGION}/hub-dev-endpoints"] == {"S3Endpoint": {"Id": ids["endpoint"]}, "Rule": {"Id": ids["rule"]}}
    assert found["imports"][f"{REGION}/hub-dev-account"]["Key"] == {"KeyId": ids["key"]}
    assert found["imports"][f"{REGION}/hub-dev-account"]["Zone"] == {"Id": ids["zone"]}
    assert found["imports"][f"{REGION}/hub-dev-data"]["Brokers"] == {"Arn": ids["brokers"]}
    # The pool that nobody declared is named.
    assert [(row["type"], row["id"]) for row in found["unmatched"]] == [("AWS::EKS::Nodegroup", "hub-dev/by-hand")]
    text = json.dumps(found)
    assert "not-to-be-seen" not in text and "MasterUserPassword" not in found["stacks"][f"{REGION}/hub-dev-data"]["template"]
    account = adoptions.resources_of(found["stacks"][f"{REGION}/hub-dev-account"]["template"])
    assert {one["DeletionPolicy"] for one in account.values()} == {"Retain"}
    assert account["Logs"]["Properties"] == {"LogGroupName": "/hub/dev/api", "RetentionInDays": 14}
    assert row_of(found, "Logs")["changes"] == ["RetentionInDays is 14, declared 30 (update)"]

    planned = operator.adopt(found, check=True)
    assert {step["action"] for step in planned["plan"]} == {"update"}
    assert client("cloudformation").describe_stacks()["Stacks"] == []

    done = operator.adopt(found)
    assert set(actions(done).values()) == {"updated"}
    assert not [line for line in operator.said if "drifted" in line]
    # Nothing was touched.
    assert client("logs").describe_log_groups()["logGroups"][0]["retentionInDays"] == 14

    # An import takes no outputs. Until the next update makes them, whoever is to get one may have to be replaced for all that a plan can know.
    first = {key: stack for key, stack in graph.items() if not key.endswith(("-cluster", "-data", "-endpoints"))}
    planned = operator.run(first, check=True)
    assert not [step for step in planned["plan"] if step["action"] in ("replace", "destroy", "refuse", "create")]
    with pytest.raises(RunFailed, match="if the value turns out to be another"):
        operator.run(graph, check=True)
    operator.run(graph)
    planned = operator.run(graph, check=True)
    assert planned["plan"] == []
    assert client("logs").describe_log_groups()["logGroups"][0]["retentionInDays"] == 30
    assert not operator.run(graph)["changed"]
    again = operator.look(graph)
    assert again["imports"] == {} and not again["changed"]


def test_a_run_that_was_killed_is_taken_up(operator):
    operator.hand.network()
    graph = adoptions.network()
    found = operator.look(graph)
    api = client("cloudformation")
    # A change set that was made and never executed.
    body = adoptions.resources_of(found["stacks"][NETWORK]["template"])
    wanted = [{"ResourceType": body[name]["Type"], "LogicalResourceId": name, "ResourceIdentifier": one} for name, one in found["imports"][NETWORK].items()]
    left = {"StackName": "hub-dev-network", "ChangeSetName": "left", "ChangeSetType": "IMPORT", "ResourcesToImport": wanted}
    api.create_change_set(**left, TemplateBody=yaml.safe_dump({"Resources": body}))
    assert operator.look(graph)["imports"] == found["imports"]
    # Imported by a run that did not come to compare it, and changed by somebody since.
    assert actions(operator.adopt(found)) == {"hub-dev-network": "updated"}
    client("ec2").modify_vpc_attribute(VpcId=operator.hand.ids["vpc"], EnableDnsHostnames={"Value": False})
    with pytest.raises(RunFailed, match="EnableDnsHostnames"):
        operator.adopt(found)
    second = operator.look(graph)
    assert set(statuses(second).values()) == {"imported"} and not second["changed"]
    assert actions(operator.adopt(second)) == {"hub-dev-network": "updated"}
    operator.run(graph)
    attribute = client("ec2").describe_vpc_attribute(VpcId=operator.hand.ids["vpc"], Attribute="enableDnsHostnames")
    assert attribute["EnableDnsHostnames"]["Value"] is True


def test_what_terraform_still_lists_is_refused_until_it_is_told(operator, tmp_path):
    network = adoptions.network()
    print_ = Blueprint(client)
    operator.hand.network()
    ids = operator.hand.ids
    print_.add("aws_vpc", "main", ids["vpc"])
    print_.add("aws_subnet", "private", ids["private"], "a")
    print_.add("aws_dynamodb_table", "orders", "orders", module="")
    state = tmp_path / "terraform.tfstate"
    state.write_text(json.dumps(print_.state()), encoding="utf-8")
    found = operator.look(network, terraform_state=str(state))
    assert {name.rpartition("/")[2] for name, status in statuses(found).items() if status == "refused"} == {"Vpc", "Private"}
    lines = ["terraform state rm 'module.network.aws_subnet.private[\"a\"]'", "terraform state rm module.network.aws_vpc.main"]
    assert found["terraform"] == lines and [line.strip() for line in found["table"][-2:]] == lines
    assert {
        "type": "aws_dynamodb_table",
        "id": "aws_dynamodb_table.orders",
        "region": "",
        "where": "the Terraform state",
        "note": "stays Terraform's",
    } in found["unmatched"]
    released = operator.look(network, terraform_state=str(state), released=["module.network.aws_vpc.main", 'module.network.aws_subnet.private["a"]'])
    assert released["refused"] == []
    state.write_text(json.dumps(print_.state(without=("module.network",))), encoding="utf-8")
    assert operator.look(network, terraform_state=str(state))["refused"] == []


def test_what_cannot_be_adopted_is_named_with_its_reason(operator):
    operator.hand.network()
    ids, network = operator.hand.ids, adoptions.network()
    # Another stack has it.
    body = {"Resources": {"Other": {"Type": "AWS::EC2::Subnet", "Properties": {"VpcId": ids["vpc"], "CidrBlock": "10.9.2.0/24"}}}}
    client("cloudformation").create_stack(StackName="other", TemplateBody=yaml.safe_dump(body))
    client("cloudformation").get_waiter("stack_create_complete").wait(StackName="other", WaiterConfig={"Delay": 1})
    other = client("cloudformation").describe_stack_resource(StackName="other", LogicalResourceId="Other")["StackResourceDetail"]["PhysicalResourceId"]
    resources = {"hub-dev-network/Vpc": ids["vpc"], "hub-dev-network/Private": other}
    found = operator.look(network, resources=resources)
    reasons = row_of(found, "Private")["reasons"]
    assert any("belongs to other/Other" in reason for reason in reasons)
    # What differs where nothing can be changed in place.
    assert any("CidrBlock is 10.9.2.0/24, declared 10.9.1.0/24" in reason and "replace" in reason for reason in reasons)
    resources["hub-dev-network/Private"] = "subnet-0123456789abcdef0"
    gone = row_of(operator.look(network, resources=resources), "Private")
    assert gone["status"] == "refused" and "does not exist" in gone["reasons"][0]
    with pytest.raises(StackError, match="no resource of the rendered stack"):
        operator.look(network, skip=["hub-dev-network/Nobody"])
    left = operator.look(network, skip=["hub-dev-network/Private"])
    assert row_of(left, "Private")["status"] == "left out" and "Private" not in left["imports"][NETWORK]
