# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""The foundation of each deployment at AWS: the state bucket with its key. Stacks of AWS' own types are free."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.parts import used
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Line
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Place
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import fixed

# Journals of a run are some ten kilobytes; a year of daily runs with all their versions stays far below it.
STATE_GB = "0.1"
THOUSANDTH = Decimal("0.001")


def lines(variables: Mapping[str, Any], place: Place) -> list[Line]:
    """One key, GB of the bucket, thousands of writes and of reads. Raises CostError naming the figure."""
    if place.provider != "aws":
        return []
    bucket, thousand = "AWS::S3::Bucket", "1k requests"
    why = f"cost_usage.state_gb is not declared: {STATE_GB} GB of journals and records"
    return [
        Line(place, "stacks", "state", "key", "aws/kms/key", fixed(1), "key-month", "AWS::KMS::Key"),
        used(place, "stacks", "state", "storage", "aws/s3/standard", "GB-month", variables, "state_gb", resource=bucket, otherwise=STATE_GB, why=why),
        _requests(place, variables, "writes", "aws/s3/put", "state_puts", thousand),
        _requests(place, variables, "reads", "aws/s3/get", "state_gets", thousand),
    ]


def _requests(place: Place, variables: Mapping[str, Any], name: str, sku: str, figure: str, unit: str) -> Line:
    return used(place, "stacks", "state", name, sku, unit, variables, figure, factor=THOUSANDTH, resource="AWS::S3::Bucket")
