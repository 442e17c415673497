# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""All calls of AWS that aws_stacks makes go through here: one client per service and region, tried again, counted, bounded in number."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._aws import session as aws
from ansible_collections.llmops.platform.plugins.module_utils._stacks import retrying

try:
    import botocore.config
    import botocore.exceptions
    import botocore.parsers
    import yaml
except ImportError:
    botocore = None
    yaml = None

READING = ("Describe", "Detect", "Get", "Head", "List", "Validate")
# With a mean wait of half the ceiling nine tries last a good half minute, which outlives CloudFormation's own bucket of calls.
TRIES = 9
# A region that never answered is given up sooner.
FIRST_TRIES = 3


def version() -> str:
    """The collection's version, from galaxy.yml of a checkout or MANIFEST.json of an installation."""
    root = Path(__file__).resolve().parents[3]
    for name in ("MANIFEST.json", "galaxy.yml"):
        if (root / name).exists():
            found = yaml.safe_load((root / name).read_text(encoding="utf-8"))
            return str((found.get("collection_info") or found).get("version", "0"))
    return "0"


class Calls:
    """Made after the fork; used by many threads. `client_of(service, region)` is given by tests only."""

    def __init__(
        self, session: Any = None, parallel: int = 10, timeout: float = 60.0, client_of: Any = None, sleep: Callable[[float], Any] = time.sleep
    ) -> None:
        self._session = session
        self._parallel, self._timeout = parallel, timeout
        self._client_of = client_of or self._new_client
        self._sleep = sleep
        self._clients: dict[tuple[str, str], Any] = {}
        self._lock = threading.RLock()
        self._slots = threading.BoundedSemaphore(parallel)
        self._answered: set[str] = set()
        self._generation = 0
        self.calls = 0
        self.mutating_calls = 0
        self.retries = 0

    def _new_client(self, service: str, region: str) -> Any:
        config = botocore.config.Config(
            connect_timeout=5,
            read_timeout=self._timeout,
            # Tried again here, where it is counted.
            retries={"total_max_attempts": 1, "mode": "standard"},
            user_agent_extra=f"llmops.platform/{version()}",
            max_pool_connections=self._parallel + 2,
        )
        try:
            return self._session.create_client(service, region_name=region, config=config)
        except (botocore.exceptions.BotoCoreError, ValueError) as error:
            raise retrying.Unreachable(
                f"a client of {service}", region, type(error).__name__, str(error), "correct the region's name, or update boto3"
            ) from error

    def _client(self, service: str, region: str) -> Any:
        with self._lock:
            if (service, region) not in self._clients:
                self._clients[service, region] = self._client_of(service, region)
            return self._clients[service, region]

    def __call__(self, region: str, operation: str, service: str = "cloudformation", tries: int = 0, **arguments: Any) -> dict[str, Any]:
        """One operation by its name in AWS' documents. Raises CallError, or Unreachable where the region gave no answer."""
        attempt = 0
        renewed = False
        method = botocore.xform_name(operation)
        while True:
            attempt += 1
            generation = self._generation
            try:
                with self._slots:
                    self._count(operation)
                    answer = getattr(self._client(service, region), method)(**arguments)
                self._answered.add(region)
                return answer
            except (botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError, botocore.parsers.ResponseParserError) as error:
                if retrying.is_expired(error) and not renewed and self._renew(generation):
                    renewed = True
                    continue
                often = tries or (TRIES if region in self._answered or not retrying.is_silent(error) else FIRST_TRIES)
                if not retrying.is_transient(error) or attempt >= often:
                    raise retrying.described(error, service, operation, region, attempt) from error
            self.retries += 1
            self._sleep(retrying.wait_before(attempt, random.random))

    def pages(self, region: str, operation: str, result: str, service: str = "cloudformation", **arguments: Any) -> Iterator[dict[str, Any]]:
        """The items of all pages."""
        token: dict[str, str] = {}
        while True:
            answer = self(region, operation, service, **arguments, **token)
            yield from answer.get(result) or []
            if not answer.get("NextToken"):
                return
            token = {"NextToken": answer["NextToken"]}

    def _count(self, operation: str) -> None:
        with self._lock:
            self.calls += 1
            self.mutating_calls += not operation.startswith(READING)

    def _renew(self, generation: int) -> bool:
        """Look for credentials that somebody has renewed meanwhile, for example by logging in again. Whether there are other ones."""
        if self._session is None:
            return False
        with self._lock:
            if generation != self._generation:
                return True
            fresh = aws.new_session()
            try:
                before, after = self._session.get_credentials(), fresh.get_credentials()
                # What botocore renews by itself it renews here.
                keys = [found and found.get_frozen_credentials().token for found in (before, after)]
            except (botocore.exceptions.BotoCoreError, RuntimeError):
                return False
            if not keys[1] or keys[0] == keys[1]:
                return False
            self._session, self._clients = fresh, {}
            self._generation += 1
            return True
