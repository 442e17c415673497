# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Waits at one stage of a release until there is a decision: by the figures, by a person, or by the clock.

Decisions: `go_on`, `roll_back`, `hold` (for a person, with the reason), `stop` (asked for; the run ends well).
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from pathlib import Path
from typing import Any

PROGRESS_EVERY = 10.0


@dataclass
class Watch:
    """One wait. `look` judges once: it takes the state and returns {verdict, final, reason, state, ...}."""

    stage: str
    every: float
    hold: float = 0.0
    deadline: float = 0.0
    on_deadline: str = "hold"
    needs: str = "no_harm"
    least: int = 200
    gate: Mapping[str, Any] = field(default_factory=dict)
    until: str = ""
    look: Callable[[dict[str, Any]], dict[str, Any]] | None = None

    def wait(
        self,
        read: Callable[[], dict[str, Any]],
        write: Callable[..., Any],
        *,
        clock: Callable[[], float],
        sleep: Callable[[float], None],
        say: Callable[[str], Any],
    ) -> tuple[str, str]:
        """(decision, reason). `read` and `write` are the release's record; `clock` is Unix time in seconds."""
        if not (self.look or self.gate or self.until):
            return "go_on", "there is nothing to judge by"
        record = read()
        # A resumed stage goes on with the time it had, so that a killed run neither shortens nor repeats it.
        begun = float(record.get("stage_begun") or clock()) if record.get("stage_watched") == self.stage else clock()
        taken_up = record.get("stage_stopped") == self.stage
        write({"stage_watched": self.stage, "stage_begun": begun, "stage_stopped": None})
        said = 0.0
        while True:
            record = {**read(), "taken_up": taken_up}
            decided = self._asked(record) or self._by_person(record, clock() - begun) or self._by_clock(clock())
            if decided:
                break
            words = self._waiting_for(clock())
            if self.look:
                seen = self.look({"analysis": record.get("analysis"), "since": begun})
                requests = requests_of(seen)
                before = int(record.get("stage_requests") or 0) if record.get("stage_requests") else requests
                write({"analysis": seen["state"], "verdict": seen["verdict"], "stage_requests": before})
                seen = {**seen, "enough": seen["verdict"] != "roll_back" and usable(seen) and requests - before >= self.least}
                words = seen["reason"]
                decided = self._by_figures(seen, clock() - begun)
                if decided:
                    break
            if clock() - said >= PROGRESS_EVERY:
                said = clock()
                say(f"  {self.stage}: {words} ({clock() - begun:.0f} s)")
            sleep(self.every)
        decision, reason = decided
        ended = {"request": None, "stage_watched": None, "stage_begun": None, "stage_requests": None}
        if decision == "stop":
            ended = {"request": None, "phase": "paused", "reason": reason, "stage_stopped": self.stage}
            if record.get("phase") == "rolled_back":
                ended = {}
        write(ended, f"{self.stage}: {decision.replace('_', ' ')}, {reason}")
        return decision, reason

    def _asked(self, record: Mapping[str, Any]) -> tuple[str, str] | None:
        if record.get("phase") == "rolled_back":
            return "stop", "the release was rolled back by another run"
        asked = record.get("request")
        if asked == "abort":
            return "roll_back", "abort was asked for"
        if asked == "pause":
            return "stop", "pause was asked for"
        if asked == "finish" and self.until:
            return "go_on", "asked for"
        return None

    def _by_person(self, record: Mapping[str, Any], waited: float) -> tuple[str, str] | None:
        if not self.gate:
            return None
        if record.get("request") == "approve":
            return "go_on", "approved"
        path = self.gate.get("file") or ""
        if path and Path(path).exists():
            return "go_on", f"approved by {path}"
        if self.gate.get("mode") == "refused":
            return "stop", "it was not approved at the prompt; the next run asks again"
        if self.gate.get("mode") == "stop":
            if record.get("taken_up"):
                return "go_on", "approved by the run that took it up again"
            return "stop", "it waits for an approval; the next run of playbooks/release.yml is one"
        if waited > float(self.gate["timeout"]):
            return "hold", f"nobody approved within {self.gate['timeout']} s; approve with release_action=approve, or run again"
        return None

    def _by_clock(self, now: float) -> tuple[str, str] | None:
        if not self.until:
            return None
        return ("go_on", "the time is over") if now >= seconds_of(self.until) else None

    def _waiting_for(self, now: float) -> str:
        if self.until:
            return f"{max(0, seconds_of(self.until) - now):.0f} s left, until {self.until}; release_action=finish ends it, rollback leads back at once"
        if self.gate:
            place = f", or file {self.gate['file']}" if self.gate.get("file") else ""
            return f"waiting for an approval: release_action=approve{place}"
        return "holding"

    def _by_figures(self, seen: Mapping[str, Any], waited: float) -> tuple[str, str] | None:
        verdict, reason = seen["verdict"], seen["reason"]
        if verdict == "roll_back":
            return "roll_back", reason
        enough = verdict == "promote" or (self.needs != "promote" and seen.get("enough"))
        if enough and waited >= self.hold:
            return "go_on", reason
        if seen.get("final") and verdict == "inconclusive":
            return ("roll_back" if self.on_deadline == "roll_back" else "hold"), reason
        if self.deadline and waited > max(self.deadline, self.hold):
            return ("roll_back" if self.on_deadline == "roll_back" else "hold"), f"no verdict within {self.deadline:.0f} s: {reason}"
        return None


def still_open(state: dict[str, Any] | None, mode: str) -> dict[str, Any] | None:
    """A promotion ends a step, not the watch: harm may still show under more traffic, and the test stays valid. Another mode begins anew."""
    if state and state.get("mode") != mode:
        return None
    if state and (state.get("final") or {}).get("verdict") == "promote":
        return {**state, "final": None}
    return state


def _arms(seen: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return list((seen.get("evidence") or {}).get("metrics", {}).values())


def requests_of(seen: Mapping[str, Any]) -> int:
    """Requests of the new version that were judged so far, of the metric that has the fewest."""
    return min((int((metric.get("canary") or {}).get("requests") or 0) for metric in _arms(seen)), default=0)


def usable(seen: Mapping[str, Any]) -> bool:
    """Whether the last look saw what it needs of every metric."""
    return bool(_arms(seen)) and all(metric.get("status") == "ok" for metric in _arms(seen))


def seconds_of(text: str) -> float:
    """Unix time of an ISO 8601 date in UTC."""
    return datetime.datetime.fromisoformat(text).timestamp()
