# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filter layered: the platform's figures, the environment's over them, the deployment's on top."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.llmops.platform.plugins.module_utils._inventory.layering import merge


def layered(base: Mapping[str, Any], *overlays: Mapping[str, Any]) -> dict[str, Any]:
    """The merged map; see the documentation of the filter."""
    try:
        return merge(base, *overlays)
    except TypeError as error:
        raise AnsibleFilterError(f"layered - {error}") from error


class FilterModule:
    """The filter by name."""

    def filters(self) -> dict:
        return {"layered": layered}
