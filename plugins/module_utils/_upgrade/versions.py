# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Versions of Kubernetes: minors, the way from one to another, and how far apart components may be."""

from __future__ import annotations

import re
from typing import Any

# https://kubernetes.io/releases/version-skew-policy/: a kubelet is never newer than the API server, and at most so many minors older (two before kubelet 1.25).
KUBELET_BEHIND = 3
OLD_KUBELET_BEHIND, OLD_KUBELET = 2, 25
# The same page: kubectl is within one minor of the API server, older or newer.
KUBECTL_APART = 1
VERSION = re.compile(r"v?(\d+)\.(\d+)(?:[.+-].*)?$")


def minor_of(version: Any, what: str) -> int:
    """36 of `1.36`, `v1.36.3-eks-4f1b2c`. Raises ValueError that names `what`."""
    match = VERSION.match(str(version).strip())
    if not match or match[1] != "1":
        raise ValueError(f"{what} is '{version}', no version of Kubernetes such as 1.36; quote it in YAML, where 1.40 is the number 1.4")
    return int(match[2])


def text(minor: int) -> str:
    return f"1.{minor}"


def way(now: int, to: int) -> list[int]:
    """The minors to go through, the last one included; nothing where the control plane is there already or further."""
    return list(range(now + 1, to + 1))


def way_problems(now: int, to: int) -> list[str]:
    """Why one run does not go from `now` to `to`."""
    if to < now:
        return [f"to is {text(to)}, lower than the {text(now)} that runs: Kubernetes has no way down; set the version to {text(now)} or {text(now + 1)}"]
    if to > now + 1:
        between = ", ".join(text(minor) for minor in range(now + 1, to))
        return [f"to is {text(to)}, which skips {between}: a control plane goes up by one minor at a time; upgrade to {text(now + 1)} first, then on"]
    return []


def kubelet_problem(kubelet: int, server: int) -> str:
    """What the skew policy says against a kubelet of 1.`kubelet` under an API server of 1.`server`, empty if nothing."""
    if kubelet > server:
        return f"kubelet {text(kubelet)} is newer than the control plane's {text(server)}"
    behind = KUBELET_BEHIND if kubelet >= OLD_KUBELET else OLD_KUBELET_BEHIND
    if server - kubelet > behind:
        return f"kubelet {text(kubelet)} is {server - kubelet} minors older than the control plane's {text(server)}, {behind} are supported"
    return ""


def kubectl_skew(kubectl: str | None, now: int, to: int) -> dict[str, Any] | None:
    """`{version, now, after, supported}`: minors that kubectl is ahead (negative: behind) of the control plane before and after; None where nobody knows it.

    Raises ValueError for what is no version.
    """
    if not kubectl:
        return None
    minor = minor_of(kubectl, "kubectl_version")
    skew = {"now": minor - now, "after": minor - max(now, to)}
    return {"version": kubectl, **skew, "supported": all(abs(apart) <= KUBECTL_APART for apart in skew.values())}
