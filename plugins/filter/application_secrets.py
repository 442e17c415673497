# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filters for references to secrets. No value of a secret passes through here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def secret_variables(service: Mapping[str, Any]) -> list[dict[str, Any]]:
    """A container's `env`: each variable out of a key of a Secret."""
    return [
        {"name": variable, "valueFrom": {"secretKeyRef": {"name": secret, "key": key}}}
        for secret, variables in service["secrets"].items()
        for variable, key in variables.items()
    ]


def secret_versions(service: Mapping[str, Any], secrets: Mapping[str, Any]) -> dict[str, str]:
    """Annotations of the pods: a new version of a secret rolls them."""
    versions = {name: (secrets.get(name) or {}).get("version") for name in service["secrets"]}
    return {f"llmops.platform/secret-{name}": str(version) for name, version in versions.items() if version is not None}


def external_secret_data(keys: Mapping[str, Any]) -> list[dict[str, Any]]:
    """`data` of an ExternalSecret out of `{key: {path, property}}`."""
    rows = []
    for key, source in keys.items():
        reference = {"key": source["path"], **({"property": source["property"]} if source.get("property") else {})}
        rows.append({"secretKey": key, "remoteRef": reference})
    return rows


class FilterModule:
    """The filters by name."""

    def filters(self) -> dict:
        return {"secret_variables": secret_variables, "secret_versions": secret_versions, "external_secret_data": external_secret_data}
