# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Records at Cloudflare, against a fake of its API."""

from __future__ import annotations

import json

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._edge import dns_task
from ansible_collections.llmops.platform.plugins.module_utils._edge import ownership
from ansible_collections.llmops.platform.plugins.module_utils._edge.cloudflare import Client
from ansible_collections.llmops.platform.plugins.module_utils._edge.cloudflare_zone import CloudflareZone
from ansible_collections.llmops.platform.plugins.module_utils._edge.errors import EdgeError
from tests.support import fake_cloudflare

ZONE, OWNER, TOKEN = "example.com", "shop/production", "good-token"
WEAK = "weak-token"


@pytest.fixture
def fake():
    with fake_cloudflare.served() as found:
        found.zones[ZONE] = {}
        yield found


def run(fake, *records, check=False, token=TOKEN, slept=None, **more):
    arguments = {"zone": ZONE, "owner": OWNER, "records": list(records), "state": "present", "purge": True, "take_over": [], "wait": False, **more}
    client = Client(token, fake.url, timeout=5, sleep=(slept if slept is not None else []).append)
    return dns_task.run({**arguments, "provider": "cloudflare", "wait_timeout": 1}, CloudflareZone(client, ZONE), check)


def a(name="api.example.com", *values, **more):
    return {"name": name, "type": "A", "values": list(values) or ["192.0.2.1"], **more}


def contents(fake, kind="A"):
    return sorted((one["name"], one["content"]) for one in fake.records(ZONE, kind))


def test_made_changed_and_deleted_with_its_mark(fake):
    assert run(fake, a(), check=True)["changed"]
    assert fake.mutating == []
    assert run(fake, a())["plan"][0]["action"] == "create"
    assert contents(fake) == [("api.example.com", "192.0.2.1")]
    assert contents(fake, "TXT") == [("_llmops-a.api.example.com", f'"{ownership.mark_value(OWNER, "")}"')]
    assert len(fake.mutating) == 1
    assert not run(fake, a())["changed"]
    assert len(fake.mutating) == 1
    changed = run(fake, a("api.example.com", "192.0.2.2", "192.0.2.3"))
    assert changed["plan"][0]["fields"] == ["values: 192.0.2.1 → 192.0.2.2, 192.0.2.3"]
    assert contents(fake) == [("api.example.com", "192.0.2.2"), ("api.example.com", "192.0.2.3")]
    assert run(fake, state="absent")["plan"][0]["action"] == "destroy"
    assert fake.records(ZONE) == []
    assert not run(fake, state="absent")["changed"]


def test_anothers_record_is_never_touched(fake):
    fake.add(ZONE, "A", "api.example.com", "198.51.100.9")
    fake.add(ZONE, "MX", "example.com", "mail.example.org")
    with pytest.raises(EdgeError, match=r"198\.51\.100\.9.*carries no mark"):
        run(fake, a(), a("web.example.com"))
    run(fake, state="absent")
    assert fake.mutating == []
    run(fake, a(), take_over=["api.example.com"])
    assert contents(fake) == [("api.example.com", "192.0.2.1")]
    run(fake, state="absent")
    assert [one["type"] for one in fake.records(ZONE)] == ["MX"]


def test_an_address_that_somebody_added_beside_ours_is_seen_and_kept(fake):
    run(fake, a())
    fake.add(ZONE, "A", "api.example.com", "198.51.100.9", comment="by hand")
    with pytest.raises(EdgeError, match=r"198\.51\.100\.9"):
        run(fake, a())
    run(fake, state="absent")
    assert contents(fake) == [("api.example.com", "198.51.100.9")]


def test_a_record_that_somebody_put_in_the_place_of_ours_is_not_deleted(fake):
    run(fake, a())
    (ours,) = fake.records(ZONE, "A")
    del fake.zones[ZONE][ours["id"]]
    fake.add(ZONE, "A", "api.example.com", "198.51.100.9")
    run(fake, state="absent")
    assert contents(fake) == [("api.example.com", "198.51.100.9")]


def test_many_records_go_in_batches_and_come_in_pages(fake):
    many = [a(f"h{number}.example.com") for number in range(450)]
    run(fake, *many)
    # Record and mark are two changes, 200 a batch.
    assert len(fake.mutating) == 5
    assert len(fake.records(ZONE)) == 900
    assert not run(fake, *many)["changed"]
    pages = [path for method, path in fake.requests if method == "GET" and "dns_records" in path]
    assert any("page=2" in path for path in pages)


@pytest.mark.parametrize(
    ("may", "permission"),
    [({"DNS:Edit"}, "Zone:Read"), ({"Zone:Read"}, "DNS:Edit"), ({"Zone:Read", "DNS:Read"}, "DNS:Edit")],
)
def test_a_token_without_rights_is_told_which_and_where(fake, may, permission):
    fake.tokens[WEAK] = frozenset(may)
    with pytest.raises(EdgeError) as error:
        run(fake, a(), token=WEAK)
    text = str(error.value)
    assert permission in text
    assert "edge_cloudflare_token" in text
    assert "CLOUDFLARE_API_TOKEN" in text
    assert WEAK not in text
    assert fake.records(ZONE) == []


@pytest.mark.parametrize("token", ["unknown-token", "un!known"])
def test_an_unknown_token(fake, token):
    with pytest.raises(EdgeError, match="not valid") as error:
        run(fake, a(), token=token)
    assert token not in str(error.value)


@pytest.mark.parametrize(("token", "said"), [("", "there is no token"), ("with space", "characters"), ("line\nfeed", "characters")])
def test_no_token_or_none_that_could_be_one(fake, token, said):
    with pytest.raises(EdgeError, match=said):
        run(fake, a(), token=token)
    assert fake.requests == []


def test_a_token_goes_over_https_only():
    with pytest.raises(EdgeError, match="https only"):
        Client(TOKEN, "http://api.cloudflare.example/client/v4")


def test_a_redirect_does_not_take_the_token_elsewhere(fake):
    fake.behave = lambda method, path: (302, {"Location": "http://127.0.0.1:9/"}, b"{}", False)
    with pytest.raises(EdgeError):
        run(fake, a())


def test_too_fast_waits_as_long_as_it_is_told(fake):
    answers = [(429, {"Retry-After": "7"}, b'{"success": false, "errors": [{"code": 10013, "message": "rate"}]}', False)] * 2
    fake.behave = lambda method, path: answers.pop() if answers and method == "POST" else None
    slept: list[float] = []
    run(fake, a(), slept=slept)
    assert slept.count(7.0) == 2
    assert contents(fake) == [("api.example.com", "192.0.2.1")]


@pytest.mark.parametrize("done", [True, False])
@pytest.mark.parametrize("status", [0, 502])
def test_a_lost_answer_is_looked_after_not_sent_again_blindly(fake, status, done):
    left = [1]
    fake.behave = lambda method, path: (status, {}, b"", done) if method == "POST" and left and left.pop() else None
    result = run(fake, a())
    assert result["changed"]
    assert result["plan"][0]["action"] == "create"
    assert contents(fake) == [("api.example.com", "192.0.2.1")]
    assert len(fake.mutating) == (1 if done else 2)


def test_somebody_faster_is_read_and_judged(fake):
    left = [1]

    def behave(method, path):
        if method == "POST" and left:
            left.pop()
            fake.add(ZONE, "A", "api.example.com", "192.0.2.1")

    fake.behave = behave
    with pytest.raises(EdgeError, match="carries no mark"):
        run(fake, a())
    assert [one["type"] for one in fake.records(ZONE)] == ["A"]


def test_an_outage_ends_in_a_sentence(fake):
    fake.behave = lambda method, path: (503, {}, b"<html>", False)
    with pytest.raises(EdgeError, match="answered 503"):
        run(fake, a())


def test_something_in_between_is_not_taken_for_cloudflare(fake):
    fake.behave = lambda method, path: (200, {}, b"<html>login</html>", False)
    with pytest.raises(EdgeError, match="not Cloudflare's API"):
        run(fake, a())


def test_a_failover_publishes_the_primary(fake):
    def sets(active):
        return [
            {**a("api.example.com", f"192.0.2.{number}"), "set_identifier": name, "failover": "primary" if name == active else "secondary"}
            for number, name in enumerate(("one", "two"), 1)
        ]

    run(fake, *sets("one"))
    switched = run(fake, *sets("two"))
    assert contents(fake) == [("api.example.com", "192.0.2.2")]
    assert [step["action"] for step in switched["plan"]] == ["update"]


def test_a_proxied_record(fake):
    run(fake, a(proxied=True))
    assert fake.records(ZONE, "A")[0]["proxied"]
    assert not run(fake, a(proxied=True))["changed"]
    assert run(fake, a())["plan"][0]["fields"] == ["ttl: 1 → 60", "proxied: true → false"]


def test_the_result_says_nothing_of_the_token(fake):
    assert TOKEN not in json.dumps(run(fake, a()))
    assert all(header["Authorization"] == f"Bearer {TOKEN}" for header in fake.headers)
    assert all(header["User-Agent"].startswith("llmops.platform/") for header in fake.headers)
