# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""PostgreSQL at RDS, as pods with volumes, or at somebody else's expense."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._cost.bill import data
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.classes import RDS
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.classes import vcpus
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.database_backups import backups
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.database_backups import replication
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.reading import choice
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.reading import count
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.volumes import volumes
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import CostError
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Line
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Place
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Quantity
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import fixed
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import hours
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import ranged

RESOURCE = "AWS::RDS::DBInstance"
STORAGE = ("gp3", "io1", "io2")
# Last days of standard and of extended support. A test holds them against the table of ends of life.
# https://docs.aws.amazon.com/AmazonRDS/latest/PostgreSQLReleaseNotes/postgresql-release-calendar.html
SUPPORT = {
    "13": ("2026-02-28", "2029-02-28"),
    "14": ("2027-02-28", "2030-02-28"),
    "15": ("2028-02-29", "2031-02-28"),
    "16": ("2029-02-28", "2032-02-29"),
    "17": ("2030-02-28", "2033-02-28"),
    "18": ("2031-02-28", "2034-02-28"),
}
# From the third year on it costs twice as much: https://aws.amazon.com/rds/postgresql/pricing/
YEARS_AT_FIRST_PRICE = 2
MOST_GIB = 65536


def lines(variables: Mapping[str, Any], place: Place) -> list[Line]:
    """Instances, readers, storage, IOPS, backups and extended support of each of postgresql_instances; in the cluster a volume for the primary and each
    reader. Free are zones, encryption, minor upgrades, seven days of performance insights, and what crosses zones between a primary and its standby.

    In a standby region: one replica of each where postgresql_cross_region_replica says so, else nothing before a failover.
    Raises CostError naming the variable: an unknown class, version or type of storage, a count or size that is none.
    """
    how = data.provider(variables, "postgresql")
    if how == "existing" or place.provider not in data.CLOUDS:
        return []
    found: list[Line] = []
    sizes: list[Quantity] = []
    for name, settings in data.items(variables, "postgresql_instances").items():
        where = f"postgresql_instances.{name}"
        readers = count(settings.get("replicas", 0), f"{where}.replicas", most=15)
        if how == "in_cluster":
            owner = data.Owner(place, "postgresql", name, labels={"engine": "postgresql"})
            # The classes of node and network are the cluster's; a claim is as large for a reader as for the primary.
            found += volumes(variables, owner, 1 + readers, settings, where) if data.runs(variables, place) else []
            continue
        size = _size(settings, where)
        sizes.append(size)
        if not place.standby or variables.get("postgresql_cross_region_replica"):
            found += _managed(variables, place, name, settings, where, size, 0 if place.standby else readers)
    if how == "managed":
        found += backups(variables, place, sizes)
        found += replication(variables, place, sizes)
    return found


def _managed(variables: Mapping[str, Any], place: Place, name: str, settings: Mapping[str, Any], where: str, size: Quantity, readers: int) -> Iterator[Line]:
    given = settings.get("instance_class")
    family, step = ("", "")
    if place.provider == "aws":
        family, step = data.known_class(given, f"{where}.instance_class", "db.", RDS)
    elif not given:
        raise CostError(f"{where}.instance_class is not set; give the provider's class")
    version = str(settings.get("version") or variables.get("postgresql_version") or "")
    labels = {"engine": "postgresql", "version": version, "instance_type": str(given)}
    labels |= {"architecture": data.architecture(family)} if family else {}
    owner = data.Owner(place, "postgresql", name, RESOURCE if place.provider == "aws" else "", labels)
    # A replica of another region has no standby of its own until it is promoted.
    double = bool(settings.get("multi_az", variables.get("postgresql_multi_az", False))) and not place.standby
    why = "replica of the primary region, in one zone until it is promoted" if place.standby else ""
    base = "aws/rds-postgresql" if place.provider == "aws" else f"{place.provider}/postgresql"
    # The price of multi-az is that of both instances, and its storage's that of both volumes.
    suffix = "/multi-az" if double else ""
    yield owner.line("instance", f"{base}/{given}{suffix}", hours(), "hour", assumption=why, instances="2" if double else "1")
    if readers:
        yield owner.line("readers", f"{base}/{given}", hours(readers), "hour", instances=str(readers))
    yield from _storage(settings, where, owner, size, "storage", suffix, 1)
    if readers:
        yield from _storage(settings, where, owner, size, "readers' storage", "", readers)
    if place.provider == "aws":
        yield from _extended(owner, where, version, vcpus(step), 1 + readers + int(double))


def _size(settings: Mapping[str, Any], where: str) -> Quantity:
    size = count(settings.get("storage_gib"), f"{where}.storage_gib", least=1, most=MOST_GIB)
    most = count(settings.get("storage_max_gib", size), f"{where}.storage_max_gib", most=MOST_GIB)
    if most < size:
        raise CostError(f"{where}.storage_max_gib is {most}, less than storage_gib {size}; give at least that")
    return ranged(size, size, most)


def _storage(settings: Mapping[str, Any], where: str, owner: data.Owner, size: Quantity, name: str, suffix: str, number: int) -> Iterator[Line]:
    """GB, and what is beyond gp3's 3,000 IOPS and 125 MB/s, or 12,000 and 500 from 400 GiB on; of io1 and io2 all IOPS.

    https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html
    """
    kind = choice(settings.get("storage_type", "gp3"), f"{where}.storage_type", STORAGE)
    base = f"aws/rds/{kind}" if owner.place.provider == "aws" else f"{owner.place.provider}/postgresql/storage"
    yield owner.line(name, f"{base}{suffix}", size.times(number), "GB-month", storage_type=kind)
    if owner.place.provider != "aws":
        return
    for key, unit, most, small, large in (("iops", "IOPS-month", 256_000, 3000, 12_000), ("throughput_mibps", "MBps-month", 4000, 125, 500)):
        if settings.get(key) is None:
            continue
        wanted = count(settings[key], f"{where}.{key}", most=most)
        if kind != "gp3":
            beyond = fixed(wanted if key == "iops" else 0)
        else:
            free = [large if gib >= 400 else small for gib in (size.maximum, size.expected)]
            least, now = (max(0, wanted - part) for part in free)
            beyond = ranged(least, now, now)
        part = f"{base}-{'iops' if key == 'iops' else 'throughput'}{suffix}"
        if beyond.maximum:
            yield owner.line(f"{name} {key.partition('_')[0]}", part, beyond.times(number), unit)


def _extended(owner: data.Owner, where: str, version: str, each: int, instances: int) -> Iterator[Line]:
    """vCPU-hours of every instance, standby and readers included, once standard support is over. https://aws.amazon.com/rds/postgresql/pricing/"""
    major = version.partition(".")[0]
    if major not in SUPPORT:
        if major.isdecimal() and int(major) > max(map(int, SUPPORT)):
            return
        raise CostError(f"{where}.version or postgresql_version is {version!r}; RDS has {', '.join(SUPPORT)}")
    standard, last = SUPPORT[major]
    as_of = owner.place.as_of
    if as_of <= standard:
        return
    if as_of > last:
        raise CostError(f"{where}: PostgreSQL {major} ended at RDS on {last}, extended support included; upgrade it")
    third = as_of > f"{int(standard[:4]) + YEARS_AT_FIRST_PRICE}{standard[4:]}"
    sku = "aws/rds/extended-support" + ("-year-3" if third else "")
    yield owner.line("extended support", sku, hours(each * instances), "vCPU-hour", until=last)
