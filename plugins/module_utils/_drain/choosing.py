# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Which pods of a node go, which stay, and which nobody may take away without being told."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

MIRROR = "kubernetes.io/config.mirror"
EVICT, LEAVING, STAYS, REFUSED = "evict", "leaving", "stays", "refused"


@dataclass(frozen=True)
class Choice:
    """One pod: what becomes of it and why. `name` is `namespace/name`."""

    name: str
    uid: str
    action: str
    why: str
    pod: Mapping[str, Any]


def controller_of(pod: Mapping[str, Any]) -> Mapping[str, Any]:
    """The owner reference with `controller: true`, empty for a pod that nothing would replace."""
    return next((owner for owner in pod["metadata"].get("ownerReferences") or [] if owner.get("controller")), {})


def is_finished(pod: Mapping[str, Any]) -> bool:
    return (pod.get("status") or {}).get("phase") in ("Succeeded", "Failed")


def choose(pod: Mapping[str, Any], unmanaged: Iterable[str], delete_empty_dir: bool) -> Choice:
    """What becomes of one pod.

    `unmanaged`: patterns `namespace/name` of pods that may go although nothing replaces them.
    `delete_empty_dir`: whether what lies in emptyDir volumes may be lost.
    """
    metadata = pod["metadata"]
    name = f"{metadata['namespace']}/{metadata['name']}"

    def result(action: str, why: str = "") -> Choice:
        return Choice(name, metadata.get("uid", ""), action, why, pod)

    owner = controller_of(pod)
    if MIRROR in (metadata.get("annotations") or {}):
        return result(STAYS, "mirror pod of the kubelet")
    if owner.get("kind") == "DaemonSet":
        return result(STAYS, f"DaemonSet {owner['name']}")
    if metadata.get("deletionTimestamp"):
        return result(LEAVING, "is being deleted")
    if is_finished(pod):
        return result(EVICT, "has ended")
    if not owner and not any(fnmatchcase(name, pattern) for pattern in unmanaged):
        return result(REFUSED, f"has no controller, nothing would start it again; move it by hand, or let it go by unmanaged_pods: [{name}]")
    scratch = [volume["name"] for volume in (pod.get("spec") or {}).get("volumes") or [] if "emptyDir" in volume]
    if scratch and not delete_empty_dir:
        return result(REFUSED, f"would lose what is in its emptyDir {', '.join(scratch)}; allow it by delete_empty_dir: true")
    return result(EVICT)
