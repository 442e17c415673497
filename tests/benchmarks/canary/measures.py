# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a cell's trials say of a judge, and whether that is what was wanted."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from typing import Any

from tests.benchmarks.canary.cell import BLIND
from tests.benchmarks.canary.cell import HARM
from tests.benchmarks.canary.cell import NULL
from tests.benchmarks.canary.cell import Cell
from tests.benchmarks.canary.judges import INCONCLUSIVE
from tests.benchmarks.canary.judges import OURS
from tests.benchmarks.canary.judges import PROMOTE
from tests.benchmarks.canary.judges import ROLL_BACK
from tests.benchmarks.canary.judges import Outcome
from tests.benchmarks.report import Goal

# Quantile of the normal distribution for 95 %, two-sided.
Z = 1.959963984540054
# Below this, even no false rollback at all leaves more than 1 % possible.
ENOUGH = math.ceil(Z * Z * 99.0)
GREAT = 2.0


def wilson(found: int, trials: int) -> tuple[float, float]:
    """95 % interval of a share."""
    share, square = found / trials, Z * Z / trials
    middle = (share + square / 2.0) / (1.0 + square)
    half = Z * math.sqrt(share * (1.0 - share) / trials + square / (4.0 * trials)) / (1.0 + square)
    return max(0.0, middle - half), min(1.0, middle + half)


def quantile(values: Sequence[float], share: float) -> float | None:
    """The smallest value that this share does not exceed; None where that is infinite."""
    value = sorted(values)[max(0, math.ceil(share * len(values)) - 1)]
    return None if math.isinf(value) else value


def row(cell: Cell, judge: str, outcomes: Sequence[Outcome], deterministic: bool | None = None) -> dict[str, Any]:
    """Shares in per cent with their intervals, times in seconds from the canary's first request or the harm's start."""
    trials, begins = len(outcomes), cell.begins()
    took = [outcome.seconds - begins if outcome.verdict == ROLL_BACK and outcome.seconds > begins else math.inf for outcome in outcomes]
    promotes = [outcome.first_promote if outcome.first_promote is not None else math.inf for outcome in outcomes]
    # A release may go on as soon as a judge says so, and a later roll back comes too late; but before harm begins it is right to say so.
    early = sum(outcome.verdict == PROMOTE or (cell.at_once() and outcome.first_promote is not None) for outcome in outcomes)
    found: dict[str, Any] = {"cell": cell.name, "kind": cell.kind, "judge": judge, "trials": trials, "ratio": None}
    if cell.kind == HARM:
        found["ratio"] = None if math.isinf(cell.ratio()) else round(cell.ratio(), 2)
        found["great"] = cell.ratio() >= GREAT
    for name, verdict in (("rolled_back", ROLL_BACK), ("promoted", PROMOTE), ("inconclusive", INCONCLUSIVE)):
        found |= _share(name, sum(outcome.verdict == verdict for outcome in outcomes), trials)
    if cell.kind != NULL:
        found |= _share("ever_promoted", early, trials)
    return {
        **found,
        "roll_back_s_median": quantile(took, 0.5),
        "roll_back_s_p95": quantile(took, 0.95),
        "first_promote_s_median": quantile(promotes, 0.5),
        "requests_at_verdict_median": statistics.median(outcome.requests for outcome in outcomes),
        "excess_bad_requests_mean": round(statistics.fmean(outcome.excess for outcome in outcomes), 2),
        "cpu_ms_mean": round(1000.0 * statistics.fmean(outcome.cpu_seconds for outcome in outcomes), 3),
        "cpu_ms_per_look": round(1000.0 * sum(outcome.cpu_seconds for outcome in outcomes) / sum(outcome.looks for outcome in outcomes), 4),
        "deterministic": deterministic,
    }


def _share(name: str, found: int, trials: int) -> dict[str, float]:
    low, high = wilson(found, trials)
    return {f"{name}_percent": round(100.0 * found / trials, 3), f"{name}_low": round(100.0 * low, 3), f"{name}_high": round(100.0 * high, 3)}


def goals(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Of the worst cell each; without the cells or enough trials there is no figure."""
    ours = {row["cell"]: row for row in rows if row["judge"] == OURS}
    nulls = [row for row in ours.values() if row["kind"] == NULL]
    great = [row for row in ours.values() if row.get("great")]
    blind = [row for row in ours.values() if row["kind"] == BLIND]
    enough = [row for row in nulls if row["trials"] >= ENOUGH]
    repeated = [row["deterministic"] for row in ours.values() if row["deterministic"] is not None]
    return [
        Goal("false_rollback_upper_worst", "<= 1", "%").judged(_worst(enough, "rolled_back_high") if len(enough) == len(nulls) else None),
        Goal("false_rollback_worst", "<= 1", "%").judged(_worst(nulls, "rolled_back_percent")),
        Goal("false_promotion_worst", "<= 5", "%").judged(_worst(great, "ever_promoted_percent")),
        Goal("detected_in_half_of_kayenta_3", ">= 90", "% of cells").judged(_sooner(rows, "kayenta_3", 0.5)),
        Goal("detected_as_soon_as_flagger_5", ">= 90", "% of cells").judged(_sooner(rows, "flagger_5", 1.0)),
        Goal("promoted_without_data", "= 0", "%").judged(_worst(blind, "ever_promoted_percent")),
        Goal("same_samples_same_verdict", "= 100", "% of trials").judged(100.0 * sum(repeated) / len(repeated) if repeated else None),
    ]


def _worst(rows: Sequence[dict[str, Any]], key: str) -> float | None:
    return max((row[key] for row in rows), default=None)


def detectable(rows: Sequence[dict[str, Any]], rival: str) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Ours and the rival's row of each cell in which one of them rolls back at least half of the trials."""
    others = {row["cell"]: row for row in rows if row["judge"] == rival}
    pairs = [(row, others[row["cell"]]) for row in rows if row["judge"] == OURS and row["kind"] == HARM and row["cell"] in others]
    return [pair for pair in pairs if any(row["roll_back_s_median"] is not None for row in pair)]


def _sooner(rows: Sequence[dict[str, Any]], rival: str, part: float) -> float | None:
    pairs = detectable(rows, rival)
    return 100.0 * sum(sooner(ours, other, part) for ours, other in pairs) / len(pairs) if pairs else None


def sooner(ours: dict[str, Any], other: dict[str, Any], part: float) -> bool:
    """Whether our median is at most this part of the other's; who never detects takes for ever."""
    mine, its = ours["roll_back_s_median"], other["roll_back_s_median"]
    return mine is not None and (its is None or mine <= part * its)
