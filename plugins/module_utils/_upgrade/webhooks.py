# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Webhooks that nobody answers: what they would have to allow is refused while they are down, which a drain may make it."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from typing import Any


def strict(configuration: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The webhooks of one configuration that are called in the cluster and refuse what they do not answer.

    Rows `{configuration, webhook, service: (namespace, name), pods}`; `pods`: whether they are asked about pods.
    """
    name = f"{configuration.get('kind') or 'webhook configuration'} {configuration['metadata']['name']}"
    found = []
    for hook in configuration.get("webhooks") or []:
        service = (hook.get("clientConfig") or {}).get("service")
        # Admissionregistration v1: who does not say otherwise fails.
        if service and hook.get("failurePolicy", "Fail") == "Fail":
            where = (str(service.get("namespace")), str(service.get("name")))
            found.append({"configuration": name, "webhook": hook.get("name") or "", "service": where, "pods": _asks_pods(hook)})
    return found


def _asks_pods(hook: Mapping[str, Any]) -> bool:
    return any(
        {"", "*"} & set(rule.get("apiGroups") or []) and any(one in ("pods", "*", "*/*") for one in rule.get("resources") or [])
        for rule in hook.get("rules") or []
    )


def ready_endpoints(slices: Iterable[Mapping[str, Any]]) -> int:
    """Endpoints that a Service would send to; `ready` that is not said is true."""
    return sum((endpoint.get("conditions") or {}).get("ready") is not False for one in slices for endpoint in one.get("endpoints") or [])


def warning(row: Mapping[str, Any]) -> str:
    what = "no evicted pod would be made again" if row["pods"] else "what it is asked about is refused"
    service = "/".join(row["service"])
    return (
        f"{row['configuration']}: webhook {row['webhook']} has failurePolicy Fail and its Service {service} no ready endpoint, so that {what};"
        " bring its pods up, or delete the configuration if nobody needs it"
    )
