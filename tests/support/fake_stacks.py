# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fake CloudFormation on a free port of loopback, with resource handlers that keep their resources in memory."""

from __future__ import annotations

import contextlib
import json
import threading
import time
import urllib.request
from collections.abc import Iterator
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError
from fake_cloudformation.contract import Handler
from fake_cloudformation.contract import Made
from fake_cloudformation.contract import ResourceFailed
from fake_cloudformation.server import server

DONE = ("_COMPLETE", "_FAILED")


class Memory(Handler):
    """A resource type whose resources live in a dictionary; `calls` tells what was asked."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.live: dict[str, dict[str, Any]] = {}
        self.full: set[str] = set()
        self.calls: list[tuple[str, str]] = []

    def create(self, context: Any, logical_id: str, properties: dict[str, Any]) -> Made:
        physical = properties.get(self.name) or f"{context.stack_name}-{logical_id}-{len(self.calls)}".lower()
        self.calls.append(("create", physical))
        if physical in self.live:
            raise ResourceFailed("AlreadyExists", f"{physical} already exists")
        self.live[physical] = dict(properties)
        return self._made(physical)

    def update(self, context: Any, physical_id: str, before: dict[str, Any], after: dict[str, Any]) -> Made:
        self.calls.append(("update", physical_id))
        self.live[physical_id] = dict(after)
        return self._made(physical_id)

    def delete(self, context: Any, physical_id: str, properties: dict[str, Any]) -> None:
        self.calls.append(("delete", physical_id))
        if physical_id in self.full:
            raise ResourceFailed("GeneralServiceException", "The bucket you tried to delete is not empty")
        self.live.pop(physical_id, None)

    def read(self, context: Any, physical_id: str, properties: dict[str, Any]) -> dict[str, Any] | None:
        return self.live.get(physical_id)

    def _made(self, physical: str) -> Made:
        return Made(physical, {"Arn": f"arn:aws:s3:::{physical}", "TopicName": physical})


def refused(call: Any, **arguments: Any) -> tuple[str, str]:
    """Code and words of the error that a call must give."""
    try:
        call(**arguments)
    except ClientError as error:
        return error.response["Error"]["Code"], error.response["Error"]["Message"]
    raise AssertionError("it was not refused")


class Fake:
    def __init__(self, port: int, handlers: dict[str, Memory]) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.handlers = handlers
        self.api = self.client("cloudformation")

    def client(self, service: str, region: str = "us-east-1", key: str = "test") -> Any:
        return boto3.session.Session().client(
            service,
            region_name=region,
            endpoint_url=self.url,
            config=Config(retries={"total_max_attempts": 1}),
            aws_access_key_id=key,
            aws_secret_access_key="test",  # noqa: S106 - no secret
        )

    def control(self, what: str, body: Any = None) -> Any:
        data = None if what == "state" else json.dumps(body if body is not None else {}).encode()
        with urllib.request.urlopen(urllib.request.Request(f"{self.url}/fake-cloudformation/{what}", data), timeout=10) as answer:
            return json.load(answer)

    def reset(self) -> None:
        self.control("reset")
        for handler in self.handlers.values():
            handler.live.clear()
            handler.full.clear()
            handler.calls.clear()

    def status(self, stack: str) -> str:
        return self.api.describe_stacks(StackName=stack)["Stacks"][0]["StackStatus"]

    def wait(self, stack: str, until: tuple[str, ...] = DONE, seconds: float = 20) -> str:
        """The status that ends the operation (or one of `until`); fails after some seconds."""
        end = time.monotonic() + seconds
        while True:
            status = self.status(stack)
            if status.endswith(until):
                return status
            assert time.monotonic() < end, f"{stack} is still {status}"
            time.sleep(0.01)

    def change_set(self, stack: str, template: Any, **more: Any) -> dict[str, Any]:
        """A change set called `one`, once it is made or failed."""
        body = template if isinstance(template, str) else json.dumps(template)
        made = self.api.create_change_set(StackName=stack, ChangeSetName=more.pop("name", "one"), TemplateBody=body, **more)
        end = time.monotonic() + 20
        while True:
            found = self.api.describe_change_set(ChangeSetName=made["Id"], IncludePropertyValues=True)
            if found["Status"] in ("CREATE_COMPLETE", "FAILED"):
                return found
            assert time.monotonic() < end, found["Status"]
            time.sleep(0.01)

    def deploy(self, stack: str, template: Any, **more: Any) -> str:
        """Create or update and wait; the status at the end."""
        body = template if isinstance(template, str) else json.dumps(template)
        known = [one for one in self.api.describe_stacks()["Stacks"] if one["StackName"] == stack]
        (self.api.update_stack if known else self.api.create_stack)(StackName=stack, TemplateBody=body, **more)
        return self.wait(stack)

    def events(self, stack: str) -> list[tuple[str, str, str]]:
        """(logical id, status, reason), oldest first."""
        pages = self.api.get_paginator("describe_stack_events").paginate(StackName=stack)
        found = [event for page in pages for event in page["StackEvents"]]
        return [(event["LogicalResourceId"], event["ResourceStatus"], event.get("ResourceStatusReason", "")) for event in reversed(found)]


@contextlib.contextmanager
def fake_stacks() -> Iterator[Fake]:
    handlers = {"AWS::S3::Bucket": Memory("BucketName"), "AWS::SNS::Topic": Memory("TopicName"), "AWS::SSM::Parameter": Memory("Name")}
    made = server("127.0.0.1", 0, handlers.get)
    thread = threading.Thread(target=made.serve_forever, daemon=True)
    thread.start()
    try:
        yield Fake(made.server_port, handlers)
    finally:
        made.shutdown()
        thread.join()
        made.server_close()
