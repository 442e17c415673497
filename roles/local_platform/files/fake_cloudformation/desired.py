# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a request to a checked description of what a stack is to be, without touching anything."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fake_cloudformation import parameters
from fake_cloudformation import schemas
from fake_cloudformation.errors import ApiError
from fake_cloudformation.errors import invalid
from fake_cloudformation.functions import Scope
from fake_cloudformation.functions import Unknown
from fake_cloudformation.model import Desired
from fake_cloudformation.model import Place
from fake_cloudformation.model import Stack
from fake_cloudformation.template import CONDITION_FUNCTIONS
from fake_cloudformation.template import FUNCTIONS
from fake_cloudformation.template import PSEUDO
from fake_cloudformation.template import Template
from fake_cloudformation.template import dependencies
from fake_cloudformation.template import parse
from fake_cloudformation.template import references
from fake_cloudformation.template import walk

IAM_TYPES = {
    "AWS::IAM::AccessKey": None,
    "AWS::IAM::Group": "GroupName",
    "AWS::IAM::InstanceProfile": "InstanceProfileName",
    "AWS::IAM::ManagedPolicy": "ManagedPolicyName",
    "AWS::IAM::Policy": None,
    "AWS::IAM::Role": "RoleName",
    "AWS::IAM::User": "UserName",
    "AWS::IAM::UserToGroupAddition": None,
}


class Sources:
    """What computing a template needs to ask other services. `clients(place, service)` gives a boto3 client."""

    def __init__(self, clients: Callable[[Place, str], Any]) -> None:
        self.clients = clients

    def zones(self, place: Place, region: str) -> list[str]:
        found = self.clients(Place(place.account, region, place.access_key), "ec2").describe_availability_zones()
        return sorted(zone["ZoneName"] for zone in found["AvailabilityZones"])

    def stored(self, place: Place, name: str) -> str:
        client = self.clients(place, "ssm")
        try:
            return client.get_parameter(Name=name)["Parameter"]["Value"]
        except client.exceptions.ParameterNotFound:
            raise invalid(f"Unable to fetch parameters [{name}] from parameter store for this account.") from None

    def template(self, place: Place, request: dict[str, Any]) -> str | None:
        """TemplateBody, or the object of TemplateURL."""
        url = request.get("TemplateURL")
        if url is None:
            return request.get("TemplateBody")
        bucket, _unused, key = url.split("://", 1)[-1].split("/", 1)[-1].partition("/")
        if ".s3" in url:
            host, _unused, key = url.split("://", 1)[-1].partition("/")
            bucket = host.split(".s3")[0]
        return self.clients(place, "s3").get_object(Bucket=bucket, Key=key)["Body"].read().decode()


def scope_of(sources: Sources, place: Place, name: str, stack_id: str, desired: Desired, reference: Callable[[str, str | None], Any]) -> Scope:
    suffix = "amazonaws.com.cn" if place.partition == "aws-cn" else "amazonaws.com"
    pseudo = {
        "AWS::AccountId": place.account,
        "AWS::NotificationARNs": desired.notifications,
        "AWS::Partition": place.partition,
        "AWS::Region": place.region,
        "AWS::StackId": stack_id,
        "AWS::StackName": name,
        "AWS::URLSuffix": suffix,
    }
    values = {name: parameter.value for name, parameter in desired.parameters.items()}
    return Scope(desired.template, values, pseudo, reference, lambda region: sources.zones(place, region))


def desired_of(sources: Sources, place: Place, request: dict[str, Any], name: str, before: Stack | None) -> Desired:
    """Raises ApiError where the request, the template, its parameters or capabilities are not as they must be."""
    body = sources.template(place, request)
    if body is None and (before is None or not request.get("UsePreviousTemplate")):
        raise invalid("Either Template URL or Template Body must be specified.")
    template = parse(body) if body is not None else before.desired.template  # type: ignore[union-attr]
    check_types(place, template)
    previous = before.desired.parameters if before else None
    values = parameters.resolve(template.parameters, request.get("Parameters", []), previous, lambda key: sources.stored(place, key))
    kept = before.desired if before else None
    tags = {tag["Key"]: tag["Value"] for tag in request["Tags"]} if "Tags" in request else dict(kept.tags) if kept else {}
    capabilities = request.get("Capabilities", [])
    needed = missing_capabilities(template, capabilities)
    if needed:
        raise ApiError("InsufficientCapabilitiesException", f"Requires capabilities : [{needed}]")
    notifications = request.get("NotificationARNs", list(kept.notifications) if kept else [])
    desired = Desired(template, values, tags, capabilities, notifications)
    check_references(sources, place, name, desired)
    return desired


def missing_capabilities(template: Template, given: list[str]) -> str | None:
    kinds = {resource["Type"] for resource in template.resources.values()}
    named = any((resource.get("Properties") or {}).get(IAM_TYPES.get(resource["Type"]) or "") for resource in template.resources.values())
    if not kinds & set(IAM_TYPES) or "CAPABILITY_NAMED_IAM" in given:
        return None
    if named:
        return "CAPABILITY_NAMED_IAM"
    return None if "CAPABILITY_IAM" in given else "CAPABILITY_IAM"


def check_types(place: Place, template: Template) -> None:
    unknown = sorted({resource["Type"] for resource in template.resources.values() if schemas.type_of(place.region, resource["Type"]) is None})
    if unknown:
        raise invalid(f"Template format error: Unrecognized resource types: [{', '.join(unknown)}]")
    for function, _unused in walk(template.content):
        if function not in (*FUNCTIONS, *CONDITION_FUNCTIONS, "Condition"):
            supported = ", ".join(sorted((*FUNCTIONS, *CONDITION_FUNCTIONS)))
            raise invalid(f"Template error: Encountered unsupported function: {function} Supported functions are: [{supported}]")


def check_references(sources: Sources, place: Place, name: str, desired: Desired) -> None:
    """References that lead nowhere, attributes that a type does not have, circles."""
    template = desired.template
    scope = scope_of(sources, place, name, "", desired, lambda *_: Unknown(frozenset({("ResourceReference", "")})))
    for condition in template.section("Conditions"):
        scope.condition(condition)
    living = {key for key in template.resources if scope.exists(key)}
    outputs = {key: value for key, value in template.section("Outputs").items() if value.get("Condition") is None or scope.condition(value["Condition"])}
    for block, content in (("Resources", {key: template.resources[key] for key in living}), ("Outputs", outputs)):
        # What an unmet Fn::If leaves out is not looked at.
        content = {key: _reachable(value, scope) for key, value in content.items()}
        found = references(content)
        depended = set().union(*(dependencies({"DependsOn": value.get("DependsOn")}) for value in content.values()))
        nowhere = sorted({item.name for item in found if item.name not in living | set(template.parameters) | PSEUDO} | depended - set(template.resources))
        if nowhere:
            raise invalid(f"Template format error: Unresolved resource dependencies [{', '.join(nowhere)}] in the {block} block of the template")
        for item in sorted(found, key=str):
            kind = schemas.type_of(place.region, template.resources[item.name]["Type"]) if item.attribute and item.name in living else None
            if kind and item.attribute and not kind.has_attribute(item.attribute):
                raise invalid(f"Template error: resource {item.name} does not support attribute type {item.attribute} in Fn::GetAtt")
    circle(graph(scope))


def _reachable(value: Any, scope: Scope) -> Any:
    if isinstance(value, list):
        return [_reachable(item, scope) for item in value]
    if not isinstance(value, dict):
        return value
    if set(value) == {"Fn::If"} and isinstance(value["Fn::If"], list) and len(value["Fn::If"]) == 3:
        condition, positive, negative = value["Fn::If"]
        return _reachable(positive if scope.condition(condition) else negative, scope)
    return {key: _reachable(item, scope) for key, item in value.items()}


def graph(scope: Scope) -> dict[str, set[str]]:
    """Each resource that is to be, with the resources it waits for."""
    living = [name for name in scope.template.resources if scope.exists(name)]
    return {name: dependencies(_reachable(scope.template.resources[name], scope)) & set(living) for name in living}


def circle(waits: dict[str, set[str]]) -> None:
    left = dict(waits)
    while left:
        free = [name for name, needs in left.items() if not needs & set(left)]
        if not free:
            # Those that only wait for the circle are not in it.
            while trimmed := [name for name in left if not any(name in needs for needs in left.values())]:
                left = {name: needs for name, needs in left.items() if name not in trimmed}
            raise invalid(f"Circular dependency between resources: [{', '.join(sorted(left))}]")
        left = {name: needs for name, needs in left.items() if name not in free}
