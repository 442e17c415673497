# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The HTTP server of one pod, its settable behaviour and its metrics."""

from __future__ import annotations

import asyncio
import json
import random
import time

from aiohttp import web

from mesh_runner.pod import Pod

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
# One histogram and one counter under each name that the platforms give to theirs.
PREFIXES = ("http", "marketplace")


class Metrics:
    """Requests by code, and how long they took, of one pod."""

    def __init__(self, pod: Pod) -> None:
        self._labels = ",".join(
            f'{name}="{value}"'
            for name, value in (("namespace", pod.namespace), ("service", pod.service), ("version", pod.version), ("track", pod.track), ("pod", pod.name))
        )
        self.codes: dict[int, int] = {}
        self._buckets = [0] * len(BUCKETS)
        self._count = 0
        self._sum = 0.0

    def observe(self, code: int, seconds: float) -> None:
        self.codes[code] = self.codes.get(code, 0) + 1
        self._count += 1
        self._sum += seconds
        for index, bound in enumerate(BUCKETS):
            if seconds <= bound:
                self._buckets[index] += 1

    def requests(self, prefix: str) -> list[str]:
        """A code that has not occurred yet counts 0, so that a rate of errors begins at 0 and is not missing."""
        counted = {200: 0, 500: 0, **self.codes}
        return [f'{prefix}_requests_total{{{self._labels},code="{code}"}} {number}' for code, number in sorted(counted.items())]

    def durations(self, prefix: str) -> list[str]:
        name = f"{prefix}_request_duration_seconds"
        lines = [f'{name}_bucket{{{self._labels},le="{bound}"}} {number}' for bound, number in zip(BUCKETS, self._buckets, strict=True)]
        lines.append(f'{name}_bucket{{{self._labels},le="+Inf"}} {self._count}')
        return [*lines, f"{name}_sum{{{self._labels}}} {self._sum:.6f}", f"{name}_count{{{self._labels}}} {self._count}"]


def exposition(all_metrics: list[Metrics]) -> str:
    """Prometheus' text format, each metric's type once."""
    lines = []
    for prefix in PREFIXES:
        lines += [f"# TYPE {prefix}_requests_total counter", *(line for metrics in all_metrics for line in metrics.requests(prefix))]
        lines += [f"# TYPE {prefix}_request_duration_seconds histogram", *(line for metrics in all_metrics for line in metrics.durations(prefix))]
    return "\n".join(lines) + "\n"


class Server:
    """Answers every path as the pod would. `port` is set once it is started."""

    def __init__(self, pod: Pod) -> None:
        self.pod = pod
        self.latency_ms = pod.latency_ms
        self.error_percent = pod.error_percent
        self.metrics = Metrics(pod)
        self.port = 0
        self._body = {"service": pod.service, "version": pod.version, "track": pod.track, "pod": pod.name}
        self._runner: web.ServerRunner | None = None

    async def start(self, host: str = "127.0.0.1", ports: tuple[int, ...] = (0,)) -> None:
        self._runner = web.ServerRunner(web.Server(self._answer, access_log=None, keepalive_timeout=3600), shutdown_timeout=1)
        await self._runner.setup()
        for port in ports:
            await web.TCPSite(self._runner, host, port).start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        if self._runner:
            await self._runner.cleanup()

    async def _answer(self, request: web.BaseRequest) -> web.Response:
        begin = time.perf_counter()
        await request.read()
        if self.latency_ms:
            # Real services scatter: between half and one and a half of what is set.
            await asyncio.sleep(self.latency_ms * random.uniform(0.5, 1.5) / 1000)
        code = 500 if self.error_percent and random.uniform(0, 100) < self.error_percent else 200
        if request.path.startswith("/health"):
            code = 200
        else:
            self.metrics.observe(code, time.perf_counter() - begin)
        return web.Response(status=code, text=json.dumps({**self._body, "path": request.path}), content_type="application/json")
