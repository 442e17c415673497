# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""A year's promise for what runs all month anyhow. Last of all: what other advice takes away must not be promised."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping
from decimal import ROUND_CEILING
from decimal import Decimal
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._cost.advice.given import Given
from ansible_collections.llmops.platform.plugins.module_utils._cost.advice.given import Part
from ansible_collections.llmops.platform.plugins.module_utils._cost.advice.given import Proposal
from ansible_collections.llmops.platform.plugins.module_utils._cost.advice.given import amount
from ansible_collections.llmops.platform.plugins.module_utils._cost.advice.given import expected
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import plain

# One year, nothing upfront, as percent off on demand: (SKUs, percent, source). None: nothing known to be true.
RATES: tuple[tuple[str, str | None, str], ...] = (
    ("aws/ec2/", "37", "t3.medium reserved .0261 against .0416 an hour"),
    ("aws/elasticache-", "31", "cache.r6g.xlarge (Valkey) reserved .2248 against .3288 an hour, 2025-04"),
    ("aws/opensearch/", "31", "r6g.large.search reserved .115 against .167 an hour, 2025-04"),
    ("aws/rds-", None, ""),
)
MONTHS = Decimal(12)


def break_even_month(percent: Decimal, months: Decimal = MONTHS) -> int:
    """The month in which on demand would have cost as much as the whole term: term x (100 - percent) / 100, the part of a month counted whole."""
    return int((months * (100 - percent) / 100).to_integral_value(ROUND_CEILING))


def propose(given: Given) -> Iterator[Proposal]:
    """Saves percent of the hours that always run (the minimum), on demand and never asleep."""
    for deployment in given.deployments:
        for prefix, rate, source in RATES:
            rows = [row for row in given.rows(deployment, prefix) if row["unit"] == "hour" and given.ledger.steady[row["id"]] > 0 and expected(row)]
            if not rows:
                continue
            percent, why = _rate(given.variables(deployment), prefix, rate, source)
            parts = [] if percent is None else [part for row in rows if (part := _part(given, row, percent))]
            if percent is None or parts:
                yield _proposal(deployment, prefix, percent, why, tuple(parts))


def _rate(variables: Mapping[str, Any], prefix: str, rate: str | None, source: str) -> tuple[Decimal | None, str]:
    assumed = ((variables.get("cost_savings_assumed") or {}).get("reserved_databases") or {}).get("percent") if prefix == "aws/rds-" else None
    if rate is None and assumed is not None:
        return min(amount(assumed, "cost_savings_assumed.reserved_databases.percent"), Decimal(100)), "cost_savings_assumed.reserved_databases"
    return (None, "") if rate is None else (Decimal(rate), source)


def _part(given: Given, row: Mapping[str, Any], percent: Decimal) -> Part | None:
    left, steady = given.ledger.left[row["id"]], given.ledger.steady[row["id"]]
    # Of what is steady only the least is sure to run.
    always = min(Decimal(1), Decimal(row["quantity"]["minimum"]) / expected(row) / given.ledger.runs[row["id"]])
    share = min(steady * always * percent / 100 / left, Decimal(1))
    return Part(row["id"], share) if share > 0 else None


def _proposal(deployment: str, prefix: str, percent: Decimal | None, why: str, parts: tuple[Part, ...]) -> Proposal:
    name = prefix.removeprefix("aws/").rstrip("-/")
    facts = {} if percent is None else {"term_months": "12", "upfront": "0", "percent": plain(percent), "break_even_month": str(break_even_month(percent))}
    return Proposal(
        deployment, name, f"Commit for a year to what always runs of {name}", parts,
        assumption="its rate is not in the table; AWS' console has it" if percent is None
        else f"{plain(percent)} % off for a year without upfront ({why}); break-even in month {facts['break_even_month']} of 12",
        risk="It is paid whether it runs or not; a class or region that is given up is paid on.",
        precondition="It has run for a month as it shall run, after right-sizing and Graviton.",
        undo="None before its end; reserved instances of EC2 may be sold.",
        unknown=percent is None,
        facts=facts,
    )  # fmt: skip
