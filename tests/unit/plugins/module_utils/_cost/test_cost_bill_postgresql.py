# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PostgreSQL: instances and their standby, readers, storage, IOPS, backups, extended support."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.postgresql import SUPPORT
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.postgresql import lines
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import CostError
from tests.support.data_bills import AZURE
from tests.support.data_bills import PLACE
from tests.support.data_bills import STANDBY
from tests.support.data_bills import ends
from tests.support.data_bills import on
from tests.support.data_bills import one
from tests.support.data_bills import rows


def managed(**more):
    instance = {"instance_class": "db.r6g.xlarge", "storage_gib": 100, "storage_type": "gp3", **more}
    return on("postgresql", postgresql_provider="managed", postgresql_version="17", postgresql_instances={"main": instance})


def test_an_instance_alone():
    assert rows(lines(managed(), PLACE)) == {"main/instance": ("aws/rds-postgresql/db.r6g.xlarge", "730"), "main/storage": ("aws/rds/gp3", "100")}


def test_a_standby_doubles_by_the_price_of_instance_and_storage_and_readers_have_none():
    found = rows(lines(managed(multi_az=True, replicas=2, storage_gib=200), PLACE))
    assert found == {
        "main/instance": ("aws/rds-postgresql/db.r6g.xlarge/multi-az", "730"),
        "main/readers": ("aws/rds-postgresql/db.r6g.xlarge", "1460"),
        "main/storage": ("aws/rds/gp3/multi-az", "200"),
        "main/readers' storage": ("aws/rds/gp3", "400"),
    }


def test_the_platforms_switch_counts_where_the_instance_says_nothing():
    assert "main/instance" in (found := rows(lines({**managed(), "postgresql_multi_az": True}, PLACE)))
    assert found["main/instance"][0].endswith("/multi-az")
    assert rows(lines({**managed(multi_az=False), "postgresql_multi_az": True}, PLACE))["main/instance"][0] == "aws/rds-postgresql/db.r6g.xlarge"


def test_storage_grows_to_its_declared_end():
    line = one(lines(managed(storage_max_gib=1024, multi_az=True), PLACE), "main/storage")
    assert ends(line) == ("100", "100", "1024")
    assert line.scales and line.stateful and not line.usage
    assert line.labels["architecture"] == "arm64"


@pytest.mark.parametrize(
    ("size", "most", "iops", "expected"),
    [
        (399, 399, 5000, ("2000", "2000", "2000")),
        (400, 400, 5000, None),
        (400, 400, 12001, ("1", "1", "1")),
        (100, 1024, 13000, ("1000", "10000", "10000")),
        (100, 100, 3000, None),
    ],
)
def test_iops_beyond_the_baseline_that_rises_at_400_gib(size, most, iops, expected):
    found = [line for line in lines(managed(storage_gib=size, storage_max_gib=most, iops=iops), PLACE) if line.sku == "aws/rds/gp3-iops"]
    assert [ends(line) for line in found] == ([expected] if expected else [])


def test_throughput_and_provisioned_iops():
    found = rows(lines(managed(throughput_mibps=200, iops=4000, multi_az=True), PLACE))
    assert found["main/storage iops"] == ("aws/rds/gp3-iops/multi-az", "1000")
    assert found["main/storage throughput"] == ("aws/rds/gp3-throughput/multi-az", "75")
    assert rows(lines(managed(storage_type="io1", iops=1000), PLACE))["main/storage iops"] == ("aws/rds/io1-iops", "1000")


def test_backups_are_billed_beyond_the_size_of_the_databases():
    # 200 GiB x 50 % x (1 + 5 % x 30 days) = 250 GB, of which 200 are free.
    found = one(lines({**managed(storage_gib=200), "postgresql_backup_retention_days": 30}, PLACE), "all databases/backups")
    assert (found.sku, ends(found)) == ("aws/rds/backup", ("50", "50", "50"))
    assert found.usage and not found.scales


def test_a_week_of_backups_is_within_what_is_free():
    assert ends(one(lines({**managed(), "postgresql_backup_retention_days": 7}, PLACE), "all databases/backups")) == ("0", "0", "0")


def test_a_declared_figure_of_backups_counts():
    variables = {**managed(), "postgresql_backup_retention_days": 7}
    variables["cost_usage"]["database_backup_gb"] = {"minimum": 90, "expected": 150, "maximum": 400}
    assert ends(one(lines(variables, PLACE), "all databases/backups")) == ("0", "50", "300")


def test_scheduled_snapshots_share_blocks_with_automatic_backups():
    variables = {**managed(storage_gib=200), "postgresql_backup_retention_days": 7, "backup_retention_days": 30}
    variables["platform_components"]["backup"] = True
    variables["backup_schedules"] = {"daily": {"kind": "postgresql", "schedule": "0 3 * * *", "method": "snapshot"}}
    assert ends(one(lines(variables, PLACE), "all databases/backups"))[1] == "50"


def test_the_standby_region_has_one_replica_in_one_zone_and_what_is_sent_leaves_the_primary():
    variables = {**managed(multi_az=True, replicas=2), "postgresql_cross_region_replica": True}
    assert rows(lines(variables, STANDBY)) == {"main/instance": ("aws/rds-postgresql/db.r6g.xlarge", "730"), "main/storage": ("aws/rds/gp3", "100")}
    # 100 GiB x 50 % x 5 % a day x 365/12 days.
    assert rows(lines(variables, PLACE))["all databases/replication to standby"][1].startswith("76.041666")
    assert lines({**variables, "postgresql_cross_region_replica": False}, STANDBY) == []


@pytest.mark.parametrize(
    ("version", "as_of", "expected"),
    [
        ("17", "2030-02-28", None),
        ("17", "2030-03-01", ("aws/rds/extended-support", "11680")),
        ("17.4", "2032-02-28", ("aws/rds/extended-support", "11680")),
        ("17", "2032-02-29", ("aws/rds/extended-support-year-3", "11680")),
        ("99", "2032-03-01", None),
    ],
)
def test_extended_support_by_the_day_and_for_every_instance(version, as_of, expected):
    # Four vCPUs of primary, standby and two readers.
    found = rows(lines({**managed(multi_az=True, replicas=2), "postgresql_version": version}, replace(PLACE, as_of=as_of)))
    assert found.get("main/extended support") == expected


def test_after_extended_support_there_is_nothing_to_bill():
    with pytest.raises(CostError, match=r"17 ended at RDS on 2033-02-28.*upgrade"):
        lines(managed(), replace(PLACE, as_of="2033-03-01"))


def test_the_days_are_those_of_the_table_of_ends_of_life():
    yaml = pytest.importorskip("yaml")
    table = Path(__file__).resolve().parents[5] / "roles" / "preflight" / "files" / "end_of_life.yml"
    cycles = yaml.safe_load(table.read_text(encoding="utf-8"))["amazon-rds-postgresql"]["cycles"]
    assert {version: (str(row["end_of_life"]), str(row["extended"])) for version, row in cycles.items()} == SUPPORT


def test_in_the_cluster_each_pod_has_a_volume_and_nothing_else_is_bought():
    variables = on("postgresql", postgresql_provider="in_cluster", postgresql_instances_common={"replicas": 2, "storage_gib": 100, "storage_class": "fast-ssd"})
    variables["postgresql_instances"] = {"orders": {}, "users": {"storage_gib": 20}}
    assert rows(lines(variables, PLACE)) == {"orders/volumes": ("aws/ebs/gp3", "300"), "users/volumes": ("aws/ebs/gp3", "60")}
    variables["postgresql_instances_environment"] = {"users": None, "orders": {"replicas": 0}}
    assert rows(lines(variables, PLACE)) == {"orders/volumes": ("aws/ebs/gp3", "100")}
    assert rows(lines(variables, AZURE)) == {"orders/volumes": ("azure/disk/premium-gb", "100")}


def test_a_storage_class_beyond_the_baseline_of_its_volumes():
    variables = on("postgresql", postgresql_provider="in_cluster", postgresql_instances={"a": {"storage_gib": 10, "replicas": 1, "storage_class": "fast-ssd"}})
    variables["cluster_baseline_storage_classes"] = {"fast-ssd": {"parameters": {"iops": "4000", "throughput": "250"}}}
    assert rows(lines(variables, PLACE)) == {
        "a/volumes": ("aws/ebs/gp3", "20"),
        "a/volumes iops": ("aws/ebs/gp3-iops", "2000"),
        "a/volumes throughput": ("aws/ebs/gp3-throughput", "250"),
    }


def test_what_exists_already_costs_nothing_here():
    assert lines({**managed(), "postgresql_provider": "existing"}, PLACE) == []
    assert lines(managed(), replace(PLACE, provider="existing")) == []


@pytest.mark.parametrize("provider", ["azure", "gcp"])
def test_elsewhere_the_class_is_the_providers(provider):
    found = rows(lines(managed(instance_class="Standard_D4ds_v5"), replace(PLACE, provider=provider)))
    assert found == {"main/instance": (f"{provider}/postgresql/Standard_D4ds_v5", "730"), "main/storage": (f"{provider}/postgresql/storage", "100")}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"instance_class": "db.r6g.xlrage"}, "main.instance_class is 'db.r6g.xlrage'; did you mean db.r6g.xlarge"),
        ({"instance_class": None}, "main.instance_class is None; give a class"),
        ({"storage_gib": -1}, "storage_gib is -1; give 1 to"),
        ({"storage_gib": 10**9}, "storage_gib is 1000000000; give 1 to"),
        ({"storage_gib": 1.5}, "storage_gib is 1.5; give a whole number"),
        ({"storage_max_gib": 50}, "storage_max_gib is 50, less than storage_gib 100"),
        ({"storage_type": "gp4"}, "storage_type is 'gp4'; did you mean gp3"),
        ({"replicas": 16}, "replicas is 16; give 0 to 15"),
        ({"replicas": True}, "replicas is True; give a whole number"),
        ({"version": "9"}, "version is '9'; RDS has 13, 14"),
    ],
)
def test_bad_figures_are_named_with_the_remedy(change, said):
    # A null says nothing where nothing is beneath it.
    variables = managed()
    variables["postgresql_instances"]["main"] |= change
    with pytest.raises(CostError, match=said):
        lines(variables, PLACE)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"postgresql_provider": "rds"}, "postgresql_provider is 'rds'"),
        ({"postgresql_provider": None}, "postgresql_provider is not set"),
        ({"postgresql_instances": ["main"]}, "postgresql_instances is .*give a map"),
        ({"postgresql_instances": {"main": 1}}, "postgresql_instances.main is 1; give a map"),
        ({"cost_usage": {"data_fill_percent": 101}, "postgresql_backup_retention_days": 7}, "data_fill_percent is 101; give 0 to 100"),
        ({"cost_usage": {"data_fil_percent": 10}, "postgresql_backup_retention_days": 7}, "did you mean data_fill_percent"),
        ({"postgresql_backup_retention_days": 36}, "postgresql_backup_retention_days is 36; give 0 to 35"),
    ],
)
def test_bad_variables_are_named_with_the_remedy(change, said):
    with pytest.raises(CostError, match=said):
        lines({**managed(), **change}, PLACE)


def test_an_unknown_storage_class_is_named():
    variables = on("postgresql", postgresql_provider="in_cluster", postgresql_instances={"a": {"storage_gib": 10, "storage_class": "fast-sdd"}})
    with pytest.raises(CostError, match=r"a.storage_class is 'fast-sdd'; did you mean fast-ssd"):
        lines(variables, PLACE)
