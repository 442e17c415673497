# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Subsets and routes."""

from __future__ import annotations

import re

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._mesh import routes
from tests.support.mesh_settings import GATEWAYS
from tests.support.mesh_settings import service

HEADER = {"header": {"name": "X-Canary", "value": "true"}}
HOST = "web.shop.svc.cluster.local"


def virtual(live=None, **more):
    return routes.virtual_service("web", service(**more), GATEWAYS, live)


def live(*weights, kind="VirtualService", mirrored=None):
    """A live route of names and weights."""
    key = "http" if kind == "VirtualService" else "rules"
    entries = [
        {
            "name": name,
            ("route" if key == "http" else "backendRefs"): [{"weight": stable}, {"weight": canary}],
            **({"mirrors": [{"percentage": {"value": mirrored}}]} if mirrored is not None else {}),
        }
        for name, stable, canary in weights
    ]
    return {"kind": kind, "metadata": {"namespace": "shop", "name": "web"}, "spec": {key: entries}}


def weights(built):
    spec = built["spec"]
    return {route["name"]: [entry["weight"] for entry in route.get("route") or route["backendRefs"]] for route in spec.get("http") or spec["rules"]}


def test_both_subsets_are_always_there():
    spec = routes.destination_rule("web", service())["spec"]
    assert spec["host"] == HOST
    assert spec["subsets"] == [
        {"name": "stable", "labels": {"llmops.platform/track": "stable"}},
        {"name": "canary", "labels": {"llmops.platform/track": "canary"}},
    ]
    assert spec["trafficPolicy"]["connectionPool"] == {"tcp": {"maxConnections": 100}, "http": {"http1MaxPendingRequests": 50}}
    assert spec["trafficPolicy"]["outlierDetection"] == {
        "consecutive5xxErrors": 5,
        "interval": "30s",
        "baseEjectionTime": "1m",
        "maxEjectionPercent": 50,
    }


@pytest.mark.parametrize(
    ("more", "wanted"),
    [
        ({}, {"simple": "LEAST_REQUEST"}),
        ({"load_balancing": "round_robin"}, {"simple": "ROUND_ROBIN"}),
        (
            {"load_balancing": "consistent_hash", "cookie": {"name": "session", "ttl": "3h"}},
            {"consistentHash": {"httpCookie": {"name": "session", "path": "/", "ttl": "3h"}}},
        ),
    ],
)
def test_load_balancing(more, wanted):
    assert routes.load_balancer(service(**more)) == wanted


def test_a_route_at_rest():
    (route,) = virtual()["spec"]["http"]
    assert [entry["destination"] for entry in route["route"]] == [
        {"host": HOST, "subset": "stable", "port": {"number": 80}},
        {"host": HOST, "subset": "canary", "port": {"number": 80}},
    ]
    assert [entry["weight"] for entry in route["route"]] == [100, 0]
    assert route["retries"] == {"attempts": 3, "perTryTimeout": "2s", "retryOn": "5xx"}
    assert (route["name"], route["timeout"]) == ("primary", "15s")
    assert not {"match", "mirrors"} & set(route)
    assert "gateways" not in virtual()["spec"]


def test_no_retries_and_no_timeout():
    (route,) = virtual(retries={"attempts": 0}, timeout="")["spec"]["http"]
    assert route["retries"] == {"attempts": 0}
    assert "timeout" not in route


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (None, {"canary-match": [100, 0], "primary": [100, 0]}),
        (live(("canary-match", 0, 100), ("primary", 90, 10)), {"canary-match": [0, 100], "primary": [90, 10]}),
        # A match that is new begins at rest; what the other route has stays.
        (live(("primary", 50, 50)), {"canary-match": [100, 0], "primary": [50, 50]}),
        (live(("somebody-elses", 10, 90)), {"canary-match": [100, 0], "primary": [100, 0]}),
        ({"kind": "VirtualService", "metadata": {"namespace": "shop", "name": "web"}}, {"canary-match": [100, 0], "primary": [100, 0]}),
    ],
    ids=["new", "in progress", "match is new", "another route", "empty"],
)
def test_live_weights_are_kept(before, after):
    assert weights(virtual(before, canary=HEADER)) == after


def test_a_match_that_is_not_declared_any_more_goes():
    assert weights(virtual(live(("canary-match", 0, 100), ("primary", 90, 10)))) == {"primary": [90, 10]}


@pytest.mark.parametrize("wrong", [(60, 20), (110, -10), (0, 0), (100, 100)])
def test_weights_that_nobody_could_have_meant_are_refused(wrong):
    with pytest.raises(ValueError, match=r"VirtualService shop/web route primary has the weights .* do not sum to 100"):
        virtual(live(("primary", *wrong)))
    assert len(routes.weight_problems([live(("primary", *wrong)), live(("primary", 90, 10))])) == 1


def test_the_mirrored_share_is_kept():
    def shares(built):
        return [route["mirrors"][0]["percentage"]["value"] for route in built["spec"]["http"]]

    assert shares(virtual(mirror=True)) == [0.0]
    assert shares(virtual(live(("primary", 100, 0), mirrored=25), mirror=True)) == [25]
    assert virtual(mirror=True)["spec"]["http"][0]["mirrors"][0]["destination"]["subset"] == "canary"


def test_matches_are_alternatives():
    canary = {**HEADER, "cookie": {"name": "beta", "value": "yes"}, "cohort": {"header": "X-User", "regex": ".*[02468]"}}
    first, second = virtual(canary=canary)["spec"]["http"]
    assert [route["name"] for route in (first, second)] == ["canary-match", "primary"]
    header, cookie, cohort = first["match"]
    assert header == {"headers": {"x-canary": {"exact": "true"}}}
    assert cohort == {"headers": {"x-user": {"regex": ".*[02468]"}}}
    pattern = re.compile(cookie["headers"]["cookie"]["regex"])
    assert all(pattern.fullmatch(text) for text in ("beta=yes", "a=b; beta=yes", "beta=yes; a=b"))
    assert not any(pattern.fullmatch(text) for text in ("beta=yesterday", "alphabeta=yes", "beta=no"))


def test_a_path_counts_at_the_gateway_only():
    spec = virtual(gateways={"ingress": True}, hosts={"main": "shop.example.com"}, path="/web", canary=HEADER)["spec"]
    assert spec["hosts"] == ["shop.example.com", HOST]
    assert spec["gateways"] == ["istio-system/istio-ingressgateway", "mesh"]
    first, second = spec["http"]
    outside = {"uri": {"prefix": "/web"}, "gateways": ["istio-system/istio-ingressgateway"]}
    assert second["match"] == [outside, {"gateways": ["mesh"]}]
    assert first["match"] == [{"headers": {"x-canary": {"exact": "true"}}, **place} for place in second["match"]]


def test_an_http_route_says_the_same():
    made = service(api="gateway", gateways={"ingress": True}, hosts={"main": "shop.example.com"}, path="/web", canary=HEADER)
    built = routes.http_route("web", made, GATEWAYS, live(("primary", 90, 10), kind="HTTPRoute"))
    spec = built["spec"]
    assert weights(built) == {"canary-match": [100, 0], "primary": [90, 10]}
    assert [entry["name"] for entry in spec["rules"][0]["backendRefs"]] == ["web", "web-canary"]
    assert spec["rules"][0]["matches"] == [
        {"path": {"type": "PathPrefix", "value": "/web"}, "headers": [{"type": "Exact", "name": "x-canary", "value": "true"}]}
    ]
    assert spec["hostnames"] == ["shop.example.com"]
    assert [parent["name"] for parent in spec["parentRefs"]] == ["istio-ingressgateway", "web"]


def test_each_service_gets_its_own_live_route():
    services = {"web": service(), "api": service(api="gateway")}
    found = [live(("primary", 70, 30)), {**live(("primary", 20, 80), kind="HTTPRoute"), "metadata": {"namespace": "shop", "name": "api"}}]
    built = {(entry["kind"], entry["metadata"]["name"]): entry for entry in routes.routes(services, GATEWAYS, found)}
    assert set(built) == {("DestinationRule", "web"), ("DestinationRule", "api"), ("VirtualService", "web"), ("HTTPRoute", "api")}
    assert weights(built["VirtualService", "web"]) == {"primary": [70, 30]}
    assert weights(built["HTTPRoute", "api"]) == {"primary": [20, 80]}
