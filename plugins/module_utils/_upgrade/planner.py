# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""From a cluster, and EKS where it is one of EKS, to the plan of its upgrade."""

from __future__ import annotations

import base64
import binascii
import datetime
import hashlib
import ssl
from collections.abc import Mapping
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._upgrade import addons
from ansible_collections.llmops.platform.plugins.module_utils._upgrade import budgets
from ansible_collections.llmops.platform.plugins.module_utils._upgrade import deprecations
from ansible_collections.llmops.platform.plugins.module_utils._upgrade import nodes
from ansible_collections.llmops.platform.plugins.module_utils._upgrade import plan
from ansible_collections.llmops.platform.plugins.module_utils._upgrade import removals
from ansible_collections.llmops.platform.plugins.module_utils._upgrade import support
from ansible_collections.llmops.platform.plugins.module_utils._upgrade import versions
from ansible_collections.llmops.platform.plugins.module_utils._upgrade import webhooks
from ansible_collections.llmops.platform.plugins.module_utils._upgrade.cluster import ClusterReader
from ansible_collections.llmops.platform.plugins.module_utils._upgrade.eks import EksReader
from ansible_collections.llmops.platform.plugins.module_utils._upgrade.eks import insight_findings

Findings = tuple[list[str], list[str]]


class Planner:
    """One plan. `arguments`: the module's options; `eks` is None for a cluster that is not one of EKS."""

    def __init__(self, arguments: Mapping[str, Any], reader: ClusterReader, eks: EksReader | None, ca_sha256: str, today: datetime.date) -> None:
        self._options, self._reader, self._eks, self._ca, self._today = arguments, reader, eks, ca_sha256, today
        self._problems: list[str] = []
        self._warnings: list[str] = []

    def make(self) -> dict[str, Any]:
        """The module's result, without `changed`. Raises ValueError for an option that cannot be meant."""
        options = self._options
        order = plan.checked_order(options["order"])
        api_version = self._reader.version()
        cluster = self._eks.cluster() if self._eks else None
        now = versions.minor_of(cluster["version"] if cluster else api_version, "the control plane's version")
        to = versions.minor_of(options["to"], "to") if options["to"] else now + 1
        self._problems += versions.way_problems(now, to)
        if cluster and options["same_cluster"]:
            authority = (cluster.get("certificateAuthority") or {}).get("data")
            self._say(*plan.same_cluster(cluster, self._ca, fingerprint(authority), api_version))
        self._warnings += plan.table_warning(to)
        row, *found = plan.control_plane(now, to, api_version, cluster, options["kubectl_version"])
        self._say(*found)
        lifecycle = self._support(now, to)
        groups = self._eks.node_groups() if self._eks else {}
        rows, pools = self._nodes(groups, now, to)
        addon_rows = self._addons(now, to)
        removed = self._removed(now, to)
        blocking, lost = self._pods()
        hooks = self._reader.webhooks()
        self._warnings += [webhooks.warning(hook) for hook in hooks]
        for reader in filter(None, (self._reader, self._eks)):
            self._say(reader.problems, reader.warnings)
        return {
            "cluster": options["cluster_name"] or "",
            "from": versions.text(now),
            "to": versions.text(to),
            "steps": plan.steps(now, to, order, addon_rows, pools),
            "control_plane": row,
            "support": lifecycle,
            "nodes": rows,
            "pools": [pool | {"oldest": versions.text(pool["oldest"]) if pool["oldest"] is not None else None} for pool in pools],
            "addons": addon_rows,
            "removed_apis": removed,
            "blocking_budgets": blocking,
            **lost,
            "webhooks": [hook | {"service": "/".join(hook["service"])} for hook in hooks],
            "problems": list(dict.fromkeys(self._problems)),
            "warnings": list(dict.fromkeys(self._warnings)),
        }

    def _say(self, problems: list[str], warnings: list[str]) -> None:
        self._problems += problems
        self._warnings += warnings

    def _support(self, now: int, to: int) -> dict[str, dict[str, Any]]:
        live = self._eks.versions() if self._eks else None
        minors = dict.fromkeys(map(versions.text, (now, to)))
        found = {minor: support.support(minor, self._options["end_of_life"], live or {}) for minor in minors}
        self._say(*support.findings(versions.text(now), versions.text(to), found, self._today, self._options["accept_end_of_life"]))
        if live and to > now and not (live.get(versions.text(to)) or {}).get("offered"):
            offered = ", ".join(sorted((minor for minor, one in live.items() if one["offered"]), key=addons.order_of))
            self._problems.append(f"EKS does not offer Kubernetes {versions.text(to)}, only {offered}; correct to")
        return found

    def _nodes(self, groups: Mapping[str, Mapping[str, Any]], now: int, to: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        order = self._options["pools"]
        rows = self._reader.nodes(self._options["pool_labels"], now)
        pools = nodes.pools(rows, groups, self._options["pool_labels"], order, now)
        self._say(*nodes.findings(rows, pools, order, now, to))
        for name, group in groups.items():
            self._warnings += [f"node group {name}: {issue}" for issue in group["issues"]]
            if group["ami"] == "CUSTOM":
                self._warnings.append(f"node group {name} has an AMI of its own: EKS does not move it, its launch template needs an image of the new minor")
        return rows, pools

    def _addons(self, now: int, to: int) -> list[dict[str, Any]]:
        wanted = self._options["addons"]
        if not self._eks:
            if wanted:
                self._warnings.append("addons is set, and the cluster is not one of EKS (no cluster_name): nobody looks at it")
            return []
        installed = self._eks.addons()
        described = self._eks.addon_versions({*installed, *wanted})
        rows = []
        for minor in map(versions.text, versions.way(now, to) or [now]):
            of_minor, *found = addons.judged(minor, installed, wanted, addons.offered(described, minor))
            rows += of_minor
            self._say(*found)
        return rows

    def _removed(self, now: int, to: int) -> list[dict[str, Any]]:
        going = removals.between(now, to)
        rows = self._reader.removed(going, now, to)
        if self._eks and to > now:
            insights = self._eks.insights()
            rows += deprecations.told(insights, going, now, to)
            self._say(*insight_findings(insights, versions.text(now), versions.text(to)))
        known = [row for row in rows if deprecations.accepted(row, self._options["accept_removed"])]
        self._warnings += [f"{sentence} (accepted by accept_removed)" for sentence in deprecations.said(known, self._reader.left_out)]
        return sorted((row for row in rows if row not in known), key=lambda row: (row["api"], row["kind"], row["namespace"], row["name"]))

    def _pods(self) -> tuple[list[dict[str, Any]], dict[str, Any]]:
        all_budgets = self._reader.budgets()
        pods = self._reader.pods(all_budgets)
        blocking = budgets.blocking(all_budgets)
        self._say(budgets.problems(blocking) + pods.problems(), pods.warnings())
        lost = {"unmanaged_pods": pods.unmanaged, "local_volumes": pods.local, "emptydir_pods": pods.scratch, "overlapping_budgets": pods.overlapping}
        left_out = {name: capped.left_out for name, capped in lost.items() if capped.left_out}
        left_out |= {f"removed_apis/{name}": number for name, number in self._reader.left_out.items()}
        return blocking, {**{name: capped.rows for name, capped in lost.items()}, "left_out": left_out}


def fingerprint(data: str | None) -> str:
    """SHA-256 of the first certificate of EKS' `certificateAuthority.data` (base64 of PEM), empty for what is none."""
    start, end = "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"
    try:
        text = base64.b64decode(data or "", validate=True).decode("ascii")
        return hashlib.sha256(ssl.PEM_cert_to_DER_cert(text[text.index(start) : text.index(end) + len(end)])).hexdigest()
    except (ValueError, binascii.Error):
        return ""
