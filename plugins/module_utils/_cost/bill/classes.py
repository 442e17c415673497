# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Classes of the managed data services at AWS: sizes by family. A class that is in none of the tables is refused with the nearest of them."""

from __future__ import annotations

from decimal import Decimal

SMALL = ("micro", "small", "medium", "large", "xlarge", "2xlarge")
INTEL_5 = ("large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge", "24xlarge")
INTEL_6 = (*INTEL_5, "32xlarge")
GRAVITON = ("large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge")
GRAVITON_8 = (*GRAVITON, "24xlarge", "48xlarge")

# https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.DBInstanceClass.html
RDS = {
    "t3": SMALL,
    "t4g": SMALL,
    **dict.fromkeys(("m5", "m5d", "r5", "r5b", "r5d"), INTEL_5),
    **dict.fromkeys(("m6i", "m6id", "m6idn", "m6in", "r6i", "r6id", "r6idn", "r6in"), INTEL_6),
    **dict.fromkeys(("m7i", "r7i"), (*INTEL_5, "48xlarge")),
    **dict.fromkeys(("m6g", "m6gd", "r6g", "r6gd", "m7g", "r7g", "x2g"), GRAVITON),
    **dict.fromkeys(("m8g", "m8gd", "r8g", "r8gd"), GRAVITON_8),
}

# https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheNodes.SupportedTypes.html
_BURST = {"micro": "0.5", "small": "1.37", "medium": "3.09"}
_GENERAL = {
    "large": "6.38", "xlarge": "12.93", "2xlarge": "26.04", "4xlarge": "52.26", "8xlarge": "103.68", "12xlarge": "157.12", "16xlarge": "209.55",
    "24xlarge": "314.32",
}  # fmt: skip
_MEMORY = {
    "large": "13.07", "xlarge": "26.32", "2xlarge": "52.82", "4xlarge": "105.81", "8xlarge": "209.55", "12xlarge": "317.77", "16xlarge": "419.09",
    "24xlarge": "635.61",
}  # fmt: skip


def _sizes(table: dict[str, str], *without: str) -> dict[str, Decimal]:
    return {size: Decimal(gib) for size, gib in table.items() if size not in without}


# GiB that Redis or Valkey may fill: maxmemory of the type, from
# https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/ParameterGroups.Engine.html
ELASTICACHE = {
    "t3": _sizes(_BURST),
    "t4g": _sizes(_BURST),
    "m5": _sizes(_GENERAL, "8xlarge", "16xlarge"),
    "m6g": _sizes(_GENERAL, "24xlarge"),
    "m7g": _sizes(_GENERAL, "24xlarge"),
    "r5": _sizes(_MEMORY, "8xlarge", "16xlarge"),
    "r6g": _sizes(_MEMORY, "24xlarge"),
    "r7g": _sizes(_MEMORY, "24xlarge"),
}

# https://docs.aws.amazon.com/msk/latest/developerguide/broker-instance-types.html
MSK = {
    "t3": ("small",),
    "m5": ("large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge", "24xlarge"),
    "m7g": GRAVITON,
}

# https://docs.aws.amazon.com/opensearch-service/latest/developerguide/supported-instance-types.html
_SEARCH = ("large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge")
OPENSEARCH = {
    "t3": ("small", "medium"),
    "c5": ("large", "xlarge", "2xlarge", "4xlarge", "9xlarge", "18xlarge"),
    "m5": ("large", "xlarge", "2xlarge", "4xlarge", "12xlarge"),
    "r5": ("large", "xlarge", "2xlarge", "4xlarge", "12xlarge"),
    **dict.fromkeys(("c6g", "m6g", "r6g"), _SEARCH),
    **dict.fromkeys(("c7g", "m7g", "r7g"), ("medium", *_SEARCH, "16xlarge")),
}

# https://docs.aws.amazon.com/amazon-mq/latest/developer-guide/broker-instance-types.html
MQ = {
    "t3": ("micro",),
    "m5": ("large", "xlarge", "2xlarge", "4xlarge"),
    "m7g": ("medium", "large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge"),
}


def vcpus(size: str) -> int:
    """Of a class of RDS: two up to large, from xlarge on four times the number before it.

    https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.DBInstanceClass.Summary.html
    """
    head = size.removesuffix("xlarge")
    return 2 if head == size else 4 * int(head or 1)
