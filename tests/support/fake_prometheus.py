# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A Prometheus that answers raw samples out of a dict, and misbehaves on demand."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qs

from tests.support.http_server import serving

RANGE = re.compile(r"(.*)\[(\d+)s\]\Z", re.DOTALL)


class FakePrometheus:
    """`series` by selector: `[(labels, [(time, value)])]`; `behave` of a request's form may return (status, body) in place of the answer."""

    def __init__(self) -> None:
        self.series: dict[str, list] = {}
        self.clock: float | None = None
        self.behave = lambda form: None
        self.seen: list[dict] = []
        self.headers: list[dict] = []
        self.url = ""

    def answer(self, form: dict[str, str]) -> tuple[int, bytes]:
        self.seen.append(form)
        wrong = self.behave(form)
        if wrong is not None:
            return wrong
        query = form.get("query", "")
        if query == "time()":
            return success("scalar", [0, str(time.time() if self.clock is None else self.clock)])
        found = RANGE.match(query)
        if not found:
            return success("vector", [])
        end, seconds = float(form["time"]), int(found[2])
        result = []
        for labels, values in self.series.get(found[1], []):
            inside = [[at, str(value)] for at, value in values if end - seconds < at <= end]
            if inside:
                result.append({"metric": labels, "values": inside})
        return success("matrix", result)


def success(kind: str, result: list, **more) -> tuple[int, bytes]:
    return 200, json.dumps({"status": "success", "data": {"resultType": kind, "result": result}, **more}).encode()


@contextmanager
def served() -> Iterator[FakePrometheus]:
    fake = FakePrometheus()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            form = {key: values[0] for key, values in parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode()).items()}
            self._send(*fake.answer(form))

        def do_GET(self):
            self._send(200, b'{"status":"success","data":{"version":"3.0.0"}}')

        def _send(self, status: int, body: bytes) -> None:
            fake.headers.append(dict(self.headers))
            try:
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            except (BrokenPipeError, ConnectionResetError):
                pass  # The client had waited long enough.

        def log_message(self, *arguments):
            pass

    with serving(Handler) as url:
        fake.url = url
        yield fake
