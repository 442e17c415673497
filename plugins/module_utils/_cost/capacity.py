# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""vCPUs and memory of instance types, by the rule of their names."""

from __future__ import annotations

import re
from decimal import Decimal

# GiB for each vCPU by the first letter of a family: https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-types.html
GIB_PER_VCPU = {"c": 2, "m": 4, "r": 8}
NAME = re.compile(r"(c|m|r)[0-9]+[a-z]*(?:-flex)?\.([0-9]*)(medium|large|xlarge)")
LADDER = {"medium": 1, "large": 2, "xlarge": 4}
# Burstable ones do not follow the rule; all of their generations are alike.
BURSTABLE = {"nano": (2, "0.5"), "micro": (2, "1"), "small": (2, "2"), "medium": (2, "4"), "large": (2, "8"), "xlarge": (4, "16"), "2xlarge": (8, "32")}
T_NAME = re.compile(r"(?:t3|t3a|t4g)\.([0-9]?[a-z]+)")
# Network-heavy ones that have a third more memory than others of their letter.
OTHERS = re.compile(r"c5n\.")
GIB = Decimal(1024**3)


def capacity(instance_type: str) -> tuple[Decimal, Decimal] | None:
    """`(vCPUs, bytes)` of one instance; None where the name's rule does not say it."""
    burstable = T_NAME.fullmatch(instance_type)
    if burstable and burstable[1] in BURSTABLE:
        vcpus, gib = BURSTABLE[burstable[1]]
        return Decimal(vcpus), Decimal(gib) * GIB
    found = NAME.fullmatch(instance_type)
    if not found or OTHERS.match(instance_type) or (found[2] and found[3] != "xlarge"):
        return None
    vcpus = Decimal(LADDER[found[3]] * int(found[2] or 1))
    return vcpus, vcpus * GIB_PER_VCPU[found[1]] * GIB
