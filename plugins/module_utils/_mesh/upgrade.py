# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""What speaks against installing a version of Istio beside, or over, what runs: the rules of `istioctl x precheck` and of upstream's skew policy."""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Mapping
from typing import Any

VERSION = re.compile(r"^v?(\d+)\.(\d+)(?:\.(\d+))?")
# A control plane goes one minor at a time in place, two beside each other; proxies may be two minors behind.
IN_PLACE, BY_REVISION, PROXIES = 1, 2, 2
REVISION = "istio.io/rev"
AMBIENT = {"istio.io/dataplane-mode": "ambient", "istio.io/use-waypoint": "waypoint"}
REMOVED = {"istiooperators.install.istio.io": "the operator in the cluster is gone since 1.24; delete its definition and its IstioOperator objects"}


def parse(version: str) -> tuple[int, int, int] | None:
    """None for a tag that is no version, such as a digest."""
    match = VERSION.match(version)
    return (int(match[1]), int(match[2]), int(match[3] or 0)) if match else None


def control_planes(deployments: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """`{revision: version}` out of the Deployments of istiod."""
    found = {}
    for deployment in deployments:
        labels = deployment["metadata"].get("labels") or {}
        image = next((entry["image"] for entry in deployment["spec"]["template"]["spec"]["containers"] if entry["name"] == "discovery"), "")
        found[labels.get(REVISION, "default")] = image.partition("@")[0].rpartition(":")[2]
    return found


def upgrade_problems(wanted: Mapping[str, Any], running: Mapping[str, str], namespaces: Iterable[Mapping[str, Any]], definitions: Iterable[str]) -> list[str]:
    """`wanted`: version, revision, default_revision, kubernetes, kubernetes_supported {min, max}, mesh (namespaces that take part), mode."""
    return [
        *_kubernetes(wanted),
        *_skew(wanted, running),
        *_labels(wanted, running, namespaces),
        *(f"definition {name} is installed: {why}" for name in definitions if (why := REMOVED.get(name))),
    ]


def _kubernetes(wanted: Mapping[str, Any]) -> Iterable[str]:
    cluster, limits = parse(str(wanted["kubernetes"])), wanted["kubernetes_supported"]
    if cluster and not parse(limits["min"])[:2] <= cluster[:2] <= parse(limits["max"])[:2]:
        yield (
            f"Istio {wanted['version']} supports Kubernetes {limits['min']} to {limits['max']}, the cluster has {wanted['kubernetes']}; "
            "choose another istio_version (and istio_kubernetes_supported with it), or upgrade the cluster"
        )


def _skew(wanted: Mapping[str, Any], running: Mapping[str, str]) -> Iterable[str]:
    target, revision = parse(wanted["version"]), wanted["revision"] or "default"
    if target is None:
        yield f"istio_version is {wanted['version']}, no version; write one such as 1.31.1"
        return
    for name, version in sorted(running.items()):
        live = parse(version)
        if live is None:
            continue
        same = name == revision
        if same and live > target:
            yield (
                f"istio_version is {wanted['version']}, and {version} runs as revision {name}: Istio is not downgraded in place; "
                "keep the newer one, or install the older as another istio_revision and move istio_default_revision back"
            )
        elif target[0] != live[0] or target[1] - live[1] > (IN_PLACE if same else BY_REVISION):
            allowed = f"{IN_PLACE} minor in place" if same else f"{BY_REVISION} minors beside each other"
            yield (
                f"istio_version {wanted['version']} is too far from {version}, which runs as revision {name} ({allowed}); go by the versions between"
                + (", or set istio_revision to install beside it" if same and target[1] - live[1] <= BY_REVISION else "")
            )


def _labels(wanted: Mapping[str, Any], running: Mapping[str, str], namespaces: Iterable[Mapping[str, Any]]) -> Iterable[str]:
    known = {*running, wanted["revision"] or "default", "default"}
    live = {entry["metadata"]["name"]: entry["metadata"].get("labels") or {} for entry in namespaces}
    for name in wanted["mesh"]:
        labels = live.get(name)
        if labels is None:
            yield f"istio_namespaces names {name}, which does not exist; add it to cluster_baseline_namespaces"
            continue
        injection, chosen = labels.get("istio-injection"), labels.get(REVISION)
        if wanted["mode"] == "ambient":
            yield from _ambient(name, labels)
            continue
        if injection == "disabled" or not (injection or chosen):
            yield (
                f"namespace {name} is in istio_namespaces and injects no proxies (istio-injection is {injection or 'not set'}); "
                f"set cluster_baseline_namespaces.{name}.istio_injection to enabled"
            )
        elif chosen and injection:
            yield f"namespace {name} has the labels istio-injection and {REVISION}, and the first one wins; remove {REVISION}"
        elif chosen and chosen not in known:
            yield f"namespace {name} asks for revision {chosen}, and there is none ({', '.join(sorted(known))}); correct its label {REVISION}"


def _ambient(name: str, labels: Mapping[str, str]) -> Iterable[str]:
    lacking = [f"{label}: {value}" for label, value in AMBIENT.items() if labels.get(label) != value]
    if lacking:
        yield f"namespace {name} is in istio_namespaces and lacks {' and '.join(lacking)}; add to cluster_baseline_namespaces.{name}.labels"
    if labels.get("istio-injection") == "enabled":
        yield f"namespace {name} injects proxies although istio_mode is ambient; set cluster_baseline_namespaces.{name}.istio_injection to disabled"


def late_proxies(version: str, pods: Iterable[Mapping[str, Any]]) -> list[str]:
    """Pods whose proxy is further behind than Istio supports, as namespace/name."""
    target, found = parse(version), []
    for pod in pods:
        spec = pod.get("spec") or {}
        images = [entry["image"] for entry in [*(spec.get("containers") or []), *(spec.get("initContainers") or [])] if entry["name"] == "istio-proxy"]
        proxy = parse(images[0].partition("@")[0].rpartition(":")[2]) if images else None
        if target and proxy and (proxy[0] != target[0] or target[1] - proxy[1] > PROXIES):
            found.append(f"{pod['metadata']['namespace']}/{pod['metadata']['name']}")
    return sorted(found)


def users(revision: str, pods: Iterable[Mapping[str, Any]]) -> list[str]:
    """Pods that still belong to a revision, as namespace/name."""
    return sorted(
        f"{pod['metadata']['namespace']}/{pod['metadata']['name']}" for pod in pods if (pod["metadata"].get("labels") or {}).get(REVISION) == revision
    )
