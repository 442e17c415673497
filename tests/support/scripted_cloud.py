# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A cloud in memory for unit tests: enough of CloudFormation, S3 and STS to follow a script. Each look at a stack's events lets one step pass."""

from __future__ import annotations

import datetime
import hashlib
import io
import json
import re
import threading
from collections.abc import Callable
from typing import Any

import yaml
from botocore.exceptions import ClientError

STACK = "AWS::CloudFormation::Stack"
ACCOUNT = "123456789012"


def refusal(operation: str, code: str, message: str, status: int = 400) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": status}}, operation)


class Cloud:
    """`calls`: (region, operation, arguments). `before[operation]` and `after[operation]` are lists of errors, one raised at each call, None for none."""

    def __init__(self) -> None:
        self.stacks: dict[tuple[str, str], dict[str, Any]] = {}
        self.sets: dict[tuple[str, str, str], dict[str, Any]] = {}
        self.objects: dict[str, tuple[bytes, str, datetime.datetime]] = {}
        self.calls: list[tuple[str, str, dict[str, Any]]] = []
        self.before: dict[str, list[Exception | None]] = {}
        self.after: dict[str, list[Exception | None]] = {}
        #: {logical id: reason}: its creation, update or deletion fails. `stuck`: its rollback as well.
        self.broken: dict[str, str] = {}
        self.stuck: set[str] = set()
        self.silent: dict[str, Exception] = {}
        #: {(stack, logical id): rows} of PropertyDifferences.
        self.drift: dict[tuple[str, str], list[dict[str, str]]] = {}
        self.actual: dict[str, dict[str, Any]] = {}
        self.steps = 1
        self.hook: Callable[[str, str, dict[str, Any]], Any] = lambda *_: None
        self._lock = threading.RLock()
        self._number = 0

    def client(self, service: str, region: str) -> Client:
        return Client(self, region)

    def count(self, *operations: str) -> int:
        return sum(operation in operations for _region, operation, _arguments in self.calls)

    def mutating(self) -> list[str]:
        return [operation for _region, operation, _arguments in self.calls if not operation.startswith(("Describe", "Get", "List", "Detect"))]

    def do(self, region: str, operation: str, arguments: dict[str, Any]) -> dict[str, Any]:
        with self._lock:
            self.calls.append((region, operation, arguments))
            self.hook(region, operation, arguments)
            if region in self.silent:
                raise self.silent[region]
            for errors in (self.before.get(operation),):
                if errors and (error := errors.pop(0)):
                    raise error
            answer = getattr(self, operation)(region, **arguments) or {}
            errors = self.after.get(operation)
            if errors and (error := errors.pop(0)):
                raise error
            return answer

    # CloudFormation
    def _find(self, region: str, name: str, operation: str) -> dict[str, Any]:
        for (where, called), stack in self.stacks.items():
            if where == region and (stack["StackId"] == name or (called == name and stack["StackStatus"] != "DELETE_COMPLETE")):
                return stack
        raise refusal(operation, "ValidationError", f"Stack with id {name} does not exist")

    def add(self, region: str, name: str, template: str, status: str = "CREATE_COMPLETE", **more: Any) -> dict[str, Any]:
        """A stack that is there already."""
        self._number += 1
        stack = {
            "StackId": f"arn:aws:cloudformation:{region}:{ACCOUNT}:stack/{name}/{self._number}",
            "StackName": name,
            "StackStatus": status,
            "CreationTime": self._now(),
            "EnableTerminationProtection": False,
            "_template": template,
            "_parameters": {},
            "_tags": {},
            "_policy": None,
            "_events": [],
            "_pending": [],
            "_sets": {},
            **more,
        }
        self.stacks[region, name] = stack
        return stack

    def _now(self) -> datetime.datetime:
        self._number += 1
        return datetime.datetime(2026, 11, 21, tzinfo=datetime.UTC) + datetime.timedelta(seconds=self._number)

    def _outputs(self, stack: dict[str, Any]) -> list[dict[str, str]]:
        body = yaml.safe_load(stack["_template"]) if stack["_template"] else {}
        rows = []
        for key, output in (body.get("Outputs") or {}).items():
            value = output["Value"]
            rows.append({"OutputKey": key, "OutputValue": value if isinstance(value, str) else f"{stack['StackName']}-{value.get('Ref')}"})
        return rows

    def DescribeStacks(self, region: str, StackName: str) -> dict[str, Any]:
        stack = self._find(region, StackName, "DescribeStacks")
        public = {key: value for key, value in stack.items() if not key.startswith("_")}
        done = stack["StackStatus"].endswith("_COMPLETE")
        return {
            "Stacks": [
                {
                    **public,
                    "Outputs": self._outputs(stack) if done else [],
                    "Parameters": [{"ParameterKey": key, "ParameterValue": value} for key, value in stack["_parameters"].items()],
                    "Tags": [{"Key": key, "Value": value} for key, value in stack["_tags"].items()],
                }
            ]
        }

    def GetTemplate(self, region: str, StackName: str, TemplateStage: str) -> dict[str, Any]:
        return {"TemplateBody": self._find(region, StackName, "GetTemplate")["_template"]}

    def GetStackPolicy(self, region: str, StackName: str) -> dict[str, Any]:
        policy = self._find(region, StackName, "GetStackPolicy")["_policy"]
        return {"StackPolicyBody": policy} if policy else {}

    def SetStackPolicy(self, region: str, StackName: str, StackPolicyBody: str) -> None:
        self._find(region, StackName, "SetStackPolicy")["_policy"] = StackPolicyBody

    def UpdateTerminationProtection(self, region: str, StackName: str, EnableTerminationProtection: bool) -> None:
        self._find(region, StackName, "UpdateTerminationProtection")["EnableTerminationProtection"] = EnableTerminationProtection

    def CreateChangeSet(self, region: str, StackName: str, ChangeSetName: str, ChangeSetType: str, TemplateBody: str, **more: Any) -> dict[str, Any]:
        if ChangeSetType != "UPDATE" and self.stacks.get((region, StackName), {"StackStatus": "DELETE_COMPLETE"})["StackStatus"] == "DELETE_COMPLETE":
            self.add(region, StackName, "", "REVIEW_IN_PROGRESS")
        stack = self._find(region, StackName, "CreateChangeSet")
        if stack["StackStatus"].endswith("_IN_PROGRESS") and stack["StackStatus"] != "REVIEW_IN_PROGRESS":
            raise refusal("CreateChangeSet", "ValidationError", f"Stack:{stack['StackId']} is in {stack['StackStatus']} state and can not be updated.")
        if ChangeSetName in stack["_sets"]:
            raise refusal("CreateChangeSet", "AlreadyExistsException", f"ChangeSet {ChangeSetName} already exists")
        before = (yaml.safe_load(stack["_template"]) if stack["_template"] else {}).get("Resources") or {}
        after = yaml.safe_load(TemplateBody)["Resources"]
        parameters = {row["ParameterKey"]: row["ParameterValue"] for row in more.get("Parameters") or []}
        tags = {row["Key"]: row["Value"] for row in more.get("Tags") or []}
        imported = {row["LogicalResourceId"] for row in more.get("ResourcesToImport") or []}
        changes = []
        for name in sorted(before.keys() | after.keys()):
            action = "Import" if name in imported else "Add" if name not in before else "Remove" if name not in after else "Modify"
            failed = stack["StackStatus"] == "CREATE_FAILED" and name in stack.get("_lacking", ())
            if action == "Modify" and failed:
                action = "Add"
            if action == "Modify" and before[name] == after[name] and parameters == stack["_parameters"]:
                continue
            row = {
                "Action": action,
                "LogicalResourceId": name,
                "ResourceType": (after.get(name) or before.get(name))["Type"],
                "Scope": ["Properties"],
                "Details": [],
            }
            if action == "Modify":
                replaced = (before[name].get("Properties") or {}).get("BucketName") != (after[name].get("Properties") or {}).get("BucketName")
                row["Replacement"] = "True" if replaced else "False"
            changes.append({"Type": "Resource", "ResourceChange": row})
        empty = not changes and tags == stack["_tags"]
        found = {
            "ChangeSetName": ChangeSetName,
            "ChangeSetId": f"arn:aws:cloudformation:{region}:{ACCOUNT}:changeSet/{ChangeSetName}/{self._now().timestamp():.0f}",
            "StackId": stack["StackId"],
            "Status": "FAILED" if empty else "CREATE_COMPLETE",
            "ExecutionStatus": "UNAVAILABLE" if empty else "AVAILABLE",
            "StatusReason": "The submitted information didn't contain changes. Submit different information to create a change set." if empty else "",
            "Changes": changes,
            "_kind": ChangeSetType,
            "_template": TemplateBody,
            "_parameters": parameters,
            "_tags": tags,
        }
        stack["_sets"][ChangeSetName] = found
        return {"Id": found["ChangeSetId"], "StackId": stack["StackId"]}

    def _set(self, region: str, stack: str, name: str, operation: str) -> dict[str, Any]:
        found = self._find(region, stack, operation)["_sets"].get(name)
        if found is None:
            raise refusal(operation, "ChangeSetNotFound", f"ChangeSet [{name}] does not exist", 404)
        return found

    def DescribeChangeSet(self, region: str, StackName: str, ChangeSetName: str, **_more: Any) -> dict[str, Any]:
        return dict(self._set(region, StackName, ChangeSetName, "DescribeChangeSet"))

    def DeleteChangeSet(self, region: str, StackName: str, ChangeSetName: str) -> None:
        self._find(region, StackName, "DeleteChangeSet")["_sets"].pop(ChangeSetName, None)

    def ExecuteChangeSet(self, region: str, StackName: str, ChangeSetName: str, ClientRequestToken: str, DisableRollback: bool = False) -> None:
        stack = self._find(region, StackName, "ExecuteChangeSet")
        wanted = self._set(region, StackName, ChangeSetName, "ExecuteChangeSet")
        kind = {"CREATE": "CREATE", "UPDATE": "UPDATE", "IMPORT": "IMPORT"}[wanted["_kind"]]
        stack["_sets"] = {}
        old = (stack["_template"], stack["_parameters"], stack["_tags"])
        stack |= {"_template": wanted["_template"], "_parameters": wanted["_parameters"], "_tags": wanted["_tags"], "ChangeSetId": wanted["ChangeSetId"]}
        resources = [row["ResourceChange"] for row in wanted["Changes"]]
        self._start(stack, kind, resources, ClientRequestToken, DisableRollback, old)

    def _start(
        self, stack: dict[str, Any], kind: str, resources: list[dict[str, Any]], token: str, keep: bool, old: tuple[str, dict, dict] | None = None
    ) -> None:
        stack["LastUpdatedTime"] = self._now()
        self._event(stack, token, f"{kind}_IN_PROGRESS", "User Initiated")
        stack["StackStatus"] = f"{kind}_IN_PROGRESS"
        todo: list[Callable[[], None]] = [lambda: None] * self.steps
        bad = next((row for row in resources if row["LogicalResourceId"] in self.broken), None)
        for row in resources:
            if row is not bad:
                todo.append(lambda row=row: self._event(stack, token, f"{kind}_COMPLETE", "", row))
        if bad is None:
            todo.append(lambda: self._finish(stack, token, f"{kind}_COMPLETE"))
        else:
            todo.append(lambda: self._event(stack, token, f"{kind}_FAILED", self.broken[bad["LogicalResourceId"]], bad))
            stack["_lacking"] = [bad["LogicalResourceId"]]
            back = {"CREATE": "ROLLBACK", "UPDATE": "UPDATE_ROLLBACK", "IMPORT": "IMPORT_ROLLBACK"}.get(kind, "")
            if keep or not back:
                todo.append(lambda: self._finish(stack, token, f"{kind}_FAILED"))
            else:
                todo.append(lambda: self._event(stack, token, f"{back}_IN_PROGRESS", f"The following resource(s) failed: [{bad['LogicalResourceId']}]"))
                todo.append(lambda: self._roll(stack, token, back, old))
        stack["_pending"] = todo

    def _roll(self, stack: dict[str, Any], token: str, back: str, old: tuple[str, dict, dict] | None) -> None:
        if self.stuck:
            self._finish(stack, token, f"{back}_FAILED")
            return
        if old:
            stack["_template"], stack["_parameters"], stack["_tags"] = old
        self._finish(stack, token, f"{back}_COMPLETE")

    def _finish(self, stack: dict[str, Any], token: str, status: str) -> None:
        self._event(stack, token, status, "")
        stack["StackStatus"] = status

    def _event(self, stack: dict[str, Any], token: str, status: str, reason: str, row: dict[str, Any] | None = None) -> None:
        now = self._now()
        name, kind = (row["LogicalResourceId"], row["ResourceType"]) if row else (stack["StackName"], STACK)
        physical = f"{name}-id" if row else stack["StackId"]
        event = {"EventId": f"{now.timestamp()}", "StackId": stack["StackId"], "StackName": stack["StackName"], "LogicalResourceId": name, "ResourceType": kind}
        event |= {"PhysicalResourceId": physical, "Timestamp": now, "ResourceStatus": status, "ResourceStatusReason": reason, "ClientRequestToken": token}
        stack["_events"].insert(0, event)

    def DescribeStackEvents(self, region: str, StackName: str, NextToken: str = "0") -> dict[str, Any]:
        stack = self._find(region, StackName, "DescribeStackEvents")
        if stack["_pending"] and NextToken == "0":
            stack["_pending"].pop(0)()
        begin = int(NextToken)
        page = {"StackEvents": stack["_events"][begin : begin + 4]}
        return page | ({"NextToken": str(begin + 4)} if len(stack["_events"]) > begin + 4 else {})

    def DeleteStack(self, region: str, StackName: str, ClientRequestToken: str, **_more: Any) -> None:
        stack = self._find(region, StackName, "DeleteStack")
        if stack["EnableTerminationProtection"]:
            raise refusal("DeleteStack", "ValidationError", f"Stack [{StackName}] cannot be deleted while TerminationProtection is enabled")
        body = yaml.safe_load(stack["_template"]) if stack["_template"] else {}
        rows = [{"LogicalResourceId": name, "ResourceType": one["Type"]} for name, one in (body.get("Resources") or {}).items()]
        self._start(stack, "DELETE", rows, ClientRequestToken, False)

    def ContinueUpdateRollback(self, region: str, StackName: str, ClientRequestToken: str, ResourcesToSkip: tuple[str, ...] = (), **_more: Any) -> None:
        stack = self._find(region, StackName, "ContinueUpdateRollback")
        left = self.stuck - set(ResourcesToSkip)
        stack["StackStatus"] = "UPDATE_ROLLBACK_IN_PROGRESS"
        self._event(stack, ClientRequestToken, "UPDATE_ROLLBACK_IN_PROGRESS", "User Initiated")
        end = "UPDATE_ROLLBACK_FAILED" if left else "UPDATE_ROLLBACK_COMPLETE"
        rows = [{"LogicalResourceId": name, "ResourceType": "AWS::S3::Bucket"} for name in sorted(left)]
        stack["_pending"] = [lambda row=row: self._event(stack, ClientRequestToken, "UPDATE_FAILED", "cannot go back", row) for row in rows]
        stack["_pending"].append(lambda: self._finish(stack, ClientRequestToken, end))

    def RollbackStack(self, region: str, StackName: str, ClientRequestToken: str, **_more: Any) -> None:
        self.ContinueUpdateRollback(region, StackName, ClientRequestToken)

    def DetectStackResourceDrift(self, region: str, StackName: str, LogicalResourceId: str) -> dict[str, Any]:
        return {"StackResourceDrift": {"ActualProperties": json.dumps(self.actual.get(LogicalResourceId, {}))}}

    def DetectStackDrift(self, region: str, StackName: str) -> dict[str, Any]:
        return {"StackDriftDetectionId": StackName}

    def DescribeStackDriftDetectionStatus(self, region: str, StackDriftDetectionId: str) -> dict[str, Any]:
        return {"DetectionStatus": "DETECTION_COMPLETE"}

    def _resources(self, region: str, name: str) -> dict[str, Any]:
        return yaml.safe_load(self._find(region, name, "ListStackResources")["_template"])["Resources"]

    def ListStackResources(self, region: str, StackName: str) -> dict[str, Any]:
        rows = [
            {"LogicalResourceId": name, "ResourceType": one["Type"], "PhysicalResourceId": f"{name}-id", "ResourceStatus": "CREATE_COMPLETE"}
            for name, one in self._resources(region, StackName).items()
        ]
        return {"StackResourceSummaries": rows}

    def DescribeStackResourceDrifts(self, region: str, StackName: str) -> dict[str, Any]:
        rows = []
        for name, one in self._resources(region, StackName).items():
            if one["Type"].startswith("AWS::CloudFormation"):
                continue
            differences = self.drift.get((StackName, name), [])
            status = "MODIFIED" if differences else "IN_SYNC"
            rows.append({"LogicalResourceId": name, "ResourceType": one["Type"], "StackResourceDriftStatus": status, "PropertyDifferences": differences})
        return {"StackResourceDrifts": rows}

    # RDS, STS and S3
    def ModifyDBInstance(self, region: str, DBInstanceIdentifier: str, **_more: Any) -> None:
        self.broken.pop(DBInstanceIdentifier.removesuffix("-id"), None)

    def GetCallerIdentity(self, region: str) -> dict[str, Any]:
        return {"Account": ACCOUNT, "Arn": f"arn:aws:iam::{ACCOUNT}:user/test"}

    def PutObject(self, region: str, Bucket: str, Key: str, Body: bytes, IfNoneMatch: str = "", IfMatch: str = "", **_more: Any) -> dict[str, Any]:
        there = self.objects.get(Key)
        if (IfNoneMatch and there) or (IfMatch and (not there or there[1] != IfMatch)):
            raise refusal("PutObject", "PreconditionFailed", "At least one of the pre-conditions you specified did not hold", 412)
        mark = hashlib.md5(Body + str(self._now()).encode(), usedforsecurity=False).hexdigest()
        self.objects[Key] = (Body, mark, datetime.datetime.now(datetime.UTC))
        return {"ETag": mark}

    def GetObject(self, region: str, Bucket: str, Key: str) -> dict[str, Any]:
        if Key not in self.objects:
            raise refusal("GetObject", "NoSuchKey", "The specified key does not exist.", 404)
        body, mark, modified = self.objects[Key]
        return {"Body": io.BytesIO(body), "ETag": mark, "LastModified": modified, "ResponseMetadata": {}}

    def DeleteObject(self, region: str, Bucket: str, Key: str) -> None:
        self.objects.pop(Key, None)


class Client:
    """One region's client; its methods are called as botocore's are."""

    def __init__(self, cloud: Cloud, region: str) -> None:
        self._cloud, self._region = cloud, region

    def __getattr__(self, method: str) -> Callable[..., dict[str, Any]]:
        operation = re.sub(r"(?:^|_)([a-z0-9])", lambda match: match[1].upper(), method).replace("Db", "DB")
        return lambda **arguments: self._cloud.do(self._region, operation, arguments)
