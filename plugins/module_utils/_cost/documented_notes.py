# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""A document's own arithmetic: its sum, its target, its savings, and its figures for one thing that disagree."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN
from decimal import Decimal
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import HOURS
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import decimal
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import plain
from ansible_collections.llmops.platform.plugins.module_utils._cost.report import words
from ansible_collections.llmops.platform.plugins.module_utils._cost.terms import HUNDRED

# Memory in GiB for each vCPU of an instance type's family, and vCPUs of a size; AWS' instance types. Burstable types have 2 vCPUs up to `large`.
GIB_PER_VCPU = {"c": 2, "m": 4, "r": 8}
BURSTABLE_GIB = {"nano": "0.5", "micro": "1", "small": "2", "medium": "4", "large": "8", "xlarge": "16", "2xlarge": "32"}


def savings(figures: Mapping[str, Any], usd: Mapping[str, Decimal], rows: Sequence[Mapping[str, Any]]) -> dict[str, Any] | None:
    """What the savings that the document lists add up to, each from what those before it on the same line have left."""
    listed = figures.get("cost_savings_assumed") or {}
    if not listed:
        return None
    environment = figures.get("cost_documented_for")
    left, total = dict(usd), sum(usd.values(), Decimal(0))
    items, elsewhere = [], Decimal(0)
    for name, entry in listed.items():
        line, percent = entry["line"], entry.get("percent")
        other = entry.get("environment") and environment and entry["environment"] != environment
        saving, note = None, ""
        if line not in left:
            note = f"the document's table has no line {line}"
        elif percent is None:
            note = "the document gives no figure"
        else:
            saving = left[line] * decimal(percent, f"cost_savings_assumed[{name}].percent") / HUNDRED
            if other:
                elsewhere += saving
                note = f"for {entry['environment']} only, so not in this sum"
            else:
                left[line] -= saving
        note = "; ".join(part for part in (note, _single(name, percent, rows)) if part)
        after = sum(left.values(), Decimal(0))
        items.append({"name": name.replace("_", " "), "line": line, "saving": None if saving is None else plain(saving), "left": plain(after), "note": note})
    after = sum(left.values(), Decimal(0))
    target = _figure(figures, "cost_target_monthly_usd")
    return {
        "items": items,
        "before": plain(total),
        "after": plain(after),
        "after_elsewhere": plain(after - elsewhere),
        "target": None if target is None else plain(target),
        "unassigned": None if target is None else plain(max(after - target, Decimal(0))),
        "unassigned_elsewhere": None if target is None else plain(max(after - elsewhere - target, Decimal(0))),
    }


def _single(name: str, percent: Any, rows: Sequence[Mapping[str, Any]]) -> str:
    """One NAT gateway in place of several saves all others, not a half."""
    if "single_nat" not in name:
        return ""
    count = words.total(row["quantity"]["expected"] for row in rows if row["sku"].endswith("/nat/hour")) / HOURS
    if count <= 1:
        return ""
    exact = ((count - 1) / count * HUNDRED).quantize(Decimal(1), ROUND_HALF_EVEN)
    return f"one of {plain(count)} saves {exact} %, not {percent} %" if percent is not None and Decimal(percent) != exact else ""


def notes(
    figures: Mapping[str, Any],
    usd: Mapping[str, Decimal],
    quantities: Mapping[str, Decimal],
    ours: Mapping[str, Sequence[Mapping[str, Any]]],
    left_out: Sequence[Mapping[str, Any]],
    total: Mapping[str, Any],
    rest: Sequence[Mapping[str, Any]] = (),
) -> list[str]:
    """Sentences on the document's arithmetic and on what it leaves out. `rest`: our rows that are in none of its lines."""
    summed = sum(usd.values(), Decimal(0))
    nodes = next((name for name in ("nodes", "ec2") if name in usd), None)
    found = [_sum(figures, summed), *_target(figures, usd, summed), *_missing(summed, left_out, figures, total), *_gateways(summed, left_out, quantities, rest)]
    if nodes:
        found += _nodes(figures, nodes, usd[nodes], ours[nodes], quantities)
        found += _memory(ours[nodes], quantities)
    return [text for text in found if text]


def _figure(figures: Mapping[str, Any], name: str) -> Decimal | None:
    value = figures.get(name)
    return None if value in (None, "") else decimal(value, name)


def _sum(figures: Mapping[str, Any], summed: Decimal) -> str:
    said = _figure(figures, "cost_documented_total_usd")
    if said is None:
        return f"its lines add up to {words.money(summed)}; it gives no sum"
    if said == summed:
        return f"its lines add up to the {words.money(said)} that it gives"
    return f"its lines add up to {words.money(summed)}, it gives {words.money(said)} ({words.money(abs(summed - said))} {'less' if said < summed else 'more'})"


def _target(figures: Mapping[str, Any], usd: Mapping[str, Decimal], summed: Decimal) -> list[str]:
    target = _figure(figures, "cost_target_monthly_usd")
    if target is None:
        return []
    found = [f"its target of {words.money(target)} is {words.money(summed - target)} below its sum"]
    saved = savings(figures, usd, [])
    counted = [item for item in saved["items"] if item["saving"] is not None and "only" not in item["note"]] if saved else []
    if saved and counted:
        steps = ", ".join(f"{item['name']} {words.money(-Decimal(item['saving']), sign=True)}" for item in counted)
        text = f"the savings that it lists with a figure ({steps}) leave {words.money(saved['after'])}"
        if saved["after_elsewhere"] != saved["after"]:
            text += f", {words.money(saved['after_elsewhere'])} with those of other environments"
        if Decimal(saved["unassigned"]):
            rest = [saved["unassigned"], *([saved["unassigned_elsewhere"]] if saved["unassigned_elsewhere"] != saved["unassigned"] else [])]
            named = [item["name"] for item in saved["items"] if item["saving"] is None and "no figure" in item["note"]]
            text += f"; {' or '.join(words.money(amount) for amount in rest)} more to the target nothing is assigned to"
            text += f" ({', '.join(named)} without a figure)" if named else ""
        found.append(text)
    return found


def _missing(summed: Decimal, left_out: Sequence[Mapping[str, Any]], figures: Mapping[str, Any], total: Mapping[str, Any]) -> list[str]:
    known = [entry for entry in left_out if entry["line"] in ("control plane", "NAT gateways") and entry["ours"] is not None]
    found = []
    if known:
        names = " and ".join(f"{entry['line']} ({words.money(entry['ours'])})" for entry in known)
        found.append(f"without {names} its sum is too small; with them it is {words.money(summed + words.total(entry['ours'] for entry in known))}")
    budget = _figure(figures, "cost_budget_monthly_usd")
    if budget is not None:
        rest = budget - Decimal(total["ours"])
        found.append(
            f"of the budget of {words.money(budget)} our estimate leaves {words.money(rest)}"
            if rest >= 0
            else f"our estimate is {words.money(-rest)} over the budget of {words.money(budget)}"
        )
    return found


def _gateways(summed: Decimal, left_out: Sequence[Mapping[str, Any]], quantities: Mapping[str, Decimal], rest: Sequence[Mapping[str, Any]]) -> list[str]:
    """The sum with as many NAT gateways as the document draws, where ours are fewer or more."""
    rows = [row for row in rest if row["sku"].endswith("/nat/hour") and row["cost"]]
    theirs = quantities.get("nat_gateways")
    if theirs is None or not rows:
        return []
    ours = words.total(row["quantity"]["expected"] for row in rows) / HOURS
    if theirs == ours:
        return []
    gateways = theirs * Decimal(rows[0]["unit_price"]["list"]) * HOURS
    control = words.total(entry["ours"] for entry in left_out if entry["line"] == "control plane" and entry["ours"] is not None)
    whole = words.money(summed + control + gateways)
    return [f"it draws {plain(theirs)} NAT gateways ({words.money(gateways)}), ours are {plain(ours)}; with all that it draws its sum is {whole}"]


def _nodes(figures: Mapping[str, Any], name: str, usd: Decimal, rows: Sequence[Mapping[str, Any]], quantities: Mapping[str, Decimal]) -> list[str]:
    each, cluster = _figure(figures, "cost_documented_per_node_usd"), figures.get("cost_documented_cluster_usd") or {}
    if each is None and not cluster:
        return []
    count = quantities.get("nodes") or words.total(row["quantity"]["expected"] for row in rows if "/ebs/" not in row["sku"]) / HOURS
    texts = [f"{name} are {words.money(usd)} in its table"]
    if cluster:
        least, most = (decimal(cluster[key], f"cost_documented_cluster_usd.{key}") for key in ("least", "most"))
        texts.append(f"the cluster {words.money(least)} to {words.money(most)} in its sizing")
    if each is not None:
        texts.append(f"{plain(count.quantize(Decimal('0.1')))} nodes at the {words.money(each)} it gives for each are {words.money(count * each)}")
    ours = words.total(row["cost"]["effective"]["expected"] for row in rows if row["cost"])
    return [f"its figures disagree: {', '.join(texts)}; ours are {words.money(ours)}"]


def _memory(rows: Sequence[Mapping[str, Any]], quantities: Mapping[str, Decimal]) -> list[str]:
    said = quantities.get("memory_gb")
    found = [
        (capacity(row["sku"].rpartition("/")[2]), Decimal(row["quantity"]["expected"]) / HOURS)
        for row in rows
        if "/ec2/" in row["sku"] and "credit" not in row["sku"]
    ]
    if said is None or not found or any(own is None for own, count in found):
        return []
    vcpus = sum((own[0] * count for own, count in found if own), Decimal(0))
    memory = sum((own[1] * count for own, count in found if own), Decimal(0))
    if memory == said:
        return []
    return [f"its nodes have {plain(vcpus)} vCPUs and {plain(memory)} GB of memory, where it says {plain(said)} GB"]


def capacity(instance_type: str) -> tuple[Decimal, Decimal] | None:
    """vCPUs and GiB of memory of an EC2 instance type; None where the families' rule is not known to hold."""
    family, _dot, size = instance_type.partition(".")
    if family in ("t3", "t3a", "t4g"):
        return (Decimal({"xlarge": 4, "2xlarge": 8}.get(size, 2)), Decimal(BURSTABLE_GIB[size])) if size in BURSTABLE_GIB else None
    ratio = GIB_PER_VCPU.get(family[:1])
    if ratio is None or not family[1:2].isdigit():
        return None
    count = {"medium": 1, "large": 2, "xlarge": 4}.get(size) or (
        int(size[: -len("xlarge")]) * 4 if size.endswith("xlarge") and size[: -len("xlarge")].isdigit() else 0
    )
    return (Decimal(count), Decimal(count * ratio)) if count else None
