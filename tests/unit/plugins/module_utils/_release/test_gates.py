# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Gates freeze and version, and overrides, as tables."""

from __future__ import annotations

from datetime import date
from datetime import datetime

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._release import findings
from ansible_collections.llmops.platform.plugins.module_utils._release import freeze
from ansible_collections.llmops.platform.plugins.module_utils._release import versions

BERLIN = "Europe/Berlin"


def said(found: list[dict]) -> list[tuple[str, str]]:
    return [(entry["gate"], entry["severity"]) for entry in found]


def weekly(days, begin: str, end: str, zone: str = BERLIN) -> dict:
    return {"w": {"weekly": {"days": days, "from": begin, "to": end}, "timezone": zone}}


def once(begin, end, zone: str | None = BERLIN) -> dict:
    return {"w": {"from": begin, "to": end, **({"timezone": zone} if zone else {})}}


CLOSED, SOON, OPEN = [("freeze", "error")], [("freeze", "warning")], []


@pytest.mark.parametrize(
    ("windows", "now", "expected"),
    [
        ({}, "2026-12-24T12:00Z", OPEN),
        # The end does not belong to a window, the beginning does.
        (once("2026-12-20T18:00", "2027-01-04T08:00"), "2026-12-20T16:59:59Z", SOON),
        (once("2026-12-20T18:00", "2027-01-04T08:00"), "2026-12-20T17:00:00Z", CLOSED),
        (once("2026-12-20T18:00", "2027-01-04T08:00"), "2027-01-04T06:59:59Z", CLOSED),
        (once("2026-12-20T18:00", "2027-01-04T08:00"), "2027-01-04T07:00:00Z", OPEN),
        (once("2026-12-20T18:00", "2027-01-04T08:00"), "2026-12-19T16:00:00Z", OPEN),
        # Without a time zone it is UTC; an offset of its own wins.
        (once("2026-12-20T18:00", "2026-12-20T19:00", None), "2026-12-20T18:30:00Z", CLOSED),
        (once("2026-12-20T18:00+05:00", "2026-12-20T19:00+05:00"), "2026-12-20T13:30:00Z", CLOSED),
        # What YAML makes of dates and times. A date is the whole day.
        (once(datetime(2026, 12, 20, 18), datetime(2026, 12, 20, 19)), "2026-12-20T17:30:00Z", CLOSED),
        (once(date(2026, 12, 24), date(2026, 12, 26)), "2026-12-26T22:59:00Z", CLOSED),
        (once("2026-12-24", "2026-12-26"), "2026-12-26T23:00:00Z", OPEN),
        (once("2026-12-24", "2026-12-24"), "2026-12-24T12:00:00Z", CLOSED),
        # Every Friday from 16:00; 2026-12-18 is one.
        (weekly(["fri"], "16:00", "24:00"), "2026-12-18T15:00:00Z", CLOSED),
        (weekly("fri", "16:00", "24:00"), "2026-12-18T14:59:00Z", SOON),
        (weekly(["fri"], "16:00", "24:00"), "2026-12-18T22:59:00Z", CLOSED),
        (weekly(["fri"], "16:00", "24:00"), "2026-12-18T23:00:00Z", OPEN),
        # Over midnight: it is still Friday's window on Saturday morning.
        (weekly(["fri"], "22:00", "06:00"), "2026-12-19T04:59:00Z", CLOSED),
        (weekly(["fri"], "22:00", "06:00"), "2026-12-19T05:00:00Z", OPEN),
        (weekly(["fri"], "22:00", "06:00"), "2026-12-18T04:30:00Z", SOON),
        (weekly(["sat", "sun"], "00:00", "24:00"), "2026-12-20T12:00:00Z", CLOSED),
        # The day is that of the zone: Sunday 23:30 UTC is Monday in Berlin.
        (weekly(["mon"], "00:00", "24:00"), "2026-12-20T23:30:00Z", CLOSED),
        (weekly(["mon"], "00:00", "24:00", "UTC"), "2026-12-20T23:30:00Z", SOON),
        # Clocks go from 02:00 to 03:00 on 2027-03-28: 02:30 does not exist, the window ends as late, and begins as early, as it can be read.
        (weekly(["sun"], "01:00", "02:30"), "2027-03-28T01:29:00Z", CLOSED),
        (weekly(["sun"], "01:00", "02:30"), "2027-03-28T01:30:00Z", OPEN),
        (weekly(["sun"], "02:30", "04:00"), "2027-03-28T00:30:00Z", CLOSED),
        (weekly(["sun"], "02:30", "04:00"), "2027-03-28T00:29:00Z", SOON),
        # Clocks go from 03:00 to 02:00 on 2026-10-25: 02:30 is there twice, the window has both.
        (weekly(["sun"], "02:30", "02:45"), "2026-10-25T00:30:00Z", CLOSED),
        (weekly(["sun"], "02:30", "02:45"), "2026-10-25T01:44:00Z", CLOSED),
        (weekly(["sun"], "02:30", "02:45"), "2026-10-25T01:45:00Z", OPEN),
        (once("2026-10-25T02:30", "2026-10-25T02:30:01"), "2026-10-25T01:00:00Z", CLOSED),
        # Over midnight and the change of clocks.
        (weekly(["sat"], "22:00", "06:00"), "2027-03-28T03:59:00Z", CLOSED),
        (weekly(["sat"], "22:00", "06:00"), "2027-03-28T04:00:00Z", OPEN),
        # What a later layer sets to null is gone.
        ({"w": None}, "2026-12-24T12:00Z", OPEN),
    ],
)
def test_freeze(windows, now, expected):
    assert said(freeze.judge(windows, now)) == expected


@pytest.mark.parametrize(
    ("window", "what"),
    [
        ({"from": "2027-01-04", "to": "2026-12-20"}, "freeze.w.to is 2026-12-20, not after from, 2027-01-04"),
        ({"from": "2026-12-20T10:00", "to": "2026-12-20T10:00"}, "not after from"),
        ({"from": "2026-12-20"}, "freeze.w.to is missing"),
        ({"from": "tomorrow", "to": "2026-12-20"}, "freeze.w.from is 'tomorrow', no date and time"),
        ({"from": "2026-02-30", "to": "2026-12-20"}, "freeze.w.from is '2026-02-30'"),
        ({"from": "2026-12-20", "to": "2026-12-21", "timezone": "Mars/Base"}, "timezone is 'Mars/Base', which this machine does not know"),
        ({"from": "2026-12-20", "to": "2026-12-21", "timezone": "../etc/passwd"}, "which this machine does not know"),
        ({"from": "2026-12-20", "to": "2026-12-21", "until": 1}, "freeze.w.until is unknown"),
        ({"weekly": {"days": ["fri"], "from": "16:00", "to": "24:00"}, "to": "2026-12-21"}, "stands beside from or to"),
        ({"weekly": {"days": ["friday"], "from": "16:00", "to": "24:00"}}, "weekly.days is ['friday']"),
        ({"weekly": {"days": [], "from": "16:00", "to": "24:00"}}, "weekly.days is []"),
        # 16:00 without quotes.
        ({"weekly": {"days": ["fri"], "from": 960, "to": "24:00"}}, "weekly.from is 960"),
        ({"weekly": {"days": ["fri"], "from": "16:00", "to": "25:00"}}, "weekly.to is '25:00'"),
        ({"weekly": {"days": ["fri"], "from": "16:00", "to": "16:00"}}, "weekly.to is 16:00, from is 16:00"),
        ({"weekly": {"days": ["fri"], "from": "24:00", "to": "08:00"}}, "from is 24:00"),
        ({"weekly": {"days": ["fri"]}}, "must have days, from and to"),
        ("always", "is 'always', no map"),
    ],
)
def test_windows_that_cannot_be_meant(window, what):
    [found] = freeze.judge({"w": window}, "2026-12-20T12:00:00Z")
    assert (found["gate"], found["severity"]) == ("settings", "error")
    assert what in found["what"] and found["remedy"]


def test_one_bad_window_does_not_hide_another():
    windows = {"bad": {}, "good": {"from": "2026-12-20", "to": "2026-12-21", "reason": "stock-taking"}}
    assert said(freeze.judge(windows, "2026-12-20T12:00:00Z")) == [("settings", "error"), ("freeze", "error")]
    assert "(stock-taking)" in freeze.judge(windows, "2026-12-20T12:00:00Z")[1]["what"]


@pytest.mark.parametrize(
    ("version", "live", "written", "expected"),
    [
        ("2.0.0", "1.9.9", "semver", []),
        ("v2.0.0", "v1.9.9", "semver", []),
        ("2.0.0-rc.1", "1.9.9", "semver", []),
        ("2.0.0", "2.0.0-rc.1", "semver", []),
        ("2.0.0-rc.11", "2.0.0-rc.2", "semver", []),
        ("2.0.0-alpha.beta", "2.0.0-alpha.1", "semver", []),
        ("10.0.0", "9.0.0", "semver", []),
        ("2.0.0", "main-4f2a", "semver", []),
        ("2.0.0", "", "semver", [("version", "info")]),
        ("2.0.0", "2.0.0", "semver", [("version", "error")]),
        ("1.9.9", "2.0.0", "semver", [("version", "warning")]),
        ("2.0.0-rc.1", "2.0.0", "semver", [("version", "warning")]),
        ("v2.0.0", "2.0.0", "semver", [("version", "warning")]),
        ("2.0", "1.0.0", "semver", [("version", "error")]),
        ("02.0.0", "1.0.0", "semver", [("version", "error")]),
        ("2.0.0-01", "1.0.0", "semver", [("version", "error")]),
        ("main-4f2a", "1.0.0", "any", []),
        ("main-4f2a", "main-4f2a", "any", [("version", "error")]),
        ("2.0.0+build", "1.0.0", "semver", [("settings", "error")]),
        ("", "1.0.0", "semver", [("settings", "error")]),
        (None, "1.0.0", "semver", [("settings", "error")]),
        ("latest", "1.0.0", "any", [("settings", "error")]),
        ("2.0.0; rm -rf /", "1.0.0", "any", [("settings", "error")]),
        ("2.0.0\n", "1.0.0", "semver", [("settings", "error")]),
        ("1" * 64, "1.0.0", "any", [("settings", "error")]),
        # YAML reads 2.10 as 2.1.
        (2.1, "1.0.0", "any", [("settings", "error")]),
        ("2.0.0", "1.0.0", "calver", [("settings", "error")]),
    ],
)
def test_version(version, live, written, expected):
    assert said(versions.judge(version, live, written)) == expected


def test_lower_names_the_rollback():
    assert "playbooks/rollback.yml" in versions.judge("1.0.0", "2.0.0")[0]["remedy"]


FROZEN = findings.finding("freeze", "error", "freeze 'w' is in force", "Wait.")
UNKNOWN = findings.finding("image", "error", "unknown", "Repair.")


@pytest.mark.parametrize(
    ("found", "overrides", "expected"),
    [
        ([FROZEN], {}, [("freeze", "error")]),
        ([FROZEN], None, [("freeze", "error")]),
        ([FROZEN, UNKNOWN], {"freeze": "fix of CVE-2026-1"}, [("image", "error"), ("freeze", "warning")]),
        ([], {"freeze": "just in case"}, [("freeze", "info")]),
        ([FROZEN], {"freeze": "  "}, [("settings", "error"), ("freeze", "error")]),
        ([FROZEN], {"freeze": True}, [("settings", "error"), ("freeze", "error")]),
        ([FROZEN], {"frezee": "typo"}, [("settings", "error"), ("freeze", "error")]),
        ([FROZEN], ["freeze"], [("settings", "error"), ("freeze", "error")]),
        # Settings are corrected, not overruled.
        ([findings.wrong("release_gates.x", "is 1", "")], {"settings": "please"}, [("settings", "error"), ("settings", "error")]),
    ],
)
def test_overrides(found, overrides, expected):
    assert said(findings.overruled(found, overrides)) == expected


def test_what_was_overruled_is_recorded_and_printed():
    judged = findings.overruled([FROZEN, FROZEN, UNKNOWN], {"freeze": " fix of CVE-2026-1 "})
    assert findings.recorded(judged) == {"freeze": {"reason": "fix of CVE-2026-1", "refused": ["freeze 'w' is in force"] * 2}}
    assert findings.lines(judged) == [
        "error: image: unknown. Repair.",
        "warning: freeze: freeze 'w' is in force. Overruled: fix of CVE-2026-1",
        "warning: freeze: freeze 'w' is in force. Overruled: fix of CVE-2026-1",
    ]
    assert FROZEN["severity"] == "error"


KNOWN = {"image": {"check": "none", "timeout": 10}, "freeze": {}, "low_traffic": {"policy": "hold"}}


@pytest.mark.parametrize(
    ("policies", "expected"),
    [
        (KNOWN, []),
        ({**KNOWN, "freeze": {"christmas": {}}}, []),
        ({**KNOWN, "freez": {}}, ["release_gates.freez is no gate"]),
        ({**KNOWN, "image": {"chek": "none"}}, ["release_gates.image.chek is unknown"]),
        ({**KNOWN, "low_traffic": {"after": 1, "minimum": 2}}, ["release_gates.low_traffic.after is unknown", "release_gates.low_traffic.minimum is unknown"]),
    ],
)
def test_what_nobody_would_look_at_is_refused(policies, expected):
    assert [entry["what"] for entry in findings.unknown_settings(policies, KNOWN)] == expected


def test_a_gate_that_is_no_map():
    with pytest.raises(ValueError, match="image is None, no map"):
        findings.unknown_settings({"image": None}, KNOWN)


def test_a_severity_that_is_none():
    with pytest.raises(ValueError, match="severity of 'x'"):
        findings.finding("image", "fatal", "x")
