# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filter end_of_life_findings: pinned versions against a table of ends of life."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.llmops.platform.plugins.module_utils._preflight.end_of_life import judge


def end_of_life_findings(pins: Mapping, table: Mapping, today: Any, overrides: Mapping | None = None) -> list[dict[str, Any]]:
    """What is to say of each pin; see the documentation of the filter."""
    for name, value in (("the input", pins), ("table", table), ("overrides", {} if overrides is None else overrides)):
        if not isinstance(value, Mapping):
            raise AnsibleFilterError(f"end_of_life_findings - {name} is {type(value).__name__}, not a map")
    try:
        return judge(pins, table, today, overrides)
    except ValueError as error:
        raise AnsibleFilterError(f"end_of_life_findings - {error}") from error


class FilterModule:
    """The filter by name."""

    def filters(self) -> dict:
        return {"end_of_life_findings": end_of_life_findings}
