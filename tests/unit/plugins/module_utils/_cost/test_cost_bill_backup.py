# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Buckets and backups: shares of classes by the lifecycle, requests, transitions, copies, snapshots, restores."""

from __future__ import annotations

from fractions import Fraction

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._cost.bill import backup
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill import object_storage
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.objects import Lifecycle
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.schedules import keep_days
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.schedules import per_day
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import CostError
from tests.support.data_bills import PLACE
from tests.support.data_bills import STANDBY
from tests.support.data_bills import on
from tests.support.data_bills import rows

ARCHIVED = {"purpose": "application", "archive_after_days": 73}


def stored(gb="1000", purpose="objects_gb", **buckets):
    found = on("object_storage", object_storage_provider="s3", object_storage_buckets=buckets)
    found["cost_usage"] |= {purpose: gb, "object_size_mb": 2}
    return found


def backed_up(bucket=None, *components, **schedules):
    found = on("backup", *components, object_storage_provider="s3", backup_bucket="backups", backup_retention_days=7)
    found |= {"object_storage_buckets": {"backups": {"purpose": "backup", **(bucket or {})}}, "backup_schedules": schedules}
    return found


def with_database(how, **schedules):
    found = backed_up(None, "postgresql", **schedules)
    instance = {"instance_class": "db.r6g.large", "storage_gib": 100, "replicas": 2, "namespace": "data"}
    return found | {"postgresql_provider": how, "postgresql_instances": {"a": instance, "b": dict(instance)}}


@pytest.mark.parametrize(
    ("schedule", "runs"),
    [
        ("0 3 * * *", Fraction(1)),
        ("*/15 * * * *", Fraction(96)),
        ("0 */6 * * *", Fraction(4)),
        ("0 2 * * 0", Fraction(1, 7)),
        ("0 2 * * sun,wed", Fraction(2, 7)),
        ("0 2 * * 1-5", Fraction(5, 7)),
        ("0 2 * * 0,7", Fraction(1, 7)),
        ("0 2 1 * *", Fraction(12, 365)),
        ("0 6 1 */3 *", Fraction(4, 365)),
        ("@hourly", Fraction(24)),
        ("@weekly", Fraction(1, 7)),
        ("5-10/5,30 1,13 * * *", Fraction(6)),
    ],
)
def test_how_often_a_schedule_comes(schedule, runs):
    assert per_day(schedule, "x") == runs


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"schedule": "0 1 * * *", "ttl": "720h"}, 30),
        ({"schedule": "0 1 * * *", "keep_months": 12}, 365),
        ({"schedule": "0 1 * * *", "keep_days": 9}, 9),
        ({"schedule": "0 * * * *"}, 1),
        ({"schedule": "0 */6 * * *"}, 7),
        ({"schedule": "0 2 * * 0"}, 90),
        ({"schedule": "0 2 1 * *"}, 5),
    ],
)
def test_how_long_a_backup_is_kept(settings, expected):
    ladder = {"hourly": {"keep_hours": 24}, "daily": {"keep_days": 7}, "weekly": {"keep_days": 90}}
    assert keep_days({"backup_retention": ladder, "backup_remote_retention_days": 5, "backup_retention_days": 4}, "x", settings) == expected


@pytest.mark.parametrize(
    ("rules", "kept", "expected"),
    [
        (Lifecycle(), 30, (30, 0)),
        (Lifecycle(30), 30, (30, 0)),
        (Lifecycle(30), 31, (30, 90)),
        (Lifecycle(30), 120, (30, 90)),
        (Lifecycle(30), 121, (30, 91)),
        (Lifecycle(30, "DEEP_ARCHIVE"), 121, (30, 180)),
        (Lifecycle(30, expire_after=60), 365, (30, 90)),
        (Lifecycle(None, expire_after=60), 365, (60, 0)),
    ],
)
def test_days_in_each_class_with_what_an_archive_bills_at_least(rules, kept, expected):
    assert rules.split(Fraction(kept)) == expected


def test_objects_of_a_year_of_which_a_fifth_is_young():
    found = rows(object_storage.lines(stored(files=ARCHIVED), PLACE))
    # 512,000 objects of 2 MB in a year are 42,666 and two thirds a month.
    assert found["files/standard"] == ("aws/s3/standard", "200")
    assert found["files/archive"] == ("aws/s3/glacier-flexible", "800")
    assert found["files/transitions"][0] == "aws/s3/transition-glacier"
    assert found["files/transitions"][1] == found["files/writes"][1]
    assert found["files/writes"][1].startswith("42.6666")
    assert "files/replication" not in found


@pytest.mark.parametrize(
    ("name", "sku", "move"),
    [("GLACIER_IR", "glacier-instant", "transition-glacier-instant"), ("DEEP_ARCHIVE", "deep-archive", "transition-deep-archive")],
)
def test_the_class_of_the_archive(name, sku, move):
    found = rows(object_storage.lines(stored(files={**ARCHIVED, "archive_class": name}), PLACE))
    assert (found["files/archive"][0], found["files/transitions"][0]) == (f"aws/s3/{sku}", f"aws/s3/{move}")


def test_versions_are_stored_too():
    assert rows(object_storage.lines(stored(files={"purpose": "application", "versioning": True}), PLACE))["files/standard"][1] == "1100"


def test_requests_that_are_declared():
    variables = stored(files=ARCHIVED)
    variables["cost_usage"] |= {"object_puts": 5000, "object_gets": "1e6"}
    found = rows(object_storage.lines(variables, PLACE))
    assert (found["files/further writes"], found["files/reads"]) == (("aws/s3/put", "5"), ("aws/s3/get", "1000"))


def test_a_copy_in_the_standby_region_is_sent_once_and_stored_twice():
    variables = {**stored("365", files={"purpose": "application"}), "object_storage_replicate_to_standby": True}
    here, there = (rows(object_storage.lines(variables, place)) for place in (PLACE, STANDBY))
    assert here["files/replication"][0] == "aws/s3/replication"
    assert here["files/replication"][1].startswith("30.41666")
    assert here["files/standard"] == there["files/standard"]
    assert "files/replication" not in there
    assert object_storage.lines({**variables, "object_storage_replicate_to_standby": False}, STANDBY) == []


def test_the_bucket_of_backups_is_not_billed_twice():
    variables = stored(backups={"purpose": "backup"}, files={"purpose": "application"}) | {"backup_bucket": "backups"}
    variables["cost_usage"]["other_backup_objects_gb"] = 5
    assert {line.service for line in object_storage.lines(variables, PLACE)} == {"backups", "files"}
    variables["platform_components"]["backup"] = True
    assert {line.service for line in object_storage.lines(variables, PLACE)} == {"files"}


def test_a_store_in_the_cluster_is_volumes():
    found = rows(object_storage.lines({**stored(files=ARCHIVED), "object_storage_provider": "garage"}, PLACE))
    assert found == {"files/volumes": ("aws/ebs/gp3", "3000")}


def test_a_dump_is_stored_as_often_as_it_is_kept():
    # 200 GB x 50 % a day for seven days; parts of 8 MB.
    found = rows(backup.lines(with_database("in_cluster", dumps={"kind": "postgresql", "method": "dump", "schedule": "0 3 * * *"}), PLACE))
    assert found["dumps/standard"] == ("aws/s3/standard", "700")
    assert found["dumps/writes"][1].startswith("389.333")
    (standard,) = [
        line
        for line in backup.lines(with_database("in_cluster", dumps={"kind": "postgresql", "method": "dump", "schedule": "0 3 * * *"}), PLACE)
        if line.name == "standard"
    ]
    assert standard.assumption.endswith("each backup is a whole copy, counted before compression")
    more = rows(backup.lines(with_database("in_cluster", dumps={"kind": "postgresql", "method": "dump", "schedule": "0 3,15 * * *"}), PLACE))
    assert more["dumps/standard"][1] == "1400"


def test_a_backup_that_is_archived_for_less_than_the_least_is_billed_for_the_least():
    variables = with_database("in_cluster", weekly={"kind": "postgresql", "method": "full", "schedule": "0 3 * * 0", "keep_days": 90})
    variables["object_storage_buckets"]["backups"] |= {"archive_after_days": 30, "expire_after_days": 365}
    found = rows(backup.lines(variables, PLACE))
    # 100 GB a week: 30 days in the first class, 60 in the archive, which bills 90.
    assert found["weekly/standard"][1].startswith("428.5714")
    assert found["weekly/archive"][0] == "aws/s3/glacier-flexible"
    assert found["weekly/archive"][1].startswith("1285.714")


def test_a_log_has_a_segment_at_least_every_timeout_of_each_instance():
    variables = with_database("in_cluster", logs={"kind": "postgresql", "method": "log", "schedule": "*/30 * * * *"})
    variables["postgresql_archive_timeout_seconds"] = 300
    found = rows(backup.lines(variables, PLACE))
    # 5 GB a day: 320 segments, less than two instances' 288 each.
    assert found["logs/standard"] == ("aws/s3/standard", "35")
    assert found["logs/writes"] == ("aws/s3/put", "17.52")


def test_point_in_time_recovery_in_the_cluster_archives_the_log_without_a_schedule():
    variables = with_database("in_cluster") | {"postgresql_point_in_time_recovery": True, "postgresql_point_in_time_recovery_days": 10}
    assert rows(backup.lines(variables, PLACE))["log archive/standard"] == ("aws/s3/standard", "50")
    assert backup.lines({**variables, "postgresql_wal_archive": "none"}, PLACE) == []
    assert backup.lines({**variables, "postgresql_provider": "managed"}, PLACE) == []


def test_snapshots_of_volumes_share_blocks_and_those_of_rds_are_counted_there():
    hourly = {"kind": "postgresql", "method": "snapshot", "schedule": "0 * * * *", "keep_hours": 48}
    found = rows(backup.lines(with_database("in_cluster", hourly=hourly, daily={**hourly, "schedule": "0 3 * * *", "keep_hours": 240}), PLACE))
    # 200 GB x 50 % x (1 + 5 % x 10 days), once for both schedules.
    assert found == {"snapshots of postgresql/snapshots": ("aws/ebs/snapshot", "150")}
    assert backup.lines(with_database("managed", hourly=hourly), PLACE) == []


def test_velero_keeps_objects_and_snapshots_of_the_namespaces_it_names():
    schedule = {"kind": "velero", "schedule": "0 1 * * *", "ttl": "720h", "namespaces": {"data": True, "other": False}}
    found = rows(backup.lines(with_database("in_cluster", daily=schedule), PLACE))
    assert found["daily/standard"] == ("aws/s3/standard", "3")
    assert found["snapshots of velero data/snapshots"] == ("aws/ebs/snapshot", "250")


def test_volumes_of_applications():
    variables = backed_up(None, "application", daily={"kind": "volume", "method": "snapshot", "schedule": "0 4 * * *"})
    variables["application_services"] = {"cache": {"volumes": {"data": {"size": "10Gi"}}}}
    assert rows(backup.lines(variables, PLACE)) == {"snapshots of volume/snapshots": ("aws/ebs/snapshot", "6.75")}


def test_messages_of_kafka_once_however_many_copies_brokers_have():
    variables = backed_up(None, "kafka", messages={"kind": "kafka", "method": "messages", "schedule": "*/15 * * * *"})
    variables |= {"kafka_provider": "managed", "kafka_clusters": {"a": {"brokers": 3, "storage_gib": 700, "replication_factor": 3}}}
    # 700 GB x 50 % in the seven days that brokers keep them.
    assert rows(backup.lines(variables, PLACE))["messages/standard"] == ("aws/s3/standard", "350")


def test_copies_in_the_standby_region():
    variables = with_database("in_cluster", a={"kind": "postgresql", "method": "snapshot", "schedule": "0 3 * * *"})
    variables |= {"backup_copy_to_standby": True}
    here, there = (rows(backup.lines(variables, place)) for place in (PLACE, STANDBY))
    assert here["snapshots of postgresql/copies to standby"][0] == "aws/transfer/inter-region"
    assert here["snapshots of postgresql/snapshots"] == there["snapshots of postgresql/snapshots"]
    assert "snapshots of postgresql/copies to standby" not in there
    assert backup.lines({**variables, "backup_copy_to_standby": False}, STANDBY) == []


def test_a_restore_that_proves_a_backup_runs_an_instance():
    variables = with_database("managed") | {"backup_verification": {"schedule": "0 5 * * 0", "method": "test_restore"}}
    found = rows(backup.lines(variables, PLACE))
    # Two hours, 365/12/7 times a month.
    assert found["test restore of a/instance"][0] == "aws/rds-postgresql/db.r6g.large"
    assert found["test restore of a/instance"][1].startswith("8.690476")
    assert found["test restore of a/storage"][1].startswith("1.190476")
    assert backup.lines({**variables, "backup_verification": {"schedule": "0 5 * * 0", "method": "checksum"}}, PLACE) == []


def test_an_existing_store_costs_nothing_here():
    variables = backed_up(None, a={"kind": "configuration", "method": "export", "schedule": "0 3 * * *"})
    assert backup.lines({**variables, "object_storage_provider": "existing"}, PLACE) == []


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"kind": "postgres", "schedule": "0 3 * * *"}, "backup_schedules.a.kind is 'postgres'; did you mean postgresql"),
        ({"kind": "vault", "schedule": "0 3 * *"}, "backup_schedules.a.schedule is '0 3 \\* \\*'; write the five fields"),
        ({"kind": "vault"}, "backup_schedules.a.schedule is None"),
        ({"kind": "vault", "schedule": "0 3 * * *", "method": "dmp"}, "method is 'dmp'; did you mean dump"),
        ({"kind": "vault", "schedule": "0 3 * * *", "ttl": "30 days"}, "ttl is '30 days'; give hours"),
        ({"kind": "vault", "schedule": "0 3 * * *", "keep_days": -1}, "keep_days is -1"),
    ],
)
def test_bad_schedules_are_named_with_the_remedy(settings, said):
    with pytest.raises(CostError, match=said):
        backup.lines(backed_up(None, a=settings), PLACE)


@pytest.mark.parametrize(
    ("bucket", "said"),
    [
        ({"purpose": "media"}, "files.purpose is 'media'"),
        ({"purpose": "logs", "archive_class": "GLACER"}, "archive_class is 'GLACER'; did you mean GLACIER"),
        ({"purpose": "logs", "archive_after_days": 30, "expire_after_days": 30}, "what is deleted first is never archived"),
        ({"purpose": "logs", "expire_after_days": 0}, "expire_after_days is 0"),
    ],
)
def test_bad_buckets_are_named_with_the_remedy(bucket, said):
    with pytest.raises(CostError, match=said):
        object_storage.lines(stored(files=bucket), PLACE)


def test_a_store_of_another_provider_is_refused():
    with pytest.raises(CostError, match=r"object_storage_provider is gcs, but platform_provider aws"):
        object_storage.lines({**stored(files=ARCHIVED), "object_storage_provider": "gcs"}, PLACE)


def test_objects_without_a_size_are_refused():
    variables = stored(files=ARCHIVED)
    variables["cost_usage"]["object_size_mb"] = 0
    with pytest.raises(CostError, match=r"object_size_mb is 0; give the mean size"):
        object_storage.lines(variables, PLACE)
