# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Tables of cost that a document gives, beside the estimate of what it describes: line by line, with what makes the difference.

`cost_documented_*` hold the document's figures as they stand there. Each of our lines belongs to at most one of the document's; what belongs to none is what
the document leaves out.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from decimal import Decimal
from decimal import localcontext
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._cost import documented_notes
from ansible_collections.llmops.platform.plugins.module_utils._cost import documented_parts
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import CostError
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import decimal
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import plain
from ansible_collections.llmops.platform.plugins.module_utils._cost.sums import DIGITS

PREFIX = "cost_documented_"
# A document's line: the SKUs and the components that are ours of it. `{}` is the provider.
LINES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "control_plane": (("/eks/cluster", "/eks/extended-support", "/aks/", "/gke/"), ()),
    "nodes": (("/ec2/", "/eks/auto-mode/", "/fargate/", "/vm/", "/gce/"), ()),
    "databases": (("/rds/", "/rds-postgresql/"), ("postgresql",)),
    "elasticache": (("/elasticache",), ("redis",)),
    "msk": (("/msk/",), ("kafka",)),
    "load_balancers": (("/nlb/", "/alb/", "/lb/"), ()),
    "nat": (("/nat/",), ()),
    "transfer": (("/transfer/", "/peering/"), ()),
    "storage": (("/ebs/", "/efs/", "/disk/", "/s3/"), ()),
    "logs": (("/cloudwatch/logs",), ()),
    "monitoring": (("/cloudwatch/",), ("monitoring", "logging", "tracing")),
    "dns": (("/route53/",), ()),
    "secrets": (("/secrets/",), ()),
    "registry": (("/ecr/", "/acr/"), ()),
    "backups": (("/s3/", "/backup/", "/ebs/snapshot"), ("backup",)),
}
# The documents' other names for the same.
SAME = {"eks": "control_plane", "ec2": "nodes", "rds": "databases", "load_balancer": "load_balancers"}


def documented(figures: Mapping[str, Any], estimate: Mapping[str, Any], title: str = "") -> list[dict[str, Any]]:
    """One table, or none where `figures` (the variables of a host) have no `cost_documented_monthly_usd` or are for another environment.

    `{title, lines: [{line, documented, ours, difference, parts: [{cause, usd}], explanation, ids}], total, left_out, savings, notes}`, money as decimal text. A
    difference is ours (effective, expected) less the document's and the exact sum of its parts. Raises CostError for a line that is not known.
    """
    amounts = figures.get(f"{PREFIX}monthly_usd") or {}
    for name in ("monthly_usd", "quantities"):
        if not isinstance(figures.get(f"{PREFIX}{name}") or {}, Mapping):
            raise CostError(f"{PREFIX}{name} is {figures[f'{PREFIX}{name}']!r}; give a map of figures by the document's lines")
    environment = figures.get(f"{PREFIX}for")
    if not amounts or (environment and figures.get("platform_environment") not in (None, environment)):
        return []
    with localcontext() as context:
        context.prec = DIGITS
        documented_usd = {name: decimal(value, f"{PREFIX}monthly_usd[{name}]") for name, value in amounts.items()}
        here = [row for row in estimate["lines"] if not row.get("standby")]
        ours, rest = assigned(list(documented_usd), here)
        quantities = {name: decimal(value, f"{PREFIX}quantities[{name}]") for name, value in (figures.get(f"{PREFIX}quantities") or {}).items()}
        lines = [_line(name, usd, ours[name], quantities) for name, usd in documented_usd.items()]
        left_out = _left_out(rest, [row for row in estimate["lines"] if row.get("standby")])
        total = _total(lines, left_out, documented_usd)
        return [
            {
                "title": title or str(figures.get("platform_name") or "the platform").replace("_", " "),
                "environment": environment,
                "lines": [*lines, *left_out],
                "total": total,
                "left_out": [entry["line"] for entry in left_out],
                "savings": documented_notes.savings(figures, documented_usd, here),
                "notes": documented_notes.notes(figures, documented_usd, quantities, ours, left_out, total, rest),
            }
        ]


def assigned(names: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> tuple[dict[str, list[Mapping[str, Any]]], list[Mapping[str, Any]]]:
    """Our rows by the document's lines, and those of none. A component that a line names wins over a SKU, the narrower SKU over the wider."""
    for name in names:
        if SAME.get(name, name) not in LINES:
            raise CostError(f"{PREFIX}monthly_usd has {name}, which is no line of a bill; known are {', '.join(sorted({*LINES, *SAME}))}")
    found: dict[str, list[Mapping[str, Any]]] = {name: [] for name in names}
    rest = []
    for row in rows:
        path = row["sku"].removeprefix(row["provider"])
        fitting = [(_fit(name, row, path, names), -place) for place, name in enumerate(names)]
        best, place = max(fitting)
        if best:
            found[names[-place]].append(row)
        else:
            rest.append(row)
    return found, rest


def _fit(name: str, row: Mapping[str, Any], path: str, names: Sequence[str]) -> int:
    skus, components = LINES[SAME.get(name, name)]
    if row["component"] in components:
        return 1000
    if SAME.get(name, name) == "nodes" and row["component"] == "cluster" and path.startswith("/ebs/") and "storage" not in names:
        return 1
    # Objects are the backups' where the document has a line for them.
    return max([len(sku) + (SAME.get(name, name) == "backups") for sku in skus if path.startswith(sku)], default=0)


def _line(name: str, usd: Decimal, rows: Sequence[Mapping[str, Any]], quantities: Mapping[str, Decimal]) -> dict[str, Any]:
    parts, explanation = documented_parts.explained(SAME.get(name, name), usd, rows, quantities)
    ours = documented_parts.effective(rows)
    return {
        "line": name,
        "documented": plain(usd),
        "ours": None if ours is None else plain(ours),
        "difference": None if ours is None else plain(ours - usd),
        "parts": [{"cause": cause, "usd": plain(amount)} for cause, amount in parts if amount],
        "explanation": explanation,
        "ids": [row["id"] for row in rows],
    }


def _left_out(rest: Sequence[Mapping[str, Any]], standby: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for row in rest:
        groups.setdefault(_group(row), []).append(row)
    if standby:
        groups["standby region"] = list(standby)
    found = []
    for name, rows in groups.items():
        ours = documented_parts.effective(rows)
        found.append(
            {
                "line": name,
                "documented": None,
                "ours": None if ours is None else plain(ours),
                "difference": None if ours is None else plain(ours),
                "parts": [] if ours is None else [{"cause": "left_out", "usd": plain(ours)}],
                "explanation": [f"the document leaves this out; {documented_parts.made_of(rows)}"],
                "ids": [row["id"] for row in rows],
            }
        )
    return sorted(found, key=lambda entry: (entry["ours"] is not None, -Decimal(entry["ours"] or 0), entry["line"]))


def _group(row: Mapping[str, Any]) -> str:
    path = row["sku"].removeprefix(row["provider"])
    for name in ("control_plane", "nat"):
        if path.startswith(LINES[name][0]):
            return {"control_plane": "control plane", "nat": "NAT gateways"}[name]
    return str(row["component"])


def _total(lines: Sequence[Mapping[str, Any]], left_out: Sequence[Mapping[str, Any]], usd: Mapping[str, Decimal]) -> dict[str, Any]:
    known = [entry for entry in (*lines, *left_out) if entry["ours"] is not None]
    unknown = sorted(entry["line"] for entry in (*lines, *left_out) if entry["ours"] is None)
    ours, theirs = sum((Decimal(entry["ours"]) for entry in known), Decimal(0)), sum(usd.values(), Decimal(0))
    explanation = [f"INCOMPLETE: no price for all of {', '.join(unknown)}"] if unknown else []
    return {"line": "total", "documented": plain(theirs), "ours": plain(ours), "difference": plain(ours - theirs), "explanation": explanation}
