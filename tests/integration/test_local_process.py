# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fake of AWS as one long-running program."""

from __future__ import annotations

import sys
import urllib.request
from pathlib import Path

import psutil

from tests.support.modules import run_module


def arguments(directory: Path, **changes) -> dict:
    return {
        "name": "moto",
        "directory": str(directory),
        "argv": [str(Path(sys.executable).parent / "moto_server"), "--host", "127.0.0.1", "--port", "%(http)s"],
        "ports": ["http"],
        "ready_url": "http://127.0.0.1:%(http)s/moto-api/data.json",
        **changes,
    }


def test_life_of_a_program(tmp_path):
    assert run_module("local_process", arguments(tmp_path), check=True)["changed"]
    assert not (tmp_path / "state" / "processes").exists()
    started = run_module("local_process", arguments(tmp_path))
    try:
        assert started["changed"] and not started["restarted_after_crash"], started
        port = started["process"]["ports"]["http"]
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/moto-api/data.json", timeout=5) as response:
            assert response.status == 200
        assert run_module("local_process", arguments(tmp_path))["changed"] is False

        psutil.Process(started["process"]["pid"]).kill()
        again = run_module("local_process", arguments(tmp_path))
        assert again["restarted_after_crash"], again
        assert again["process"]["ports"]["http"] == port
    finally:
        stopped = run_module("local_process", arguments(tmp_path, state="stopped"))
    assert stopped["changed"]
    assert not psutil.pid_exists(again["process"]["pid"])
    assert run_module("local_process", arguments(tmp_path, state="stopped"))["changed"] is False


def test_a_program_that_cannot_start_shows_why(tmp_path):
    result = run_module("local_process", arguments(tmp_path, argv=[sys.executable, "-c", "raise SystemExit('no room')"]))
    assert result["failed"]
    assert "no room" in result["msg"]
    assert not (tmp_path / "state" / "processes" / "moto.json").exists()
