# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Arguments, targets and addresses of the local mesh."""

from __future__ import annotations

import json

from ansible_collections.llmops.platform.plugins.module_utils._local import mesh

GATEWAYS = {"ingress": {"namespace": "istio-system"}, "egress": {"namespace": "istio-system", "name": "way-out"}}
RUNNER = {"control": 1, "ingress.admin": 2, "ingress.http": 3, "ingress.https": 4}


def test_each_gateway_is_named_with_the_ports_that_were_chosen():
    arguments = mesh.gateway_arguments(GATEWAYS, {"http": [80, 8080], "https": [443]})
    chosen = {f"{key}.{name}": number for number, (key, name) in enumerate((k, n) for k in GATEWAYS for n in ("admin", "http", "https"))}
    gateways = [json.loads((argument % chosen).removeprefix("--gateway=")) for argument in arguments]
    assert gateways == [
        {"key": "egress", "name": "way-out", "namespace": "istio-system", "admin": 3, "ports": {"80": 4, "8080": 4, "443": 5}},
        {"key": "ingress", "name": "istio-ingressgateway", "namespace": "istio-system", "admin": 0, "ports": {"80": 1, "8080": 1, "443": 2}},
    ]


def test_prometheus_scrapes_the_runner_and_each_envoy():
    assert mesh.targets(RUNNER, "shop") == [
        {"targets": ["127.0.0.1:1"], "labels": {"job": "pods", "deployment": "shop"}},
        {"targets": ["127.0.0.1:2"], "labels": {"job": "envoy", "deployment": "shop", "gateway": "ingress", "__metrics_path__": "/stats/prometheus"}},
    ]


def test_addresses():
    result = mesh.addresses({"debug": 5, "discovery": 6, "webhook": 7}, RUNNER, {"http": 8})
    assert result["gateways"] == {
        "ingress": {"admin_url": "http://127.0.0.1:2", "http_url": "http://127.0.0.1:3", "https_url": "https://127.0.0.1:4"},
    }
    assert (result["prometheus_url"], result["runner_url"]) == ("http://127.0.0.1:8", "http://127.0.0.1:1")
    assert result["istiod"] == {"debug_url": "http://127.0.0.1:5", "discovery": "127.0.0.1:6", "webhook_url": "https://127.0.0.1:7"}
