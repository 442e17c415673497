# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What all reports share: same bytes for the same input, what is missing by name, and names that try to be more than names."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from html.parser import HTMLParser
from types import ModuleType

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import CostError
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Line
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import fixed
from ansible_collections.llmops.platform.plugins.module_utils._cost.report import focus
from ansible_collections.llmops.platform.plugins.module_utils._cost.report import html
from ansible_collections.llmops.platform.plugins.module_utils._cost.report import infracost
from ansible_collections.llmops.platform.plugins.module_utils._cost.report import markdown
from ansible_collections.llmops.platform.plugins.module_utils._cost.report import table
from ansible_collections.llmops.platform.plugins.module_utils._cost.report import words
from tests.support import cost_documents

FORMATS = [table, markdown, infracost, focus, html]
SHOWN = [table, markdown, html]
ADVICE = {
    "items": [
        {"id": "kafka", "title": "Kafka on Graviton", "monthly_saving": "26.28", "assumption": "same load", "risk": "other architecture", "lines": []},
        {"id": "redis", "title": "Right-size Redis", "monthly_saving": "?", "risk": "evictions", "lines": []},
    ],
    "total_saving": "26.28",
}
ACTUAL = {
    "rows": [
        {"service": "Amazon ElastiCache", "estimate": "600.06", "actual": None, "difference": None, "cause": "missing_tag"},
        {
            "service": "EC2 - Other",
            "estimate": "122.55",
            "actual": "240.00",
            "difference": "117.45",
            "cause": "unplanned_resource",
            "causes": {"unplanned_resource": "117.45"},
        },
    ],
    "unexplained": None,
}
HISTORY = [{"period": f"2026-{month:02d}", "estimate": "3000", "actual": None if month == 3 else "2900.5"} for month in range(1, 7)]


def whole(**parts) -> dict:
    """A document with everything in it."""
    baseline = cost_documents.estimated([line for line in cost_documents.lines() if line.component != "redis"])
    return cost_documents.document(baseline=baseline, advice=ADVICE, actual=ACTUAL, history=HISTORY, **parts)


def named(name: str) -> dict:
    """A document where everything that has a name has this one."""
    bill = [replace(line, component=name, service=name, assumption=name) for line in cost_documents.lines()[:2]]
    bill.append(replace(bill[0], name=name, sku=f"aws/nothing/{name}"))
    advice = {"items": [{**ADVICE["items"][0], "title": name, "risk": name, "undo": name}], "total_saving": "1"}
    problems = [{"name": name, "message": name}]
    actual = {"rows": [{**ACTUAL["rows"][1], "service": name, "cause": name, "causes": {name: "1"}}], "unexplained": "0", "problems": problems}
    history = [{"period": name, "estimate": "1", "actual": "2"}, {"period": f"2026{name}", "estimate": "1", "actual": "2"}]
    allocation = {"clusters": {name: {"allocations": [{"name": name, "totalCost": "1"}]}}, "not_allocated": {name: "1"}}
    parts = {"advice": advice, "actual": actual, "history": history, "allocation": allocation, "problems": [name]}
    return cost_documents.document(title=name, estimate=cost_documents.estimated(bill), **parts)


@pytest.mark.parametrize("report", FORMATS)
def test_the_same_document_gives_the_same_bytes(report: ModuleType):
    first = report.render(whole())
    assert first == report.render(json.loads(json.dumps(whole())))
    assert first.endswith("\n")


@pytest.mark.parametrize("report", SHOWN)
def test_what_has_no_price_is_named_and_never_nothing(report: ModuleType):
    estimate = cost_documents.estimated(without=("aws/nlb/hour", "aws/msk/kafka.m5.xlarge"))
    shown = report.render(cost_documents.document(estimate=estimate))
    assert "INCOMPLETE" in shown
    assert "aws/nlb/hour" in shown
    assert "aws/msk/kafka.m5.xlarge" in shown
    assert "no data" in shown
    assert "$0.00" not in shown


def waiting(name: str = "nat_gb") -> Line:
    """A line that waits for a figure of usage."""
    zero = replace(fixed(0), undeclared=(name,))
    return replace(cost_documents.lines()[0], component="network", service="nat", name="traffic", sku="aws/nat/hour", quantity=zero, usage=True)


@pytest.mark.parametrize("report", SHOWN)
def test_usage_that_nobody_declared_is_no_data_and_no_incomplete_sum(report: ModuleType):
    shown = report.render(cost_documents.document(estimate=cost_documents.estimated([*cost_documents.lines(), waiting(), waiting_else()])))
    assert "Not declared in cost_usage, so that 2 lines have no data and every sum is too small by them: cdn_requests, nat_gb" in shown.replace("&#95;", "_")
    assert "no data" in shown
    assert "INCOMPLETE" not in shown
    assert "$3,605.07" in shown


def waiting_else() -> Line:
    return replace(waiting("cdn_requests"), service="cdn")


def test_lines_of_two_regions_say_which_is_which():
    there = replace(cost_documents.PLACE, deployment="marketplace_production_standby", region="us-west-2", standby=True)
    both = table.render(cost_documents.document(estimate=cost_documents.estimated([*cost_documents.lines(), *cost_documents.lines(there)])))
    assert "control plane/cluster, us-east-1 " in both
    assert "control plane/cluster, us-west-2 " in both
    assert "control plane/cluster, " not in table.render(cost_documents.document())


@pytest.mark.parametrize("report", SHOWN)
def test_a_complete_estimate_does_not_say_incomplete(report: ModuleType):
    shown = report.render(cost_documents.document())
    assert "INCOMPLETE" not in shown
    assert "$3,605.07" in shown


def test_the_page_rounds_the_range_and_does_not_cut_it():
    document = cost_documents.document()
    totals = document["estimate"]["totals"]
    effective = {**totals["effective"], "minimum": "9922.66", "maximum": "20116.90"}
    document["estimate"] = {**document["estimate"], "totals": {**totals, "effective": effective}}
    assert "$9,923 to $20,117" in html.render(document)


@pytest.mark.parametrize("report", SHOWN)
def test_a_missing_actual_is_no_data(report: ModuleType):
    shown = report.render(cost_documents.document(actual={"rows": ACTUAL["rows"][:1], "unexplained": None}))
    assert "no data" in shown
    assert "$0.00" not in shown


@pytest.mark.parametrize("report", FORMATS)
def test_a_document_without_estimate_is_refused(report: ModuleType):
    with pytest.raises(CostError, match="the report has no estimate"):
        report.render({"title": "nothing"})


@pytest.mark.parametrize("report", FORMATS)
def test_control_characters_show_as_their_code(report: ModuleType):
    shown = report.render(named("a\x1b[31mred\u202egnp.\x07\u2028\x9b2J"))
    assert not set(shown) & set("\x1b\u202e\x07\u2028\x9b")
    assert "u001b" in shown
    assert "u202e" in shown


def test_a_newline_in_a_name_makes_no_line_in_the_terminal():
    shown = table.render(named("one\r\ntotal  $1.00"))
    assert not any(line.startswith("total  $1.00") for line in shown.split("\n"))


@pytest.mark.parametrize(
    "name", ["a|b", "a\n| x | y |", "`rm -rf /`", "[x](https://evil.example)", "<img src=x>", "@octocat", "www.evil.example", "# head", "*bold*"]
)
def test_a_name_does_nothing_in_markdown(name: str):
    shown = markdown.render(named(name))
    tables = [block.split("\n") for block in shown.split("\n\n") if block.startswith("|")]
    assert all(len({line.count("|") for line in rows if line.startswith("|")}) == 1 for rows in tables)
    for forbidden in ("`rm", "](http", "<img", "@octocat", "://", "www.evil", "*bold*", "\n# head"):
        assert forbidden not in shown


class Page(HTMLParser):
    """Collects tags, attributes and text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "' onload='x", "</style><script>1</script>", "&lt;script&gt;", "]]><svg onload=x>"]
)
def test_a_name_does_nothing_in_html(name: str):
    plain, named_so = Page(html.render(named("plain"))), Page(html.render(named(name)))
    assert named_so.tags == plain.tags
    assert [key for key, value in named_so.attributes] == [key for key, value in plain.attributes]


def test_the_page_needs_nothing_from_outside():
    shown = html.render(whole())
    found = Page(shown)
    assert not {"script", "link", "img", "iframe", "object", "base", "form"} & set(found.tags)
    assert not {"src", "href", "style"} & {key for key, value in found.attributes}
    assert not any(key.startswith("on") for key, value in found.attributes)
    assert "url(" not in shown
    assert "@import" not in shown
    assert ("content", html.POLICY) in found.attributes
    assert "default-src 'none'" in html.POLICY


def test_the_page_has_its_charts_only_where_there_is_something_to_show():
    shown = html.render(whole())
    for title in ("What it is made of", "Savings", "Trend", "Estimate against actual", "Change", "Advice, in this order"):
        assert f"<h2>{title}</h2>" in shown
    bare = html.render(cost_documents.document(estimate=cost_documents.estimated(spot={"discount_percent": "0", "share_percent": "100", "source": ""})))
    for title in ("Savings", "Estimate against actual", "Change"):
        assert f"<h2>{title}</h2>" not in bare
    assert 'class="trendline"' in shown and 'class="trendline"' not in bare


def test_what_is_saved_outside_the_estimate_is_not_taken_off_it():
    outside = {**ADVICE["items"][0], "title": "Idle disks", "monthly_saving": "500", "outside": True}
    shown = html.render(cost_documents.document(advice={**ADVICE, "items": [*ADVICE["items"], outside]}))
    assert "Idle disks: $500.00 outside the estimate" in shown
    assert "After the advice: $3,578.79" in shown


def test_causes_of_a_difference_have_their_amounts():
    assert "unplanned resource +$117.45" in html.render(cost_documents.document(actual={**ACTUAL, "problems": ["the month is not over"]}))
    assert "the month is not over" in html.render(cost_documents.document(actual={**ACTUAL, "problems": ["the month is not over"]}))


@pytest.mark.parametrize("report", [table, markdown, html])
def test_why_nothing_was_measured_stands_beside_no_data(report: ModuleType):
    rows = [{**ACTUAL["rows"][0], "actual": None, "difference": None, "cause": None, "causes": {}}]
    problems = [{"name": "unreachable", "message": "Cost Explorer cannot be reached; check the network"}]
    shown = report.render(cost_documents.document(actual={"rows": rows, "unexplained": None, "problems": problems}))
    assert "no data" in shown and "Cost Explorer cannot be reached; check the network" in shown and "'name'" not in shown


def test_a_month_without_data_is_a_gap_in_the_trend():
    shown = html.render(cost_documents.document(history=HISTORY))
    assert shown.count('class="dot c1"') == 6
    assert shown.count('class="dot c2"') == 5
    assert shown.count('class="trend c1"') == 5
    assert shown.count('class="trend c2"') == 3


@pytest.mark.parametrize("report", FORMATS)
def test_an_estimate_without_lines_is_shown(report: ModuleType):
    assert report.render(cost_documents.document(estimate=cost_documents.estimated([])))


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("0.005", "$0.00"),
        ("0.015", "$0.02"),
        ("0.025", "$0.02"),
        ("-0.001", "$0.00"),
        ("-1234.567", "-$1,234.57"),
        ("1e3", "$1,000.00"),
        (None, "no data"),
        ("?", "no data"),
        (Decimal("999999999999.995"), "$1,000,000,000,000.00"),
    ],
)
def test_money_is_rounded_once_half_to_even(value, shown):
    assert words.money(value) == shown


@pytest.mark.parametrize("value", [1.5, True, "much", "NaN", "Infinity"])
def test_what_is_no_amount_is_refused(value):
    with pytest.raises(CostError, match="is no amount"):
        words.money(value)


def test_no_line_of_the_table_is_wider_than_a_terminal():
    bill = [replace(line, service=f"{line.service} {'long ' * 60}", component="组件" * 40) for line in cost_documents.lines()]
    shown = table.render(cost_documents.document(estimate=cost_documents.estimated(bill), assumptions=[]))
    rows = [line for line in shown.split("\n") if "$" in line]
    assert max(table.columns_of(line) for line in rows) <= table.WIDTH


def test_a_long_sentence_is_folded_and_nothing_of_it_lost():
    said = "cost_usage.x says " + " ".join(f"word{number}" for number in range(80))
    document = cost_documents.document()
    document["estimate"] = {**document["estimate"], "assumptions": [said]}
    shown = table.render(document)
    assert max(map(len, shown.split("\n"))) <= table.WIDTH and said in " ".join(shown.split())
