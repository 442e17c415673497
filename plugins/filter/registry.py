# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filters of role registry: where images are kept, and the repositories as its template renders them."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._registry import account
from ansible_collections.llmops.platform.plugins.module_utils._registry import policies
from ansible_collections.llmops.platform.plugins.module_utils._registry import repositories
from ansible_collections.llmops.platform.plugins.plugin_utils._filters import as_filter


def repository_facts(entries: Iterable[Mapping[str, Any]], outputs: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """Repositories by image; `arn` is empty where there is none, or none yet."""
    told = ("name", "uri", "services", "immutable_tags")
    return {entry["image"]: {**{key: entry[key] for key in told}, "arn": outputs.get(f"{entry['id']}Arn", "")} for entry in entries}


class FilterModule:
    """The filters by name."""

    def filters(self) -> dict:
        functions = {
            "registry_server": repositories.server,
            "registry_prefix": repositories.prefix,
            "registry_repositories": repositories.repositories,
            "registry_repository_facts": repository_facts,
            "registry_lifecycle_policy": policies.lifecycle_policy,
            "registry_repository_policy": policies.repository_policy,
            "registry_account_settings": account.account_settings,
        }
        return {name: as_filter(name, function) for name, function in functions.items()}
