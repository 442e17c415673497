# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""What exists once per account and region: the trail with its bucket, key and log, scans of images."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.parts import logs
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.parts import used
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.reading import choice
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.reading import count
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Line
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Place
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import fixed

SCANS = ("BASIC", "ENHANCED")


def lines(variables: Mapping[str, Any], place: Place) -> list[Line]:
    """Of hosts with stacks_account_wide, which no platform owns. The first trail's management events are free, its files and its log are not.

    https://aws.amazon.com/cloudtrail/pricing/. Raises CostError naming the variable.
    """
    if place.provider != "aws" or not variables.get("stacks_account_wide"):
        return []
    found = []
    primary = (variables.get("platform_regions") or {}).get("primary", place.region)
    if variables.get("account_trail", True) and variables.get("account_primary_region", primary) == place.region:
        bucket = "AWS::S3::Bucket"
        found = [
            Line(place, "account", "trail", "key", "aws/kms/key", fixed(1), "key-month", "AWS::KMS::Key"),
            used(place, "account", "trail", "storage", "aws/s3/standard", "GB-month", variables, "trail_gb", resource=bucket),
        ]
        days = count(variables.get("account_trail_log_days", 400), "account_trail_log_days", most=3653)
        if days:
            found += logs(place, "account", "trail", variables, "trail_log_gb", days, "account_trail_log_days")
    if choice(variables.get("account_registry_scan_type", "BASIC"), "account_registry_scan_type", SCANS) == "ENHANCED":
        found.append(used(place, "account", "registry", "scans", "aws/inspector/image-scan", "image", variables, "registry_scanned_images"))
    return found
