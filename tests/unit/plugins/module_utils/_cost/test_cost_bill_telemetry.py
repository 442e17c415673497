# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Logs, traces, figures, and lines that somebody adds by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._cost.bill import extra
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill import logging
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill import monitoring
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill import tracing
from ansible_collections.llmops.platform.plugins.module_utils._cost.estimate import estimate
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import CostError
from tests.support.costs import prices
from tests.support.costs import record
from tests.support.data_bills import PLACE
from tests.support.data_bills import STANDBY
from tests.support.data_bills import ends
from tests.support.data_bills import on
from tests.support.data_bills import rows

LADDER = {"detail": {"days": 7, "levels": "all"}, "important": {"days": 30, "levels": "info"}, "audit": {"days": 365, "levels": "audit"}}


def logged(*more, **usage):
    found = on("logging", *more, logging_retention=LADDER, object_storage_provider="s3", logging_compression="gzip")
    found["cost_usage"] |= {"log_gb": 365, "log_info_percent": 80, "log_audit_percent": 5, "log_compression_ratio": 10, **usage}
    return found


def test_each_log_is_kept_as_long_as_its_level():
    # 1.2 GB a day compressed: 20 % for 7 days, 75 % for 30, 5 % for 365.
    found = logging.lines(logged("object_storage"), PLACE)
    assert rows(found) == {"loki/standard": ("aws/s3/standard", "50.58"), "loki/writes": ("aws/s3/put", rows(found)["loki/writes"][1])}
    # 36.5 GB x 1024 / 1.5 MB in thousands.
    assert rows(found)["loki/writes"][1].startswith("24.917333")
    assert all(line.usage for line in found)


def test_without_an_object_store_logs_are_on_volumes():
    assert rows(logging.lines(logged(), PLACE)) == {"loki/volumes": ("aws/ebs/gp3", "50.58")}


def test_logs_that_nobody_declared_are_said_to_be_counted_as_none():
    line = logging.lines(on("logging", logging_retention=LADDER), PLACE)[0]
    assert ends(line) == ("0", "0", "0")
    assert "cost_usage.log_gb is not declared: counted as 0" in line.assumption
    assert line.undeclared == ["log_gb"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"logging_retention": {}}, "logging_retention is not set"),
        ({"logging_retention": {"a": {"days": 0, "levels": "all"}}}, "logging_retention.a.days is 0"),
        ({"logging_retention": {"a": {"days": 1, "levels": "warn"}}}, "logging_retention.a.levels is 'warn'"),
        ({"logging_compression": "brotli"}, "logging_compression is 'brotli'"),
        ({"cost_usage": {"log_audit_percent": 90}}, "log_audit_percent is 90.*audit is a part of info"),
        ({"cost_usage": {"log_compression_ratio": 0}}, "log_compression_ratio is 0; give 1 or more"),
        ({"cost_usage": {"log_gb": -5}}, "cost_usage.log_gb is -5; give 0"),
        ({"cost_usage": {"log_gb": {"minimum": 5, "expected": 3}}}, "cost_usage.log_gb is 5 to 3"),
    ],
)
def test_bad_logging_is_named_with_the_remedy(change, said):
    with pytest.raises(CostError, match=said):
        logging.lines({**logged(), **change}, PLACE)


def test_traces_are_sampled():
    variables = on("tracing", "object_storage", object_storage_provider="s3", tracing_sampling_percent=10, tracing_retention_days=7)
    variables["cost_usage"]["trace_gb"] = 365
    assert rows(tracing.lines(variables, PLACE)) == {"tempo/standard": ("aws/s3/standard", "8.4")}
    variables["tracing_backend"] = "jaeger"
    assert rows(tracing.lines(variables, PLACE)) == {"jaeger/volumes": ("aws/ebs/gp3", "8.4")}
    variables["platform_components"]["elasticsearch"] = True
    assert tracing.lines(variables, PLACE) == []


def test_prometheus_has_a_volume_by_its_own_formula():
    variables = on("monitoring", monitoring_retention_days=30)
    variables["cost_usage"] |= {"metric_series": 2**20, "metric_interval_seconds": 27}
    # 2^20 / 27 a second x 30 days x 2 bytes.
    assert rows(monitoring.lines(variables, PLACE)) == {"prometheus/volumes": ("aws/ebs/gp3", "187.5")}
    del variables["cost_usage"]["metric_series"]
    line = monitoring.lines(variables, PLACE)[0]
    assert line.quantity.minimum < line.quantity.expected < line.quantity.maximum
    assert "metric_series is not declared: 20000 to 50000 to 200000" in line.assumption


def test_the_providers_monitoring_is_billed_by_metric_alarm_and_dashboard():
    variables = on("monitoring", monitoring_provider="cloudwatch", monitoring_alerts_shared={"a": {}, "b": {}}, monitoring_alerts={"c": {}})
    variables |= {"monitoring_dashboards": {"x": {}}}
    variables["cost_usage"]["metric_series"] = 12
    assert rows(monitoring.lines(variables, PLACE)) == {
        "cloudwatch/metrics": ("aws/cloudwatch/metric", "12"),
        "cloudwatch/alarms": ("aws/cloudwatch/alarm", "3"),
        "cloudwatch/dashboards": ("aws/cloudwatch/dashboard", "1"),
    }
    with pytest.raises(CostError, match=r"monitoring_provider is cloudwatch, but platform_provider azure"):
        monitoring.lines(variables, replace(PLACE, provider="azure"))


@pytest.mark.parametrize("module", [logging, tracing, monitoring])
def test_a_cold_standby_observes_nothing(module):
    assert module.lines({**logged(), "disaster_recovery_mode": "pilot_light"}, STANDBY) == []
    assert module.lines(logged(), replace(PLACE, provider="existing")) == []


def added(**settings):
    return {"cost_extra_items": {"support": {"sku": "aws/support/business", "quantity": "100", **settings}}}


def test_an_item_of_ones_own():
    line = extra.lines(added(), PLACE)[0]
    assert (line.id, line.sku, ends(line), line.unit) == ("shop_production_primary/extra/extra/support", "aws/support/business", ("100",) * 3, "unit")
    assert (line.usage, line.scales, line.place.region) == (False, False, "us-east-1")


def test_the_unit_of_an_item_is_that_of_its_price():
    table = prices(record("aws/support/business", unit="month"))
    assert estimate(extra.lines(added(), PLACE), table, {}, "2026-07-31")["lines"][0]["unit"] == "month"
    with pytest.raises(CostError, match=r"shop_production_primary/extra/extra/support is counted by .GB., but aws/support/business has its price by .month."):
        estimate(extra.lines(added(unit="GB"), PLACE), table, {}, "2026-07-31")


def test_an_item_elsewhere_with_a_range():
    line = extra.lines(added(sku="azure/vm/D2s", minimum=0, maximum="200.5", region="westeurope", service="batch", unit="hour", assumption="a guess"), PLACE)[0]
    assert (line.place.provider, line.place.region, line.service, line.unit, line.assumption) == ("azure", "westeurope", "batch", "hour", "a guess")
    assert ends(line) == ("0", "100", "200.5")
    assert line.scales
    assert not extra.lines(added(minimum=0, maximum=200, usage=True), PLACE)[0].scales


@pytest.mark.parametrize("key", ["service", "unit", "assumption"])
def test_what_is_shown_of_an_item_is_text(key):
    with pytest.raises(CostError, match=rf"cost_extra_items\.support\.{key} is .*; give text"):
        extra.lines(added(**{key: {"a": 1}}), PLACE)


def test_the_name_of_an_item_is_text():
    with pytest.raises(CostError, match="cost_extra_items has 7, which is no name; put it in quotes"):
        extra.lines({"cost_extra_items": {7: {"sku": "aws/x/y", "quantity": 1}}}, PLACE)


def test_layers_add_change_and_remove_items():
    variables = {
        **added(),
        "cost_extra_items_environment": {"support": {"quantity": 5}},
        "cost_extra_items_deployment": {"more": {"sku": "aws/x/y", "quantity": 1}},
    }
    assert rows(extra.lines(variables, PLACE)) == {"extra/support": ("aws/support/business", "5"), "extra/more": ("aws/x/y", "1")}
    assert extra.lines({**added(), "cost_extra_items_deployment": {"support": None}}, PLACE) == []
    assert extra.lines({}, PLACE) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"quantity": -1}, "support.quantity is -1; give 0"),
        ({"quantity": 10**13}, "support.quantity is 10000000000000; give 0 to"),
        ({"quantity": 1.5}, "support.quantity is 1.5; give a whole number, or a decimal number in quotes"),
        ({"quantity": "many"}, "support.quantity is 'many'"),
        ({"quantity": "NaN"}, "support.quantity is 'NaN'"),
        ({"quantity": None}, "support.quantity is missing"),
        ({"sku": None}, "support.sku is missing"),
        ({"sku": "support"}, "support.sku is 'support'; give <provider>"),
        ({"sku": "=cmd()|a"}, "support.sku is"),
        ({"minimum": 101}, "is 101 to 100 to 100; none may be smaller"),
        ({"maximum": 99}, "is 100 to 100 to 99"),
        ({"usage": "yes"}, "support.usage is 'yes'; give true or false"),
        ({"region": "<script>"}, "support.region is"),
        ({"region": "us-esat-1"}, "support: aws/support/business: 'us-esat-1' is not a region of aws; near: us-west-1, us-east-1"),
        ({"sku": "asw/ec2/m5.large"}, "support: SKU is 'asw/ec2/m5.large'; give <provider>"),
        ({"quantiy": 1}, "support.quantiy is unknown; did you mean quantity"),
    ],
)
def test_bad_items_are_named_with_the_remedy(change, said):
    with pytest.raises(CostError, match=said):
        extra.lines(added(**change), PLACE)
