# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Registry: what its images fill."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.parts import used
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.reading import count
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.reading import layered
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import CostError
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Line
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Place
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Quantity
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import fixed
from ansible_collections.llmops.platform.plugins.module_utils._registry.repositories import repositories

# What one more version of a service's image adds, its base being shared with the version before.
IMAGE_GB = Decimal("0.1")


def lines(variables: Mapping[str, Any], place: Place) -> list[Line]:
    """GB of the repositories at ECR: cost_usage.registry_gb, else between one and registry_keep_images images of 0.1 GB in each; GB copied to the
    standby. Others' registries cost what their owner chose: Azure's is counted by the day as tier Standard. Raises CostError naming the variable.
    """
    provider = variables.get("registry_provider", "ecr" if place.provider == "aws" else "")
    if provider == "acr" and place.provider == "azure":
        why = "tier Standard"
        return [Line(place, "registry", "registry", "registry", "azure/acr/standard", fixed(Decimal(365) / 12), "day", assumption=why)]
    if provider != "ecr" or place.provider != "aws":
        return []
    kept = [
        count(entry.get("keep_images", variables.get("registry_keep_images", 30)), f"registry_repositories.{entry['image']}.keep_images", least=1)
        for entry in _repositories(variables)
    ]
    full = sum(kept) * IMAGE_GB
    resource, why = "AWS::ECR::Repository", f"cost_usage.registry_gb is not declared: up to {sum(kept)} images of {IMAGE_GB} GB in {len(kept)} repositories"
    otherwise = Quantity(len(kept) * IMAGE_GB, full, full)
    sku, labels = "aws/ecr/storage", {"repositories": str(len(kept))}
    found = [
        used(place, "registry", "registry", "images", sku, "GB-month", variables, "registry_gb", resource=resource, otherwise=otherwise, why=why, labels=labels)
    ]
    if variables.get("registry_replicate_to_standby") and not place.standby:
        name = "aws/transfer/inter-region"
        found.append(used(place, "registry", "registry", "copies", name, "GB", variables, "registry_replicated_gb", resource="AWS::ECR::Repository"))
    return found if kept else []


def _repositories(variables: Mapping[str, Any]) -> list[dict[str, Any]]:
    """As role registry makes them. Raises CostError naming variable and image."""
    services = layered(variables, "application_services")
    if "registry_services" in variables:
        services = layered(variables, "registry_services")
    settings = {
        "provider": "ecr",
        "server": variables.get("registry_server", ""),
        "prefix": variables.get("registry_prefix", ""),
        "keep_images": variables.get("registry_keep_images", 30),
        "immutable_tags": variables.get("registry_immutable_tags", True),
    }
    common = variables.get("registry_services_common", variables.get("application_services_common")) or {}
    try:
        return repositories(services, common, layered(variables, "registry_repositories"), settings)
    except ValueError as error:
        raise CostError(str(error)) from error
