# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Whether Envoy proxies already route by a split: read from the configuration dump of their admin interface.

https://www.envoyproxy.io/docs/envoy/latest/operations/admin#get--config-dump
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from collections.abc import Mapping
from typing import Any

from ansible.module_utils.urls import open_url

from ansible_collections.llmops.platform.plugins.module_utils._release.traffic import TRACKS
from ansible_collections.llmops.platform.plugins.module_utils._release.traffic import Split

DUMP = "/config_dump?resource=dynamic_route_configs"


def read_dump(admin_url: str, timeout: float = 5.0) -> dict[str, Any]:
    """The route configurations of one proxy. Raises OSError if it does not answer, ValueError for anything but JSON."""
    with open_url(admin_url.rstrip("/") + DUMP, timeout=timeout, use_proxy=False) as answer:
        return json.loads(answer.read())


def splits(dump: Mapping[str, Any], host: str) -> list[tuple[str, dict[str, int]]]:
    """[(route, {subset: percent})] of all routes of a proxy that lead to `host`.

    Istio's cluster names are `outbound|<port>|<subset>|<host>`; a destination with weight 0 is left out of the configuration.
    """
    found = []
    for route in _routes(dump):
        action = route.get("route") or {}
        if "cluster" in action:
            weights = {action["cluster"]: 100}
        else:
            weights = {entry["name"]: int(entry.get("weight") or 0) for entry in (action.get("weighted_clusters") or {}).get("clusters") or []}
        ours = {name.split("|")[2]: weight for name, weight in weights.items() if name.count("|") == 3 and name.split("|")[3] == host}
        if ours:
            found.append((route.get("name") or "", ours))
    return found


def follows(dump: Mapping[str, Any], host: str, split: Split, names: Mapping[str, str]) -> bool | None:
    """Whether a proxy routes by `split`; None if it does not route to the host at all."""
    there = splits(dump, host)
    if not there:
        return None
    for route, weights in split.items():
        wanted = {names[track]: weights[track] for track in TRACKS if weights[track]}
        # Istio adds the match's name to the route's, after a dot.
        mine = [found for name, found in there if name in ("", route) or name.startswith(f"{route}.")]
        if not mine or any({subset: weight for subset, weight in found.items() if weight} != wanted for found in mine):
            return False
    return True


def _routes(dump: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for entry in dump.get("configs") or []:
        for host in (entry.get("route_config") or {}).get("virtual_hosts") or []:
            yield from host.get("routes") or []
