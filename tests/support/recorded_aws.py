# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fake of AWS for tests, behind a forwarder that notes each action that is asked for."""

from __future__ import annotations

import http.client
import subprocess
import sys
import threading
import time
import urllib.request
from http.server import BaseHTTPRequestHandler
from http.server import ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

from tests.support.control_plane import free_ports

# What botocore reads, so that nothing of this machine's own is taken.
NO_AWS = {"AWS_CONFIG_FILE": "/dev/null", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null", "AWS_EC2_METADATA_DISABLED": "true"}


def action_of(method: str, path: str, headers, body: bytes) -> str:
    """The action as AWS names it: of the query, JSON or REST protocol; `unsigned GET` for a request without credentials."""
    if headers.get("X-Amz-Target"):
        return headers["X-Amz-Target"].rpartition(".")[2]
    form = parse_qs(body.decode(errors="replace"))
    if "Action" in form:
        return form["Action"][0]
    return f"{method} {path.partition('?')[0]}" if headers.get("Authorization") else f"unsigned {method}"


class RecordedAws:
    """`start` it, give `environment` to what talks to AWS, look at `actions`, `stop` it."""

    def __init__(self, folder: Path) -> None:
        self.actions: list[str] = []
        self._log = folder / "moto.log"
        self._port, front = free_ports(2)
        self.endpoint = f"http://127.0.0.1:{front}"
        self._server = ThreadingHTTPServer(("127.0.0.1", front), self._handler())

    @property
    def environment(self) -> dict[str, str]:
        return {**NO_AWS, "AWS_ENDPOINT_URL": self.endpoint, "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}

    def start(self) -> RecordedAws:
        command = [str(Path(sys.executable).parent / "moto_server"), "--host", "127.0.0.1", "--port", str(self._port)]
        with self._log.open("wb") as output:
            self._process = subprocess.Popen(command, stdout=output, stderr=output)
        deadline = time.monotonic() + 90
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self._port}/moto-api/data.json", timeout=5).close()
                break
            except OSError:
                assert time.monotonic() < deadline and self._process.poll() is None, self._log.read_text(encoding="utf-8")
                time.sleep(0.2)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._process.terminate()
        self._process.wait(20)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        actions, port = self.actions, self._port

        class Forward(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def forward(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                actions.append(action_of(self.command, self.path, self.headers, body))
                moto = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
                moto.request(self.command, self.path, body, dict(self.headers.items()))
                answer = moto.getresponse()
                content = answer.read()
                moto.close()
                self.send_response(answer.status)
                for name, value in answer.getheaders():
                    if name.lower() not in ("content-length", "transfer-encoding", "connection"):
                        self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = do_PATCH = forward

            def log_message(self, *arguments) -> None:
                pass

        return Forward
