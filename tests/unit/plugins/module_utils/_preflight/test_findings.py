# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Findings as a table."""

from __future__ import annotations

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._preflight import findings

ERROR = findings.finding("cluster", "kubeconfig", "gone", "a file", "error", "Get one.")
INFO = findings.finding("tools", "aws", "not looked for", "nothing", "info")
OK = findings.finding("tools", "python", "3.13", ">= 3.12", "ok")


def test_a_level_must_be_known():
    with pytest.raises(ValueError, match="level of 'x' is 'fatal'"):
        findings.finding("a", "x", "", "", "fatal")


def test_the_worst_comes_first_and_what_is_good_is_not_shown():
    lines = findings.table({"one": [OK, INFO, ERROR]})
    assert lines[0].split() == ["level", "check", "what", "found", "wanted", "hosts"]
    assert [line.split()[0] for line in lines[2:]] == ["error", "->", "info"]
    assert not any("3.13" in line for line in lines)


def test_what_hosts_have_in_common_is_one_line():
    rows = findings.rows({"one": [INFO, ERROR], "two": [INFO], "three": [INFO, ERROR]}, ["error", "info"])
    assert [row["hosts"] for row in rows] == ["one, three", "all"]


def test_a_long_cell_is_cut_but_not_the_sentence():
    long = findings.finding("a", "b", "x" * 300, "", "error")
    assert max(map(len, findings.table({"one": [long]}))) < 200
    assert "x" * 300 in findings.sentences({"one": [long]})[0]


def test_nothing_to_say():
    assert findings.table({"one": [OK]}) == [] and findings.sentences({"one": [OK, INFO]}) == []


def test_an_end_of_life_is_an_error_but_on_local():
    judged = [{"item": "cluster", "message": "over", "level": "error"}, {"item": "redis", "message": "soon", "level": "unknown"}]
    assert [row["level"] for row in findings.end_of_life_rows(judged, quiet=False)] == ["error", "warning"]
    assert [row["level"] for row in findings.end_of_life_rows(judged, quiet=True)] == ["warning", "warning"]


def test_what_was_left_out_has_its_reason():
    rows = findings.left_out({"aws": "no component calls it", "tools": "x"}, {"tools": True})
    assert [(row["check"], row["found"]) for row in rows] == [("aws", "no component calls it")]
