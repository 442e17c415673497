# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""A plain HTTP client for one API server: kept-alive connections, one per thread, and one place for retries."""

from __future__ import annotations

import http.client
import json
import random
import socket
import ssl
import threading
import time
from typing import Any
from urllib.parse import quote
from urllib.parse import urlencode
from urllib.parse import urlsplit

from ansible_collections.llmops.platform.plugins.module_utils._k8s.connection import Connection
from ansible_collections.llmops.platform.plugins.module_utils._k8s.errors import ApiError
from ansible_collections.llmops.platform.plugins.module_utils._k8s.errors import KubernetesError
from ansible_collections.llmops.platform.plugins.module_utils._k8s.errors import Unreachable

VERSION = "1.0.0"
APPLY = "application/apply-patch+yaml"
JSON = "application/json"
TEXT = "text/plain"
# Of each object of a list its metadata only, which spares the server and the wire what nobody looks at.
METADATA = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"
CONNECT_TIMEOUT = 10
READ_TIMEOUT = 60
# About 3 s for a server that never answered; about 30 s for one that did, the time of a restart or of etcd's election.
ATTEMPTS, PATIENT_ATTEMPTS = 5, 12
LONGEST_PAUSE = 4.0
PAGE = 500
# Trying again cannot cure a wrong certificate or name.
PERMANENT = (ssl.SSLCertVerificationError, socket.gaierror)


class Client:
    """Requests to one API server. Make it after the fork: every thread gets its own connection on first use."""

    def __init__(self, connection: Connection, component: str, timeout: float | None = None) -> None:
        """With `timeout` (seconds) a server that does not answer is given up soon: two attempts, each that long."""
        self.connection = connection
        self._timeouts = (timeout or CONNECT_TIMEOUT, timeout or READ_TIMEOUT)
        self._attempts = (2, 2) if timeout else (ATTEMPTS, PATIENT_ATTEMPTS)
        self.warnings: dict[str, None] = {}
        self._agent = f"llmops-platform/{VERSION} ({component})"
        self._url = urlsplit(connection.server)
        if self._url.scheme not in ("http", "https") or not self._url.hostname:
            raise KubernetesError(f"server {connection.server!r} in {connection.kubeconfig} is no http(s) address; correct the kubeconfig")
        self._tls = connection.tls() if self._url.scheme == "https" else None
        self._threads = threading.local()
        self._opened: list[http.client.HTTPConnection] = []
        self._answered = False

    def get(self, path: str, *, accept: str = JSON, **query: Any) -> Any:
        """The answer; with `accept` TEXT as text."""
        return self.request("GET", path, query, accept=accept)

    def find(self, path: str) -> dict[str, Any] | None:
        """GET, or None where there is no such object (or no such kind or namespace)."""
        try:
            return self.get(path)
        except ApiError as error:
            if error.status == 404:
                return None
            raise

    def pages(self, path: str, *, accept: str = JSON, **query: Any):
        """LIST in pages of PAGE: yields `(items, how many remain)`; a kind that is not served has no items."""
        token = ""
        while True:
            try:
                page = self.get(path, accept=accept, limit=PAGE, **query, **({"continue": token} if token else {}))
            except ApiError as error:
                if error.status == 404:
                    return
                if error.status == 410 and token:
                    # The token outlived etcd's history: begin anew.
                    token = ""
                    continue
                raise
            metadata = page.get("metadata") or {}
            token = metadata.get("continue") or ""
            yield page.get("items") or [], metadata.get("remainingItemCount") or 0
            if not token:
                return

    def apply(self, path: str, body: dict[str, Any], manager: str, *, force: bool = False, dry_run: bool = False) -> dict[str, Any]:
        """Server-side apply. Returns the object as the server holds it (or, with `dry_run`, would hold it)."""
        query = {"fieldManager": manager, "fieldValidation": "Strict", "force": "true" if force else "false"}
        if dry_run:
            query["dryRun"] = "All"
        return self.request("PATCH", path, query, body, APPLY)

    def delete(self, path: str, uid: str, propagation: str) -> None:
        """Delete exactly the object of this uid; one that is gone already is fine."""
        body = {"kind": "DeleteOptions", "apiVersion": "v1", "propagationPolicy": propagation, "preconditions": {"uid": uid}}
        try:
            self.request("DELETE", path, body=body)
        except ApiError as error:
            if error.status != 404:
                raise

    def request(
        self,
        method: str,
        path: str,
        query: dict[str, Any] | None = None,
        body: Any = None,
        content_type: str = JSON,
        *,
        accept: str = JSON,
        final: tuple[int, ...] = (),
    ) -> Any:
        """One call. All of ours are idempotent, so what the server or the network drops is tried again, a few times.

        `final`: HTTP codes that mean something to the caller and are not tried again here (429 of an eviction).
        Raises ApiError for a refusal, Unreachable if there never was an answer.
        """
        target = f"{self._url.path.rstrip('/')}{path}{'?' + urlencode(query) if query else ''}"
        headers = {"Accept": accept, "User-Agent": self._agent, **self.connection.headers}
        data = None
        if body is not None:
            data = json.dumps(body, separators=(",", ":")).encode()
            headers["Content-Type"] = content_type
        begun, attempt = time.monotonic(), 0
        while True:
            attempt += 1
            last = attempt == self._attempts[self._answered]
            try:
                status, answered, received = self._exchange(method, target, data, headers)
            except (OSError, http.client.HTTPException) as error:
                reused = self._drop()
                if last or isinstance(error, PERMANENT):
                    tried = f" for {time.monotonic() - begun:.0f} s" if self._answered else ""
                    why = error or type(error).__name__
                    raise Unreachable(f"{self.connection.server} cannot be reached{tried} ({why}); check that the cluster runs, then run again") from error
                if not reused:
                    time.sleep(pause(attempt))
                continue
            self._answered = True
            if 200 <= status < 300:
                if accept == TEXT:
                    return received.decode(errors="replace")
                return json.loads(received) if received else {}
            error = refusal(status, received)
            if last or not error.transient or status in final:
                raise error
            time.sleep(pause(attempt, answered.get("Retry-After")))

    def close(self) -> None:
        for connection in self._opened:
            connection.close()

    def _exchange(self, method: str, target: str, data: bytes | None, headers: dict[str, str]):
        connection = getattr(self._threads, "connection", None)
        if connection is None:
            self._threads.used = False
            connection = self._threads.connection = self._connect()
        connection.request(method, target, body=data, headers=headers)
        response = connection.getresponse()
        received = response.read()
        self._threads.used = True
        for warning in response.headers.get_all("Warning") or []:
            self.warnings[warning.split('"')[1] if '"' in warning else warning] = None
        return response.status, response.headers, received

    def _connect(self) -> http.client.HTTPConnection:
        host, port = self._url.hostname, self._url.port or (443 if self._tls else 80)
        proxy = urlsplit(self.connection.proxy) if self.connection.proxy else None
        address = (proxy.hostname, proxy.port or 3128) if proxy else (host, port)
        if self._tls:
            connection: http.client.HTTPConnection = _Connection(*address, context=self._tls, timeout=self._timeouts[0])
            connection.server_name = self.connection.server_name or host
        else:
            connection = http.client.HTTPConnection(*address, timeout=self._timeouts[0])
        if proxy:
            connection.set_tunnel(host, port)
        connection.connect()
        connection.sock.settimeout(self._timeouts[1])
        self._opened.append(connection)
        return connection

    def _drop(self) -> bool:
        """Forget this thread's connection. True if it had served before: then the server may just have closed it."""
        connection = getattr(self._threads, "connection", None)
        self._threads.connection = None
        if connection is None:
            return False
        connection.close()
        return self._threads.used


class _Connection(http.client.HTTPSConnection):
    """HTTPS whose certificate may carry another name than the address (kubeconfig's tls-server-name)."""

    server_name = ""

    def connect(self) -> None:
        http.client.HTTPConnection.connect(self)
        self.sock = self._context.wrap_socket(self.sock, server_hostname=self.server_name)


def path_of(*parts: str) -> str:
    """Parts of a URL path; nothing in them can lead to another path."""
    return "/".join(quote(part, safe="") for part in parts)


def pause(attempt: int, retry_after: str | None = None) -> float:
    """Seconds before the next attempt: what the server asks for, else doubling from 0.2 s, with jitter."""
    if retry_after and retry_after.isdigit():
        return min(float(retry_after), 30.0) * random.uniform(1.0, 1.2)
    return min(0.2 * 2 ** (attempt - 1), LONGEST_PAUSE) * random.uniform(0.5, 1.5)


def refusal(status: int, received: bytes) -> ApiError:
    """The server's words out of an error answer: a `Status` object, or whatever text a proxy sent."""
    try:
        document = json.loads(received)
    except ValueError:
        document = None
    if isinstance(document, dict) and document.get("kind") == "Status":
        return ApiError(status, document.get("reason") or "", document.get("message") or f"HTTP {status}", document.get("details"))
    return ApiError(status, "", f"HTTP {status} {' '.join(received[:400].decode(errors='replace').split())}".strip())
