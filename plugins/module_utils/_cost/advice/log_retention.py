# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Logs that are kept for a shorter time."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from ansible_collections.llmops.platform.plugins.module_utils._cost.advice.given import Given
from ansible_collections.llmops.platform.plugins.module_utils._cost.advice.given import Part
from ansible_collections.llmops.platform.plugins.module_utils._cost.advice.given import Proposal

# Days that are enough to look for what went wrong; CloudWatch takes these numbers.
ENOUGH = {"local": 7, "dev": 14, "staging": 30, "production": 90}
# Logs with the audit trail in them.
AUDIT = ("account", "cluster")


def propose(given: Given) -> Iterator[Proposal]:
    """What is stored goes with the days that it is kept: saves 1 - days enough / days declared. Never of an audit trail."""
    for deployment in given.deployments:
        enough = ENOUGH.get(given.environment(deployment))
        for row in given.rows(deployment, "aws/cloudwatch/logs-store"):
            days = row["labels"].get("retention_days", "")
            if enough is None or row["component"] in AUDIT or not days.isdecimal() or int(days) <= enough:
                continue
            part = Part(row["id"], 1 - Decimal(enough) / Decimal(days))
            yield Proposal(
                deployment, f"{row['component']}/{row['service']}", f"Keep the log of {row['service']} for {enough} days", (part,),
                assumption=f"kept for {days} days now, and as much comes in every day",
                risk="What is found late has no log any more.",
                precondition="No rule wants them longer; what must be kept goes to an archive bucket.",
                undo="Set the days back; what is gone is gone.",
            )  # fmt: skip
