# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What tests and scenarios steer, below /fake-cloudformation/ on the same port.

Bodies are JSON: settings (see `settings.Settings`), faults (a list of {stack, resource or type, on, message, code, times}),
throttle ({action, times, code}), quotas ({type: number}), regions ({unreachable: [...]}), reset; GET state, GET ready.
"""

from __future__ import annotations

import json
from typing import Any

from fake_cloudformation.model import World

PATH = "/fake-cloudformation/"
SETTABLE = ("seconds", "seconds_update", "seconds_delete", "actions", "page_size", "singletons", "validated_domains")
OPERATIONS = ("create", "update", "delete", "rollback")


def control(world: World, method: str, path: str, body: bytes) -> tuple[int, dict[str, Any]]:
    """Status and answer; what is wrong in a body is answered with 400 and names it."""
    what = path.removeprefix(PATH).strip("/")
    if (method, what) == ("GET", "ready"):
        return 200, {}
    if (method, what) == ("GET", "state"):
        return 200, state(world)
    if method != "POST" or what not in _ACTIONS:
        return 404, {"error": f"{method} {what} is not known; there are GET ready, GET state and POST {', '.join(sorted(_ACTIONS))}"}
    try:
        _ACTIONS[what](world, json.loads(body or b"{}"))
    except (ValueError, TypeError, AttributeError) as error:
        return 400, {"error": f"{what}: {error}"}
    return 200, {"done": what}


def _settings(world: World, body: dict[str, Any]) -> None:
    unknown = sorted(set(body) - set(SETTABLE))
    if unknown:
        raise ValueError(f"unknown: {', '.join(unknown)}; known: {', '.join(SETTABLE)}")
    for key, value in body.items():
        setattr(world.settings, key, value)


def _faults(world: World, body: Any) -> None:
    faults = body if isinstance(body, list) else [body]
    for fault in faults:
        if fault.get("on", "create") not in OPERATIONS:
            raise ValueError(f"'on' is one of {', '.join(OPERATIONS)}")
    world.settings.faults += faults


def _throttle(world: World, body: dict[str, Any]) -> None:
    world.settings.throttles.append({"times": 1, "code": "Throttling", **body})


def _quotas(world: World, body: dict[str, int]) -> None:
    world.settings.quotas = dict(body)


def _regions(world: World, body: dict[str, list[str]]) -> None:
    world.settings.unreachable = list(body.get("unreachable", []))


_ACTIONS = {
    "settings": _settings,
    "faults": _faults,
    "throttle": _throttle,
    "quotas": _quotas,
    "regions": _regions,
    "reset": lambda world, _body: world.reset(),
}


def state(world: World) -> dict[str, Any]:
    with world.lock:
        stacks = [
            {
                "id": stack.id,
                "name": stack.name,
                "account": stack.place.account,
                "region": stack.place.region,
                "status": stack.status,
                "role": stack.role,
                "resources": {
                    name: {"type": one.type, "physical_id": one.physical_id, "status": one.status, "real": one.real}
                    for name, one in list(stack.resources.items())
                },
            }
            for stack in world.stacks
        ]
        settings = {key: getattr(world.settings, key) for key in (*SETTABLE, "quotas", "unreachable", "faults", "throttles")}
        retained = [{"type": one.type, "physical_id": one.physical_id, "account": place.account, "region": place.region} for place, one in world.retained]
    return {"stacks": stacks, "settings": settings, "retained": retained, "snapshots": world.snapshots}
