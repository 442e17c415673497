# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fake of AWS is waited for as long as it gets on, not by a clock that a busy machine passes."""

from __future__ import annotations

import sys

import pytest

from tests.support import fake_aws

SLOW = """
import http.server, sys, time
while time.process_time() < 4:
    pass
class Ready(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
http.server.HTTPServer(("127.0.0.1", int(sys.argv[-1])), Ready).serve_forever()
"""


def server(tmp_path, program):
    found = fake_aws.FakeAws(tmp_path)
    found._command = [sys.executable, "-c", program, found.url.rpartition(":")[2]]
    return found


def given_up(found):
    try:
        with pytest.raises(AssertionError):
            found.start()
    finally:
        found.stop()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux says what a process has had of a processor")
def test_one_that_works_for_longer_than_it_may_stand_still_is_waited_for(tmp_path, monkeypatch):
    monkeypatch.setattr(fake_aws, "STALLED_SECONDS", 3.0)
    found = server(tmp_path, SLOW)
    try:
        assert found.start() is found
    finally:
        found.stop()


def test_one_that_gets_nowhere_is_given_up(tmp_path, monkeypatch):
    monkeypatch.setattr(fake_aws, "STALLED_SECONDS", 1.0)
    given_up(server(tmp_path, "import time; time.sleep(600)"))


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux says what a process has had of a processor")
def test_one_that_goes_on_for_ever_is_given_up(tmp_path, monkeypatch):
    monkeypatch.setattr(fake_aws, "MOST_SECONDS", 0.5)
    given_up(server(tmp_path, "while True: pass"))


def test_one_that_ends_is_given_up_with_what_it_said(tmp_path):
    found = server(tmp_path, "raise SystemExit('no port')")
    with pytest.raises(AssertionError, match="no port"):
        found.start()
    found.stop()
