# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The cells: one thing at a time differs from a service with 100 requests a second, a tenth of them on the canary."""

from __future__ import annotations

import re

from tests.benchmarks.canary.cell import BLIND
from tests.benchmarks.canary.cell import HARM
from tests.benchmarks.canary.cell import NULL
from tests.benchmarks.canary.cell import PLANS
from tests.benchmarks.canary.cell import Cell
from tests.benchmarks.canary.latency import SIGMA
from tests.benchmarks.canary.latency import usual
from tests.benchmarks.canary.latency import with_slow_keys
from tests.benchmarks.canary.latency import with_tail

RATES = (1.0, 10.0, 100.0, 1000.0)


def _null(name: str, **more) -> Cell:
    return Cell(f"null/{name}", NULL, **more)


def _harm(name: str, **more) -> Cell:
    return Cell(f"harm/{name}", HARM, **more)


def _errors(factor: float, **more) -> dict:
    return {"canary_error": factor * 0.002, **more}


NULLS = [
    *(_null(f"same at {rate:g} rps", rps=rate) for rate in RATES),
    *(_null(f"same, {plan}", plan=plan) for plan in PLANS if plan != "90/10"),
    _null("same, equal control", equal=True),
    _null("same, equal control, 10/50/100", equal=True, plan="10/50/100"),
    *(_null(f"base error {100 * error:g} %", base_error=error) for error in (0.0, 0.0001, 0.01, 0.05)),
    _null("base error 1 % at 1000 rps", base_error=0.01, rps=1000.0),
    _null("load sine", load="sine"),
    _null("load burst x5", load="burst"),
    *(_null(f"load gamma cv {variation:g}", load="gamma", variation=variation) for variation in (0.1, 0.3, 1.0)),
    _null("load AR(1)", load="autoregressive", variation=0.5),
    *(_null(f"errors over-dispersed cv {variation:g}", base_error=0.01, error_variation=variation) for variation in (0.1, 0.3, 1.0)),
    _null("errors over-dispersed cv 0.3 at 1000 rps", base_error=0.01, error_variation=0.3, rps=1000.0),
    _null("errors over-dispersed cv 1 at 1000 rps", base_error=0.01, error_variation=1.0, rps=1000.0),
    _null("errors AR(1) a pod", base_error=0.01, error_wander=0.3),
    _null("errors AR(1) a pod at 1000 rps", base_error=0.01, error_wander=0.3, rps=1000.0),
    _null("latency AR(1) a pod", latency_wander=0.05),
    _null("pods 3/10 with effect", canary_pods=3, stable_pods=10, pod_variation=0.1),
    _null("pods 3/10 with effect at 1000 rps", canary_pods=3, stable_pods=10, pod_variation=0.1, base_error=0.01, rps=1000.0),
    _null("pods 3/10 with latency effect", canary_pods=3, stable_pods=10, pod_latency_variation=0.1),
    _null("shared incident", incident=0.03),
    _null("shared incident, 10/50/100", incident=0.03, plan="10/50/100"),
    _null("shared incident, equal control", incident=0.03, equal=True),
    _null("shared incident, errors over-dispersed cv 0.3", incident=0.03, error_variation=0.3),
    *(_null(f"scrape gaps {100 * share:g} %", gaps=share) for share in (0.1, 0.5)),
    _null("pods restart every 5 min", restarts=5.0),
    _null("cold start x3, warm-up 5 min", cold_start=True, warm_up=5.0),
    # Judges that would promote here are counted as blind ones below; this asks whether they roll back.
    _null("no p99", histograms=False),
]
HARMS = [
    *(_harm(f"errors x{factor:g}", **_errors(factor)) for factor in (1.5, 2.0, 4.0, 10.0)),
    *(_harm(f"errors 0 to {100 * error:g} %", base_error=0.0, canary_error=error) for error in (0.001, 0.01, 0.05)),
    *(_harm(f"errors x{factor:g} at {rate:g} rps", **_errors(factor, rps=rate)) for factor in (2.0, 10.0) for rate in RATES if rate != 100.0),
    _harm("errors 5 % at 1 rps", rps=1.0, canary_error=0.05),
    *(_harm(f"errors x4, {plan}", **_errors(4.0, plan=plan)) for plan in PLANS if plan != "90/10"),
    _harm("errors x4, equal control", **_errors(4.0, equal=True)),
    _harm("errors x2, equal control, 10/50/100", **_errors(2.0, equal=True, plan="10/50/100")),
    _harm("errors x2, base 1 %", base_error=0.01, canary_error=0.02),
    _harm("errors x2, base 5 %", base_error=0.05, canary_error=0.1),
    _harm("errors x4, over-dispersed cv 0.3", **_errors(4.0, error_variation=0.3)),
    _harm("errors x4, load gamma cv 1", **_errors(4.0, load="gamma", variation=1.0)),
    _harm("errors x4 during a shared incident", **_errors(4.0, incident=0.008)),
    _harm("errors x4, scrape gaps 50 %", **_errors(4.0, gaps=0.5)),
    _harm("errors x4, pods restart every 5 min", **_errors(4.0, restarts=5.0)),
    *(_harm(f"latency x{scale:g}", latency_scale=scale) for scale in (1.05, 1.1, 1.3, 2.0)),
    *(_harm(f"latency x{scale:g} at 10 rps", latency_scale=scale, rps=10.0) for scale in (1.3, 2.0)),
    _harm("latency x1.3, equal control", latency_scale=1.3, equal=True),
    *(_harm(f"tail {100 * share:g} % +{extra:g} s", canary_latency=with_tail(share, extra)) for share in (0.001, 0.01, 0.05) for extra in (0.5, 2.0)),
    _harm("5 % of keys x5 slower", canary_latency=with_slow_keys(0.05, 5.0)),
    _harm(f"variance only, {SIGMA:g} to 1.2", canary_latency=usual(sigma=1.2)),
    _harm("errors x4 from minute 15", **_errors(4.0, harm_starts=15.0)),
    _harm("leak, 1 % slower a minute", leak=0.01),
    _harm("one bad pod of 10", canary_pods=10, stable_pods=10, bad_pod_error=0.1),
    _harm("a route of 5 % fails at 5 %", canary_error=0.95 * 0.002 + 0.05 * 0.05),
    _harm("canary serves 80 %", served=0.8),
]
BLINDS = [
    Cell("blind/no traffic", BLIND, traffic="none"),
    Cell("blind/no traffic on the canary", BLIND, traffic="control"),
    Cell("blind/no control", BLIND, traffic="canary"),
    Cell("blind/canary not scraped", BLIND, scraped=False),
    Cell("blind/no p99", BLIND, histograms=False),
    Cell("blind/1 rps, cohort 1 %", BLIND, rps=1.0, plan="cohort 1 %"),
]
CELLS = [*NULLS, *HARMS, *BLINDS]


def chosen(pattern: str | None) -> list[Cell]:
    """Cells whose names the regular expression finds. Raises ValueError if there are none."""
    found = [cell for cell in CELLS if pattern is None or re.search(pattern, cell.name)]
    if not found:
        raise ValueError(f"no cell's name matches {pattern!r}; names are, for example, {CELLS[0].name!r}, {HARMS[0].name!r}, {BLINDS[0].name!r}")
    return found
