# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A deployment at AWS is taken down: what goes, in which order, what stays, and what a second run finds."""

from __future__ import annotations

import pytest

from tests.support.stacks import OURS
from tests.support.teardowns import HOST
from tests.support.teardowns import REGION
from tests.support.teardowns import TAGS
from tests.support.teardowns import Teardowns
from tests.support.teardowns import bucket
from tests.support.teardowns import guarded
from tests.support.teardowns import shop

DATABASE = {
    "DBInstanceIdentifier": "shop-dev",
    "DBInstanceClass": "db.t4g.micro",
    "Engine": "postgres",
    "AllocatedStorage": "20",
    "DBSubnetGroupName": {"Ref": "Group"},
    "MasterUsername": "shop",
    "ManageMasterUserPassword": True,
}


def network():
    subnet = {"VpcId": {"Ref": "Vpc"}}
    resources = {
        "Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}},
        "SubnetA": {"Type": "AWS::EC2::Subnet", "Properties": {**subnet, "CidrBlock": "10.0.0.0/24", "AvailabilityZone": "us-east-1a"}},
        "SubnetB": {"Type": "AWS::EC2::Subnet", "Properties": {**subnet, "CidrBlock": "10.0.1.0/24", "AvailabilityZone": "us-east-1b"}},
    }
    subnets = {"Fn::Join": [",", [{"Ref": "SubnetA"}, {"Ref": "SubnetB"}]]}
    return shop("network", resources, outputs={"VpcId": {"Ref": "Vpc"}, "SubnetIds": subnets})


def database(protected=False):
    group = {"DBSubnetGroupDescription": "Shop", "SubnetIds": {"Fn::Split": [",", {"Ref": "SubnetIds"}]}}
    resources = {
        "Group": {"Type": "AWS::RDS::DBSubnetGroup", "Properties": group},
        "Database": guarded("AWS::RDS::DBInstance", **DATABASE, DeletionProtection=True if protected else {"Fn::Equals": ["a", "b"]}),
    }
    if not protected:
        # By a parameter, as an environment's own decision.
        resources["Database"]["Properties"]["DeletionProtection"] = {"Ref": "Protected"}
    parameters = {"SubnetIds": {"stack": f"{REGION}/shop-dev-network", "output": "SubnetIds"}}
    return shop("postgresql", resources, data=True, parameters=parameters if protected else {**parameters, "Protected": {"value": "false"}})


def state():
    return shop("state", {"Bucket": bucket("shop-dev-state-123456789012")}, data=True, outputs={"StateBucketName": {"Ref": "Bucket"}})


def storage():
    return shop("storage", {"Assets": bucket("shop-dev-assets")}, data=True, outputs={"Name": {"Ref": "Assets"}})


def everything(protected=False):
    return {**state(), **network(), **database(protected), **storage()}


@pytest.fixture
def teardown(fake, tmp_path):
    return Teardowns(tmp_path / "teardown", fake.environment)


def made(fake, direct, stacks):
    found = direct.run(stacks)
    assert not found["failed"], found.get("msg")
    fake.proxy.calls.clear()
    return found


def keys(fake):
    return sorted(key.rpartition("shop-dev-")[2] for key in fake.stacks())


def test_a_deployment_goes_and_its_data_is_in_a_snapshot(fake, direct, teardown):
    stacks = everything()
    made(fake, direct, stacks)
    s3, rds = fake.client("s3"), fake.client("rds")
    s3.put_object(Bucket="shop-dev-assets", Key="a", Body=b"1")

    planned = teardown.run(stacks, check=True)
    assert not planned.failed, planned.message
    assert fake.proxy.mutating(OURS) == [] and keys(fake) == ["network", "postgresql", "state", "storage"]
    text = "\n".join(planned.plan)
    assert text.index("snapshot of shop-dev ") < text.index("AWS::RDS::DBInstance shop-dev") < text.index("stack us-east-1/shop-dev-postgresql")
    assert text.index("stack us-east-1/shop-dev-postgresql") < text.index("stack us-east-1/shop-dev-network")
    assert "shop-dev-state" not in text and "shop-dev-assets" not in text

    first = teardown.run(stacks)
    assert not first.failed, first.message
    assert keys(fake) == ["state"] and rds.describe_db_instances()["DBInstances"] == []
    (snapshot,) = rds.describe_db_snapshots(SnapshotType="manual")["DBSnapshots"]
    assert snapshot["Status"] == "available" and snapshot["AllocatedStorage"] == 20
    result = first.result("Set the result")["ansible_facts"]["teardown_result"]
    assert [(row["source"], row["size"], row["status"], row["action"]) for row in result["snapshots"]] == [("shop-dev", "20 GiB", "available", "taken")]
    # The bucket stays with what is in it, and is said twice: as kept, and afterwards as owned by no stack.
    assert [row["id"] for row in result["kept"]] == ["shop-dev-assets"]
    assert s3.list_object_versions(Bucket="shop-dev-assets")["Versions"]
    said = "\n".join(first.result("Say what is left")["msg"])
    assert "shop-dev-assets" in said and "20 GiB" in said and "no data" in said
    assert any(row["id"] == snapshot["DBSnapshotIdentifier"] and "teardown" in row["why"] for row in result["orphans"])

    second = teardown.run(stacks)
    assert not second.failed and second.changed == 0, second.message
    fake.proxy.calls.clear()
    third = teardown.run(stacks)
    assert not third.failed and third.changed == 0 and fake.proxy.mutating(OURS) == []


def test_a_look_shows_everything_and_fails_at_its_end_for_what_is_protected(fake, direct, teardown):
    stacks = everything(protected=True)
    made(fake, direct, stacks)
    look = teardown.run(stacks, check=True)
    assert look.failed and "the run would delete nothing of the above" in look.message and "shop-dev-postgresql/Database" in look.message
    text = "\n".join(look.plan)
    assert text.index("snapshot of shop-dev ") < text.index("AWS::RDS::DBInstance shop-dev") < text.index("stack us-east-1/shop-dev-network")
    refused = teardown.run(stacks)
    assert refused.failed and "nothing was deleted" in refused.message and "name it in teardown_delete" in refused.message
    assert fake.proxy.mutating(OURS) == [] and keys(fake) == ["network", "postgresql", "state", "storage"]


def test_the_state_goes_last_and_only_when_allowed(fake, direct, teardown):
    stacks = {**state(), **storage()}
    made(fake, direct, stacks)
    done = teardown.run(stacks, teardown_state=True, teardown_delete=["shop-dev-storage/Assets"])
    assert not done.failed, done.message
    assert keys(fake) == [] and fake.client("s3").list_buckets()["Buckets"] == []
    again = teardown.run(stacks, teardown_state=True)
    assert not again.failed and again.changed == 0, again.message


def test_a_bucket_that_is_named_is_emptied_with_its_versions(fake, direct, teardown):
    made(fake, direct, storage())
    s3 = fake.client("s3")
    for body in (b"1", b"2"):
        s3.put_object(Bucket="shop-dev-assets", Key="a", Body=body)
    s3.delete_object(Bucket="shop-dev-assets", Key="a")
    done = teardown.run(storage(), teardown_delete=["shop-dev-storage/Assets"])
    assert not done.failed, done.message
    (row,) = done.result("Delete what may go")["resources"]
    assert row["note"] == "3 objects and versions are deleted" and s3.list_buckets()["Buckets"] == []


def test_a_stack_that_nobody_declares_any_more_goes_as_well(fake, direct, teardown):
    stacks = everything()
    made(fake, direct, stacks)
    # Nothing is declared: what lives says by its parameters what it needs.
    done = teardown.run({})
    assert not done.failed, done.message
    assert keys(fake) == ["state"]


def test_kept_data_keeps_its_network(fake, direct, teardown):
    stacks = everything()
    made(fake, direct, stacks)
    done = teardown.run(stacks, teardown_keep=["shop-dev-postgresql/Database"])
    assert not done.failed, done.message
    assert keys(fake) == ["network", "postgresql", "state"]
    assert set(done.result("Set the result")["ansible_facts"]["teardown_result"]["kept_stacks"]) == {
        f"{REGION}/shop-dev-{name}" for name in ("network", "postgresql")
    }


def test_what_others_own_stays(fake, direct, teardown):
    other = shop("storage", {"Assets": bucket("shop-dev-assets")}, data=True)
    foreign = {key.replace("shop-dev", "mall-dev"): {**one, "name": "mall-dev-storage", "tags": {**TAGS, "platform": "mall"}} for key, one in other.items()}
    made(fake, direct, foreign)
    done = teardown.run({})
    assert not done.failed and done.changed == 0, done.message
    assert list(fake.stacks()) == [f"{REGION}/mall-dev-storage"]
    assert HOST in done.output
