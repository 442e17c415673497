# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The survey before a teardown, against answers that are written down here."""

from __future__ import annotations

from ansible_collections.llmops.platform.plugins.module_utils._stacks.model import read_graph
from ansible_collections.llmops.platform.plugins.module_utils._stacks.retrying import CallError
from ansible_collections.llmops.platform.plugins.module_utils._teardown import planning
from ansible_collections.llmops.platform.plugins.module_utils._teardown.policy import Choices

REGION, ACCOUNT = "us-east-1", "123456789012"
TAGS = {"platform": "shop", "environment": "dev"}
ROLE = "arn:aws:iam::123456789012:role/shop-dev-cloudformation"


def stack(name, status="CREATE_COMPLETE", parameters=None, outputs=None, tags=None, role=ROLE):
    def rows(values, key):
        return [{f"{key}Key": name, f"{key}Value": value} for name, value in (values or {}).items()]

    found = {"StackName": f"shop-dev-{name}", "StackId": f"arn:{name}", "StackStatus": status, "EnableTerminationProtection": True, "RoleARN": role}
    tagged = [{"Key": key, "Value": value} for key, value in (TAGS if tags is None else tags).items()]
    return {**found, "Parameters": rows(parameters, "Parameter"), "Outputs": rows(outputs, "Output"), "Tags": tagged}


class Cloud:
    """`parts`: `{stack name: [(logical id, type, physical id)]}`; `things`: what DescribeX answers by the identifier."""

    def __init__(self, stacks, parts, things, groups=()):
        self.stacks, self.parts, self.things, self.groups, self.done = stacks, parts, things, list(groups), []

    def pages(self, region, operation, result, service="cloudformation", **arguments):
        self.done.append(operation)
        if operation == "DescribeStacks":
            yield from self.stacks
            return
        for name, kind, number in self.parts.get(arguments["StackName"], []):
            yield {"LogicalResourceId": name, "ResourceType": kind, "PhysicalResourceId": number, "ResourceStatus": "CREATE_COMPLETE"}

    def __call__(self, region, operation, service="", **arguments):
        self.done.append(operation)
        if operation == "ListNodegroups":
            return {"nodegroups": self.groups}
        if operation == "ListFargateProfiles":
            return {"fargateProfileNames": []}
        number = next(iter(arguments.values()))
        if number not in self.things:
            raise CallError(operation, region, "ResourceNotFoundException", "there is none")
        return self.things[number]


def cluster(protected=False, groups=("general-a1b2c3",)):
    stacks = [
        stack("cloudformation", outputs={"RoleArn": ROLE}, role=None),
        stack("network", outputs={"VpcId": "vpc-0123456789"}),
        stack("cluster", parameters={"VpcId": "vpc-0123456789"}, outputs={"ClusterName": "shop-dev-cluster"}),
        stack("nodes-general-a1b2c3", parameters={"ClusterName": "shop-dev-cluster"}),
        stack("state", role=None),
        stack("other", tags={"platform": "mall", "environment": "dev"}),
    ]
    parts = {
        "shop-dev-network": [("Vpc", "AWS::EC2::VPC", "vpc-0123456789")],
        "shop-dev-cluster": [("Cluster", "AWS::EKS::Cluster", "shop-dev-cluster")],
        "shop-dev-nodes-general-a1b2c3": [("Group", "AWS::EKS::Nodegroup", "shop-dev-cluster/general-a1b2c3"), ("Role", "AWS::IAM::Role", "r")],
        "shop-dev-state": [("StateBucket", "AWS::S3::Bucket", "shop-dev-state")],
    }
    return Cloud(stacks, parts, {"shop-dev-cluster": {"cluster": {"deletionProtection": protected}}, "shop-dev-state": {}}, groups)


def planned(cloud, declared=None, **names):
    choices = Choices(**{option: frozenset(given) for option, given in names.items()})
    return planning.plan(cloud, ACCOUNT, [REGION], TAGS, declared or {}, f"{REGION}/shop-dev-state", choices, 1)


def test_what_lives_goes_in_order_and_only_what_is_ours():
    cloud = cluster()
    found = planned(cloud)
    assert found["problems"] == []
    assert [key.removeprefix(f"{REGION}/shop-dev-") for key in found["order"]] == ["nodes-general-a1b2c3", "cluster", "network", "cloudformation"]
    assert found["networks"] == ["vpc-0123456789"] and list(found["state"]) == [f"{REGION}/shop-dev-state"]
    assert [row["id"] for row in found["state_data"]] == ["shop-dev-state"] and found["data"] == []
    # It is what aws_stacks takes.
    assert set(read_graph(found["graph"])) == set(found["order"])
    assert all(operation.startswith(("Describe", "List", "Head")) for operation in cloud.done)


def test_a_node_group_made_by_hand_is_named_before_anything_goes():
    (said,) = planned(cluster(groups=["general-a1b2c3", "by-hand"]))["problems"]
    assert "node group by-hand" in said and "adopt it" in said and "delete-nodegroup" in said


def test_a_protected_control_plane_goes_by_name_only():
    (said,) = planned(cluster(protected=True))["problems"]
    assert "shop-dev-cluster/Cluster" in said
    found = planned(cluster(protected=True), delete=["shop-dev-cluster/Cluster"])
    assert found["problems"] == [] and found["clusters"][0]["protected"] is True


def test_what_an_earlier_run_has_deleted_may_still_be_named():
    template = '{"Resources": {"Store": {"Type": "AWS::S3::Bucket"}}}'
    declared = {f"{REGION}/shop-dev-gone": {"name": "shop-dev-gone", "region": REGION, "template": template}}
    assert planned(cluster(), declared, delete=["shop-dev-gone/Store"])["problems"] == []
    (said,) = planned(cluster(), declared, delete=["shop-dev-gone/Stor"])["problems"]
    assert "shop-dev-gone/Stor" in said


def test_a_stack_that_only_a_person_can_bring_on_stops_it():
    cloud = cluster()
    cloud.stacks[1]["StackStatus"] = "IMPORT_ROLLBACK_FAILED"
    (said,) = planned(cloud)["problems"]
    assert "shop-dev-network" in said and "IMPORT_ROLLBACK_FAILED" in said


def test_kept_data_leaves_its_network_and_the_role_of_both():
    cloud = cluster()
    cloud.stacks.append(stack("queue", parameters={"VpcId": "vpc-0123456789"}))
    cloud.parts["shop-dev-queue"] = [("Queue", "AWS::MSK::Cluster", "arn:queue")]
    cloud.things["arn:queue"] = {"ClusterInfo": {"State": "ACTIVE"}}
    found = planned(cloud)
    assert {key.removeprefix(f"{REGION}/shop-dev-") for key in found["kept"]} == {"queue", "network", "cloudformation"}
    assert [key.removeprefix(f"{REGION}/shop-dev-") for key in found["order"]] == ["nodes-general-a1b2c3", "cluster"]
    # A resource that is gone already, as after a kill, is no data any more.
    del cloud.things["arn:queue"]
    assert planned(cloud)["kept"] == {}
