# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Contradictions in services are found before anything is sent, all at once."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._application.validation import problems
from ansible_collections.llmops.platform.plugins.module_utils._application.validation import quantity
from ansible_collections.llmops.platform.plugins.module_utils._inventory.layering import merge

GOOD = {
    "namespace": "shop",
    "image": {"repository": "shop/cart", "tag": "1.0.0"},
    "ports": {"http": {"containerPort": 8080}},
    "service": {"ports": {"http": {"port": 80, "targetPort": "http"}}},
    "strategy": "RollingUpdate",
    "replicas": 3,
    "scaling": {"min": 3, "max": 10, "cpu_percent": 70},
    "disruption": {"min_available": 2},
    "resources": {"requests": {"cpu": "500m", "memory": "1Gi"}, "limits": {"cpu": "1", "memory": "2Gi"}},
    "probes": {"readiness": {"httpGet": {"path": "/", "port": "http"}}},
    "configuration": {"PORT": "8080"},
    "shared_configurations": {},
    "volumes": {},
    "grace": {"pre_stop_seconds": 5, "termination_seconds": 40},
}
VOLUME = {"volumes": {"data": {"access_mode": "ReadWriteOnce"}}}

CASES = [
    ({"image": {"tag": "latest"}}, ["image.tag is 'latest'"]),
    ({"image": {"tag": None}}, ["image.tag is None"]),
    ({"image": {"repository": ""}}, ["image.repository is missing"]),
    ({"namespace": "Shop_1"}, ["namespace is 'Shop_1'"]),
    ({"short_name": "a" * 64}, ["short_name is 'aaaa"]),
    ({"resources": {"limits": None}}, ["resources.limits.cpu is missing", "resources.limits.memory is missing"]),
    ({"resources": {"requests": {"cpu": "2"}}}, ["resources.requests.cpu is 2, more than its limit 1"]),
    ({"resources": {"requests": {"memory": "1GB"}}}, ["resources.requests.memory is '1GB'; write a quantity"]),
    ({"scaling": {"min": 11}}, ["scaling.min is 11, more than scaling.max 10"]),
    ({"scaling": {"cpu_percent": None}}, ["scaling has no metric"]),
    ({"scaling": {"min": "3"}}, ["scaling.min and scaling.max are '3' and 10"]),
    ({"scaling": None, "replicas": "many", "disruption": None}, ["replicas is 'many'"]),
    ({"disruption": {"min_available": 3}}, ["disruption.min_available is 3 of 3 pods"]),
    ({"disruption": {"max_unavailable": 1}}, ["disruption needs exactly one"]),
    ({"disruption": {"min_available": None, "max_unavailable": 0}}, ["disruption.max_unavailable is 0"]),
    ({"ports": {"metrics": {"containerPort": 8080}}}, ["ports.metrics.containerPort is 8080, as that of ports.http"]),
    ({"ports": {"http": {"containerPort": 70000}}}, ["ports.http.containerPort is 70000"]),
    ({"service": {"ports": {"http": {"targetPort": "web"}}}}, ["service.ports.http leads to port 'web'"]),
    ({"service": {"ports": None}}, ["service.ports is missing"]),
    ({"probes": {"readiness": {"httpGet": {"port": "admin"}}}}, ["probes.readiness asks port 'admin'"]),
    (VOLUME, ["strategy is RollingUpdate, but volume data has one writer", "volumes.data has one writer, but there may be more than one pod"]),
    ({**VOLUME, "strategy": "Recreate", "scaling": None, "replicas": 1, "disruption": None}, []),
    ({"run_as_user": 0}, ["run_as_user is 0"]),
    ({"vertical": {"mode": "Off"}}, []),
    ({"vertical": {"mode": "Auto"}}, ["vertical.mode is Auto, but the autoscaler also scales on cpu"]),
    ({"vertical": {"mode": "Recreate", "resources": ["memory"]}}, []),
    ({"vertical": {"mode": "Auto"}, "scaling": {"cpu_percent": None, "requests_per_second": 50}}, []),
    ({"vertical": {"min": {"cpu": "1"}}}, ["vertical.mode is missing"]),
    ({"route": {"kind": "ingress", "hosts": {"a": "a.example.com"}, "port": "http"}}, []),
    ({"route": {"kind": "nginx", "hosts": {}, "port": "web"}}, ["route.kind is 'nginx'", "route.port is 'web'", "route.hosts is empty"]),
    ({"route": {"kind": "http_route", "hosts": {"a": "b"}, "port": "http"}}, ["route.gateway.name is missing"]),
    ({"route": {"kind": "ingress", "hosts": {"a": "b"}, "port": "http"}, "load_balancer": {"class": "x"}}, ["load_balancer and route are both set"]),
    ({"metrics": {"port": "metrics"}}, ["metrics.port is 'metrics'"]),
    ({"network": {"from": {"x": {}}, "to": {"y": {"cidr": "10.0.0.0/8", "app": "z"}}}}, ["network.from.x names neither", "network.to.y has a cidr beside"]),
    ({"network": {"from": {"x": {"app": "a", "ports": {"admin": True}}}}}, ["network.from.x.ports names admin"]),
    ({"secrets": {"db": {"URL": "url", "USER": "user"}}}, ["secrets.db: there is no key 'user' in application_secrets.db.keys"]),
    ({"grace": {"termination_seconds": 30}}, ["grace leaves 25 s"]),
    ({"configuration": {"PORT": 8080}}, ["configuration.PORT is 8080, a ConfigMap holds text only"]),
    ({"shared_configurations": {"common": True}}, ["shared_configurations.common: there is no application_configurations.common"]),
]


def test_a_good_service_has_no_problem():
    assert problems({"cart": GOOD}, {}) == []


@pytest.mark.parametrize(("changes", "expected"), CASES)
def test_problems(changes, expected):
    found = problems({"cart": merge(GOOD, changes)}, {}, {"db": {"keys": {"url": {"path": "p"}}}})
    assert len(found) == len(expected), found
    for sentence, begin in zip(found, expected, strict=True):
        assert sentence.startswith(f"application_services.cart.{begin}")


def test_all_services_are_judged_at_once():
    bad = merge(GOOD, {"image": {"tag": "latest"}, "disruption": {"min_available": 3}})
    assert len(problems({"one": bad, "two": bad, "Three": GOOD}, {"common": {"data": {"A": True}}})) == 7


@pytest.mark.parametrize(
    ("text", "number"),
    [("500m", Decimal("0.5")), ("1", Decimal(1)), (2, Decimal(2)), ("1Gi", Decimal(2**30)), ("1.5k", Decimal(1500)), ("1GB", None), ("", None), (None, None)],
)
def test_quantity(text, number):
    assert quantity(text) == number
