# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Until when the versions are supported."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._preflight.end_of_life import as_date

SOON = 90


def support(minor: str, cycles: Mapping[str, Mapping[str, Any]], live: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """`{end_of_life, extended, source}` of a minor: EKS' own word (`live`), else the table's (`cycles`), else nulls. Raises ValueError for what is no day."""
    for source, table in (("eks", live), ("end_of_life", cycles)):
        found = table.get(minor) or {}
        days = {key: as_date(found[key], f"{key} of {minor}").isoformat() if found.get(key) else None for key in ("end_of_life", "extended")}
        if any(days.values()):
            return {**days, "source": source}
    return {"end_of_life": None, "extended": None, "source": None}


def findings(now: str, to: str, supported: Mapping[str, Mapping[str, Any]], today: datetime.date, accepted: bool = False) -> tuple[list[str], list[str]]:
    """`(problems, warnings)`: a version to go to must be supported, if only in its extended support, or `accepted` as a step on the way."""
    problems, warnings = [], []
    for minor in dict.fromkeys((now, to)):
        row = supported[minor]
        end, extended = (datetime.date.fromisoformat(row[key]) if row[key] else None for key in ("end_of_life", "extended"))
        last = max((day for day in (end, extended) if day), default=None)
        if end is None:
            warnings.append(f"nothing says until when Kubernetes {minor} is supported; add it to end_of_life")
        elif last and last < today:
            if minor == to and to != now and not accepted:
                remedy = "correct to, or set accept_end_of_life where it is a step on the way to a later one"
                problems.append(f"Kubernetes {to} is past its end of life (on {last}); {remedy}")
            else:
                warnings.append(f"Kubernetes {minor} is past its end of life (on {last}): it gets no corrections, and EKS moves its control plane up by itself")
        elif end < today:
            warnings.append(f"Kubernetes {minor} is past its standard support ({end}), in extended support, which costs more, until {extended}")
        elif (end - today).days <= SOON:
            warnings.append(f"Kubernetes {minor} is in standard support until {end} only, {(end - today).days} days from now")
    return problems, warnings
