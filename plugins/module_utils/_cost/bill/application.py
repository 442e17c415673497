# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Applications: load balancers of their own Services, and volumes. Their pods are on nodes that are counted already."""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.parts import balancer
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.parts import balancer_kind
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.reading import amount
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.reading import layered
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import CostError
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Line
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Place
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import fixed
from ansible_collections.llmops.platform.plugins.module_utils._inventory.layering import merge

# https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/, in GiB
SIZE = re.compile(r"([0-9]+(?:\.[0-9]+)?)(Ki|Mi|Gi|Ti|Pi|k|M|G|T|P)?")
FACTORS = {"Ki": 2**10, "Mi": 2**20, "Gi": 2**30, "Ti": 2**40, "Pi": 2**50, "k": 10**3, "M": 10**6, "G": 10**9, "T": 10**12, "P": 10**15, None: 1}
# Volumes that one pod at a time writes, and those that many do.
DISKS = {
    "aws": ("aws/ebs/gp3", "aws/efs/standard"),
    "azure": ("azure/disk/premium-gb", "azure/files/premium"),
    "gcp": ("gcp/disk/pd-balanced", "gcp/filestore/basic"),
}


def gib(value: Any, what: str) -> Decimal:
    """GiB of a Kubernetes quantity, such as 10Gi. Raises CostError."""
    found = SIZE.fullmatch(value) if isinstance(value, str) else None
    if not found:
        raise CostError(f"{what} is {value!r}; give a size such as 10Gi")
    return amount(Decimal(found[1]) * FACTORS[found[2]] / 2**30, what, Decimal(1_000_000))


def lines(variables: Mapping[str, Any], place: Place) -> list[Line]:
    """A load balancer for each Service of type LoadBalancer or with `load_balancer`, and GB-months of each volume. Raises CostError naming the service."""
    if place.provider not in DISKS:
        return []
    common = merge(variables.get("application_service_defaults") or {}, variables.get("application_services_common") or {})
    found: list[Line] = []
    for name, service in sorted(layered(variables, "application_services").items()):
        whole = merge(common, service or {})
        # Both, and the Service is public twice.
        public = [kind for kind, yes in (("service", _typed(whole)), ("public service", _second(whole))) if yes]
        for kind in public:
            found += balancer(place, "application", f"{name} {kind}", variables, balancer_kind(variables, place, "nlb"), busy=False)
        found += _volumes(name, whole, place)
    return found


def _typed(service: Mapping[str, Any]) -> bool:
    return (service.get("service") or {}).get("type") == "LoadBalancer"


def _second(service: Mapping[str, Any]) -> bool:
    return bool(service.get("load_balancer"))


def _volumes(name: str, service: Mapping[str, Any], place: Place) -> Iterator[Line]:
    one, many = DISKS[place.provider]
    for volume, settings in sorted((service.get("volumes") or {}).items()):
        where = f"application_services.{name}.volumes.{volume}.size"
        size, shared = gib((settings or {}).get("size"), where), (settings or {}).get("access_mode") == "ReadWriteMany"
        labels = {"storage_class": str((settings or {}).get("storage_class", ""))}
        why = "full to its declared size" if shared else ""
        sku = many if shared else one
        yield Line(place, "application", name, f"volume {volume}", sku, fixed(size), "GB-month", stateful=True, assumption=why, labels=labels)
