# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Maps laid over each other by JSON Merge Patch (RFC 7396)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def merge(base: Mapping[str, Any], *overlays: Mapping[str, Any]) -> dict[str, Any]:
    """Maps merge key by key, scalars and lists are replaced, a null removes the key. Leaves are passed on as they are.

    Raises TypeError naming which argument is not a map.
    """
    for number, layer in enumerate((base, *overlays)):
        if not isinstance(layer, Mapping):
            which = "the input" if number == 0 else f"layer {number}"
            raise TypeError(f"{which} is {type(layer).__name__}, not a map")
    result = dict(base)
    for overlay in overlays:
        result = _patched(result, overlay)
    return result


def _patched(target: Any, patch: Any) -> Any:
    if not isinstance(patch, Mapping):
        return patch
    result = dict(target) if isinstance(target, Mapping) else {}
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = _patched(result.get(key), value)
    return result
