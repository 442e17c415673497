# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Small graphs of stacks, and runs of them against the scripted cloud."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml

from ansible_collections.llmops.platform.plugins.module_utils._stacks.calls import Calls
from ansible_collections.llmops.platform.plugins.module_utils._stacks.keeping import Who
from ansible_collections.llmops.platform.plugins.module_utils._stacks.running import Run
from tests.support.scripted_cloud import ACCOUNT
from tests.support.scripted_cloud import Cloud

REGION = "us-east-1"
GUARDS = {"DeletionPolicy": "RetainExceptOnCreate", "UpdateReplacePolicy": "Retain"}


def template(resources: dict[str, Any], parameters: tuple[str, ...] = (), outputs: dict[str, Any] | None = None) -> str:
    body: dict[str, Any] = {"AWSTemplateFormatVersion": "2010-09-09", "Resources": resources}
    if parameters:
        body["Parameters"] = {name: {"Type": "String"} for name in parameters}
    if outputs:
        body["Outputs"] = {name: {"Value": value} for name, value in outputs.items()}
    # Each part of its own: templates have no anchors.
    return yaml.safe_dump(json.loads(json.dumps(body)), sort_keys=True)


def topic(name: str = "news", **properties: Any) -> dict[str, Any]:
    return {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": name, **properties}}


def bucket(name: str) -> dict[str, Any]:
    return {"Type": "AWS::S3::Bucket", **GUARDS, "Properties": {"BucketName": name}}


def stack(name: str, text: str = "", region: str = REGION, **more: Any) -> dict[str, Any]:
    text = text or template({"Topic": topic()}, outputs={"TopicArn": {"Ref": "Topic"}})
    return {f"{region}/{name}": {"name": name, "region": region, "account": ACCOUNT, "template": text, "tags": {"platform": "test"}, **more}}


def dependent(name: str, on: str, region: str = REGION, **more: Any) -> dict[str, Any]:
    """A stack that needs the output TopicArn of another one, by its key."""
    text = template({"Topic": topic({"Ref": "Arn"})}, ("Arn",), {"TopicArn": {"Ref": "Topic"}})
    return stack(name, text, region, parameters={"Arn": {"stack": on, "output": "TopicArn"}}, **more)


A, B, C = f"{REGION}/a", f"{REGION}/b", f"{REGION}/c"
CHAIN = stack("a") | dependent("b", A) | dependent("c", B)


def actions(result: dict[str, Any]) -> dict[str, str]:
    """What a run did to each stack, by its name."""
    return {key.split("/")[1]: row["action"] for key, row in result["stacks"].items()}


class Machine:
    """A machine that starts runs: its state directory, and which of its runs still live."""

    def __init__(self, cloud: Cloud, directory: Path) -> None:
        self.cloud, self.directory = cloud, directory
        self.said: list[str] = []
        self.calls: Calls | None = None
        self.dead: set[str] = set()

    def new(self, graph: dict[str, Any], name: str = "ann", known: frozenset[str] = frozenset(), **more: Any) -> Run:
        defaults: dict[str, Any] = {"state": "present", "wait_for": "", "state_bucket": None, "state_directory": str(self.directory), "deployment": "hub/dev"}
        defaults |= {"allow": {}, "imports": {}, "unreachable_regions": [], "poll_seconds": 0.01, "timeout_minutes": 0.0, "parallel": 8}
        self.calls = Calls(client_of=self.cloud.client, sleep=lambda _seconds: None)
        who = Who({"user": name, "pid": 1}, lambda holder: holder["user"] in self.dead, lambda holder: f"{holder['user']}@bastion")
        return Run({**defaults, "stacks": graph, **more}, self.calls, who, self.said.append, set(known))

    def run(self, graph: dict[str, Any], check: bool = False, **more: Any) -> dict[str, Any]:
        return self.new(graph, **more).run(check)
