# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Judges whole inventories by the roles' contract; documented in the module of the same name."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ansible.errors import AnsibleError

from ansible_collections.llmops.platform.plugins.module_utils._inventory import checks
from ansible_collections.llmops.platform.plugins.module_utils._inventory.contract import Contract
from ansible_collections.llmops.platform.plugins.module_utils._inventory.contract import ContractError
from ansible_collections.llmops.platform.plugins.module_utils._inventory.contract import build
from ansible_collections.llmops.platform.plugins.module_utils._inventory.deployment import judge
from ansible_collections.llmops.platform.plugins.module_utils._inventory.report import merged
from ansible_collections.llmops.platform.plugins.module_utils._inventory.report import shown
from ansible_collections.llmops.platform.plugins.module_utils._inventory.report import summary
from ansible_collections.llmops.platform.plugins.module_utils._inventory.schema import Finding
from ansible_collections.llmops.platform.plugins.module_utils._inventory.schema import meant
from ansible_collections.llmops.platform.plugins.module_utils._inventory.templates import UNDEFINED
from ansible_collections.llmops.platform.plugins.module_utils._inventory.templates import causes
from ansible_collections.llmops.platform.plugins.plugin_utils._action import ApiAction
from ansible_collections.llmops.platform.plugins.plugin_utils._action import plain
from ansible_collections.llmops.platform.plugins.plugin_utils._inventory import Inventory
from ansible_collections.llmops.platform.plugins.plugin_utils._inventory import LoadedHost
from ansible_collections.llmops.platform.plugins.plugin_utils._inventory import headline
from ansible_collections.llmops.platform.plugins.plugin_utils._inventory import role_defaults
from ansible_collections.llmops.platform.plugins.plugin_utils._inventory import variable_files

ROLES = Path(__file__).resolve().parents[2] / "roles"


class ActionModule(ApiAction):
    """Read-only."""

    errors = (ContractError,)

    def work(self, arguments: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        begin, processor = time.monotonic(), time.process_time()
        specs = [Path(file) for file in arguments["specs"] or contract_files()]
        contract = build((str(file), file.parent.parent.name, self._document(file)) for file in specs)
        inventories = [[path] for path in arguments["inventories"] or ()] or [list(task_vars.get("ansible_inventory_sources") or ())]
        rows: list[dict[str, Any]] = []
        hosts = list(self._hosts(inventories, role_defaults(self._loader, sorted({file.parent.parent for file in specs})), rows))
        rows += self._rows(hosts, contract, inventories)
        problems = merged(rows)
        result = {"changed": False, "problems": problems, "hosts": len(hosts)}
        result |= {"seconds": round(time.monotonic() - begin, 2), "processor_seconds": round(time.process_time() - processor, 2)}
        return {**result, "failed": True, "msg": summary(problems)} if problems else result

    def _document(self, file: Path) -> dict[str, Any]:
        content = plain(self._loader.load_from_file(str(file), cache="all", unsafe=True))
        if not isinstance(content, dict):
            raise ContractError(f"{file} is no map of roles")
        return content

    def _hosts(self, inventories: list[list[str]], defaults: dict[str, Any], rows: list[dict[str, Any]]) -> Iterator[LoadedHost]:
        for sources in inventories:
            broken = [problem for folder in _folders([sources]) for problem in variable_files(self._loader, folder)[1]]
            rows += [_unreadable(*problem) for problem in broken]
            try:
                # All of it or nothing: half an inventory would look as if the other half were missing.
                yield from list(Inventory(self._loader, [source if "," in source else str(Path(source).resolve()) for source in sources]).hosts(defaults))
            except AnsibleError as error:
                # Nearly always it is one of the files that were just named.
                if not any(text in headline(error) for _file, _line, text in broken):
                    rows.append(_unreadable(", ".join(os.path.relpath(source) for source in sources), 0, headline(error)))

    def _rows(self, hosts: list[LoadedHost], contract: Contract, inventories: list[list[str]]) -> Iterator[dict[str, Any]]:
        deployments = [host.deployment for host in hosts]
        of = {id(host.deployment): host for host in hosts}
        groups = [variable_files(self._loader, folder)[0] for folder in _folders(inventories)]
        strays = checks.platforms(deployments, {name for group in groups for name, variables in group.items() if "platform_name" in variables})
        lost = {id(deployment) for located in strays for deployment in located.deployments}
        for host in hosts:
            # Without its platform's variables nothing else can be said about a deployment.
            if id(host.deployment) not in lost:
                for finding in (*judge(host.deployment, contract), *_failures(host)):
                    yield _row(finding, host)
        located = [*strays, *checks.names(deployments), *checks.regions(deployments), *checks.networks(deployments)]
        for entry in located:
            for deployment in entry.deployments:
                yield _row(entry.finding, of[id(deployment)], entry.inventory)
            if not entry.deployments:
                yield _row(entry.finding, None, entry.inventory)


def contract_files() -> list[str]:
    """The contract of this collection: the roles' argument specs, and what preflight adds to them."""
    return [str(file) for file in (*sorted(ROLES.glob("*/meta/argument_specs.yml")), *sorted((ROLES / "preflight" / "files").glob("*_roles.yml")))]


def _failures(host: LoadedHost) -> Iterator[Finding]:
    failures = host.failures
    known = [*host.deployment.values, *host.deployment.defaults]
    for path in sorted(causes({path: template for path, (template, _error) in failures.items()})):
        template, error = failures[path]
        undefined = UNDEFINED.search(error)
        close = meant(undefined[1], known) if undefined else None
        remedy = f"did you mean {close}?" if close else f"define {undefined[1]} or correct its name" if undefined else "correct the template"
        yield Finding(path, template, f"cannot be resolved: {error}", remedy)


def _row(finding: Finding, host: LoadedHost | None, inventory: str = "") -> dict[str, Any]:
    file, line = (inventory, 0) if inventory else (host.place(finding.path, finding.final) if host else None) or (host.deployment.inventory if host else "", 0)
    return {
        "file": file,
        "line": line,
        "host": host.deployment.name if host else "",
        "variable": ".".join(finding.path),
        "value": shown(finding.path, finding.value, finding.remedy if finding.remedy.startswith("did you mean") else ""),
        "problem": finding.problem,
        "remedy": finding.remedy,
    }


def _folders(inventories: list[list[str]]) -> set[Path]:
    # A source with a comma is a list of hosts.
    paths = [Path(source).resolve() for sources in inventories for source in sources if "," not in source]
    return {path if path.is_dir() else path.parent for path in paths}


def _unreadable(file: str, line: int, error: str) -> dict[str, Any]:
    row = {"file": file, "line": line, "host": "", "variable": "(file)", "value": "null"}
    return {**row, "problem": f"cannot be read: {error}", "remedy": "correct it"}
