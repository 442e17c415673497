# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The few calls to an API server that the runner needs: list and watch, server-side apply, delete, a token."""

from __future__ import annotations

import base64
import json
import ssl
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import yaml

MANAGER = "llmops-mesh-runner"


class ApiError(Exception):
    """The API server said no."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(f"{status}: {message}")
        self.status = status


class Gone(Exception):
    """A watch is too old: list again."""


def connection(kubeconfig: Path) -> tuple[str, ssl.SSLContext]:
    """Server and TLS context of a kubeconfig's current context, which authenticates by a certificate."""
    document = yaml.safe_load(kubeconfig.read_text(encoding="utf-8"))
    context = next(item["context"] for item in document["contexts"] if item["name"] == document["current-context"])
    cluster = next(item["cluster"] for item in document["clusters"] if item["name"] == context["cluster"])
    user = next(item["user"] for item in document["users"] if item["name"] == context["user"])
    with tempfile.TemporaryDirectory() as folder:
        authority = _file(cluster, "certificate-authority", kubeconfig, Path(folder))
        tls = ssl.create_default_context(cafile=str(authority))
        tls.load_cert_chain(_file(user, "client-certificate", kubeconfig, Path(folder)), _file(user, "client-key", kubeconfig, Path(folder)))
    return cluster["server"], tls


def _file(entry: dict[str, str], name: str, kubeconfig: Path, folder: Path) -> Path:
    if name in entry:
        return kubeconfig.parent / entry[name]
    path = folder / name
    path.touch(mode=0o600)
    path.write_bytes(base64.b64decode(entry[f"{name}-data"]))
    return path


class Api:
    """One API server. Use it as an asynchronous context manager."""

    def __init__(self, kubeconfig: Path) -> None:
        self._server, self._tls = connection(kubeconfig)

    async def __aenter__(self) -> Api:
        self._session = aiohttp.ClientSession(self._server, connector=aiohttp.TCPConnector(ssl=self._tls), headers={"User-Agent": MANAGER})
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self._session.close()

    async def request(self, method: str, path: str, body: Any = None, content_type: str = "application/json", **parameters: str) -> dict[str, Any]:
        """JSON answer; raises ApiError."""
        data = None if body is None else json.dumps(body)
        timeout = aiohttp.ClientTimeout(total=20)
        async with self._session.request(method, path, data=data, params=parameters, headers={"Content-Type": content_type}, timeout=timeout) as answer:
            document = await answer.json()
            if answer.status >= 400:
                raise ApiError(answer.status, str(document.get("message", "")))
            return document

    async def apply(self, path: str, manifest: dict[str, Any]) -> dict[str, Any]:
        return await self.request("PATCH", path, manifest, "application/apply-patch+yaml", fieldManager=MANAGER, force="true")

    async def delete(self, path: str) -> None:
        """Delete what may already be gone."""
        try:
            await self.request("DELETE", path)
        except ApiError as error:
            if error.status != 404:
                raise

    async def token(self, namespace: str, service_account: str, audience: str, seconds: int) -> str:
        """A token of a service account, as a kubelet asks for one."""
        path = f"/api/v1/namespaces/{namespace}/serviceaccounts/{service_account}/token"
        answer = await self.request("POST", path, {"spec": {"audiences": [audience], "expirationSeconds": seconds}})
        return answer["status"]["token"]

    async def watch(self, path: str, version: str) -> AsyncIterator[tuple[str, dict[str, Any]]]:
        """Events after `version` until the server ends the watch; raises Gone."""
        parameters = {"watch": "true", "resourceVersion": version, "allowWatchBookmarks": "true", "timeoutSeconds": "300"}
        timeout = aiohttp.ClientTimeout(total=None, sock_read=330)
        async with self._session.get(path, params=parameters, timeout=timeout) as answer:
            if answer.status == 410:
                raise Gone
            answer.raise_for_status()
            buffer = b""
            async for chunk in answer.content.iter_any():
                *lines, buffer = (buffer + chunk).split(b"\n")
                for line in lines:
                    event = json.loads(line)
                    if event["type"] == "ERROR":
                        raise Gone
                    yield event["type"], event["object"]
