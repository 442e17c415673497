# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Templates: selectors by table, and label values that hold what PromQL would read."""

from __future__ import annotations

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._canary import templates

TARGET = {"service": "consumption", "namespace": "market", "port": 80}


@pytest.mark.parametrize(
    ("metric", "arm", "kind", "query"),
    [
        (
            {"template": "istio_errors"},
            "canary",
            "events",
            'istio_requests_total{destination_service_name="consumption",destination_service_namespace="market",'
            'destination_workload="consumption-canary",reporter="source",response_code=~"5..|0"}',
        ),
        (
            {"template": "istio_latency", "bounds": [0.5, 250]},
            "baseline",
            "buckets",
            'istio_request_duration_milliseconds_bucket{destination_service_name="consumption",destination_service_namespace="market",'
            'destination_workload="consumption",reporter="source",le=~"0\\\\.5|250([.]0)?"}',
        ),
        (
            {"template": "envoy_errors"},
            "canary",
            "requests",
            'envoy_cluster_upstream_rq_xx{envoy_cluster_name="outbound|80|canary|consumption.market.svc.cluster.local"}',
        ),
        ({"template": "marketplace_errors"}, "baseline", "events", 'marketplace_requests_total{namespace="market",track="stable",code=~"5.."}'),
        (
            {"template": "application_errors", "metric": "hub_requests_total", "code_label": "status"},
            "canary",
            "events",
            'hub_requests_total{namespace="market",track="canary",status=~"5.."}',
        ),
        ({"requests": {"canary": "a", "baseline": "b"}, "events": {"canary": "c", "baseline": "d"}}, "baseline", "events", "d"),
    ],
)
def test_queries(metric, arm, kind, query):
    assert templates.queries("m", metric, TARGET)[arm][kind] == query


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ('x"} or vector(1) #', 'namespace="x\\"} or vector(1) #"'),
        ("back\\slash", 'namespace="back\\\\slash"'),
        ("two\nlines", 'namespace="two\\nlines"'),
        ("{service}.*|$1", 'namespace="{service}.*|$1"'),
    ],
)
def test_metacharacters_are_data(value, text):
    query = templates.queries("m", {"template": "marketplace_errors"}, {**TARGET, "namespace": value})["canary"]["requests"]
    assert query == f'marketplace_requests_total{{{text},track="canary"}}'


@pytest.mark.parametrize(
    ("metric", "target", "word"),
    [
        ({"template": "istio_error"}, TARGET, "istio_errors"),
        ({"template": "istio_errors"}, {"service": "x"}, "target.namespace"),
        ({"template": "envoy_errors"}, {**TARGET, "port": None}, "target.port"),
        ({"template": "application_errors"}, TARGET, "needs 'metric'"),
        ({"template": "application_errors", "metric": "x{}"}, TARGET, "no name of a metric"),
        ({"template": "istio_errors"}, {**TARGET, "labels": {"a-b": "c"}}, "no name of a label"),
        ({"requests": {"canary": "a", "baseline": "b"}}, TARGET, "'events' and 'buckets'"),
    ],
)
def test_refused(metric, target, word):
    with pytest.raises(templates.TemplateError, match=word):
        templates.queries("m", metric, target)


def test_arms_of_the_target_win():
    target = {**TARGET, "arms": {"canary": {"version": "2"}, "baseline": {"version": "1"}}, "labels": {"cluster": "eu"}}
    found = templates.queries("m", {"template": "marketplace_errors"}, target)
    assert found["baseline"]["requests"] == 'marketplace_requests_total{cluster="eu",namespace="market",version="1"}'


def test_every_template_gives_queries():
    for name, template in templates.TEMPLATES.items():
        metric = {"template": name, "metric": "own"}
        kinds = {"requests", "buckets"} if "histogram" in template else {"requests", "events"}
        assert {frozenset(found) for found in templates.queries(name, metric, TARGET).values()} == {frozenset(kinds)}
        assert bool(templates.bounds_of(metric)) == ("histogram" in template)
