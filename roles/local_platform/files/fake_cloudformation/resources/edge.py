# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWS::Route53, AWS::CertificateManager, AWS::Budgets: names, certificates, limits of cost."""

from __future__ import annotations

from typing import Any

from fake_cloudformation.contract import Context
from fake_cloudformation.contract import ResourceFailed
from fake_cloudformation.resources.table import Call
from fake_cloudformation.resources.table import Part
from fake_cloudformation.resources.table import Row
from fake_cloudformation.resources.table import Scope
from fake_cloudformation.resources.tagging import Tagging

NOT_RECORD = ("HostedZoneId", "HostedZoneName", "Comment", "ResourceRecords")


def dotted(name: str) -> str:
    return name if name.endswith(".") else name + "."


class ZoneTags(Tagging):
    """Route 53 adds and removes tags by one operation."""

    def _call(self, context: Context, service: str, scope: dict[str, Any], operation: str, tags: dict[str, str] | list[str]) -> None:
        target = {key: scope["id"] if item == "{id}" else item for key, item in self.target.items()}
        if isinstance(tags, dict):
            change: dict[str, Any] = {"AddTags": [{"Key": key, "Value": value} for key, value in tags.items()]}
        else:
            change = {"RemoveTagKeys": list(tags)}
        context.client("route53").change_tags_for_resource(**target, **change)


def tags_of(kind: str, prop: str) -> ZoneTags:
    target = {"ResourceType": kind, "ResourceId": "{id}"}
    return ZoneTags("ChangeTagsForResource", "ChangeTagsForResource", "ListTagsForResource", target, "ResourceTagSet.Tags", property=prop)


def create_zone(context: Context, scope: Scope, properties: dict[str, Any]) -> dict[str, Any]:
    vpcs = properties.get("VPCs") or []
    given = {"CallerReference": scope["token"]}
    if vpcs:
        given["VPC"] = vpcs[0]
    zone = Call("CreateHostedZone", given, ("Name", "HostedZoneConfig"))(context, "route53", scope, properties)["HostedZone"]
    for vpc in vpcs[1:]:
        context.client("route53").associate_vpc_with_hosted_zone(HostedZoneId=zone["Id"], VPC=vpc)
    return {"id": zone["Id"].rsplit("/", 1)[-1]}


def set_comment(context: Context, scope: Scope, before: dict[str, Any], after: dict[str, Any]) -> None:
    context.client("route53").update_hosted_zone_comment(Id=scope["id"], Comment=(after.get("HostedZoneConfig") or {}).get("Comment", ""))


def change_record(action: str) -> Any:
    def change(context: Context, scope: Scope, *properties: dict[str, Any]) -> dict[str, Any]:
        wanted = properties[-1]
        record = {key: item for key, item in wanted.items() if key not in NOT_RECORD} | {"Name": dotted(wanted["Name"])}
        if wanted.get("ResourceRecords"):
            record["ResourceRecords"] = [{"Value": str(value)} for value in wanted["ResourceRecords"]]
        batch = {"Changes": [{"Action": action, "ResourceRecordSet": record}]}
        Call("ChangeResourceRecordSets", {"HostedZoneId": zone_of(context, wanted), "ChangeBatch": batch})(context, "route53", scope)
        return {}

    return change


def zone_of(context: Context, properties: dict[str, Any]) -> str:
    if properties.get("HostedZoneId"):
        return properties["HostedZoneId"]
    name = dotted(properties["HostedZoneName"])
    zones = [zone for zone in context.client("route53").list_hosted_zones()["HostedZones"] if zone["Name"] == name]
    if not zones:
        raise ResourceFailed("NotFound", f"No hosted zones named {name} found")
    return zones[0]["Id"].rsplit("/", 1)[-1]


def create_record(context: Context, scope: Scope, properties: dict[str, Any]) -> dict[str, Any]:
    """AWS refuses to make a record that is there."""
    if find_record(context, "route53", scope | properties) is not None:
        name, kind = dotted(properties["Name"]), properties["Type"]
        raise ResourceFailed("AlreadyExists", f"[Tried to create resource record set [name='{name}', type='{kind}'] but it already exists]")
    return change_record("CREATE")(context, scope, properties)


def delete_record(context: Context, scope: Scope, properties: dict[str, Any]) -> None:
    """A record is deleted as it is, not as it was declared."""
    record = {key: item for key, item in scope["thing"].items() if key != "values"}
    batch = {"Changes": [{"Action": "DELETE", "ResourceRecordSet": record}]}
    context.client("route53").change_resource_record_sets(HostedZoneId=zone_of(context, scope), ChangeBatch=batch)


def find_record(context: Context, service: str, scope: Scope) -> dict[str, Any] | None:
    pages = context.client("route53").get_paginator("list_resource_record_sets").paginate(HostedZoneId=zone_of(context, scope))
    wanted = (dotted(scope["Name"]), scope["Type"], scope.get("SetIdentifier"))
    for record in (record for page in pages for record in page["ResourceRecordSets"]):
        if (record["Name"], record["Type"], record.get("SetIdentifier")) == wanted:
            return record
    return None


def name_of(context: Context, scope: Scope) -> str:
    return scope["Name"] if dotted(scope["Name"]) == scope["thing"]["Name"] else scope["thing"]["Name"]


def create_budget(context: Context, scope: Scope, properties: dict[str, Any]) -> dict[str, Any]:
    budget = dict(properties["Budget"])
    budget.setdefault("BudgetName", f"{context.stack_name}-{scope['logical_id']}"[:100])
    call = Call("CreateBudget", {"AccountId": "{account}", "Budget": budget}, ("NotificationsWithSubscribers",))
    call(context, "budgets", scope, properties)
    return {"id": budget["BudgetName"]}


def notifications(context: Context, scope: Scope) -> list[dict[str, Any]]:
    """Who is told of what, as the budget has it now."""
    of_budget = {"AccountId": context.account, "BudgetName": scope["id"]}
    client, found = context.client("budgets"), []
    for notification in client.describe_notifications_for_budget(**of_budget)["Notifications"]:
        told = client.describe_subscribers_for_notification(**of_budget, Notification=notification)["Subscribers"]
        found.append({"Notification": {key: item for key, item in notification.items() if key != "NotificationState"}, "Subscribers": told})
    return found


ROWS = (
    Row(
        "AWS::Route53::HostedZone",
        "route53",
        create_zone,
        "id",
        Call("GetHostedZone", {"Id": "{id}"}, answer="{HostedZone: HostedZone, Name: HostedZone.Name, servers: DelegationSet.NameServers, VPCs: VPCs}"),
        Call("DeleteHostedZone", {"Id": "{id}"}),
        {"Id": "={id}", "NameServers": "servers"},
        {"Name": name_of, "HostedZoneConfig": "HostedZone.Config"},
        (Part(("HostedZoneConfig",), set_comment, made=True),),
        tagging=tags_of("hostedzone", "HostedZoneTags"),
    ),
    Row(
        "AWS::Route53::RecordSet",
        "route53",
        create_record,
        "={Name}",
        find_record,
        delete_record,
        live={"Name": name_of, "ResourceRecords": "ResourceRecords[].Value"},
        update_by=change_record("UPSERT"),
    ),
    Row(
        "AWS::Route53::HealthCheck",
        "route53",
        Call("CreateHealthCheck", {"CallerReference": "{token}"}, ("HealthCheckConfig",)),
        "HealthCheck.Id",
        Call("GetHealthCheck", {"HealthCheckId": "{id}"}, answer="HealthCheck"),
        Call("DeleteHealthCheck", {"HealthCheckId": "{id}"}),
        {"HealthCheckId": "Id"},
        tagging=tags_of("healthcheck", "HealthCheckTags"),
    ),
    Row(
        "AWS::CertificateManager::Certificate",
        "acm",
        Call("RequestCertificate", takes=("DomainName", "SubjectAlternativeNames", "ValidationMethod", "KeyAlgorithm")),
        "CertificateArn",
        Call("DescribeCertificate", {"CertificateArn": "{id}"}, answer="Certificate"),
        Call("DeleteCertificate", {"CertificateArn": "{id}"}),
        {"CertificateArn": "CertificateArn", "Id": "CertificateArn"},
        {
            "ValidationMethod": "DomainValidationOptions[0].ValidationMethod",
            "DomainValidationOptions": lambda context, scope: scope.get("DomainValidationOptions"),
            "KeyAlgorithm": lambda context, scope: scope.get("KeyAlgorithm"),
            "SubjectAlternativeNames": lambda context, scope: [
                name
                for name in scope["thing"].get("SubjectAlternativeNames", [])
                if name != scope.get("DomainName") or name in scope["SubjectAlternativeNames"]
            ],
        },
        tagging=Tagging("AddTagsToCertificate", "RemoveTagsFromCertificate", "ListTagsForCertificate", {"CertificateArn": "{id}"}, "Tags"),
    ),
    Row(
        "AWS::Budgets::Budget",
        "budgets",
        create_budget,
        "id",
        Call("DescribeBudgets", {"AccountId": "{account}"}, answer="Budgets[?BudgetName=='{id}'] | [0]"),
        Call("DeleteBudget", {"AccountId": "{account}", "BudgetName": "{id}"}),
        {"Id": "={id}"},
        {"Budget": "@", "NotificationsWithSubscribers": notifications},
        update_by=Call("UpdateBudget", {"AccountId": "{account}", "NewBudget": "{Budget}"}),
    ),
)
