# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Actions that only read."""

from __future__ import annotations

import json
from typing import Any

from fake_cloudformation import desired
from fake_cloudformation import schemas
from fake_cloudformation.api_change_sets import find_change_set
from fake_cloudformation.api_change_sets import validation_events
from fake_cloudformation.errors import invalid
from fake_cloudformation.model import Place
from fake_cloudformation.model import Resource
from fake_cloudformation.model import Stack
from fake_cloudformation.service import Service
from fake_cloudformation.template import Template
from fake_cloudformation.template import parse

NO_SUCH_ID = "Stack with id {} does not exist"


def describe_stacks(service: Service, place: Place, request: dict[str, Any]) -> dict[str, Any]:
    if "StackName" in request:
        return {"Stacks": [_stack(service.world.stack(place, request["StackName"], NO_SUCH_ID))]}
    return {"Stacks": [_stack(stack) for stack in reversed(service.world.here(place)) if stack.deleted_at is None]}


def _stack(stack: Stack) -> dict[str, Any]:
    declared = stack.desired.template.section("Outputs")
    return {
        "StackId": stack.id,
        "StackName": stack.name,
        "ChangeSetId": stack.change_set_id,
        "Description": stack.desired.template.content.get("Description"),
        "Parameters": [
            {"ParameterKey": name, "ParameterValue": value.shown, "ResolvedValue": value.resolved} for name, value in stack.desired.parameters.items()
        ],
        "CreationTime": stack.created_at,
        "LastUpdatedTime": stack.updated_at,
        "DeletionTime": stack.deleted_at,
        "RollbackConfiguration": {},
        "StackStatus": stack.status,
        "StackStatusReason": stack.reason,
        "DisableRollback": stack.disable_rollback,
        "NotificationARNs": stack.desired.notifications,
        "TimeoutInMinutes": stack.timeout_minutes,
        "Capabilities": stack.desired.capabilities,
        "Outputs": [
            {"OutputKey": name, "OutputValue": value, "Description": declared.get(name, {}).get("Description")} for name, value in stack.outputs.items()
        ],
        "RoleARN": stack.role,
        "Tags": [{"Key": key, "Value": value} for key, value in stack.desired.tags.items()],
        "EnableTerminationProtection": stack.protected,
        "DriftInformation": _drift(stack),
    }


def _drift(stack: Stack) -> dict[str, Any]:
    return {"StackDriftStatus": stack.drift, "LastCheckTimestamp": stack.drift_at}


def describe_stack_events(service: Service, place: Place, request: dict[str, Any]) -> dict[str, Any]:
    stack = service.world.stack(place, request["StackName"])
    return {"StackEvents": [_event(event) for event in list(stack.events)]}


def _event(event: dict[str, Any]) -> dict[str, Any]:
    shown = {key: value for key, value in event.items() if key != "properties"}
    return {**shown, "ResourceProperties": json.dumps(event["properties"])} if "properties" in event else shown


def describe_events(service: Service, place: Place, request: dict[str, Any]) -> dict[str, Any]:
    if "ChangeSetName" not in request:
        raise invalid("This fake tells by DescribeEvents about change sets only: give ChangeSetName")
    return {"OperationEvents": validation_events(*find_change_set(service, place, request))}


def list_stacks(service: Service, place: Place, request: dict[str, Any]) -> dict[str, Any]:
    wanted = request.get("StackStatusFilter")
    return {
        "StackSummaries": [
            {
                "StackId": stack.id,
                "StackName": stack.name,
                "TemplateDescription": stack.desired.template.content.get("Description"),
                "CreationTime": stack.created_at,
                "LastUpdatedTime": stack.updated_at,
                "DeletionTime": stack.deleted_at,
                "StackStatus": stack.status,
                "StackStatusReason": stack.reason,
                "DriftInformation": _drift(stack),
            }
            for stack in reversed(service.world.here(place))
            if not wanted or stack.status in wanted
        ]
    }


def _resource(resource: Resource, moment: str) -> dict[str, Any]:
    return {
        "LogicalResourceId": resource.logical_id,
        "PhysicalResourceId": resource.physical_id,
        "ResourceType": resource.type,
        moment: resource.updated_at,
        "ResourceStatus": resource.status,
        "ResourceStatusReason": resource.reason,
        "DriftInformation": {"StackResourceDriftStatus": resource.drift, "LastCheckTimestamp": resource.drift_at},
    }


def list_stack_resources(service: Service, place: Place, request: dict[str, Any]) -> dict[str, Any]:
    stack = service.world.stack(place, request["StackName"])
    return {"StackResourceSummaries": [_resource(resource, "LastUpdatedTimestamp") for resource in list(stack.resources.values())]}


def describe_stack_resources(service: Service, place: Place, request: dict[str, Any]) -> dict[str, Any]:
    named = request.get("StackName")
    if named is not None:
        stack = service.world.stack(place, named, NO_SUCH_ID)
    else:
        physical = request.get("PhysicalResourceId")
        stacks = [stack for stack in service.world.here(place) for resource in stack.resources.values() if physical and resource.physical_id == physical]
        if not stacks:
            raise invalid(f"Stack for {physical} does not exist")
        stack = stacks[-1]
    wanted = request.get("LogicalResourceId")
    found = [resource for resource in list(stack.resources.values()) if wanted in (None, resource.logical_id)]
    own = {"StackName": stack.name, "StackId": stack.id}
    return {"StackResources": [{**own, **_resource(resource, "Timestamp")} for resource in found[:100]]}


def describe_stack_resource(service: Service, place: Place, request: dict[str, Any]) -> dict[str, Any]:
    stack = service.world.stack(place, request["StackName"])
    resource = stack.resources.get(request["LogicalResourceId"])
    if resource is None:
        raise invalid(f"Resource {request['LogicalResourceId']} does not exist for stack {stack.name}")
    metadata = json.dumps(resource.definition.get("Metadata", {}))
    own = {"StackName": stack.name, "StackId": stack.id, "Metadata": metadata}
    return {"StackResourceDetail": {**own, **_resource(resource, "LastUpdatedTimestamp")}}


def get_template(service: Service, place: Place, request: dict[str, Any]) -> dict[str, Any]:
    if "ChangeSetName" in request:
        body = find_change_set(service, place, request)[1].desired.template.body
    else:
        body = service.world.stack(place, request.get("StackName", ""), NO_SUCH_ID).desired.template.body
    return {"TemplateBody": body, "StagesAvailable": ["Original", "Processed"]}


def get_stack_policy(service: Service, place: Place, request: dict[str, Any]) -> dict[str, Any]:
    return {"StackPolicyBody": service.world.stack(place, request["StackName"]).policy}


def validate_template(service: Service, place: Place, request: dict[str, Any]) -> dict[str, Any]:
    template = _template(service, place, request)
    return {**_needed(template), "Parameters": _declared(template, ("DefaultValue", "NoEcho", "Description"))}


def get_template_summary(service: Service, place: Place, request: dict[str, Any]) -> dict[str, Any]:
    template = _template(service, place, request)
    kinds: dict[str, list[str]] = {}
    for name, resource in template.resources.items():
        kinds.setdefault(resource["Type"], []).append(name)
    identifiers = [
        {"ResourceType": kind, "LogicalResourceIds": names, "ResourceIdentifiers": found.identifier}
        for kind, names in kinds.items()
        if (found := schemas.type_of(place.region, kind)) is not None
    ]
    return {
        **_needed(template),
        "Parameters": _declared(template, ("DefaultValue", "ParameterType", "NoEcho", "Description", "ParameterConstraints")),
        "ResourceTypes": list(kinds),
        "Version": template.content.get("AWSTemplateFormatVersion"),
        "Metadata": json.dumps(template.content["Metadata"]) if "Metadata" in template.content else None,
        "ResourceIdentifierSummaries": identifiers,
    }


def _template(service: Service, place: Place, request: dict[str, Any]) -> Template:
    if "StackName" in request:
        return service.world.stack(place, request["StackName"], NO_SUCH_ID).desired.template
    body = service.sources.template(place, request)
    if body is None:
        raise invalid("Either Template URL or Template Body must be specified.")
    template = parse(body)
    desired.check_types(place, template)
    return template


def _needed(template: Template) -> dict[str, Any]:
    capability = desired.missing_capabilities(template, [])
    kinds = sorted({resource["Type"] for resource in template.resources.values()} & set(desired.IAM_TYPES))
    return {
        "Description": template.content.get("Description"),
        "Capabilities": [capability] if capability else None,
        "CapabilitiesReason": f"The following resource(s) require capabilities: [{', '.join(kinds)}]" if capability else None,
    }


def _declared(template: Template, wanted: tuple[str, ...]) -> list[dict[str, Any]]:
    found = []
    for name, declaration in template.parameters.items():
        whole = {
            "DefaultValue": None if declaration.get("Default") is None else str(declaration["Default"]),
            "ParameterType": declaration.get("Type"),
            "NoEcho": str(declaration.get("NoEcho", "false")).lower() == "true",
            "Description": declaration.get("Description"),
            "ParameterConstraints": {"AllowedValues": [str(value) for value in declaration["AllowedValues"]]} if "AllowedValues" in declaration else {},
        }
        found.append({"ParameterKey": name, **{key: whole[key] for key in wanted}})
    return found
