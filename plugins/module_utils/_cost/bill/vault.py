# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Vault's pods with their volumes; what it unseals with is component encryption's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._cost.bill import data
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.reading import count
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.volumes import volumes
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Line
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Place

# GiB of server.dataStorage and server.auditStorage: https://developer.hashicorp.com/vault/docs/platform/k8s/helm/configuration
CHART_GIB = 10


def lines(variables: Mapping[str, Any], place: Place) -> list[Line]:
    """A volume for each server's data, with vault_audit_log another for its log, of the chart's size. Raises CostError: a count that is none."""
    if not data.runs(variables, place):
        return []
    servers = count(variables.get("vault_replicas", 1), "vault_replicas", least=1, most=99)
    each = 2 if variables.get("vault_audit_log") else 1
    why = f"the chart's {CHART_GIB} GiB for data{' and as much for the audit log' if each == 2 else ''}"
    return volumes(variables, data.Owner(place, "vault", "vault"), servers * each, {"storage_gib": CHART_GIB}, "vault", why=why)
