# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The phases of a run: one line when each begins, a table at the end."""

from __future__ import annotations

DOCUMENTATION = r"""
name: phases
type: aggregate
short_description: Phases of a run, and what of it was simulated
version_added: 1.0.0
author: llmops.platform contributors (@llmops)
description:
  - Says which phase of how many begins, and ends a run with a table of phase, hosts, changed, failed and seconds.
  - A phase is a play; plays of one name that follow each other are one phase.
  - Lists below the table what was simulated, as far as a role's result says so.
requirements:
  - Enabled in the configuration by C(callbacks_enabled).
"""

import time
from dataclasses import dataclass
from dataclasses import field
from typing import Any

from ansible.plugins.callback import CallbackBase


@dataclass
class Phase:
    """One phase and its counts."""

    name: str
    began: float
    seconds: float = 0.0
    changed: int = 0
    failed: int = 0
    hosts: set[str] = field(default_factory=set)


def table(phases: list[Phase]) -> list[str]:
    """Lines of a table: phase, hosts, changed, failed, seconds."""
    head = ("phase", "hosts", "changed", "failed", "seconds")
    rows = [(phase.name, str(len(phase.hosts)), str(phase.changed), str(phase.failed), f"{phase.seconds:.1f}") for phase in phases]
    total = ("total", "", str(sum(p.changed for p in phases)), str(sum(p.failed for p in phases)), f"{sum(p.seconds for p in phases):.1f}")
    widths = [max(len(row[column]) for row in (head, *rows, total)) for column in range(len(head))]

    def line(row: tuple[str, ...]) -> str:
        return "  ".join([row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]).rstrip()

    rule = "  ".join("-" * width for width in widths)
    return [line(head), rule, *(line(row) for row in rows), rule, line(total)]


def simulated_lines(simulated: dict[tuple[str, str], set[str]], everywhere: int) -> list[str]:
    """`{(thing, sentence): hosts}` as lines; the hosts are named only where not all are concerned."""
    return [
        f"simulated: {thing} - {sentence}" + ("" if len(hosts) == everywhere else f" ({', '.join(sorted(hosts))})")
        for (thing, sentence), hosts in sorted(simulated.items())
    ]


class CallbackModule(CallbackBase):
    """Counts while the run goes on, prints when it ends."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "llmops.platform.phases"
    CALLBACK_NEEDS_ENABLED = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._phases: list[Phase] = []
        self._simulated: dict[tuple[str, str], set[str]] = {}
        self._names: list[str] = []
        self._check = False

    def v2_playbook_on_start(self, playbook: Any) -> None:
        names = [play.get_name().strip() for play in playbook.get_plays()]
        self._names = [name for number, name in enumerate(names) if number == 0 or names[number - 1] != name]

    def v2_playbook_on_play_start(self, play: Any) -> None:
        name = play.get_name().strip()
        self._check = bool(play.check_mode)
        self._end_phase()
        if self._phases and self._phases[-1].name == name:
            self._phases[-1].began = time.monotonic() - self._phases[-1].seconds
            return
        self._phases.append(Phase(name, time.monotonic()))
        place = f"{self._names.index(name) + 1}/{len(self._names)}" if name in self._names else "?"
        if len(self._names) > 1:
            self._display.display(f"[phase {place}] {name}", color="bright blue")

    def _end_phase(self) -> None:
        if self._phases:
            self._phases[-1].seconds = time.monotonic() - self._phases[-1].began

    def _count(self, result: Any, changed: int = 0, failed: int = 0) -> None:
        if not self._phases:
            return
        phase = self._phases[-1]
        host = result.host.get_name() if hasattr(result, "host") else result._host.get_name()
        phase.hosts.add(host)
        phase.changed += changed
        phase.failed += failed

    def v2_runner_on_ok(self, result: Any) -> None:
        content = result.result if hasattr(result, "result") else result._result
        self._count(result, changed=int(bool(content.get("changed"))))
        host = result.host.get_name() if hasattr(result, "host") else result._host.get_name()
        for name, fact in (content.get("ansible_facts") or {}).items():
            if name.endswith("_result") and isinstance(fact, dict):
                for thing, sentence in (fact.get("simulated") or {}).items():
                    self._simulated.setdefault((str(thing), str(sentence)), set()).add(host)

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:
        self._count(result, failed=int(not ignore_errors))

    def v2_runner_on_unreachable(self, result: Any) -> None:
        self._count(result, failed=1)

    def v2_playbook_on_stats(self, stats: Any) -> None:
        # Of several playbooks in one run the table at each end covers all so far.
        self._end_phase()
        if len(self._phases) < 2 and not self._simulated:
            return
        lines = ["", *table(self._phases), *simulated_lines(self._simulated, len(stats.processed))]
        if self._check:
            lines.append("check mode: nothing was changed; `changed` counts what a run would change")
        for text in lines:
            self._display.display(text)
