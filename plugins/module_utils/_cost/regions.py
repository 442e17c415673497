# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Regions that prices can be of."""

from __future__ import annotations

import difflib

from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import CostError

# The region whose figure stands in where another's is not known.
HOME = {"aws": "us-east-1", "azure": "eastus", "gcp": "us-central1"}
# AWS: the commercial partition as botocore 1.43 lists it. Others: those that the collection's inventories may name.
KNOWN = {
    "aws": frozenset(
        {
            "af-south-1",
            "ap-east-1",
            "ap-east-2",
            "ap-northeast-1",
            "ap-northeast-2",
            "ap-northeast-3",
            "ap-south-1",
            "ap-south-2",
            "ap-southeast-1",
            "ap-southeast-2",
            "ap-southeast-3",
            "ap-southeast-4",
            "ap-southeast-5",
            "ap-southeast-6",
            "ap-southeast-7",
            "ca-central-1",
            "ca-west-1",
            "eu-central-1",
            "eu-central-2",
            "eu-north-1",
            "eu-south-1",
            "eu-south-2",
            "eu-west-1",
            "eu-west-2",
            "eu-west-3",
            "il-central-1",
            "me-central-1",
            "me-south-1",
            "mx-central-1",
            "sa-east-1",
            "us-east-1",
            "us-east-2",
            "us-west-1",
            "us-west-2",
        }
    ),
}


def provider_of(sku: str) -> str:
    """The provider in a SKU. Raises CostError where there is none."""
    found = sku.partition("/")[0]
    if found not in HOME or sku.count("/") < 2:
        raise CostError(f"SKU is {sku!r}; give <provider>/<service>/<what>, the provider one of {', '.join(HOME)}")
    return found


def home(sku: str) -> str:
    """Where a stand-in for the SKU's price is from."""
    return HOME[provider_of(sku)]


def unknown(provider: str, region: str) -> list[str]:
    """The nearest regions of a provider that has no such region; empty where it has, or where they are not known."""
    known = KNOWN.get(provider) or {region}
    return [] if region in known else difflib.get_close_matches(region, sorted(known), n=3, cutoff=0.0)


def check(sku: str, region: str) -> None:
    """Raises CostError, with near matches, for a region that the SKU's provider does not have. Azure's and Google's are not listed, so not checked."""
    provider = provider_of(sku)
    if near := unknown(provider, region):
        raise CostError(f"{sku}: {region!r} is not a region of {provider}; near: {', '.join(near)}")
