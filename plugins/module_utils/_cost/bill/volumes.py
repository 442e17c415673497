# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Volumes of data services that run in the cluster: their pods are on nodes that are counted already."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.data import Owner
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.reading import amount
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.reading import choice
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.reading import count
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import CostError
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Line
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Quantity
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import fixed
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import ranged
from ansible_collections.llmops.platform.plugins.module_utils._inventory.layering import merge

# Parameters of the classes that role cluster_baseline makes; a test holds them against its vars/main/storage.yml.
CLASSES = {
    "aws": {"fast-ssd": {"type": "gp3", "iops": "3000", "throughput": "125"}, "standard-ssd": {"type": "gp3"}},
    "azure": {"fast-ssd": {"skuName": "Premium_LRS"}, "standard-ssd": {"skuName": "StandardSSD_LRS"}, "shared-filesystem": {"skuName": "Premium_LRS"}},
    "gcp": {"fast-ssd": {"type": "pd-ssd"}, "standard-ssd": {"type": "pd-balanced"}, "shared-filesystem": {"tier": "standard"}},
}
AWS_TYPES = ("gp2", "gp3", "io1", "io2", "sc1", "st1")
AZURE_KINDS = {"Premium_LRS": "premium-gb", "StandardSSD_LRS": "standard-ssd-gb"}
SHARED = {"aws": "aws/efs/standard", "azure": "azure/files/premium", "gcp": "gcp/filestore/basic"}
# What comes with gp3: https://docs.aws.amazon.com/ebs/latest/userguide/general-purpose.html
IOPS, THROUGHPUT = 3000, 125
# Of EBS; no volume is larger: https://docs.aws.amazon.com/ebs/latest/userguide/volume_constraints.html
MOST_GIB = 65536


def volumes(variables: Mapping[str, Any], owner: Owner, number: int, settings: Mapping[str, Any], where: str, *, why: str = "") -> list[Line]:
    """`number` volumes of `storage_gib` in `storage_class`, each with what its class adds to gp3's baseline. None without storage_gib.

    `where`: the variable that declares them. Raises CostError: an unknown class, a size that is none.
    """
    if settings.get("storage_gib") is None or not number:
        return []
    size = count(settings["storage_gib"], f"{where}.storage_gib", least=1, most=MOST_GIB)
    most = count(settings.get("storage_max_gib", size), f"{where}.storage_max_gib", most=MOST_GIB)
    if most < size:
        raise CostError(f"{where}.storage_max_gib is {most}, less than storage_gib {size}; give at least that")
    name = settings.get("storage_class") or variables.get("cluster_baseline_default_storage_class") or "standard-ssd"
    place = owner.place
    sku, parameters = _sku(variables, place.provider, name, f"{where}.storage_class")
    labels = {"storage_class": name, "volumes": str(number), **({"pool": settings["node_pool"]} if settings.get("node_pool") else {})}
    made = [owner.line("volumes", sku, ranged(size, size, most).times(number), "GB-month", assumption=why, **labels)]
    if sku != "aws/ebs/gp3":
        return made
    for key, least, part, unit in (("iops", IOPS, "aws/ebs/gp3-iops", "IOPS-month"), ("throughput", THROUGHPUT, "aws/ebs/gp3-throughput", "MBps-month")):
        beyond = amount(parameters.get(key, least), f"cluster_baseline_storage_classes.{name}.parameters.{key}", 1_000_000) - least
        if beyond > 0:
            made.append(owner.line(f"volumes {key}", part, fixed(beyond).times(number), unit, assumption=why, **labels))
    return made


def volumes_of(variables: Mapping[str, Any], owner: Owner, size: Quantity, name: str, why: str) -> Line:
    """A line of GB on volumes of the default class, where the size is that of what lies on them. Raises CostError for an unknown class."""
    kind = variables.get("cluster_baseline_default_storage_class") or "standard-ssd"
    sku, _parameters = _sku(variables, owner.place.provider, kind, "cluster_baseline_default_storage_class")
    return owner.line(name, sku, size, "GB-month", usage=True, assumption=why, storage_class=kind)


def _sku(variables: Mapping[str, Any], provider: str, name: str, where: str) -> tuple[str, dict[str, Any]]:
    if name == "shared-filesystem":
        return SHARED[provider], {}
    declared = variables.get("cluster_baseline_storage_classes") or {}
    own = {key: (value or {}).get("parameters") or {} for key, value in declared.items() if value is not None}
    known = merge({key: value for key, value in CLASSES[provider].items() if declared.get(key, {}) is not None}, own)
    parameters = known[choice(name, where, [*known, "shared-filesystem"])]
    if provider == "aws":
        kind = choice(parameters.get("type", "gp3"), f"cluster_baseline_storage_classes.{name}.parameters.type", AWS_TYPES)
        return f"aws/ebs/{kind}", parameters
    if provider == "azure":
        kind = str(parameters.get("skuName", "StandardSSD_LRS"))
        return f"azure/disk/{AZURE_KINDS.get(kind, kind.lower())}", parameters
    return f"gcp/disk/{parameters.get('type', 'pd-balanced')}", parameters
