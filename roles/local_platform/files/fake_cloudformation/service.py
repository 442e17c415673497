# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What all parts share: the world, clients of this very server, the handlers of resource types."""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field
from typing import Any

import boto3
from botocore.config import Config

from fake_cloudformation.contract import Context
from fake_cloudformation.contract import Handler
from fake_cloudformation.desired import Sources
from fake_cloudformation.model import Place
from fake_cloudformation.model import Stack
from fake_cloudformation.model import World

# One try: what fails here is to be seen as the resource's failure.
CONFIG = Config(retries={"total_max_attempts": 1}, user_agent_extra="fake-cloudformation", s3={"addressing_style": "path"}, proxies={})


class Clients:
    """boto3 clients of this server. moto knows the account by the access key, so the asking one's key is used on."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._lock = threading.Lock()

    def __call__(self, place: Place, service: str) -> Any:
        # boto3's sessions are not safe to share between threads, its clients are.
        with self._lock:
            return self._made(place.access_key, place.region, service)

    @functools.lru_cache(maxsize=512)  # noqa: B019 - as long-lived as the process
    def _made(self, access_key: str, region: str, service: str) -> Any:
        keys = {"aws_access_key_id": access_key, "aws_secret_access_key": "fake", "aws_session_token": "fake"}
        return boto3.session.Session().client(service, region_name=region, endpoint_url=self._url, config=CONFIG, **keys)


@dataclass
class Service:
    world: World
    clients: Callable[[Place, str], Any]
    handler_of: Callable[[str], Handler | None]
    sources: Sources = field(init=False)

    def __post_init__(self) -> None:
        self.sources = Sources(self.clients)

    def context(self, stack: Stack, place: Place, tags: dict[str, str]) -> Context:
        return Context(place.region, place.account, stack.id, stack.name, dict(tags), lambda service: self.clients(place, service))
