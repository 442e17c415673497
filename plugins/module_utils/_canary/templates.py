# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Metric templates: which raw counters of Istio, Envoy and the platforms tell requests and events of each arm, as PromQL selectors.

Values that users give are data: they are compared with `=` only, and what PromQL reads in a string is escaped.
"""

from __future__ import annotations

import re
from typing import Any

LABEL = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*\Z")
METRIC = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*\Z")
TRACKS = {"canary": {"track": "canary"}, "baseline": {"track": "stable"}}
WORKLOADS = {"canary": {"destination_workload": "{service}-canary"}, "baseline": {"destination_workload": "{service}"}}
SUBSETS = {
    "canary": {"envoy_cluster_name": "outbound|{port}|canary|{service}.{namespace}.svc.{domain}"},
    "baseline": {"envoy_cluster_name": "outbound|{port}|stable|{service}.{namespace}.svc.{domain}"},
}
ISTIO = {"destination_service_name": "{service}", "destination_service_namespace": "{namespace}", "reporter": "{reporter}"}
OWN = {"namespace": "{namespace}"}

#: `counter` or `histogram`; `labels` of both arms; `arms`; `bad`: the label and regular expression of an event; `bounds` in the histogram's own unit.
#: The source's reports hold what never reached a pod, which the destination's do not.
TEMPLATES: dict[str, dict[str, Any]] = {
    "istio_errors": {"counter": "istio_requests_total", "labels": ISTIO, "arms": WORKLOADS, "bad": ("response_code", "5..|0")},
    "istio_latency": {"histogram": "istio_request_duration_milliseconds", "labels": ISTIO, "arms": WORKLOADS, "bounds": [250, 500, 1000]},
    "envoy_errors": {"counter": "envoy_cluster_upstream_rq_xx", "labels": {}, "arms": SUBSETS, "bad": ("envoy_response_code_class", "5")},
    "envoy_latency": {"histogram": "envoy_cluster_upstream_rq_time", "labels": {}, "arms": SUBSETS, "bounds": [250, 500, 1000]},
    "marketplace_errors": {"counter": "marketplace_requests_total", "labels": OWN, "arms": TRACKS, "bad": ("code", "5..")},
    "marketplace_latency": {"histogram": "marketplace_request_duration_seconds", "labels": OWN, "arms": TRACKS, "bounds": [0.25, 0.5, 1]},
    "application_errors": {"counter": None, "labels": OWN, "arms": TRACKS, "bad": ("code", "5..")},
    "application_latency": {"histogram": None, "labels": OWN, "arms": TRACKS, "bounds": [0.25, 0.5, 1]},
}
REPORTERS = {"source": "source", "destination": "destination", "waypoint": "waypoint"}


class TemplateError(ValueError):
    """A metric that cannot be turned into queries."""


def escaped(value: Any) -> str:
    """A label's value between double quotes of PromQL."""
    return str(value).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def selector(metric: str, labels: dict[str, Any], expressions: dict[str, str] | None = None) -> str:
    """`metric{label="value",label=~"expression"}`, labels in order of name; expressions are the collection's own."""
    if not METRIC.match(metric):
        raise TemplateError(f"{metric!r} is no name of a metric; letters, digits, '_' and ':' only")
    for label in [*labels, *(expressions or {})]:
        if not LABEL.match(label):
            raise TemplateError(f"{label!r} is no name of a label; letters, digits and '_' only")
    parts = [f'{name}="{escaped(labels[name])}"' for name in sorted(labels)]
    parts += [f'{name}=~"{escaped(expression)}"' for name, expression in sorted((expressions or {}).items())]
    return f"{metric}{{{','.join(parts)}}}"


def _filled(text: str, target: dict[str, Any], name: str) -> str:
    values = {"domain": "cluster.local", "reporter": "source", **{key: value for key, value in target.items() if value is not None}}
    for key in re.findall(r"{(\w+)}", text):
        if key not in values:
            raise TemplateError(f"metrics.{name}: the template needs target.{key}")
    # One pass, so that braces in a value stay what they are.
    return re.sub(r"{(\w+)}", lambda found: str(values[found.group(1)]), text)


def _bound_expression(bounds: list[float]) -> str:
    """le as Prometheus 2 (`250`) and 3 (`250.0`) write it."""
    texts = []
    for bound in bounds:
        text = f"{bound:g}"
        texts.append(re.escape(text) + ("" if "." in text or "e" in text else "([.]0)?"))
    return "|".join(texts)


def queries(name: str, metric: dict[str, Any], target: dict[str, Any]) -> dict[str, dict[str, str]]:
    """By arm the selectors `requests` and `events`, or `requests` and `buckets`."""
    if metric.get("template"):
        return _of_template(name, metric, target)
    found = {arm: {key: metric[key][arm] for key in ("requests", "events", "buckets") if metric.get(key)} for arm in ("canary", "baseline")}
    for texts in found.values():
        if "requests" not in texts or ("events" in texts) == ("buckets" in texts):
            raise TemplateError(f"metrics.{name} needs 'template', or 'requests' with one of 'events' and 'buckets'")
    return found


def bounds_of(metric: dict[str, Any]) -> list[float] | None:
    """The bounds of a histogram, None for a metric that counts events."""
    template = TEMPLATES.get(metric.get("template") or "", {})
    if "histogram" not in template and not metric.get("buckets"):
        return None
    bounds = metric.get("bounds") or template.get("bounds")
    if not bounds:
        raise TemplateError("'buckets' needs 'bounds', the le whose slower requests are counted; three around the SLO are good")
    return sorted(float(bound) for bound in bounds)


def _of_template(name: str, metric: dict[str, Any], target: dict[str, Any]) -> dict[str, dict[str, str]]:
    if metric["template"] not in TEMPLATES:
        raise TemplateError(f"metrics.{name}.template {metric['template']!r} is unknown; known are {', '.join(TEMPLATES)}")
    template = TEMPLATES[metric["template"]]
    kind = "counter" if "counter" in template else "histogram"
    source = metric.get("metric") or template[kind]
    if not source:
        raise TemplateError(f"metrics.{name}: template {metric['template']} needs 'metric', the name of the {kind}")
    found = {}
    for arm in ("canary", "baseline"):
        own = (target.get("arms") or {}).get(arm)
        chosen = {key: _filled(value, target, name) for key, value in template["arms"][arm].items()} if own is None else own
        labels = {key: _filled(value, target, name) for key, value in template["labels"].items()}
        labels = {**labels, **(target.get("labels") or {}), **chosen}
        if kind == "counter":
            label, expression = metric.get("code_label") or template["bad"][0], template["bad"][1]
            found[arm] = {"requests": selector(source, labels), "events": selector(source, labels, {label: expression})}
        else:
            buckets = selector(f"{source}_bucket", labels, {"le": _bound_expression(bounds_of(metric) or [])})
            found[arm] = {"requests": selector(f"{source}_count", labels), "buckets": buckets}
    return found
