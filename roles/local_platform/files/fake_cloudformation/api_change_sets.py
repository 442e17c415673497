# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Change sets: made in the background as CloudFormation does, then executed or deleted."""

from __future__ import annotations

import json
import threading
import time
import uuid
from typing import Any

from fake_cloudformation.api_stacks import check_name
from fake_cloudformation.api_stacks import check_updatable
from fake_cloudformation.api_stacks import new_stack
from fake_cloudformation.api_stacks import start_create
from fake_cloudformation.api_stacks import start_import
from fake_cloudformation.api_stacks import start_update
from fake_cloudformation.changes import Comparison
from fake_cloudformation.changes import nothing_differs
from fake_cloudformation.desired import desired_of
from fake_cloudformation.errors import ApiError
from fake_cloudformation.errors import invalid
from fake_cloudformation.importing import identifiers_of
from fake_cloudformation.model import ChangeSet
from fake_cloudformation.model import Desired
from fake_cloudformation.model import Place
from fake_cloudformation.model import Stack
from fake_cloudformation.service import Service
from fake_cloudformation.template import Template

NO_CHANGES = "The submitted information didn't contain changes. Submit different information to create a change set."
VALIDATION = "AWS::EarlyValidation::PropertyValidation"
INVALID = (
    f"The following hook(s)/validation failed: [{VALIDATION}]. "
    "To troubleshoot Early Validation errors, use the DescribeEvents API for detailed failure information."
)
# What a stack in review is: nothing yet.
NOTHING = Desired(Template("", {}), {}, {}, [])


def create_change_set(service: Service, place: Place, request: dict[str, Any]) -> dict[str, Any]:
    name, kind, world = request["StackName"], request.get("ChangeSetType", "UPDATE"), service.world
    stack = world.find(place, name)
    stack = None if stack is not None and stack.deleted_at else stack
    if kind == "UPDATE" and (stack is None or stack.status == "REVIEW_IN_PROGRESS"):
        raise invalid(f"Stack [{name}] does not exist")
    if kind == "CREATE" and stack is not None and stack.status != "REVIEW_IN_PROGRESS":
        raise invalid(f"Stack [{name}] already exists and cannot be created again with the changeSet [{request['ChangeSetName']}].")
    if stack is not None and stack.status != "REVIEW_IN_PROGRESS":
        check_updatable(stack)
    before = stack if stack is not None and stack.status != "REVIEW_IN_PROGRESS" else None
    if stack is None:
        check_name(name)
    desired = desired_of(service.sources, place, request, stack.name if stack else name, before)
    if kind != "IMPORT" and request.get("ResourcesToImport"):
        raise invalid("ResourcesToImport can only be specified for a change set of type IMPORT")
    imports = identifiers_of(service, place, request, desired, before) if kind == "IMPORT" else {}
    with world.lock:
        if stack is None:
            stack = new_stack(service, place, name, NOTHING)
            world.event(stack, request.get("ClientToken"), "REVIEW_IN_PROGRESS", "User Initiated")
        if request["ChangeSetName"] in stack.change_sets:
            raise ApiError("AlreadyExistsException", f"ChangeSet [{request['ChangeSetName']}] already exists")
        made = ChangeSet(
            place.arn(f"changeSet/{request['ChangeSetName']}/{uuid.uuid4()}"),
            request["ChangeSetName"],
            kind,
            desired,
            request.get("ClientToken"),
            request.get("Description"),
            request.get("OnStackFailure"),
            request.get("RoleARN"),
            imports,
        )
        stack.change_sets[made.name] = made
    threading.Thread(target=_fill, args=(service, place, stack, made, request.get("DisableValidation", False)), daemon=True).start()
    return {"Id": made.id, "StackId": stack.id}


def _fill(service: Service, place: Place, stack: Stack, made: ChangeSet, unchecked: bool) -> None:
    made.status = "CREATE_IN_PROGRESS"
    # A sleep and no event: nobody can hurry it.
    time.sleep(service.world.settings.actions.get("CreateChangeSet", 0))
    try:
        comparison = Comparison(service, place, stack, made.desired, made.imports)
        changes = comparison.changes()
        if comparison.problems and not unchecked:
            made.validations = [
                {
                    "LogicalResourceId": resource.logical_id,
                    "ResourceType": resource.type,
                    "ValidationStatusReason": words,
                    "ValidationPath": _path(resource, words),
                }
                for resource, words in comparison.problems
            ]
            made.reason, made.status = INVALID, "FAILED"
            return
        made.changes = [{"Type": "Resource", "ResourceChange": change} for change in changes]
        if made.kind == "UPDATE" and nothing_differs(stack, made.desired, changes):
            made.reason, made.status = NO_CHANGES, "FAILED"
            return
        modified = [change["LogicalResourceId"] for change in changes if change["Action"] != "Import"]
        if made.kind == "IMPORT" and modified:
            made.reason = (
                f"You have modified resources [{', '.join(modified)}] in your template that are not being imported. "
                "Update, create or delete operations cannot be executed during import operations."
            )
            made.status = "FAILED"
            return
        made.execution, made.status = "AVAILABLE", "CREATE_COMPLETE"
    except ApiError as error:
        made.reason, made.status = error.message, "FAILED"
    except Exception as error:
        made.reason, made.status = f"Internal Failure: {error}", "FAILED"
        raise


def _path(resource: Any, words: str) -> str:
    return f"/Resources/{resource.logical_id}/Properties{words.split(':')[0].removeprefix('#')}"


def find_change_set(service: Service, place: Place, request: dict[str, Any]) -> tuple[Stack, ChangeSet]:
    name = request["ChangeSetName"]
    for stack in service.world.here(place):
        for own in stack.change_sets.values():
            if own.id == name or (own.name == name and request.get("StackName") in (stack.id, *([] if stack.deleted_at else [stack.name]))):
                return stack, own
    if "StackName" in request and service.world.find(place, request["StackName"]) is None:
        raise invalid(f"Stack [{request['StackName']}] does not exist")
    if not name.startswith("arn:") and "StackName" not in request:
        raise invalid("StackName must be specified if ChangeSetName is not specified as an ARN.")
    raise ApiError("ChangeSetNotFound", f"ChangeSet [{name}] does not exist", 404)


def describe_change_set(service: Service, place: Place, request: dict[str, Any]) -> dict[str, Any]:
    stack, found = find_change_set(service, place, request)
    changes = found.changes
    if not request.get("IncludePropertyValues"):
        changes = [{**change, "ResourceChange": _without_values(change["ResourceChange"])} for change in changes]
    return {
        "ChangeSetName": found.name,
        "ChangeSetId": found.id,
        "StackId": stack.id,
        "StackName": stack.name,
        "Description": found.description,
        "Parameters": [
            {"ParameterKey": name, "ParameterValue": value.shown, "ResolvedValue": value.resolved} for name, value in found.desired.parameters.items()
        ],
        "CreationTime": found.created_at,
        "ExecutionStatus": found.execution,
        "Status": found.status,
        "StatusReason": found.reason,
        "NotificationARNs": found.desired.notifications,
        "RollbackConfiguration": {},
        "Capabilities": found.desired.capabilities,
        "Tags": [{"Key": key, "Value": value} for key, value in found.desired.tags.items()],
        "Changes": changes,
        "IncludeNestedStacks": False,
        "OnStackFailure": found.on_failure,
    }


def _without_values(change: dict[str, Any]) -> dict[str, Any]:
    plain = {key: value for key, value in change.items() if not key.endswith("Context")}
    valued = ("Path", "BeforeValue", "AfterValue", "AttributeChangeType")
    if "Details" in plain:
        plain["Details"] = [{**detail, "Target": {key: value for key, value in detail["Target"].items() if key not in valued}} for detail in plain["Details"]]
    return plain


def list_change_sets(service: Service, place: Place, request: dict[str, Any]) -> dict[str, Any]:
    stack = service.world.stack(place, request["StackName"])
    return {
        "Summaries": [
            {
                "StackId": stack.id,
                "StackName": stack.name,
                "ChangeSetId": own.id,
                "ChangeSetName": own.name,
                "ExecutionStatus": own.execution,
                "Status": own.status,
                "StatusReason": own.reason,
                "CreationTime": own.created_at,
                "Description": own.description,
            }
            for own in list(stack.change_sets.values())
        ]
    }


def execute_change_set(service: Service, place: Place, request: dict[str, Any]) -> dict[str, Any]:
    with service.world.lock:
        stack, found = find_change_set(service, place, request)
        if found.execution != "AVAILABLE":
            raise ApiError("InvalidChangeSetStatus", f"ChangeSet [{found.id}] cannot be executed in its current status of [{found.status}]")
        if found.on_failure and "DisableRollback" in request:
            raise invalid("DisableRollback cannot be specified as the change set was created with OnStackFailure.")
        if stack.status != "REVIEW_IN_PROGRESS":
            check_updatable(stack)
        token = request.get("ClientRequestToken")
        found.execution = "EXECUTE_IN_PROGRESS"
        # The others no longer fit.
        stack.change_sets = {found.name: found}
        stack.change_set_id = found.id
        stack.role = found.role or stack.role
        on_failure = found.on_failure or ("DO_NOTHING" if request.get("DisableRollback") else "ROLLBACK")
        if found.kind == "IMPORT":
            start_import(service, place, stack, found.desired, found.imports, token)
        elif stack.status == "REVIEW_IN_PROGRESS":
            stack.desired = found.desired
            start_create(service, place, stack, on_failure, token)
        else:
            start_update(service, place, stack, found.desired, on_failure, token)
        stack.operation.ended = lambda: _executed(stack, found)
    return {}


def _executed(stack: Stack, found: ChangeSet) -> None:
    well = stack.status in ("CREATE_COMPLETE", "UPDATE_COMPLETE", "IMPORT_COMPLETE")
    found.execution = "EXECUTE_COMPLETE" if well else "EXECUTE_FAILED"


def delete_change_set(service: Service, place: Place, request: dict[str, Any]) -> dict[str, Any]:
    with service.world.lock:
        try:
            stack, found = find_change_set(service, place, request)
        except ApiError as error:
            # By its ARN a change set that is gone is no error.
            if error.code == "ChangeSetNotFound" and request["ChangeSetName"].startswith("arn:"):
                return {}
            raise
        if found.status == "CREATE_IN_PROGRESS":
            raise ApiError("InvalidChangeSetStatus", f"ChangeSet [{found.id}] cannot be deleted in its current status of [{found.status}]")
        del stack.change_sets[found.name]
    return {}


def validation_events(stack: Stack, found: ChangeSet) -> list[dict[str, Any]]:
    """What DescribeEvents says of a change set that failed its validation."""
    return [
        {
            "EventId": str(uuid.uuid5(uuid.NAMESPACE_URL, json.dumps([found.id, number]))),
            "StackId": stack.id,
            "OperationType": "CREATE_CHANGESET",
            "EventType": "VALIDATION_ERROR",
            "Timestamp": found.created_at,
            "ValidationFailureMode": "FAIL",
            "ValidationName": "PROPERTY_VALIDATION",
            "ValidationStatus": "FAILED",
            **validation,
        }
        for number, validation in enumerate(found.validations)
    ]
