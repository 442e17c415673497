# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Snapshots, removal and orphans on moto; what moto answers at once is scripted where time matters."""

from __future__ import annotations

import datetime

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._aws.session import AwsError
from ansible_collections.llmops.platform.plugins.module_utils._stacks.calls import Calls
from ansible_collections.llmops.platform.plugins.module_utils._teardown import finding
from ansible_collections.llmops.platform.plugins.module_utils._teardown import ownership
from ansible_collections.llmops.platform.plugins.module_utils._teardown import snapshots
from ansible_collections.llmops.platform.plugins.module_utils._teardown.removing import Remover
from ansible_collections.llmops.platform.plugins.module_utils._teardown.removing import remove_all
from ansible_collections.llmops.platform.plugins.module_utils._teardown.snapshots import Taker
from ansible_collections.llmops.platform.plugins.module_utils._teardown.snapshots import take_all

moto = pytest.importorskip("moto")
pytest.importorskip("boto3")

from tests.support import moto_clients  # noqa: E402

REGION = "us-east-1"
TAGS = {"platform": "shop", "environment": "dev"}
NOW = datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=datetime.UTC)
HOUR = datetime.timedelta(hours=1)


def row(kind, identifier, name="Thing"):
    return {"stack": f"{REGION}/shop-dev-data", "region": REGION, "resource": name, "type": kind, "id": identifier}


@pytest.fixture
def aws(monkeypatch):
    """`aws(service)`: a client of moto in this process."""
    for name, value in {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": REGION}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with moto.mock_aws():
        yield lambda service: moto_clients.client(service, REGION)


@pytest.fixture
def calls(aws):
    return Calls(client_of=moto_clients.client, sleep=lambda _seconds: None)


def taker(calls, said=None, **more):
    settings = {"fresh": 6 * 3600, "deadline": 60, "poll": 1, "sleep": lambda _seconds: None, **more}
    return Taker(calls, TAGS, (said if said is not None else []).append, **settings)


def database(aws, name="shop", **more):
    aws("rds").create_db_instance(
        DBInstanceIdentifier=name,
        DBInstanceClass="db.t4g.micro",
        Engine="postgres",
        AllocatedStorage=20,
        MasterUsername="shop",
        MasterUserPassword="x" * 12,
        **more,
    )
    return row("AWS::RDS::DBInstance", name)


def test_a_snapshot_is_taken_once_and_read_back(aws, calls):
    rows = [database(aws), row("AWS::MSK::Cluster", "arn:aws:kafka:us-east-1:123456789012:cluster/shop/1", "Queue")]
    (queue, planned) = sorted(take_all(taker(calls), rows, NOW, True, 2), key=lambda one: one["resource"])
    assert planned["action"] == "taken" and queue["action"] == "none" and "MSK takes no snapshots" in queue["note"]
    assert aws("rds").describe_db_snapshots(SnapshotType="manual")["DBSnapshots"] == []
    taken = next(one for one in take_all(taker(calls), rows, NOW, False, 2) if one["type"] == "AWS::RDS::DBInstance")
    assert (taken["action"], taken["status"], taken["size"], taken["snapshot"]) == ("taken", "available", "20 GiB", "shop-teardown-20260102t030405")
    (found,) = aws("rds").describe_db_snapshots(SnapshotType="manual")["DBSnapshots"]
    assert {"Key": "llmops.platform/taken-by", "Value": "teardown"} in found["TagList"]
    # A killed run's snapshot counts for a while, then data may have changed.
    assert next(one for one in take_all(taker(calls), rows, NOW + HOUR, False, 2) if one["size"])["action"] == "there"
    assert next(one for one in take_all(taker(calls), rows, NOW + 7 * HOUR, False, 2) if one["size"])["snapshot"] == "shop-teardown-20260102t100405"


def test_what_is_gone_needs_no_snapshot(calls):
    (one,) = take_all(taker(calls), [row("AWS::RDS::DBInstance", "gone")], NOW, False, 1)
    assert one["action"] == "none" and one["note"] == "the source is gone"


class Slow:
    """RDS that needs its time: `states` one after another."""

    def __init__(self, *states):
        self.states, self.done = list(states), []

    def __call__(self, region, operation, service="", **arguments):
        self.done.append(operation)
        if operation == "DescribeDBInstances":
            return {"DBInstances": [{"DBInstanceIdentifier": "shop"}]}
        if operation == "CreateDBSnapshot":
            return {}
        if "DBSnapshotIdentifier" not in arguments:
            return {"DBSnapshots": []}
        state, size = self.states.pop(0) if len(self.states) > 1 else self.states[0]
        return {"DBSnapshots": [{"DBSnapshotIdentifier": "x", "Status": state, "AllocatedStorage": size}]}


def test_only_what_is_available_and_has_a_size_counts():
    slow = Slow(("creating", 20), ("creating", 20), ("available", 20))
    (one,) = take_all(taker(slow), [row("AWS::RDS::DBInstance", "shop")], NOW, False, 1)
    assert one["status"] == "available" and slow.done.count("DescribeDBSnapshots") == 4
    with pytest.raises(AwsError, match=r"does not count, it is failed .* nothing was deleted"):
        take_all(taker(Slow(("failed", 20))), [row("AWS::RDS::DBInstance", "shop")], NOW, False, 1)
    ticks = iter(range(0, 10_000, 25))
    with pytest.raises(AwsError, match="the service names no size"):
        take_all(taker(Slow(("available", None)), clock=lambda: next(ticks)), [row("AWS::RDS::DBInstance", "shop")], NOW, False, 1)


def test_a_long_name_is_cut():
    name = snapshots.name_for("a" * 300, NOW, 128)
    assert len(name) <= 128 and name.endswith("-teardown-20260102t030405") and name != snapshots.name_for("a" * 301, NOW, 128)


def remover(calls, said):
    return Remover(calls, said.append, 60, 1, sleep=lambda _seconds: None)


def test_a_protected_database_goes_by_name_only(aws, calls):
    rows = [database(aws, DeletionProtection=True)]
    said = []
    with pytest.raises(AwsError, match="name shop-dev-data/Thing in teardown_delete"):
        remove_all(remover(calls, said), rows, [], False, 1)
    assert aws("rds").describe_db_instances()["DBInstances"] and said == []
    (planned,) = remove_all(remover(calls, said), rows, ["shop-dev-data/Thing"], True, 1)
    assert planned["action"] == "deleted" and aws("rds").describe_db_instances()["DBInstances"][0]["DeletionProtection"] is True
    (done,) = remove_all(remover(calls, said), rows, ["shop-dev-data/Thing"], False, 1)
    assert done["note"] == "deletion protection is taken off" and aws("rds").describe_db_instances()["DBInstances"] == []
    assert remove_all(remover(calls, said), rows, [], False, 1)[0]["action"] == "absent"


def test_a_bucket_is_emptied_with_its_versions(aws, calls):
    s3 = aws("s3")
    s3.create_bucket(Bucket="assets")
    s3.put_bucket_versioning(Bucket="assets", VersioningConfiguration={"Status": "Enabled"})
    for body in (b"1", b"2"):
        s3.put_object(Bucket="assets", Key="a", Body=body)
    s3.delete_object(Bucket="assets", Key="a")
    rows = [row("AWS::S3::Bucket", "assets")]
    (planned,) = remove_all(remover(calls, []), rows, [], True, 1)
    assert planned["note"] == "3 objects and versions are deleted" and len(s3.list_object_versions(Bucket="assets")["Versions"]) == 2
    assert remove_all(remover(calls, []), rows, [], False, 1)[0]["action"] == "deleted" and s3.list_buckets()["Buckets"] == []
    before = calls.mutating_calls
    assert remove_all(remover(calls, []), rows, [], False, 1)[0]["action"] == "absent" and calls.mutating_calls == before


def test_a_key_gets_the_longest_window(aws, calls):
    key = aws("kms").create_key()["KeyMetadata"]["KeyId"]
    rows = [row("AWS::KMS::Key", key)]
    assert remove_all(remover(calls, []), rows, [], False, 1)[0]["action"] == "scheduled"
    found = aws("kms").describe_key(KeyId=key)["KeyMetadata"]
    days = (found["DeletionDate"] - datetime.datetime.now(datetime.UTC)).total_seconds() / 86400
    assert found["KeyState"] == "PendingDeletion" and 29 < days <= 30
    assert remove_all(remover(calls, []), rows, [], False, 1)[0]["action"] == "absent"


def tags(**more):
    return [{"Key": key, "Value": value} for key, value in {**TAGS, **more}.items()]


def test_orphans_are_named_with_why_and_cost(aws, calls):
    ec2, logs = aws("ec2"), aws("logs")
    volume = ec2.create_volume(AvailabilityZone=f"{REGION}a", Size=8, TagSpecifications=[{"ResourceType": "volume", "Tags": [
        {"Key": "kubernetes.io/created-for/pvc/name", "Value": "data"}, {"Key": "kubernetes.io/created-for/pvc/namespace", "Value": "shop"},
        {"Key": "ebs.csi.aws.com/cluster-name", "Value": "shop-dev"}]}])["VolumeId"]  # fmt: skip
    foreign = ec2.create_volume(AvailabilityZone=f"{REGION}a", Size=8)["VolumeId"]
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16", TagSpecifications=[{"ResourceType": "vpc", "Tags": tags()}])["Vpc"]["VpcId"]
    group = ec2.create_security_group(GroupName="by-hand", Description="x", VpcId=vpc, TagSpecifications=[{"ResourceType": "security-group", "Tags": tags()}])
    logs.create_log_group(logGroupName="/aws/eks/shop-dev/cluster")
    logs.create_log_group(logGroupName="/aws/eks/shop-devil/cluster")
    things, missed = finding.all_of(calls, "123456789012", [REGION], [], TAGS, 2)
    assert missed == []
    rows = ownership.orphans(things, TAGS, ["shop-dev"], ["shop-dev"], [], {(REGION, "shop-dev-network")}, {(REGION, vpc)})
    found = {one["id"]: one for one in rows}
    assert "claim shop/data" in found[volume]["why"] and found[volume]["cost"] == "no data"
    assert found[group["GroupId"]]["cost"] == "nothing" and "by hand" in found[group["GroupId"]]["why"]
    assert "/aws/eks/shop-dev/cluster" in found and "/aws/eks/shop-devil/cluster" not in found
    # The VPC is a stack's, the volume nobody's of ours.
    assert vpc not in found and foreign not in found


def test_a_nat_gateway_that_is_deleted_is_no_orphan(aws, calls):
    ec2 = aws("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]
    marked = [{"ResourceType": "natgateway", "Tags": tags()}]
    gone, there = (
        ec2.create_nat_gateway(SubnetId=subnet, ConnectivityType="private", TagSpecifications=marked)["NatGateway"]["NatGatewayId"] for _number in range(2)
    )
    ec2.delete_nat_gateway(NatGatewayId=gone)
    things, missed = finding.all_of(calls, "123456789012", [REGION], ["tagged"], TAGS, 1)
    assert missed == [] and [thing.number for thing in things if thing.kind == "ec2:natgateway"] == [there]


def test_load_balancers_of_a_cluster_and_of_its_network(aws, calls):
    ec2, elb = aws("ec2"), aws("elbv2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{n}.0/24", AvailabilityZone=f"{REGION}{zone}")["Subnet"]["SubnetId"] for n, zone in enumerate("ab")
    ]
    elb.create_load_balancer(Name="k8s-shop", Subnets=subnets, Tags=[{"Key": "elbv2.k8s.aws/cluster", "Value": "shop-dev"}])
    elb.create_load_balancer(Name="by-hand", Subnets=subnets)

    def names(networks):
        things, _missed = finding.all_of(calls, "123456789012", [REGION], ["load balancer"], {}, 1)
        return [one["name"] for one in ownership.orphans(things, {}, ["shop-dev"], [], networks, set(), set())]

    assert names([]) == ["k8s-shop"] and names([vpc]) == ["by-hand", "k8s-shop"]


def test_a_service_that_refuses_is_not_taken_for_empty(aws, calls):
    def refusing(region, operation, service="", **arguments):
        if operation == "DescribeVolumes":
            from ansible_collections.llmops.platform.plugins.module_utils._stacks.retrying import CallError

            raise CallError(operation, region, "UnauthorizedOperation", "not you")
        return calls(region, operation, service, **arguments)

    _things, missed = finding.all_of(refusing, "123456789012", [REGION], ["volume", "log group"], TAGS, 1)
    assert len(missed) == 1 and "volume in us-east-1" in missed[0] and "not you" in missed[0]
