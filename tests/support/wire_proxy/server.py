# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The proxy itself: a thread for each connection, the bytes of requests and answers as they came."""

from __future__ import annotations

import json
import socket
import struct
import threading
import time
from http.server import BaseHTTPRequestHandler
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs
from urllib.parse import urlsplit

from tests.support.wire_proxy.calls import Call
from tests.support.wire_proxy.calls import call_of
from tests.support.wire_proxy.refusals import failed
from tests.support.wire_proxy.refusals import throttled
from tests.support.wire_proxy.rules import Rule
from tests.support.wire_proxy.rules import Rules
from tests.support.wire_proxy.upstream import Upstream

CONTROL = "/wire-proxy/"


class WireProxy:
    """A proxy before `target`, at `url` while it is entered.

    `ca`, `certificate`: PEM files of the authority and of the client (certificate and key) for a target behind TLS. Clients themselves speak plain HTTP to it.
    `port`: 0 for a free one.
    """

    def __init__(self, target: str, *, ca: Path | None = None, certificate: tuple[Path, Path] | None = None, port: int = 0) -> None:
        self.upstream = Upstream(target, ca, certificate)
        self.rules = Rules()
        self.calls: list[Call] = []
        self._server = _Server(("127.0.0.1", port), self)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> WireProxy:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def mutating(self, user_agent: str = "") -> list[Call]:
        """The calls that could change something, of a client whose user agent holds that text; those that were kept from the server, too."""
        return [call for call in list(self.calls) if call.mutating and user_agent in call.user_agent]

    def control(self, method: str, path: str, body: bytes) -> tuple[int, Any]:
        """Status and JSON of a request below `/wire-proxy/`: GET and DELETE calls, GET, POST (a list) and DELETE rules."""
        place = urlsplit(path)
        match method, place.path.removeprefix(CONTROL):
            case "GET", "calls":
                query = parse_qs(place.query)
                agent, mutating = query.get("user_agent", [""])[0], "mutating" in query
                return 200, [call.row() for call in (self.mutating(agent) if mutating else list(self.calls)) if agent in call.user_agent]
            case "DELETE", "calls":
                self.calls.clear()
            case "POST", "rules":
                try:
                    for rule in json.loads(body):
                        self.rules.add(**rule)
                except (TypeError, ValueError) as error:
                    return 400, {"error": str(error)}
            case "DELETE", "rules":
                self.rules.clear()
            case "GET", "rules":
                pass
            case _:
                return 404, {"error": f"there is no {method} {path}"}
        return 200, self.rules.rows()


class _Server(ThreadingHTTPServer):
    # A slow answer or a watch is not waited for when the test is over.
    daemon_threads, block_on_close, request_queue_size = True, False, 128

    def __init__(self, address: tuple[str, int], proxy: WireProxy) -> None:
        self.proxy, self.resets = proxy, set()
        super().__init__(address, _Handler)

    def shutdown_request(self, request: socket.socket) -> None:
        """Without the polite end where the connection is to be reset."""
        if request in self.resets:
            self.resets.discard(request)
            self.close_request(request)
        else:
            super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def handle_any(self) -> None:
        raw, body = self.read_body()
        proxy = self.server.proxy
        if self.path.startswith(CONTROL):
            status, said = proxy.control(self.command, self.path, body)
            self.answer(status, {"Content-Type": "application/json"}, json.dumps(said).encode())
            return
        call = call_of(self.command, self.path, self.headers, body)
        call.at, began = time.time(), time.monotonic()
        proxy.calls.append(call)
        wait, rule = proxy.rules.of(call)
        if wait:
            call.done = "delay"
            time.sleep(wait)
            # Known before the answer is out; the whole only after it.
            call.seconds = round(time.monotonic() - began, 4)
        try:
            self.treat(call, rule, raw)
        finally:
            call.seconds = round(time.monotonic() - began, 4)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = handle_any

    def treat(self, call: Call, rule: Rule | None, raw: bytes) -> None:
        """Do what the rule says, or pass the call on."""
        call.done = rule.do if rule else call.done
        match rule.do if rule else "":
            case "throttle":
                self.refuse(call, *throttled(call, rule.code))
            case "status":
                self.refuse(call, *failed(call, rule.status))
            case "reset":
                self.reset()
            case deed:
                self.forward(call, deed, rule, raw)

    def forward(self, call: Call, deed: str, rule: Rule | None, raw: bytes) -> None:
        try:
            answer = self.server.proxy.upstream.ask(self.command, self.path, self.headers.items(), raw, self.connection)
        except OSError as error:
            self.refuse(call, 502, {"Content-Type": "text/plain"}, f"the server behind does not answer: {error}".encode())
            return
        with answer:
            call.answered = answer.status
            self.close_connection = True
            if deed == "drop_answer_after_effect":
                answer.drain()
                return
            call.status = answer.status
            self.wfile.write(answer.head)
            if deed == "reset_mid_body":
                self.wfile.write(answer.part(rule.after_bytes))
                self.reset()
                return
            self.close_connection = not answer.relay() or (self.headers.get("Connection") or "").lower() == "close"

    def refuse(self, call: Call, status: int, headers: dict[str, str], body: bytes) -> None:
        call.status = status
        self.answer(status, headers, body)

    def answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def reset(self) -> None:
        """End the connection by RST instead of FIN."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.server.resets.add(self.connection)
        self.close_connection = True

    def read_body(self) -> tuple[bytes, bytes]:
        """The body as it came and without its chunks' frames."""
        if "chunked" not in (self.headers.get("Transfer-Encoding") or "").lower():
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            return body, body
        raw, body = bytearray(), bytearray()
        while True:
            line = self.rfile.readline()
            raw += line
            size = int(line.partition(b";")[0] or b"0", 16)
            if not size:
                break
            body += self.rfile.read(size)
            raw += body[-size:] + self.rfile.readline()
        while (line := self.rfile.readline()) not in (b"\r\n", b""):
            raw += line
        return bytes(raw + b"\r\n"), bytes(body)

    def log_message(self, *_arguments: object) -> None:
        pass
