# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Managed policies of AWS that a role may be given by name."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._identity.statements import PARTITION
from ansible_collections.llmops.platform.plugins.module_utils._identity.statements import sub

# {name: path}, as the AWS Managed Policy Reference has them. Those that give all of a service, or the account, are left out.
KNOWN = {
    "AmazonEC2ContainerRegistryPullOnly": "",
    "AmazonEC2ContainerRegistryReadOnly": "",
    "AmazonEKSBlockStoragePolicy": "",
    "AmazonEKSClusterPolicy": "",
    "AmazonEKSComputePolicy": "",
    "AmazonEKSLoadBalancingPolicy": "",
    "AmazonEKSNetworkingPolicy": "",
    "AmazonEKSVPCResourceController": "",
    "AmazonEKSWorkerNodeMinimalPolicy": "",
    "AmazonEKSWorkerNodePolicy": "",
    "AmazonEKS_CNI_Policy": "",
    "AmazonSSMManagedInstanceCore": "",
    "AWSXRayDaemonWriteAccess": "",
    "CloudWatchAgentServerPolicy": "",
    "ReadOnlyAccess": "",
    "SecurityAudit": "",
    "ViewOnlyAccess": "job-function/",
}
OWN = re.compile(r"arn:aws[a-z-]*:iam::\d{12}:policy/[\w+=,.@/-]+")
# A role's, by default of the quota.
MOST = 10


def arns(what: str, names: Iterable[str]) -> list[Any]:
    """ARNs for a template. A policy of the account's own is named by its ARN. Raises ValueError: unknown, or too many for a role."""
    found: list[Any] = []
    for name in sorted(set(names)):
        if OWN.fullmatch(name):
            found.append(name)
            continue
        if name not in KNOWN:
            close = difflib.get_close_matches(name, KNOWN, 3, 0.5)
            meant = f"; did you mean {' or '.join(close)}?" if close else ""
            raise ValueError(f"{what} names managed policy {name!r}, which is none of {', '.join(KNOWN)}, nor an ARN of the account's own{meant}")
        found.append(sub(f"arn:{PARTITION}:iam::aws:policy/{KNOWN[name]}{name}"))
    if len(found) > MOST:
        raise ValueError(f"{what} names {len(found)} managed policies; a role has {MOST} at most")
    return found
