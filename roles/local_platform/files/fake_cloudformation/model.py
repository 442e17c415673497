# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the service remembers. All of it is in memory; `World.lock` guards every change."""

from __future__ import annotations

import copy
import threading
import uuid
from dataclasses import dataclass
from dataclasses import field
from datetime import UTC
from datetime import datetime
from typing import Any

from fake_cloudformation.errors import ApiError
from fake_cloudformation.parameters import Parameter
from fake_cloudformation.settings import Settings
from fake_cloudformation.template import Template

STACK_TYPE = "AWS::CloudFormation::Stack"


def now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Place:
    """An account and region, and the access key whose owner asks: moto tells accounts by it."""

    account: str
    region: str
    access_key: str = field(compare=False)

    @property
    def partition(self) -> str:
        return "aws-cn" if self.region.startswith("cn-") else "aws-us-gov" if self.region.startswith("us-gov-") else "aws"

    def arn(self, resource: str, service: str = "cloudformation") -> str:
        return f"arn:{self.partition}:{service}:{self.region}:{self.account}:{resource}"


@dataclass
class Resource:
    logical_id: str
    type: str
    physical_id: str | None = None
    properties: dict[str, Any] = field(default_factory=dict)
    attributes: dict[str, Any] = field(default_factory=dict)
    # The rest of its definition in the template: policies, metadata.
    definition: dict[str, Any] = field(default_factory=dict)
    depends_on: set[str] = field(default_factory=set)
    status: str = ""
    reason: str | None = None
    updated_at: datetime = field(default_factory=now)
    # False: no handler makes the type, there is this record only.
    real: bool = False
    drift: str = "NOT_CHECKED"
    drift_at: datetime | None = None
    drift_details: dict[str, Any] = field(default_factory=dict)

    @property
    def deletion_policy(self) -> str:
        return self.definition.get("DeletionPolicy", "Delete")

    @property
    def update_replace_policy(self) -> str:
        return self.definition.get("UpdateReplacePolicy", "Delete")


@dataclass(frozen=True)
class Desired:
    """What a stack is to be."""

    template: Template
    parameters: dict[str, Parameter]
    tags: dict[str, str]
    capabilities: list[str]
    notifications: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Stable:
    """What a rollback leads back to."""

    desired: Desired
    resources: dict[str, Resource]


@dataclass
class ChangeSet:
    id: str
    name: str
    kind: str
    desired: Desired
    token: str | None = None
    description: str | None = None
    on_failure: str | None = None
    role: str | None = None
    imports: dict[str, dict[str, str]] = field(default_factory=dict)
    status: str = "CREATE_PENDING"
    execution: str = "UNAVAILABLE"
    reason: str | None = None
    changes: list[dict[str, Any]] = field(default_factory=list)
    validations: list[dict[str, Any]] = field(default_factory=list)
    created_at: datetime = field(default_factory=now)


@dataclass
class Stack:
    place: Place
    name: str
    id: str
    desired: Desired
    status: str = ""
    reason: str | None = None
    description: str | None = None
    role: str | None = None
    protected: bool = False
    policy: str | None = None
    disable_rollback: bool = False
    timeout_minutes: int | None = None
    resources: dict[str, Resource] = field(default_factory=dict)
    # Physical resources that go when the operation is done, with the policy that decides.
    garbage: list[tuple[Resource, str]] = field(default_factory=list)
    stable: Stable | None = None
    outputs: dict[str, str] = field(default_factory=dict)
    events: list[dict[str, Any]] = field(default_factory=list)
    change_sets: dict[str, ChangeSet] = field(default_factory=dict)
    change_set_id: str | None = None
    created_at: datetime = field(default_factory=now)
    updated_at: datetime | None = None
    deleted_at: datetime | None = None
    drift: str = "NOT_CHECKED"
    drift_at: datetime | None = None
    operation: Any = None

    @property
    def busy(self) -> bool:
        return self.status.endswith("_IN_PROGRESS") and self.status != "REVIEW_IN_PROGRESS"

    def settle(self) -> None:
        """What is now is what a rollback leads back to."""
        self.stable = Stable(self.desired, copy.deepcopy(self.resources))


class World:
    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.reset()

    def reset(self) -> None:
        with self.lock:
            for stack in getattr(self, "stacks", []):
                if stack.operation:
                    stack.operation.abandon()
            self.settings = Settings()
            self.stacks: list[Stack] = []
            self.tokens: dict[tuple[Place, str], tuple[str, dict[str, Any]]] = {}
            self.detections: dict[str, dict[str, Any]] = {}
            # Retained records that nobody manages any more, and snapshots that were taken at a deletion.
            self.retained: list[tuple[Place, Resource]] = []
            self.snapshots: list[dict[str, str]] = []

    def find(self, place: Place, name_or_id: str) -> Stack | None:
        """The living stack of that name, or any of that id."""
        for stack in reversed(list(self.stacks)):
            if stack.place == place and (stack.id == name_or_id or (stack.name == name_or_id and stack.deleted_at is None)):
                return stack
        return None

    def stack(self, place: Place, name_or_id: str, words: str = "Stack [{}] does not exist") -> Stack:
        found = self.find(place, name_or_id)
        if found is None:
            raise ApiError("ValidationError", words.format(name_or_id))
        return found

    def here(self, place: Place) -> list[Stack]:
        return [stack for stack in list(self.stacks) if stack.place == place]

    def records(self, place: Place, kind: str) -> list[tuple[Stack | None, Resource]]:
        """Living resources of a type in an account and region, with the stack that manages each."""
        managed = [(stack, resource) for stack in self.here(place) for resource in list(stack.resources.values()) if resource.status != "DELETE_SKIPPED"]
        waiting = [(stack, resource) for stack in self.here(place) for resource, _unused in stack.garbage]
        return [
            (stack, resource)
            for stack, resource in [*managed, *waiting, *((None, resource) for own, resource in self.retained if own == place)]
            if resource.type == kind and resource.physical_id is not None
        ]

    def event(self, stack: Stack, token: str | None, status: str, reason: str | None = None, resource: Resource | None = None) -> None:
        """Set a stack's or resource's status and write it down; newest events come first."""
        with self.lock:
            moment = now()
            entry = {
                "StackId": stack.id,
                "EventId": str(uuid.uuid4()),
                "StackName": stack.name,
                "LogicalResourceId": stack.name,
                "PhysicalResourceId": stack.id,
                "ResourceType": STACK_TYPE,
                "Timestamp": moment,
                "ResourceStatus": status,
                "ResourceStatusReason": reason,
                "ClientRequestToken": token,
            }
            if resource is None:
                stack.status, stack.reason = status, reason
            else:
                resource.status, resource.reason, resource.updated_at = status, reason, moment
                entry |= {
                    "EventId": f"{resource.logical_id}-{uuid.uuid4()}",
                    "LogicalResourceId": resource.logical_id,
                    "PhysicalResourceId": resource.physical_id or "",
                    "ResourceType": resource.type,
                }
                entry["properties"] = resource.properties
            stack.events.insert(0, entry)
