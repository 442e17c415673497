# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWS::Logs, AWS::CloudTrail, AWS::CloudWatch, AWS::SNS, AWS::SSM: what watches and tells."""

from __future__ import annotations

from typing import Any

from fake_cloudformation.contract import Context
from fake_cloudformation.resources import shapes
from fake_cloudformation.resources.table import Call
from fake_cloudformation.resources.table import Name
from fake_cloudformation.resources.table import Part
from fake_cloudformation.resources.table import Row
from fake_cloudformation.resources.table import Scope
from fake_cloudformation.resources.tagging import Tagging

GROUP = {"logGroupName": "{id}"}
TOPIC = {"TopicArn": "{id}"}
TRAIL_PARTS = ("EventSelectors", "AdvancedEventSelectors", "InsightSelectors", "IsLogging")


def topic_attribute(name: str) -> Part:
    call = Call("SetTopicAttributes", TOPIC | {"AttributeName": name, "AttributeValue": f"{{{name}}}"})
    return Part((name,), call, default="")


def log(context: Context, scope: Scope, before: dict[str, Any], after: dict[str, Any]) -> None:
    client = context.client("cloudtrail")
    (client.start_logging if str(after["IsLogging"]).lower() == "true" else client.stop_logging)(Name=scope["id"])


def set_topic_policy(context: Context, scope: Scope, before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    for topic in after["Topics"]:
        context.client("sns").set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=shapes.text(after["PolicyDocument"]))
    return {"id": f"{context.stack_name}-{scope.get('logical_id')}"}


def unset_topic_policy(context: Context, scope: Scope, properties: dict[str, Any]) -> None:
    """A topic without a policy has the one that it was born with: its own account."""
    for topic in properties["Topics"]:
        statement = {"Sid": "__default_statement_ID", "Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "SNS:Publish", "Resource": topic}
        context.client("sns").set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=shapes.text({"Statement": [statement]}))


def topic_policy(context: Context, service: str, scope: Scope) -> dict[str, Any] | None:
    """A policy that is gone from one topic has changed; where all topics have their first one back it is gone."""
    found = [context.client("sns").get_topic_attributes(TopicArn=topic)["Attributes"]["Policy"] for topic in scope.get("Topics") or []]
    own = [policy for policy in found if "__default_statement_ID" not in policy]
    return {"PolicyDocument": own[0]} if own else None


ROWS = (
    Row(
        "AWS::Logs::LogGroup",
        "logs",
        Call("CreateLogGroup", takes=("LogGroupName", "KmsKeyId", "LogGroupClass", "DeletionProtectionEnabled")),
        "={LogGroupName}",
        Call("DescribeLogGroups", {"logGroupNamePrefix": "{id}"}, answer="logGroups[?logGroupName=='{id}'] | [0]"),
        Call("DeleteLogGroup", GROUP),
        {"Arn": "arn"},
        {"RetentionInDays": "retentionInDays", "KmsKeyId": "kmsKeyId"},
        (
            Part(("RetentionInDays",), Call("PutRetentionPolicy", GROUP, ("RetentionInDays",)), Call("DeleteRetentionPolicy", GROUP)),
            Part(("KmsKeyId",), Call("AssociateKmsKey", GROUP, ("KmsKeyId",)), Call("DisassociateKmsKey", GROUP), made=True),
        ),
        tagging=Tagging(
            "TagResource", "UntagResource", "ListTagsForResource", {"resourceArn": "arn:{partition}:logs:{region}:{account}:log-group:{id}"}, "tags"
        ),
        name=Name("LogGroupName", 512),
    ),
    Row(
        "AWS::Logs::ResourcePolicy",
        "logs",
        Call("PutResourcePolicy", takes=None),
        "={PolicyName}",
        Call("DescribeResourcePolicies", answer="resourcePolicies[?policyName=='{id}'] | [0]"),
        Call("DeleteResourcePolicy", {"policyName": "{id}"}),
        update_by=Call("PutResourcePolicy", takes=None),
    ),
    Row(
        "AWS::CloudTrail::Trail",
        "cloudtrail",
        Call("CreateTrail", takes=None, renames={"TrailName": "Name", "EnableLogFileValidation": "EnableLogFileValidation"}),
        "Name",
        Call("GetTrail", {"Name": "{id}"}, answer="Trail"),
        Call("DeleteTrail", {"Name": "{id}"}),
        {"Arn": "TrailARN", "SnsTopicArn": "SnsTopicARN"},
        {
            "IsLogging": Call("GetTrailStatus", {"Name": "{id}"}, answer="IsLogging"),
            "EnableLogFileValidation": "LogFileValidationEnabled",
            "EventSelectors": Call("GetEventSelectors", {"TrailName": "{id}"}, answer="EventSelectors"),
            "AdvancedEventSelectors": Call("GetEventSelectors", {"TrailName": "{id}"}, answer="AdvancedEventSelectors"),
            "InsightSelectors": Call("GetInsightSelectors", {"TrailName": "{id}"}, answer="InsightSelectors"),
        },
        (
            Part(("EventSelectors", "AdvancedEventSelectors"), Call("PutEventSelectors", {"TrailName": "{id}"}, ("EventSelectors", "AdvancedEventSelectors"))),
            Part(("InsightSelectors",), Call("PutInsightSelectors", {"TrailName": "{id}"}, ("InsightSelectors",))),
            Part(("IsLogging",), log),
        ),
        update_by=Call("UpdateTrail", {"Name": "{id}"}, None),
        tagging=Tagging("AddTags", "RemoveTags", "ListTags", {"ResourceId": "{Arn}"}, "ResourceTagList[0].TagsList", {"ResourceIdList": ["{Arn}"]}),
        name=Name("TrailName", 128),
    ),
    Row(
        "AWS::SNS::Topic",
        "sns",
        Call("CreateTopic", {"Attributes": {"DisplayName": "{DisplayName}", "KmsMasterKeyId": "{KmsMasterKeyId}"}, "Name": "{TopicName}"}),
        "TopicArn",
        Call("GetTopicAttributes", TOPIC, answer="Attributes"),
        Call("DeleteTopic", TOPIC),
        {"TopicArn": "={id}", "TopicName": "={TopicName}"},
        {"KmsMasterKeyId": "KmsMasterKeyId", "TopicName": lambda context, scope: scope["id"].rsplit(":", 1)[-1]},
        (topic_attribute("DisplayName"), topic_attribute("KmsMasterKeyId")),
        tagging=Tagging("TagResource", "UntagResource", "ListTagsForResource", {"ResourceArn": "{id}"}, "Tags"),
        name=Name("TopicName", 256),
    ),
    Row(
        "AWS::SNS::TopicPolicy",
        "sns",
        lambda context, scope, properties: set_topic_policy(context, scope, {}, properties),
        "id",
        topic_policy,
        unset_topic_policy,
        {"Id": "={id}"},
        update_by=set_topic_policy,
    ),
    Row(
        "AWS::SNS::Subscription",
        "sns",
        Call("Subscribe", {"ReturnSubscriptionArn": True}, ("TopicArn", "Protocol", "Endpoint")),
        "SubscriptionArn",
        Call("GetSubscriptionAttributes", {"SubscriptionArn": "{id}"}, answer="Attributes"),
        Call("Unsubscribe", {"SubscriptionArn": "{id}"}),
        {"Arn": "={id}"},
    ),
    Row(
        "AWS::SSM::Parameter",
        "ssm",
        Call("PutParameter", takes=None),
        "={Name}",
        Call("GetParameter", {"Name": "{id}"}, answer="Parameter"),
        Call("DeleteParameter", {"Name": "{id}"}),
        {"Arn": "ARN", "Type": "Type", "Value": "Value"},
        {
            "Description": Call(
                "DescribeParameters",
                {"ParameterFilters": [{"Key": "Name", "Option": "Equals", "Values": ["{id}"]}]},
                answer="Parameters[0].Description",
            )
        },
        update_by=Call("PutParameter", {"Overwrite": True}, ("Name", "Type", "Value", "Description", "AllowedPattern", "Policies", "Tier", "DataType")),
        tagging=Tagging("AddTagsToResource", "RemoveTagsFromResource", "ListTagsForResource", {"ResourceType": "Parameter", "ResourceId": "{id}"}, "TagList"),
        name=Name("Name", 1011),
    ),
    Row(
        "AWS::CloudWatch::Alarm",
        "cloudwatch",
        Call("PutMetricAlarm", takes=None),
        "={AlarmName}",
        Call("DescribeAlarms", {"AlarmNames": ["{id}"]}, answer="MetricAlarms[0]"),
        Call("DeleteAlarms", {"AlarmNames": ["{id}"]}),
        {"Arn": "AlarmArn"},
        update_by=Call("PutMetricAlarm", takes=None),
        tagging=Tagging("TagResource", "UntagResource", "ListTagsForResource", {"ResourceARN": "{Arn}"}, "Tags"),
        name=Name("AlarmName", 255),
    ),
    Row(
        "AWS::CloudWatch::Dashboard",
        "cloudwatch",
        Call("PutDashboard", takes=("DashboardName", "DashboardBody")),
        "={DashboardName}",
        Call("GetDashboard", {"DashboardName": "{id}"}),
        Call("DeleteDashboards", {"DashboardNames": ["{id}"]}),
        update_by=Call("PutDashboard", takes=("DashboardName", "DashboardBody")),
        name=Name("DashboardName", 255),
    ),
)
