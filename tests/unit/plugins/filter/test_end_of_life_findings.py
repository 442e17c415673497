# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pins, days and overrides."""

from __future__ import annotations

import copy
import datetime

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.llmops.platform.plugins.filter.end_of_life_findings import end_of_life_findings
from ansible_collections.llmops.platform.plugins.module_utils._preflight.end_of_life import find_cycle

TODAY = "2026-11-21"
TABLE = {
    "kubernetes": {
        "cycles": {"1.3": {"end_of_life": "2016-11-01"}, "1.35": {"end_of_life": datetime.date(2027, 2, 28)}, "1.36": {"end_of_life": "2027-06-28"}}
    },
    "eks": {
        "cycles": {
            "1.31": {"end_of_life": "2025-11-26", "extended": "2026-11-20"},
            "1.32": {"end_of_life": "2026-03-23", "extended": "2026-11-21"},
            "1.33": {"end_of_life": "2026-07-29", "extended": "2027-07-29", "note": "for a fee"},
        }
    },
    "postgresql": {"cycles": {"14": {"end_of_life": "2026-11-12"}, "15": {"end_of_life": "2026-11-21"}, "16": {"end_of_life": "2026-11-20"}, "17": {}}},
    "edge": {"cycles": {"1": {"end_of_life": "2027-02-19"}, "2": {"end_of_life": "2027-02-20"}}},
    "search": {"cycles": {"8": {"end_of_life": "2026-01-01"}, "8.19": {"end_of_life": "2028-01-01"}}},
    "kwok": {"cycles": {"0.8": {"end_of_life": None, "note": "no policy"}}},
    "empty": {"cycles": {}},
}

LEVELS = [
    # product, version, cycle, level, days left, what the message says
    ("kubernetes", "1.36.3", "1.36", "ok", 219, "is supported until 2027-06-28"),
    ("kubernetes", "v1.36.3", "1.36", "ok", 219, "kubernetes v1.36.3"),
    ("kubernetes", "1.36", "1.36", "ok", 219, ""),
    ("kubernetes", "1.36-eks-6", "1.36", "ok", 219, ""),
    ("kubernetes", "1.36.3+k3s1", "1.36", "ok", 219, ""),
    ("kubernetes", "1.35.9", "1.35", "ok", 99, ""),
    ("kubernetes", "1.3.9", "1.3", "error", -3672, "reached its end of life on 2016-11-01"),
    ("kubernetes", "1.37.0", None, "unknown", None, "it knows 1.3, 1.35, 1.36"),
    ("kubernetes", "1", None, "unknown", None, "no cycle of kubernetes 1 "),
    ("kubernetes", "latest", None, "unknown", None, "no cycle of kubernetes latest"),
    ("eks", "1.33", "1.33", "warning", -115, "past its end of life on 2026-07-29, in extended support until 2027-07-29 (for a fee)"),
    ("eks", "1.32", "1.32", "warning", -243, "in extended support until 2026-11-21"),
    ("eks", "1.31", "1.31", "error", -360, "on 2025-11-26, its extended support on 2026-11-20"),
    ("postgresql", "14.24", "14", "error", -9, "reached its end of life on 2026-11-12"),
    ("postgresql", 14, "14", "error", -9, ""),
    ("postgresql", "16.1-alpine", "16", "error", -1, ""),
    ("postgresql", "15.2", "15", "warning", 0, "until 2026-11-21 only, 0 days from now"),
    ("postgresql", "17.2", "17", "unknown", None, "has no known end of life"),
    ("postgresql", "1.7", None, "unknown", None, "it knows 14, 15, 16, 17"),
    ("edge", "1", "1", "warning", 90, "90 days from now"),
    ("edge", "2", "2", "ok", 91, ""),
    ("search", "8.19.20", "8.19", "ok", 406, ""),
    ("search", "8.18.1", "8", "error", -324, ""),
    ("kwok", "0.8.0", "0.8", "unknown", None, "has no known end of life (no policy)"),
    ("empty", "1", None, "unknown", None, "it has no such product"),
    ("absent", "1", None, "unknown", None, "it has no such product"),
]


@pytest.mark.parametrize(("product", "version", "cycle", "level", "left", "said"), LEVELS)
def test_levels(product, version, cycle, level, left, said):
    table = copy.deepcopy(TABLE)
    [finding] = end_of_life_findings({"it": {"product": product, "version": version}}, table, TODAY)
    assert (finding["item"], finding["product"], finding["version"]) == ("it", product, str(version))
    assert (finding["cycle"], finding["level"], finding["days_left"]) == (cycle, level, left)
    assert said in finding["message"] and finding["message"].startswith("it: ")
    assert (finding["end_of_life"] is None) == (left is None)
    assert table == TABLE


GOOD = {"product": "kubernetes", "version": "1.36.3"}
OLD = {"product": "postgresql", "version": "14.1"}
OVERRIDES = [
    # pin, until, level, what the message ends with
    (OLD, "2026-12-31", "overridden", "; overridden until 2026-12-31: moves in December"),
    (OLD, datetime.date(2026, 11, 21), "overridden", "; overridden until 2026-11-21: moves in December"),
    (OLD, "2026-11-20", "error", "; its override ended on 2026-11-20"),
    ({"product": "eks", "version": "1.33"}, "2026-12-31", "overridden", ": moves in December"),
    ({"product": "kwok", "version": "0.8.0"}, "2026-12-31", "overridden", ": moves in December"),
    ({"product": "kwok", "version": "0.8.0"}, "2026-11-20", "unknown", "; its override ended on 2026-11-20"),
]


@pytest.mark.parametrize(("pin", "until", "level", "said"), OVERRIDES)
def test_an_override_counts_up_to_its_day(pin, until, level, said):
    [finding] = end_of_life_findings({"it": pin}, TABLE, TODAY, {"it": {"reason": "moves in December", "until": until}})
    assert finding["level"] == level
    assert finding["message"].endswith(said)


@pytest.mark.parametrize(("item", "why"), [("it", "the pin needs none"), ("else", "there is no such pin")])
@pytest.mark.parametrize("until", ["2026-12-31", "2026-01-01"])
def test_an_override_that_nothing_needs_is_a_finding(item, why, until):
    findings = end_of_life_findings({"it": GOOD}, TABLE, TODAY, {item: {"reason": "x", "until": until}})
    assert [(finding["item"], finding["level"]) for finding in findings] == [("it", "ok"), (item, "warning")]
    assert findings[1]["message"] == f"{item}: the override is not used, {why}; remove it"
    assert set(findings[0]) == set(findings[1])


def test_findings_come_in_the_order_of_the_pins():
    findings = end_of_life_findings({"b": GOOD, "a": OLD, "c": GOOD}, TABLE, TODAY)
    assert [finding["item"] for finding in findings] == ["b", "a", "c"]
    assert end_of_life_findings({}, TABLE, TODAY) == []


ERRORS = [
    ([], TABLE, TODAY, {}, "the input is list, not a map"),
    ({}, "x", TODAY, {}, "table is str, not a map"),
    ({}, TABLE, TODAY, [], "overrides is list, not a map"),
    ({}, TABLE, "yesterday", {}, "today is 'yesterday', not a day as YYYY-MM-DD"),
    ({"it": {"product": "kubernetes", "version": 1.30}}, TABLE, TODAY, {}, "version of pin 'it' is the number 1.3; quote it"),
    ({"it": {"product": "kubernetes", "version": True}}, TABLE, TODAY, {}, "quote it"),
    ({"it": {"product": "kubernetes"}}, TABLE, TODAY, {}, "pin 'it' needs product and version"),
    ({"it": {"version": "1"}}, TABLE, TODAY, {}, "pin 'it' needs product and version"),
    ({"it": {"product": "", "version": "1"}}, TABLE, TODAY, {}, "pin 'it' needs product and version"),
    ({"it": "1.36"}, TABLE, TODAY, {}, "pin 'it' needs product and version"),
    ({"it": OLD}, TABLE, TODAY, {"it": {"reason": "x"}}, "override of 'it' needs reason and until"),
    ({"it": OLD}, TABLE, TODAY, {"it": {"until": "2026-12-31"}}, "override of 'it' needs reason and until"),
    ({"it": OLD}, TABLE, TODAY, {"it": {"reason": " ", "until": "2026-12-31"}}, "override of 'it' needs reason and until"),
    ({"it": OLD}, TABLE, TODAY, {"it": "later"}, "override of 'it' needs reason and until"),
    ({"it": OLD}, TABLE, TODAY, {"it": {"reason": "x", "until": "soon"}}, "until of the override of 'it' is 'soon', not a day as YYYY-MM-DD"),
    ({"it": OLD}, {"postgresql": {"cycles": {"14": {"end_of_life": "2026"}}}}, TODAY, {}, "end_of_life of postgresql 14 is '2026', not a day"),
]


@pytest.mark.parametrize(("pins", "table", "today", "overrides", "said"), ERRORS)
def test_errors_say_what_is_wrong(pins, table, today, overrides, said):
    with pytest.raises(AnsibleFilterError, match="end_of_life_findings - ") as caught:
        end_of_life_findings(pins, table, today, overrides)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("version", "expected"),
    [("1.36.3", "1.36"), ("1.360", "1"), ("17.2", "17"), ("9.1.1", None), ("1.4", "1"), (" v17 ", "17"), ("", None)],
)
def test_the_longest_prefix_wins_by_number(version, expected):
    assert find_cycle(version, {"1": {}, "1.36": {}, "17": {}}) == expected
