# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The side towards the server: one connection for each call, so that the end of the answer is the end of the connection."""

from __future__ import annotations

import select
import socket
import ssl
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit

HEAD_LIMIT = 2**18
# The proxy has answered the client's Expect itself, and ends the connection to the server after each call.
DROPPED = {"connection", "keep-alive", "expect", "proxy-connection"}


class Upstream:
    """Where calls go: `http://host:port` or `https://host:port`. Raises ValueError for another target."""

    def __init__(self, target: str, ca: Path | None = None, certificate: tuple[Path, Path] | None = None) -> None:
        place = urlsplit(target)
        if place.scheme not in ("http", "https") or not place.hostname:
            raise ValueError(f"the target is http://host:port or https://host:port, not {target!r}")
        self._address = (place.hostname, place.port or (443 if place.scheme == "https" else 80))
        self._context = None
        if place.scheme == "https":
            self._context = ssl.create_default_context(cafile=ca)
            if certificate:
                self._context.load_cert_chain(*certificate)

    def ask(self, method: str, path: str, headers: Iterable[tuple[str, str]], body: bytes, client: socket.socket) -> Answer:
        """Send a request as it came and read the head of the answer. Raises OSError where there is none."""
        headers = list(headers)
        upgrade = any(name.lower() == "connection" and "upgrade" in value.lower() for name, value in headers)
        lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers if name.lower() not in DROPPED)]
        lines.append(f"Connection: {'Upgrade' if upgrade else 'close'}")
        connection = socket.create_connection(self._address, timeout=30)
        try:
            if self._context:
                connection = self._context.wrap_socket(connection, server_hostname=self._address[0])
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            # From here on it may take its time, as an API server that waits for a webhook.
            connection.settimeout(None)
            connection.sendall("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body)
            return Answer(connection, client, method)
        except OSError:
            connection.close()
            raise


class Answer:
    """An answer whose head is here and whose body is still coming."""

    def __init__(self, connection: socket.socket, client: socket.socket, method: str) -> None:
        self._connection, self._client = connection, client
        head, self._rest = self._read_head(b"")
        while head.split(b" ", 2)[1] == b"100":
            head, self._rest = self._read_head(self._rest)
        lines = head.split(b"\r\n")
        self.status = int(lines[0].split(b" ", 2)[1])
        self._fields = {name.strip().lower(): value.strip() for name, _colon, value in (line.partition(b":") for line in lines[1:])}
        self._bodyless = method == "HEAD" or self.status in (204, 304)
        self._chunked = b"chunked" in self._fields.get(b"transfer-encoding", b"")
        # Whether the client can tell the end of the answer without the end of the connection.
        self.framed = self._bodyless or self._chunked or b"content-length" in self._fields
        kept = [line for line in lines[1:] if self.status == 101 or line.partition(b":")[0].strip().lower() not in (b"connection", b"keep-alive")]
        kept += [] if self.framed or self.status == 101 else [b"Connection: close"]
        self.head = b"\r\n".join([b"HTTP/1.1 " + lines[0].split(b" ", 1)[1], *kept]) + b"\r\n\r\n"

    def __enter__(self) -> Answer:
        return self

    def __exit__(self, *_error: object) -> None:
        self._connection.close()

    def relay(self) -> bool:
        """Pass the body on as it comes. Whether it came whole, so that the client's connection can be used again."""
        data, size, tail = self._rest, 0, b""
        while True:
            if data:
                self._client.sendall(data)
                size, tail = size + len(data), (tail + data)[-5:]
            if self._whole(size):
                return True
            if not self._next():
                return False
            try:
                data = self._connection.recv(65536)
            except OSError:
                return False
            if not data:
                return self._chunked and tail == b"0\r\n\r\n"

    def _whole(self, size: int) -> bool:
        return self._bodyless or (not self._chunked and b"content-length" in self._fields and size >= int(self._fields[b"content-length"]))

    def _next(self) -> bool:
        """Wait until the server says something; what the client says after an upgrade is passed on. False: the client has gone."""
        while not (isinstance(self._connection, ssl.SSLSocket) and self._connection.pending()):
            ready, _write, _error = select.select([self._connection, self._client], [], [])
            if self._client in ready:
                said = self._client.recv(65536, 0 if self.status == 101 else socket.MSG_PEEK)
                if not said:
                    return False
                if self.status == 101:
                    self._connection.sendall(said)
                    continue
                # The next request, early: it waits for its turn.
                select.select([self._connection], [], [])
            if self._connection in ready:
                break
        return True

    def drain(self) -> bytes:
        """All of the body, for no one but us."""
        while data := self._connection.recv(65536):
            self._rest += data
        return self._rest

    def part(self, size: int | None) -> bytes:
        """The first `size` bytes of the body, or the first half of it."""
        if size is None:
            body = self.drain()
            return body[: len(body) // 2]
        while len(self._rest) < size and (data := self._connection.recv(65536)):
            self._rest += data
        return self._rest[:size]

    def _read_head(self, data: bytes) -> tuple[bytes, bytes]:
        while b"\r\n\r\n" not in data:
            more = self._connection.recv(65536)
            if not more or len(data) > HEAD_LIMIT:
                raise ConnectionError("the connection ended within the head of the answer")
            data += more
        head, _end, rest = data.partition(b"\r\n\r\n")
        return head, rest
