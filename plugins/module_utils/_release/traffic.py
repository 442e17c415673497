# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Weights of a VirtualService or HTTPRoute, and the selector of a Service: what they are, and the JSON patch to what they should be.

A split is `{route: {stable: percent, canary: percent}}`; routes are known by name, or by position where they have none.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from typing import Any

TRACKS = ("stable", "canary")
TRACK_LABEL = "llmops.platform/track"
KINDS = {
    "VirtualService": ("networking.istio.io/v1", "http", "route"),
    "HTTPRoute": ("gateway.networking.k8s.io/v1", "rules", "backendRefs"),
    "Service": ("v1", "selector", ""),
}
Split = dict[str, dict[str, int]]


class TrafficError(Exception):
    """A split that cannot be set, with the remedy."""


def check_weights(split: Mapping[str, Mapping[str, Any]]) -> None:
    """Raises TrafficError unless the weights of each route are whole, between 0 and 100, and sum to 100."""
    for route, weights in split.items():
        for track, weight in weights.items():
            if track not in TRACKS:
                raise TrafficError(f"'weights' of route {route} names {track!r}; the tracks are {' and '.join(TRACKS)}")
            if isinstance(weight, bool) or not isinstance(weight, int) or not 0 <= weight <= 100:
                raise TrafficError(f"'weights' of route {route}: {track} is {weight!r}; give a whole number from 0 to 100")
        total = sum(weights.values())
        if len(weights) != len(TRACKS) or total != 100:
            shown = ", ".join(f"{track} {weight}" for track, weight in weights.items())
            raise TrafficError(f"'weights' of route {route} sum to {total} ({shown}); give stable and canary so that they sum to 100")


def routes_of(live: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, tuple[int, dict[str, int]]]:
    """{route: (its position, {track: position of the destination})} of all routes that have both tracks.

    `names` are the subsets (VirtualService) or backends (HTTPRoute) by track.
    """
    _api, rules, destinations = KINDS[live["kind"]]
    found = {}
    for position, rule in enumerate(live["spec"].get(rules) or []):
        places = {}
        for place, destination in enumerate(rule.get(destinations) or []):
            called = (destination.get("destination") or {}).get("subset") if live["kind"] == "VirtualService" else destination.get("name")
            for track, name in names.items():
                if called == name:
                    places[track] = place
        if set(places) == set(TRACKS):
            found[rule.get("name") or str(position)] = (position, places)
    return found


def current(live: Mapping[str, Any], names: Mapping[str, str]) -> Split:
    """The split as it stands."""
    if live["kind"] == "Service":
        chosen = (live["spec"].get("selector") or {}).get(TRACK_LABEL)
        return {"selector": {track: 100 if chosen == track else 0 for track in TRACKS}}
    _api, rules, destinations = KINDS[live["kind"]]
    # A lone weight may be left out in both APIs; beside another it means 0 (VirtualService) or 1 (HTTPRoute).
    absent = 0 if live["kind"] == "VirtualService" else 1
    return {
        route: {track: live["spec"][rules][position][destinations][place].get("weight", absent) for track, place in places.items()}
        for route, (position, places) in routes_of(live, names).items()
    }


def patch(live: Mapping[str, Any], split: Split, names: Mapping[str, str], mirror_percent: int | None = None) -> list[dict[str, Any]]:
    """JSON patch (RFC 6902) that changes only weights; empty if nothing differs. It applies to exactly the read version.

    Raises TrafficError for a route that is not there.
    """
    if live["kind"] == "Service":
        changes = _selector_changes(live, split)
    else:
        changes = _weight_changes(live, split, names)
        if mirror_percent is not None:
            changes += _mirror_changes(live, split, mirror_percent)
    if not changes:
        return []
    return [{"op": "test", "path": "/metadata/resourceVersion", "value": live["metadata"]["resourceVersion"]}, *changes]


def _weight_changes(live: Mapping[str, Any], split: Split, names: Mapping[str, str]) -> list[dict[str, Any]]:
    _api, rules, destinations = KINDS[live["kind"]]
    there, before = routes_of(live, names), current(live, names)
    missing = [route for route in split if route not in there]
    if missing:
        wanted = " and ".join(names[track] for track in TRACKS)
        raise TrafficError(
            f"{live['kind']} {live['metadata']['name']} in namespace {live['metadata']['namespace']} has no route {', '.join(missing)}"
            f" with destinations {wanted} (it has {', '.join(there) or 'none such'}); run playbooks/mesh.yml, or correct istio_services"
        )
    return [
        {"op": "add", "path": f"/spec/{rules}/{there[route][0]}/{destinations}/{there[route][1][track]}/weight", "value": weights[track]}
        for route, weights in split.items()
        for track in TRACKS
        if before[route][track] != weights[track]
    ]


def _mirror_changes(live: Mapping[str, Any], split: Split, percent: int) -> list[dict[str, Any]]:
    if not 0 <= percent <= 100:
        raise TrafficError(f"'mirror_percent' is {percent}; give a number from 0 to 100")
    changes = []
    if live["kind"] != "VirtualService":
        raise TrafficError("'mirror_percent' needs a VirtualService; leave it out for other kinds")
    for position, rule in enumerate(live["spec"].get("http") or []):
        if (rule.get("name") or str(position)) not in split:
            continue
        mirrors = rule.get("mirrors") or []
        if not mirrors and percent:
            name = live["metadata"]["name"]
            raise TrafficError(f"VirtualService {name} mirrors nothing; set istio_services.{name}.mirror to true and run playbooks/mesh.yml")
        for place, mirror in enumerate(mirrors):
            if float((mirror.get("percentage") or {}).get("value", 100 if "percentage" not in mirror else 0)) != percent:
                changes.append({"op": "add", "path": f"/spec/http/{position}/mirrors/{place}/percentage", "value": {"value": percent}})
    return changes


def _selector_changes(live: Mapping[str, Any], split: Split) -> list[dict[str, Any]]:
    weights = next(iter(split.values()))
    chosen = next((track for track in TRACKS if weights[track] == 100), None)
    if chosen is None:
        raise TrafficError(
            f"Service {live['metadata']['name']} can only be switched as a whole, not split {weights['stable']} to {weights['canary']};"
            " use strategy blue_green or rolling, or give the service a route in istio_services"
        )
    selector = live["spec"].get("selector") or {}
    if selector.get(TRACK_LABEL) == chosen:
        return []
    key = TRACK_LABEL.replace("/", "~1")
    return [{"op": "add", "path": f"/spec/selector/{key}", "value": chosen}]


def owners(live: Mapping[str, Any]) -> list[str]:
    """Field managers that own what a patch would change: the routes, or the track in a selector."""
    _api, part, _destinations = KINDS[live["kind"]]
    found = []
    for entry in live["metadata"].get("managedFields") or []:
        fields = (entry.get("fieldsV1") or {}).get("f:spec", {}).get(f"f:{part}")
        if entry.get("subresource") or fields is None:
            continue
        if live["kind"] == "Service" and fields and f"f:{TRACK_LABEL}" not in fields:
            continue
        found.append(entry.get("manager") or "")
    return found


def strangers(live: Mapping[str, Any], accepted: Iterable[str]) -> list[str]:
    """Owners of the routes whose hands we do not expect there."""
    return [manager for manager in owners(live) if manager not in set(accepted)]
