# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The client of registries against a small real one, polite and otherwise."""

from __future__ import annotations

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._release import reference
from ansible_collections.llmops.platform.plugins.module_utils._release.registry import Registry
from ansible_collections.llmops.platform.plugins.module_utils._release.registry import RegistryError
from tests.support.fake_registry import INDEX
from tests.support.fake_registry import FakeRegistry

LOGIN = ("robot", "pa55word-of-robot")


def client(fake: FakeRegistry, credentials=LOGIN, **options) -> Registry:
    return Registry(reference.parse(f"{fake.host}/shop/cart:1"), credentials, plain_http=True, **{"timeout": 5.0, "sleep": lambda _seconds: None, **options})


@pytest.mark.parametrize("manners", [(), ("token",), ("basic",), ("token", "private"), ("no_digest",)])
def test_a_manifest_is_found_by_tag_and_by_digest(manners):
    with FakeRegistry(*manners) as fake:
        digest = fake.push("shop/cart", "1.0.0", kind=INDEX)
        for asked in ("1.0.0", digest):
            found = client(fake).manifest(asked)
            assert (found.digest, found.media_type) == (digest, INDEX)
        assert client(fake).manifest("1.0.1") is None
        assert client(fake).manifest(f"sha256:{'1' * 64}") is None


def test_a_token_is_asked_for_once_and_the_password_goes_nowhere_else():
    with FakeRegistry("token") as fake:
        fake.push("shop/cart", "1")
        registry = client(fake)
        registry.manifest("1")
        registry.manifest("1")
        tokens = [path for _method, path, _authorization in fake.asked if path.startswith("/token")]
        assert tokens == ["/token?service=fake&scope=repository%3Ashop%2Fcart%3Apull"]
        assert {authorization for _method, path, authorization in fake.asked if path.startswith("/v2")} == {"", "Bearer good"}


def test_anonymous_is_enough_where_the_registry_says_so():
    with FakeRegistry("token") as fake:
        digest = fake.push("shop/cart", "1")
        assert client(fake, None).manifest("1").digest == digest


@pytest.mark.parametrize(
    ("manners", "options", "credentials", "said"),
    [
        (("token",), {}, ("robot", "wrong"), "the token service .* answered 401 .*; look at user and password"),
        (("token", "private"), {}, None, "refuses to show shop/cart without credentials \\(401\\); it may not exist either"),
        (("basic",), {}, ("robot", "wrong"), "refuses to show shop/cart with the given credentials"),
        (("basic",), {}, None, "asks for credentials"),
        (("token", "evil_realm"), {}, LOGIN, "sends us to 'http://token.example.com/token' for a token, which is no https address"),
        (("broken",), {}, LOGIN, "answered 500 for /manifests/1"),
        (("slow",), {"timeout": 0.3}, LOGIN, "no answer within 0.3 s"),
        (("lies",), {}, LOGIN, "says that 1 is sha256:0000.*, but what it serves is sha256:.*; do not trust it"),
        (("swapped",), {}, LOGIN, "but what it serves is"),
    ],
)
def test_bad_registries_are_told_apart(manners, options, credentials, said):
    with FakeRegistry(*manners) as fake:
        fake.push("shop/cart", "1")
        with pytest.raises(RegistryError, match=said):
            client(fake, credentials, **options).manifest("1")


def test_a_lie_about_a_digest_that_was_asked_for_is_noticed():
    with FakeRegistry("swapped", "no_digest") as fake:
        digest = fake.push("shop/cart", "1")
        with pytest.raises(RegistryError, match=f"says that {digest} is {digest}, but what it serves"):
            client(fake).manifest(digest)


def test_nobody_listens():
    with FakeRegistry() as fake:
        pass
    with pytest.raises(RegistryError, match="cannot be reached"):
        client(fake).manifest("1")


def test_a_busy_registry_is_asked_again_as_late_as_it_wants():
    waited = []
    with FakeRegistry(busy=2, retry_after="3") as fake:
        digest = fake.push("shop/cart", "1")
        assert client(fake, sleep=waited.append).manifest("1").digest == digest
        assert waited == [3.0, 3.0]


@pytest.mark.parametrize(("busy", "after", "times"), [(9, "0", 3), (9, "3600", 1)])
def test_a_registry_that_stays_busy_is_not_waited_for(busy, after, times):
    with FakeRegistry(busy=busy, retry_after=after) as fake:
        with pytest.raises(RegistryError, match="answered 429"):
            client(fake).manifest("1")
        assert len(fake.asked) == times


@pytest.mark.parametrize(
    ("ways", "has_referrers", "found_by"),
    [
        ((), True, []),
        ((), False, []),
        (("tag",), True, ["tag"]),
        (("tag",), False, ["tag"]),
        (("referrers",), True, ["referrers"]),
        (("fallback",), False, ["referrers"]),
        (("tag", "referrers"), True, ["tag", "referrers"]),
    ],
)
def test_signatures(ways, has_referrers, found_by):
    with FakeRegistry("token", referrers=has_referrers) as fake:
        digest = fake.push("shop/cart", "1")
        # A bill of materials is no signature.
        fake.referrers[digest] = [{"digest": f"sha256:{'2' * 64}", "artifactType": "application/spdx+json"}]
        made = [fake.sign("shop/cart", digest, way) for way in ways]
        found = client(fake).signatures(digest)
        assert [entry["found_by"] for entry in found] == found_by
        assert [entry["digest"] for entry in found] == made


def test_plain_http_is_for_loopback_only():
    with pytest.raises(RegistryError, match=r"plain HTTP is allowed on loopback only, and registry.example.com is not"):
        Registry(reference.parse("registry.example.com/shop/cart:1"), None, plain_http=True)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("nginx:1.29", ("docker.io", "library/nginx", "1.29", "", "registry-1.docker.io")),
        ("shop/cart:1", ("docker.io", "shop/cart", "1", "", "registry-1.docker.io")),
        ("localhost/cart:1", ("localhost", "cart", "1", "", "localhost")),
        ("127.0.0.1:5000/a/b/c:1", ("127.0.0.1:5000", "a/b/c", "1", "", "127.0.0.1:5000")),
        ("ghcr.io/o/i@sha256:" + "a" * 64, ("ghcr.io", "o/i", "", "sha256:" + "a" * 64, "ghcr.io")),
        ("ghcr.io/o/i:2@sha256:" + "a" * 64, ("ghcr.io", "o/i", "2", "sha256:" + "a" * 64, "ghcr.io")),
    ],
)
def test_references(text, expected):
    image = reference.parse(text)
    assert (image.host, image.repository, image.tag, image.digest, image.server) == expected


@pytest.mark.parametrize(
    "text", ["", "Cart:1", "cart", "cart:", "a//b:1", "ghcr.io/a:b:c", "cart@sha256:12", "cart:1@", "x y:1", "ghcr.io/../a:1", "a?b=c/d:1"]
)
def test_what_no_image_is_called(text):
    with pytest.raises(reference.InvalidReference):
        reference.parse(text)


@pytest.mark.parametrize(
    ("server", "loopback"),
    [
        ("127.0.0.1:5000", True),
        ("localhost", True),
        ("[::1]:5000", True),
        ("127.0.0.1.nip.io", False),
        ("10.0.0.1:5000", False),
        ("localhost.example.com", False),
    ],
)
def test_loopback(server, loopback):
    assert reference.is_loopback(server) is loopback
