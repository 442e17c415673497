# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One operation on a stack: a thread that walks the resources by their dependencies, side by side where it may, and ends in a state."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from collections.abc import Iterable
from concurrent.futures import FIRST_COMPLETED
from concurrent.futures import Future
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import wait
from typing import Any

from fake_cloudformation import schemas
from fake_cloudformation.contract import Context
from fake_cloudformation.contract import ResourceFailed
from fake_cloudformation.model import Place
from fake_cloudformation.model import Resource
from fake_cloudformation.model import Stack
from fake_cloudformation.service import Service
from fake_cloudformation.steps import Cancelled
from fake_cloudformation.steps import Failed

LOG = logging.getLogger("fake_cloudformation")
SIDE_BY_SIDE = 24
MINUTE = 60.0


class Abandoned(Exception):
    """Another operation takes the stack over, or the world was reset: write nothing more."""


class Operation:
    def __init__(self, service: Service, stack: Stack, place: Place, token: str | None = None) -> None:
        self.service = service
        self.world = service.world
        self.stack = stack
        # The caller's key goes along, the rest is the stack's.
        self.place = place
        self.token = token
        self.thread: threading.Thread | None = None
        # What an update tried and did not reach, by logical id.
        self.tried: dict[str, dict[str, Any]] = {}
        self.ended: Callable[[], None] | None = None
        self._before: Operation | None = stack.operation
        self._stop = threading.Event()
        self._abandoned = False
        self._deadline: float | None = None

    @property
    def context(self) -> Context:
        return self.service.context(self.stack, self.place, self.stack.desired.tags)

    def type_of(self, name: str) -> schemas.ResourceType:
        kind = schemas.type_of(self.place.region, name)
        if kind is None:
            raise ResourceFailed("InvalidRequest", f"Unrecognized resource type {name}")
        return kind

    def start(self, work: Callable[[], None], timeout_minutes: int | None = None) -> None:
        self._deadline = time.monotonic() + timeout_minutes * MINUTE if timeout_minutes else None
        self.stack.operation = self
        self.thread = threading.Thread(target=self._run, args=(work,), daemon=True, name=f"stack {self.stack.name}")
        self.thread.start()

    def _run(self, work: Callable[[], None]) -> None:
        if self._before and self._before.thread:
            self._before.thread.join()
        try:
            work()
        except Abandoned:
            return
        except Exception:
            LOG.exception("The operation on %s failed by itself", self.stack.name)
            failed = self.stack.status.removesuffix("_IN_PROGRESS").removesuffix("_COMPLETE_CLEANUP") + "_FAILED"
            self.world.event(self.stack, self.token, failed, "Internal Failure")
        if self.ended:
            self.ended()

    def cancel(self) -> None:
        self._stop.set()

    def abandon(self) -> None:
        self._abandoned = True
        self._stop.set()

    def go_on(self) -> None:
        """A rollback is not stopped by what stopped the way there."""
        if self._abandoned:
            raise Abandoned
        self._stop = threading.Event()
        self._deadline = None

    @property
    def stopped(self) -> bool:
        return self._stop.is_set()

    def pause(self, seconds: float) -> None:
        """Let time pass. Raises Cancelled where the operation is stopped meanwhile."""
        left = seconds if self._deadline is None else min(seconds, self._deadline - time.monotonic())
        if self._stop.wait(max(left, 0)) or (self._deadline is not None and time.monotonic() >= self._deadline):
            raise Cancelled

    def say(self, status: str, reason: str | None = None, resource: Resource | None = None) -> None:
        with self.world.lock:
            if self._abandoned and resource is None:
                raise Abandoned
            self.world.event(self.stack, self.token, status, reason, resource)

    def meet_fault(self, resource: Resource, *operations: str) -> None:
        fault = self.world.settings.fault(self.stack.name, resource.logical_id, resource.type, set(operations))
        if fault:
            raise ResourceFailed(fault.get("code", "GeneralServiceException"), fault.get("message", "The fault that was asked for"))

    def walk(self, waits: dict[str, set[str]], step: Callable[[str], None], stop_at_failure: bool) -> list[str]:
        """Do the step for each name once those it waits for are done; the names that failed, in order.

        A failure holds back what waits for it. With `stop_at_failure` it also stops all the rest.
        """
        left = {name: needs & set(waits) for name, needs in waits.items()}
        running: dict[Future[None], str] = {}
        done: set[str] = set()
        failed: list[str] = []
        with ThreadPoolExecutor(max_workers=max(1, min(len(left), SIDE_BY_SIDE))) as pool:
            while left or running:
                halted = self.stopped or (failed and stop_at_failure)
                for name in [] if halted else [name for name, needs in left.items() if needs <= done]:
                    del left[name]
                    running[pool.submit(step, name)] = name
                if not running:
                    break
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    name = running.pop(future)
                    error = future.exception()
                    if error is None:
                        done.add(name)
                    elif isinstance(error, Failed):
                        failed.append(name)
                        if stop_at_failure:
                            self.cancel()
                    else:
                        raise error
        if self._abandoned:
            raise Abandoned
        return failed


def reversed_waits(resources: Iterable[Resource]) -> dict[str, set[str]]:
    """For deletions: each waits for those that depend on it."""
    found = {resource.logical_id: set() for resource in resources}
    for resource in resources:
        for name in resource.depends_on & set(found):
            found[name].add(resource.logical_id)
    return found
