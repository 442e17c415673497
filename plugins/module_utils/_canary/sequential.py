# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Anytime-valid test of a canary's event counts against those of the concurrent stable version.

Requests and events (errors, or requests slower than a bucket's bound) are counters. In a slice of time the canary shows x_c events in n_c
requests, stable x_b in n_b. Given the sum S = x_c + x_b, an event is the canary's with probability theta(r) = r*a / (1 + r*a), a = n_c / n_b,
where r is the ratio of their rates; what both share, as load or an incident, cancels (Lindon and Malek, NeurIPS 2022, arXiv:2011.03567).
Each slice adds l(r) = x_c*ln(r) - S*ln(1 + r*a), divided by its dispersion phi, to a curve over a fixed grid of r. Out of this one curve come

- harm: E = mean over r > r0 of exp(l(r) - l(r0)) >= K/alpha rolls back (Ville's inequality; K metrics, Bonferroni),
- safety: E' = mean over r < r1 of exp(l(r) - l(r1)) >= 1/beta lets promote, with the minimum of requests and the SLO floor,
- the confidence sequence of r, all r whose own two-sided E stays below 1/alpha.
"""

from __future__ import annotations

from typing import Any

PROMOTE = "promote"
ROLL_BACK = "roll_back"
INCONCLUSIVE = "inconclusive"


def initial_state() -> dict[str, Any]:
    """The state before the first look, JSON-able."""
    return {}


def judge(config: dict[str, Any], state: dict[str, Any], look: dict[str, Any]) -> tuple[str, dict[str, Any], dict[str, Any]]:
    """One look: the verdict, the state for the next look and the details for the evidence. `state` itself is not changed."""
    raise NotImplementedError


def requests_needed(ratio: float, rate: float, share: float, config: dict[str, Any] | None = None) -> dict[str, int]:
    """How many of the canary's requests each verdict needs in expectation: `{"roll_back": n, "promote": n}`."""
    raise NotImplementedError
