# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The load generator: whom it calls, how much, and what it tells."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler
from http.server import ThreadingHTTPServer

import pytest

from tests.support.load import Answer
from tests.support.load import Background
from tests.support.load import Load
from tests.support.load import percentile
from tests.support.load import report


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("http://example.com/", 10, 1), "not http on a loopback address"),
        (("http://localhost:80/", 10, 1), "not http on a loopback address"),
        (("http://10.0.0.1/", 10, 1), "not http on a loopback address"),
        (("ftp://127.0.0.1/", 10, 1), "not http on a loopback address"),
        (("http://127.0.0.1/", 0, 1), "0 requests a second"),
        (("http://127.0.0.1/", 501, 1), "501 requests a second"),
        (("http://127.0.0.1/", 10, 601), "601 seconds"),
        (("http://127.0.0.1/", 500, 300), "150000 requests"),
    ],
)
def test_what_is_refused(arguments, problem):
    with pytest.raises(ValueError, match=problem):
        Load(*arguments)


def test_a_report_counts_and_names_the_failed():
    answers = [Answer(100 + n / 10, 0.001 * (n + 1), 200, "1", "stable", "a") for n in range(9)]
    answers += [Answer(101.0, 0.5, 503, "", "", ""), Answer(101.1, 5.0, "TimeoutError", "", "", "")]
    result = report(answers)
    assert result["requests"] == 11
    assert result["statuses"] == {"200": 9, "503": 1, "TimeoutError": 1}
    assert result["tracks"] == {"stable": 9, "none": 2}
    assert [(failed["at"], failed["status"]) for failed in result["failed"]] == [(101.0, 503), (101.1, "TimeoutError")]
    assert result["latency_ms"] == {"p50": 6.0, "p90": 500.0, "p99": 5000.0}


def test_a_report_of_nothing():
    assert report([])["requests"] == 0 and report([])["latency_ms"] is None


@pytest.mark.parametrize(("percent", "expected"), [(50, 2), (75, 3), (76, 4), (100, 4), (1, 1)])
def test_percentile(percent, expected):
    assert percentile([1, 2, 3, 4], percent) == expected


def test_a_load_keeps_its_rate_and_ends_with_its_block():
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            body = json.dumps({"version": "2", "track": "canary", "pod": "p"}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_words):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        with Background(Load(f"http://127.0.0.1:{server.server_port}/", 50, 60)) as load:
            while len(load.answers) < 50:
                threading.Event().wait(0.05)
    finally:
        server.shutdown()
        server.server_close()
    result = report(load.answers)
    assert result["failed"] == [] and set(result["tracks"]) == {"canary"}
    assert 30 <= result["rate"] <= 51
