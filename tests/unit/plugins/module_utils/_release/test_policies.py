# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Gates image, staging_first, error_budget and low_traffic, as tables."""

from __future__ import annotations

import json

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._release import budget
from ansible_collections.llmops.platform.plugins.module_utils._release import image
from ansible_collections.llmops.platform.plugins.module_utils._release import low_traffic
from ansible_collections.llmops.platform.plugins.module_utils._release import staging

DIGEST, OTHER = f"sha256:{'a' * 64}", f"sha256:{'b' * 64}"


def severities(found: list[dict]) -> list[str]:
    return [f"{entry['gate']} {entry['severity']}" for entry in found]


def policy(**settings) -> dict:
    return {"check": "registry", "signature": "none", "cosign_key": "cosign.pub", **settings}


def answer(**keys) -> dict:
    return {"exists": True, "digest": DIGEST, "problem": None, "signatures": [], "verified": None, "signature_problem": None, **keys}


SIGNED = {"digest": OTHER, "media_type": "", "found_by": "tag"}


@pytest.mark.parametrize(
    ("settings", "found", "expected"),
    [
        ({"check": "none"}, {}, ["image info"]),
        ({}, answer(), ["image info", "image info"]),
        ({}, answer(exists=False), ["image error"]),
        ({}, answer(exists=None, problem="no answer within 10 s"), ["image error"]),
        # Nobody asked: that is not fine.
        ({}, {"skipped": True}, ["image error"]),
        ({}, {}, ["image error"]),
        ({"signature": "present"}, answer(signatures=[SIGNED]), ["image info", "image warning"]),
        ({"signature": "present"}, answer(), ["image info", "image error"]),
        ({"signature": "present"}, answer(signature_problem="answered 500"), ["image info", "image error"]),
        ({"signature": "verified"}, answer(signatures=[SIGNED], verified=True), ["image info", "image info"]),
        ({"signature": "verified"}, answer(signatures=[SIGNED], verified=False, signature_problem="cosign says: no match"), ["image info", "image error"]),
        ({"signature": "verified"}, answer(signatures=[SIGNED]), ["image info", "image error"]),
        ({"signature": "verified", "cosign_key": ""}, answer(verified=True), ["settings error"]),
        ({"signature": "maybe"}, answer(), ["settings error"]),
        ({"check": "yes"}, answer(), ["settings error"]),
        ({"check": "none", "signature": "verified"}, {}, ["settings error"]),
    ],
)
def test_image(settings, found, expected):
    assert severities(image.judge(policy(**settings), "shop/cart:2.0.0", found)) == expected


def test_image_says_what_nobody_looked_at():
    assert "nobody asked whether shop/cart:2.0.0 exists" in image.judge(policy(check="none"), "shop/cart:2.0.0", {})[0]["what"]
    assert "nobody looked for a signature" in image.judge(policy(), "shop/cart:2.0.0", answer())[1]["what"]


FACTS = {
    "service": "cart",
    "version": "2.0.0",
    "platform": "shop",
    "environment": "staging",
    "promoted_at": "2026-11-20T10:00:00Z",
    "signed_off_by": "ana",
    "digest": DIGEST,
}
RECORD = staging.record(FACTS)


def wanted(**keys) -> dict:
    return {"service": "cart", "version": "2.0.0", "platform": "shop", "digest": DIGEST, "path": "/releases/cart-2.0.0.json", **keys}


def state(version: str = "2.0.0", phase: str = "promoted", service: str = "cart", **data) -> dict:
    return {"metadata": {"name": f"release-{service}"}, "data": {"version": version, "phase": phase, **data}}


@pytest.mark.parametrize(
    ("asked", "text", "states", "refused"),
    [
        ({}, RECORD, None, None),
        ({"digest": ""}, RECORD, None, None),
        ({}, staging.record({**FACTS, "digest": ""}), None, None),
        ({}, None, [state()], None),
        ({"path": ""}, None, [state()], None),
        # One of the two is enough: staging may have gone on to a later version.
        ({}, RECORD, [state("2.1.0")], None),
        ({}, RECORD, [], None),
        ({}, None, None, "there is no record /releases/cart-2.0.0.json"),
        ({"path": ""}, None, None, "names neither a directory nor a cluster"),
        ({"path": ""}, None, [], "no ConfigMap release-cart"),
        ({"path": ""}, None, [state(service="web")], "no ConfigMap release-cart"),
        ({"path": ""}, None, [state(phase="rolled_back")], "last release is 2.0.0, rolled_back"),
        ({"path": ""}, None, [state("1.9.0")], "last release is 1.9.0, promoted"),
        ({"path": ""}, None, [{"metadata": {"name": "release-cart"}}], "last release is None"),
        ({"path": ""}, None, [state(digest=OTHER)], "the tag was moved"),
        ({"digest": OTHER}, RECORD, None, "another one than staging had"),
        ({}, "{", None, "is no JSON"),
        ({}, "[]", None, "is no record of schema"),
        ({}, json.dumps({**FACTS}), None, "is no record of schema"),
        ({}, RECORD.replace('"ana"', '"eve"'), None, "checksum"),
        ({}, RECORD.replace("2.0.0", "2.0.1"), None, "checksum"),
        ({}, staging.record({**FACTS, "version": "1.0.0"}), None, "is of version '1.0.0', not '2.0.0'"),
        ({}, staging.record({**FACTS, "environment": "dev"}), None, "is of environment 'dev', not 'staging'"),
        ({}, staging.record({**FACTS, "platform": "copilot"}), None, "is of platform 'copilot'"),
    ],
)
def test_staging(asked, text, states, refused):
    [found] = staging.judge(wanted(**asked), text, states)
    assert found["severity"] == ("info" if refused is None else "error")
    if refused:
        assert refused in found["what"]
        assert "inventories/staging.yml playbooks/release.yml -e release_service=cart -e release_version=2.0.0" in found["remedy"]


def test_a_record_without_who_signed_it_is_not_written():
    with pytest.raises(ValueError, match="needs signed_off_by"):
        staging.record({**FACTS, "signed_off_by": ""})


def test_the_same_facts_are_the_same_bytes():
    assert staging.record(dict(reversed(FACTS.items()))) == RECORD


def level(**settings) -> dict:
    return {"check": "prometheus", "url": "http://p:9090", "objective": 99.9, "window": "30d", "floor_percent": 10, "no_data": "error", **settings}


def counted(requests, errors, **more) -> dict:
    return {"requests": requests, "errors": errors, "problem": None, **more}


@pytest.mark.parametrize(
    ("settings", "found", "expected"),
    [
        ({"check": "none"}, {}, "error_budget info"),
        ({}, counted(1e6, 0), "error_budget info"),
        ({}, counted(1e6, 899), "error_budget info"),
        # Exactly the floor is left.
        ({}, counted(1e6, 900), "error_budget info"),
        ({}, counted(1e6, 901), "error_budget error"),
        ({}, counted(1e6, 5000), "error_budget error"),
        ({"floor_percent": 0}, counted(1e6, 999), "error_budget info"),
        ({"floor_percent": 0}, counted(1e6, 1001), "error_budget error"),
        # No data is never fine.
        ({}, counted(0, 0), "error_budget error"),
        ({}, counted(None, None), "error_budget error"),
        ({}, counted(float("nan"), 0), "error_budget error"),
        ({"no_data": "warning"}, counted(0, 0), "error_budget warning"),
        ({"no_data": "warning"}, counted(None, None, problem="no answer within 10 s"), "error_budget error"),
        ({"no_data": "warning"}, {}, "error_budget warning"),
        ({}, counted(10, 11), "error_budget error"),
        # Too few to say anything.
        ({}, counted(5000, 5), "error_budget warning"),
        ({}, counted(5000, 0), "error_budget info"),
        ({"check": "yes"}, {}, "settings error"),
        ({"objective": 100}, {}, "settings error"),
        ({"objective": "99.9"}, {}, "settings error"),
        ({"window": "30 days"}, {}, "settings error"),
        ({"window": "30d]) or vector(1"}, {}, "settings error"),
        ({"floor_percent": 101}, {}, "settings error"),
        ({"no_data": "info"}, {}, "settings error"),
        ({"url": ""}, {}, "settings error"),
    ],
)
def test_error_budget(settings, found, expected):
    assert severities(budget.judge(level(**settings), "cart", found)) == [expected]


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, []),
        ({"policy": "slo"}, ["low_traffic warning"]),
        ({"policy": "promote"}, ["settings error"]),
        ({"after": 5}, ["settings error"]),
        ({"after": "3600"}, ["settings error"]),
        ({"after": True}, ["settings error"]),
    ],
)
def test_low_traffic(settings, expected):
    assert severities(low_traffic.judge({"policy": "hold", "after": 3600, **settings})) == expected
    assert severities(low_traffic.judge("hold")) == ["settings error"]
