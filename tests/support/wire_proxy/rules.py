# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which calls are treated how. All rules of a call count it; delays add up, and of the rest the first that is due acts."""

from __future__ import annotations

import re
import threading
from dataclasses import asdict
from dataclasses import dataclass
from dataclasses import fields
from typing import Any

from tests.support.wire_proxy.calls import Call

DEEDS = ("delay", "throttle", "status", "reset", "reset_mid_body", "drop_answer_after_effect")


@dataclass
class Rule:
    """`path`, `body` and `user_agent` are searched for as regular expressions, the others compared; what is left out matches all.

    `nth`: the matching call or calls it acts on, from 1. `every`: each so many. Neither: each. `seconds`: of a delay. `code`: of a throttle, as the
    service spells it. `status`: an HTTP status to answer with. `after_bytes`: of the answer's body, before it is broken off (default: half of it).
    """

    do: str
    method: str | None = None
    path: str | None = None
    service: str | None = None
    action: str | None = None
    region: str | None = None
    user_agent: str | None = None
    body: str | None = None
    nth: int | list[int] | None = None
    every: int | None = None
    seconds: float = 0.0
    code: str = "Throttling"
    status: int = 500
    after_bytes: int | None = None
    seen: int = 0
    acted: int = 0

    def __post_init__(self) -> None:
        if self.do not in DEEDS:
            raise ValueError(f"a rule does {', '.join(DEEDS)}, not {self.do!r}")
        if self.nth is not None and self.every is not None:
            raise ValueError("a rule acts on the nth calls or on every so many, not on both")
        for pattern in (self.path, self.body, self.user_agent):
            re.compile(pattern or "")

    def matches(self, call: Call) -> bool:
        """Whether the call is of those this rule counts."""
        compared = (self.method, call.method), (self.service, call.service), (self.action, call.action), (self.region, call.region)
        searched = (self.path, call.path), (self.body, call.body), (self.user_agent, call.user_agent)
        return all(wanted in (None, found) for wanted, found in compared) and all(pattern is None or re.search(pattern, text) for pattern, text in searched)

    def due(self) -> bool:
        """Count one more call. Whether the rule acts on it."""
        self.seen += 1
        turns = [self.nth] if isinstance(self.nth, int) else self.nth
        now = self.seen in turns if turns is not None else self.seen % (self.every or 1) == 0
        self.acted += now
        return now


class Rules:
    """The rules in force; safe to change while calls come in."""

    def __init__(self) -> None:
        self._rules: list[Rule] = []
        self._lock = threading.Lock()

    def add(self, **rule: Any) -> Rule:
        """See `Rule`. Raises ValueError for what is no rule."""
        if unknown := set(rule) - {field.name for field in fields(Rule)} | ({"do"} - set(rule)):
            raise ValueError(f"a rule has do={'|'.join(DEEDS)} and no more than its known words: {', '.join(sorted(unknown))}")
        made = Rule(**rule)
        with self._lock:
            self._rules.append(made)
        return made

    def remove(self, rule: Rule) -> None:
        """It acts no more."""
        with self._lock:
            self._rules = [other for other in self._rules if other is not rule]

    def clear(self) -> None:
        """Forget all rules."""
        with self._lock:
            self._rules = []

    def rows(self) -> list[dict[str, Any]]:
        """The rules, with how many calls each one saw and acted on."""
        with self._lock:
            return [asdict(rule) for rule in self._rules]

    def of(self, call: Call) -> tuple[float, Rule | None]:
        """Seconds to wait first, and the rule that acts then."""
        with self._lock:
            due = [rule for rule in self._rules if rule.matches(call) and rule.due()]
        others = [rule for rule in due if rule.do != "delay"]
        return sum(rule.seconds for rule in due if rule.do == "delay"), others[0] if others else None
