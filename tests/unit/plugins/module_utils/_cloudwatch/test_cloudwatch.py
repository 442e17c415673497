# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Log groups, metrics, alarms, dashboards and the add-on's configuration of role cloudwatch, by tables."""

from __future__ import annotations

import json

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._cloudwatch.alarms import alarms
from ansible_collections.llmops.platform.plugins.module_utils._cloudwatch.dashboards import dashboards
from ansible_collections.llmops.platform.plugins.module_utils._cloudwatch.dashboards import panels
from ansible_collections.llmops.platform.plugins.module_utils._cloudwatch.durations import seconds
from ansible_collections.llmops.platform.plugins.module_utils._cloudwatch.facts import facts
from ansible_collections.llmops.platform.plugins.module_utils._cloudwatch.facts import signals_shown
from ansible_collections.llmops.platform.plugins.module_utils._cloudwatch.groups import DAYS
from ansible_collections.llmops.platform.plugins.module_utils._cloudwatch.groups import days_problem
from ansible_collections.llmops.platform.plugins.module_utils._cloudwatch.groups import log_groups
from ansible_collections.llmops.platform.plugins.module_utils._cloudwatch.insights import configuration
from ansible_collections.llmops.platform.plugins.module_utils._cloudwatch.metrics import METRICS
from ansible_collections.llmops.platform.plugins.module_utils._cloudwatch.metrics import is_statistic
from ansible_collections.llmops.platform.plugins.module_utils._cloudwatch.metrics import metrics
from ansible_collections.llmops.platform.plugins.module_utils._cloudwatch.metrics import period_problem
from ansible_collections.llmops.platform.plugins.module_utils._cloudwatch.subscriptions import subscriptions

CPU = {"metric": "node_cpu_utilization", "threshold": 80, "unit": "percent", "for": "5m"}
SETTINGS = {"prefix": "shop-dev", "dimensions": {"ClusterName": "shop", "Environment": "eks:shop/web"}, "missing": "missing", "topic": {"Ref": "Topic"}}
BOARD = {"prefix": "shop-dev", "region": "eu-west-1", "dimensions": {"ClusterName": "shop"}, "environments": ["eks:shop/web"], "alarms": ["arn:1"]}
GROUPS = {"prefix": "shop-dev-logs", "retention_days": 30, "cluster": "shop", "insights": False}
ADDON = {"cluster": "shop", "logs": True, "signals": False, "namespaces": ["web"], "languages": ["nodejs"], "more": {}}
QUEUE = {"queue": {"namespace": "Shop", "name": "Length", "unit": "count", "dimensions": ["Queue"]}}


def alarm(own=None, **changes):
    (found,) = alarms({"it": {**CPU, **changes}}, metrics(own or {}), SETTINGS)
    return found["properties"]


def test_an_alarm_of_the_catalogue():
    (found,) = alarms({"cpu_high": CPU}, metrics({}), SETTINGS)
    assert (found["id"], found["name"]) == ("CpuHighAlarm", "cpu_high")
    assert found["properties"] == {
        "AlarmActions": [{"Ref": "Topic"}],
        "AlarmDescription": "Average of node_cpu_utilization above 80% for 5m",
        "AlarmName": "shop-dev-cpu-high",
        "ComparisonOperator": "GreaterThanThreshold",
        "DatapointsToAlarm": 5,
        "Dimensions": [{"Name": "ClusterName", "Value": "shop"}],
        "EvaluationPeriods": 5,
        "MetricName": "node_cpu_utilization",
        "Namespace": "ContainerInsights",
        "OKActions": [{"Ref": "Topic"}],
        "Period": 60,
        "Statistic": "Average",
        "Threshold": 80,
        "TreatMissingData": "missing",
    }


@pytest.mark.parametrize(
    ("changes", "period", "count"),
    [
        ({"for": "5m"}, 60, 5),
        ({"for": "1h", "period": 300}, 300, 12),
        ({"for": "10s", "period": 10}, 10, 1),
        ({"for": "1d", "period": 60}, 60, 1440),
        ({"for": "7d", "period": 3600}, 3600, 168),
    ],
)
def test_a_duration_becomes_periods(changes, period, count):
    found = alarm(**changes)
    assert (found["Period"], found["EvaluationPeriods"], found["DatapointsToAlarm"]) == (period, count, count)


@pytest.mark.parametrize(
    ("changes", "key", "value"),
    [
        ({"missing": "not_breaching"}, "TreatMissingData", "notBreaching"),
        ({"comparison": "at_most"}, "ComparisonOperator", "LessThanOrEqualToThreshold"),
        ({"statistic": "p99"}, "ExtendedStatistic", "p99"),
        ({"of": 3}, "DatapointsToAlarm", 3),
        ({"tell": ["alarm", "insufficient_data"]}, "InsufficientDataActions", [{"Ref": "Topic"}]),
        ({"description": "Ask Ann"}, "AlarmDescription", "Ask Ann"),
        ({"metric": "service_faults", "unit": "none", "dimensions": {"Service": "api"}}, "Dimensions", [
            {"Name": "Environment", "Value": "eks:shop/web"}, {"Name": "Service", "Value": "api"}]),
        ({"metric": "service_requests", "unit": "count", "threshold": 5000, "dimensions": {"Service": "api"}}, "Threshold", 5000),
        ({"statistic": "Sum", "threshold": 400}, "Threshold", 400),
        ({"threshold": 0}, "Threshold", 0),
        ({"threshold": 100}, "Threshold", 100),
    ],
)  # fmt: skip
def test_what_an_alarm_can_say(changes, key, value):
    assert alarm(**changes)[key] == value


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"metric": "cpu"}, "cloudwatch_alarms.it.metric is 'cpu'; it is one of cluster_failed_node_count,"),
        ({"metric": None}, "declare it in cloudwatch_metrics"),
        ({"threshold": 101}, "threshold is 101, which percent cannot be; give 0 to 100"),
        ({"threshold": -1}, "threshold is -1, which percent cannot be"),
        ({"threshold": -1, "unit": "count", "metric": "cluster_node_count"}, "which count cannot be; give 0 or more"),
        ({"threshold": "80"}, "threshold is '80'; give a number"),
        ({"threshold": True}, "give a number"),
        ({"unit": "count"}, "unit is 'count', and node_cpu_utilization is measured in percent"),
        ({"period": 45}, "CloudWatch takes 10, 20, 30 or a multiple of 60 s, and not 45; the nearest are 30 and 60"),
        ({"period": 5}, "the nearest is 10"),
        ({"period": 90}, "not 90; the nearest are 60 and 120"),
        ({"period": 0}, "0 is no number of seconds"),
        ({"period": 172800, "for": "2d"}, "more than a day; give 86400 or less"),
        ({"for": "90s"}, "for is 90s, no multiple of its period of 60 s; the nearest are 60s and 120s"),
        ({"for": "30s"}, "the nearest are 60s"),
        ({"for": "2d"}, "CloudWatch looks back 86400 s at most with a period of 60 s"),
        ({"for": "8d", "period": 3600}, "CloudWatch looks back 604800 s at most"),
        ({"for": "soon"}, "cloudwatch_alarms.it.for is 'soon'; give a duration such as 5m"),
        ({"for": ""}, "give a duration such as 5m"),
        ({"of": 6}, "of is 6; give how many of the 5 periods must be over it, 1 to 5"),
        ({"statistic": "Median"}, "statistic is 'Median'; give one of Average,"),
        ({"comparison": ">"}, "comparison is '>'; it is one of above,"),
        ({"missing": "ok"}, "missing is 'ok'; it is one of missing, breaching, not_breaching, ignore"),
        ({"tell": ["pager"]}, "tell is 'pager'; it is one of alarm, ok"),
        ({"metric": "service_latency", "unit": "milliseconds"}, "service_latency needs Service; give {Service: …}"),
        ({"dimensions": {"ClusterName": ""}}, "give {Name: value}"),
        ({"treshold": 8}, "['treshold'] is not known; an alarm has"),
    ],
)
def test_what_an_alarm_cannot_be(changes, said):
    with pytest.raises(ValueError, match=r"cloudwatch_alarms\.it") as caught:
        alarm(**changes)
    assert said in str(caught.value)


def test_an_alarm_that_is_no_map():
    with pytest.raises(ValueError, match=r"cloudwatch_alarms\.cpu: 80 is not known"):
        alarms({"cpu": 80}, metrics({}), SETTINGS)


@pytest.mark.parametrize(("names", "said"), [({"a-b", "a_b"}, "would both be called ABAlarm"), ({"Cpu"}, "a name has lower-case letters")])
def test_names_that_templates_cannot_tell_apart(names, said):
    with pytest.raises(ValueError, match=said):
        alarms(dict.fromkeys(names, CPU), metrics({}), SETTINGS)


@pytest.mark.parametrize(("text", "number"), [("90s", 90), ("5m", 300), ("1h30m", 5400), ("1d", 86400)])
def test_durations(text, number):
    assert seconds(text, "x") == number


@pytest.mark.parametrize("days", DAYS)
def test_days_that_are_kept(days):
    assert days_problem(days) == ""


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (2, "the nearest are 1 and 3"),
        (21, "the nearest are 14 and 30"),
        (366, "the nearest are 365 and 400"),
        (5000, "the nearest is 3653"),
        (0, "give a number of days, one of 1, 3, 5"),
        (True, "give a number of days"),
        ("30", "give a number of days"),
    ],
)
def test_days_that_cloudwatch_logs_does_not_take(days, said):
    with pytest.raises(ValueError, match=r"cloudwatch_log_groups\.web\.retention_days") as caught:
        log_groups({"web": {"retention_days": days}}, GROUPS)
    assert said in str(caught.value)
    with pytest.raises(ValueError, match="cloudwatch_log_retention_days"):
        log_groups({}, {**GROUPS, "retention_days": days})


def test_groups_of_components_and_of_the_add_on():
    found = log_groups({"web": None, "api-backend": {"retention_days": 90}, "network": {"retention_days": 7}}, {**GROUPS, "insights": True})
    assert [(group["id"], group["name"], group["retention_days"]) for group in found[:3]] == [
        ("ApiBackendLogGroup", "shop-dev-logs/api-backend", 90),
        ("NetworkLogGroup", "shop-dev-logs/network", 7),
        ("WebLogGroup", "shop-dev-logs/web", 30),
    ]
    assert [group["name"].removeprefix("/aws/containerinsights/shop/") for group in found[3:]] == ["application", "dataplane", "host", "performance"]
    assert (found[0]["apps"], found[1]["containers"][0], found[1]["apps"]) == (["api-backend"], "aws-node", [])


def test_groups_of_the_add_on_are_not_components():
    with pytest.raises(ValueError, match=r"cloudwatch_log_groups\.host: this name is that of a group of the add-on"):
        log_groups({"host": {}}, GROUPS)


@pytest.mark.parametrize("entry", [{"days": 30}, 30, {"apps": [""]}])
def test_groups_that_cannot_be(entry):
    with pytest.raises(ValueError, match=r"cloudwatch_log_groups\.web"):
        log_groups({"web": entry}, GROUPS)


@pytest.mark.parametrize("name", sorted(METRICS))
def test_the_catalogue_is_in_order(name):
    # What stands in it is judged as a platform's own metrics are.
    assert metrics({name: METRICS[name]}) == metrics({})
    assert METRICS[name]["namespace"] in ("ContainerInsights", "ApplicationSignals") and period_problem(METRICS[name]["period"]) == ""


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({"namespace": "Shop", "name": "Length"}, "cloudwatch_metrics.queue.unit is missing"),
        ({"namespace": "Shop", "unit": "count"}, "cloudwatch_metrics.queue.name is missing"),
        ({"namespace": "Shop", "name": "L", "unit": "apples"}, "unit is 'apples'; it is one of percent, count"),
        ({"namespace": "Shop", "name": "L", "unit": "count", "period": 61}, "the nearest are 60 and 120"),
        ({"namespace": "Shop", "name": "L", "unit": "count", "statistic": "mean"}, "statistic is 'mean'"),
        ({"namespace": "Shop", "nme": "L"}, "give {namespace, name, unit}"),
    ],
)
def test_metrics_that_cannot_be(entry, said):
    with pytest.raises(ValueError, match=r"cloudwatch_metrics\.queue") as caught:
        metrics({"queue": entry})
    assert said in str(caught.value)


def test_a_metric_of_ones_own():
    found = alarm(QUEUE, metric="queue", unit="count", threshold=1000, dimensions={"Queue": "orders"})
    assert (found["Namespace"], found["MetricName"], found["Dimensions"]) == ("Shop", "Length", [{"Name": "Queue", "Value": "orders"}])
    # One of the catalogue can be asked for less often.
    assert alarm({"node_cpu_utilization": {"period": 300}})["Period"] == 300


@pytest.mark.parametrize(
    ("name", "known"),
    [("p95", True), ("p99.9", True), ("p100", True), ("tm90", True), ("TM(10%:90%)", True), ("IQM", True), ("Sum", True), ("p101", False), ("95", False)],
)
def test_statistics(name, known):
    assert is_statistic(name) is known


def board(names, own=None, more=None, settings=None):
    known = metrics(more or {})
    (found,) = dashboards({"app": {"panels": names}}, panels(own or {}, known), known, {**BOARD, **(settings or {})})
    return found


def test_panels_are_widgets_two_in_a_row_and_the_same_each_time():
    found = board(["requests", "cpu", "nodes", "alarms"])
    assert (found["id"], found["title"]) == ("AppDashboard", "shop-dev-app")
    widgets = json.loads(found["body"])["widgets"]
    assert [(one["x"], one["y"], one["type"]) for one in widgets] == [(0, 0, "metric"), (12, 0, "metric"), (0, 6, "metric"), (12, 6, "alarm")]
    expressions = [line[0]["expression"] for one in widgets[:2] for line in one["properties"]["metrics"]]
    assert expressions == [
        "SEARCH('{ApplicationSignals,Environment,Service} Environment=\"eks:shop/web\" MetricName=\"Latency\"', 'SampleCount', 60)",
        "SEARCH('{ContainerInsights,ClusterName,InstanceId,NodeName} ClusterName=\"shop\" MetricName=\"node_cpu_utilization\"', 'Average', 60)",
    ]
    assert widgets[1]["properties"]["yAxis"]["left"]["max"] == 100
    first = widgets[2]["properties"]["metrics"][0]
    assert first == ["ContainerInsights", "cluster_node_count", "ClusterName", "shop", {"stat": "Minimum", "period": 60}]
    assert widgets[3]["properties"]["alarms"] == ["arn:1"]
    assert board(["requests", "cpu", "nodes", "alarms"]) == found


def test_one_line_a_namespace_with_ids_of_their_own():
    (widget,) = json.loads(board(["errors"], settings={"environments": ["eks:shop/a", "eks:shop/b"]})["body"])["widgets"]
    assert [line[0]["id"] for line in widget["properties"]["metrics"]] == ["e1", "e2", "e3", "e4"]


def test_a_panel_of_ones_own():
    own = {"queue": {"title": "Queue", "metrics": ["queue"], "statistic": "Maximum", "period": 300}}
    (widget,) = json.loads(board(["queue"], own, QUEUE)["body"])["widgets"]
    assert widget["properties"]["metrics"] == [["Shop", "Length", {"stat": "Maximum", "period": 300}]]


@pytest.mark.parametrize(
    ("names", "own", "said"),
    [
        (["cpu", "sales"], {}, "cloudwatch_dashboards.app.panels: 'sales' does not exist; use alarms, cpu,"),
        ([], {}, "cloudwatch_dashboards.app.panels is []; give a list of panels"),
        ("cpu", {}, "give a list of panels"),
        (["cpu"] * 501, {}, "has 501 panels; a dashboard takes 500"),
        (["sales"], {"sales": {"title": "Sales", "metrics": ["sold"]}}, "cloudwatch_panels.sales.metrics: sold is not known"),
        (["sales"], {"sales": {"metrics": ["node_cpu_utilization"]}}, "cloudwatch_panels.sales has no title"),
        (["sales"], {"sales": {"title": "Sales"}}, "cloudwatch_panels.sales has no metrics"),
        (["cpu"], {"cpu": {"statistic": "mean"}}, "cloudwatch_panels.cpu.statistic is 'mean'"),
        (["cpu"], {"cpu": {"colour": "red"}}, "give {title, metrics, each, statistic, period}"),
    ],
)
def test_dashboards_that_cannot_be(names, own, said):
    with pytest.raises(ValueError, match="cloudwatch_") as caught:
        board(names, own)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("declared", "shown", "needed"),
    [
        ({"cpu": CPU}, {"n": {"panels": ["cpu"]}}, False),
        ({"cpu": CPU}, {"n": {"panels": ["latency"]}}, True),
        ({"slow": {"metric": "service_latency"}}, {}, True),
        ({"odd": 3}, {}, False),
    ],
)
def test_services_are_instrumented_where_something_needs_it(declared, shown, needed):
    assert signals_shown(declared, shown, panels({}, metrics({})), metrics({})) is needed


def test_the_add_on_sends_each_components_logs_to_its_group():
    groups = log_groups({"web": {}, "cluster": {}, "network": {}, "mail": {"apps": ["mail.v2", "smtp"]}}, GROUPS)
    text = json.loads(configuration(groups, ADDON))["containerLogs"]["fluentBit"]["config"]["extraFiles"]["application-log.conf"]
    rules = [line.split(None, 1)[1] for line in text.splitlines() if line.strip().startswith("Rule ")]
    assert rules == [
        "$kubernetes['container_name'] ^(aws-node|calico-node|cilium-agent|coredns|kube-proxy)$ component.network.$TAG false",
        "$kubernetes['labels']['app'] ^(mail\\.v2|smtp)$ component.mail.$TAG false",
        "$kubernetes['labels']['app'] ^(web)$ component.web.$TAG false",
        "$kubernetes['namespace_name'] ^(kube-system)$ component.cluster.$TAG false",
    ]
    outputs = text.split("[OUTPUT]")[1:]
    assert len(outputs) == 5 and all("auto_create_group false" in output for output in outputs)
    assert "Match component.mail.*\n" in outputs[1] and "log_group_name shop-dev-logs/mail\n" in outputs[1]
    assert "log_group_name /aws/containerinsights/shop/application\n" in outputs[-1]


def test_what_the_add_on_is_told():
    assert json.loads(configuration([], {**ADDON, "logs": False})) == {
        "containerLogs": {"enabled": False},
        "manager": {"applicationSignals": {"autoMonitor": {"monitorAllServices": False}}},
    }
    told = json.loads(configuration([], {**ADDON, "logs": False, "signals": True, "more": {"tolerations": [], "containerLogs": {"enabled": True}}}))
    assert told["manager"]["applicationSignals"]["autoMonitor"]["customSelector"] == {"nodejs": {"namespaces": ["web"]}}
    assert told["containerLogs"] == {"enabled": True} and told["tolerations"] == []
    assert "rewrite_tag" not in configuration([], ADDON)
    with pytest.raises(ValueError, match="cloudwatch_signal_languages: cobol is not known"):
        configuration([], {**ADDON, "languages": ["cobol"]})


@pytest.mark.parametrize(
    ("protocol", "endpoint"),
    [
        ("email", "oncall@example.com"),
        ("https", "https://oncall.example.com/hook"),
        ("lambda", "arn:aws:lambda:us-east-1:1:function:page"),
        ("sqs", "arn:aws:sqs:us-east-1:1:alarms"),
        ("sms", "+4930123456"),
    ],
)
def test_subscriptions(protocol, endpoint):
    assert subscriptions({"on_call": {"protocol": protocol, "endpoint": endpoint}}) == [
        {"id": "OnCallSubscription", "name": "on_call", "protocol": protocol, "endpoint": endpoint}
    ]
    with pytest.raises(ValueError, match=r"cloudwatch_subscriptions\.on_call\.endpoint is 'nowhere'"):
        subscriptions({"on_call": {"protocol": protocol, "endpoint": "nowhere"}})


@pytest.mark.parametrize("entry", [{"protocol": "pigeon", "endpoint": "x"}, {"protocol": "email"}, "oncall@example.com"])
def test_subscriptions_that_cannot_be(entry):
    with pytest.raises(ValueError, match=r"cloudwatch_subscriptions\.oncall"):
        subscriptions({"oncall": entry})


def test_facts():
    plan = {
        "groups": log_groups({"web": {}}, GROUPS),
        "alarms": alarms({"cpu": CPU}, metrics({}), SETTINGS),
        "dashboards": [board(["cpu"])],
    }
    assert facts(plan, {"TopicArn": "arn:t", "WebLogGroupArn": "arn:g"}) == {
        "topic_arn": "arn:t",
        "log_groups": {"web": {"name": "shop-dev-logs/web", "arn": "arn:g", "retention_days": 30}},
        "alarms": {"cpu": "shop-dev-cpu"},
        "dashboards": {"app": "shop-dev-app"},
    }
    assert facts(plan, {})["log_groups"]["web"]["arn"] == ""
