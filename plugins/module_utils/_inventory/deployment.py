# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""One deployment, which is a host of an inventory, against the contract."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._application.validation import problems as application_problems
from ansible_collections.llmops.platform.plugins.module_utils._inventory.contract import COMMON
from ansible_collections.llmops.platform.plugins.module_utils._inventory.contract import Contract
from ansible_collections.llmops.platform.plugins.module_utils._inventory.layering import merge
from ansible_collections.llmops.platform.plugins.module_utils._inventory.schema import OPAQUE
from ansible_collections.llmops.platform.plugins.module_utils._inventory.schema import Finding
from ansible_collections.llmops.platform.plugins.module_utils._inventory.schema import check
from ansible_collections.llmops.platform.plugins.module_utils._inventory.schema import meant
from ansible_collections.llmops.platform.plugins.module_utils._inventory.schema import missing

# From the bottom up.
LAYERS = ("_shared", "", "_environment", "_deployment")
# A part of something else: what is missing in it may stand elsewhere.
PARTS = ("_shared", "_environment", "_deployment", COMMON, "_defaults")

# Ansible's own, those that AWX and molecule put into an inventory, and, with an underscore in front, the inventory's own.
FOREIGN = ("ansible_", "awx_", "molecule_", "tower_", "_")


@dataclass
class Deployment:
    """A host: its resolved variables, those of them that the inventory's files define, and the roles' defaults below."""

    name: str
    inventory: str
    groups: frozenset[str]
    values: dict[str, Any]
    defaults: dict[str, Any] = field(default_factory=dict)

    def value(self, name: str) -> Any:
        return self.values.get(name, self.defaults.get(name))

    def layered(self, name: str) -> Any:
        """The variable with its layers merged; None where it is not there or not a map."""
        layers = [self.value(name + suffix) for suffix in LAYERS]
        if not all(isinstance(layer, Mapping) for layer in layers if layer is not None):
            return None
        present = [layer for layer in layers if layer is not None]
        result = merge(*present) if present else None
        common = self.value(name + COMMON)
        if result and isinstance(common, Mapping):
            result = {key: merge(common, value) if isinstance(value, Mapping) else value for key, value in result.items()}
        return result

    @property
    def components(self) -> dict[str, Any]:
        """The roles that its platform declares."""
        return self.layered("platform_components") or {}


def judge(deployment: Deployment, contract: Contract) -> list[Finding]:
    """Everything that is wrong with one deployment's own variables."""
    found = [*_variables(deployment, contract), *_components(deployment, contract), *_missing(deployment, contract)]
    known = {finding.path for finding in found}
    return found + [finding for finding in (*_services(deployment, found), *_replicas(deployment)) if finding.path not in known]


def _variables(deployment: Deployment, contract: Contract) -> Iterator[Finding]:
    for name, value in deployment.values.items():
        if name.startswith(FOREIGN):
            continue
        option = contract.option(name)
        if option is None:
            close = meant(name, contract.options)
            remedy = f"did you mean {close}?" if close else "remove it, or begin its name with an underscore if it is your own"
            yield Finding((name,), value, "is a variable that no role knows", remedy)
        else:
            yield from check(value, option, (name,))


def _components(deployment: Deployment, contract: Contract) -> Iterator[Finding]:
    for suffix in LAYERS:
        declared = deployment.values.get(f"platform_components{suffix}")
        for name, value in declared.items() if isinstance(declared, Mapping) else ():
            if name not in contract.roles and value is not None:
                close = meant(str(name), contract.roles)
                yield Finding((f"platform_components{suffix}", str(name)), value, "is no role", f"did you mean {close}?" if close else "remove it")


def _missing(deployment: Deployment, contract: Contract) -> Iterator[Finding]:
    wanted = {"platform", *(name for name, used in deployment.components.items() if used)}
    for role in sorted(wanted & contract.roles.keys()):
        for name in contract.roles[role]:
            option = contract.options[name]
            if option.get("required") and deployment.value(name) is None and name not in deployment.values:
                yield from missing({}, {"options": {name: option}}, ())
            elif not name.endswith(PARTS):
                yield from missing(deployment.layered(name), option, (name,))


def _services(deployment: Deployment, found: list[Finding]) -> Iterator[Finding]:
    """What contradicts itself in the services, by role application's own rules."""
    services, configurations = deployment.layered("application_services"), deployment.layered("application_configurations")
    defaults = deployment.value("application_service_defaults")
    broken = {finding.path[1] for finding in found if len(finding.path) > 1 and finding.path[0].startswith("application_services")}
    if not isinstance(services, Mapping) or any(finding.path[0] == f"application_services{COMMON}" for finding in found):
        return
    whole = {name: merge(defaults or {}, service) for name, service in services.items() if name not in broken and isinstance(service, Mapping)}
    whole = {name: service for name, service in whole.items() if not _unknown_in(service)}
    shared = configurations if isinstance(configurations, Mapping) and not _unknown_in(configurations) else {}
    secrets = deployment.value("application_secrets")
    declared = secrets if isinstance(secrets, Mapping) and deployment.value("application_secret_delivery") != "existing" else None
    for sentence in application_problems(whole, shared, declared):
        # Each is "path is value, why; remedy".
        dotted, _space, rest = sentence.partition(" ")
        problem, _semicolon, remedy = rest.rpartition("; ")
        path = tuple(dotted.rstrip(":").split("."))
        yield Finding(path, _at(whole, path[1:]), problem, remedy, final=True)


def _replicas(deployment: Deployment) -> Iterator[Finding]:
    """Numbers of pods that somebody wrote although the autoscaler would take them away again."""
    services = deployment.layered("application_services")
    for name, service in services.items() if isinstance(services, Mapping) else ():
        replicas, most = _at(service, ("replicas",)), _at(service, ("scaling", "max"))
        if isinstance(replicas, int) and isinstance(most, int) and replicas > most:
            path = ("application_services", str(name), "replicas")
            yield Finding(path, replicas, f"is more than scaling.max {most}", "remove it, the autoscaler decides, or raise scaling.max", final=True)


def _unknown_in(value: Any) -> bool:
    if isinstance(value, Mapping):
        return any(_unknown_in(item) for item in value.values())
    return value is OPAQUE or (isinstance(value, list) and any(_unknown_in(item) for item in value))


def _at(value: Any, path: tuple[str, ...]) -> Any:
    for part in path:
        value = value.get(part) if isinstance(value, Mapping) else None
    return value
