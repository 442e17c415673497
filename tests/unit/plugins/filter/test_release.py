# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What role release makes of live objects and of its settings, as tables."""

from __future__ import annotations

import datetime
import re

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.llmops.platform.plugins.filter import release

TRACK = "llmops.platform/track"


def deployment(name: str = "cart", image: str = "registry.example:5000/shop/cart:1.0.0", **spec: object) -> dict:
    template = {"spec": {"containers": [{"name": name, "image": image}]}}
    return {"kind": "Deployment", "metadata": {"name": name, "uid": f"uid-of-{name}"}, "spec": {"template": template, **spec}}


def replica_set(name: str, revision: str | None, owner: str = "uid-of-cart") -> dict:
    annotations = {"annotations": {"deployment.kubernetes.io/revision": revision}} if revision else {}
    return {"kind": "ReplicaSet", "metadata": {"name": name, "ownerReferences": [{"uid": owner}], **annotations}}


def autoscaler(name: str, target: str, **spec: object) -> dict:
    return {"kind": "HorizontalPodAutoscaler", "metadata": {"name": name}, "spec": {"scaleTargetRef": {"name": target}, **spec}}


def virtual_service(*routes: str, subsets: tuple[str, ...] = ("stable", "canary"), **rule: object) -> dict:
    http = [{"name": name, "route": [{"destination": {"host": "cart", "subset": subset}} for subset in subsets], **rule} for name in routes]
    return {"kind": "VirtualService", "metadata": {"name": "cart"}, "spec": {"http": http}}


def http_route(*backends: str) -> dict:
    return {"kind": "HTTPRoute", "metadata": {"name": "cart"}, "spec": {"rules": [{"backendRefs": [{"name": name} for name in backends]}]}}


def service(**selector: str) -> dict:
    return {"kind": "Service", "metadata": {"name": "cart"}, "spec": {"selector": {"app": "cart", **selector}}}


def test_nothing_runs():
    live = release.release_objects([], "cart")
    assert not any(live.values())
    assert release.release_traffic(live) == "none"


def test_objects_of_one_service_are_told_from_those_of_others():
    resources = [
        deployment("other"),
        deployment(),
        deployment("cart-canary"),
        replica_set("cart-old", "9"),
        replica_set("cart-new", "10"),
        replica_set("cart-unnumbered", None),
        replica_set("other-new", "11", "uid-of-other"),
        autoscaler("other", "other", minReplicas=9),
        autoscaler("cart-canary", "cart-canary", minReplicas=8),
        autoscaler("cart-hpa", "cart", minReplicas=3),
        virtual_service("default"),
    ]
    live = release.release_objects(resources, "cart")
    assert (live["stable"]["metadata"]["name"], live["canary"]["metadata"]["name"]) == ("cart", "cart-canary")
    assert set(live["replica_sets"]) == {"cart-old", "cart-new", "cart-unnumbered"}
    assert live["replica_set"] == "cart-new", "the greatest number, not the last word"
    assert live["autoscaler"]["metadata"]["name"] == "cart-hpa"
    assert live["virtual_service"]["metadata"]["name"] == "cart"
    assert (live["version"], live["size"], live["mirrors"]) == ("1.0.0", 3, False)


@pytest.mark.parametrize(
    ("image", "version"),
    [
        ("cart:1.0.0", "1.0.0"),
        ("registry.example:5000/shop/cart:1.0.0", "1.0.0"),
        ("registry.example:5000/shop/cart", ""),
        ("shop/cart:1.0.0@sha256:0123", "1.0.0"),
        ("shop/cart@sha256:0123", ""),
    ],
)
def test_version_is_the_images_tag(image, version):
    assert release.release_objects([deployment(image=image)], "cart")["version"] == version


@pytest.mark.parametrize(
    ("spec", "scaled", "size"),
    [
        ({"replicas": 4}, None, 4),
        # Written as 1 by Kubernetes where nobody says it.
        ({}, None, 1),
        ({"replicas": 2}, {"minReplicas": 3}, 3),
        ({"replicas": 5}, {"minReplicas": 3}, 5),
        ({"replicas": 5}, {}, 5),
    ],
)
def test_size_is_what_bears_the_traffic_now(spec, scaled, size):
    resources = [deployment(**spec)] + ([autoscaler("cart", "cart", **scaled)] if scaled is not None else [])
    assert release.release_objects(resources, "cart")["size"] == size


def test_mirrors_are_found_in_any_route():
    assert release.release_objects([deployment(), virtual_service("default", mirrors=[{}])], "cart")["mirrors"] is True


@pytest.mark.parametrize(
    ("resources", "expected"),
    [
        ([deployment(), virtual_service("default"), http_route("cart", "cart-canary"), service(**{TRACK: "stable"})], "VirtualService"),
        # One that knows only one version shifts nothing.
        ([deployment(), virtual_service("default", subsets=("stable",)), http_route("cart", "cart-canary")], "HTTPRoute"),
        ([deployment(), http_route("cart"), service(**{TRACK: "stable"})], "Service"),
        # A Service of both tracks belongs to a mesh.
        ([deployment(), service()], "none"),
        ([deployment()], "none"),
    ],
)
def test_what_shifts_the_traffic(resources, expected):
    assert release.release_traffic(release.release_objects(resources, "cart")) == expected


def test_routes_are_those_with_both_versions():
    assert release.release_routes({}) == []
    assert release.release_routes(virtual_service("canary-match", "default")) == ["canary-match", "default"]
    assert release.release_routes(virtual_service("default", subsets=("stable",))) == []


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (
            {"traffic": "VirtualService", "routes": ["canary-match", "default"]},
            {"canary-match": {"stable": 0, "canary": 100}, "default": {"stable": 90, "canary": 10}},
        ),
        ({"traffic": "HTTPRoute", "routes": []}, {"0": {"stable": 90, "canary": 10}}),
        ({"traffic": "Service", "routes": []}, {"selector": {"stable": 90, "canary": 10}}),
    ],
)
def test_weights_of_a_stage(settings, expected):
    assert release.release_weights(settings, {"canary": 10, "matched": 100}) == expected


def weight(canary: int, judge: bool = True) -> dict:
    return {"kind": "weight", "canary": canary, "judge": judge}


@pytest.mark.parametrize(
    ("step_needs", "stages", "number", "expected"),
    [
        ("no_harm", [weight(10), weight(50), weight(100)], 0, "no_harm"),
        # Whoever is the last to compare must show that the new version is good.
        ("no_harm", [weight(10), weight(50), weight(100)], 1, "promote"),
        ("no_harm", [weight(10), weight(50), weight(100)], 2, "slo"),
        ("no_harm", [weight(10), weight(50, judge=False), weight(100)], 0, "promote"),
        ("no_harm", [weight(10), {"kind": "keep"}, {"kind": "finish"}], 0, "promote"),
        ("promote", [weight(10), weight(50), weight(100)], 0, "promote"),
    ],
)
def test_what_a_stage_must_show(step_needs, stages, number, expected):
    assert release.release_needs({"canary": {"step_needs": step_needs}}, stages, number) == expected


METRICS = {"errors": {"template": "http_errors", "slo": 0.01, "margin": 0.005}, "latency": {"metric": "seconds", "buckets": [0.1], "slo": None}}
ANALYSIS = {"mode": "sequential", "deadline": 600, "limits": {"series": 10}, "metrics": METRICS}
SETTINGS = {"judged": True, "namespace": "shop", "port": 8080, "analysis": ANALYSIS}
PROMETHEUS = {"url": "http://127.0.0.1:9090"}


def test_analysis_compares_the_versions():
    options = release.release_analysis(SETTINGS, "cart", PROMETHEUS, "promote")
    assert options == {
        "mode": "sequential",
        "limits": {"series": 10},
        "metrics": METRICS,
        "prometheus": PROMETHEUS,
        "target": {"service": "cart", "namespace": "shop", "port": 8080},
    }


def test_analysis_takes_the_services_own_target():
    settings = {**SETTINGS, "analysis": {**ANALYSIS, "target": {"service": "basket", "port": None}}}
    assert release.release_analysis(settings, "cart", PROMETHEUS, "no_harm")["target"] == {"service": "basket", "namespace": "shop"}


def test_without_another_version_the_objectives_are_the_limits():
    options = release.release_analysis(SETTINGS, "cart", PROMETHEUS, "slo")
    assert options == {
        "mode": "threshold",
        "limits": {"series": 10},
        "metrics": {"errors": {"template": "http_errors", "max": 0.01}},
        "prometheus": PROMETHEUS,
        "target": {"service": "cart", "namespace": "shop", "port": 8080},
    }


@pytest.mark.parametrize(
    ("settings", "needs"),
    [
        ({**SETTINGS, "judged": False}, "promote"),
        ({**SETTINGS, "judged": False}, "slo"),
        # No metric has an objective.
        ({**SETTINGS, "analysis": {**ANALYSIS, "metrics": {"latency": METRICS["latency"]}}}, "slo"),
    ],
)
def test_nothing_to_judge_by(settings, needs):
    assert release.release_analysis(settings, "cart", PROMETHEUS, needs) == {}


def test_a_plan_that_cannot_be_made_names_filter_and_remedy():
    with pytest.raises(AnsibleFilterError, match=r"release_plan - release_strategy is 'big_bang'; choose rolling"):
        release.release_plan({"strategy": "big_bang"}, 3)


def test_a_plan_and_its_lines():
    stages = release.release_plan({"strategy": "rolling"}, 3)
    assert [stage["kind"] for stage in stages] == ["roll"]
    assert release.release_plan_rows(stages) == ["  1. roll out"]
    assert release.release_plan_rows(stages, 1) == ["x 1. roll out"]


def test_minutes_from_now():
    found = release.release_minutes_from_now("1.5")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", found)
    ahead = datetime.datetime.fromisoformat(found) - datetime.datetime.now(datetime.UTC)
    assert datetime.timedelta(seconds=60) < ahead <= datetime.timedelta(seconds=90)


RECORD = {"version": "2.0.0", "phase": "rolled_back", "strategy": "canary", "stable_version": "1.0.0"}


@pytest.mark.parametrize(
    ("record", "lines"),
    [
        ({}, ["cart was never released."]),
        (RECORD, ["cart: 2.0.0 rolled back (canary, stable 1.0.0)"]),
        (
            {**RECORD, "reason": "errors", "warm_until": "2026-11-21T12:00:00Z", "stage": "1", "plan": [{"kind": "roll", "name": "roll out"}]},
            ["cart: 2.0.0 rolled back (canary, stable 1.0.0): errors", "old version warm until 2026-11-21T12:00:00Z", "x 1. roll out"],
        ),
        (
            {**RECORD, "history": [{"time": "2026-11-21T11:00:00Z", "event": "begun"}]},
            ["cart: 2.0.0 rolled back (canary, stable 1.0.0)", "2026-11-21T11:00:00Z begun"],
        ),
    ],
)
def test_status(record, lines):
    assert release.release_status(record, "cart") == lines
