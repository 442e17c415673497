# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""What a user may set, judged before anything is asked: every message names the option and the remedy."""

from __future__ import annotations

import difflib
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._canary import argo
from ansible_collections.llmops.platform.plugins.module_utils._canary import kayenta
from ansible_collections.llmops.platform.plugins.module_utils._canary import sequential

SOURCE_KEYS = {"template", "metric", "code_label", "requests", "events", "buckets", "bounds", "pod_label"}
MODE_KEYS: dict[str, set[str]] = {
    "sequential": set(sequential.METRIC_DEFAULTS),
    "threshold": {"query", "min", "max"},
    "argo": {"query", *argo.DEFAULTS},
    "kayenta": set(kayenta.DEFAULTS),
}
DIRECTIONS = ("increase", "decrease", "either")


class SettingsError(ValueError):
    """An option that cannot be meant."""


def _number(value: Any, name: str, low: float, high: float) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = float("nan")
    if isinstance(value, bool) or not low <= number <= high:
        raise SettingsError(f"{name} is {value!r}; give a number from {low:g} to {high:g}")
    return number


def metric(name: str, given: Any, mode: str) -> dict[str, Any]:
    """One entry of `metrics`, checked; numbers are numbers."""
    path = f"metrics.{name}"
    if not isinstance(given, dict):
        raise SettingsError(f"{path} is {given!r}; give a dictionary with 'template', or with 'requests' and 'events'")
    known = SOURCE_KEYS | MODE_KEYS[mode]
    for key in given:
        if key not in known:
            near = difflib.get_close_matches(str(key), sorted(known), 1)
            hint = f"did you mean {near[0]}?" if near else f"known in mode {mode} are {', '.join(sorted(known))}"
            raise SettingsError(f"{path}.{key} is unknown; {hint}")
    found = {key: value for key, value in given.items() if value is not None}
    for key in ("requests", "events", "buckets"):
        if key in found and not (isinstance(found[key], dict) and set(found[key]) == {"canary", "baseline"}):
            raise SettingsError(f"{path}.{key} is {found[key]!r}; give one query for each of 'canary' and 'baseline'")
    if mode in ("sequential", "kayenta") and found.get("direction", "either") not in DIRECTIONS:
        raise SettingsError(f"{path}.direction is {found['direction']!r}; it is one of {', '.join(DIRECTIONS)}")
    if mode == "sequential":
        _sequential(path, found)
    if mode == "threshold" and "min" not in found and "max" not in found:
        raise SettingsError(f"{path} has neither 'min' nor 'max'; give the range in which the value is good")
    for key in ("min", "max", "slo", "negligible"):
        if key in found:
            found[key] = _number(found[key], f"{path}.{key}", 0, 1 if mode == "sequential" else float("inf"))
    return found


def _sequential(path: str, found: dict[str, Any]) -> None:
    if "warm_up" in found:
        found["warm_up"] = _number(found["warm_up"], f"{path}.warm_up", 0, 86400)
    tolerance = found["tolerance"] = _number(found.get("tolerance", sequential.METRIC_DEFAULTS["tolerance"]), f"{path}.tolerance", 1, 8)
    found["harm"] = _number(found.get("harm", sequential.METRIC_DEFAULTS["harm"]), f"{path}.harm", 1, 14)
    if found["harm"] < tolerance * 1.1:
        raise SettingsError(f"{path}.harm {found['harm']:g} has to be 10 % above {path}.tolerance {tolerance:g} at least; between them no verdict is possible")


def metrics(given: Any, mode: str) -> dict[str, dict[str, Any]]:
    """All metrics, in order of name."""
    if not isinstance(given, dict) or not given:
        raise SettingsError("metrics is empty; name one metric at least, such as {errors: {template: istio_errors}}")
    return {name: metric(str(name), given[name], mode) for name in sorted(given)}


def judge_config(arguments: dict[str, Any], found: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """What the judge of the mode gets."""
    mode = arguments["mode"]
    if mode == "sequential":
        return {
            "alpha": _number(arguments["alpha"], "alpha", 1e-9, 0.5),
            "beta": _number(arguments["beta"], "beta", 1e-9, 0.5),
            "min_requests": _number(arguments["min_requests"], "min_requests", 1, 1e12),
            "min_duration": _number(arguments["min_duration"], "min_duration", 0, 864000),
            "warm_up": _number(arguments["warm_up"], "warm_up", 0, 86400),
            "slice_seconds": _number(arguments["slice_seconds"], "slice_seconds", 1, 3600),
            "gap": 4 * float(arguments["slice_seconds"]),
            "metrics": found,
        }
    return {**{key: value for key, value in (arguments.get(mode) or {}).items() if value is not None}, "metrics": found}
