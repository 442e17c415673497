# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Backups of managed databases, which share one allowance a region, and what is sent to the standby region."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._cost.bill import data
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.reading import components
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.reading import count
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.schedules import MONTH
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.schedules import keep_days
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.schedules import number
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.usage import declared
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.usage import usage
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Line
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Place
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Quantity
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import plain

RESOURCE = "AWS::RDS::DBInstance"


def window(variables: Mapping[str, Any]) -> Fraction:
    """Days for which any backup of the databases is kept: the longest of automatic backups, point-in-time recovery and snapshots that are scheduled.

    Automatic backups and snapshots share unchanged blocks, so the longest counts and not their sum. An instance's own backup_retention_days counts too.
    """
    names = ["postgresql_backup_retention_days"]
    names += ["postgresql_point_in_time_recovery_days"] if variables.get("postgresql_point_in_time_recovery") else []
    found = [Fraction(count(variables[name], name, most=35)) for name in names if variables.get(name) is not None]
    for name, settings in data.items(variables, "postgresql_instances").items():
        if settings.get("backup_retention_days") is not None:
            found.append(Fraction(count(settings["backup_retention_days"], f"postgresql_instances.{name}.backup_retention_days", most=35)))
    if "backup" in components(variables):
        for name, settings in data.items(variables, "backup_schedules").items():
            if (settings.get("kind"), settings.get("method")) == ("postgresql", "snapshot"):
                found.append(keep_days(variables, name, settings))
    return max(found, default=Fraction(0))


def backups(variables: Mapping[str, Any], place: Place, sizes: Sequence[Quantity]) -> list[Line]:
    """GB beyond what is free: `max(0, stored - size of the databases)`, stored being cost_usage.database_backup_gb, else
    `sum of size x fill x (1 + change a day x days kept)`. The standby region stores copies where backup_copy_to_standby says so.

    https://aws.amazon.com/rds/postgresql/pricing/: backups up to the size of the region's databases are free.
    """
    days = window(variables)
    if not sizes or not days or (place.standby and not variables.get("backup_copy_to_standby")):
        return []
    whole = data.added(*sizes)
    stored, why = data.kept(variables, whole, days)
    if "database_backup_gb" in declared(variables):
        stored, why = usage(variables, "database_backup_gb")
    # The free part grows with the databases, so ends are compared with ends.
    free = whole if not place.standby or variables.get("postgresql_cross_region_replica") else data.ZERO
    beyond = data.elementwise(lambda gb, allowed: max(Decimal(0), gb - allowed), stored, free)
    beyond = Quantity(min(beyond.minimum, beyond.expected), beyond.expected, max(beyond.expected, beyond.maximum))
    aws = place.provider == "aws"
    owner = data.Owner(place, "postgresql", "all databases", RESOURCE if aws else "", {"days": plain(number(days))})
    sku = "aws/rds/backup" if aws else f"{place.provider}/postgresql/backup"
    return [owner.line("backups", sku, beyond, "GB-month", usage=True, assumption=why)]


def replication(variables: Mapping[str, Any], place: Place, sizes: Sequence[Quantity]) -> list[Line]:
    """GB to the standby region, billed where they leave: what changes in a month, once for the replica and once for copied backups."""
    wanted = [name for name in ("postgresql_cross_region_replica", "backup_copy_to_standby") if variables.get(name)]
    if place.standby or not wanted or not sizes:
        return []
    sent, why = data.changed(variables, data.added(*sizes), MONTH)
    owner = data.Owner(place, "postgresql", "all databases", RESOURCE if place.provider == "aws" else "")
    names = {"postgresql_cross_region_replica": "replication to standby", "backup_copy_to_standby": "backups to standby"}
    return [owner.line(names[name], f"{place.provider}/transfer/inter-region", sent, "GB", usage=True, assumption=why) for name in wanted]
