# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Kayenta's judge NetflixACAJudge-v1.0 (MannWhitneyClassifier, WeightedSumScorer), for migration.

Each metric compares two lists of points, usually one a minute, by a Mann-Whitney confidence interval of the shift (98 %, normal approximation). The bound
is 0.25 of the shift itself, so it asks for precision and not for size. Two differences are on purpose: the noise that it adds, unseeded, to two
different constants is left out (their shift is certain), and what cannot be judged (`error`) counts as a failed metric, where it used to vanish.
"""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._canary.sequential import INCONCLUSIVE
from ansible_collections.llmops.platform.plugins.module_utils._canary.sequential import PROMOTE
from ansible_collections.llmops.platform.plugins.module_utils._canary.sequential import ROLL_BACK

DEFAULTS: dict[str, Any] = {
    "direction": "either",
    "nan": "remove",
    "outliers": "keep",
    "effect": {},
    "critical": False,
    "critical_increase": 1.0,
    "critical_decrease": 0.5,
    "must_have_data": False,
    "muted": False,
    "group": None,
}
CONFIDENCE = 0.98
TOLERANCE = 0.25
QUANTILE = NormalDist().inv_cdf(0.5 + CONFIDENCE / 2)


def initial_state() -> dict[str, Any]:
    """The state before the first look, JSON-able."""
    return {"scores": []}


def _percentile(ordered: list[float], part: float) -> float:
    """R-7, as Excel's and numpy's."""
    position = (len(ordered) - 1) * part
    low = math.floor(position)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (position - low) * (ordered[high] - ordered[low])


def without_outliers(values: list[float]) -> list[float]:
    """The values within three interquartile ranges, and never less than the 1st to the 99th percentile."""
    ordered = sorted(values)
    if len(ordered) < 2:
        return values
    first, third = _percentile(ordered, 0.25), _percentile(ordered, 0.75)
    reach = 3 * (third - first)
    low, high = min(_percentile(ordered, 0.01), first - reach), max(_percentile(ordered, 0.99), third + reach)
    return [value for value in values if low <= value <= high]


def prepared(metric: dict[str, Any], values: list) -> list[float]:
    """The points to compare."""
    missing = [value is None or not math.isfinite(value) for value in values]
    if metric["nan"] == "replace":
        kept = [0.0 if gone else float(value) for value, gone in zip(values, missing, strict=True)]
    else:
        kept = [float(value) for value, gone in zip(values, missing, strict=True) if not gone]
    return without_outliers(kept) if metric["outliers"] == "remove" else kept


def z_value(experiment: list[float], control: list[float], shift: float) -> float:
    """z of the Mann-Whitney statistic of `experiment - shift` against `control`, with the ties in sigma, less no correction."""
    moved = [value - shift for value in experiment]
    ranked = sorted([(value, 0) for value in moved] + [(value, 1) for value in control])
    size, position, ranks, ties = len(ranked), 0, 0.0, 0.0
    while position < size:
        end = position
        while end < size and ranked[end][0] == ranked[position][0]:
            end += 1
        rank, count = (position + 1 + end) / 2, end - position
        ranks += rank * sum(1 for item in ranked[position:end] if item[1] == 0)
        ties += count**3 - count
        position = end
    m, n = len(moved), len(control)
    statistic = ranks - m * (m + 1) / 2 - m * n / 2
    sigma = math.sqrt(m * n / 12 * ((m + n + 1) - ties / ((m + n) * (m + n - 1))))
    return statistic / sigma if sigma > 0 else math.copysign(math.inf, statistic) if statistic else 0.0


def _root(experiment: list[float], control: list[float], quantile: float, correction: float) -> float:
    """The shift at which z falls to the quantile; the smallest or largest difference where it never does."""
    low, high = min(experiment) - max(control), max(experiment) - min(control)
    m, n = len(experiment), len(control)
    plain = math.sqrt(m * n * (m + n + 1) / 12)

    def beyond(shift: float) -> bool:
        return z_value(experiment, control, shift) + correction / plain > quantile

    if not beyond(low):
        return low
    if beyond(high):
        return high
    for _halving in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if beyond(middle) else (low, middle)
    return (low + high) / 2


def shift_interval(experiment: list[float], control: list[float]) -> tuple[float, float, float]:
    """Lower and upper limit of the shift at 98 %, and its estimate."""
    return (
        _root(experiment, control, QUANTILE, -0.5),
        _root(experiment, control, -QUANTILE, 0.5),
        _root(experiment, control, 0.0, 0.0),
    )


def mean_ratio(experiment: list[float], control: list[float]) -> float | None:
    """Mean of one by mean of the other, None where either is 0."""
    above, below = sum(experiment) / len(experiment), sum(control) / len(control)
    return above / below if above and below else None


def _early(metric: dict[str, Any], experiment: list[float], control: list[float]) -> str | None:
    if not experiment or not control:
        if metric["nan"] == "replace":
            return "pass"
        return "nodata_fail" if metric["must_have_data"] and not metric["critical"] else "nodata"
    if sorted(experiment) == sorted(control) or len(set(experiment) | set(control)) == 1:
        return "pass"
    return None


def classify(metric: dict[str, Any], experiment: list, control: list) -> dict[str, Any]:
    """A metric's label: `pass`, `high`, `low`, `nodata`, `nodata_fail`; whether it is critical; and the figures behind it."""
    metric = {**DEFAULTS, **metric}
    experiment, control = prepared(metric, experiment), prepared(metric, control)
    early = _early(metric, experiment, control)
    if early:
        return {"label": early, "critical": metric["critical"] and early == "nodata", "low": None, "high": None, "estimate": None, "effect": None}
    if len(set(experiment)) == 1 and len(set(control)) == 1:
        low = high = estimate = experiment[0] - control[0]
    else:
        low, high, estimate = shift_interval(experiment, control)
    bound, effect = TOLERANCE * abs(estimate), mean_ratio(experiment, control)
    label = "pass"
    if metric["direction"] in ("increase", "either") and low > bound and (effect is None or effect >= metric["effect"].get("increase", 1.0)):
        label = "high"
    elif metric["direction"] in ("decrease", "either") and high < -bound and (effect is None or effect <= metric["effect"].get("decrease", 1.0)):
        label = "low"
    beyond = effect is None or (effect >= metric["critical_increase"] if label == "high" else effect <= metric["critical_decrease"])
    critical = metric["critical"] and label in ("high", "low") and beyond
    return {"label": label, "critical": critical, "low": low, "high": high, "estimate": estimate, "effect": effect}


def score(config: dict[str, Any], results: dict[str, dict[str, Any]]) -> float:
    """The weighted score, 0 to 100."""
    counted = {name: one for name, one in results.items() if not config["metrics"][name].get("muted")}
    if not counted or any(one["critical"] for one in counted.values()):
        return 0.0
    if 2 * sum(one["label"] == "nodata" for one in counted.values()) >= len(counted):
        return 0.0
    groups: dict[str, list[str]] = {}
    for name, one in counted.items():
        groups.setdefault(config["metrics"][name].get("group") or "", []).append(one["label"])
    weights = {name: float(weight) for name, weight in (config.get("groups") or {}).items() if name in groups}
    unlisted = [name for name in groups if name not in weights]
    for name in unlisted:
        weights[name] = max(0.0, 100.0 - sum((config.get("groups") or {}).values())) / len(unlisted)
    whole = sum(weights.values())
    if whole <= 0:
        return 0.0
    total = 0.0
    for name, labels in groups.items():
        judged = [label for label in labels if label != "nodata"]
        total += weights[name] * (100.0 * judged.count("pass") / len(judged) if judged else 100.0)
    return round(total / whole, 2)


def judge(config: dict[str, Any], state: dict[str, Any], look: dict[str, Any]) -> tuple[str, dict[str, Any], dict[str, Any]]:
    """One of `looks` judgements: the verdict, the state for the next look and the details for the evidence. `state` itself is not changed."""
    good, marginal, looks = config.get("pass", 95), config.get("marginal", 75), config.get("looks", 1)
    results: dict[str, dict[str, Any]] = {}
    for name, metric in config["metrics"].items():
        data = look["metrics"].get(name) or {"status": "empty"}
        status = data.get("status", "ok")
        if status in ("ok", "empty", "nan", "no_traffic"):
            results[name] = {"status": status, **classify(metric, data.get("canary") or [], data.get("baseline") or [])}
        else:
            results[name] = {
                "status": status,
                "label": "error",
                "critical": bool(metric.get("critical")),
                "low": None,
                "high": None,
                "estimate": None,
                "effect": None,
            }
    now = score(config, results)
    scores = [*state.get("scores", []), now]
    verdict = INCONCLUSIVE
    if now < marginal or (len(scores) >= looks and now < good):
        verdict = ROLL_BACK
    elif len(scores) >= looks:
        verdict = PROMOTE
    labels = ", ".join(f"{name} {one['label']}" for name, one in results.items())
    reason = f"score {now:g} in look {len(scores)} of {looks} (pass {good}, marginal {marginal}): {labels}"
    return verdict, {"scores": scores}, {"metrics": results, "score": now, "reason": reason}
