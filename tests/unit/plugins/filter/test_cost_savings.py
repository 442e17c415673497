# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filters of savings: errors as Ansible says them, results as plain data."""

from __future__ import annotations

import json

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.llmops.platform.plugins.filter.cost_savings import FilterModule
from ansible_collections.llmops.platform.plugins.module_utils._cost.estimate import estimate
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Line
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Place
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import hours
from ansible_collections.llmops.platform.plugins.module_utils._cost.prices import table
from tests.support.costs import record

FILTERS = FilterModule().filters()
RECORDS = [record(f"aws/ec2/{kind}.xlarge", usd) for kind, usd in (("m5", "0.192"), ("m6g", "0.154"))]
LABELS = {"pool": "general", "instance_type": "m5.xlarge", "nodes": "3"}
PLACE = Place("p", "production", "p_production", "aws", "us-east-1", 3, "2026-07-31")
VARIABLES = {"application_services": {"web": {"replicas": 2, "resources": {"requests": {"cpu": "1", "memory": "1Gi"}}}}}


@pytest.fixture
def found():
    line = Line(PLACE, "cluster", "pool general", "nodes", "aws/ec2/m5.xlarge", hours(3), "hour", labels=LABELS)
    return estimate([line], table(RECORDS), {}, "2026-07-31")


def test_advice(found):
    advice = FILTERS["cost_advice"](found, RECORDS, {"p_production": VARIABLES})
    assert [item["kind"] for item in advice["items"]] == ["graviton", "commitments"]
    assert json.loads(json.dumps(advice)) == advice
    with pytest.raises(AnsibleFilterError, match=r"cost_advice - measured\.gone is not known"):
        FILTERS["cost_advice"](found, RECORDS, {}, {"gone": {}})


def test_allocation(found):
    allocation = FILTERS["cost_allocation"](found, "p_production", VARIABLES)
    assert allocation["by"]["service"] == {"web": "420.48"} and json.loads(json.dumps(allocation)) == allocation
    with pytest.raises(AnsibleFilterError, match="cost_allocation - the estimate has no lines of 'gone'"):
        FILTERS["cost_allocation"](found, "gone", VARIABLES)


def test_schedule():
    assert FILTERS["cost_schedule"]("off=(M-F,19);on=(M-F,7)", "2026-02")["hours_off"] == "432"
    wrong = (
        ("off=(M-F,19)", "2026-02", "lacks off= or on="),
        ("off=(M,1);on=(M,2)", "July", "month is 'July'"),
        ("off=(M,1);on=(M,2)", "2026-13", "is no month"),
    )
    for given, month, words in wrong:
        with pytest.raises(AnsibleFilterError, match=words):
            FILTERS["cost_schedule"](given, month)
