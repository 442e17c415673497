# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""The contract as JSON Schema, for editors: completion, descriptions and red lines in a file of variables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._inventory.contract import Contract
from ansible_collections.llmops.platform.plugins.module_utils._inventory.schema import kind_of

DIALECT = "http://json-schema.org/draft-07/schema#"
KINDS = {"str": "string", "path": "string", "int": "integer", "float": "number", "bool": "boolean", "dict": "object", "list": "array"}
# What a file says may come from elsewhere, or be taken away again by a layer above.
TEMPLATE = {"type": "string", "pattern": "\\{[{%]"}
NOTHING = {"type": "null"}


def json_schema(contract: Contract) -> dict[str, Any]:
    """The schema of one file below `group_vars` or `host_vars`; nothing is required, as each file holds a part only."""
    properties = {name: _schema(contract.option(name) or {}, top=True) for name in sorted(contract.options)}
    return {
        "$schema": DIALECT,
        "title": "Variables of llmops.platform",
        "type": ["object", "null"],
        "properties": properties,
        "patternProperties": {"^(ansible_|_)": {}},
        "additionalProperties": False,
    }


def _schema(option: Mapping[str, Any], top: bool = False) -> dict[str, Any]:
    kind = kind_of(option)
    text = _text(option.get("description"))
    described = {"description": text} if text else {}
    if kind not in KINDS:
        return described
    exact = {"type": KINDS[kind], **{key: option[key] for key in ("minimum", "maximum") if key in option}}
    if kind == "list":
        element = option.get("values") or {"type": option.get("elements", "raw"), **{key: option[key] for key in ("options", "choices") if key in option}}
        exact["items"] = _schema(element)
    elif kind == "dict":
        exact.update(_keys(option))
    elif "choices" in option:
        exact = {"enum": list(option["choices"])}
    alternatives = [exact, *([TEMPLATE] if exact != {"type": "string"} else []), *([] if top else [NOTHING])]
    return {**described, "anyOf": alternatives} if len(alternatives) > 1 else {**described, **exact}


def _keys(option: Mapping[str, Any]) -> dict[str, Any]:
    options, found = option.get("options") or {}, {}
    if options:
        found["properties"] = {key: _schema(inner) for key, inner in options.items()}
    if "values" in option:
        found["additionalProperties"] = _schema(option["values"])
    elif options:
        found["additionalProperties"] = False
    return found


def _text(description: Any) -> str:
    return " ".join(map(str, description)) if isinstance(description, list) else str(description or "")
