# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What speaks against a version of Istio."""

from __future__ import annotations

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._mesh import upgrade

WANTED = {
    "version": "1.31.1",
    "revision": "",
    "default_revision": "",
    "kubernetes": "1.36",
    "kubernetes_supported": {"min": "1.32", "max": "1.36"},
    "mesh": ["shop"],
    "mode": "sidecar",
}
AMBIENT = {"istio.io/dataplane-mode": "ambient", "istio.io/use-waypoint": "waypoint"}


def namespace(**labels):
    return {
        "metadata": {"name": "shop", "labels": {key.replace("__", "/").replace("_", "-").replace("istio-io/", "istio.io/"): v for key, v in labels.items()}}
    }


ENABLED = namespace(istio_injection="enabled")


@pytest.mark.parametrize(
    ("changed", "running", "words"),
    [
        ({}, {}, []),
        ({}, {"default": "1.31.1"}, []),
        ({}, {"default": "1.31.0"}, []),
        ({}, {"default": "1.30.4"}, []),
        ({}, {"default": "1.29.6"}, ["istio_version 1.31.1 is too far from 1.29.6", "1 minor in place", "or set istio_revision"]),
        ({}, {"default": "1.28.0"}, ["go by the versions between"]),
        ({}, {"default": "1.31.2"}, ["1.31.2 runs as revision default", "not downgraded in place"]),
        ({}, {"default": "1.32.0"}, ["not downgraded"]),
        ({"revision": "1-31"}, {"default": "1.29.6"}, []),
        ({"revision": "1-31"}, {"1-28": "1.28.0"}, ["too far from 1.28.0, which runs as revision 1-28", "2 minors beside each other"]),
        # An older one beside a newer one is the way back.
        ({"revision": "1-31"}, {"1-32": "1.32.0"}, []),
        ({}, {"default": "latest"}, []),
        ({"version": "newest"}, {}, ["istio_version is newest, no version"]),
        ({"version": "2.0.0"}, {"default": "1.31.1"}, ["too far"]),
        ({"kubernetes": "1.31"}, {}, ["supports Kubernetes 1.32 to 1.36, the cluster has 1.31"]),
        ({"kubernetes": "1.37.2"}, {}, ["the cluster has 1.37.2"]),
    ],
)
def test_versions(changed, running, words):
    found = upgrade.upgrade_problems({**WANTED, **changed}, running, [ENABLED], [])
    assert len(found) == bool(words), found
    assert all(word in found[0] for word in words)


@pytest.mark.parametrize(
    ("changed", "live", "words"),
    [
        ({}, [], ["istio_namespaces names shop, which does not exist"]),
        ({}, [namespace(istio_injection="disabled")], ["injects no proxies", "cluster_baseline_namespaces.shop.istio_injection"]),
        ({}, [namespace()], ["istio-injection is not set"]),
        ({}, [namespace(istio_io__rev="default")], []),
        ({}, [namespace(istio_io__rev="1-20")], ["asks for revision 1-20, and there is none"]),
        ({"revision": "1-31"}, [namespace(istio_io__rev="1-31")], []),
        ({"revision": "1-31"}, [namespace(istio_io__rev="1-31", istio_injection="enabled")], ["has the labels istio-injection and istio.io/rev"]),
        ({"mode": "ambient"}, [{"metadata": {"name": "shop", "labels": AMBIENT}}], []),
        ({"mode": "ambient"}, [namespace(istio_injection="disabled")], ["lacks istio.io/dataplane-mode: ambient and istio.io/use-waypoint: waypoint"]),
        ({"mode": "ambient"}, [{"metadata": {"name": "shop", "labels": {**AMBIENT, "istio-injection": "enabled"}}}], ["injects proxies although"]),
    ],
)
def test_labels_of_namespaces_agree(changed, live, words):
    found = upgrade.upgrade_problems({**WANTED, **changed}, {}, live, [])
    assert len(found) == bool(words), found
    assert all(word in found[0] for word in words)


def test_what_is_gone_is_told():
    (found,) = upgrade.upgrade_problems(WANTED, {}, [ENABLED], ["istiooperators.install.istio.io", "gateways.networking.istio.io"])
    assert "IstioOperator" in found


@pytest.mark.parametrize(
    ("image", "labels", "wanted"),
    [
        ("docker.io/istio/pilot:1.31.1", {}, {"default": "1.31.1"}),
        ("registry:5000/istio/pilot:1.30.2-distroless", {"istio.io/rev": "1-30-2"}, {"1-30-2": "1.30.2-distroless"}),
        ("istio/pilot:1.31.1@sha256:abc", {}, {"default": "1.31.1"}),
    ],
)
def test_what_runs(image, labels, wanted):
    containers = [{"name": "other", "image": "x:9"}, {"name": "discovery", "image": image}]
    assert upgrade.control_planes([{"metadata": {"labels": labels}, "spec": {"template": {"spec": {"containers": containers}}}}]) == wanted


def pod(name, proxy, where="initContainers", **labels):
    spec = {"containers": [{"name": "web", "image": "web:1"}]}
    spec[where] = [*spec.get(where, []), {"name": "istio-proxy", "image": f"istio/proxyv2:{proxy}"}]
    return {"metadata": {"namespace": "shop", "name": name, "labels": labels}, "spec": spec}


def test_proxies_may_be_two_minors_behind():
    pods = [pod("new", "1.31.0"), pod("old", "1.29.9", "containers"), pod("late", "1.28.1", "containers"), pod("later", "1.20.0")]
    pods.append({"metadata": {"namespace": "shop", "name": "none"}, "spec": {"containers": [{"name": "web", "image": "web:1"}]}})
    assert upgrade.late_proxies("1.31.1", pods) == ["shop/late", "shop/later"]


def test_who_belongs_to_a_revision():
    assert upgrade.users("1-30", [pod("a", "1.30.0", **{"istio.io/rev": "1-30"}), pod("b", "1.31.0", **{"istio.io/rev": "1-31"})]) == ["shop/a"]
