# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What earlier reports came to: one entry a date, bounded, the same for the same date, and never guessed."""

from __future__ import annotations

import datetime
import json

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._cost import history
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import CostError
from ansible_collections.llmops.platform.plugins.module_utils._cost.report import html
from ansible_collections.llmops.platform.plugins.module_utils._cost.report import markdown
from ansible_collections.llmops.platform.plugins.module_utils._cost.report import table
from tests.support import cost_documents


def one(period, estimate="1000.00", actual=None, incomplete=False):
    return {"period": period, "estimate": estimate, "actual": actual, "incomplete": incomplete}


def write(folder, content):
    (folder / history.FILE).write_text(content if isinstance(content, str) else json.dumps(content))


def test_what_is_written_is_read_again_by_date(tmp_path):
    assert history.read(tmp_path) == []
    entries = history.added([one("2026-11-20", actual="9.5")], one("2026-11-01"))
    write(tmp_path, history.text(entries))
    assert history.read(tmp_path) == [one("2026-11-01"), one("2026-11-20", actual="9.5")]


def test_the_same_date_again_changes_nothing_and_a_new_figure_takes_the_place_of_the_old():
    first = history.added([], one("2026-11-20"))
    assert history.text(history.added(first, one("2026-11-20"))) == history.text(first)
    assert history.added(first, one("2026-11-20", "7")) == [one("2026-11-20", "7")]


def test_of_what_nothing_was_counted_there_is_no_entry_and_no_change(tmp_path):
    nothing = cost_documents.document(estimate=cost_documents.estimated([]))
    entries = history.added([one("2026-11-20")], history.entry(nothing))
    assert entries == [one("2026-11-20")] and history.since({**nothing, "history": entries}) is None
    write(tmp_path, history.text(history.added([], history.entry(nothing))))
    assert history.read(tmp_path) == []


def test_it_is_bounded_and_the_oldest_go():
    begin = datetime.date(2025, 1, 1)
    days = [(begin + datetime.timedelta(days=number)).isoformat() for number in range(400)]
    entries = []
    for day in days:
        entries = history.added(entries, one(day))
    assert [entry["period"] for entry in entries] == days[-history.MOST :]


def test_a_report_of_an_earlier_day_knows_nothing_of_later_ones():
    entries = [one("2026-11-01"), one("2026-11-20"), one("2026-11-21", "5")]
    assert [entry["period"] for entry in history.until(entries, "2026-11-20")] == ["2026-11-01", "2026-11-20"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "cannot be read as a history"),
        ("[{}]", "'period'"),
        ([one("yesterday")], "yesterday"),
        ([one("2026-11-20", 12.5)], "12.5 of 2026-11-20 is no text"),
        ([one("2026-11-20", "much")], "'much'"),
        ([one("2026-11-20", None)], "is none"),
        ([{**one("2026-11-20"), "incomplete": "no"}], "is none"),
        ("null", "restore it, or delete it"),
    ],
)
def test_a_broken_file_is_named_with_what_to_do(tmp_path, content, said):
    write(tmp_path, content)
    with pytest.raises(CostError, match=said) as raised:
        history.read(tmp_path)
    assert str(tmp_path / history.FILE) in str(raised.value) and "delete it and lose the trend" in str(raised.value)


def test_an_entry_is_the_total_in_effect_and_nothing_where_nothing_was_measured():
    document = cost_documents.document()
    total = document["estimate"]["totals"]["effective"]["expected"]
    assert history.entry(document) == {"period": cost_documents.AS_OF, "estimate": total, "actual": None, "incomplete": False}
    assert history.entry({**document, "actual": {"totals": {"actual": "12.5"}}})["actual"] == "12.5"
    assert history.entry({**document, "actual": {"totals": {"actual": None}}})["actual"] is None
    assert history.entry({**document, "estimate": cost_documents.estimated(without=("aws/nat/hour",))})["incomplete"] is True


@pytest.mark.parametrize("render", [table.render, markdown.render, html.render])
def test_since_the_last_report(render):
    document = cost_documents.document()
    total = document["estimate"]["totals"]["effective"]["expected"]
    assert "Since the last report: no data" in render(document)
    # The report's own entry is none to compare with.
    assert "Since the last report: no data" in render({**document, "history": [one(cost_documents.AS_OF, total)]})
    shown = render({**document, "history": [one("2026-11-01", "1"), one("2026-11-19", "1000"), one(cost_documents.AS_OF, total)]}).replace("&#36;", "$")
    difference = f"{float(total) - 1000:,.2f}"
    assert f"Since the last report, of 2026-11-19: +${difference}, from $1,000.00" in shown
    marked = render({**document, "history": [one("2026-11-19", "1000", incomplete=True), one(cost_documents.AS_OF, total)]})
    assert "INCOMPLETE, so it may be another line that has a price now" in marked
