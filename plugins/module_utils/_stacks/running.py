# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""One task of aws_stacks from its arguments to its result."""

from __future__ import annotations

import secrets
import signal
import threading
import time
from collections.abc import Callable
from collections.abc import Collection
from collections.abc import Iterator
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._aws.session import AwsError
from ansible_collections.llmops.platform.plugins.module_utils._stacks import adopting
from ansible_collections.llmops.platform.plugins.module_utils._stacks import deleting
from ansible_collections.llmops.platform.plugins.module_utils._stacks import executing
from ansible_collections.llmops.platform.plugins.module_utils._stacks import graph
from ansible_collections.llmops.platform.plugins.module_utils._stacks import guard
from ansible_collections.llmops.platform.plugins.module_utils._stacks import identity
from ansible_collections.llmops.platform.plugins.module_utils._stacks import previewing
from ansible_collections.llmops.platform.plugins.module_utils._stacks import surveying
from ansible_collections.llmops.platform.plugins.module_utils._stacks.context import Context
from ansible_collections.llmops.platform.plugins.module_utils._stacks.context import Options
from ansible_collections.llmops.platform.plugins.module_utils._stacks.context import Outcome
from ansible_collections.llmops.platform.plugins.module_utils._stacks.errors import StackError
from ansible_collections.llmops.platform.plugins.module_utils._stacks.keeping import Interrupted
from ansible_collections.llmops.platform.plugins.module_utils._stacks.keeping import Keeper
from ansible_collections.llmops.platform.plugins.module_utils._stacks.keeping import Who
from ansible_collections.llmops.platform.plugins.module_utils._stacks.model import Stack
from ansible_collections.llmops.platform.plugins.module_utils._stacks.model import read_graph
from ansible_collections.llmops.platform.plugins.module_utils._stacks.model import read_output
from ansible_collections.llmops.platform.plugins.module_utils._stacks.retrying import masked
from ansible_collections.llmops.platform.plugins.module_utils._stacks.scheduling import Schedule


class RunFailed(AwsError):
    """Some stacks did not become what they should; `result` holds what was done."""

    def __init__(self, message: str, result: dict[str, Any]) -> None:
        super().__init__(message)
        self.result = result


class Run:
    """`arguments` are the module's, `calls` a Calls, `known` the names of all regions (empty: not checked), `who` holds the lock."""

    def __init__(self, arguments: Mapping[str, Any], calls: Any, who: Who, say: Callable[[str], Any], known: Collection[str] = ()) -> None:
        self._arguments, self._calls, self._say = arguments, calls, say
        self._outputs: dict[str, dict[str, str]] = {}
        state = arguments["state_bucket"]
        state = self._state = read_output(state, "state_bucket") if state else None
        raw = arguments["stacks"]
        outside = surveying.references(raw) - set(raw)
        self._stacks = read_graph(raw, outside=outside | ({state.stack} if state else set()), imported=self._named)
        self._edges = graph.edges_of(self._stacks)
        graph.levels(self._edges)
        self._outside = outside
        self._known = known
        began = time.time()
        run = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(began)) + f"-{secrets.token_hex(3)}"
        self._keeper = Keeper(calls, arguments["deployment"], run, who, Path(arguments["state_directory"]).expanduser(), state, self._outputs, self._queued)
        self._keeper.inside = frozenset(self._stacks)
        options = Options(
            {kind: list(names or []) for kind, names in (arguments["allow"] or {}).items()}, arguments["poll_seconds"], arguments["timeout_minutes"] * 60
        )
        self._context = Context(calls, self._keeper, options, self._outputs, self._queued, attempt=int(began * 1000))
        stacks = {name for key, stack in self._stacks.items() for name in (key, stack.name)}
        parts = {kind: [name for name in names if name not in stacks] for kind, names in options.allow.items()}
        for line in guard.unused(parts, self._stacks):
            say(f"allowances: {line}")
        self._schedule: Schedule | None = None
        self._survey = surveying.Survey()
        self._fixed: dict[str, Outcome] = {}
        self._asleep = frozenset(arguments.get("asleep") or []) if arguments["state"] != "absent" else frozenset()

    def _queued(self, line: str) -> None:
        """Lines of threads are printed by the main one."""
        (self._schedule.say if self._schedule else self._say)(masked(line))

    def run(self, check: bool) -> dict[str, Any]:
        """The module's result. Raises RunFailed, LockHeld, Interrupted, CallError, StackError."""
        state = self._arguments["state"]
        plan_only = check or state == "planned"
        self._look(must_be=not plan_only)
        if plan_only:
            outcomes = self._plan(state)
            return self._result(outcomes)
        how = "failed"
        try:
            with self._signals():
                outcomes = self._work(state)
            result = self._result(outcomes)
            how = "done"
            return result
        except Interrupted as error:
            how = "interrupted"
            raise RunFailed(self._interrupted(error), self._rows(self._schedule.outcomes if self._schedule else {})) from error
        finally:
            self._keeper.end(how)

    def _look(self, must_be: bool) -> None:
        """Who calls, and what is there: nothing is changed here."""
        arguments = self._arguments
        declared = set(arguments["unreachable_regions"])
        regions = sorted({stack.region for stack in self._stacks.values()} - declared)
        if regions:
            reachable = [region for region in regions if not self._known or region in self._known] or regions
            identity.check_account(self._calls, reachable, {key: stack.account for key, stack in self._stacks.items()})
        rows = [(key, stack.region, stack.name) for key, stack in self._stacks.items()]
        self._survey = surveying.survey(self._calls, rows, declared, self._known, arguments["parallel"])
        self._keeper.unreachable = set(self._survey.silent)
        self._outputs.update(surveying.outside_outputs(self._calls, self._outside, self._survey.silent, must_be and self._arguments["state"] != "absent"))
        for key, found in self._survey.found.items():
            if found:
                self._outputs[key] = found["outputs"]
        away, blocked = surveying.without_regions(self._stacks, self._survey.silent, self._outputs, self._keeper.store)
        self._fixed = {key: Outcome("blocked", outputs=self._outputs.get(key, {}), cause=why) for key, why in (away | blocked).items()}
        # Old outputs hold for those that can be reached; a stack that needs more waits for the region.
        self._edges = {key: needs - away.keys() for key, needs in self._edges.items() if key not in away}
        if self._state:
            self._keeper.bucket = self._outputs.get(self._state.stack, {}).get(self._state.output, "")
        asleep = self._sleeping()
        self._fixed |= asleep
        # What is not done yet has outputs that nobody may use; a plan may.
        if must_be:
            for key in self._edges.keys() - asleep.keys():
                self._outputs.pop(key, None)

    def _sleeping(self) -> dict[str, Outcome]:
        """Stacks that differ and are asleep, or need one that is: an update would wake it, or wait for what is not there."""
        found: dict[str, Outcome] = {}
        if not self._asleep:
            return found
        for level in graph.levels(self._edges):
            for key in level:
                live, needed = self._survey.found.get(key), sorted(self._edges[key] & found.keys())
                mine = key in self._asleep and bool(live)
                if key in self._fixed or not (mine or needed) or executing.unchanged(self._context, self._stacks[key], live):
                    continue
                cause = (
                    "sleeps and is left alone; playbooks/off_hours.yml wakes it" if mine else f"needs {needed[0]}, which sleeps, and is left alone until then"
                )
                self._say(f"{self._stacks[key].name}: {cause}")
                found[key] = Outcome("asleep", (live or {}).get("status") or "", (live or {}).get("stack_id") or "", (live or {}).get("outputs") or {}, cause)
        return found

    def _plan(self, state: str) -> dict[str, Outcome]:
        outcomes = dict(self._fixed)
        found = self._survey.found
        if state == "absent":
            return outcomes | {key: deleting.preview(self._context, self._stacks[key], found.get(key)) for key in self._edges if key not in outcomes}
        with ThreadPoolExecutor(max_workers=self._arguments["parallel"]) as pool:
            for level in graph.levels(self._edges):
                keys = [key for key in level if key not in outcomes]
                outcomes.update(zip(keys, pool.map(lambda key: self._planned(key, found.get(key)), keys), strict=True))
        return outcomes

    def _planned(self, key: str, found: dict[str, Any] | None) -> Outcome:
        stack = self._stacks[key]
        imports = self._imports(key)
        try:
            names = adopting.outstanding(stack, found, imports) if imports else {}
            same = None if names else executing.unchanged(self._context, stack, found)
        except StackError as error:
            return Outcome("failed", (found or {}).get("status") or "", cause=str(error))
        if same is not None:
            return same
        outcome = previewing.preview(self._context, stack, found)
        if names:
            steps = adopting.steps(stack, names)
            taken = {step["what"] for step in steps}
            outcome.plan = steps + [step for step in outcome.plan if step["what"] not in taken]
        return outcome

    def _imports(self, key: str) -> dict[str, dict[str, str]]:
        return self._named(self._stacks[key])

    def _named(self, stack: Stack) -> dict[str, dict[str, str]]:
        given = self._arguments["imports"] or {}
        return (given.get(stack.key) or given.get(stack.name) or {}) if self._arguments["state"] == "adopted" else {}

    def _work(self, state: str) -> dict[str, Outcome]:
        found, context = self._survey.found, self._context
        if state == "absent":
            edges = graph.reversed_edges({key: needs for key, needs in self._edges.items() if key not in self._fixed})

            def quick(key: str) -> Outcome | None:
                return None if found.get(key) else Outcome("unchanged")

            def work(key: str) -> Outcome:
                return deleting.drop(context, self._stacks[key], found.get(key))

        else:
            edges, quick, work = self._edges, self._quick, self._bring
        wait_for = self._arguments["wait_for"] if state == "present" else ""
        awaited = frozenset(edges) if state == "absent" else graph.awaited(self._stacks, wait_for) & edges.keys()
        self._schedule = Schedule(context, self._stacks, edges, quick, work, self._say, awaited)
        self._schedule.outcomes.update({key: outcome for key, outcome in self._fixed.items() if key in edges})
        return self._fixed | self._schedule.run()

    def _quick(self, key: str) -> Outcome | None:
        found = self._survey.found.get(key)
        imports = self._imports(key)
        if imports and (adopting.fresh(found) or adopting.outstanding(self._stacks[key], found, imports)):
            return None
        try:
            return executing.unchanged(self._context, self._stacks[key], found)
        except StackError as error:
            return Outcome("failed", (found or {}).get("status") or "", cause=str(error))

    def _bring(self, key: str) -> Outcome:
        stack, found, imports = self._stacks[key], self._survey.found.get(key), self._imports(key)
        return adopting.adopt(self._context, stack, found, imports) if imports else executing.bring(self._context, stack, found)

    @contextmanager
    def _signals(self) -> Iterator[None]:
        """SIGTERM and SIGINT end the run in order: nothing is begun any more, the journal is closed, the lock given back."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return

        def handler(_number: int, _frame: Any) -> None:
            self._context.stop.set()
            self._context.leave.set()
            if self._schedule:
                self._schedule.interrupt()

        before = {number: signal.signal(number, handler) for number in (signal.SIGTERM, signal.SIGINT)}
        try:
            yield
            if self._context.stop.is_set():
                raise Interrupted("the run was told to end")
        finally:
            for number, old in before.items():
                signal.signal(number, old)

    def _interrupted(self, error: Exception) -> str:
        outcomes = self._schedule.outcomes if self._schedule else {}
        going = ", ".join(sorted(key for key, outcome in outcomes.items() if outcome.action == "followed" and outcome.stack_id)) or "nothing"
        return f"{error}; the journal is closed. CloudFormation goes on with {going}. Start the same run again: it goes on where this one ended"

    def _rows(self, outcomes: Mapping[str, Outcome]) -> dict[str, Any]:
        rows = {
            key: {
                "name": self._stacks[key].name,
                "region": self._stacks[key].region,
                "status": outcome.status,
                "action": outcome.action,
                "stack_id": outcome.stack_id,
                "outputs": dict(outcome.outputs),
                "cause": masked(outcome.cause),
                "seconds": outcome.seconds,
            }
            for key, outcome in sorted(outcomes.items())
        }
        return {
            "changed": any(outcome.changed for outcome in outcomes.values()),
            "stacks": rows,
            "plan": [step for key in self._order(outcomes) for step in outcomes[key].plan],
            "calls": self._calls.calls,
            "mutating_calls": self._calls.mutating_calls,
        }

    def _order(self, outcomes: Mapping[str, Outcome]) -> list[str]:
        """By name; for a deletion the first to go first."""
        if self._arguments["state"] != "absent":
            return sorted(outcomes)
        going = [key for level in reversed(graph.levels(self._edges)) for key in level if key in outcomes]
        return going + sorted(outcomes.keys() - set(going))

    def _result(self, outcomes: dict[str, Outcome]) -> dict[str, Any]:
        result = self._rows(outcomes)
        declared = self._survey.declared
        given_up = {key for key, outcome in outcomes.items() if outcome.action == "blocked" and self._stacks[key].region in declared}
        bad = {key: one for key, one in outcomes.items() if one.action in ("failed", "refused", "blocked") and key not in given_up}
        if not bad:
            return result
        order = {"failed": 0, "refused": 1, "blocked": 2}
        lines = [f"{key} {one.action}: {masked(one.cause)}" for key, one in sorted(bad.items(), key=lambda item: (order[item[1].action], item[0]))]
        raise RunFailed("\n".join([f"{len(bad)} of {len(outcomes)} stacks are not as declared", *lines]), result)
