# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""What others need to know of a mesh."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._mesh.names import MATCH
from ansible_collections.llmops.platform.plugins.module_utils._mesh.names import PRIMARY
from ansible_collections.llmops.platform.plugins.module_utils._mesh.names import Named
from ansible_collections.llmops.platform.plugins.module_utils._mesh.names import gateway_name
from ansible_collections.llmops.platform.plugins.module_utils._mesh.names import host


def gateway_facts(gateways: Named, services: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """By key; `address` is empty until the load balancer has one."""
    live = {(service["metadata"]["namespace"], service["metadata"]["name"]): service for service in services}
    found = {}
    for key, gateway in gateways.items():
        name = gateway_name(key, gateway)
        entries = (((live.get((gateway["namespace"], name)) or {}).get("status") or {}).get("loadBalancer") or {}).get("ingress") or [{}]
        found[key] = {
            "name": name,
            "namespace": gateway["namespace"],
            "kind": gateway["kind"],
            "host": host(name, gateway["namespace"]),
            "address": entries[0].get("hostname") or entries[0].get("ip") or "",
        }
    return found


def service_facts(services: Named) -> dict[str, Any]:
    """By name: the objects that shift traffic, and the routes in them."""
    return {
        name: {
            "namespace": service["namespace"],
            "host": host(name, service["namespace"]),
            "port": service["port"],
            "route": {"kind": "HTTPRoute" if service["api"] == "gateway" else "VirtualService", "name": name},
            "rules": ([MATCH] if service.get("canary") else []) + [PRIMARY],
            "hosts": list((service.get("hosts") or {}).values()),
            "gateways": [key for key, on in (service.get("gateways") or {}).items() if on],
            "mirror": bool(service.get("mirror")),
        }
        for name, service in services.items()
    }
