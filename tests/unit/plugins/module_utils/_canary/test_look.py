# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A look against a server that answers, lies, fails or is late."""

from __future__ import annotations

import json
import time

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._canary import look
from ansible_collections.llmops.platform.plugins.module_utils._canary import prometheus
from ansible_collections.llmops.platform.plugins.module_utils._canary import report
from ansible_collections.llmops.platform.plugins.module_utils._canary import samples
from ansible_collections.llmops.platform.plugins.module_utils._canary import settings
from tests.support.fake_prometheus import served
from tests.support.fake_prometheus import success

BEGIN = 1_800_000_000.0
METRIC = {arm: f'marketplace_requests_total{{namespace="m",track="{track}"}}' for arm, track in (("canary", "canary"), ("baseline", "stable"))}
BAD = {arm: text.replace("}", ',code=~"5.."}') for arm, text in METRIC.items()}


def counters(arm: str, per_slice: int, each: int, seconds: int = 1200, pods: int = 2) -> dict[str, list]:
    """Series of an arm: every pod serves `per_slice` requests in 15 seconds, one in `each` fails; two codes."""
    times = [BEGIN + 15 * step for step in range(1, seconds // 15 + 1)]
    totals = [per_slice * (step + 1) for step in range(len(times))]
    found: dict[str, list] = {METRIC[arm]: [], BAD[arm]: []}
    for pod in range(pods):
        bad = [(at, total // each) for at, total in zip(times, totals, strict=True)]
        good = [(at, total - failed) for (at, failed), total in zip(bad, totals, strict=True)]
        found[METRIC[arm]] += [({"pod": f"{arm}-{pod}", "code": "200"}, good), ({"pod": f"{arm}-{pod}", "code": "503"}, bad)]
        found[BAD[arm]] += [({"pod": f"{arm}-{pod}", "code": "503"}, bad)]
    return found


@pytest.fixture
def server():
    with served() as fake:
        fake.series = {**counters("canary", 100, 50, pods=1), **counters("baseline", 400, 50)}
        yield fake


def arguments(server, **more) -> dict:
    found = {
        "mode": "sequential",
        "prometheus": {"url": server.url, "timeout": 5},
        "target": {"service": "s", "namespace": "m"},
        "metrics": {"errors": {"template": "marketplace_errors"}},
        "alpha": 0.01,
        "beta": 0.05,
        "min_requests": 200,
        "min_duration": 300,
        "slice_seconds": 15,
        "warm_up": 0,
        "since": BEGIN,
        "now": BEGIN + 1200,
        "state": None,
    }
    return {**found, **more}


def test_what_if_promotes_and_rolls_back(server):
    good = look.take(arguments(server))
    assert (good["verdict"], good["final"]) == ("promote", True)
    assert good["evidence"]["versions"]["prometheus"] == "3.0.0"
    server.series.update(counters("canary", 100, 5, pods=1))
    bad = look.take(arguments(server))
    assert (bad["verdict"], bad["final"]) == ("roll_back", True)


def test_looks_one_after_another_end_as_one_over_all_and_alike_to_the_byte(server):
    def live() -> list[str]:
        state, results = None, []
        for now in range(60, 1260, 60):
            result = look.take(arguments(server, now=BEGIN + now, state=state))
            state = json.loads(json.dumps(result["state"]))
            results.append(json.dumps(result, sort_keys=True))
            if result["final"]:
                break
        return results

    first = live()
    assert first == live()
    whole = look.take(arguments(server))
    last = json.loads(first[-1])
    assert (last["verdict"], last["evidence"]["time"], last["evidence"]["metrics"]) == (
        whole["verdict"],
        whole["evidence"]["time"],
        whole["evidence"]["metrics"],
    )
    again = look.take(arguments(server, state=last["state"]))
    assert again["verdict"] == last["verdict"]


NOT_JSON = (200, b"<html>login</html>")
MISBEHAVIOUR = {
    "error 500": (lambda form: (500, b"broken"), "error"),
    "bad query": (lambda form: (400, b'{"status":"error","error":"parse error"}'), "error"),
    "gateway timeout": (lambda form: (504, b""), "timeout"),
    "a login page": (lambda form: NOT_JSON, "error"),
    "a list": (lambda form: (200, b"[]"), "error"),
    "partial": (lambda form: success("matrix", [], warnings=["store down"]), "partial"),
    "a vector": (lambda form: success("vector", []), "invalid"),
    "nothing": (lambda form: success("matrix", []), "empty"),
    "garbage in a series": (lambda form: success("matrix", [{"metric": {}, "values": [["x"]]}]), "error"),
    "NaN": (lambda form: success("matrix", [{"metric": {"pod": "p"}, "values": [[BEGIN + 30, "NaN"]]}]), "nan"),
    "several": (lambda form: success("matrix", [{"metric": {"code": code}, "values": [[BEGIN + 30, "1"]]} for code in "ab"]), "several"),
}


@pytest.mark.parametrize("mode", ["sequential", "threshold", "argo", "kayenta"])
@pytest.mark.parametrize("kind", MISBEHAVIOUR)
def test_never_promotes_when_the_server(server, kind, mode):
    server.behave, status = MISBEHAVIOUR[kind]
    metric = {"template": "marketplace_errors", **({"max": 1} if mode == "threshold" else {})}
    more = {"threshold": {"steps": 1}, "kayenta": {"interval": 60}}
    result = look.take(arguments(server, mode=mode, metrics={"errors": metric}, now=BEGIN + 60, min_requests=1, min_duration=0, **more))
    assert result["verdict"] != "promote"
    if mode == "sequential":
        assert result["evidence"]["metrics"]["errors"]["status"] == status
        assert result["verdict"] == "inconclusive"


def test_a_late_server_is_a_time_out(server):
    server.behave = lambda form: time.sleep(0.6)
    answer = prometheus.Client({"url": server.url, "timeout": 0.2}).samples("up", 0, 60)
    assert (answer["status"], answer["slow"]) == ("timeout", True)


def test_a_slow_answer_is_said_to_be_slow(server):
    server.behave = lambda form: time.sleep(0.3)
    answer = prometheus.Client({"url": server.url, "timeout": 0.5}).samples("up", 0, 60)
    assert (answer["status"], answer["slow"]) == ("empty", True)


def test_no_server_at_all():
    answer = prometheus.Client({"url": "http://127.0.0.1:9", "timeout": 1}).samples("up", 0, 60)
    assert answer["status"] == "error"


@pytest.mark.parametrize(
    ("kind", "result", "status", "value"),
    [
        ("vector", [{"metric": {}, "value": [0, "1.5"]}], "ok", 1.5),
        ("scalar", [0, "2"], "ok", 2),
        ("vector", [], "empty", None),
        ("vector", [{"metric": {}, "value": [0, "NaN"]}], "nan", None),
        ("vector", [{"metric": {}, "value": [0, "+Inf"]}], "nan", None),
        ("vector", [{"metric": {}, "value": [0, "1"]}] * 2, "several", None),
        ("matrix", [], "invalid", None),
        ("vector", [{}], "error", None),
    ],
)
def test_one_value(server, kind, result, status, value):
    server.behave = lambda form: success(kind, result)
    answer = prometheus.Client({"url": server.url}).value("x", 0)
    assert (answer["status"], answer["value"]) == (status, value)


def test_clocks_that_differ_are_noted_and_the_servers_counts(server):
    server.clock = BEGIN + 600
    result = look.take(arguments(server, now=None))
    assert "clocks" in result["evidence"]["notes"][0]
    assert result["evidence"]["window"]["end"] == "2027-01-15T08:10:00Z"


def test_token_is_sent_and_never_told(server):
    options = {"url": server.url, "token": "hush-hush", "headers": {"X-Scope-OrgID": "me"}}
    result = look.take(arguments(server, prometheus=options))
    sent = {tuple(sorted((name.lower(), value) for name, value in one.items() if name.lower() in ("authorization", "x-scope-orgid"))) for one in server.headers}
    assert sent == {(("authorization", "Bearer hush-hush"), ("x-scope-orgid", "me"))}
    assert "hush" not in json.dumps(result)


@pytest.mark.parametrize(
    ("more", "word"),
    [
        ({"metrics": {}}, "metrics is empty"),
        ({"metrics": {"m": {"templat": "x"}}}, "did you mean template"),
        ({"metrics": {"m": {"template": "istio_errors", "tolerance": 0.5}}}, "tolerance"),
        ({"metrics": {"m": {"template": "istio_errors", "harm": 1.3}}}, "harm"),
        ({"metrics": {"m": {"template": "istio_errors", "direction": "up"}}}, "direction"),
        ({"metrics": {"m": {"requests": "up", "events": "down"}}}, "one query for each"),
        ({"alpha": 2}, "alpha"),
        ({"alpha": float("nan")}, "alpha"),
        ({"state": {"version": 1, "mode": "argo", "judge": {}}}, "mode argo"),
        ({"state": {"x": 1}}, "start anew"),
        ({"since": BEGIN + 5000}, "since"),
    ],
)
def test_settings_are_refused_with_a_remedy(server, more, word):
    with pytest.raises(settings.SettingsError, match=word):
        look.take(arguments(server, **more))


@pytest.mark.parametrize("url", ["prometheus:9090", "file:///etc/passwd", "http://user:word@host"])
def test_addresses_are_refused(url):
    with pytest.raises(prometheus.PrometheusError, match=r"prometheus\.url"):
        prometheus.Client({"url": url})


def test_buckets_become_slower_requests():
    requests = {"p": [(15.0, 10.0), (30.0, 30.0)]}
    answer = {"series": [{"labels": {"pod": "p", "le": "250.0"}, "values": [(15.0, 8.0), (30.0, 25.0)]}]}
    assert samples.slower(requests, answer, [250.0], None) == {"p": {"250": [(15.0, 2.0), (30.0, 5.0)]}}


@pytest.mark.parametrize(
    ("text", "plain"), [("up", True), ('a:b{c="}"}', True), ('a{c="\\"}"}', True), ("sum(a)", False), ("a[5m]", False), ("a{b} or c", False)]
)
def test_plain_selectors(text, plain):
    assert bool(look.PLAIN.match(text)) == plain


@pytest.mark.parametrize("mode", ["threshold", "argo", "kayenta"])
def test_modes_for_those_who_come_from_elsewhere(server, mode):
    metric = {"template": "marketplace_errors", **{"threshold": {"max": 0.05}, "argo": {"success": {"max": 0.05}, "count": 3}, "kayenta": {}}[mode]}
    more = {"threshold": {"steps": 3}, "kayenta": {"interval": 300}}
    assert look.take(arguments(server, mode=mode, metrics={"errors": metric}, **more))["verdict"] == "promote"
    server.series.update(counters("canary", 100, 5, pods=1))
    assert look.take(arguments(server, mode=mode, metrics={"errors": metric}, **more))["verdict"] == "roll_back"


def test_reports_tell_all_and_escape(server):
    result = look.take(arguments(server, target={"service": "<b>|x", "namespace": "m"}))
    page, text = report.page(result["evidence"]), report.markdown(result["evidence"])
    assert "<b>" not in page
    assert "&lt;b>\\|x" in text
    for one in (page, text):
        assert "Promote" in one
        assert "marketplace_requests_total" in one
    assert "http" not in page.replace(server.url, "")
    assert page.count("<svg") == 2
    assert "prefers-color-scheme:dark" in page
