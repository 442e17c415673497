# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""The bill of materials of one deployment: every component that it switches on, and what comes with any account."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._cost.bill import account
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill import application
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill import backup
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill import cloudwatch
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill import cluster
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill import edge
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill import elasticsearch
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill import encryption
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill import extra
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill import identity
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill import images
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill import istio
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill import kafka
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill import logging
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill import monitoring
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill import network
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill import object_storage
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill import postgresql
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill import rabbitmq
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill import redis
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill import stacks
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill import tracing
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill import transfer
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill import vault
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.reading import components
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import CostError
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Line
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Place

Lines = Callable[[Mapping[str, Any], Place], list[Line]]

# A module `_cost/bill/<component>.py` each, with `lines(variables, place)`. The key is the name in platform_components.
COMPONENTS: dict[str, Lines] = {
    "account": account.lines,
    "application": application.lines,
    "cloudwatch": cloudwatch.lines,
    "cluster": cluster.lines,
    "edge": edge.lines,
    "encryption": encryption.lines,
    "identity": identity.lines,
    "registry": images.lines,
    "istio": istio.lines,
    "network": network.lines,
    "stacks": stacks.lines,
    "transfer": transfer.lines,
    # What keeps data, what is observed, and what somebody adds.
    "backup": backup.lines,
    "elasticsearch": elasticsearch.lines,
    "extra": extra.lines,
    "kafka": kafka.lines,
    "logging": logging.lines,
    "monitoring": monitoring.lines,
    "object_storage": object_storage.lines,
    "postgresql": postgresql.lines,
    "rabbitmq": rabbitmq.lines,
    "redis": redis.lines,
    "tracing": tracing.lines,
    "vault": vault.lines,
}
# Billed whatever platform_components says: they decide by their own variables.
ALWAYS: tuple[str, ...] = ("account", "extra", "stacks", "transfer")
LOCAL = "stands on this machine, where nothing is billed; counted as if what is declared stood at the provider"


def bill(variables: Mapping[str, Any], place: Place) -> list[Line]:
    """The lines of one host, sorted by id. Raises CostError naming both lines where two have one id, or what a component could not read."""
    chosen = components(variables)
    found: dict[str, Line] = {}
    for name, lines in sorted(COMPONENTS.items()):
        if name not in chosen and name not in ALWAYS:
            continue
        for line in lines(variables, place):
            if line.id in found:
                other = found[line.id]
                raise CostError(f"two lines of the bill are called {line.id}: {_said(other)} and {_said(line)}; rename one of them")
            found[line.id] = line
    made = [found[key] for key in sorted(found)]
    if place.environment == "local":
        made = [replace(line, assumption="; ".join(part for part in (line.assumption, LOCAL) if part)) for line in made]
    return made


def _said(line: Line) -> str:
    return f"{line.quantity.expected} {line.unit} of {line.sku} by {line.component}"
