# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Variables of role istio that contradict nothing, to be spoiled one by one."""

from __future__ import annotations

import copy
from typing import Any

DEFAULTS = {
    "api": "istio",
    "path": "/",
    "timeout": "15s",
    "retries": {"attempts": 3, "per_try_timeout": "2s", "retry_on": "5xx"},
    "connection_pool": {"tcp_max_connections": 100, "http_max_pending_requests": 50},
    "outlier_detection": {"consecutive_5xx_errors": 5, "interval": "30s", "base_ejection_time": "1m", "max_ejection_percent": 50},
    "load_balancing": "least_request",
    "cookie": {},
    "mirror": False,
}
PORTS = {"http": {"port": 80, "target_port": 8080}, "https": {"port": 443, "target_port": 8443}}
GATEWAY = {
    "namespace": "istio-system",
    "kind": "ingress",
    "replicas_min": 3,
    "replicas_max": 10,
    "tls_minimum_version": "1.3",
    "http": "redirect",
    "ports": PORTS,
}
GATEWAYS = {"ingress": GATEWAY, "egress": {**GATEWAY, "kind": "egress", "replicas_min": 2}}
SETTINGS: dict[str, Any] = {
    "namespace": "istio-system",
    "namespaces": {"shop": True},
    "gateways": GATEWAYS,
    "services": {"web": {**DEFAULTS, "namespace": "shop", "port": 80}, "cart": {**DEFAULTS, "namespace": "shop", "port": 8080}},
    "declared": {},
    "authorization": {"in": {"namespace": "shop", "to": {"web": True}, "from": {"istio-ingressgateway": True}}},
    "request_authentication": {},
    "egress_hosts": {},
    "mtls": "strict",
    "default_deny": True,
    "tracing": "none",
    "sampling": 1,
    "metrics": False,
    "load_balancing": "least_request",
    "cookie": {},
    "mode": "sidecar",
    "cni": True,
    "revision": "",
    "default_revision": "",
    "shared_trust": False,
    "ca": {"source": "self_signed"},
}


def service(**more: Any) -> dict[str, Any]:
    return copy.deepcopy({**DEFAULTS, "namespace": "shop", "port": 80, **more})


def settings(**more: Any) -> dict[str, Any]:
    """The variables with some replaced; `web={…}` spoils that service."""
    made = copy.deepcopy(SETTINGS)
    if "web" in more:
        made["services"]["web"].update(more["web"])
        made["declared"] = {"web": more.pop("web")}
    return {**made, **copy.deepcopy(more)}


def by_name(manifests: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Objects as `{Kind/namespace/name: spec}`; a name twice is an error."""
    keys = [f"{entry['kind']}/{entry['metadata']['namespace']}/{entry['metadata']['name']}" for entry in manifests]
    assert len(set(keys)) == len(keys)
    return dict(zip(keys, [entry["spec"] for entry in manifests], strict=True))
