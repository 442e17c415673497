# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Managed add-ons as data: before or after the nodes, their settings, the role of their pods; and what the network plugin changes in them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._cluster.versions import addon_version


@dataclass(frozen=True)
class Addon:
    """`before`: made before the nodes; the others get healthy only on nodes. `role`: key of the pod role, with its service account in kube-system."""

    before: bool = False
    role: str = ""
    service_account: str = ""


# https://docs.aws.amazon.com/eks/latest/userguide/workloads-add-ons-available-eks.html
ADDONS = {
    "vpc-cni": Addon(before=True),
    "kube-proxy": Addon(before=True),
    "eks-pod-identity-agent": Addon(before=True),
    "coredns": Addon(),
    "aws-ebs-csi-driver": Addon(role="EbsCsi", service_account="ebs-csi-controller-sa"),
    "aws-efs-csi-driver": Addon(role="EfsCsi", service_account="efs-csi-controller-sa"),
    "metrics-server": Addon(),
}
# Auto Mode has these inside: https://docs.aws.amazon.com/eks/latest/userguide/eks-add-ons.html
OF_AUTO_MODE = ("vpc-cni", "kube-proxy", "eks-pod-identity-agent", "coredns", "aws-ebs-csi-driver")
# Without the first there is no network, without the second no Service, without the third no name.
NEEDED = ("vpc-cni", "kube-proxy", "coredns")
# What a network plugin changes: who enforces network policies, and further variables of the pods' network. Addresses stay those of the VPC (chaining).
CNI: dict[str, dict[str, Any]] = {
    "provider": {"network_policy": True, "environment": {}},
    # Calico learns a pod's address from its annotation: https://docs.tigera.io/calico/latest/getting-started/kubernetes/managed-public-cloud/eks
    "calico": {"network_policy": False, "environment": {"ANNOTATE_POD_IP": "true"}},
    # https://docs.cilium.io/en/stable/installation/cni-chaining-aws-cni/
    "cilium": {"network_policy": False, "environment": {}},
}
CNI_MODES = ("chained", "replacing")


def cni_problem(cni: str, mode: str, auto_mode: bool) -> str:
    """Why this choice of a network plugin cannot be had; empty if it can."""
    if cni not in CNI:
        return f"cluster_addons_cni is {cni!r}, but this cluster is made here and has no plugin yet; write one of {', '.join(CNI)}"
    if mode not in CNI_MODES:
        return f"cluster_cni_mode is {mode!r}; it is one of {', '.join(CNI_MODES)}"
    if auto_mode and cni != "provider":
        return f"cluster_compute is auto_mode, which has a network plugin of its own, and cluster_addons_cni is {cni}; write provider, or node_groups"
    if mode == "replacing" and cni != "provider":
        return (
            f"cluster_cni_mode is replacing: {cni} instead of vpc-cni would have to be installed between the control plane and the nodes, which is not built; "
            "write chained, where vpc-cni gives the addresses and the plugin enforces policies"
        )
    return ""


def chosen(declared: Mapping[str, Any], auto_mode: bool) -> list[str]:
    """Names of the add-ons to make, sorted. Raises ValueError for one that is not known, or a missing one without which no pod runs."""
    wanted = sorted(name for name, used in declared.items() if used)
    unknown = [name for name in wanted if name not in ADDONS]
    if unknown:
        raise ValueError(f"cluster_addons_managed.{unknown[0]} is not built; there are {', '.join(sorted(ADDONS))}")
    if auto_mode:
        return [name for name in wanted if name not in OF_AUTO_MODE]
    missing = [name for name in NEEDED if name not in wanted]
    if missing:
        raise ValueError(f"cluster_addons_managed.{missing[0]} is not used, and without it no pod runs; write {missing[0]}: true")
    return wanted


def settings(name: str, declared: Mapping[str, Any]) -> dict[str, Any]:
    """What an add-on is told. `declared`: `{cni, prefix_delegation, tags, coredns_replicas: [least, most]}`."""
    if name == "vpc-cni":
        cni = CNI[declared["cni"]]
        environment = dict(cni["environment"])
        if declared["prefix_delegation"]:
            environment |= {"ENABLE_PREFIX_DELEGATION": "true", "WARM_PREFIX_TARGET": "1"}
        return {"enableNetworkPolicy": "true" if cni["network_policy"] else "false", **({"env": environment} if environment else {})}
    if name == "coredns":
        least, most = declared["coredns_replicas"]
        return {"autoScaling": {"enabled": True, "minReplicas": least, "maxReplicas": most}, "podDisruptionBudget": {"enabled": True, "maxUnavailable": 1}}
    # Volumes of claims are made by the driver, where a stack's tags do not reach.
    if name == "aws-ebs-csi-driver":
        return {"controller": {"extraVolumeTags": dict(declared["tags"])}}
    if name == "aws-efs-csi-driver":
        return {"controller": {"tags": dict(declared["tags"])}}
    return {}


def addons(names: list[str], version: str, releases: Mapping[str, Any], declared: Mapping[str, Any]) -> list[dict[str, Any]]:
    """`[{id, name, version, configuration, before, preserve, role, service_account}]`; configuration is JSON text, empty for none.

    Raises ValueError where no version fits.
    """
    found = []
    for name in names:
        row = ADDONS[name]
        try:
            pinned = addon_version(name, version, releases)
        except ValueError as error:
            raise ValueError(f"cluster_addons_managed.{name} {error}") from error
        told = settings(name, declared)
        found.append(
            {
                "id": "".join(word.capitalize() for word in name.split("-")),
                "name": name,
                "version": pinned,
                "configuration": json.dumps(told, sort_keys=True) if told else "",
                "before": row.before,
                # A network that goes while pods run takes them with it.
                "preserve": name == "vpc-cni",
                "role": row.role,
                "service_account": row.service_account,
            }
        )
    return found
