# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A comment of a pull request is never too long, and says how much it leaves out."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._cost.report import markdown
from tests.support import cost_documents


def many(count: int, text: str = "line") -> dict:
    bill = [replace(cost_documents.lines()[0], name=f"{text} {number:05d}", component=f"component {number % 90}") for number in range(count)]
    return cost_documents.document(estimate=cost_documents.estimated(bill), baseline=cost_documents.estimated([]))


@pytest.mark.parametrize(("count", "text"), [(0, "x"), (10, "x"), (200, "x"), (700, "x"), (200, "字" * 200), (250, "<&>" * 120)])
def test_it_fits_a_comment(count, text):
    shown = markdown.render(many(count, text))
    assert len(shown.encode()) <= markdown.LIMIT < 65_536
    assert shown.startswith(f"## llm marketplace, production: {'$' if count else 'no data'}")


def test_what_is_left_out_is_counted():
    shown = markdown.render(many(700))
    block = shown[shown.index("All 700 lines") :]
    left = int(re.search(r"\*(\d+) of 700 rows are left out", block)[1])
    assert left > 0
    assert sum(line.startswith("| marketplace") for line in block.split("\n")) == 700 - left


def test_what_fits_is_not_shortened():
    shown = markdown.render(many(40))
    assert "left out" not in shown
    assert sum("| aws/eks/cluster |" in line for line in shown.split("\n")) == 40


@pytest.mark.parametrize("limit", [1200, 2000, 5000])
def test_totals_stay_where_hardly_anything_fits(limit):
    shown = markdown.render(many(500), limit)
    assert len(shown.encode()) <= limit
    assert "| expected | **$36,500.00** |" in shown
    assert "left out" in shown


def test_incomplete_stays_where_hardly_anything_fits():
    document = cost_documents.document(estimate=cost_documents.estimated(without=("aws/nlb/hour",)))
    assert "INCOMPLETE: 1 SKU has no price and is in no sum: aws/nlb/hour" in markdown.render(document, 1200)
