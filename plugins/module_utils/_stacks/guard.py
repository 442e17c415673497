# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Nothing stateful is replaced or deleted without an allowance by name."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._stacks.comparing import KEEPING
from ansible_collections.llmops.platform.plugins.module_utils._stacks.replacement import Verdict
from ansible_collections.llmops.platform.plugins.module_utils._stacks.replacement import verdict
from ansible_collections.llmops.platform.plugins.module_utils._stacks.stateful import GUARDS
from ansible_collections.llmops.platform.plugins.module_utils._stacks.stateful import is_stateful
from ansible_collections.llmops.platform.plugins.module_utils._stacks.templates import Template

KINDS = ("replace", "delete", "skip")
# References that stay what they are as long as their resource does.
IDENTITIES = ("AllocationId", "GroupId", "Id", "KeyId", "Name", "SubnetId", "VpcId")
EMPTY = "CloudFormation makes an empty one and moves everything to it"


@dataclass(frozen=True)
class Refusal:
    """`action`: replace | delete. `allowance`: what to write to allow it, as `allow.replace: ["us-east-1/x-data/Database"]`.

    `message`: the sentence for people.
    """

    stack: str
    resource: str
    type: str
    action: str
    allowance: str
    message: str


def allowed_ids(stack: str, allow: Mapping[str, Iterable[str]], kinds: Iterable[str] = ("replace", "delete")) -> tuple[str, ...]:
    """Logical ids of this stack that the allowances name, for `stateful.stack_policy` and for ResourcesToSkip (`kinds=("skip",)`).

    `stack` is the key; an allowance names `<key>/<LogicalId>` or, for every region, `<stack name>/<LogicalId>`. No patterns.
    """
    found = set()
    for kind in kinds:
        for entry in allow.get(kind) or ():
            head, _slash, resource = str(entry).rpartition("/")
            if resource and head in (stack, stack.partition("/")[2]):
                found.add(resource)
    return tuple(sorted(found))


def unused(allow: Mapping[str, Iterable[str]], stacks: Iterable[str]) -> list[str]:
    """Allowances that name no stack of the graph, and kinds that there are not: most likely misspelt."""
    heads = {head for key in stacks for head in (key, key.partition("/")[2])}
    found = [f"allow.{kind} is not known; it is {', '.join(KINDS)}" for kind in allow if kind not in KINDS]
    for kind in KINDS:
        for entry in allow.get(kind) or ():
            if str(entry).rpartition("/")[0] not in heads:
                found.append(f"allow.{kind} names {entry!r}, which is in no stack of the graph; write <region>/<stack name>/<LogicalId>")
    return found


def _refusal(stack: str, resource: str, kind: str, action: str, why: str, remedy: str = "") -> Refusal:
    allowance = f'allow.{action}: ["{stack}/{resource}"]'
    would = "be replaced" if action == "replace" else "be deleted"
    done = f"{remedy}; or, if" if remedy else "If"
    message = f"{resource} ({kind}) holds data and would {would}: {why}. {done} that is meant, write {allowance} for this one run."
    return Refusal(stack, resource, kind, action, allowance, message)


def _because(changes: Iterable[Mapping[str, Any]]) -> str:
    return "; ".join(f"{change['path']} changes ({change['source'] or 'its effect is not known'})" for change in changes)


def judge_rows(stack: str, rows: Iterable[Mapping[str, Any]], allow: Mapping[str, Iterable[str]]) -> list[Refusal]:
    """Refusals of `comparing.resource_rows`. `stack` is the key; an allowance names `<key>/<LogicalId>` or `<stack name>/<LogicalId>`."""
    found = []
    replaceable, deletable = allowed_ids(stack, allow, ("replace",)), allowed_ids(stack, allow, ("delete",))
    for row in rows:
        name, kind, action = row["resource"], row["type"], row["action"]
        if not is_stateful(kind):
            continue
        if action in ("destroy", "retain") and name not in deletable:
            why = "it is no longer in the template" + (
                ", stays in the account and belongs to no stack" if action == "retain" else " and its DeletionPolicy deletes it"
            )
            found.append(_refusal(stack, name, kind, "delete", f"{why}{f' ({row["note"]})' if row['note'] else ''}"))
        elif action in ("replace", "may replace", "unknown") and name not in replaceable:
            guilty = [change for change in row["properties"] if change["verdict"] in ("replace", "may replace", "unknown")]
            remedy = next((change["remedy"] for change in guilty if change["remedy"]), "")
            found.append(_refusal(stack, name, kind, "replace", f"{_because(guilty)}; {EMPTY}", remedy[:1].upper() + remedy[1:]))
    return found


def _properties(template: Template | None, resource: str) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    found = template.resources.get(resource, {}) if template else {}
    return found.get("Properties") or {}, found.get("UpdatePolicy") or {}


def _path(target: Mapping[str, Any]) -> str:
    """The path of a change's target: `Path` (/Properties/A/B/0) where the service gives it, else its name."""
    path = str(target.get("Path") or "").strip("/").split("/")
    return ".".join(path[1:]) if len(path) > 1 and path[0] == "Properties" else str(target.get("Name") or "")


def _stable(detail: Mapping[str, Any], moved: Iterable[str]) -> bool:
    """Whether the reference that may change cannot: its resource keeps its identity."""
    resource, _dot, attribute = str(detail.get("CausingEntity") or "").partition(".")
    if detail.get("ChangeSource") not in ("ResourceReference", "ResourceAttribute") or not resource or resource in moved:
        return False
    return detail["ChangeSource"] == "ResourceReference" or attribute in IDENTITIES or (attribute.endswith("Arn") and "Version" not in attribute)


def _replacing(change: Mapping[str, Any], before: Template | None, after: Template | None, moved: set[str]) -> list[tuple[str, Verdict]]:
    """`(path, verdict)` of the properties by which a change of AWS's shape replaces, or of which that is not known."""
    kind, name = change["ResourceType"], change["LogicalResourceId"]
    (old, _policy), (new, policy) = _properties(before, name), _properties(after, name)
    certain = change.get("Replacement") in ("True", True)
    found = []
    for detail in change.get("Details") or ():
        target = detail.get("Target") or {}
        if target.get("Attribute", "Properties") != "Properties" or target.get("RequiresRecreation") == "Never":
            continue
        path = _path(target)
        if detail.get("Evaluation") == "Dynamic" and not certain and _stable(detail, moved):
            continue
        if target.get("RequiresRecreation") == "Always":
            found.append((path, Verdict("replace", "change set: requires recreation")))
            continue
        judged = verdict(kind, path, old, new, policy)
        if certain or judged.action not in ("update", "restart"):
            found.append((path, judged))
    if not found and certain:
        found.append(("a property", Verdict("replace", "change set: Replacement True")))
    if not found and not change.get("Details"):
        found.append(("a property", Verdict("unknown", "change set: Replacement Conditional, without details")))
    return found


def _moved(changes: list[Mapping[str, Any]], before: Template | None, after: Template | None) -> set[str]:
    """Resources that come, go, or get or may get another identity."""
    plain = ("False", False, None)
    moved = {one["LogicalResourceId"] for one in changes if one.get("Action") not in ("Modify", "SyncWithActual") or one.get("Replacement") not in plain}
    open_ones = [one for one in changes if one["LogicalResourceId"] in moved and one.get("Replacement") == "Conditional"]
    while True:
        settled = [one for one in open_ones if not _replacing(one, before, after, moved - {one["LogicalResourceId"]})]
        if not settled:
            return moved
        moved -= {one["LogicalResourceId"] for one in settled}
        open_ones = [one for one in open_ones if one not in settled]


def judge_changes(
    stack: str, changes: Iterable[Mapping[str, Any]], allow: Mapping[str, Iterable[str]], before: Template | None = None, after: Template | None = None
) -> list[Refusal]:
    """Refusals of DescribeChangeSet's `Changes`; the committed table decides what it calls Conditional, by the templates before and after.

    What the templates do not tell (Dynamic) and what the table does not know is refused for resources that hold data.
    """
    resources = [change["ResourceChange"] for change in changes if change.get("ResourceChange")]
    moved = _moved(resources, before, after)
    replaceable, deletable = allowed_ids(stack, allow, ("replace",)), allowed_ids(stack, allow, ("delete",))
    found = []
    for change in resources:
        name, kind, action = change["LogicalResourceId"], change.get("ResourceType", ""), change.get("Action")
        if not is_stateful(kind) or action in ("Add", "Import"):
            continue
        if action == "Remove":
            if name not in deletable:
                kept = change.get("PolicyAction") == "Retain"
                why = "it is no longer in the template" + (", stays in the account and belongs to no stack" if kept else "")
                found.append(_refusal(stack, name, kind, "delete", why))
        elif name in replaceable or (action in ("Modify", "SyncWithActual") and change.get("Replacement") in ("False", False)):
            continue
        elif action in ("Modify", "SyncWithActual"):
            guilty = _replacing(change, before, after, moved)
            if guilty:
                rows = [{"path": path, "source": judged.source} for path, judged in guilty]
                remedy = next((judged.remedy for _path_of, judged in guilty if judged.remedy), "")
                found.append(_refusal(stack, name, kind, "replace", f"{_because(rows)}; {EMPTY}", remedy[:1].upper() + remedy[1:]))
        else:
            found.append(_refusal(stack, name, kind, "replace", f"the change set says {action}, so what happens to it is known only when it happens"))
    return found


def judge_deletion(stack: str, template: Template, allow: Mapping[str, Iterable[str]]) -> list[Refusal]:
    """Refusals of the deletion of the whole stack: what holds data and is not retained by its template, without allowance.

    What is guarded but goes with its stack (log groups, control planes, zones: `Guard.retained` False) is not refused: deleting the stack says it.
    """
    allowed = allowed_ids(stack, allow, ("delete",))
    return [
        _refusal(stack, name, kind, "delete", f"the stack goes, and its DeletionPolicy is {resource.get('DeletionPolicy', 'Delete')}")
        for name, resource in template.resources.items()
        if (kind := str(resource.get("Type"))) in GUARDS and GUARDS[kind].retained and resource.get("DeletionPolicy") not in KEEPING and name not in allowed
    ]
