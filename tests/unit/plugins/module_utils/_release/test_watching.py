# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Decisions at a stage, with a clock of our own."""

from __future__ import annotations

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._release.watching import Watch
from ansible_collections.llmops.platform.plugins.module_utils._release.watching import still_open


class Record:
    def __init__(self, **values):
        self.values = values
        self.events = []

    def read(self):
        return dict(self.values)

    def write(self, values, event=""):
        self.values.update(values)
        self.values = {key: value for key, value in self.values.items() if value is not None}
        if event:
            self.events.append(event)


class Clock:
    def __init__(self, record, at=()):
        self.now, self.record, self.at = 1000.0, record, dict(at)

    def sleep(self, seconds):
        self.now += seconds
        for moment in [moment for moment in self.at if moment <= self.now]:
            self.record.values.update(self.at.pop(moment))


def wait(watch, record, at=()):
    clock, lines = Clock(record, at), []
    decision, reason = watch.wait(record.read, record.write, clock=lambda: clock.now, sleep=clock.sleep, say=lines.append)
    return decision, reason, clock.now - 1000.0, lines


def looks(*verdicts):
    answers = [{"verdict": verdict, "reason": verdict, "state": {"looks": number}, **extra} for number, (verdict, extra) in enumerate(verdicts, 1)]
    return lambda _state: answers.pop(0) if len(answers) > 1 else answers[0]


def counted(requests, status="ok"):
    return {
        "evidence": {"metrics": {"errors": {"status": status, "canary": {"requests": requests}}, "latency": {"status": "ok", "canary": {"requests": 9999}}}}
    }


PROMOTE, HARM, UNSURE, ENOUGH = ("promote", {}), ("roll_back", {}), ("inconclusive", counted(100)), ("inconclusive", counted(300))
BLIND = ("inconclusive", counted(900, "no_data"))


@pytest.mark.parametrize(
    ("needs", "hold", "seen", "decision", "seconds"),
    [
        ("promote", 0, [UNSURE, PROMOTE], "go_on", 10),
        ("promote", 30, [PROMOTE], "go_on", 30),
        ("promote", 0, [ENOUGH, ENOUGH, PROMOTE], "go_on", 20),
        ("no_harm", 0, [UNSURE, ENOUGH], "go_on", 10),
        ("no_harm", 20, [UNSURE, ENOUGH], "go_on", 20),
        # What was counted at an earlier stage is not counted again.
        ("no_harm", 0, [ENOUGH], "hold", 110),
        ("no_harm", 0, [UNSURE, BLIND], "hold", 110),
        ("no_harm", 60, [ENOUGH, HARM], "roll_back", 10),
        ("promote", 0, [UNSURE], "hold", 110),
    ],
)
def test_figures_decide(needs, hold, seen, decision, seconds):
    record = Record(phase="progressing")
    found = wait(Watch("10 %", 10, hold=hold, deadline=100, needs=needs, look=looks(*seen)), record)
    assert (found[0], found[2]) == (decision, seconds)
    assert record.values["analysis"]["looks"] >= 1


def test_a_deadline_may_lead_back():
    assert wait(Watch("10 %", 10, deadline=20, on_deadline="roll_back", look=looks(UNSURE)), Record())[0] == "roll_back"


@pytest.mark.parametrize(("request_", "decision", "phase"), [("abort", "roll_back", None), ("pause", "stop", "paused")])
def test_requests_of_other_runs_are_obeyed(request_, decision, phase):
    record = Record()
    found = wait(Watch("10 %", 10, look=looks(UNSURE)), record, at={1030.0: {"request": request_}})
    assert (found[0], found[2]) == (decision, 30)
    assert record.values.get("phase") == phase
    assert "request" not in record.values


def test_a_rollback_by_another_run_ends_the_watch():
    record = Record()
    assert wait(Watch("10 %", 10, look=looks(UNSURE)), record, at={1010.0: {"phase": "rolled_back"}})[0] == "stop"
    assert record.values["phase"] == "rolled_back"


def test_an_approval_is_waited_for(tmp_path):
    gate = {"mode": "wait", "timeout": 50, "file": str(tmp_path / "ok")}
    assert wait(Watch("gate", 10, gate=gate), Record(), at={1020.0: {"request": "approve"}})[:3] == ("go_on", "approved", 20)
    late = wait(Watch("gate", 10, gate=gate), Record())
    assert (late[0], late[2]) == ("hold", 60)
    assert "release_action=approve" in late[1]
    (tmp_path / "ok").touch()
    assert wait(Watch("gate", 10, gate=gate), Record())[0] == "go_on"


def test_a_gate_may_end_the_run_and_the_next_run_is_the_approval():
    record, watch = Record(), Watch("gate", 10, gate={"mode": "stop", "timeout": 50, "file": ""})
    assert wait(watch, record)[0] == "stop"
    assert record.values["phase"] == "paused"
    assert wait(watch, record)[0] == "go_on"


def test_a_stage_with_nothing_to_wait_for_goes_on():
    assert wait(Watch("100 %", 10, hold=60, needs="slo"), Record())[0] == "go_on"


def test_another_mode_begins_anew_and_a_promotion_stays_open():
    promoted = {"mode": "sequential", "final": {"verdict": "promote"}}
    assert still_open(promoted, "sequential") == {"mode": "sequential", "final": None}
    assert still_open(promoted, "threshold") is None
    assert still_open(None, "threshold") is None


def test_a_refusal_at_the_prompt_stops_and_the_next_run_asks_again():
    record, watch = Record(), Watch("gate", 10, gate={"mode": "refused", "timeout": 50, "file": ""})
    assert [wait(watch, record)[0] for _run in range(2)] == ["stop", "stop"]


def test_a_warm_time_passes_or_is_ended():
    watch = Watch("warm", 10, until="1970-01-01T00:17:30Z")
    assert wait(watch, Record())[:3] == ("go_on", "the time is over", 50)
    assert wait(watch, Record(), at={1020.0: {"request": "finish"}})[:3] == ("go_on", "asked for", 20)


def test_a_resumed_stage_goes_on_with_the_time_it_had():
    record = Record(stage_watched="10 %", stage_begun="960")
    assert wait(Watch("10 %", 10, hold=60, look=looks(PROMOTE)), record)[2] == 20
