# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Restores that prove a backup: an instance for some hours, and its storage for as long."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._cost.bill import backup_targets as targets
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill import data
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.classes import RDS
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.reading import choice
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.reading import count
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.schedules import MONTH
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.schedules import per_day
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import HOURS
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Line
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Place

METHODS = ("checksum", "test_restore")
RESOURCE = "AWS::RDS::DBInstance"


def restore_tests(variables: Mapping[str, Any], place: Place) -> list[Line]:
    """`runs a month x cost_usage.restore_test_hours` of each managed database's class without a standby, and its storage for as long. A checksum, and a
    restore into pods, use what is there.

    Raises CostError: what is no schedule, an unknown method or class.
    """
    settings = variables.get("backup_verification") or {}
    if not settings or choice(settings.get("method", "test_restore"), "backup_verification.method", METHODS) == "checksum":
        return []
    if targets.provider(variables, "postgresql") != "managed" or place.provider != "aws":
        return []
    runs: Fraction = per_day(settings.get("schedule"), "backup_verification.schedule") * MONTH
    each, why = data.figure(variables, "restore_test_hours")
    total = data.scaled(each, runs)
    found = []
    for name, item in data.items(variables, "postgresql_instances").items():
        where, given = f"postgresql_instances.{name}", item.get("instance_class")
        data.known_class(given, f"{where}.instance_class", "db.", RDS)
        owner = data.Owner(place, "backup", f"test restore of {name}", RESOURCE, {"instance_type": str(given)})
        size = count(item.get("storage_gib"), f"{where}.storage_gib", least=1)
        kind = item.get("storage_type", "gp3")
        found.append(owner.line("instance", f"aws/rds-postgresql/{given}", total, "hour", usage=True, assumption=why))
        stored = data.scaled(total, Fraction(size, int(HOURS)))
        found.append(owner.line("storage", f"aws/rds/{kind}", stored, "GB-month", usage=True, assumption=why))
    return found
