# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Who may talk to whom: mutual TLS, what is denied, who is allowed, whose tokens count, and what is traced."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._mesh.names import GATEWAY_API
from ansible_collections.llmops.platform.plugins.module_utils._mesh.names import SECURITY
from ansible_collections.llmops.platform.plugins.module_utils._mesh.names import TELEMETRY
from ansible_collections.llmops.platform.plugins.module_utils._mesh.names import Named
from ansible_collections.llmops.platform.plugins.module_utils._mesh.names import Objects
from ansible_collections.llmops.platform.plugins.module_utils._mesh.names import gateway_name
from ansible_collections.llmops.platform.plugins.module_utils._mesh.names import object_name
from ansible_collections.llmops.platform.plugins.module_utils._mesh.names import principal
from ansible_collections.llmops.platform.plugins.module_utils._mesh.names import switched_on
from ansible_collections.llmops.platform.plugins.module_utils._mesh.names import thing

MONITORING = "monitoring.coreos.com/v1"
# The agent's port: not intercepted, it answers probes and merges the metrics of proxy and service.
AGENT_PORT = 15020


def policies(settings: Mapping[str, Any]) -> Objects:
    """All policies.

    `settings`: namespace, mtls, default_deny, namespaces, services, gateways, authorization, request_authentication, tracing, sampling, metrics,
    mode.
    """
    objects = [_peer_authentication("default", settings["namespace"], {"mtls": {"mode": settings["mtls"].upper()}})]
    if settings["default_deny"]:
        objects += [thing(SECURITY, "AuthorizationPolicy", "default-deny", name, {}) for name in switched_on(settings["namespaces"])]
    accounts = callers(settings["services"], settings["gateways"])
    for key, rule in sorted(settings["authorization"].items()):
        objects += _allowed(key, rule, accounts)
    objects += _plain_metrics(settings["services"], settings["default_deny"])
    objects += [_request_authentication(key, issuer) for key, issuer in sorted(settings["request_authentication"].items())]
    if settings["tracing"] != "none":
        tracing = [{"providers": [{"name": settings["tracing"]}], "randomSamplingPercentage": float(settings["sampling"])}]
        objects.append(thing(TELEMETRY, "Telemetry", "default", settings["namespace"], {"tracing": tracing}))
    if settings["mode"] == "ambient":
        objects += [_waypoint(name) for name in switched_on(settings["namespaces"])]
    if settings["metrics"]:
        objects += [_pod_monitor(name) for name in switched_on(settings["namespaces"])]
    return objects


def callers(services: Named, gateways: Named) -> dict[str, str]:
    """`{service account: namespace}` of all that may call: services and gateways, each with an account of its own name."""
    found = {gateway_name(key, gateway): gateway["namespace"] for key, gateway in gateways.items()}
    return {**found, **{name: service["namespace"] for name, service in services.items()}}


def _peer_authentication(name: str, namespace: str, spec: Mapping[str, Any]) -> dict[str, Any]:
    return thing(SECURITY, "PeerAuthentication", name, namespace, spec)


def _allowed(key: str, rule: Mapping[str, Any], accounts: Mapping[str, str]) -> Objects:
    source: dict[str, Any] = {}
    if rule.get("from"):
        source["principals"] = [principal(name, accounts[name]) for name in switched_on(rule["from"])]
    else:
        source["namespaces"] = [rule["from_namespace"]]
    operation = {name: switched_on(rule.get(name)) for name in ("methods", "paths", "ports") if rule.get(name)}
    allowed: dict[str, Any] = {"from": [{"source": source}], **({"to": [{"operation": operation}]} if operation else {})}
    spec = {"action": "ALLOW", "rules": [allowed]}
    if "to" not in rule:
        return [thing(SECURITY, "AuthorizationPolicy", object_name(key), rule["namespace"], spec)]
    return [
        thing(SECURITY, "AuthorizationPolicy", object_name(key, target), rule["namespace"], {"selector": {"matchLabels": {"app": target}}, **spec})
        for target in switched_on(rule["to"])
    ]


def _plain_metrics(services: Named, default_deny: bool) -> Objects:
    """A collector outside the mesh has no certificate: exactly the declared port takes plain text, and exactly that path."""
    objects: Objects = []
    for name, service in sorted(services.items()):
        metrics = service.get("metrics")
        if not metrics:
            continue
        selector = {"matchLabels": {"app": name}}
        ports = {str(metrics["port"]): {"mode": "PERMISSIVE"}}
        objects.append(_peer_authentication(object_name(name, "metrics"), service["namespace"], {"selector": selector, "portLevelMtls": ports}))
        if default_deny:
            operation = {"ports": [str(metrics["port"])], "methods": ["GET"], "paths": [metrics.get("path", "/metrics")]}
            spec = {"selector": selector, "action": "ALLOW", "rules": [{"to": [{"operation": operation}]}]}
            objects.append(thing(SECURITY, "AuthorizationPolicy", object_name(name, "metrics"), service["namespace"], spec))
    return objects


def _request_authentication(key: str, issuer: Mapping[str, Any]) -> dict[str, Any]:
    rule: dict[str, Any] = {"issuer": issuer["issuer"], "forwardOriginalToken": True}
    if issuer.get("jwks_uri"):
        rule["jwksUri"] = issuer["jwks_uri"]
    if issuer.get("audiences"):
        rule["audiences"] = switched_on(issuer["audiences"])
    spec: dict[str, Any] = {"jwtRules": [rule]}
    if issuer.get("service"):
        spec["selector"] = {"matchLabels": {"app": issuer["service"]}}
    return thing(SECURITY, "RequestAuthentication", object_name(key), issuer["namespace"], spec)


def _waypoint(namespace: str) -> dict[str, Any]:
    """Ambient's nodes know connections only; what looks at requests is done here."""
    spec = {"gatewayClassName": "istio-waypoint", "listeners": [{"name": "mesh", "port": 15008, "protocol": "HBONE"}]}
    built = thing(GATEWAY_API, "Gateway", "waypoint", namespace, spec)
    built["metadata"]["labels"]["istio.io/waypoint-for"] = "service"
    return built


def _pod_monitor(namespace: str) -> dict[str, Any]:
    spec = {
        "selector": {"matchExpressions": [{"key": "security.istio.io/tlsMode", "operator": "Exists"}]},
        # By number: the agent's port stands in no container's list.
        "podMetricsEndpoints": [{"path": "/stats/prometheus", "interval": "15s", "portNumber": AGENT_PORT}],
    }
    return thing(MONITORING, "PodMonitor", "istio-proxies", namespace, spec)
