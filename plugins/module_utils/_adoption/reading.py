# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Reads of live resources: the Cloud Control API for properties in a template's form, listings of services for what has no declared name."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._adoption.kinds import Search
from ansible_collections.llmops.platform.plugins.module_utils._adoption.kinds import kind_of
from ansible_collections.llmops.platform.plugins.module_utils._stacks.errors import StackError
from ansible_collections.llmops.platform.plugins.module_utils._stacks.retrying import CallError

try:
    import jmespath
except ImportError:
    jmespath = None

ABSENT = ("ResourceNotFoundException", "NotFound")
# Handlers say in their own words that there is none: https://docs.aws.amazon.com/cloudcontrolapi/latest/APIReference/API_GetResource.html
MISSING_WORDS = ("not found", "does not exist", "notfound")
# The service's answer to an identifier that it cannot read.
UNREADABLE = ("UnsupportedActionException", "TypeNotFoundException")
MOST_PAGES = 200


class Reader:
    """Reads and remembers, for one run. `calls` is a `_stacks.calls.Calls`."""

    def __init__(self, calls: Any) -> None:
        self._calls = calls
        self._listed: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
        self._read: dict[tuple[str, str, str], dict[str, Any] | Exception | None] = {}
        self._owners: dict[tuple[str, str], tuple[str, str] | None] = {}

    def properties(self, region: str, type_name: str, identifier: str) -> dict[str, Any] | None:
        """Live properties as a template writes them, read-only ones included; None where there is no such resource. Raises CallError, StackError."""
        key = (region, type_name, identifier)
        if key not in self._read:
            try:
                self._read[key] = self._get(region, type_name, identifier)
            except (CallError, StackError) as error:
                # Not tried again in each round.
                self._read[key] = error
        found = self._read[key]
        if isinstance(found, Exception):
            raise found
        return found

    def _get(self, region: str, type_name: str, identifier: str) -> dict[str, Any] | None:
        try:
            answer = self._calls(region, "GetResource", "cloudcontrol", TypeName=type_name, Identifier=identifier)
        except CallError as error:
            if error.code in ABSENT or (error.code == "GeneralServiceException" and any(words in error.message.lower() for words in MISSING_WORDS)):
                return None
            if error.code in UNREADABLE:
                raise StackError(f"the Cloud Control API cannot read {type_name}: {error.message}") from error
            raise
        return json.loads(answer["ResourceDescription"]["Properties"])

    def listed(self, region: str, search: Search) -> list[dict[str, Any]]:
        """`[{id, system, fields: {property: value}, tags: {}}]` of what the service lists. Raises CallError."""
        key = (region, search.service, search.operation + search.items)
        if key not in self._listed:
            self._listed[key] = [self._item(search, item) for item in self._pages(region, search)]
        return self._listed[key]

    @staticmethod
    def _item(search: Search, item: Any) -> dict[str, Any]:
        fields = {name: jmespath.search(f'"{path}"' if path.isidentifier() else path, item) for name, path in search.fields.items()}
        tags = jmespath.search(search.tags, item) if search.tags else []
        return {
            "id": str(jmespath.search(search.id, item)).removeprefix("/hostedzone/"),
            "system": bool(search.system and jmespath.search(search.system, item)),
            "fields": {name: value for name, value in fields.items() if value is not None},
            "tags": {tag["Key"]: tag["Value"] for tag in tags or []},
        }

    def _pages(self, region: str, search: Search) -> list[Any]:
        found: list[Any] = []
        token: dict[str, str] = {}
        for _page in range(MOST_PAGES):
            answer = self._calls(region, search.operation, search.service, **token)
            found += jmespath.search(search.items, answer) or []
            token = next_token(answer)
            if not token:
                break
        return found

    def tags(self, region: str, found: Any) -> dict[str, str]:
        """Those that its service lists: the Cloud Control API leaves out AWS's own."""
        search = kind_of(found.type).search
        items = self.listed(region, search) if search and search.tags else []
        return next((item["tags"] for item in items if item["id"] == found.identifier), {})

    def names(self, region: str, operation: str, items: str, cluster: str) -> list[str]:
        """What EKS lists of one cluster."""
        found: list[str] = []
        token: dict[str, str] = {}
        for _page in range(MOST_PAGES):
            answer = self._calls(region, operation, "eks", clusterName=cluster, **token)
            found += answer.get(items) or []
            token = next_token(answer)
            if not token:
                break
        return found

    def owner(self, region: str, physical_id: str, tags: Mapping[str, str]) -> tuple[str, str] | None:
        """`(stack name, logical id)` of the stack that has the resource, None where none has. Tags alone prove nothing: a resource that its stack
        left behind keeps them. Raises CallError."""
        key = (region, physical_id)
        if key not in self._owners:
            self._owners[key] = self._owner(region, physical_id, tags)
        return self._owners[key]

    def _owner(self, region: str, physical_id: str, tags: Mapping[str, str]) -> tuple[str, str] | None:
        try:
            rows = self._calls(region, "DescribeStackResources", PhysicalResourceId=physical_id)["StackResources"]
        except CallError as error:
            if error.code != "ValidationError":
                raise
            rows = []
        for row in rows:
            if row.get("PhysicalResourceId") == physical_id and row.get("ResourceStatus") != "DELETE_COMPLETE":
                return row["StackName"], row["LogicalResourceId"]
        stack = tags.get("aws:cloudformation:stack-id")
        if not stack:
            return None
        try:
            status = self._calls(stack.split(":")[3], "DescribeStacks", StackName=stack)["Stacks"][0]["StackStatus"]
        except CallError as error:
            if not error.missing:
                raise
            return None
        if status == "DELETE_COMPLETE" or not self._lists(stack, tags.get("aws:cloudformation:logical-id", "")):
            return None
        return tags.get("aws:cloudformation:stack-name", stack), tags.get("aws:cloudformation:logical-id", "")

    def _lists(self, stack: str, logical_id: str) -> bool:
        """Whether the stack still has the resource: one that it let go keeps its tags."""
        rows = self._calls.pages(stack.split(":")[3], "ListStackResources", "StackResourceSummaries", StackName=stack)
        return any(row["LogicalResourceId"] == logical_id and row["ResourceStatus"] != "DELETE_COMPLETE" for row in rows)


def next_token(answer: Mapping[str, Any]) -> dict[str, str]:
    """The argument that asks for the next page, in whichever of the services' words."""
    if answer.get("IsTruncated") is False or answer.get("Truncated") is False:
        return {}
    for name, argument in (("NextMarker", "Marker"), ("NextToken", "NextToken"), ("nextToken", "nextToken"), ("Marker", "Marker")):
        if answer.get(name):
            return {argument: answer[name]}
    return {}
