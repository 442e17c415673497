# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filters of role encryption: keys and secrets of the inventory as its templates render them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._encryption import keys as key_functions
from ansible_collections.llmops.platform.plugins.module_utils._encryption import secrets
from ansible_collections.llmops.platform.plugins.module_utils._encryption import stacks
from ansible_collections.llmops.platform.plugins.module_utils._stacks.names import aws_name
from ansible_collections.llmops.platform.plugins.plugin_utils._filters import as_filter


def encryption_keys(keys: Mapping[str, Any], settings: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Keys with alias, policy and part in a multi-Region pair."""
    aliases = {name: aws_name(name, "alias", settings["platform"], settings["environment"]) for name in keys if not (keys[name] or {}).get("alias")}
    return key_functions.key_entries(
        keys,
        aliases=aliases,
        region=settings["region"],
        primary_region=settings["primary_region"],
        replica_regions=settings["replica_regions"],
        administrators=settings["administrators"],
    )


class FilterModule:
    """The filters by name."""

    def filters(self) -> dict:
        return {
            "encryption_keys": as_filter("encryption_keys", encryption_keys),
            "encryption_key_parameters": as_filter("encryption_key_parameters", stacks.key_parameters),
            "encryption_key_facts": as_filter("encryption_key_facts", stacks.key_facts),
            "encryption_secrets": as_filter("encryption_secrets", secrets.secret_entries),
            "encryption_secret_policy": as_filter("encryption_secret_policy", secrets.secret_policy),
            "encryption_secret_parameters": as_filter("encryption_secret_parameters", stacks.secret_parameters),
            "encryption_secret_facts": as_filter("encryption_secret_facts", stacks.secret_facts),
        }
