# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the core and the handlers of resource types agree on.

A handler really makes its resource, most often by boto3 against the same server. Error codes are those of AWS's own handlers:
https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-test-contract-errors.html
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from typing import Any


@dataclass
class Context:
    """Where a resource is made. `clients` makes a boto3 client of a service for this region and account at this very server."""

    region: str
    account: str
    stack_id: str
    stack_name: str
    tags: dict[str, str] = field(default_factory=dict)
    clients: Any = None

    def client(self, service: str) -> Any:
        return self.clients(service)


@dataclass(frozen=True)
class Made:
    """`physical_id` is what Ref gives, `attributes` what Fn::GetAtt gives."""

    physical_id: str
    attributes: dict[str, Any] = field(default_factory=dict)


class ResourceFailed(Exception):
    """A resource type's own failure: a HandlerErrorCode and the service's words."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class Handler:
    """One resource type. Every method may raise ResourceFailed; errors of boto3 are translated by the core."""

    def create(self, context: Context, logical_id: str, properties: dict[str, Any]) -> Made:
        raise NotImplementedError

    def update(self, context: Context, physical_id: str, before: dict[str, Any], after: dict[str, Any]) -> Made:
        """In place only: what cannot change in place never gets here."""
        raise NotImplementedError

    def delete(self, context: Context, physical_id: str, properties: dict[str, Any]) -> None:
        """Gone already is fine."""
        raise NotImplementedError

    def read(self, context: Context, physical_id: str, properties: dict[str, Any]) -> dict[str, Any] | None:
        """The live values of the declared properties, for drift and import; None where the resource is gone."""
        raise NotImplementedError

    def adopted(self, context: Context, physical_id: str, properties: dict[str, Any]) -> Made | None:
        """What `create` would have given of what an import takes over; None where it is gone."""
        live = self.read(context, physical_id, properties)
        return None if live is None else Made(physical_id, {key: value for key, value in live.items() if key not in properties})
