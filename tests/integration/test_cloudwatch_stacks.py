# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stacks of role cloudwatch as it renders them, brought about at the fake of AWS: made, unchanged, changed in place, taken away."""

from __future__ import annotations

import json
from functools import partial

import pytest

pytest.importorskip("moto")
pytest.importorskip("cfnlint")

import botocore.session

from ansible_collections.llmops.platform.plugins.module_utils._stacks.running import RunFailed
from ansible_collections.llmops.platform.plugins.module_utils._stacks.stateful import stack_policy
from tests.support.inventories import ROOT
from tests.support.role_stacks import RenderingFailed
from tests.support.role_stacks import stacks_of
from tests.support.stack_graphs import stack
from tests.support.stack_graphs import template
from tests.support.stack_runs import stack_run

HOST = "cloudtolocalllm_dev_primary"
BEFORE = "cloudtolocalllm-dev"
MAIN, INSIGHTS = f"us-east-1/{BEFORE}-cloudwatch", f"us-east-1/{BEFORE}-cloudwatch-insights"
GROUP = "/aws/containerinsights/cloudtolocalllm-eks/web"
TRUST = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}]}
ALARMS = {"cpu": {"metric": "node_cpu_utilization", "threshold": 80, "unit": "percent", "for": "5m"}}


def rendered(**variables):
    return stacks_of("cloudwatch", ROOT / "inventories" / "dev.yml", [HOST], **variables)[HOST]


def client(service):
    return botocore.session.Session().create_client(service, region_name="us-east-1")


@pytest.fixture
def run(aws, tmp_path):
    """With what the stacks need: service role, keys, cluster and the agent's role."""
    role = {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": TRUST}}
    arn = {"Fn::GetAtt": ["Role", "Arn"]}
    key = {"Type": "AWS::KMS::Key", "DeletionPolicy": "RetainExceptOnCreate", "UpdateReplacePolicy": "Retain", "Properties": {"KeyPolicy": TRUST}}
    client("eks").create_cluster(name="cloudtolocalllm-eks", roleArn="arn:aws:iam::123456789012:role/cluster", resourcesVpcConfig={"subnetIds": ["subnet-1"]})
    runner = partial(stack_run, tmp_path / "state")
    runner(
        stack(f"{BEFORE}-cloudformation", template({"Role": role}, outputs={"RoleArn": arn}), capabilities=["CAPABILITY_IAM"])
        | stack(f"{BEFORE}-encryption", template({"Key": key}, outputs={"StorageKeyArn": {"Fn::GetAtt": ["Key", "Arn"]}}), policy=stack_policy())
        | stack(f"{BEFORE}-identity-pods", template({"Role": role}, outputs={"CloudwatchAgentPodRoleArn": arn}), capabilities=["CAPABILITY_IAM"])
        | stack(f"{BEFORE}-cluster", template({"Role": role}, outputs={"ClusterName": "cloudtolocalllm-eks"}), capabilities=["CAPABILITY_IAM"])
    )
    return runner


def actions(result):
    return {key: row["action"] for key, row in result["stacks"].items()}


def group(name=GROUP):
    return next(iter(client("logs").describe_log_groups(logGroupNamePrefix=name)["logGroups"]), None)


def test_made_unchanged_changed_in_place_and_taken_away(run):
    graph = rendered(cloudwatch_subscriptions={"oncall": {"protocol": "https", "endpoint": "https://oncall.example.com/aws"}})
    assert actions(run(graph, check=True)) == {MAIN: "created", INSIGHTS: "created"}
    assert client("logs").describe_log_groups()["logGroups"] == []
    first = run(graph)
    assert actions(first) == {MAIN: "created", INSIGHTS: "created"}
    key = client("cloudformation").describe_stacks(StackName=f"{BEFORE}-encryption")["Stacks"][0]["Outputs"][0]["OutputValue"]
    assert (group()["retentionInDays"], group()["kmsKeyId"]) == (30, key)
    assert group("/aws/containerinsights/cloudtolocalllm-eks/performance")["retentionInDays"] == 30
    outputs = first["stacks"][MAIN]["outputs"]
    alarms = {alarm["AlarmName"]: alarm for alarm in client("cloudwatch").describe_alarms()["MetricAlarms"]}
    assert set(alarms) == {f"{BEFORE}-{name}" for name in ("cpu", "memory", "disk")}
    cpu = alarms[f"{BEFORE}-cpu"]
    assert (cpu["Threshold"], cpu["EvaluationPeriods"], cpu["AlarmActions"]) == (80.0, 5, [outputs["TopicArn"]])
    topic = client("sns").get_topic_attributes(TopicArn=outputs["TopicArn"])["Attributes"]
    assert topic["KmsMasterKeyId"] == key and "cloudwatch.amazonaws.com" in topic["Policy"]
    assert [one["Endpoint"] for one in client("sns").list_subscriptions()["Subscriptions"]] == ["https://oncall.example.com/aws"]
    board = json.loads(client("cloudwatch").get_dashboard(DashboardName=f"{BEFORE}-application")["DashboardBody"])
    assert [widget["properties"]["title"] for widget in board["widgets"]] == ["Requests", "Latency, 95th percentile", "Errors and faults"]
    addon = client("eks").describe_addon(clusterName="cloudtolocalllm-eks", addonName="amazon-cloudwatch-observability")["addon"]
    assert f"log_group_name {GROUP}" in json.loads(addon["configurationValues"])["containerLogs"]["fluentBit"]["config"]["extraFiles"]["application-log.conf"]
    role = addon["serviceAccountRoleArn"].partition(":role/")[2]
    assert client("iam").list_role_policies(RoleName=role)["PolicyNames"] == ["application-signals"]

    second = run(graph)
    assert (second["changed"], second["mutating_calls"]) == (False, 0)

    # Retention and threshold in place: what the group holds is still there.
    logs, made = client("logs"), group()["creationTime"]
    logs.create_log_stream(logGroupName=GROUP, logStreamName="one")
    logs.put_log_events(logGroupName=GROUP, logStreamName="one", logEvents=[{"timestamp": made, "message": "kept"}])
    changed = rendered(
        cloudwatch_log_groups_environment={"web": {"retention_days": 90}}, cloudwatch_alarms_environment={"cpu": {"threshold": 70, "for": "10m"}}
    )
    assert actions(run(changed)) == {MAIN: "updated", INSIGHTS: "unchanged"}
    assert (group()["retentionInDays"], group()["creationTime"]) == (90, made)
    assert [event["message"] for event in logs.get_log_events(logGroupName=GROUP, logStreamName="one")["events"]] == ["kept"]
    (cpu,) = client("cloudwatch").describe_alarms(AlarmNames=[f"{BEFORE}-cpu"])["MetricAlarms"]
    assert (cpu["Threshold"], cpu["EvaluationPeriods"]) == (70.0, 10)
    assert client("sns").list_subscriptions()["Subscriptions"] == []

    # Alarms and dashboards go when they are no longer declared, a log group only by name.
    fewer = rendered(cloudwatch_log_groups={"api-backend": {}}, cloudwatch_alarms=ALARMS, cloudwatch_dashboards={})
    with pytest.raises(RunFailed, match="WebLogGroup"):
        run(fewer)
    assert group()["retentionInDays"] == 90
    gone = ("ClusterLogGroup", "NetworkLogGroup", "PostgresLogGroup", "WebLogGroup")
    assert actions(run(fewer, allow={"delete": [f"{BEFORE}-cloudwatch/{name}" for name in gone]})) == {MAIN: "updated", INSIGHTS: "updated"}
    assert group() is None
    assert [alarm["AlarmName"] for alarm in client("cloudwatch").describe_alarms()["MetricAlarms"]] == [f"{BEFORE}-cpu"]
    assert client("cloudwatch").list_dashboards()["DashboardEntries"] == []


def test_a_group_outlives_its_stack_where_it_is_to(run):
    graph = rendered(cloudwatch_retained=True, cloudwatch_container_insights=False)
    assert set(graph) == {MAIN} and graph[MAIN]["protection"] is True
    run(graph)
    result = run(graph, state="absent", allow={"delete": [f"{BEFORE}-cloudwatch"]})
    assert actions(result) == {MAIN: "deleted"}
    assert group()["retentionInDays"] == 30
    assert client("cloudwatch").describe_alarms()["MetricAlarms"] == []


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"cloudwatch_log_groups": {"web": {"retention_days": 45}}}, "the nearest are 30 and 60"),
        ({"platform_provider": "azure"}, "Role cloudwatch is for AWS"),
        ({"cloudwatch_namespaces": []}, "cloudwatch_namespaces is empty; name the namespaces"),
    ],
)
def test_bad_input_is_refused_with_the_variable_and_the_remedy(variables, said):
    with pytest.raises(RenderingFailed) as caught:
        rendered(**variables)
    assert said in " ".join(str(caught.value).split())
