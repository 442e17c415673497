# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Kubernetes objects out of files: YAML as Kubernetes reads it, and JSON at the speed of JSON."""

from __future__ import annotations

import json
import re
from typing import Any

import yaml

MARKER = re.compile(r"^---(?=\s|$)", re.MULTILINE)
# YAML 1.1 has dates and a value called `=`; for Kubernetes both are strings.
STRINGS = ("tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:value")


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
    yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in resolvers if tag not in STRINGS] for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


def load(text: str) -> list[dict[str, Any]]:
    """The documents of a YAML stream without empty ones. Raises ValueError with the document's number for broken YAML and for what is no object."""
    found = []
    for number, part in enumerate(MARKER.split(text)):
        document = _document(part, number)
        if document is None:
            continue
        if not isinstance(document, dict):
            raise ValueError(f"document {number} is no object")
        found += document["items"] if document.get("kind") == "List" and isinstance(document.get("items"), list) else [document]
    return found


def _document(part: str, number: int) -> Any:
    try:
        return json.loads(part)
    except ValueError:
        pass
    try:
        return yaml.load(part, Loader=_Loader)  # noqa: S506 - it is a safe loader
    except yaml.YAMLError as error:
        raise ValueError(f"document {number} is no YAML: {' '.join(str(error).split())}") from error
