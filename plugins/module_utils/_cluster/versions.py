# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Versions of a cluster at EKS: what belongs to a Kubernetes minor, when its support ends, which way it may change."""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Mapping
from typing import Any

MINOR = re.compile(r"1\.([0-9]{1,2})")
# <version>-<day of the build>: https://docs.aws.amazon.com/eks/latest/userguide/eks-linux-ami-versions.html
AMI = re.compile(r"(1\.[0-9]{1,2})\.[0-9]{1,2}-20[0-9]{6}")
ADDON = re.compile(r"v([0-9]+)\.([0-9]+)\.([0-9]+)-eksbuild\.[0-9]+")
# A kubelet may be three minors older than the API server, never newer: https://kubernetes.io/releases/version-skew-policy/
NODE_SKEW = 3
SUPPORT = ("standard", "extended")


def minor(version: Any) -> int:
    """36 of "1.36". Raises ValueError for anything else; a number, as YAML reads 1.30, has lost its zero."""
    found = MINOR.fullmatch(version) if isinstance(version, str) else None
    if not found:
        raise ValueError(f'{version!r} is no Kubernetes minor; write it in quotes, like "1.36"')
    return int(found[1])


def problems(version: Any, releases: Mapping[str, Any], support: str, today: str) -> Iterator[tuple[str, str]]:
    """`(variable, what is wrong and what to do)`. `today`: YYYY-MM-DD. `releases`: by minor `{until, extended_until, ami, addons}`."""
    try:
        minor(version)
    except ValueError as error:
        yield "cluster_version", str(error)
        return
    if support not in SUPPORT:
        yield "cluster_support", f"is {support!r}; it is one of {', '.join(SUPPORT)}"
        return
    if version not in releases:
        yield "cluster_version", f"{version} has no row in cluster_eks_releases, which has {', '.join(sorted(releases, key=minor)) or 'none'}; add one"
        return
    row = releases[version]
    until, extended = (str(row.get(name) or "") for name in ("until", "extended_until"))
    ends = until if support == "standard" else extended
    if ends and ends < today:
        newer = [other for other in sorted(releases, key=minor) if str(releases[other].get("until") or today) >= today and minor(other) > minor(version)]
        step = f"upgrade to {newer[0]} by playbooks/upgrade.yml" if newer else "add a newer minor to cluster_eks_releases and upgrade"
        more = f", or pay for extended support until {extended} (cluster_support: extended)" if support == "standard" and extended >= today else ""
        yield "cluster_version", f"{version} is past its end of {support} support at EKS ({ends}); {step}{more}"
    yield from _release_problems(version, row)


def _release_problems(version: str, row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    where = f"cluster_eks_releases.{version}"
    found = AMI.fullmatch(str(row.get("ami") or ""))
    if not found or found[1] != version:
        yield f"{where}.ami", f"is {row.get('ami')!r}; write the release of the node AMI for {version}, like {version}.1-20260903"
    for name, wanted in sorted((row.get("addons") or {}).items()):
        if not ADDON.fullmatch(str(wanted)):
            yield f"{where}.addons.{name}", f"is {wanted!r}; write a version as `aws eks describe-addon-versions --addon-name {name}` lists it"


def addon_version(name: str, version: str, releases: Mapping[str, Any]) -> str:
    """The version of an add-on for a Kubernetes minor. Raises ValueError where there is none that fits."""
    ask = f"`aws eks describe-addon-versions --addon-name {name} --kubernetes-version {version}` lists what fits"
    pinned = (releases.get(version, {}).get("addons") or {}).get(name)
    if not pinned:
        others = sorted((other for other, row in releases.items() if name in (row.get("addons") or {})), key=minor)
        known = f"; it is pinned for {', '.join(others)}" if others else ""
        raise ValueError(f"has no version for Kubernetes {version} in cluster_eks_releases{known}. Add it: {ask}")
    found = ADDON.fullmatch(str(pinned))
    # kube-proxy is part of Kubernetes: never newer than the API server, and here of the same minor.
    if found and name == "kube-proxy" and f"{found[1]}.{found[2]}" != version:
        raise ValueError(f"is pinned to {pinned}, which is not of Kubernetes {version}; {ask}")
    return str(pinned)


def nodes_problem(nodes: str, control_plane: str) -> str:
    """What is wrong with nodes of one version under a control plane of another; empty if nothing is."""
    apart = minor(control_plane) - minor(nodes)
    if apart < 0:
        return f"{nodes} is newer than the control plane's {control_plane}; upgrade the control plane first"
    if apart > NODE_SKEW:
        return f"{nodes} is {apart} minors behind the control plane's {control_plane}, and {NODE_SKEW} is the most; upgrade the nodes first"
    return ""


def change_problem(live: str, wanted: str) -> str:
    """Why a live control plane does not go to another version here; empty if it is the same, or there is none."""
    if not live or live == wanted:
        return ""
    apart = minor(wanted) - minor(live)
    if apart < 0:
        return f'the control plane runs {live}, and EKS never goes down; write cluster_version: "{live}", or make a new cluster beside it and move over'
    if apart > 1:
        first = f"1.{minor(live) + 1}"
        return f'the control plane runs {live}, and Kubernetes goes up one minor at a time; write cluster_version: "{first}" and run playbooks/upgrade.yml'
    return f"the control plane runs {live}; playbooks/upgrade.yml takes it to {wanted}, nodes and add-ons after it, with their health looked at in between"
