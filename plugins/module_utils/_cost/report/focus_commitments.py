# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""FOCUS' columns of a commitment: what a line takes of one, and what is committed and unused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._cost.report.focus_units import unit

CATEGORIES = {"reserved": "Usage", "instance_savings_plan": "Spend", "compute_savings_plan": "Spend"}
TYPES = {"reserved": "Reserved", "instance_savings_plan": "Instance Savings Plan", "compute_savings_plan": "Compute Savings Plan"}
PREFIX = "commitment/"


def is_unused(row: Mapping[str, Any]) -> bool:
    """Whether the row is what is committed and pays for nothing."""
    return row["sku"].startswith(PREFIX)


def of(row: Mapping[str, Any], estimate: Mapping[str, Any]) -> dict[str, Any]:
    """The columns by name, none where no commitment pays for the line; where several do, those of the most specific one."""
    for entry in estimate["commitments"]:
        if is_unused(row):
            # Commitments of two accounts may have one name.
            if row["sku"] == f"{PREFIX}{entry['name']}" and row["cost"]["effective"]["expected"] == entry["unused"]:
                return _columns(row, entry, "Unused", (entry["unused_quantity"], "Hours"), (entry["unused"], estimate["currency"]))
        elif used := entry["used"].get(row["id"]):
            return _columns(row, entry, "Used", (used["quantity"], unit(row["unit"])), (used["cost"], estimate["currency"]))
    return {}


def _columns(row: Mapping[str, Any], entry: Mapping[str, Any], status: str, usage: tuple[str, str], spend: tuple[str, str]) -> dict[str, Any]:
    category = CATEGORIES[entry["kind"]]
    quantity, measured = usage if category == "Usage" else spend
    return {
        "CommitmentDiscountCategory": category,
        "CommitmentDiscountId": f"{row['platform']}-{row['environment']}/{entry['name']}",
        "CommitmentDiscountName": entry["name"],
        "CommitmentDiscountQuantity": quantity,
        "CommitmentDiscountStatus": status,
        "CommitmentDiscountType": TYPES[entry["kind"]],
        "CommitmentDiscountUnit": measured,
    }
