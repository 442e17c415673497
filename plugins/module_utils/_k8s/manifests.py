# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""From what a person wrote to what is sent: checks before anything is sent, one canonical form, and what a diff shows."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
from typing import Any

from ansible.module_utils.common.yaml import yaml_dump

from ansible_collections.llmops.platform.plugins.module_utils._k8s.errors import KubernetesError

SEGMENT = re.compile(r"(?!\.{1,2}$)[^/%\s]+$")
LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
BOOKKEEPING = (
    "managedFields",
    "resourceVersion",
    "uid",
    "generation",
    "creationTimestamp",
    "selfLink",
    "deletionTimestamp",
    "deletionGracePeriodSeconds",
)


def reference(kind: str, namespace: str, name: str) -> str:
    """How messages call an object: `Deployment llm-marketplace/publishing`."""
    return f"{kind} {namespace}/{name}" if namespace else f"{kind} {name}"


def check(manifests: list[Any], *, present: bool = True) -> None:
    """Refuse what no server needs to be asked about. Raises KubernetesError that lists every fault by its position."""
    faults = []
    for position, manifest in enumerate(manifests):
        fault = _fault(manifest, present)
        if fault:
            faults.append(f"manifests[{position}]{fault}")
    if faults:
        raise KubernetesError(f"option 'manifests' is refused, nothing was sent: {'; '.join(faults)}; correct or remove these entries")


def _fault(manifest: Any, present: bool) -> str | None:
    if not isinstance(manifest, dict) or not manifest:
        return " is empty or no object"
    metadata = manifest.get("metadata")
    for key in ("apiVersion", "kind"):
        if not isinstance(manifest.get(key), str) or not all(SEGMENT.match(part) for part in manifest[key].split("/")):
            return f" has no valid {key}"
    label = f" ({manifest['kind']})"
    if not isinstance(metadata, dict) or not isinstance(metadata.get("name"), str) or not metadata["name"]:
        if isinstance(metadata, dict) and metadata.get("generateName"):
            return f"{label} has metadata.generateName, which makes another object each time"
        return f"{label} has no metadata.name, or one that is not a string"
    label = f" ({manifest['kind']} {metadata['name']})"
    namespace = metadata.get("namespace")
    if not SEGMENT.match(metadata["name"]) or (namespace is not None and not (isinstance(namespace, str) and SEGMENT.match(namespace))):
        return f"{label} has an invalid name or namespace"
    if present and metadata.get("managedFields"):
        return f"{label} has metadata.managedFields: it was copied from a server"
    return None


def check_unique(keys: list[tuple[str, str, str, str]]) -> None:
    """`keys`: (api group, kind, namespace, name) by position. Raises KubernetesError that names both positions of each duplicate."""
    seen: dict[tuple, int] = {}
    faults = []
    for position, key in enumerate(keys):
        first = seen.setdefault(key, position)
        if first != position:
            faults.append(f"manifests[{position}] is the same object as manifests[{first}] ({reference(*key[1:])})")
    if faults:
        raise KubernetesError(f"option 'manifests' is refused, nothing was sent: {'; '.join(faults)}; remove the duplicates")


def canonical(manifest: dict[str, Any], *, has_status: bool) -> dict[str, Any]:
    """The object as it is sent: no nulls in maps (null means not set), no status where only a controller may write it,
    a Secret's stringData as data (so that a removed key is noticed)."""
    body = _without_nulls(manifest)
    if has_status:
        body.pop("status", None)
    if body["kind"] == "Secret" and body["apiVersion"] == "v1":
        _canonical_secret(body)
    return body


def _without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_nulls(item) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [_without_nulls(item) for item in value]
    return value


def _canonical_secret(body: dict[str, Any]) -> None:
    data = body.get("data")
    label = f"Secret {body['metadata']['name']}"
    if isinstance(data, dict):
        data = dict(data)
        for key, value in data.items():
            try:
                data[key] = base64.b64encode(base64.b64decode("".join(value.split()), validate=True)).decode()
            except (AttributeError, binascii.Error, ValueError) as error:
                raise KubernetesError(f"{label}: data.{key} is not base64; use stringData for plain text") from error
    strings = body.pop("stringData", None)
    if strings is not None:
        data = dict(data or {})
        for key, value in strings.items():
            if not isinstance(value, str):
                raise KubernetesError(f"{label}: stringData.{key} is not a string; quote it")
            data[key] = base64.b64encode(value.encode()).decode()
    if data is not None:
        body["data"] = data


def secret_values(body: dict[str, Any]) -> list[str]:
    """The values of a Secret, plain and in base64, that must not appear in a message. Longest first."""
    if body.get("kind") != "Secret":
        return []
    values = set()
    for value in (body.get("data") or {}).values():
        values.add(value)
        values.add(base64.b64decode(value).decode(errors="replace"))
    return sorted((value for value in values if len(value) >= 4), key=len, reverse=True)


def shown(live: dict[str, Any] | None) -> str:
    """An object as text for a diff: YAML, without the server's bookkeeping, secret values as digests. Empty for None."""
    if live is None:
        return ""
    body = {key: value for key, value in live.items() if key != "status"}
    body["metadata"] = {key: value for key, value in live["metadata"].items() if key not in BOOKKEEPING}
    annotations = body["metadata"].get("annotations")
    if annotations and LAST_APPLIED in annotations:
        body["metadata"]["annotations"] = {key: value for key, value in annotations.items() if key != LAST_APPLIED}
    if body.get("kind") == "Secret":
        for field in ("data", "stringData"):
            if isinstance(body.get(field), dict):
                body[field] = {key: digest(value, encoded=field == "data") for key, value in body[field].items()}
    return yaml_dump(body, sort_keys=True, default_flow_style=False, allow_unicode=True, width=1000)


def digest(value: Any, *, encoded: bool) -> str:
    """`sha256:` and eight digits of a secret value: enough to see that it changed."""
    try:
        raw = base64.b64decode(value) if encoded else str(value).encode()
    except (binascii.Error, ValueError):
        raw = str(value).encode()
    return f"sha256:{hashlib.sha256(raw).hexdigest()[:8]}"


def difference(before: dict[str, Any] | None, after: dict[str, Any] | None, label: str) -> dict[str, str]:
    """One entry of a result's `diff`, as Ansible prints it."""
    return {"before": shown(before), "after": shown(after), "before_header": label, "after_header": label}


def serialisable(manifests: list[Any]) -> None:
    """Raises KubernetesError for values JSON has no form for, before anything is sent."""
    for position, manifest in enumerate(manifests):
        try:
            json.dumps(manifest, allow_nan=False)
        except (TypeError, ValueError) as error:
            raise KubernetesError(f"manifests[{position}] holds a value that JSON cannot express ({error}); correct it") from error
