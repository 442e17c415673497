# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Processes are known by pid and start time, and only those are ended."""

from __future__ import annotations

import os
import sys

import psutil
import pytest

from ansible_collections.llmops.platform.plugins.plugin_utils._local import processes

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]


def test_start_and_stop(tmp_path):
    record = processes.start(SLEEP, dict(os.environ), tmp_path / "log")
    assert processes.alive(record["pid"], record["created"])
    assert processes.stop([psutil.Process(record["pid"])]) == 1
    assert not processes.alive(record["pid"], record["created"])


def test_another_program_with_the_same_pid_is_not_ours(tmp_path):
    record = processes.start(SLEEP, dict(os.environ), tmp_path / "log")
    try:
        assert not processes.alive(record["pid"], record["created"] - 3600)
    finally:
        processes.stop([psutil.Process(record["pid"])])


def test_a_program_that_ends_while_starting_shows_its_log(tmp_path):
    log = tmp_path / "log"
    record = processes.start([sys.executable, "-c", "print('no such flag'); raise SystemExit(2)"], dict(os.environ), log)
    with pytest.raises(processes.LocalError, match=r"(?s)demo ended while starting.*no such flag"):
        processes.wait_until(lambda: False, 20, "demo", log, gone=lambda: not processes.alive(record["pid"], record["created"]))


def test_a_wait_is_bounded(tmp_path):
    with pytest.raises(processes.LocalError, match="did not answer within 0 s"):
        processes.wait_until(lambda: False, 0.2, "demo", tmp_path / "log")


def test_a_missing_program_names_the_remedy(tmp_path):
    with pytest.raises(processes.LocalError, match="make setup binaries"):
        processes.start([str(tmp_path / "absent")], {}, tmp_path / "log")


@pytest.mark.parametrize(("text", "expected"), [('{"pid": 1}', {"pid": 1}), ('{"pid"', None), (None, None)])
def test_records_survive_a_crash(tmp_path, text, expected):
    path = tmp_path / "record.json"
    if text is not None:
        path.write_text(text)
    assert processes.read_record(path) == expected


def test_records_are_for_the_owner_alone(tmp_path):
    processes.write_record(tmp_path / "state" / "record.json", {"pid": 1})
    assert (tmp_path / "state" / "record.json").stat().st_mode & 0o777 == 0o600
    assert processes.read_record(tmp_path / "state" / "record.json") == {"pid": 1}
