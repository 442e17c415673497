# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ways of a stack: create, update, import, delete, and back."""

from __future__ import annotations

import copy

from fake_cloudformation import steps
from fake_cloudformation.desired import graph
from fake_cloudformation.functions import Scope
from fake_cloudformation.model import Desired
from fake_cloudformation.model import Resource
from fake_cloudformation.model import Stable
from fake_cloudformation.model import now
from fake_cloudformation.operation import Operation
from fake_cloudformation.operation import reversed_waits
from fake_cloudformation.policy import denied
from fake_cloudformation.replacement import changed
from fake_cloudformation.replacement import replaces
from fake_cloudformation.values import Values

REPLACING = "Requested update requires the creation of a new physical resource; hence creating one."


class Deployment:
    """One operation's work. `on_failure` is ROLLBACK, DO_NOTHING or DELETE."""

    def __init__(self, operation: Operation, on_failure: str = "ROLLBACK", policy: str | None = None) -> None:
        self.operation = operation
        self.stack = operation.stack
        self.say = operation.say
        self.on_failure = on_failure
        # The one that judges this operation.
        self.policy = policy if policy is not None else operation.stack.policy
        self._retag = False
        self.values = Values(operation)

    # Forth

    def create(self) -> None:
        failed = self._converge(self.stack.desired)
        if not failed and not self.operation.stopped:
            return self._finish("CREATE_COMPLETE")
        reason = self._failed_words(failed, "create")
        if self.on_failure == "DO_NOTHING":
            return self.say("CREATE_FAILED", reason)
        self.operation.go_on()
        if self.on_failure == "DELETE":
            self.say("DELETE_IN_PROGRESS", f"{reason}Delete requested by user.")
            return self.delete()
        self.say("ROLLBACK_IN_PROGRESS", f"{reason}Rollback requested by user.")
        return self.undo_create()

    def update(self, before: Desired) -> None:
        self._retag = before.tags != self.stack.desired.tags
        failed = self._forbidden_removals() or self._converge(self.stack.desired)
        if not failed and not self.operation.stopped:
            return self._clean_up("UPDATE")
        reason = self._failed_words(failed, "update")
        if self.on_failure == "DO_NOTHING":
            return self.say("UPDATE_FAILED", reason)
        self.operation.go_on()
        if self.stack.stable is None:
            self.say("ROLLBACK_IN_PROGRESS", reason)
            return self.undo_create()
        self.say("UPDATE_ROLLBACK_IN_PROGRESS", reason or "User Initiated")
        return self.undo_update()

    def adopt(self, before: Desired, identifiers: dict[str, dict[str, str]]) -> None:
        scope = self.values.scope(self.stack.desired)
        waits = graph(scope)

        def step(name: str) -> None:
            resource = self.values.resource(scope, name, waits[name])
            self.stack.resources[name] = resource
            steps.adopt(self.operation, resource, identifiers[name])

        failed = self.operation.walk({name: needs for name, needs in waits.items() if name in identifiers}, step, True)
        if not failed:
            return self._finish("IMPORT_COMPLETE")
        self.operation.go_on()
        self.say("IMPORT_ROLLBACK_IN_PROGRESS", f"The following resource(s) failed to import: [{', '.join(failed)}]. ")
        for name in identifiers:
            self.stack.resources.pop(name, None)
        self.stack.desired = before
        return self.say("IMPORT_ROLLBACK_COMPLETE")

    def _converge(self, desired: Desired) -> list[str]:
        scope = self.values.scope(desired)
        waits = graph(scope)
        return self.operation.walk(waits, lambda name: self._resource(scope, name, waits[name]), self.on_failure != "DO_NOTHING")

    def _resource(self, scope: Scope, name: str, depends_on: set[str]) -> None:
        current = self.stack.resources.get(name)
        verb = "CREATE" if current is None or current.physical_id is None else "UPDATE"
        try:
            wanted = self.values.resource(scope, name, depends_on)
        except Exception as error:
            broken = current or Resource(name, scope.template.resources[name]["Type"])
            self.stack.resources[name] = broken
            self.say(f"{verb}_FAILED", steps.words(error, ""), broken)
            raise steps.Failed(name) from error
        if current is not None and current.status == "CREATE_FAILED" and current.physical_id is not None:
            steps.delete(self.operation, current, "Delete")
            verb = "CREATE"
        if verb == "CREATE":
            self.stack.resources[name] = wanted
            return steps.create(self.operation, wanted)
        return self._change(current, wanted)  # type: ignore[arg-type]

    def _change(self, current: Resource, wanted: Resource) -> None:
        kind = self.operation.type_of(current.type)
        differences = changed(current.properties, wanted.properties)
        current.definition, current.depends_on = wanted.definition, wanted.depends_on
        policy = wanted.definition.get("UpdatePolicy") or {}
        replaced = any(replaces(kind, path, before, after, policy) for path, (before, after) in differences.items())
        if differences:
            self._allowed("Update:Replace" if replaced else "Update:Modify", current)
        if replaced:
            return self._replace(current, wanted)
        if differences or current.status in ("UPDATE_FAILED", "DELETE_FAILED") or (self._retag and kind.tag_property):
            self.operation.tried[current.logical_id] = wanted.properties
            steps.update(self.operation, current, wanted.properties)
        return None

    def _allowed(self, action: str, resource: Resource) -> None:
        reason = denied(self.policy, action, resource.logical_id, resource.type)
        if reason:
            self.say("UPDATE_FAILED", reason, resource)
            raise steps.Failed(resource.logical_id)

    def _forbidden_removals(self) -> list[str]:
        scope = self.values.scope(self.stack.desired)
        living = {name for name in scope.template.resources if scope.exists(name)}
        failed = []
        for name, resource in self.stack.resources.items():
            try:
                if name not in living:
                    self._allowed("Update:Delete", resource)
            except steps.Failed:
                failed.append(name)
        return failed

    def _replace(self, current: Resource, wanted: Resource) -> None:
        name = self.operation.type_of(current.type).custom_name(wanted.properties)
        if name is not None and name == self.operation.type_of(current.type).custom_name(current.properties):
            reason = f"CloudFormation cannot update a stack when a custom-named resource requires replacing. Rename {name} and update the stack again."
            self.say("UPDATE_FAILED", reason, current)
            raise steps.Failed(current.logical_id)
        self.stack.resources[current.logical_id] = wanted
        self.stack.garbage.append((current, current.update_replace_policy))
        steps.create(self.operation, wanted, "UPDATE", REPLACING)

    # Back

    def undo_create(self) -> None:
        """RetainExceptOnCreate means deletion here."""
        gone = {name: "Retain" if resource.deletion_policy == "Retain" else "Delete" for name, resource in self.stack.resources.items()}
        failed = self._delete_all(self.stack.resources, gone, ("delete", "rollback"))
        if failed:
            return self.say("ROLLBACK_FAILED", f"The following resource(s) failed to delete: [{', '.join(failed)}]. ")
        return self.say("ROLLBACK_COMPLETE")

    def undo_update(self, skip: frozenset[str] = frozenset()) -> None:
        stable = self.stack.stable
        assert stable is not None  # noqa: S101 - who has none goes by undo_create
        self._retag = stable.desired.tags != self.stack.desired.tags
        self.stack.desired = stable.desired
        waits = {name: set(resource.depends_on) for name, resource in stable.resources.items()}
        failed = self.operation.walk(waits, lambda name: self._restore(stable, name, name in skip), False)
        if failed:
            return self.say("UPDATE_ROLLBACK_FAILED", f"The following resource(s) failed to update: [{', '.join(failed)}]. ")
        for name in [name for name in self.stack.resources if name not in stable.resources]:
            resource = self.stack.resources.pop(name)
            self.stack.garbage.append((resource, "Retain" if resource.deletion_policy == "Retain" else "Delete"))
        return self._clean_up("UPDATE_ROLLBACK", stable)

    def _restore(self, stable: Stable, name: str, skipped: bool) -> None:
        before, current = stable.resources[name], self.stack.resources[name]
        if skipped:
            self.stack.resources[name] = copy.deepcopy(before)
            return self.say("UPDATE_COMPLETE", None, self.stack.resources[name])
        if current.physical_id != before.physical_id:
            self.stack.garbage = [item for item in self.stack.garbage if item[0].physical_id != before.physical_id]
            self.stack.garbage.append((current, "Delete"))
            self.stack.resources[name] = copy.deepcopy(before)
            self.say("UPDATE_IN_PROGRESS", None, self.stack.resources[name])
            return self.say("UPDATE_COMPLETE", None, self.stack.resources[name])
        current.definition, current.depends_on = before.definition, before.depends_on
        taggable = self._retag and self.operation.type_of(current.type).tag_property
        if current.properties != before.properties or current.status == "UPDATE_FAILED" or taggable:
            steps.update(self.operation, current, copy.deepcopy(before.properties), "rollback", self.operation.tried.get(name))
        return None

    # Ends

    def delete(self, retained: frozenset[str] = frozenset(), force: bool = False) -> None:
        kept = ("Retain", "RetainExceptOnCreate")
        resources = self.stack.resources
        policies = {name: "Retain" if name in retained or one.deletion_policy in kept else one.deletion_policy for name, one in resources.items()}
        self._empty_garbage()
        failed = self._delete_all(resources, policies, ("delete",))
        if failed and not force:
            return self.say("DELETE_FAILED", f"The following resource(s) failed to delete: [{', '.join(failed)}]. ")
        self.stack.deleted_at = now()
        return self.say("DELETE_COMPLETE")

    def _clean_up(self, way: str, stable: Stable | None = None) -> None:
        """What is not wanted any more goes last; a failure there no longer changes the end."""
        if stable is None:
            wanted = self.values.scope(self.stack.desired)
            living = {name for name in wanted.template.resources if wanted.exists(name)}
            for name in [name for name in self.stack.resources if name not in living]:
                resource = self.stack.resources.pop(name)
                policy = "Retain" if resource.deletion_policy == "RetainExceptOnCreate" else resource.deletion_policy
                self.stack.garbage.append((resource, policy))
        self.say(f"{way}_COMPLETE_CLEANUP_IN_PROGRESS")
        whole = self._empty_garbage()
        self._finish(f"{way}_COMPLETE", None if whole else "Update successful. One or more resources could not be deleted.")

    def _empty_garbage(self) -> bool:
        waiting, self.stack.garbage = self.stack.garbage, []
        resources = {f"{number}": resource for number, (resource, _unused) in enumerate(waiting)}
        waits: dict[str, set[str]] = {
            key: {other for other, one in resources.items() if resource.logical_id in one.depends_on and other != key} for key, resource in resources.items()
        }
        return not self.operation.walk(waits, lambda key: steps.delete(self.operation, resources[key], waiting[int(key)][1]), False)

    def _delete_all(self, resources: dict[str, Resource], policies: dict[str, str], faults: tuple[str, ...]) -> list[str]:
        def step(name: str) -> None:
            if resources[name].status not in ("DELETE_COMPLETE", "DELETE_SKIPPED"):
                steps.delete(self.operation, resources[name], policies[name], faults)
            if policies[name] != "Retain":
                resources[name].physical_id = None

        return self.operation.walk(reversed_waits(list(resources.values())), step, False)

    def _finish(self, status: str, reason: str | None = None) -> None:
        self.stack.outputs = self.values.outputs(self.values.scope(self.stack.desired))
        self.stack.settle()
        self.say(status, reason)

    def _failed_words(self, failed: list[str], verb: str) -> str:
        return f"The following resource(s) failed to {verb}: [{', '.join(failed)}]. " if failed else ""
