# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which operation a REST request is: the service models of botocore say it by method and path."""

from __future__ import annotations

import functools
import re
from typing import Any
from urllib.parse import parse_qsl
from urllib.parse import urlsplit

# Of names in signatures that are no service's name.
SIGNING_NAMES = {"es": "opensearch", "elasticfilesystem": "efs", "aps": "amp", "execute-api": "apigatewaymanagementapi"}


def operation(service: str, method: str, path: str) -> tuple[str, str]:
    """Protocol and operation; the operation is empty where no model knows the request, and it is then judged by its method."""
    protocol, known = _operations(service)
    place = urlsplit(path)
    given = dict(parse_qsl(place.query, keep_blank_values=True))
    for verb, pattern, wanted, name in known:
        if verb == method and pattern.fullmatch(place.path) and all(given.get(key) == value for key, value in wanted):
            return protocol, name
    return protocol, ""


@functools.cache
def _operations(service: str) -> tuple[str, list[tuple[str, re.Pattern[str], list[tuple[str, str]], str]]]:
    """The more a path says, the earlier it stands: `/{Bucket}?versioning` before `/{Bucket}`. Of two alike the shorter name: PutObject before CopyObject."""
    try:
        from botocore.exceptions import UnknownServiceError
        from botocore.loaders import Loader
    except ImportError:
        return "rest-json", []
    try:
        model = Loader().load_service_model(SIGNING_NAMES.get(service, service), "service-2")
    except UnknownServiceError:
        return "rest-json", []
    found = [_operation(name, entry["http"]) for name, entry in model["operations"].items() if "http" in entry]
    found.sort(key=lambda entry: (-len(entry[2]), entry[1].pattern.count("("), -len(entry[1].pattern), len(entry[3]), entry[3]))
    return model["metadata"]["protocol"], found


def _operation(name: str, http: dict[str, Any]) -> tuple[str, re.Pattern[str], list[tuple[str, str]], str]:
    place = urlsplit(http["requestUri"])
    parts = re.split(r"(\{[^}]+\})", place.path.rstrip("/") or "/")
    pattern = "".join((".+" if part.endswith("+}") else "[^/]+") if part.startswith("{") else re.escape(part) for part in parts)
    pattern = re.sub(r"(\[\^/\]\+|\.\+)", r"(?:\1)", pattern)
    return http["method"], re.compile(pattern + "/?"), parse_qsl(place.query, keep_blank_values=True), name
