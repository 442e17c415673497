# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a month costs, did cost and may cost, by the playbook that an operator runs."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._cost.price_files import load
from ansible_collections.llmops.platform.plugins.module_utils._cost.price_queries import query
from tests.support import fake_pricing
from tests.support.modules import ROOT
from tests.support.modules import run_module
from tests.support.moto_cost_explorer import KEYS
from tests.support.moto_cost_explorer import queue
from tests.support.moto_cost_explorer import serving

HOST, NAME = "workflow_platform_dev_primary", "workflow-platform-dev"
FILES = {"estimate.json", "report.txt", "report.md", "report.html", "infracost.json", "focus.csv", "history.json"}
EKS = "Amazon Elastic Container Service for Kubernetes"
PRICES = ROOT / "roles" / "cost" / "files" / "prices"
# Nobody listens there: a call that nobody asked for fails the run.
NOWHERE = "http://127.0.0.1:9"


@pytest.fixture
def operator(tmp_path):
    """`operator(endpoint, **variables)`: the run of cost_report.yml for one host, and the folder of its reports."""

    def run(endpoint=NOWHERE, *more, **variables):
        folder = Path(variables.get("cost_reports_directory", tmp_path / "reports"))
        given = {"cost_as_of": "2026-11-21", "cost_reports_directory": str(folder), **variables}
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("AWS_")},
            "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"),
            **KEYS,
            "AWS_ENDPOINT_URL": endpoint,
        }
        words = [str(Path(sys.executable).parent / "ansible-playbook"), "-i", "inventories/dev.yml", "--limit", HOST, "playbooks/cost_report.yml"]
        done = subprocess.run([*words, *more, "--extra-vars", json.dumps(given)], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        return done, folder

    return run


@pytest.fixture
def moto():
    with serving() as url:
        yield url


def groups(*rows):
    told = [
        {"Keys": list(keys), "Metrics": {"UnblendedCost": {"Amount": usd, "Unit": "USD"}, "UsageQuantity": {"Amount": quantity, "Unit": "Hrs"}}}
        for *keys, usd, quantity in rows
    ]
    return {"ResultsByTime": [{"TimePeriod": {"Start": "2026-10-01", "End": "2026-11-01"}, "Total": {}, "Groups": told, "Estimated": False}]}


def contents(folder):
    return {file.name: file.read_bytes() for file in (folder / NAME).iterdir()}


def test_reports_come_without_a_cloud_and_are_the_same_twice(operator, tmp_path):
    done, folder = operator()
    assert done.returncode == 0, done.stdout[-3000:]
    first = contents(folder)
    assert set(first) == FILES and all(first.values())
    estimate = json.loads(first["estimate.json"])
    assert not estimate["incomplete"] and Decimal(estimate["totals"]["effective"]["expected"]) > 100
    assert f"{NAME} " in done.stdout and "changed=0" in done.stdout
    assert f"7 of 7 files written below {folder}" in done.stdout
    done, _folder = operator()
    assert done.returncode == 0 and f"0 of 7 files written below {folder}" in done.stdout
    done, other = operator(NOWHERE, "--check", cost_reports_directory=str(tmp_path / "again"))
    assert f"7 of 7 files would be written below {other}" in done.stdout and not other.exists()
    done, other = operator(cost_reports_directory=str(tmp_path / "again"))
    assert done.returncode == 0 and contents(other) == first
    assert "Since the last report: no data" in first["report.txt"].decode()
    # Again in the same folder, where the history is, and then the next day.
    done, _folder = operator()
    assert done.returncode == 0 and contents(folder) == first
    done, _folder = operator(cost_as_of="2026-11-22")
    assert done.returncode == 0 and "Since the last report, of 2026-11-21: $0.00" in contents(folder)["report.txt"].decode()
    assert [entry["period"] for entry in json.loads(contents(folder)["history.json"])] == ["2026-11-21", "2026-11-22"]


def test_a_run_over_its_budget_fails_after_the_reports_are_written(operator):
    done, folder = operator(cost_budget_monthly_usd="10.00", cost_target_monthly_usd="")
    assert done.returncode != 0 and "passes the budget of $10.00" in done.stdout
    assert set(contents(folder)) == FILES


def test_an_unusable_baseline_fails_after_the_reports_are_written(operator, tmp_path):
    (tmp_path / NAME).mkdir()
    (tmp_path / NAME / "estimate.json").write_text("{")
    done, folder = operator(cost_gate={"growth_percent": "10", "baseline": str(tmp_path)})
    assert done.returncode != 0 and "cannot be read as an estimate" in done.stdout and "Traceback" not in done.stdout
    assert set(contents(folder)) == FILES


def test_at_the_end_of_a_deployment_only_the_gate_fails_it(operator, tmp_path):
    nothing = {"cost_prices_directory": str(tmp_path / "none")}
    done, _folder = operator(**nothing)
    assert done.returncode != 0 and "changed=0" in done.stdout
    done, _folder = operator(__cost_report_phase_alone=False, **nothing)
    assert done.returncode == 0 and "make cost, when it is put right" in " ".join(done.stdout.split())
    done, _folder = operator(__cost_report_phase_alone=False, cost_budget_monthly_usd="10.00", cost_target_monthly_usd="")
    assert done.returncode != 0 and "passes the budget of $10.00" in done.stdout


def test_a_limit_holds_for_the_inventories_that_are_named(operator):
    inventories = [str(ROOT / "inventories" / f"{name}.yml") for name in ("dev", "staging")]
    done, folder = operator(cost_inventories=inventories, cost_limit="connector_hub")
    assert done.returncode == 0, done.stdout[-3000:]
    assert {path.name for path in folder.iterdir()} == {"connector-hub-dev", "connector-hub-staging", "all"}
    # Others run them, so there is no sum, and no history of one.
    done, _folder = operator(cost_inventories=inventories, cost_limit="connector_hub")
    assert done.returncode == 0 and "0 of 20 files written" in done.stdout, done.stdout[-3000:]
    done, _folder = operator(cost_inventories=inventories, cost_limit="conector_hub")
    assert done.returncode != 0 and "cost_limit is 'conector_hub', which no host of" in done.stdout


def test_a_run_that_grew_too_much_fails_by_the_earlier_reports(operator, tmp_path):
    done, before = operator()
    assert done.returncode == 0, done.stdout[-3000:]
    more = {"more": {"sku": "aws/nat/hour", "quantity": "14600"}}
    gate = {"budget": False, "growth_percent": "10", "baseline": str(before)}
    done, _folder = operator(cost_extra_items=more, cost_gate=gate, cost_reports_directory=str(tmp_path / "after"))
    assert done.returncode != 0 and "up to 10 % may pass" in done.stdout


def test_actuals_of_moto_stand_beside_the_estimate(operator, moto):
    account = groups((EKS, "Usage", "80", "800"), ("Amazon Simple Email Service", "Usage", "3", "30"), (EKS, "Credit", "-20", "0"), ("Tax", "Tax", "9.5", "0"))
    tagged = groups(("platform$workflow_platform", EKS, "80", "800"))
    untagged, usage = groups(("Amazon Simple Email Service", "3", "30")), groups((EKS, "USE1-AmazonEKS-Hours:perCluster", "80", "800"))
    queue(moto, account, tagged, untagged, usage)
    done, folder = operator(endpoint=moto, cost_actuals_wanted=True)
    assert done.returncode == 0, done.stdout[-3000:]
    report = contents(folder)["report.txt"].decode()
    # 70 hours of a control plane more than a month of 730 has.
    row = next(line for line in report.splitlines() if EKS in line and "80.00" in line)
    assert "73.00" in row and "7.00" in row and "quantity" in row


def test_the_empty_answer_of_moto_is_no_data_and_never_nothing_spent(operator, moto):
    queue(moto)
    done, folder = operator(endpoint=moto, cost_actuals_wanted=True)
    assert done.returncode == 0, done.stdout[-3000:]
    assert "no data" in contents(folder)["report.txt"].decode()


def test_actuals_without_a_cloud_are_no_data_and_why(operator):
    done, folder = operator(cost_actuals_wanted=True)
    assert done.returncode == 0, done.stdout[-3000:]
    report = contents(folder)["report.txt"].decode()
    assert "no data" in report and "Cost Explorer cannot be reached" in report


def test_a_refreshed_price_changes_the_next_estimate(operator, tmp_path, monkeypatch):
    for name, value in {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_EC2_METADATA_DISABLED": "true"}.items():
        monkeypatch.setenv(name, value)
    for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    shutil.copytree(PRICES, tmp_path / "prices")
    nat = "aws/nat/hour"
    with fake_pricing.served() as fake:
        for price in load(PRICES).all():
            if price.region != "global" and query(price.sku, price.region) and price.sku != nat:
                fake.sell(price)
        fake.add("AmazonEC2", dict(query(nat, "us-east-1").filters), "0.0900000000", "Hrs")
        result = run_module("cost_prices", {"path": str(tmp_path / "prices"), "endpoint_url": fake.url})
    assert not result["failed"] and result["changed"], result.get("msg")
    before = json.loads(contents(operator()[1])["estimate.json"])
    after = json.loads(contents(operator(cost_prices_directory=str(tmp_path / "prices"), cost_reports_directory=str(tmp_path / "after"))[1])["estimate.json"])
    hours = sum(Decimal(line["quantity"]["expected"]) for line in before["lines"] if line["sku"] == nat)
    assert hours > 0
    grown = Decimal(after["totals"]["list"]["expected"]) - Decimal(before["totals"]["list"]["expected"])
    assert grown == hours * Decimal("0.045")
