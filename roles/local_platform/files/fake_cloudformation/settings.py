# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What tests and scenarios may set from outside, see `control`."""

from __future__ import annotations

import fnmatch
import threading
from dataclasses import dataclass
from dataclasses import field
from typing import Any


@dataclass
class Settings:
    """Seconds are per resource type with `default`, `actions` per asynchronous action (CreateChangeSet, DetectStackDrift)."""

    seconds: dict[str, float] = field(default_factory=dict)
    seconds_update: dict[str, float] = field(default_factory=dict)
    seconds_delete: dict[str, float] = field(default_factory=dict)
    actions: dict[str, float] = field(default_factory=dict)
    page_size: int = 100
    # Types that can be once in an account and region, besides those whose schema says so.
    singletons: list[str] = field(default_factory=list)
    # Domain names whose certificates somebody has validated outside; shell patterns.
    validated_domains: list[str] = field(default_factory=list)
    quotas: dict[str, int] = field(default_factory=dict)
    unreachable: list[str] = field(default_factory=list)
    faults: list[dict[str, Any]] = field(default_factory=list)
    throttles: list[dict[str, Any]] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def lasting(self, kind: str, operation: str) -> float:
        """Seconds that a create, update or delete of a resource type takes."""
        table = {"create": self.seconds, "update": self.seconds_update, "delete": self.seconds_delete}[operation]
        return float(table.get(kind, table.get("default", 0)))

    def fault(self, stack: str, resource: str, kind: str, operations: set[str]) -> dict[str, Any] | None:
        """The first fault that meets this resource and operation; it is used up."""

        def meets(fault: dict[str, Any]) -> bool:
            return (
                fault.get("on", "create") in operations
                and fnmatch.fnmatchcase(stack, fault.get("stack", "*"))
                and fnmatch.fnmatchcase(resource, fault.get("resource", "*"))
                and fnmatch.fnmatchcase(kind, fault.get("type", "*"))
            )

        return self._used(self.faults, meets)

    def throttle(self, action: str) -> dict[str, Any] | None:
        return self._used(self.throttles, lambda throttle: fnmatch.fnmatchcase(action, throttle.get("action", "*")))

    def _used(self, rules: list[dict[str, Any]], meets: Any) -> dict[str, Any] | None:
        """A rule's `times` counts down, default 1; negative is for ever."""
        with self._lock:
            for rule in rules:
                left = rule.get("times", 1)
                if left != 0 and meets(rule):
                    rule["times"] = left - 1 if left > 0 else left
                    return rule
        return None
