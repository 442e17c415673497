# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which existing resources a change set of type IMPORT takes over.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/import-resources.html
"""

from __future__ import annotations

from typing import Any

from fake_cloudformation import schemas
from fake_cloudformation.errors import invalid
from fake_cloudformation.model import Desired
from fake_cloudformation.model import Place
from fake_cloudformation.model import Stack
from fake_cloudformation.resources import identity
from fake_cloudformation.service import Service

# Without one of them CloudFormation cannot take over what is there.
NEEDED = {"create", "delete", "read"}


def identifiers_of(service: Service, place: Place, request: dict[str, Any], desired: Desired, before: Stack | None) -> dict[str, dict[str, str]]:
    """By logical id what names each resource to import. Raises ApiError where one cannot be imported."""
    found: dict[str, dict[str, str]] = {}
    taken: dict[tuple[str, str], str] = {}
    for item in request.get("ResourcesToImport", []):
        name, identifier = item["LogicalResourceId"], item["ResourceIdentifier"]
        if name in found:
            raise invalid(f"Resource [{name}] is given more than once in ResourcesToImport")
        declared = desired.template.resources.get(name)
        if declared is None or declared["Type"] != item["ResourceType"]:
            raise invalid(f"Resource [{name}] to import was not found in the template with type {item['ResourceType']}")
        if "DeletionPolicy" not in declared:
            raise invalid(f"Resources to import [{name}] must have a DeletionPolicy attribute specified in the template.")
        kind = schemas.type_of(place.region, item["ResourceType"])
        if kind is None or not set(kind.schema.get("handlers", {})) >= NEEDED:
            raise invalid(f"ResourceTypes [{item['ResourceType']}] are not supported for Import")
        if set(identifier) != set(kind.identifier):
            raise invalid(f"Resource identifiers for {name} must be {sorted(kind.identifier)}")
        if not all(identifier.values()):
            raise invalid(f"Resource identifiers for {name} must not be empty")
        physical = identity.physical_id(item["ResourceType"], kind.identifier, identifier)
        if (item["ResourceType"], physical) in taken:
            raise invalid(f"Resources [{taken[item['ResourceType'], physical]}, {name}] have the same identifier {physical}")
        for stack, resource in service.world.records(place, item["ResourceType"]):
            if stack is not None and resource.physical_id == physical:
                raise invalid(f"Resource {physical} already exists in stack {stack.id}")
        found[name], taken[item["ResourceType"], physical] = identifier, name
    if not found:
        raise invalid("ResourcesToImport must be specified for a change set of type IMPORT")
    if before is not None and set(found) & set(before.resources):
        raise invalid(f"Resources [{', '.join(sorted(set(found) & set(before.resources)))}] passed in ResourcesToImport are already in the stack")
    outputs = before.desired.template.section("Outputs") if before is not None else {}
    if desired.template.section("Outputs") != outputs:
        raise invalid("As part of the import operation, you cannot modify or add [Outputs]")
    return found
