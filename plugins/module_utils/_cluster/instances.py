# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Instance types that can be nodes, out of a table of families; and the AMI types that fit them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# vCPUs of a size where a family follows AWS's ladder; of <n>xlarge it is four times n.
LADDER = {"medium": 1, "large": 2, "xlarge": 4}
LARGE = re.compile(r"([0-9]+)xlarge")
# AMI types of the EKS API by architecture and accelerator; Amazon Linux 2023 where a pool names none.
# https://docs.aws.amazon.com/eks/latest/APIReference/API_Nodegroup.html
AMI_TYPES = {
    "AL2023_x86_64_STANDARD": ("x86_64", ""),
    "AL2023_x86_64_NVIDIA": ("x86_64", "nvidia"),
    "AL2023_x86_64_NEURON": ("x86_64", "neuron"),
    "AL2023_ARM_64_STANDARD": ("arm64", ""),
    "AL2023_ARM_64_NVIDIA": ("arm64", "nvidia"),
}


@dataclass(frozen=True)
class Instance:
    """`accelerator`: nvidia, neuron or empty."""

    type: str
    architecture: str
    vcpus: int
    memory_gib: float
    accelerator: str = ""

    @property
    def ami_type(self) -> str:
        """The AMI type made for it; empty if EKS has none."""
        return next((name for name, fits in AMI_TYPES.items() if fits == (self.architecture, self.accelerator)), "")

    @property
    def max_pods(self) -> int:
        """Pods with prefix delegation: AWS recommends 110 below 30 vCPUs, else 250.

        https://docs.aws.amazon.com/eks/latest/userguide/cni-increase-ip-addresses-procedure.html
        """
        return 110 if self.vcpus < 30 else 250


def _ladder(size: str) -> int:
    found = LARGE.fullmatch(size)
    return 4 * int(found[1]) if found else LADDER[size]


def instance(name: str, families: Mapping[str, Mapping[str, Any]]) -> Instance:
    """The type by its name. `families`: as in the role's files/instance_families.yml.

    Raises ValueError that says what there is instead: no such family, no such size.
    """
    family, _dot, size = name.partition(".")
    if family not in families:
        near = sorted(known for known in families if known[:1] == family[:1]) or sorted(families)
        raise ValueError(f"is of no known family; known are {', '.join(near)}. Add a newer one by cluster_instance_families")
    row = families[family]
    sizes = row["sizes"]
    if size not in sizes:
        raise ValueError(f"is no size of {family}, which has {', '.join(sizes)}")
    if isinstance(sizes, Mapping):
        vcpus, memory = sizes[size]
    else:
        vcpus = _ladder(size)
        memory = vcpus * row["gib_per_vcpu"]
    return Instance(name, row["architecture"], int(vcpus), float(memory), row.get("accelerator", ""))


def ami_type(found: Instance, wanted: str = "") -> str:
    """The AMI type of a pool: the one that is wanted, or that of the instance. Raises ValueError where they do not fit."""
    if not wanted:
        if not found.ami_type:
            raise ValueError(f"is {found.architecture} with {found.accelerator}, for which EKS has no AMI; choose another instance type")
        return found.ami_type
    if wanted not in AMI_TYPES:
        raise ValueError(f"has ami_type {wanted}; it is one of {', '.join(AMI_TYPES)}")
    if AMI_TYPES[wanted] != (found.architecture, found.accelerator):
        kind = " with ".join(part for part in AMI_TYPES[wanted] if part)
        own = " with ".join(part for part in (found.architecture, found.accelerator) if part)
        raise ValueError(f"is {own}, the AMI {wanted} is for {kind}; write ami_type: {found.ami_type}, or choose an instance type of {kind}")
    return wanted
