# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""canary_analysis as a task: its files, check mode, and that the token is told nobody."""

from __future__ import annotations

import json

import pytest

from tests.support.fake_prometheus import served
from tests.support.modules import run_module

BEGIN = 1_800_000_000


def series(arm: str, track: str, each: int) -> dict[str, list]:
    times = [BEGIN + 15 * step for step in range(1, 61)]
    labels = f'namespace="m",track="{track}"'
    total = [(at, 200 * step) for step, at in enumerate(times)]
    bad = [(at, 200 * step // each) for step, at in enumerate(times)]
    return {f"marketplace_requests_total{{{labels}}}": [({"pod": arm}, total)], f'marketplace_requests_total{{{labels},code=~"5.."}}': [({"pod": arm}, bad)]}


@pytest.fixture
def arguments(tmp_path):
    with served() as fake:
        fake.series = {**series("c", "canary", 50), **series("s", "stable", 50)}
        yield {
            "prometheus": {"url": fake.url, "token": "hush-hush"},
            "target": {"service": "s", "namespace": "m"},
            "metrics": {"errors": {"template": "marketplace_errors"}},
            "since": BEGIN,
            "now": BEGIN + 900,
            "evidence_file": str(tmp_path / "evidence.json"),
            "report_markdown": str(tmp_path / "report.md"),
            "report_html": str(tmp_path / "report.html"),
        }


def test_writes_its_reports_once_and_not_in_check_mode(arguments, tmp_path):
    planned = run_module("canary_analysis", arguments, check=True)
    assert (planned["changed"], list(tmp_path.iterdir())) == (True, [])
    done = run_module("canary_analysis", arguments)
    assert (done["failed"], done["changed"], done["verdict"], done["final"]) == (False, True, "promote", True)
    assert {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == dict.fromkeys(("evidence.json", "report.md", "report.html"), 0o644)
    assert json.loads((tmp_path / "evidence.json").read_text()) == done["evidence"]
    again = run_module("canary_analysis", {**arguments, "state": done["state"]})
    assert (again["changed"], again["verdict"]) == (False, "promote")
    assert "hush" not in json.dumps([planned, done, again])


def test_says_what_is_wrong(arguments):
    failed = run_module("canary_analysis", {**arguments, "report_html": "/nowhere/x.html"})
    assert (failed["failed"], "/nowhere/x.html cannot be written" in failed["msg"]) == (True, True)
