# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Inventories as Ansible itself reads and resolves them, in the controller's process and without a play."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from pathlib import Path
from typing import Any

from ansible.errors import AnsibleError
from ansible.inventory.helpers import sort_groups
from ansible.inventory.host import Host
from ansible.inventory.manager import InventoryManager
from ansible.parsing.dataloader import DataLoader
from ansible.parsing.vault import EncryptedString
from ansible.template import Templar
from ansible.vars.hostvars import HostVars
from ansible.vars.manager import VariableManager
from ansible.vars.plugins import get_vars_from_inventory_sources

from ansible_collections.llmops.platform.plugins.module_utils._inventory.contract import COMMON
from ansible_collections.llmops.platform.plugins.module_utils._inventory.deployment import LAYERS
from ansible_collections.llmops.platform.plugins.module_utils._inventory.deployment import Deployment
from ansible_collections.llmops.platform.plugins.module_utils._inventory.schema import OPAQUE
from ansible_collections.llmops.platform.plugins.module_utils._inventory.templates import with_lookups
from ansible_collections.llmops.platform.plugins.plugin_utils._action import plain

try:
    # What ansible-core 2.19 and newer attach to every value that they load from YAML.
    from ansible._internal._datatag._tags import Origin
except ImportError:
    Origin = None


def origin(value: Any) -> tuple[str, int] | None:
    """File and line in which a value was written; None for what no file holds."""
    tag = Origin.get_tag(value) if Origin else None
    if tag is None or not tag.path:
        return None
    return os.path.relpath(tag.path), tag.line_num or 0


# What stands for a value that is not looked up.
UNKNOWN = "(known only in a run)"


@dataclass
class LoadedHost:
    """A deployment with what is needed to say where its values come from."""

    deployment: Deployment
    #: The variables as they are written, and the very key that each of them was written with.
    written: dict[str, Any]
    keys: dict[str, Any]
    #: Templates that could not be resolved: path to template and error.
    failures: dict[tuple[str, ...], tuple[str, str]] = field(default_factory=dict)
    #: Variables that the command line overrides.
    extra: frozenset[str] = frozenset()

    def place(self, path: tuple[str, ...], final: bool = False) -> tuple[str, int] | None:
        """Where the value at a path, or the nearest one above it, was written; `final`: in the uppermost of its layers."""
        if path[0] in self.extra:
            return "--extra-vars", 0
        for layer in (*reversed(LAYERS), COMMON) if final else ():
            layered = (path[0] + layer, *(path[2:] if layer == COMMON else path[1:]))
            if self._has(layered):
                return self._place(layered)
        return self._place(path)

    def _has(self, path: tuple[str, ...]) -> bool:
        value: Any = self.written
        for part in path:
            if not isinstance(value, Mapping) or part not in value:
                return False
            value = value[part]
        return True

    def _place(self, path: tuple[str, ...]) -> tuple[str, int] | None:
        if path[0] not in self.keys:
            return None
        value, found = self.written[path[0]], origin(self.written[path[0]]) or origin(self.keys[path[0]])
        for part in path[1:]:
            key: Any = None
            if isinstance(value, Mapping):
                key = next((key for key in value if str(key) == part), None)
                value = value.get(key)
            elif isinstance(value, (list, tuple)) and part.isdigit() and int(part) < len(value):
                value = value[int(part)]
            else:
                break
            found = (None if isinstance(value, Mapping) else origin(value)) or origin(key) or found
        return found


class Inventory:
    """One inventory: a file or folder, or several that are used together."""

    def __init__(self, loader: DataLoader, sources: list[str]) -> None:
        self.loader, self.sources = loader, sources
        self.manager = InventoryManager(loader=loader, sources=sources)
        self.variables = VariableManager(loader=loader, inventory=self.manager)
        HostVars(self.manager, self.variables, loader)
        self._by_group: dict[str, dict[str, Any]] = {}
        if not self.manager.hosts:
            raise AnsibleError(f"there is no host in {', '.join(sources)}")

    def hosts(self, defaults: Mapping[str, Any]) -> Iterator[LoadedHost]:
        """All hosts, resolved. `defaults`: the roles' own values, below everything of the inventory."""
        for host in self.manager.hosts.values():
            variables = {**defaults, **self.variables.get_vars(host=host)}
            keys = self._keys(host)
            written = {name: variables[name] for name in keys}
            resolver = Resolver(self.loader, variables)
            values = {name: resolver.variable(name, value) for name, value in written.items() if not name.startswith("ansible_")}
            failures = dict(resolver.failures)
            below = {name: resolver.variable(name, value) for name, value in defaults.items() if name not in keys}
            groups = frozenset(group.name for group in host.get_groups())
            name = os.path.relpath(self.sources[0]) if len(self.sources) == 1 else ", ".join(map(os.path.relpath, self.sources))
            extra = frozenset(map(str, self.variables.extra_vars))
            yield LoadedHost(Deployment(str(host.name), name, groups, values, below), written, keys, failures, extra)

    def lazy(self, defaults: Mapping[str, Any], limit: str = "") -> Iterator[Lazy]:
        """The variables of all hosts, or those of pattern `limit`, each resolved when it is read: whoever needs few of them does not wait for all."""
        self.manager.subset(limit or None)
        for host in self.manager.get_hosts():
            yield Lazy(self.loader, {**defaults, **self.variables.get_vars(host=host)})

    def _keys(self, host: Host) -> dict[str, Any]:
        """The variables that files define, each as the key of the file that wins.

        Ansible's own merge keeps the first file's key, which would name the wrong line for a value that cannot carry its origin (true, false, null).
        """
        found: dict[str, Any] = {}
        for group in sort_groups(host.get_groups()):
            if group.name not in self._by_group:
                from_files = get_vars_from_inventory_sources(self.loader, self.sources, [group], "task")
                self._by_group[group.name] = {**{key: key for key in group.get_vars()}, **{key: key for key in from_files}}
            _take(found, self._by_group[group.name])
        _take(found, {key: key for key in host.vars})
        _take(found, {key: key for key in get_vars_from_inventory_sources(self.loader, self.sources, [host], "task")})
        return {str(key): key for key in found.values() if str(key) not in ("inventory_file", "inventory_dir")}


def _take(found: dict[str, Any], layer: Mapping[str, Any]) -> None:
    for key, item in layer.items():
        found.pop(key, None)
        found[key] = item


class Resolver:
    """Templates resolved value by value, so that a failure has a path; nothing is looked up."""

    def __init__(self, loader: DataLoader, variables: dict[str, Any]) -> None:
        # As they are found, values take their templates' places, so that what names them does not resolve them again.
        self._variables = dict(variables)
        self.templar = Templar(loader=loader, variables=self._variables)
        self.failures: dict[tuple[str, ...], tuple[str, str]] = {}
        # The variables of all other hosts are resolved when they are looked at: not here.
        self._unknown = with_lookups({name: value for name, value in variables.items() if name != "hostvars"})
        self._uses_unknown = re.compile(rf"\b({'|'.join(map(re.escape, self._unknown))})\b") if self._unknown else None

    def variable(self, name: str, value: Any) -> Any:
        """The value of a whole variable."""
        found = self.resolve(value, (name,))
        if not _unknown(found):
            self._variables[name] = found
        return found

    def resolve(self, value: Any, path: tuple[str, ...]) -> Any:
        if isinstance(value, Mapping):
            return {str(key) if isinstance(key, str) else key: self.resolve(item, (*path, str(key))) for key, item in value.items()}
        if isinstance(value, (list, tuple)):
            return [self.resolve(item, (*path, str(number))) for number, item in enumerate(value)]
        if not isinstance(value, str):
            # An encrypted value is text; the key to it is not asked for.
            return OPAQUE if isinstance(value, EncryptedString) else plain(value)
        if "{" not in value or not self.templar.is_template(value):
            return str(value)
        if path[0] in self._unknown or (self._uses_unknown and self._uses_unknown.search(value)):
            return OPAQUE
        try:
            return plain(self.templar.template(value))
        except AnsibleError as error:
            self.failures[path] = (str(value), said(error))
            return OPAQUE


class Lazy(Mapping[str, Any]):
    """A host's variables as plain data. Secrets and what only a run finds out are UNKNOWN."""

    def __init__(self, loader: DataLoader, variables: dict[str, Any]) -> None:
        self._variables = variables
        self._resolver = Resolver(loader, variables)
        self._known: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._known:
            self._known[name] = shown(self._resolver.resolve(self._variables[name], (name,)))
        return self._known[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._variables)

    def __len__(self) -> int:
        return len(self._variables)

    def __contains__(self, name: object) -> bool:
        return name in self._variables


def shown(value: Any) -> Any:
    """Resolved data with UNKNOWN in the place of what only a run finds out."""
    if value is OPAQUE:
        return UNKNOWN
    if isinstance(value, Mapping):
        return {key: shown(item) for key, item in value.items()}
    return [shown(item) for item in value] if isinstance(value, list) else value


def _unknown(value: Any) -> bool:
    """Whether any part of a value is one that only the real run will know."""
    if isinstance(value, Mapping):
        return any(map(_unknown, value.values()))
    return any(map(_unknown, value)) if isinstance(value, (list, tuple)) else value is OPAQUE


def said(error: Exception) -> str:
    """The cause of an error, without what went on around it and without the excerpt of the file."""
    texts = []
    cause: BaseException | None = error
    while cause is not None:
        texts.append(str(getattr(cause, "_original_message", None) or cause).strip().splitlines()[0])
        cause = cause.__cause__
    return texts[-1].rstrip(".")


def headline(error: Exception) -> str:
    """An error's own first line."""
    return str(error).strip().splitlines()[0].rstrip(".")


def role_defaults(loader: DataLoader, roles: list[Path]) -> dict[str, Any]:
    """The defaults of all roles in one map."""
    found: dict[str, Any] = {}
    for role in roles:
        for file in sorted([*role.glob("defaults/main.yml"), *role.glob("defaults/main/*.yml")]):
            found.update(loader.load_from_file(str(file), cache="all", unsafe=True, trusted_as_template=True) or {})
    return found


def variable_files(loader: DataLoader, folder: Path) -> tuple[dict[str, set[str]], list[tuple[str, int, str]]]:
    """What stands beside an inventory: the names of variables by group, and `(file, line, error)` of what cannot be read."""
    groups: dict[str, set[str]] = {}
    broken: list[tuple[str, int, str]] = []
    for kind in ("group_vars", "host_vars"):
        for entry in sorted((folder / kind).glob("*")):
            for file in sorted(entry.rglob("*")) if entry.is_dir() else [entry]:
                if file.suffix not in (".yml", ".yaml", ".json") or file.is_dir():
                    continue
                try:
                    content = loader.load_from_file(str(file), cache="all", unsafe=True, trusted_as_template=True) or {}
                    if not isinstance(content, Mapping):
                        raise AnsibleError("it is no map of variables")
                except AnsibleError as error:
                    broken.append((*(_origin_of(error) or (os.path.relpath(file), 0)), headline(error)))
                else:
                    groups.setdefault(entry.stem, set()).update(map(str, content))
    return groups, broken


def _origin_of(error: AnsibleError) -> tuple[str, int] | None:
    # A parser's error carries its place in its text only.
    match = re.search(r"^Origin: (.+?):([0-9]+)(?::[0-9]+)?$", getattr(error, "_formatted_source_context", None) or "", re.MULTILINE)
    return (os.path.relpath(match[1]), int(match[2])) if match else None
