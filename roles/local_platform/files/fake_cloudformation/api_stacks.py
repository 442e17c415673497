# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Actions that change stacks: create, update, delete, and the ways out of a failed operation."""

from __future__ import annotations

import re
import uuid
from typing import Any

from fake_cloudformation import policy
from fake_cloudformation.changes import Comparison
from fake_cloudformation.changes import nothing_differs
from fake_cloudformation.deploy import Deployment
from fake_cloudformation.desired import desired_of
from fake_cloudformation.errors import ApiError
from fake_cloudformation.errors import invalid
from fake_cloudformation.model import Desired
from fake_cloudformation.model import Place
from fake_cloudformation.model import Stack
from fake_cloudformation.model import now
from fake_cloudformation.operation import Operation
from fake_cloudformation.service import Service

NAME = re.compile("[a-zA-Z][-a-zA-Z0-9]{0,127}")
NO_UPDATES = "No updates are to be performed."
UPDATABLE = {
    "CREATE_COMPLETE",
    "CREATE_FAILED",
    "IMPORT_COMPLETE",
    "IMPORT_ROLLBACK_COMPLETE",
    "UPDATE_COMPLETE",
    "UPDATE_FAILED",
    "UPDATE_ROLLBACK_COMPLETE",
}
UNDELETABLE = {
    "IMPORT_IN_PROGRESS",
    "IMPORT_ROLLBACK_IN_PROGRESS",
    "ROLLBACK_IN_PROGRESS",
    "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
    "UPDATE_IN_PROGRESS",
    "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
    "UPDATE_ROLLBACK_IN_PROGRESS",
}


def new_stack(service: Service, place: Place, name: str, desired: Desired) -> Stack:
    stack = Stack(place, name, place.arn(f"stack/{name}/{uuid.uuid4()}"), desired)
    service.world.stacks.append(stack)
    return stack


def check_name(name: str) -> None:
    if not NAME.fullmatch(name):
        raise invalid(
            f"1 validation error detected: Value '{name}' at 'stackName' failed to satisfy constraint: "
            f"Member must satisfy regular expression pattern: {NAME.pattern}"
        )


def check_updatable(stack: Stack) -> None:
    if stack.status not in UPDATABLE:
        raise invalid(f"Stack:{stack.id} is in {stack.status} state and can not be updated.")


def create_stack(service: Service, place: Place, request: dict[str, Any]) -> dict[str, Any]:
    name = request["StackName"]
    check_name(name)
    if "OnFailure" in request and "DisableRollback" in request:
        raise invalid("Either DisableRollback or OnFailure can be specified, not both.")
    _absent(service, place, name)
    desired = desired_of(service.sources, place, request, name, None)
    body = request.get("StackPolicyBody")
    if body:
        policy.check(body)
    with service.world.lock:
        _absent(service, place, name)
        stack = new_stack(service, place, name, desired)
        stack.policy, stack.role, stack.protected = body, request.get("RoleARN"), request.get("EnableTerminationProtection", False)
        stack.timeout_minutes = request.get("TimeoutInMinutes")
        on_failure = request.get("OnFailure", "DO_NOTHING" if request.get("DisableRollback") else "ROLLBACK")
        start_create(service, place, stack, on_failure, request.get("ClientRequestToken"))
    return {"StackId": stack.id}


def _absent(service: Service, place: Place, name: str) -> None:
    found = service.world.find(place, name)
    if found is not None:
        raise ApiError("AlreadyExistsException", f"Stack [{name}] already exists")


def start_create(service: Service, place: Place, stack: Stack, on_failure: str, token: str | None) -> None:
    stack.disable_rollback = on_failure == "DO_NOTHING"
    operation = Operation(service, stack, place, token)
    operation.say("CREATE_IN_PROGRESS", "User Initiated")
    operation.start(Deployment(operation, on_failure).create, stack.timeout_minutes)


def update_stack(service: Service, place: Place, request: dict[str, Any]) -> dict[str, Any]:
    name = request["StackName"]
    stack = service.world.stack(place, name)
    if stack.deleted_at:
        raise invalid(f"Stack [{name}] does not exist")
    check_updatable(stack)
    desired = desired_of(service.sources, place, request, stack.name, stack)
    during, lasting = request.get("StackPolicyDuringUpdateBody"), request.get("StackPolicyBody")
    for body in filter(None, (during, lasting)):
        policy.check(body)
    changes = Comparison(service, place, stack, desired, {}).changes()
    if nothing_differs(stack, desired, changes) and stack.status not in ("UPDATE_FAILED", "CREATE_FAILED"):
        raise invalid(NO_UPDATES)
    with service.world.lock:
        check_updatable(stack)
        stack.policy, stack.role = lasting or stack.policy, request.get("RoleARN", stack.role)
        on_failure = "DO_NOTHING" if request.get("DisableRollback") else "ROLLBACK"
        start_update(service, place, stack, desired, on_failure, request.get("ClientRequestToken"), during)
    return {"StackId": stack.id}


def start_update(service: Service, place: Place, stack: Stack, desired: Desired, on_failure: str, token: str | None, during: str | None = None) -> None:
    before, stack.desired = stack.desired, desired
    stack.updated_at, stack.disable_rollback = now(), on_failure == "DO_NOTHING"
    operation = Operation(service, stack, place, token)
    operation.say("UPDATE_IN_PROGRESS", "User Initiated")
    deployment = Deployment(operation, on_failure, during)
    operation.start(lambda: deployment.update(before))


def start_import(service: Service, place: Place, stack: Stack, desired: Desired, identifiers: dict[str, dict[str, str]], token: str | None) -> None:
    before, stack.desired = stack.desired, desired
    stack.updated_at = now()
    operation = Operation(service, stack, place, token)
    operation.say("IMPORT_IN_PROGRESS", "User Initiated")
    deployment = Deployment(operation)
    operation.start(lambda: deployment.adopt(before, identifiers))


def delete_stack(service: Service, place: Place, request: dict[str, Any]) -> dict[str, Any]:
    with service.world.lock:
        stack = service.world.find(place, request["StackName"])
        # Deleting what is not there is no error.
        if stack is None or stack.deleted_at or stack.status == "DELETE_IN_PROGRESS":
            return {}
        if stack.protected:
            raise invalid(f"Stack [{stack.name}] cannot be deleted while TerminationProtection is enabled")
        if stack.status in UNDELETABLE:
            raise invalid(f"Stack [{stack.id}] cannot be deleted while in status {stack.status}")
        retained = frozenset(request.get("RetainResources", []))
        force = request.get("DeletionMode") == "FORCE_DELETE_STACK"
        if (retained or force) and stack.status != "DELETE_FAILED":
            what = "RetainResources" if retained else "FORCE_DELETE_STACK"
            raise invalid(f"Invalid operation on stack [{stack.id}]. {what} can only be specified when the stack is in the DELETE_FAILED state.")
        unknown = sorted(retained - set(stack.resources))
        if unknown:
            raise invalid(f"The following resources to retain do not exist in the stack: [{', '.join(unknown)}]")
        stack.role = request.get("RoleARN", stack.role)
        start_delete(service, place, stack, request.get("ClientRequestToken"), retained, force)
    return {}


def start_delete(service: Service, place: Place, stack: Stack, token: str | None, retained: frozenset[str] = frozenset(), force: bool = False) -> None:
    # A creation that still runs is given up first.
    if stack.operation:
        stack.operation.abandon()
    operation = Operation(service, stack, place, token)
    operation.say("DELETE_IN_PROGRESS", "User Initiated")
    deployment = Deployment(operation)
    operation.start(lambda: deployment.delete(retained, force))


def continue_update_rollback(service: Service, place: Place, request: dict[str, Any]) -> dict[str, Any]:
    with service.world.lock:
        stack = service.world.stack(place, request["StackName"])
        if stack.status != "UPDATE_ROLLBACK_FAILED":
            raise invalid(f"Stack:{stack.id} is in {stack.status} state and can not continue to roll back.")
        skip = frozenset(request.get("ResourcesToSkip", []))
        wrong = sorted(name for name in skip if name not in stack.resources or stack.resources[name].status != "UPDATE_FAILED")
        if wrong:
            raise invalid(f"The resource [{', '.join(wrong)}] cannot be skipped, as it is not in UPDATE_FAILED state.")
        _undo(service, place, stack, request, skip)
    return {}


def rollback_stack(service: Service, place: Place, request: dict[str, Any]) -> dict[str, Any]:
    with service.world.lock:
        stack = service.world.stack(place, request["StackName"])
        if stack.status not in ("CREATE_FAILED", "UPDATE_FAILED"):
            raise invalid(f"Stack:{stack.id} is in {stack.status} state and can not be rolled back.")
        if stack.stable is None:
            # Documented: without a last stable state the stack is deleted.
            start_delete(service, place, stack, request.get("ClientRequestToken"))
        else:
            _undo(service, place, stack, request, frozenset())
    return {"StackId": stack.id}


def _undo(service: Service, place: Place, stack: Stack, request: dict[str, Any], skip: frozenset[str]) -> None:
    stack.role = request.get("RoleARN", stack.role)
    operation = Operation(service, stack, place, request.get("ClientRequestToken"))
    operation.say("UPDATE_ROLLBACK_IN_PROGRESS", "User Initiated")
    deployment = Deployment(operation)
    operation.start(lambda: deployment.undo_update(skip))


def cancel_update_stack(service: Service, place: Place, request: dict[str, Any]) -> dict[str, Any]:
    with service.world.lock:
        stack = service.world.stack(place, request["StackName"])
        if stack.status != "UPDATE_IN_PROGRESS":
            raise invalid("CancelUpdateStack cannot be called from current stack status")
        stack.operation.cancel()
    return {}


def set_stack_policy(service: Service, place: Place, request: dict[str, Any]) -> dict[str, Any]:
    body = request.get("StackPolicyBody")
    if not body:
        raise invalid("Either StackPolicyBody or StackPolicyURL must be specified.")
    policy.check(body)
    service.world.stack(place, request["StackName"]).policy = body
    return {}


def update_termination_protection(service: Service, place: Place, request: dict[str, Any]) -> dict[str, Any]:
    stack = service.world.stack(place, request["StackName"])
    if stack.deleted_at or stack.status == "DELETE_IN_PROGRESS":
        raise invalid(f"Termination protection cannot be changed while the stack is in status {stack.status}")
    stack.protected = request["EnableTerminationProtection"]
    return {"StackId": stack.id}
