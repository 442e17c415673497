# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes what the resource schemas say of importing into `_adoption/schemas.py`, as the plugin itself must not need cfn-lint.

`python -m tests.support.adoption_schemas` writes the file; a test compares it with the schemas that cfn-lint carries.
"""

from __future__ import annotations

import json
import textwrap
from pathlib import Path
from typing import Any

from tests.support.stack_schemas import schemas

TARGET = Path(__file__).resolve().parents[2] / "plugins" / "module_utils" / "_adoption" / "schemas.py"
# An import needs to read what is there, and the types that came before the registry have no handlers at all.
NEEDED = {"create", "delete", "read"}
WORDS = {
    "IDENTIFIER": "What names a resource to CloudFormation and to the Cloud Control API (primaryIdentifier).",
    "READ_ONLY": "What no template may declare.",
    "WRITE_ONLY": "What no service gives back.",
    "REQUIRED": "What every template must declare.",
    "NO_IMPORT": "Types whose schema has no handler that reads: CloudFormation cannot import them.",
}
HEAD = '''# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""What the CloudFormation resource schemas say of importing. Written by tests/support/adoption_schemas.py, not by hand."""

from __future__ import annotations

'''


def _paths(schema: dict[str, Any], key: str) -> str:
    """The schema's own order, which is that of a composite identifier."""
    return " ".join(
        path.removeprefix("/properties/").replace("/properties/", "/").replace("/items/", "/*/").replace("/", ".") for path in schema.get(key) or []
    )


def data() -> dict[str, Any]:
    """`{IDENTIFIER | READ_ONLY | WRITE_ONLY | REQUIRED: {type: paths with spaces between}, NO_IMPORT: types}`."""
    keys = {"IDENTIFIER": "primaryIdentifier", "READ_ONLY": "readOnlyProperties", "WRITE_ONLY": "writeOnlyProperties"}
    found: dict[str, Any] = {name: {} for name in (*keys, "REQUIRED")}
    found["NO_IMPORT"] = []
    for name, schema in schemas().items():
        for kind, key in keys.items():
            if paths := _paths(schema, key):
                found[kind][name] = paths
        if required := " ".join(schema.get("required") or []):
            found["REQUIRED"][name] = required
        if not set(schema.get("handlers") or {}) >= NEEDED:
            found["NO_IMPORT"].append(name)
    return found


def _row(name: str, paths: str) -> list[str]:
    if len(paths) + len(name) < 140:
        return [f'    "{name}": "{paths}",']
    return [f'    "{name}": (', *(f'        "{part} "' for part in textwrap.wrap(paths, 140)), "    ),"]


def text() -> str:
    """The file."""
    lines = []
    for name, content in data().items():
        lines.append(f"# {WORDS[name]}")
        if name == "NO_IMPORT":
            lines += [f"{name} = (", *(f"    {json.dumps(kind)}," for kind in content), ")"]
        else:
            lines += [f"{name}: dict[str, str] = {{", *(line for kind, paths in content.items() for line in _row(kind, paths)), "}"]
    return HEAD + "\n".join(lines) + "\n"


if __name__ == "__main__":
    TARGET.write_text(text(), encoding="utf-8")
