# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""What leads requests to a service: its subsets, and its route with the weights that are live."""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Mapping
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._mesh.names import GATEWAY_API
from ansible_collections.llmops.platform.plugins.module_utils._mesh.names import MATCH
from ansible_collections.llmops.platform.plugins.module_utils._mesh.names import NETWORKING
from ansible_collections.llmops.platform.plugins.module_utils._mesh.names import PRIMARY
from ansible_collections.llmops.platform.plugins.module_utils._mesh.names import TRACK
from ansible_collections.llmops.platform.plugins.module_utils._mesh.names import TRACKS
from ansible_collections.llmops.platform.plugins.module_utils._mesh.names import Named
from ansible_collections.llmops.platform.plugins.module_utils._mesh.names import Objects
from ansible_collections.llmops.platform.plugins.module_utils._mesh.names import gateway_name
from ansible_collections.llmops.platform.plugins.module_utils._mesh.names import host
from ansible_collections.llmops.platform.plugins.module_utils._mesh.names import switched_on
from ansible_collections.llmops.platform.plugins.module_utils._mesh.names import thing

AT_REST = (100, 0)
SIMPLE = {"least_request": "LEAST_REQUEST", "round_robin": "ROUND_ROBIN"}


def routes(services: Named, gateways: Named, live: Iterable[Mapping[str, Any]]) -> Objects:
    """DestinationRule and VirtualService (or HTTPRoute) of each service. Raises ValueError for live weights that nobody could have meant."""
    found = {(entry["kind"], entry["metadata"]["namespace"], entry["metadata"]["name"]): entry for entry in live}
    objects: Objects = []
    for name, service in sorted(services.items()):
        objects.append(destination_rule(name, service))
        kind, build = ("HTTPRoute", http_route) if service.get("api") == "gateway" else ("VirtualService", virtual_service)
        objects.append(build(name, service, gateways, found.get((kind, service["namespace"], name))))
    return objects


def destination_rule(name: str, service: Mapping[str, Any]) -> dict[str, Any]:
    """Limits of a service, and its two subsets, which are there before any route names them."""
    spec = {
        "host": host(name, service["namespace"]),
        "trafficPolicy": traffic_policy(service),
        "subsets": [{"name": track, "labels": {TRACK: track}} for track in TRACKS],
    }
    return thing(NETWORKING, "DestinationRule", name, service["namespace"], spec)


def traffic_policy(service: Mapping[str, Any]) -> dict[str, Any]:
    """Connection pool, outlier detection and load balancing in Istio's words."""
    pool, outliers = service["connection_pool"], service["outlier_detection"]
    return {
        "connectionPool": {
            "tcp": {"maxConnections": pool["tcp_max_connections"]},
            "http": {"http1MaxPendingRequests": pool["http_max_pending_requests"]},
        },
        "outlierDetection": {
            "consecutive5xxErrors": outliers["consecutive_5xx_errors"],
            "interval": outliers["interval"],
            "baseEjectionTime": outliers["base_ejection_time"],
            "maxEjectionPercent": outliers["max_ejection_percent"],
        },
        "loadBalancer": load_balancer(service),
    }


def load_balancer(service: Mapping[str, Any]) -> dict[str, Any]:
    if service["load_balancing"] != "consistent_hash":
        return {"simple": SIMPLE[service["load_balancing"]]}
    cookie = service["cookie"]
    return {"consistentHash": {"httpCookie": {"name": cookie["name"], "path": cookie.get("path", "/"), "ttl": cookie.get("ttl", "0s")}}}


def virtual_service(name: str, service: Mapping[str, Any], gateways: Named, live: Mapping[str, Any] | None) -> dict[str, Any]:
    """The route: who declares itself for the new version first, then everybody by weight."""
    attached = [f"{gateways[key]['namespace']}/{gateway_name(key, gateways[key])}" for key in switched_on(service.get("gateways"))]
    weights = live_weights(live)
    spec: dict[str, Any] = {"hosts": [*(service.get("hosts") or {}).values(), host(name, service["namespace"])]}
    if attached:
        spec["gateways"] = [*attached, "mesh"]
    wanted = canary_matches(service.get("canary") or {})
    names = ([(MATCH, wanted)] if wanted else []) + [(PRIMARY, [])]
    spec["http"] = [_http(route, conditions, name, service, attached, *weights.get(route, (AT_REST, 0.0))) for route, conditions in names]
    return thing(NETWORKING, "VirtualService", name, service["namespace"], spec)


def _http(
    route: str, conditions: list[dict[str, Any]], name: str, service: Mapping[str, Any], attached: list[str], weights: tuple[int, ...], mirrored: float
) -> dict[str, Any]:
    target = host(name, service["namespace"])
    destinations = [{"host": target, "subset": track, "port": {"number": service["port"]}} for track in TRACKS]
    built: dict[str, Any] = {"name": route}
    matches = [{**condition, **place} for condition in conditions or [{}] for place in _places(service.get("path") or "/", attached)]
    if any(matches):
        built["match"] = matches
    built["route"] = [{"destination": destination, "weight": weight} for destination, weight in zip(destinations, weights, strict=True)]
    retries = service["retries"]
    built["retries"] = {"attempts": retries["attempts"]}
    if retries["attempts"]:
        built["retries"].update(perTryTimeout=retries["per_try_timeout"], retryOn=retries["retry_on"])
    if service.get("timeout"):
        built["timeout"] = service["timeout"]
    if service.get("mirror"):
        built["mirrors"] = [{"destination": destinations[1], "percentage": {"value": mirrored}}]
    return built


def _places(path: str, attached: list[str]) -> list[dict[str, Any]]:
    """A path belongs to the gateway, where services share a host; within the mesh each has its own."""
    if path == "/" or not attached:
        return [{}]
    return [{"uri": {"prefix": path}, "gateways": attached}, {"gateways": ["mesh"]}]


def canary_matches(canary: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Any of these leads to the route of those who asked for the new version."""
    found: list[dict[str, Any]] = []
    if header := canary.get("header"):
        found.append({"headers": {header["name"].lower(): {"exact": str(header["value"])}}})
    if cookie := canary.get("cookie"):
        pair = f"{re.escape(cookie['name'])}={re.escape(str(cookie['value']))}"
        found.append({"headers": {"cookie": {"regex": rf"(.*;\s*)?{pair}(;.*)?"}}})
    if cohort := canary.get("cohort"):
        found.append({"headers": {cohort["header"].lower(): {"regex": cohort["regex"]}}})
    return found


def http_route(name: str, service: Mapping[str, Any], gateways: Named, live: Mapping[str, Any] | None) -> dict[str, Any]:
    """The same by the Gateway API, whose destinations are Services: `<service>` and `<service>-canary`."""
    attached = switched_on(service.get("gateways"))
    parents: Objects = [{"name": gateway_name(key, gateways[key]), "namespace": gateways[key]["namespace"]} for key in attached]
    parents += [{"group": "", "kind": "Service", "name": name, "port": service["port"]}]
    weights = live_weights(live)
    canary = service.get("canary") or {}
    wanted = [{"headers": [{"type": kind, "name": name, "value": value}]} for kind, name, value in _header_matches(canary)]
    names = ([(MATCH, wanted)] if wanted else []) + [(PRIMARY, [{}])]
    path = {"path": {"type": "PathPrefix", "value": service.get("path") or "/"}}
    rules = []
    for route, conditions in names:
        split, _mirrored = weights.get(route, (AT_REST, 0.0))
        backends = [
            {"group": "", "kind": "Service", "name": backend, "port": service["port"], "weight": weight}
            for backend, weight in zip((name, f"{name}-canary"), split, strict=True)
        ]
        rule: dict[str, Any] = {"name": route, "matches": [{**path, **condition} for condition in conditions], "backendRefs": backends}
        if service.get("timeout"):
            rule["timeouts"] = {"request": service["timeout"]}
        rules.append(rule)
    spec: dict[str, Any] = {"parentRefs": parents, "rules": rules}
    if service.get("hosts"):
        spec["hostnames"] = list(service["hosts"].values())
    return thing(GATEWAY_API, "HTTPRoute", name, service["namespace"], spec)


def _header_matches(canary: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """As (type, name, value) of the Gateway API."""
    found = []
    for match in canary_matches(canary):
        ((name, condition),) = match["headers"].items()
        ((kind, value),) = condition.items()
        found.append(("Exact" if kind == "exact" else "RegularExpression", name, value))
    return found


def weight_problems(live: Iterable[Mapping[str, Any]]) -> list[str]:
    """What `routes` would refuse, one sentence an object."""
    found = []
    for entry in live:
        try:
            live_weights(entry)
        except ValueError as error:
            found.append(str(error))
    return found


def live_weights(live: Mapping[str, Any] | None) -> dict[str, tuple[tuple[int, ...], float]]:
    """`{route: ((stable, canary), mirrored percent)}` of a live VirtualService or HTTPRoute.

    Raises ValueError for weights that do not sum to 100: nobody knows then what was meant.
    """
    if not live:
        return {}
    spec, kept = live.get("spec") or {}, {}
    for route in spec.get("http") or spec.get("rules") or []:
        targets = route.get("route") or route.get("backendRefs") or []
        if route.get("name") not in (MATCH, PRIMARY) or len(targets) != len(TRACKS):
            continue
        weights = tuple(int(target.get("weight", 0)) for target in targets)
        if sum(weights) != 100 or min(weights) < 0:
            where = f"{live['kind']} {live['metadata']['namespace']}/{live['metadata']['name']}"
            raise ValueError(
                f"{where} route {route['name']} has the weights {' and '.join(map(str, weights))}, which do not sum to 100; "
                "set them with playbooks/rollback.yml, or delete the object to begin with 100 and 0"
            )
        mirrors = route.get("mirrors") or [{}]
        kept[route["name"]] = (weights, (mirrors[0].get("percentage") or {}).get("value", 0))
    return kept
