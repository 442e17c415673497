# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Nodes and databases that sleep while nobody works."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from ansible_collections.llmops.platform.plugins.module_utils._cost.advice.given import NONE
from ansible_collections.llmops.platform.plugins.module_utils._cost.advice.given import PRODUCTION
from ansible_collections.llmops.platform.plugins.module_utils._cost.advice.given import Given
from ansible_collections.llmops.platform.plugins.module_utils._cost.advice.given import Part
from ansible_collections.llmops.platform.plugins.module_utils._cost.advice.given import Proposal
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import plain
from ansible_collections.llmops.platform.plugins.module_utils._cost.schedule import parse

OFFICE = "off=(M-F,19);on=(M-F,7)"
# RDS starts an instance by itself after a week: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_StopInstance.html
RISK = "Whoever works late finds nothing running; a database that RDS stopped starts by itself after seven days."


def propose(given: Given) -> Iterator[Proposal]:
    """Saves the share of the year asleep of nodes with their disks and of database instances, not of what they store. Never in staging or production."""
    for deployment in given.deployments:
        if given.environment(deployment) in PRODUCTION:
            continue
        declared = given.variables(deployment).get("cost_off_hours")
        schedule = parse(declared or OFFICE)
        share = schedule.share(int(given.as_of[:4]))
        # A volume of a database says the pool that its pods stand in, and stays while they sleep.
        rows = [
            row
            for row in given.rows(deployment, "aws/")
            if (row["component"] == "cluster" and row["labels"].get("pool")) or (row["sku"].startswith("aws/rds-") and row["unit"] == "hour")
        ]
        if rows:
            yield Proposal(
                deployment, "off-hours", "Let nodes and databases sleep off-hours", tuple(Part(row["id"], share, runs=NONE, steady=NONE) for row in rows),
                assumption=f"{schedule.text}, {plain((share * 100).quantize(Decimal('0.01')))} % of {given.as_of[:4]} asleep"
                + ("" if declared else "; cost_off_hours is not declared, this is office hours"),
                risk=RISK,
                precondition="Nothing runs at night: no batch, no scheduled backup of the database. A run of playbooks/off_hours.yml at both moments.",
                undo="playbooks/off_hours.yml with cost_off_hours_state=awake; sizes are those of before.",
                facts={"schedule": schedule.text, "zone": schedule.zone},
            )  # fmt: skip
