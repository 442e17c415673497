# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filters of role release about what runs, and about the plan."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.llmops.platform.plugins.module_utils._release import plan
from ansible_collections.llmops.platform.plugins.module_utils._release import traffic

MATCH_ROUTE = "canary-match"
# Of a metric's settings, where its counts come from; the rest is how a mode judges them.
SOURCES = ("template", "metric", "code_label", "requests", "events", "buckets", "bounds", "pod_label")


def release_objects(resources: list[Mapping[str, Any]], service: str) -> dict[str, Any]:
    """What of a service runs: {stable, canary, replica_sets, replica_set, autoscaler, service, ...}; {} for what is not there."""

    def find(kind: str, name: str) -> dict[str, Any]:
        return next((dict(found) for found in resources if found["kind"] == kind and found["metadata"]["name"] == name), {})

    stable = find("Deployment", service)
    autoscaler = next(
        (dict(found) for found in resources if found["kind"] == "HorizontalPodAutoscaler" and found["spec"]["scaleTargetRef"]["name"] == service), {}
    )
    virtual_service = find("VirtualService", service)
    replica_sets = {found["metadata"]["name"]: dict(found) for found in resources if found["kind"] == "ReplicaSet" and _owned_by(found, stable)}
    return {
        "replica_sets": replica_sets,
        # The one whose pods the Deployment wants now.
        "replica_set": max(replica_sets, key=lambda name: _revision(replica_sets[name]), default=""),
        "stable": stable,
        "canary": find("Deployment", f"{service}-canary"),
        "autoscaler": autoscaler,
        "service": find("Service", service),
        "virtual_service": virtual_service,
        "http_route": find("HTTPRoute", service),
        "version": _version(stable),
        "size": max(int((stable.get("spec") or {}).get("replicas") or 1), int((autoscaler.get("spec") or {}).get("minReplicas") or 1)) if stable else 0,
        "mirrors": any(rule.get("mirrors") for rule in (virtual_service.get("spec") or {}).get("http") or []),
    }


def _owned_by(replica_set: Mapping[str, Any], deployment: Mapping[str, Any]) -> bool:
    uid = (deployment.get("metadata") or {}).get("uid")
    return any(owner.get("uid") == uid for owner in replica_set["metadata"].get("ownerReferences") or [])


def _revision(replica_set: Mapping[str, Any]) -> int:
    return int((replica_set["metadata"].get("annotations") or {}).get("deployment.kubernetes.io/revision") or 0)


def _version(deployment: Mapping[str, Any]) -> str:
    """The image's tag; a colon before the last slash belongs to the registry's port."""
    if not deployment:
        return ""
    image = deployment["spec"]["template"]["spec"]["containers"][0]["image"]
    return image.rpartition("/")[2].partition("@")[0].partition(":")[2]


def release_traffic(live: Mapping[str, Any]) -> str:
    """Which object shifts the service's traffic: VirtualService, HTTPRoute, Service, or none."""
    name = (live["stable"].get("metadata") or {}).get("name", "")
    if release_routes(live["virtual_service"]):
        return "VirtualService"
    if live["http_route"] and traffic.routes_of({**live["http_route"], "kind": "HTTPRoute"}, {"stable": name, "canary": f"{name}-canary"}):
        return "HTTPRoute"
    # Where the selector has both tracks, switching it would change nothing for a mesh.
    return "Service" if traffic.TRACK_LABEL in ((live["service"].get("spec") or {}).get("selector") or {}) else "none"


def release_routes(virtual_service: Mapping[str, Any]) -> list[str]:
    """Names of the routes that have both subsets."""
    if not virtual_service:
        return []
    return list(traffic.routes_of({**virtual_service, "kind": "VirtualService"}, {"stable": "stable", "canary": "canary"}))


def release_entry(live: Mapping[str, Any]) -> dict[str, str]:
    """How requests from outside name the service: {host, prefix} of its route, each empty where it has none."""
    spec = live["virtual_service"].get("spec") or live["http_route"].get("spec") or {}
    hosts = [host for host in spec.get("hosts") or spec.get("hostnames") or [] if "*" not in host and not host.endswith(".svc.cluster.local") and "." in host]
    rules = spec.get("http") or spec.get("rules") or [{}]
    match = (rules[-1].get("match") or rules[-1].get("matches") or [{}])[0]
    prefix = (match.get("uri") or {}).get("prefix") or (match.get("path") or {}).get("value") or ""
    return {"host": hosts[0] if hosts else "", "prefix": prefix.rstrip("/")}


def release_weights(settings: Mapping[str, Any], stage: Mapping[str, Any]) -> dict[str, dict[str, int]]:
    """The split of a stage: what chosen requests get, and all others."""
    routes = settings["routes"] if settings["traffic"] == "VirtualService" else ["selector"] if settings["traffic"] == "Service" else ["0"]
    return {route: _split(stage["matched"] if route == MATCH_ROUTE else stage["canary"]) for route in routes}


def _split(canary: int) -> dict[str, int]:
    return {"stable": 100 - canary, "canary": canary}


def release_plan(settings: Mapping[str, Any], size: int) -> list[dict[str, Any]]:
    """The stages of a release; see module_utils/_release/plan.py."""
    try:
        return plan.plan(settings, size)
    except plan.PlanError as error:
        raise AnsibleFilterError(f"release_plan - {error}") from error


def release_plan_rows(stages: list[Mapping[str, Any]], done: int = 0) -> list[str]:
    """The plan as lines for people."""
    return plan.rows(stages, done)


def release_needs(settings: Mapping[str, Any], stages: list[Mapping[str, Any]], number: int) -> str:
    """What the analysis must show before the release goes on after a stage: no_harm, promote, or slo where stable has no traffic to compare with."""
    if stages[number].get("canary") == 100:
        return "slo"
    later = any(stage.get("judge") and stage.get("canary", 0) < 100 for stage in stages[number + 1 :])
    return "no_harm" if later and settings["canary"]["step_needs"] == "no_harm" else "promote"


def release_analysis(settings: Mapping[str, Any], service: str, prometheus: Mapping[str, Any], needs: str) -> dict[str, Any]:
    """Options of module canary_analysis; {} if there is nothing to judge by.

    Where all traffic is on the new version there is no stable to compare with, and the objectives (`slo`) of the metrics are the limits.
    """
    analysis = {key: value for key, value in settings["analysis"].items() if key != "deadline"}
    if not settings["judged"]:
        return {}
    target = {"service": service, "namespace": settings["namespace"], "port": settings["port"], **(analysis.get("target") or {})}
    options = {**analysis, "prometheus": dict(prometheus), "target": {key: value for key, value in target.items() if value is not None}}
    if needs != "slo":
        return options
    limited = {name: metric for name, metric in analysis["metrics"].items() if metric.get("slo") is not None}
    sources = {name: {key: value for key, value in metric.items() if key in SOURCES} for name, metric in limited.items()}
    if not limited:
        return {}
    keep = {key: options[key] for key in ("prometheus", "target", "limits") if key in options}
    return {**keep, "mode": "threshold", "metrics": {name: {**sources[name], "max": metric["slo"]} for name, metric in limited.items()}}


def release_minutes_from_now(minutes: float) -> str:
    """The time in so many minutes, ISO 8601 in UTC."""
    return (datetime.datetime.now(datetime.UTC) + datetime.timedelta(minutes=float(minutes))).strftime("%Y-%m-%dT%H:%M:%SZ")


def release_status(record: Mapping[str, Any], service: str) -> list[str]:
    """How far a release is, as lines."""
    if not record:
        return [f"{service} was never released."]
    head = f"{service}: {record.get('version')} {record.get('phase', '?').replace('_', ' ')} ({record.get('strategy')}, stable {record.get('stable_version')})"
    lines = [head + (f": {record['reason']}" if record.get("reason") else "")]
    if record.get("warm_until"):
        lines.append(f"old version warm until {record['warm_until']}")
    lines += plan.rows(record.get("plan") or [], int(record.get("stage") or 0))
    return lines + [f"{entry['time']} {entry['event']}" for entry in record.get("history") or []]


class FilterModule:
    """The filters by name."""

    def filters(self) -> dict:
        return {
            "release_objects": release_objects,
            "release_traffic": release_traffic,
            "release_routes": release_routes,
            "release_entry": release_entry,
            "release_weights": release_weights,
            "release_plan": release_plan,
            "release_plan_rows": release_plan_rows,
            "release_needs": release_needs,
            "release_analysis": release_analysis,
            "release_minutes_from_now": release_minutes_from_now,
            "release_status": release_status,
        }
