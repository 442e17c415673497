# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""The local mesh: arguments of its runner, targets of Prometheus and addresses of what runs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any


def gateway_arguments(gateways: Mapping[str, Mapping[str, Any]], ports: Mapping[str, list[int]]) -> list[str]:
    """`--gateway=<JSON>` for each gateway; `%(<key>.<name>)s` stands where local_process puts the port of that name."""
    return [f"--gateway={_gateway(key, gateways[key], ports)}" for key in sorted(gateways)]


def _gateway(key: str, gateway: Mapping[str, Any], ports: Mapping[str, list[int]]) -> str:
    fixed = {"key": key, "name": gateway.get("name", f"istio-{key}gateway"), "namespace": gateway["namespace"]}
    # A port that is not known yet is no JSON, hence the seam.
    mapped = ", ".join(f'"{number}": %({key}.{name})s' for name, numbers in sorted(ports.items()) for number in numbers)
    return f'{json.dumps(fixed)[:-1].replace("%", "%%")}, "admin": %({key}.admin)s, "ports": {{{mapped}}}}}'


def targets(ports: Mapping[str, Any], deployment: str) -> list[dict[str, Any]]:
    """Target groups out of the runner's ports: `control`, and `<gateway>.admin`."""
    groups = [{"targets": [f"127.0.0.1:{ports['control']}"], "labels": {"job": "pods", "deployment": deployment}}]
    for name in sorted(ports):
        gateway, _dot, kind = name.partition(".")
        if kind == "admin":
            labels = {"job": "envoy", "deployment": deployment, "gateway": gateway, "__metrics_path__": "/stats/prometheus"}
            groups.append({"targets": [f"127.0.0.1:{ports[name]}"], "labels": labels})
    return groups


def addresses(istiod: Mapping[str, Any], runner: Mapping[str, Any], prometheus: Mapping[str, Any]) -> dict[str, Any]:
    """URLs of a deployment's mesh out of the ports of its programs."""
    gateways: dict[str, dict[str, str]] = {}
    for name in sorted(runner):
        gateway, _dot, kind = name.partition(".")
        if kind:
            scheme = "https" if kind == "https" else "http"
            gateways.setdefault(gateway, {})[f"{kind}_url"] = f"{scheme}://127.0.0.1:{runner[name]}"
    return {
        "istiod": {
            "debug_url": f"http://127.0.0.1:{istiod['debug']}",
            "discovery": f"127.0.0.1:{istiod['discovery']}",
            "webhook_url": f"https://127.0.0.1:{istiod['webhook']}",
        },
        "gateways": gateways,
        "prometheus_url": f"http://127.0.0.1:{prometheus['http']}",
        "runner_url": f"http://127.0.0.1:{runner['control']}",
    }
