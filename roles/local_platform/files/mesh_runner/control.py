# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The runner's own endpoint: what runs, its metrics, and how it behaves."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from mesh_runner.server import exposition
from mesh_runner.workloads import Workloads

PATTERN = ("namespace", "service", "track", "version", "pod")
LIMITS = {"latency_ms": 60000.0, "error_percent": 100.0}


class Control:
    """GET /healthz, /pods, /metrics, /gateways; PUT and DELETE /behaviour."""

    def __init__(self, workloads: Workloads, gateways: dict[str, Any]) -> None:
        self._workloads = workloads
        self._gateways = gateways

    def application(self) -> web.Application:
        application = web.Application()
        application.add_routes(
            [
                web.get("/healthz", self._healthz),
                web.get("/pods", self._pods),
                web.get("/gateways", self._list_gateways),
                web.get("/metrics", self._metrics),
                web.put("/behaviour", self._set),
                web.delete("/behaviour", self._forget),
            ]
        )
        return application

    async def _healthz(self, _request: web.Request) -> web.Response:
        return web.Response(text="ok")

    async def _pods(self, _request: web.Request) -> web.Response:
        return web.json_response(
            [
                {
                    **{key: getattr(workload.pod, key) for key in ("namespace", "service", "version", "track")},
                    "pod": workload.pod.name,
                    "address": workload.address,
                    "ports": workload.pod.ports,
                    "ready": workload.ready,
                    "latency_ms": workload.server.latency_ms,
                    "error_percent": workload.server.error_percent,
                    "requests": workload.server.metrics.codes,
                    "proxy_admin": f"http://127.0.0.1:{workload.proxy.admin}" if workload.proxy else None,
                }
                for workload in self._workloads.running.values()
            ]
        )

    async def _list_gateways(self, _request: web.Request) -> web.Response:
        return web.json_response({key: gateway.running for key, gateway in self._gateways.items()})

    async def _metrics(self, _request: web.Request) -> web.Response:
        return web.Response(text=exposition(self._workloads.metrics()), content_type="text/plain")

    async def _set(self, request: web.Request) -> web.Response:
        try:
            pattern, behaviour = parse(await request.json())
        except ValueError as error:
            return web.json_response({"error": str(error)}, status=400)
        return web.json_response({"pods": self._workloads.behave(pattern, behaviour)})

    async def _forget(self, _request: web.Request) -> web.Response:
        self._workloads.forget_behaviours()
        return web.Response(status=204)


def parse(document: Any) -> tuple[dict[str, str], dict[str, float]]:
    """Which pods, and what they shall do. Raises ValueError that says what is wrong."""
    if not isinstance(document, dict):
        raise ValueError("send an object, for example {'service': 'web', 'track': 'canary', 'error_percent': 5}")
    unknown = set(document) - set(PATTERN) - set(LIMITS)
    if unknown:
        raise ValueError(f"unknown: {', '.join(sorted(unknown))}; known are {', '.join((*PATTERN, *LIMITS))}")
    behaviour = {}
    for name, limit in LIMITS.items():
        if name in document:
            value = document[name]
            if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= limit:
                raise ValueError(f"{name} is a number from 0 to {limit:g}")
            behaviour[name] = float(value)
    if not behaviour:
        raise ValueError(f"set at least one of {', '.join(LIMITS)}")
    return {name: str(document[name]) for name in PATTERN if name in document}, behaviour
