# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""The whole of a `traffic_split` task: read, refuse what cannot be, patch, wait for the proxies."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._k8s.client import Client
from ansible_collections.llmops.platform.plugins.module_utils._k8s.client import path_of
from ansible_collections.llmops.platform.plugins.module_utils._k8s.errors import ApiError
from ansible_collections.llmops.platform.plugins.module_utils._release import proxies
from ansible_collections.llmops.platform.plugins.module_utils._release import traffic
from ansible_collections.llmops.platform.plugins.module_utils._release.traffic import KINDS
from ansible_collections.llmops.platform.plugins.module_utils._release.traffic import TrafficError

MANAGER = "llmops-release"
JSON_PATCH = "application/json-patch+json"
PLURALS = {"VirtualService": "virtualservices", "HTTPRoute": "httproutes", "Service": "services"}
# Somebody else may write between our reading and our patch; each time we read again and judge again.
ATTEMPTS = 5
POLL = 0.1


def run(client: Client, options: dict[str, Any], *, check_mode: bool) -> dict[str, Any]:
    """Do the task. Raises TrafficError, or KubernetesError for the server's refusals."""
    traffic.check_weights(options["weights"])
    names = options["names"]
    for attempt in range(ATTEMPTS):
        live = _read(client, options)
        before = traffic.current(live, names)
        if not options["weights"]:
            return {"changed": False, "before": before, "after": before, "confirmed_by": "nothing", "seconds": 0.0}
        if any(weights["canary"] for weights in options["weights"].values()):
            _require_subsets(client, options)
        changes = traffic.patch(live, options["weights"], names, options["mirror_percent"])
        # Also where nothing is to be changed yet: a release asks so before it begins.
        _refuse_strangers(live, options)
        begun = time.monotonic()
        if changes and not check_mode:
            try:
                client.request("PATCH", _path(options), {"fieldManager": MANAGER}, changes, JSON_PATCH)
            except ApiError as error:
                # The test of the version failed: 422 from the patch, 409 from the store.
                # A change that the server really refuses fails each time alike, and is raised at the last.
                if error.status in (409, 422) and attempt < ATTEMPTS - 1:
                    time.sleep(0.2 * (attempt + 1))
                    continue
                raise
        after = {**before, **options["weights"]}
        result = {"changed": bool(changes), "before": before, "after": after, "confirmed_by": "nothing", "seconds": 0.0}
        if not check_mode:
            result.update(_await(options, begun, changed=bool(changes)))
        return result
    raise TrafficError(f"{options['kind']} {options['name']} changes faster than it can be patched; find out who edits it")


def _read(client: Client, options: dict[str, Any]) -> dict[str, Any]:
    live = client.find(_path(options))
    if live is None:
        raise TrafficError(
            f"{options['kind']} {options['name']} does not exist in namespace {options['namespace']}; declare the service in istio_services"
            " and run playbooks/mesh.yml, or correct release_service"
        )
    return {**live, "kind": options["kind"]}


def _path(options: dict[str, Any]) -> str:
    api = KINDS[options["kind"]][0]
    root = f"/apis/{api}" if "/" in api else f"/api/{api}"
    return f"{root}/namespaces/{path_of(options['namespace'])}/{PLURALS[options['kind']]}/{path_of(options['name'])}"


def _require_subsets(client: Client, options: dict[str, Any]) -> None:
    """Weight on a subset that no DestinationRule defines would be answered with 503."""
    if options["kind"] != "VirtualService" or not options["host"]:
        return
    rules = client.find(f"/apis/networking.istio.io/v1/namespaces/{path_of(options['namespace'])}/destinationrules") or {}
    short = options["host"].partition(".")[0]
    defined = {
        subset["name"]
        for rule in rules.get("items") or []
        if rule["spec"].get("host") in (options["host"], short)
        for subset in rule["spec"].get("subsets") or []
    }
    missing = [name for name in options["names"].values() if name not in defined]
    if missing:
        raise TrafficError(
            f"no DestinationRule of {options['host']} in namespace {options['namespace']} defines subset {', '.join(missing)},"
            " requests would be answered with 503; run playbooks/mesh.yml"
        )


def _refuse_strangers(live: dict[str, Any], options: dict[str, Any]) -> None:
    others = traffic.strangers(live, options["managers"])
    if others and not options["take_over"]:
        raise TrafficError(
            f"{options['kind']} {options['name']} in namespace {options['namespace']} was last edited by {', '.join(others)},"
            " nothing was changed; look at what was done there, then set it back with playbooks/mesh.yml, or take it over with release_take_over=true"
        )


def _await(options: dict[str, Any], begun: float, *, changed: bool) -> dict[str, Any]:
    """Until every asked proxy that routes to the host has the weights."""
    asked = options["proxies"] if options["kind"] == "VirtualService" and options["host"] else []
    if not asked:
        if changed and options["kind"] != "Service":
            time.sleep(options["settle_seconds"])
        return {"confirmed_by": "time" if changed else "nothing", "seconds": round(time.monotonic() - begun, 2)}
    late = dict.fromkeys(asked, "has other weights")
    while late:
        for address in list(late):
            late[address] = _answer(lambda address=address: proxies.read_dump(address), options)
            if not late[address]:
                del late[address]
        if not late:
            break
        if time.monotonic() - begun > options["wait_timeout"]:
            words = "; ".join(f"{address} {why}" for address, why in late.items())
            raise TrafficError(
                f"{options['kind']} {options['name']} was patched, but after {options['wait_timeout']} s not all proxies have it:"
                f" {words}; look at the control plane (istiod), then run again"
            )
        time.sleep(POLL)
    return {"confirmed_by": "proxies", "seconds": round(time.monotonic() - begun, 2)}


def _answer(dump: Callable[[], dict[str, Any]], options: dict[str, Any]) -> str:
    """Empty if the proxy follows (or does not route to the host), else why not."""
    try:
        follows = proxies.follows(dump(), options["host"], options["weights"], options["names"])
    except (OSError, ValueError) as error:
        return f"does not answer ({error})"
    return "has other weights" if follows is False else ""
