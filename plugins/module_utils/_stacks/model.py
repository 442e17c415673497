# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""A stack as roles render it, read into types and checked."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._stacks import graph as order
from ansible_collections.llmops.platform.plugins.module_utils._stacks import secrets
from ansible_collections.llmops.platform.plugins.module_utils._stacks import stateful
from ansible_collections.llmops.platform.plugins.module_utils._stacks import templates
from ansible_collections.llmops.platform.plugins.module_utils._stacks.errors import StackError
from ansible_collections.llmops.platform.plugins.module_utils._stacks.templates import Template

KEYS = (
    "name", "region", "account", "template", "parameters", "tags", "needs", "needed_for", "protection", "policy", "service_role", "capabilities", "one_way",
    "operated",
)  # fmt: skip
REQUIRED = ("name", "region", "account", "template", "tags")
NAME = re.compile(r"[A-Za-z](?:-?[A-Za-z0-9])*")
LONGEST_NAME = 128
REGION = re.compile(r"[a-z]{2,3}(?:-[a-z]+){1,3}-[0-9]{1,2}")
ACCOUNT = re.compile(r"[0-9]{12}")
# AUTO_EXPAND is for macros and nested stacks, which no template here may have.
CAPABILITIES = ("CAPABILITY_IAM", "CAPABILITY_NAMED_IAM")
# Of a parameter's value and of a stack policy (CloudFormation quotas), of tags on a stack.
LONGEST_VALUE = 4096
LARGEST_POLICY = 16_384
MOST_TAGS = 50
FORMS = "{value: text}, {stack: key, output: name} or {observed: {create, resource, property, minimum, maximum}}"


@dataclass(frozen=True)
class Output:
    """An output of a stack, by the stack's key."""

    stack: str
    output: str


@dataclass(frozen=True)
class Literal:
    value: str


@dataclass(frozen=True)
class Observed:
    """A figure that operations move: `create` at a creation, afterwards the live `property` of `resource`, clamped."""

    create: str
    resource: str
    property: str
    minimum: str = ""
    maximum: str = ""


@dataclass(frozen=True)
class Stack:
    """One stack of a graph. `key` is `<region>/<name>`, `text` the template as it is sent, `template` the same read."""

    key: str
    name: str
    region: str
    account: str
    text: str
    template: Template
    parameters: Mapping[str, Literal | Output | Observed]
    tags: Mapping[str, str]
    needs: tuple[str, ...]
    needed_for: tuple[str, ...]
    protection: bool
    policy: Mapping[str, Any] | None
    service_role: Output | None
    capabilities: tuple[str, ...]
    one_way: bool
    operated: tuple[str, ...]


def read_output(value: Any, where: str) -> Output:
    """The `{stack, output}` as Output. Raises StackError that begins with `where`."""
    if not isinstance(value, Mapping) or set(value) != {"stack", "output"} or not all(isinstance(one, str) and one for one in value.values()):
        raise StackError(f"{where} is {value!r}; give {{stack: <region>/<stack name>, output: <name>}}")
    return Output(value["stack"], value["output"])


def _parameter(value: Any, where: str) -> Literal | Output | Observed:
    # A wrong value may be a secret: it is never repeated in a message.
    if isinstance(value, Mapping) and set(value) == {"value"}:
        if not isinstance(value["value"], str):
            raise StackError(f"{where} has a value of type {type(value['value']).__name__}; values are strings, lists are joined by commas")
        if len(value["value"]) > LONGEST_VALUE:
            raise StackError(f"{where} has {len(value['value'])} characters; a parameter takes {LONGEST_VALUE}")
        return Literal(value["value"])
    if isinstance(value, Mapping) and set(value) == {"stack", "output"}:
        return read_output(value, where)
    if isinstance(value, Mapping) and set(value) == {"observed"} and isinstance(value["observed"], Mapping):
        given = value["observed"]
        known = set(Observed.__dataclass_fields__)
        if {"create", "resource", "property"} <= set(given) <= known and all(isinstance(one, str) for one in given.values()):
            return Observed(**given)
    raise StackError(f"{where} has none of the forms of a parameter; give {FORMS}, all of them strings")


def _strings(value: Any, where: str) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not all(isinstance(one, str) and one for one in value):
        raise StackError(f"{where} is {value!r}; give a list of words")
    return tuple(value)


class _Reader:
    """Reads one stack and keeps what is wrong with it."""

    def __init__(self, key: str, given: Mapping[str, Any], account: str, regions: tuple[str, ...]) -> None:
        self.key, self.given, self.account, self.regions = key, given, account, regions
        self.problems: list[str] = []

    def _say(self, text: str) -> None:
        self.problems.append(f"stack {self.key}: {text}")

    def _try(self, function: Any, *arguments: Any, otherwise: Any = None) -> Any:
        try:
            return function(*arguments)
        except StackError as error:
            for problem in error.problems:
                self._say(problem)
            return otherwise

    def _identity(self) -> None:
        name, region, account = (self.given.get(part) for part in ("name", "region", "account"))
        if not isinstance(name, str) or not NAME.fullmatch(name) or len(name) > LONGEST_NAME:
            self._say(f"name is {name!r}; give letters, digits and single hyphens, a letter first, at most {LONGEST_NAME} (filter aws_name makes it)")
        if not isinstance(region, str) or not REGION.fullmatch(region):
            self._say(f"region is {region!r}; give one as us-east-1")
        elif self.regions and region not in self.regions:
            self._say(f"region is {region}, which is none of this deployment's ({', '.join(self.regions)})")
        if not isinstance(account, str) or not ACCOUNT.fullmatch(account):
            self._say(f"account is {account!r}; give its twelve digits, quoted")
        elif self.account and account != self.account:
            self._say(f"account is {account}, the credentials are of {self.account}; use those of the account, or correct platform_account")
        if self.key != f"{region}/{name}":
            self._say(f"the key is not its region and name, {region}/{name}; roles give both by the same filter")

    def _tags(self) -> dict[str, str]:
        tags = self.given.get("tags")
        if not isinstance(tags, Mapping) or not all(isinstance(name, str) and isinstance(value, str) for name, value in tags.items()):
            self._say("tags is not a map of strings")
            return {}
        for name, value in tags.items():
            if not 1 <= len(name) <= 128 or len(value) > 256 or name.lower().startswith("aws:") or templates.LEFT_OVER.search(name + value):
                self._say(f"tag {name!r} is not taken by AWS; up to 128 characters not beginning with aws:, a value up to 256, nothing left by Jinja")
        if len(tags) > MOST_TAGS:
            self._say(f"{len(tags)} tags, more than {MOST_TAGS}")
        return dict(tags)

    def _template(self) -> Template | None:
        text = self.given.get("template")
        template = self._try(templates.load, text)
        if template is not None:
            for problem in templates.problems(template, text):
                self._say(problem)
        return template

    def _parameters(self, template: Template) -> dict[str, Literal | Output | Observed]:
        given = self.given.get("parameters") or {}
        if not isinstance(given, Mapping):
            self._say("parameters is not a map")
            return {}
        read = {name: self._try(_parameter, value, f"parameter {name}") for name, value in given.items()}
        for name in given:
            if name not in template.parameters:
                self._say(f"parameter {name} is not one of the template; its parameters are {', '.join(sorted(template.parameters)) or 'none'}")
        for name, declared in template.parameters.items():
            if name not in given and "Default" not in declared:
                self._say(f"parameter {name} of the template has no value and no Default; give one in parameters")
        for name, value in read.items():
            if isinstance(value, Observed) and value.resource not in template.resources:
                self._say(f"parameter {name} observes {value.resource!r}, which is no resource of the template")
        return {name: value for name, value in read.items() if value is not None}

    def _capabilities(self, template: Template) -> tuple[str, ...]:
        given = self._try(_strings, self.given.get("capabilities") or [], "capabilities", otherwise=())
        for word in given:
            if word not in CAPABILITIES:
                self._say(f"capability {word!r} is not one of {', '.join(CAPABILITIES)}")
        iam = sorted(name for name, one in template.resources.items() if str(one.get("Type")).startswith("AWS::IAM::"))
        if iam and not given:
            self._say(f"has IAM resources ({', '.join(iam[:3])}) and no capability; give capabilities: [CAPABILITY_NAMED_IAM]")
        return given

    def _policy(self) -> Mapping[str, Any] | None:
        policy = self.given.get("policy")
        if policy is None:
            return None
        if not isinstance(policy, Mapping) or not isinstance(policy.get("Statement"), list):
            self._say("policy is not {Statement: [...]}; filter stack_policy makes it")
            return None
        size = len(json.dumps(policy))
        if size > LARGEST_POLICY:
            self._say(f"policy has {size} bytes, more than {LARGEST_POLICY}")
        return policy

    def _flag(self, name: str, otherwise: bool) -> bool:
        value = self.given.get(name)
        if value is not None and not isinstance(value, bool):
            self._say(f"{name} is {value!r}; give true or false")
        return otherwise if not isinstance(value, bool) else value

    def read(self) -> Stack | None:
        unknown = sorted(set(map(str, self.given)) - set(KEYS))
        if unknown:
            self._say(f"unknown {'keys' if len(unknown) > 1 else 'key'} {', '.join(unknown)}; keys are {', '.join(KEYS)}")
        missing = [name for name in REQUIRED if name not in self.given]
        if missing:
            self._say(f"{', '.join(missing)} missing; give {'them' if len(missing) > 1 else 'it'}")
            return None
        self._identity()
        tags, template = self._tags(), self._template()
        if template is None:
            return None
        parameters = self._parameters(template)
        role = self.given.get("service_role")
        operated = self._try(_strings, self.given.get("operated") or [], "operated", otherwise=())
        for path in operated:
            if path.partition(".")[0] not in template.resources or not path.partition(".")[2]:
                self._say(f"operated {path!r} is not <resource of the template>.<property>")
        stack = Stack(
            key=self.key,
            name=str(self.given["name"]),
            region=str(self.given["region"]),
            account=str(self.given["account"]),
            text=self.given["template"],
            template=template,
            parameters=parameters,
            tags=tags,
            needs=self._try(_strings, self.given.get("needs") or [], "needs", otherwise=()),
            needed_for=self._try(_strings, ["cluster"] if self.given.get("needed_for") is None else self.given["needed_for"], "needed_for", otherwise=()),
            protection=self._flag("protection", any(stateful.is_stateful(str(one.get("Type"))) for one in template.resources.values())),
            policy=self._policy(),
            service_role=None if role is None else self._try(read_output, role, "service_role"),
            capabilities=self._capabilities(template),
            one_way=self._flag("one_way", False),
            operated=operated,
        )
        literals = {name: value.value for name, value in parameters.items() if isinstance(value, Literal)}
        for problem in secrets.problems(template, stack.region, literals):
            self._say(problem)
        return stack


def _between(stacks: Mapping[str, Stack], outside: frozenset[str]) -> Iterator[str]:
    """What is wrong between the stacks."""
    for key, stack in stacks.items():
        referred = [(f"parameter {name}", value) for name, value in stack.parameters.items() if isinstance(value, Output)]
        if stack.service_role:
            referred.append(("service_role", stack.service_role))
        for where, value in referred:
            if value.stack in stacks:
                declared = stacks[value.stack].template.outputs
                if value.output not in declared:
                    yield f"stack {key}: {where} wants the output {value.output} of {value.stack}, which has {', '.join(sorted(declared)) or 'none'}"
            elif value.stack not in outside:
                yield f"stack {key}: {where} names the stack {value.stack}, which is not in the graph; correct the key or add the stack"
        for other in stack.needs:
            if other not in stacks and other not in outside:
                yield f"stack {key}: needs names the stack {other}, which is not in the graph; correct the key or add the stack"
    path = order.cycle(order.edges_of(stacks))
    if path:
        yield f"the stacks need each other in a circle: {' -> '.join(path)}; take one of these references out"


def read_graph(
    graph: Mapping[str, Any],
    *,
    account: str = "",
    regions: Iterable[str] = (),
    outside: Iterable[str] = (),
    imported: Callable[[Stack], Iterable[str]] = lambda _stack: (),
) -> dict[str, Stack]:
    """`{key: Stack}` of the map that roles render, in the order of the keys.

    `account` and `regions`: what the credentials and the platform allow, empty for not checked. `outside`: keys of stacks that are not of this graph but may be
    referred to (their outputs come from elsewhere). `imported`: logical ids that an import
    takes over; with DeletionPolicy Retain they need no guards yet.
    Raises StackError with all problems of all stacks: shape, references, template limits and forbidden things, secrets, missing protection of stateful
    resources, cycles.
    """
    if not isinstance(graph, Mapping):
        raise StackError(f"stacks is a {type(graph).__name__}; give a map of stacks by <region>/<stack name>")
    problems: list[str] = []
    stacks: dict[str, Stack] = {}
    names: dict[tuple[str, str], str] = {}
    for key, given in sorted(graph.items(), key=lambda item: str(item[0])):
        if not isinstance(key, str) or not isinstance(given, Mapping):
            problems.append(f"stack {key}: is a {type(given).__name__}; give a map with {', '.join(REQUIRED)}")
            continue
        reader = _Reader(key, given, account, tuple(regions))
        stack = reader.read()
        problems += reader.problems
        if stack is None:
            continue
        stacks[key] = stack
        # Names are compared as the service does in its own addresses: in one region, whatever the case.
        other = names.setdefault((stack.region, stack.name.lower()), key)
        if other != key:
            problems.append(f"stack {key}: the name {stack.name} is also that of {other} in {stack.region}; names are unique in a region")
        # What is imported is as it is; the update after the import brings its guards.
        taken = {one for one in imported(stack) if (stack.template.resources.get(one) or {}).get("DeletionPolicy") == "Retain"}
        findings = [found for found in stateful.findings(stack) if found.resource not in taken]
        problems += [f"stack {key}: {found.resource} ({found.type}) {found.problem}; {found.remedy}" for found in findings]
    # What could not be read would be reported a second time as an unknown reference.
    problems += _between(stacks, frozenset(outside) | (set(graph) - set(stacks)))
    if problems:
        raise StackError(problems)
    return stacks
