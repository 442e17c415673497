# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Off-hours on moto: there and back, again, and after a kill at each call that changes something."""

from __future__ import annotations

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._aws.session import AwsError
from ansible_collections.llmops.platform.plugins.module_utils._cost.sleeping import TAG
from ansible_collections.llmops.platform.plugins.module_utils._cost.sleeping import Sleeper
from ansible_collections.llmops.platform.plugins.module_utils._stacks.calls import Calls

moto = pytest.importorskip("moto")
pytest.importorskip("boto3")
EKSBackend = pytest.importorskip("moto.eks.models").EKSBackend

from tests.support import moto_clients  # noqa: E402

REGION, NOW = "us-east-1", "2026-06-05T19:00:00+00:00"
TAGS = {"platform": "shop", "environment": "dev"}
CHANGING = ("TagResource", "UpdateNodegroupConfig", "UntagResource", "AddTagsToResource", "StopDBInstance", "StartDBInstance", "RemoveTagsFromResource")


class Killed(Exception):
    pass


class Watched:
    """Calls that count, and end the run at the nth that changes something, before or after its effect."""

    def __init__(self, kill_at=None, after=False):
        self._calls = Calls(None, client_of=moto_clients.client)
        self.changing, self._kill_at, self._after = [], kill_at, after

    def __call__(self, region, operation, service="cloudformation", **arguments):
        if operation == "DescribeStackResources":
            return {"StackResources": []}
        if operation in CHANGING:
            self.changing.append(operation)
            if len(self.changing) == self._kill_at and not self._after:
                raise Killed
        answer = self._calls(region, operation, service, **arguments)
        if operation in CHANGING and len(self.changing) == self._kill_at:
            raise Killed
        return answer


def group_of(backend, arn):
    return next(group for cluster in backend.clusters.values() for group in cluster.nodegroups.values() if group.arn == arn)


def tagged(backend, resource_arn, tags):
    """EKS tags node groups, moto by itself only clusters."""
    group = group_of(backend, resource_arn)
    group.tags = {**(group.tags or {}), **tags}


def untagged(backend, resource_arn, tag_keys):
    group = group_of(backend, resource_arn)
    group.tags = {key: value for key, value in group.tags.items() if key not in ([tag_keys] if isinstance(tag_keys, str) else tag_keys)}


@pytest.fixture
def cloud(monkeypatch):
    monkeypatch.setattr(EKSBackend, "tag_resource", tagged)
    monkeypatch.setattr(EKSBackend, "untag_resource", untagged)
    # A node group makes instances: hundreds of images to read, of which none is looked at.
    images = {"MOTO_EC2_LOAD_DEFAULT_AMIS": "false"}
    for name, value in {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": REGION, **images}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with moto.mock_aws():
        eks, rds = moto_clients.client("eks", REGION), moto_clients.client("rds", REGION)
        role = "arn:aws:iam::123456789012:role/x"
        eks.create_cluster(name="shop", roleArn=role, resourcesVpcConfig={"subnetIds": ["subnet-1", "subnet-2"]})
        for name, sizes in {"general": (3, 4, 9), "spot": (0, 2, 5), "empty": (0, 0, 3)}.items():
            scaling = dict(zip(("minSize", "desiredSize", "maxSize"), sizes, strict=True))
            eks.create_nodegroup(clusterName="shop", nodegroupName=name, scalingConfig=scaling, subnets=["subnet-1"], nodeRole=role)
        for name, tags in {"mine": TAGS, "other": {"platform": "shop", "environment": "production"}, "bare": {}}.items():
            rds.create_db_instance(
                DBInstanceIdentifier=name, DBInstanceClass="db.m5.large", Engine="postgres", AllocatedStorage=20,
                MasterUsername="u", MasterUserPassword="password",
                Tags=[{"Key": key, "Value": value} for key, value in tags.items()],
            )  # fmt: skip
        yield eks, rds


def sleeper(calls=None, **more):
    ticks = iter(range(10**6))
    return Sleeper(calls or Watched(), REGION, "shop", TAGS, lambda _line: None, pause=lambda _seconds: None, clock=lambda: next(ticks), **more)


def sizes(cloud):
    eks, rds = cloud
    groups = {name: eks.describe_nodegroup(clusterName="shop", nodegroupName=name)["nodegroup"] for name in ("general", "spot", "empty")}
    found = {name: tuple(group["scalingConfig"][key] for key in ("minSize", "desiredSize", "maxSize")) for name, group in groups.items()}
    found |= {one["DBInstanceIdentifier"]: one["DBInstanceStatus"] for one in rds.describe_db_instances()["DBInstances"]}
    tagged = {name for name, group in groups.items() if TAG in (group.get("tags") or {})}
    tagged |= {one["DBInstanceIdentifier"] for one in rds.describe_db_instances()["DBInstances"] if TAG in {tag["Key"] for tag in one["TagList"]}}
    return found, tagged


BEFORE = {"general": (3, 4, 9), "spot": (0, 2, 5), "empty": (0, 0, 3), "mine": "available", "other": "available", "bare": "available"}
ASLEEP = BEFORE | {"general": (0, 0, 9), "spot": (0, 0, 5), "mine": "stopped"}
MARKED = {"general", "spot", "mine"}


def actions(rows):
    return {row["name"]: row["action"] for row in rows}


def test_there_and_back_and_again(cloud):
    assert sizes(cloud) == (BEFORE, set())
    assert actions(sleeper().run("asleep", NOW)) == {"general": "slept", "spot": "slept", "empty": "unchanged", "mine": "slept"}
    assert sizes(cloud) == (ASLEEP, MARKED)
    again = Watched()
    assert set(actions(sleeper(again).run("asleep", NOW)).values()) == {"unchanged"} and not again.changing
    found = {row["name"]: (row["asleep"], row["note"]) for row in sleeper().run("read", NOW)}
    assert found == {
        "general": (True, f"min=3 desired=4 since={NOW}"),
        "spot": (True, f"min=0 desired=2 since={NOW}"),
        "empty": (False, ""),
        "mine": (True, f"since={NOW}"),
    }
    assert actions(sleeper().run("awake", NOW)) == {"general": "woken", "spot": "woken", "empty": "unchanged", "mine": "woken"}
    assert sizes(cloud) == (BEFORE, set())
    again = Watched()
    assert set(actions(sleeper(again).run("awake", NOW)).values()) == {"unchanged"} and not again.changing


def test_nodes_sleep_first_and_wake_last(cloud):
    calls = Watched()
    rows = sleeper(calls).run("asleep", NOW)
    assert [row["kind"] for row in rows] == ["node_group"] * 3 + ["database"]
    assert [row["kind"] for row in sleeper().run("awake", NOW)] == ["database"] + ["node_group"] * 3


def test_check_mode_changes_nothing(cloud):
    calls = Watched()
    assert actions(sleeper(calls).run("asleep", NOW, check=True)) == {"general": "slept", "spot": "slept", "empty": "unchanged", "mine": "slept"}
    assert not calls.changing and sizes(cloud) == (BEFORE, set())


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("at", range(1, 7))
def test_a_run_that_was_killed_is_run_again(cloud, at, after):
    for state, expected in (("asleep", (ASLEEP, MARKED)), ("awake", (BEFORE, set()))):
        with pytest.raises(Killed):
            sleeper(Watched(at, after)).run(state, NOW)
        sleeper().run(state, NOW)
        assert sizes(cloud) == expected


@pytest.mark.parametrize("at", range(1, 7))
def test_a_sleep_that_was_killed_can_be_taken_back(cloud, at):
    with pytest.raises(Killed):
        sleeper(Watched(at, after=True)).run("asleep", NOW)
    sleeper().run("awake", NOW)
    assert sizes(cloud) == (BEFORE, set())


def test_sizes_that_shrank_meanwhile_are_kept_to(cloud):
    sleeper().run("asleep", NOW)
    cloud[0].update_nodegroup_config(clusterName="shop", nodegroupName="general", scalingConfig={"minSize": 0, "desiredSize": 0, "maxSize": 2})
    sleeper().run("awake", NOW)
    assert sizes(cloud)[0]["general"] == (2, 2, 2)


def test_a_database_that_rds_started_by_itself_is_stopped_again(cloud):
    sleeper().run("asleep", NOW)
    cloud[1].start_db_instance(DBInstanceIdentifier="mine")
    assert actions(sleeper().run("asleep", NOW))["mine"] == "slept"
    assert sizes(cloud)[0]["mine"] == "stopped"


def test_a_database_that_somebody_else_stopped_stays_his(cloud):
    cloud[1].stop_db_instance(DBInstanceIdentifier="mine")
    (row,) = [row for row in sleeper().run("asleep", NOW) if row["name"] == "mine"]
    assert (row["action"], row["asleep"]) == ("unchanged", False)
    sleeper().run("awake", NOW)
    assert sizes(cloud)[0]["mine"] == "stopped"


def test_what_has_replicas_is_skipped_and_named(cloud):
    cloud[1].create_db_instance_read_replica(
        DBInstanceIdentifier="copy", SourceDBInstanceIdentifier="mine", Tags=[{"Key": key, "Value": value} for key, value in TAGS.items()]
    )
    rows = {row["name"]: (row["action"], row["note"]) for row in sleeper().run("asleep", NOW)}
    assert rows["mine"] == ("skipped", "has read replicas, so RDS does not stop it")
    assert rows["copy"] == ("skipped", "is a read replica, which RDS does not stop")


def test_no_cluster_has_no_node_groups(cloud):
    found = Sleeper(Watched(), REGION, "gone", TAGS, lambda _line: None).run("asleep", NOW)
    assert [row["name"] for row in found] == ["mine"]


def test_what_is_wrong_is_refused(cloud):
    with pytest.raises(AwsError, match="ours by its tags"):
        Sleeper(Watched(), REGION, "shop", {}, print)
    with pytest.raises(AwsError, match="one of read, asleep, awake"):
        sleeper().run("off", NOW)
    arn = cloud[0].describe_nodegroup(clusterName="shop", nodegroupName="general")["nodegroup"]["nodegroupArn"]
    cloud[0].tag_resource(resourceArn=arn, tags={TAG: "yes"})
    with pytest.raises(AwsError, match="no sizes; write min=1 desired=1"):
        sleeper().run("awake", NOW)


class Growing(Watched):
    """An autoscaler that brings a node back each time."""

    def __call__(self, region, operation, service="cloudformation", **arguments):
        answer = super().__call__(region, operation, service, **arguments)
        if operation == "DescribeNodegroup":
            answer["nodegroup"]["scalingConfig"] |= {"desiredSize": 1}
        return answer


def test_a_group_that_grows_again_fails_in_the_end(cloud):
    with pytest.raises(AwsError, match="grows again each time"):
        sleeper(Growing()).run("asleep", NOW)


class Busy(Watched):
    def __call__(self, region, operation, service="cloudformation", **arguments):
        answer = super().__call__(region, operation, service, **arguments)
        if operation == "DescribeNodegroup":
            answer["nodegroup"]["status"] = "UPDATING"
        return answer


def test_what_does_not_end_in_time_fails_with_the_way_on(cloud):
    with pytest.raises(AwsError, match=r"node group general took longer than 5 seconds; .* run the same again"):
        sleeper(Busy(), timeout=5).run("asleep", NOW)
