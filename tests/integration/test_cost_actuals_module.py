# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module cost_actuals as an operator runs it: against moto with queued answers, and against the fake of Cost Explorer."""

from __future__ import annotations

import pytest

pytest.importorskip("moto")

from tests.support.fake_cost_explorer import Charge
from tests.support.fake_cost_explorer import served
from tests.support.modules import run_module
from tests.support.moto_cost_explorer import KEYS
from tests.support.moto_cost_explorer import queue
from tests.support.moto_cost_explorer import serving

EKS, NAT = "Amazon Elastic Container Service for Kubernetes", "EC2 - Other"
MONTH = {"start": "2026-10-01", "end": "2026-11-01", "as_of": "2026-11-21T12:00:00Z"}


@pytest.fixture(scope="module")
def moto():
    with serving() as url:
        yield url


def groups(*rows, unit="USD"):
    told = [
        {"Keys": list(keys), "Metrics": {"UnblendedCost": {"Amount": usd, "Unit": unit}, "UsageQuantity": {"Amount": quantity, "Unit": "Hrs"}}}
        for *keys, usd, quantity in rows
    ]
    return {"ResultsByTime": [{"TimePeriod": {"Start": "2026-10-01", "End": "2026-11-01"}, "Total": {}, "Groups": told, "Estimated": False}]}


def test_queued_answers_of_moto(moto, monkeypatch, tmp_path):
    for name, value in {**KEYS, "AWS_ENDPOINT_URL": moto}.items():
        monkeypatch.setenv(name, value)
    account = groups((EKS, "Usage", "73.0000000001", "730"), (NAT, "Usage", "32.85", "730"), (EKS, "Credit", "-20", "0"), ("Tax", "Tax", "9.5", "0"))
    tagged = groups(("platform$demo", EKS, "73.0000000001", "730"), ("platform$", NAT, "32.85", "730"))
    queue(moto, account, tagged, groups((EKS, "USE1-AmazonEKS-Hours:perCluster", "73.0000000001", "730")))
    arguments = {**MONTH, "tag": "platform", "tag_value": "demo", "cache_directory": str(tmp_path / "kept"), "expected_services": [EKS, NAT]}
    result = run_module("cost_actuals", arguments)
    assert not result["failed"] and not result["changed"]
    assert result["services"] == {EKS: "73.0000000001", NAT: None}
    assert (result["credits"], result["tax"], result["untagged"]) == ("-20", "9.5", {NAT: "32.85"})
    assert (result["data"], [problem["name"] for problem in result["problems"]]) == ("measured", ["service_missing"])
    assert result["calls"] == {"paid": 3, "cached": 0, "throttled": 0, "usd": "0.03"}
    # Nothing is queued any more: the answers come from disk. Another endpoint's would not.
    again = run_module("cost_actuals", arguments)
    assert (again["services"], again["calls"]["paid"], again["calls"]["cached"]) == (result["services"], 0, 3)


def test_the_empty_answer_of_moto_is_no_data(moto, monkeypatch):
    for name, value in {**KEYS, "AWS_ENDPOINT_URL": moto}.items():
        monkeypatch.setenv(name, value)
    queue(moto)
    result = run_module("cost_actuals", {**MONTH, "expected_services": [EKS]})
    assert (result["data"], result["services"], result["credits"]) == ("no data", {EKS: None}, None)
    assert [problem["name"] for problem in result["problems"]] == ["empty"]


def test_pages_and_throttling_of_the_fake(monkeypatch):
    with served() as fake:
        for name, value in fake.environment.items():
            monkeypatch.setenv(name, value)
        fake.charges = [Charge(EKS, "USE1-AmazonEKS-Hours:perCluster", "73", "730"), Charge(NAT, "NatGateway-Hours", "32.85", "730")]
        fake.page = 1
        fake.refuse = [(400, "LimitExceededException", "You made too many calls in a short period of time.")]
        result = run_module("cost_actuals", {**MONTH, "usage": False})
    assert result["services"] == {EKS: "73", NAT: "32.85"}
    assert result["calls"] == {"paid": 2, "cached": 0, "throttled": 1, "usd": "0.02"}


def test_without_an_answer_there_is_no_data_and_its_reason(monkeypatch):
    for name, value in {**KEYS, "AWS_ENDPOINT_URL": "http://127.0.0.1:9"}.items():
        monkeypatch.setenv(name, value)
    result = run_module("cost_actuals", {**MONTH, "expected_services": [EKS]})
    assert not result["failed"] and (result["data"], result["services"]) == ("no data", {EKS: None})
    assert [problem["name"] for problem in result["problems"]] == ["unreachable"]


def test_wrong_arguments_are_refused_without_a_call(monkeypatch):
    with served() as fake:
        for name, value in fake.environment.items():
            monkeypatch.setenv(name, value)
        result = run_module("cost_actuals", {**MONTH, "tag_value": "demo"})
        assert result["failed"] and result["msg"] == "tag_value is set and tag is not; name the tag"
        assert fake.seen == []
