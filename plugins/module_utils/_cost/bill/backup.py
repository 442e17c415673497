# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Backups: what schedules put into a bucket, snapshots of volumes, copies in the standby region, and restores that prove them."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._cost.bill import backup_targets as targets
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill import data
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill import objects
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.parts import elementwise
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.reading import choice
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.reading import count
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.restore_tests import restore_tests
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.schedules import MONTH
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.schedules import keep_days
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.schedules import number
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.schedules import per_day
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.volumes import volumes_of
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import CostError
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Line
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Place
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Quantity
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import fixed
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import plain

KINDS = ("configuration", "etcd", "infrastructure", "kafka", "postgresql", "redis", "vault", "velero", "volume")
METHODS = ("dump", "export", "full", "log", "messages", "snapshot", "topic_configuration")
SNAPSHOT = {"aws": "aws/ebs/snapshot", "azure": "azure/disk/snapshot", "gcp": "gcp/disk/snapshot"}
# MB of a part of an upload, as the AWS CLI sends them: https://docs.aws.amazon.com/cli/latest/topic/s3-config.html
PART_MB = 8
# MB of a segment of PostgreSQL's log: https://www.postgresql.org/docs/current/wal-configuration.html
SEGMENT_MB = 16
ARCHIVE_TIMEOUT = 300
# A dump or a base backup has nothing in common with the one before: https://www.postgresql.org/docs/current/continuous-archiving.html
WHOLE = "each backup is a whole copy, counted before compression"


def lines(variables: Mapping[str, Any], place: Place) -> list[Line]:
    """Lines of backup_schedules. Snapshots of managed databases and caches are in the lines of components postgresql and redis; local copies, kept for
    backup_local_retention_days, lie on the volumes that are declared anyhow; keys are component encryption's; a drill of the recovery uses the warm standby.

    In a standby region: the copies, where backup_copy_to_standby or object_storage_replicate_to_standby say so.
    Raises CostError naming the variable: an unknown kind or method, what is no schedule, a size that is none.
    """
    if place.provider not in data.CLOUDS or (place.standby and not _copied(variables)):
        return []
    found: list[Line] = []
    snapshots: dict[str, tuple[Quantity, Fraction]] = {}
    schedules = data.items(variables, "backup_schedules")
    for name, settings in schedules.items():
        where = f"backup_schedules.{name}"
        kind, method = choice(settings.get("kind"), f"{where}.kind", KINDS), choice(settings.get("method", "full"), f"{where}.method", METHODS)
        every, kept = per_day(settings.get("schedule"), f"{where}.schedule"), keep_days(variables, name, settings)
        if not every:
            raise CostError(f"{where}.schedule is {settings.get('schedule')!r}; it never comes")
        if (volume := _volumes(variables, place, kind, method, settings)) is not None:
            key = f"{kind} {','.join(sorted(_namespaces(settings)))}".strip()
            size, days = snapshots.get(key, (volume, Fraction(0)))
            snapshots[key] = (size, max(days, kept))
        if (flow := _flow(variables, place, kind, method, 1 / every, kept)) is not None:
            found += _objects(variables, place, name, kind, flow)
    if (flow := _archive(variables, schedules)) is not None:
        found += _objects(variables, place, "log archive", "postgresql", flow)
    for key, (size, days) in sorted(snapshots.items()):
        found += _snapshots(variables, place, key, size, days)
    return found + ([] if place.standby else restore_tests(variables, place))


def _copied(variables: Mapping[str, Any]) -> bool:
    return bool(variables.get("backup_copy_to_standby") or variables.get("object_storage_replicate_to_standby"))


def _namespaces(settings: Mapping[str, Any]) -> set[str]:
    return {name for name, wanted in (settings.get("namespaces") or {}).items() if wanted}


def _volumes(variables: Mapping[str, Any], place: Place, kind: str, method: str, settings: Mapping[str, Any]) -> Quantity | None:
    """GB of volumes that a schedule takes snapshots of; None where it takes none."""
    if kind == "velero":
        return targets.claims(variables, _namespaces(settings))
    if method != "snapshot":
        return None
    if kind == "volume":
        return targets.claims(variables, None)
    if kind in ("postgresql", "redis") and targets.provider(variables, kind) == "in_cluster":
        return targets.databases(variables) if kind == "postgresql" else targets.caches(variables, place)
    return None


def _flow(variables: Mapping[str, Any], place: Place, kind: str, method: str, every: Fraction, kept: Fraction) -> objects.Flow | None:
    """What a schedule writes into the bucket; None where it makes snapshots only, or what it backs up is somebody else's."""
    if kind == "volume" or (kind in ("postgresql", "redis") and method == "snapshot"):
        return None
    if kind in ("kafka", "postgresql", "redis") and targets.provider(variables, kind) == "existing":
        return None
    if (kind, method) == ("postgresql", "log"):
        return _log(variables, kept)
    if (kind, method) == ("kafka", "messages"):
        whole, why = data.data(variables, targets.messages(variables))
        reason = data.said(why, f"brokers keep a message for {targets.KAFKA_DAYS} days")
        gb = data.scaled(whole, every / targets.KAFKA_DAYS)
        return objects.Flow(gb, fixed(1), every, kept, _parts(gb, every), assumption=reason)
    if kind in ("postgresql", "redis"):
        size = targets.databases(variables) if kind == "postgresql" else targets.caches(variables, place)
        full, why = data.data(variables, size)
        return objects.Flow(full, fixed(1), every, kept, _parts(full, every), full, data.said(why, WHOLE))
    full, why = data.figure(variables, "configuration_backup_gb")
    return objects.Flow(full, fixed(1), every, kept, _parts(full, every), full, why)


def _parts(gb: Quantity, every: Fraction) -> Quantity:
    """Writes a month: one for each part of an upload, one at least."""
    return data.scaled(elementwise(lambda value: max(value * objects.MB / PART_MB, 1), gb), MONTH / every)


def _log(variables: Mapping[str, Any], kept: Fraction) -> objects.Flow:
    """PostgreSQL's log: what changes in a day, in segments of 16 MB, and of each instance one every postgresql_archive_timeout_seconds at least."""
    size = targets.databases(variables)
    daily, why = data.changed(variables, size, Fraction(1))
    seconds = count(variables.get("postgresql_archive_timeout_seconds", ARCHIVE_TIMEOUT), "postgresql_archive_timeout_seconds", least=1, most=86_400)
    idle = data.scaled(fixed(86_400 * targets.instances(variables)), Fraction(1, seconds))
    segments = elementwise(lambda gb, at_least: max(gb * objects.MB / SEGMENT_MB, at_least), daily, idle)
    return objects.Flow(daily, segments, Fraction(1), kept, assumption=why)


def _archive(variables: Mapping[str, Any], schedules: Mapping[str, Mapping[str, Any]]) -> objects.Flow | None:
    """The continuous archive of the log of databases in the cluster, where no schedule has it. RDS archives its own."""
    if targets.provider(variables, "postgresql") != "in_cluster" or variables.get("postgresql_wal_archive") == "none":
        return None
    if not variables.get("postgresql_point_in_time_recovery") and variables.get("postgresql_wal_archive") != "object_storage":
        return None
    if any((item.get("kind"), item.get("method")) == ("postgresql", "log") for item in schedules.values()):
        return None
    name = next((name for name in ("postgresql_point_in_time_recovery_days", "postgresql_backup_retention_days") if variables.get(name) is not None), None)
    return _log(variables, Fraction(count(variables[name], name, most=35))) if name else None


def _objects(variables: Mapping[str, Any], place: Place, name: str, kind: str, flow: objects.Flow) -> Iterator[Line]:
    where = objects.store(variables, place)
    bucket = variables.get("backup_bucket")
    owner = objects.bucket_owner(place, "backup", name, "backup")
    if where == "existing":
        return
    if where == "in_cluster":
        number_of = objects.IN_CLUSTER[variables["object_storage_provider"]]
        size = flow.held(flow.kept) if flow.least is None else elementwise(max, flow.held(flow.kept), flow.least)
        why = data.said(flow.assumption, f"{variables['object_storage_provider']} keeps {number_of} times what is in it")
        yield volumes_of(variables, owner, size.times(number_of), "volumes", why)
        return
    settings = data.items(variables, "object_storage_buckets").get(bucket, {}) if bucket else {}
    yield from objects.objects(owner, flow, objects.lifecycle(settings, f"object_storage_buckets.{bucket}"), copied=_copied(variables) and not place.standby)


def _snapshots(variables: Mapping[str, Any], place: Place, key: str, size: Quantity, days: Fraction) -> Iterator[Line]:
    """Snapshots share unchanged blocks: `data x (1 + change a day x days kept)`."""
    if not size.maximum or (place.standby and not variables.get("backup_copy_to_standby")):
        return
    owner = data.Owner(place, "backup", f"snapshots of {key}", labels={"days": plain(number(days))})
    stored, why = data.kept(variables, size, days)
    yield owner.line("snapshots", SNAPSHOT[place.provider], stored, "GB-month", usage=True, assumption=why)
    if variables.get("backup_copy_to_standby") and not place.standby:
        sent, also = data.changed(variables, size, MONTH)
        yield owner.line("copies to standby", f"{place.provider}/transfer/inter-region", sent, "GB", usage=True, assumption=also)
