# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Drift: the live object, read by its handler, against what the template declares.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-drift.html
"""

from __future__ import annotations

import json
import threading
import time
import uuid
from typing import Any

from botocore.exceptions import BotoCoreError
from botocore.exceptions import ClientError

from fake_cloudformation import dynamic
from fake_cloudformation import schemas
from fake_cloudformation.contract import ResourceFailed
from fake_cloudformation.errors import invalid
from fake_cloudformation.model import Place
from fake_cloudformation.model import Resource
from fake_cloudformation.model import Stack
from fake_cloudformation.model import now
from fake_cloudformation.replacement import changed
from fake_cloudformation.service import Service


def detect_stack_drift(service: Service, place: Place, request: dict[str, Any]) -> dict[str, Any]:
    stack = service.world.stack(place, request["StackName"])
    if stack.busy or stack.status == "REVIEW_IN_PROGRESS" or stack.deleted_at:
        raise invalid(f"Drift detection cannot be performed on stack [{stack.id}] while it is in {stack.status} state.")
    detection = str(uuid.uuid4())
    found = {"StackId": stack.id, "StackDriftDetectionId": detection, "DetectionStatus": "DETECTION_IN_PROGRESS", "Timestamp": now()}
    service.world.detections[detection] = found
    names = request.get("LogicalResourceIds") or list(stack.resources)
    threading.Thread(target=_detect, args=(service, place, stack, names, found), daemon=True).start()
    return {"StackDriftDetectionId": detection}


def _detect(service: Service, place: Place, stack: Stack, names: list[str], found: dict[str, Any]) -> None:
    time.sleep(service.world.settings.actions.get("DetectStackDrift", 0))
    failed = []
    for name in names:
        resource = stack.resources.get(name)
        if resource is None or resource.physical_id is None:
            continue
        try:
            resource.drift_details = compare(service, place, stack, resource)
            resource.drift = resource.drift_details["StackResourceDriftStatus"]
        except (ResourceFailed, ClientError, BotoCoreError) as error:
            resource.drift, resource.drift_details = "UNKNOWN", {"StackResourceDriftStatus": "UNKNOWN", "DriftStatusReason": str(error)}
            failed.append(name)
        resource.drift_at = now()
    states = [resource.drift for resource in stack.resources.values()]
    drifted = sum(state in ("MODIFIED", "DELETED") for state in states)
    stack.drift, stack.drift_at = "DRIFTED" if drifted else "IN_SYNC", now()
    found["DriftedStackResourceCount"], found["StackDriftStatus"], found["Timestamp"] = drifted, stack.drift, now()
    if failed:
        found["DetectionStatusReason"] = f"Failed to detect drift on resource [{', '.join(failed)}]"
    found["DetectionStatus"] = "DETECTION_FAILED" if failed else "DETECTION_COMPLETE"


def compare(service: Service, place: Place, stack: Stack, resource: Resource) -> dict[str, Any]:
    """Declared properties only, and none that a service never gives back (writeOnlyProperties)."""
    handler = service.handler_of(resource.type)
    if handler is None:
        return {"StackResourceDriftStatus": "NOT_CHECKED", "DriftStatusReason": "Nothing stands behind this record: no handler makes the type."}
    context = service.context(stack, place, stack.desired.tags)
    declared = dynamic.resolved(context, resource.properties)
    live = handler.read(context, str(resource.physical_id), declared)
    kind = schemas.type_of(place.region, resource.type)
    hidden = kind.write_only if kind else []
    expected = {key: value for key, value in resource.properties.items() if key not in hidden}
    if live is None:
        return {"StackResourceDriftStatus": "DELETED", "ExpectedProperties": _text(expected)}
    actual = {key: value for key, value in live.items() if key in expected}
    differences = [
        {
            "PropertyPath": f"/{path}",
            "ExpectedValue": _text(before),
            "ActualValue": _text(after),
            "DifferenceType": "ADD" if before is None else "REMOVE" if after is None else "NOT_EQUAL",
        }
        for path, (before, after) in changed(expected, actual).items()
        if path not in hidden and not (isinstance(before, str) and "{{resolve:" in before)
    ]
    return {
        "StackResourceDriftStatus": "MODIFIED" if differences else "IN_SYNC",
        "ExpectedProperties": _text(expected),
        "ActualProperties": _text(actual),
        "PropertyDifferences": differences,
    }


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True)


def describe_stack_drift_detection_status(service: Service, _place: Place, request: dict[str, Any]) -> dict[str, Any]:
    found = service.world.detections.get(request["StackDriftDetectionId"])
    if found is None:
        raise invalid(f"Drift detection operation [{request['StackDriftDetectionId']}] does not exist")
    return dict(found)


def describe_stack_resource_drifts(service: Service, place: Place, request: dict[str, Any]) -> dict[str, Any]:
    stack = service.world.stack(place, request["StackName"])
    wanted = request.get("StackResourceDriftStatusFilters")
    return {
        "StackResourceDrifts": [
            {
                "StackId": stack.id,
                "LogicalResourceId": resource.logical_id,
                "PhysicalResourceId": resource.physical_id,
                "ResourceType": resource.type,
                "Timestamp": resource.drift_at,
                **resource.drift_details,
            }
            for resource in stack.resources.values()
            if resource.drift_at and (not wanted or resource.drift in wanted)
        ]
    }
