# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The life of one resource of the fake CloudFormation, against a moto server in a thread."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import cache
from typing import Any

import boto3
from botocore.config import Config
from fake_cloudformation import moto_patches
from fake_cloudformation.contract import Context
from fake_cloudformation.contract import Made
from fake_cloudformation.resources import handler_of
from moto.server import ThreadedMotoServer

ACCOUNT = "123456789012"
CREDENTIALS = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}
# An error inside moto stays one; waiting for another answer only costs time.
ONCE = Config(retries={"total_max_attempts": 1})
STACK = "demo-test-network"
STACK_ID = f"arn:aws:cloudformation:us-east-1:{ACCOUNT}:stack/{STACK}/0c5b8a1e-0000-4000-8000-000000000001"


def same(found: Any, wanted: dict[str, Any]) -> None:
    """What is read is what was declared; else the properties that differ are named."""
    found = found or {}
    different = {key: (found.get(key), wanted.get(key)) for key in found.keys() | wanted.keys() if found.get(key) != wanted.get(key)}
    assert not different, f"read, declared: {different}"


class World:
    """A server, a stack's context, and shortcuts to the handlers."""

    def __init__(self, region: str = "us-east-1") -> None:
        moto_patches.apply()
        self.server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
        logging.getLogger("werkzeug").setLevel(logging.WARNING)
        self.server.start()
        host, port = self.server.get_host_and_port()
        self.url = f"http://{host}:{port}"
        self.client = cache(lambda service, region=region: self._client(service, region))
        self.context = Context(region, ACCOUNT, STACK_ID, STACK, {"platform": "demo", "owner": "team-a"}, self.client)

    @classmethod
    def beside(cls, other: World, region: str) -> World:
        """The same server in another region."""
        world = cls.__new__(cls)
        world.url = other.url
        world.client = cache(lambda service, region=region: world._client(service, region))
        world.context = Context(region, ACCOUNT, STACK_ID, STACK, other.context.tags, world.client)
        return world

    def _client(self, service: str, region: str) -> Any:
        return boto3.client(service, region, endpoint_url=self.url, config=ONCE, **CREDENTIALS)

    def stop(self) -> None:
        self.server.stop()

    def make(self, type_name: str, logical_id: str = "Thing", **properties: Any) -> Made:
        handler = handler_of(type_name)
        assert handler is not None, f"{type_name} is a record"
        return handler.create(self.context, logical_id, properties)

    def read(self, type_name: str, made: Made, properties: dict[str, Any]) -> dict[str, Any] | None:
        return handler_of(type_name).read(self.context, made.physical_id, properties)

    def update(self, type_name: str, made: Made, before: dict[str, Any], after: dict[str, Any]) -> Made:
        return handler_of(type_name).update(self.context, made.physical_id, before, after)

    def delete(self, type_name: str, made: Made, properties: dict[str, Any] | None = None) -> None:
        handler_of(type_name).delete(self.context, made.physical_id, properties or {})

    def live(
        self,
        type_name: str,
        before: dict[str, Any],
        after: dict[str, Any] | None = None,
        outside: Callable[[Made], Any] | None = None,
        seen: Callable[[Made], Any] | None = None,
        drifted: str = "",
        attributes: tuple[str, ...] = (),
    ) -> Made:
        """Creates, reads, updates in place, sees a change from outside, deletes twice. `seen` asserts by a client of its own after creation
        and, with what it was called for, after the update."""
        made = self.make(type_name, **before)
        assert set(made.attributes) >= set(attributes), made
        same(self.read(type_name, made, before), before)
        if seen:
            seen(made)
        if after is not None:
            updated = self.update(type_name, made, before, after)
            assert updated.physical_id == made.physical_id
            same(self.read(type_name, made, after), after)
        last = before if after is None else after
        if outside:
            outside(made)
            found = self.read(type_name, made, last)
            assert found is not None
            assert found.get(drifted) != last[drifted], f"{drifted} reads as declared after a change from outside"
            same({key: item for key, item in found.items() if key != drifted}, {key: item for key, item in last.items() if key != drifted})
        self.delete(type_name, made, last)
        assert self.read(type_name, made, last) is None
        self.delete(type_name, made, last)
        return made
