# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Table of what a change says."""

from __future__ import annotations

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._k8s.changes import MOST
from ansible_collections.llmops.platform.plugins.module_utils._k8s.changes import field_changes


def thing(**fields) -> dict:
    return {"kind": fields.pop("kind", "Thing"), "metadata": {"name": "x", **fields.pop("metadata", {})}, **fields}


CONTAINERS = [{"name": "main", "image": "a:1"}, {"name": "side", "image": "b:1"}]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (thing(spec={"replicas": 2}), thing(spec={"replicas": 3}), ["spec.replicas: 2 → 3"]),
        (thing(spec={"a": "x"}), thing(spec={}), ["spec.a: x → (none)"]),
        (thing(spec={"c": CONTAINERS}), thing(spec={"c": [{**CONTAINERS[0], "image": "a:2"}, CONTAINERS[1]]}), ["spec.c[main].image: a:1 → a:2"]),
        (thing(spec={"c": CONTAINERS}), thing(spec={"c": CONTAINERS[:1]}), ['spec.c[side]: {"image": "b:1", "name": "side"} → (none)']),
        (thing(spec={"l": [1, 2]}), thing(spec={"l": [2, 1]}), ["spec.l: [1, 2] → [2, 1]"]),
        (thing(metadata={"generation": 1, "resourceVersion": "1"}), thing(metadata={"generation": 2, "resourceVersion": "2"}), []),
        (thing(kind="Secret", data={"password": "aHVudGVyMg=="}), thing(kind="Secret", data={"password": "b3RoZXI="}), ["data.password"]),
        (thing(spec={"t": "y" * 200}), thing(spec={"t": "z"}), [f"spec.t: {'y' * 69}… → z"]),
        (thing(status={"a": 1}), thing(status={"a": 2}), []),
    ],
)
def test_changes(before, after, said):
    assert field_changes(before, after, has_status=True) == said


def test_many_are_counted():
    found = field_changes(thing(spec={}), thing(spec={str(number): number for number in range(20)}), has_status=False)
    assert len(found) == MOST + 1
    assert found[-1] == f"and {20 - MOST} more"
