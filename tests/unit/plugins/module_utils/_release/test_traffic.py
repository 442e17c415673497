# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Weights, by tables."""

from __future__ import annotations

import copy

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._release import traffic
from ansible_collections.llmops.platform.plugins.module_utils._release.proxies import follows
from ansible_collections.llmops.platform.plugins.module_utils._release.proxies import splits

NAMES = {"stable": "stable", "canary": "canary"}
HOST = "web.shop.svc.cluster.local"


def virtual_service(primary=(100, 0), **extra):
    def route(name, weights):
        return {
            "name": name,
            "route": [
                {"destination": {"host": HOST, "subset": subset}, "weight": weight} for subset, weight in zip(("stable", "canary"), weights, strict=True)
            ],
            **extra,
        }

    metadata = {"name": "web", "namespace": "shop", "resourceVersion": "7"}
    return {"kind": "VirtualService", "metadata": metadata, "spec": {"http": [route("canary-match", (100, 0)), route("primary", primary)]}}


def service(selector):
    return {"kind": "Service", "metadata": {"name": "web", "namespace": "shop", "resourceVersion": "7"}, "spec": {"selector": selector}}


@pytest.mark.parametrize(
    ("weights", "said"),
    [
        ({"stable": 90, "canary": 20}, "sum to 110"),
        ({"stable": 90}, "sum to 90"),
        ({"stable": -10, "canary": 110}, "stable is -10"),
        ({"stable": 50.0, "canary": 50}, "stable is 50.0"),
        ({"stable": True, "canary": 99}, "stable is True"),
        ({"stable": "90", "canary": 10}, "stable is '90'"),
        ({"stable": 90, "green": 10}, "names 'green'"),
    ],
)
def test_weights_that_are_refused(weights, said):
    with pytest.raises(traffic.TrafficError, match=said):
        traffic.check_weights({"primary": weights})


def test_weights_that_are_accepted():
    traffic.check_weights({"primary": {"stable": 0, "canary": 100}, "canary-match": {"canary": 1, "stable": 99}})


def test_current_weights():
    assert traffic.current(virtual_service((90, 10)), NAMES) == {"canary-match": {"stable": 100, "canary": 0}, "primary": {"stable": 90, "canary": 10}}


def test_a_missing_weight_means_what_the_api_says():
    live = virtual_service()
    del live["spec"]["http"][1]["route"][1]["weight"]
    assert traffic.current(live, NAMES)["primary"] == {"stable": 100, "canary": 0}
    route = {"kind": "HTTPRoute", "metadata": {"name": "web"}, "spec": {"rules": [{"backendRefs": [{"name": "web"}, {"name": "web-canary", "weight": 0}]}]}}
    assert traffic.current(route, {"stable": "web", "canary": "web-canary"}) == {"0": {"stable": 1, "canary": 0}}


def test_only_weights_are_patched():
    live = virtual_service()
    before = copy.deepcopy(live)
    changes = traffic.patch(live, {"primary": {"stable": 90, "canary": 10}}, NAMES)
    assert live == before
    assert changes == [
        {"op": "test", "path": "/metadata/resourceVersion", "value": "7"},
        {"op": "add", "path": "/spec/http/1/route/0/weight", "value": 90},
        {"op": "add", "path": "/spec/http/1/route/1/weight", "value": 10},
    ]


def test_what_is_so_already_is_not_patched():
    assert traffic.patch(virtual_service((90, 10)), {"primary": {"stable": 90, "canary": 10}}, NAMES) == []


def test_a_route_that_is_not_there():
    with pytest.raises(traffic.TrafficError, match=r"has no route other with destinations stable and canary .it has canary-match, primary."):
        traffic.patch(virtual_service(), {"other": {"stable": 90, "canary": 10}}, NAMES)


def test_a_subset_that_is_not_there():
    with pytest.raises(traffic.TrafficError, match=r"with destinations v1 and canary .it has none such."):
        traffic.patch(virtual_service(), {"primary": {"stable": 90, "canary": 10}}, {"stable": "v1", "canary": "canary"})


def test_a_mirror_is_a_percentage():
    mirrors = [{"destination": {"host": HOST, "subset": "canary"}, "percentage": {"value": 0}}]
    live = virtual_service(mirrors=mirrors)
    assert traffic.patch(live, {"primary": {"stable": 100, "canary": 0}}, NAMES, 25)[1:] == [
        {"op": "add", "path": "/spec/http/1/mirrors/0/percentage", "value": {"value": 25}}
    ]
    assert traffic.patch(live, {"primary": {"stable": 100, "canary": 0}}, NAMES, 0) == []
    with pytest.raises(traffic.TrafficError, match=r"istio_services.web.mirror"):
        traffic.patch(virtual_service(), {"primary": {"stable": 100, "canary": 0}}, NAMES, 25)


def test_a_service_is_switched_as_a_whole():
    live = service({"app": "web", traffic.TRACK_LABEL: "stable"})
    assert traffic.current(live, NAMES) == {"selector": {"stable": 100, "canary": 0}}
    assert traffic.patch(live, {"selector": {"stable": 0, "canary": 100}}, NAMES)[1:] == [
        {"op": "add", "path": "/spec/selector/llmops.platform~1track", "value": "canary"}
    ]
    with pytest.raises(traffic.TrafficError, match="can only be switched as a whole, not split 90 to 10"):
        traffic.patch(live, {"selector": {"stable": 90, "canary": 10}}, NAMES)


@pytest.mark.parametrize(
    ("managers", "strange"),
    [
        (["llmops-platform"], []),
        (["llmops-platform", "llmops-release"], []),
        (["kubectl-edit"], ["kubectl-edit"]),
        (["argocd-controller", "llmops-release"], ["argocd-controller"]),
    ],
)
def test_who_else_edited_it(managers, strange):
    live = virtual_service()
    live["metadata"]["managedFields"] = [{"manager": manager, "fieldsV1": {"f:spec": {"f:http": {}}}} for manager in managers]
    live["metadata"]["managedFields"].append({"manager": "status-writer", "subresource": "status", "fieldsV1": {"f:spec": {"f:http": {}}}})
    live["metadata"]["managedFields"].append({"manager": "labeller", "fieldsV1": {"f:metadata": {}}})
    assert traffic.strangers(live, ["llmops-platform", "llmops-release"]) == strange


def dump(*routes):
    return {"configs": [{"route_config": {"virtual_hosts": [{"routes": list(routes)}]}}]}


def cluster(subset):
    return f"outbound|80|{subset}|{HOST}"


WEIGHTED = {
    "name": "primary",
    "route": {"weighted_clusters": {"clusters": [{"name": cluster("stable"), "weight": 90}, {"name": cluster("canary"), "weight": 10}]}},
}
WHOLE = {"name": "primary", "route": {"cluster": cluster("stable")}}


@pytest.mark.parametrize(
    ("found", "canary", "expected"),
    [
        (dump(WEIGHTED), 10, True),
        (dump(WEIGHTED), 50, False),
        (dump(WHOLE), 0, True),
        (dump(WHOLE), 10, False),
        (dump(WEIGHTED, WHOLE), 10, False),
        (dump({"name": "primary", "route": {"cluster": "outbound|80|stable|other.shop.svc.cluster.local"}}), 10, None),
        (dump({"redirect": {}}), 10, None),
        ({}, 10, None),
    ],
)
def test_whether_a_proxy_follows(found, canary, expected):
    assert follows(found, HOST, {"primary": {"stable": 100 - canary, "canary": canary}}, NAMES) is expected


def test_the_splits_of_a_proxy():
    assert splits(dump(WEIGHTED), HOST) == [("primary", {"stable": 90, "canary": 10})]
