# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The gateways' Envoys: started once the service account that role istio makes is there."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from typing import Any

import aiohttp

from mesh_runner.api import Api
from mesh_runner.api import ApiError
from mesh_runner.proxy import Programs
from mesh_runner.proxy import Proxy

LOG = logging.getLogger("mesh_runner")
FILTERS = "/apis/networking.istio.io/v1alpha3/namespaces/{}/envoyfilters/{}"


@dataclass(frozen=True)
class Settings:
    """One gateway: who it is in the mesh, and the ports of this machine that stand for those of its Gateway objects."""

    key: str
    name: str
    namespace: str
    admin: int
    # {port of a Gateway object: port on loopback}
    ports: dict[int, int]

    @property
    def labels(self) -> dict[str, str]:
        """As the chart of the gateway sets them."""
        return {"app": self.name, "istio": self.name.removeprefix("istio-")}


def loopback_filter(settings: Settings) -> dict[str, Any]:
    """Istio's gateways listen on all addresses at fixed ports: these do so on loopback, at ports that were free."""

    def patch(match: dict[str, Any], address: dict[str, Any]) -> dict[str, Any]:
        value = {"operation": "MERGE", "value": {"address": {"socket_address": address}}}
        return {"applyTo": "LISTENER", "match": {"context": "GATEWAY", **match}, "patch": value}

    here = {"address": "127.0.0.1"}
    patches = [patch({"listener": {"portNumber": port}}, {**here, "port_value": own}) for port, own in settings.ports.items()]
    return {
        "apiVersion": "networking.istio.io/v1alpha3",
        "kind": "EnvoyFilter",
        "metadata": {"name": f"{settings.name}-loopback", "namespace": settings.namespace, "labels": {"local.llmops.platform/simulated": "true"}},
        "spec": {"workloadSelector": {"labels": settings.labels}, "priority": 1000, "configPatches": [*patches, patch({}, here)]},
    }


class Gateway:
    """One gateway's Envoy."""

    def __init__(self, settings: Settings, programs: Programs) -> None:
        self._settings = settings
        self._proxy = Proxy(programs, "router", settings.namespace, settings.name, settings.name, settings.labels, settings.admin)
        self.running = False

    async def run(self, api: Api) -> None:
        """Wait for what it needs, then start."""
        settings = self._settings
        while not self.running:
            try:
                await api.request("GET", f"/api/v1/namespaces/{settings.namespace}/serviceaccounts/{settings.name}")
                await api.apply(FILTERS.format(settings.namespace, f"{settings.name}-loopback"), loopback_filter(settings))
                await self._proxy.start(api)
                self.running = True
                LOG.info("gateway %s started", settings.key)
            except (aiohttp.ClientError, ApiError, TimeoutError) as error:
                if not isinstance(error, ApiError) or error.status != 404:
                    LOG.warning("gateway %s: %s", settings.key, error)
                await asyncio.sleep(1)

    async def stop(self) -> None:
        await self._proxy.stop()
