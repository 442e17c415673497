# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pods as they come and go: each gets a server, a proxy before it, and an endpoint in the mesh."""

from __future__ import annotations

import asyncio
import datetime
import errno
import logging
import socket
from typing import Any

import aiohttp

from mesh_runner import pod as pods
from mesh_runner.api import Api
from mesh_runner.api import ApiError
from mesh_runner.api import Gone
from mesh_runner.proxy import Programs
from mesh_runner.proxy import Proxy
from mesh_runner.server import Metrics
from mesh_runner.server import Server

ENTRIES = "/apis/networking.istio.io/v1/namespaces/{}/workloadentries/{}"
STATUS = "/api/v1/namespaces/{}/pods/{}/status"
SIDECARS = "/apis/networking.istio.io/v1/namespaces/{}/sidecars/{}"
# A label that only one proxy has: nothing else tells the pods of one ReplicaSet apart.
PROXY_LABEL = "local.llmops.platform/pod"
LOG = logging.getLogger("mesh_runner")


class Addresses:
    """A loopback address for each pod, so that it has the ports of its manifest, as on a node.

    Linux takes all of 127/8. `network` is the second and third part, this runner's own.
    """

    def __init__(self, network: int) -> None:
        self._network = f"127.{64 + (network >> 8) % 64}.{network & 255}"
        self._taken: dict[str, str] = {}

    def take(self, uid: str, ports: tuple[int, ...]) -> str:
        """Raises OSError naming what to do where the machine does not give the address or the port away."""
        used = set(self._taken.values())
        address = next(candidate for number in range(1, 255) if (candidate := f"{self._network}.{number}") not in used)
        for port in ports:
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    probe.bind((address, port))
                except OSError as error:
                    reason = {errno.EADDRNOTAVAIL: "this system has no such loopback address", errno.EACCES: "only root may bind it"}
                    raise OSError(error.errno, f"{address}:{port} cannot be bound: {reason.get(error.errno, error.strerror)}") from error
        self._taken[uid] = address
        return address

    def give_back(self, uid: str) -> None:
        self._taken.pop(uid, None)


class Workload:
    """What runs for one pod."""

    def __init__(self, pod: pods.Pod, address: str, programs: Programs | None) -> None:
        self.pod = pod
        self.address = address
        self.server = Server(pod)
        self.proxy: Proxy | None = None
        self.ready = False
        if programs:
            labels = {**pod.labels, PROXY_LABEL: pod.name, "service.istio.io/canonical-name": pod.service, "service.istio.io/canonical-revision": pod.version}
            self.proxy = Proxy(programs, "sidecar", pod.namespace, pod.name, pod.service_account, labels)

    async def start(self, api: Api) -> None:
        if self.proxy:
            await self.server.start()
            selector = {PROXY_LABEL: self.pod.name}
            await api.apply(SIDECARS.format(self.pod.namespace, self.pod.name), pods.sidecar(self.pod, self.address, self.server.port, selector))
            await self.proxy.start(api)
            for port in self.pod.ports.values():
                await _connectable(self.address, port)
        else:
            await self.server.start(self.address, tuple(self.pod.ports.values()))
        entry = pods.workload_entry(self.pod, self.address, mtls=self.proxy is not None)
        await api.apply(ENTRIES.format(self.pod.namespace, self.pod.name), entry)
        moment = datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        await api.request("PATCH", STATUS.format(self.pod.namespace, self.pod.name), pods.readiness(moment), "application/strategic-merge-patch+json")
        self.ready = True

    async def stop(self, api: Api, drain: float) -> None:
        """No new requests first, then the end: proxies need a moment to hear of it."""
        self.ready = False
        try:
            await api.delete(ENTRIES.format(self.pod.namespace, self.pod.name))
            await asyncio.sleep(drain)
            if self.proxy:
                await api.delete(SIDECARS.format(self.pod.namespace, self.pod.name))
        finally:
            await self.halt()

    async def halt(self) -> None:
        if self.proxy:
            await self.proxy.stop()
        await self.server.stop()


async def _connectable(address: str, port: int, seconds: float = 60) -> None:
    async with asyncio.timeout(seconds):
        while True:
            try:
                _reader, writer = await asyncio.open_connection(address, port)
            except OSError:
                await asyncio.sleep(0.1)
                continue
            writer.close()
            return


class Workloads:
    """All pods that are run."""

    def __init__(self, api: Api, addresses: Addresses, programs: Programs | None, drain: float) -> None:
        self._api = api
        self._addresses = addresses
        self._programs = programs
        self._drain = drain
        self._tasks: dict[str, asyncio.Task] = {}
        self._ending: set[asyncio.Task] = set()
        self.running: dict[str, Workload] = {}
        # (namespace, service, track, pod) patterns with what was set, the last one that fits counts.
        self.behaviours: list[tuple[dict[str, str], dict[str, float]]] = []

    async def follow(self) -> None:
        """Never ends."""
        while True:
            try:
                await self._follow_once()
            except Gone:
                continue
            except (aiohttp.ClientError, ApiError, TimeoutError, OSError) as error:
                LOG.warning("watching pods: %s", error)
                await asyncio.sleep(1)

    async def _follow_once(self) -> None:
        listed = await self._api.request("GET", "/api/v1/pods")
        there = {manifest["metadata"]["uid"] for manifest in listed["items"]}
        for uid in [uid for uid in self.running if uid not in there]:
            self._end(uid)
        for manifest in listed["items"]:
            await self._see(manifest)
        version = listed["metadata"]["resourceVersion"]
        while True:
            async for kind, manifest in self._api.watch("/api/v1/pods", version):
                version = manifest["metadata"]["resourceVersion"]
                if kind == "DELETED":
                    self._end(manifest["metadata"]["uid"])
                elif kind != "BOOKMARK":
                    await self._see(manifest)

    async def _see(self, manifest: dict[str, Any]) -> None:
        uid = manifest["metadata"]["uid"]
        if not pods.wanted(manifest):
            self._end(uid)
        elif uid not in self.running and await self._injected(manifest["metadata"]["namespace"]):
            self._begin(pods.read(manifest))

    async def _injected(self, namespace: str) -> bool:
        labels = (await self._api.request("GET", f"/api/v1/namespaces/{namespace}"))["metadata"].get("labels", {})
        return labels.get("istio-injection") == "enabled"

    def _begin(self, pod: pods.Pod) -> None:
        try:
            address = self._addresses.take(pod.uid, tuple(pod.ports.values()))
        except OSError as error:
            LOG.error("pod %s/%s is not run: %s", pod.namespace, pod.name, error.strerror)
            return
        workload = Workload(pod, address, self._programs)
        self.running[pod.uid] = workload
        self._behave(workload)
        self._tasks[pod.uid] = asyncio.create_task(self._start(workload))

    async def _start(self, workload: Workload) -> None:
        pod = workload.pod
        while not workload.ready:
            try:
                await workload.start(self._api)
                LOG.info("pod %s/%s runs at %s", pod.namespace, pod.name, workload.address)
            except (aiohttp.ClientError, ApiError, TimeoutError, OSError) as error:
                # In a new namespace istiod's certificate takes a moment to come.
                LOG.warning("pod %s/%s does not start yet: %s", pod.namespace, pod.name, str(error) or type(error).__name__)
                await workload.halt()
                await asyncio.sleep(1)

    def _end(self, uid: str) -> None:
        workload = self.running.pop(uid, None)
        if workload is None:
            return
        task = asyncio.create_task(self._stop(workload, self._tasks.pop(uid, None)))
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)

    async def _stop(self, workload: Workload, start: asyncio.Task | None) -> None:
        if start:
            start.cancel()
        try:
            await workload.stop(self._api, self._drain)
        except (aiohttp.ClientError, ApiError, TimeoutError) as error:
            LOG.warning("pod %s/%s ended, its endpoint may be left: %s", workload.pod.namespace, workload.pod.name, error)
        finally:
            self._addresses.give_back(workload.pod.uid)

    def behave(self, pattern: dict[str, str], behaviour: dict[str, float]) -> list[str]:
        """Set latency or errors of all pods that fit the pattern, now and later. Returns the names of those that run."""
        self.behaviours = [(old, what) for old, what in self.behaviours if old != pattern]
        self.behaviours.append((pattern, behaviour))
        fitting = [workload for workload in self.running.values() if _fits(workload.pod, pattern)]
        for workload in fitting:
            self._behave(workload)
        return [workload.pod.name for workload in fitting]

    def forget_behaviours(self) -> None:
        """Back to what the pods' annotations say."""
        self.behaviours = []
        for workload in self.running.values():
            self._behave(workload)

    def _behave(self, workload: Workload) -> None:
        server, pod = workload.server, workload.pod
        server.latency_ms, server.error_percent = pod.latency_ms, pod.error_percent
        for pattern, behaviour in self.behaviours:
            if _fits(pod, pattern):
                server.latency_ms = behaviour.get("latency_ms", server.latency_ms)
                server.error_percent = behaviour.get("error_percent", server.error_percent)

    def metrics(self) -> list[Metrics]:
        return [workload.server.metrics for workload in self.running.values()]

    async def stop(self) -> None:
        """All proxies and servers; the endpoints stay, as a runner that is started anew takes them over."""
        for task in self._tasks.values():
            task.cancel()
        for task in self._ending:
            task.cancel()
        await asyncio.gather(*(workload.halt() for workload in self.running.values()), *self._ending, return_exceptions=True)


def _fits(pod: pods.Pod, pattern: dict[str, str]) -> bool:
    names = {"namespace": pod.namespace, "service": pod.service, "track": pod.track, "version": pod.version, "pod": pod.name}
    return all(names[key] == value for key, value in pattern.items())
