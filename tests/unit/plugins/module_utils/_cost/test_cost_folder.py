# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The folder of reports: every format of every estimate, the same bytes each time, and an earlier one to compare with."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._cost.estimate import estimate
from ansible_collections.llmops.platform.plugins.module_utils._cost.folder import FORMATS
from ansible_collections.llmops.platform.plugins.module_utils._cost.folder import baseline
from ansible_collections.llmops.platform.plugins.module_utils._cost.folder import files
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import CostError
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import fixed
from ansible_collections.llmops.platform.plugins.module_utils._cost.prices import table
from ansible_collections.llmops.platform.plugins.module_utils._cost.summary import shown
from ansible_collections.llmops.platform.plugins.module_utils._cost.summary import summarised
from tests.support import cost_documents
from tests.support.costs import AS_OF
from tests.support.costs import many


def made(name="shop-dev", environment="dev", count=20, drop=None):
    lines, records = many(count, environment)
    found = estimate(lines, table([record for record in records if record["sku"] != drop]), {}, AS_OF)
    return {
        "name": name, "platform": "shop", "environment": environment, "title": name, "generated": AS_OF, "estimate": found, "baseline": None,
        "actual": None, "advice": None, "allocation": None, "budget": {"limit": "300"}, "documented": None,
    }  # fmt: skip


def test_every_format_of_every_estimate_and_of_all_is_there():
    found = files([made(), made("shop-production", "production")], FORMATS)
    names = {"estimate.json", "report.txt", "report.md", "infracost.json", "focus.csv", "report.html"}
    assert set(found) == {f"{folder}/{name}" for folder in ("shop-dev", "shop-production", "all") for name in names}
    assert len(json.loads(found["all/estimate.json"])["lines"]) == 40


def test_what_nobody_counted_is_no_data_and_never_nothing():
    foreign = {**made("hub-production", "production", count=0), "run_by_others": ["hub_production_primary"], "budget": {"limit": "300"}}
    found = files([foreign, made()], FORMATS)
    own = summarised([foreign])["hub-production"]
    assert (own["list"], own["contracted"], own["effective"]) == (None, None, {"minimum": None, "expected": None, "maximum": None})
    assert shown(summarised([foreign]))[1].count("no data") == 5
    for name in ("report.txt", "report.md", "report.html"):
        assert "no data" in found[f"hub-production/{name}"] and "$0.00" not in found[f"hub-production/{name}"]
    assert json.loads(found["hub-production/infracost.json"])["totalMonthlyCost"] is None
    assert json.loads(found["hub-production/estimate.json"])["totals"]["effective"]["expected"] is None
    assert "not counted, as others run them: hub_production_primary" in found["hub-production/report.txt"]
    assert (
        "not counted, as others run them: hub_production_primary"
        in files([foreign, made(), made("shop-production", "production")], ["table"])["all/report.txt"]
    )
    # It takes nothing from the sum of the others, nor adds to it.
    assert json.loads(found["all/estimate.json"])["totals"] == json.loads(found["shop-dev/estimate.json"])["totals"]


def test_what_stands_on_this_machine_is_marked_and_in_no_sum_of_money():
    local = {**made("shop-local", "local"), "environment": "local"}
    one, two = made(), made("shop-production", "production")
    assert "all/report.txt" not in files([one, local], ["table"])
    found = files([one, local, two], [])
    assert [name for name in found if "local" in name] == ["shop-local/estimate.json"]
    assert len(json.loads(found["all/estimate.json"])["lines"]) == 40
    summary = summarised([local, one])
    assert [own["billed"] for own in summary.values()] == [False, True]
    assert [line.endswith("as if it stood at the provider; nothing is billed") for line in shown(summary)] == [False, True, False]


def test_one_estimate_has_no_sum_of_all():
    assert set(files([made()], ["table"])) == {"shop-dev/estimate.json", "shop-dev/report.txt"}


def test_the_same_input_gives_the_same_bytes():
    assert files([made(), made("shop-production", "production")], FORMATS) == files([made(), made("shop-production", "production")], FORMATS)


def test_an_unknown_format_is_named():
    with pytest.raises(CostError, match="no report 'pdf'"):
        files([made()], ["pdf"])


def test_an_earlier_folder_is_a_baseline(tmp_path):
    (tmp_path / "shop-dev").mkdir()
    document = made()
    (tmp_path / "shop-dev" / "estimate.json").write_text(files([document], [])["shop-dev/estimate.json"])
    assert baseline(str(tmp_path), document) == document["estimate"]
    assert baseline(str(tmp_path), made("shop-production", "production")) is None
    assert baseline("", document) is None


def broken(change):
    found = json.loads(json.dumps(made()["estimate"]))
    change(found)
    return json.dumps(found)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        "null",
        '{"lines": []}',
        '{"lines": [], "totals": {}, "as_of": ""}',
        "[" * 100_000,
        broken(lambda found: found["totals"].update(effective=None)),
        broken(lambda found: found["totals"]["effective"].update(expected="much")),
        broken(lambda found: found["lines"][0].pop("sku")),
        broken(lambda found: found["lines"].append("line")),
    ],
    ids=range(11),
)
def test_a_baseline_that_is_none_is_named(tmp_path, content):
    (tmp_path / "shop-dev").mkdir()
    (tmp_path / "shop-dev" / "estimate.json").write_text(content)
    with pytest.raises(CostError, match=r"shop-dev/estimate\.json .*(restore it, or take another baseline)"):
        baseline(str(tmp_path), made())


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda found: found["lines"][0].update(environment="production"), "is an estimate of shop in production, not of shop-dev"),
        (lambda found: found.update(currency="EUR"), "currency EUR in place of USD"),
        (lambda found: found.update(hours_per_month="744"), "hours_per_month 744 in place of 730"),
    ],
)
def test_a_baseline_of_something_else_is_named(tmp_path, change, said):
    (tmp_path / "shop-dev").mkdir()
    (tmp_path / "shop-dev" / "estimate.json").write_text(broken(change))
    with pytest.raises(CostError, match=said):
        baseline(str(tmp_path), made())


def test_a_baseline_without_a_folder_is_named():
    with pytest.raises(CostError, match=r"cost_gate\.baseline is '/nowhere'"):
        baseline("/nowhere", made())


def test_the_summary_is_a_line_each_and_says_what_is_incomplete():
    whole, part = made(), made("shop-production", "production", drop="aws/ec2/kind1", count=60)
    lines = shown(summarised([whole, part]))
    assert lines[0].split() == ["USD", "a", "month", "list", "contracted", "effective", "minimum", "maximum", "budget"]
    assert lines[1].startswith("shop-dev ") and lines[1].endswith(" 300.00") and "INCOMPLETE" not in lines[1]
    assert shown(summarised([{**part, "run_by_others": ["x", "y"]}]))[1].endswith("others run them: x, y; INCOMPLETE: no price for aws/ec2/kind1")
    assert lines[2].endswith("INCOMPLETE: no price for aws/ec2/kind1")


def test_the_summary_counts_the_figures_of_usage_that_nobody_declared():
    line = replace(cost_documents.lines()[0], service="late", quantity=replace(fixed(0), undeclared=("nat_gb",)), usage=True)
    document = {**cost_documents.document(estimate=cost_documents.estimated([*cost_documents.lines(), line])), "name": "shop-dev", "environment": "dev"}
    found = summarised([document])
    assert found["shop-dev"]["undeclared"] == ["nat_gb"]
    assert shown(found)[1].endswith("without 1 figure of cost_usage")
