# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Who uses an API that the upgrade removes: from what objects say of themselves, the API server's metric and EKS' insights."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from collections.abc import Mapping
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._k8s.catalogue import plural
from ansible_collections.llmops.platform.plugins.module_utils._upgrade.removals import Removal
from ansible_collections.llmops.platform.plugins.module_utils._upgrade.versions import minor_of
from ansible_collections.llmops.platform.plugins.module_utils._upgrade.versions import text

LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
METRIC = "apiserver_requested_deprecated_apis"
LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')
MANAGED_FIELDS, ANNOTATION, REQUESTS, INSIGHT = "managed_fields", "last_applied", "metric", "insight"

Row = dict[str, Any]


def row(removal: Removal, seen_by: list[str], by: Iterable[str] = (), namespace: str = "", name: str = "") -> Row:
    """One use of a removed API; without `name` it is known that somebody uses it, not for which object."""
    return {
        "api": removal.api,
        "kind": removal.kind,
        "namespace": namespace,
        "name": name,
        "removed_in": text(removal.removed_in),
        "replacement": removal.replacement,
        "seen_by": seen_by,
        "by": sorted(set(by)),
    }


def written_through(metadata: Mapping[str, Any], removals: Iterable[Removal]) -> list[Row]:
    """What an object's `metadata` says of the `removals` of its kind: who wrote it through one (managedFields), and what its last manifest was."""
    fields = metadata.get("managedFields") or []
    applied = _applied_api((metadata.get("annotations") or {}).get(LAST_APPLIED))
    found = []
    for removal in removals:
        managers = [entry.get("manager") or "unknown" for entry in fields if entry.get("apiVersion") == removal.api]
        seen_by = [MANAGED_FIELDS] * bool(managers) + [ANNOTATION] * (applied == removal.api)
        if seen_by:
            found.append(row(removal, seen_by, managers, metadata.get("namespace") or "", metadata.get("name") or ""))
    return found


def _applied_api(annotation: Any) -> str:
    try:
        manifest = json.loads(annotation or "{}")
    except (TypeError, ValueError):
        return ""
    return str(manifest.get("apiVersion") or "") if isinstance(manifest, dict) else ""


def requested(lines: Iterable[str], removals: Iterable[Removal], lower: int, upper: int) -> list[Row]:
    """The APIs of an API server's metrics (text exposition) that were asked for and are removed after 1.`lower`, up to 1.`upper`.

    The server's own word counts: also for an API that the table does not have.
    """
    known = {(removal.api, plural(removal.kind)): removal for removal in removals}
    found: dict[tuple[str, str], Row] = {}
    for line in lines:
        if not line.startswith(METRIC + "{"):
            continue
        labels = dict(LABEL.findall(line))
        removed = _minor(labels.get("removed_release"))
        if removed is None or not lower < removed <= upper:
            continue
        api, resource = "/".join(filter(None, (labels.get("group"), labels.get("version")))), labels.get("resource") or ""
        found[api, resource] = row(known.get((api, resource)) or Removal(api, resource, removed, ""), [REQUESTS])
    return [found[key] for key in sorted(found)]


def told(insights: Iterable[Mapping[str, Any]], removals: Iterable[Removal], lower: int, upper: int) -> list[Row]:
    """The deprecated APIs of EKS' insights (answers of DescribeInsight) that a client asked for within the last 30 days, with its user agent."""
    known = {(removal.api, removal.kind.lower()): removal for removal in removals}
    known |= {(removal.api, plural(removal.kind)): removal for removal in removals}
    found = []
    for insight in insights:
        for detail in (insight.get("categorySpecificSummary") or {}).get("deprecationDetails") or []:
            removed = _minor(detail.get("stopServingVersion"))
            agents = [stats.get("userAgent") or "unknown" for stats in detail.get("clientStats") or [] if stats.get("numberOfRequestsLast30Days")]
            if removed is None or not lower < removed <= upper or not agents:
                continue
            api, kind = _usage(detail.get("usage"))
            replacement = _usage(detail.get("replacedWith"))[0]
            found.append(row(known.get((api, kind.lower())) or Removal(api, kind, removed, replacement), [INSIGHT], agents))
    return found


def _usage(path: Any) -> tuple[str, str]:
    """`/apis/policy/v1beta1/PodSecurityPolicy` in two."""
    parts = str(path or "").strip("/").removeprefix("apis/").removeprefix("api/").split("/")
    return "/".join(parts[:-1]), parts[-1]


def _minor(version: Any) -> int | None:
    try:
        return minor_of(version, "")
    except ValueError:
        return None


def accepted(one: Row, names: Iterable[str]) -> bool:
    """Whether a row is of an API that `names` has as `api` or as `api/kind`."""
    return bool({one["api"], f"{one['api']}/{one['kind']}"} & set(names))


def said(rows: Iterable[Row], left_out: Mapping[str, int]) -> list[str]:
    """A sentence for each API and kind, with the remedy. `left_out`: number of objects beyond the rows, by `api/kind`."""
    uses: dict[tuple[str, str], list[Row]] = {}
    for one in rows:
        uses.setdefault((one["api"], one["kind"]), []).append(one)
    found = []
    for (api, kind), all_of in sorted(uses.items()):
        first, name = all_of[0], f"{api}/{kind}"
        remedy = f"use {first['replacement']}" if first["replacement"] else "there is no replacement"
        users = _shown(all_of, left_out.get(name, 0))
        found.append(f"{api} {kind} is not served from {first['removed_in']} on and is in use: {users}; {remedy} in manifests and clients")
    return found


def _shown(rows: list[Row], more: int) -> str:
    objects = [f"{one['namespace']}/{one['name']}".lstrip("/") for one in rows if one["name"]]
    words = objects[:5]
    if len(objects) - len(words) + more:
        words.append(f"{len(objects) - len(words) + more} more objects")
    by = sorted({who for one in rows for who in one["by"]})
    asked = sorted({source for one in rows for source in one["seen_by"]} & {REQUESTS, INSIGHT})
    words += [{REQUESTS: "requests since the API server's start", INSIGHT: "requests that EKS counted"}[source] for source in asked]
    return ", ".join(words) + (f" (by {', '.join(by[:5])})" if by else "")
