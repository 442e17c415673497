# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What helm renders, as it will be sent."""

from __future__ import annotations

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._helm import rendered


def thing(name, kind="ConfigMap", namespace=None, api_version="v1", **annotations):
    metadata = {"name": name, **({"namespace": namespace} if namespace else {}), **({"annotations": annotations} if annotations else {})}
    return {"apiVersion": api_version, "kind": kind, "metadata": metadata}


def test_hooks_are_apart_and_objects_bear_their_owner():
    hook = thing("hook", **{"helm.sh/hook": "pre-install"})
    objects, hooks = rendered.split([thing("a"), hook, thing("b", namespace="other")], "demo", "here")
    assert hooks == [hook]
    assert [entry["metadata"]["namespace"] for entry in objects] == ["here", "other"]
    assert objects[0]["metadata"]["labels"] == {"app.kubernetes.io/managed-by": "Helm"}
    assert objects[0]["metadata"]["annotations"] == {"meta.helm.sh/release-name": "demo", "meta.helm.sh/release-namespace": "here"}


@pytest.mark.parametrize(
    ("before", "now", "gone"),
    [
        ([thing("a")], [thing("a")], []),
        ([thing("a"), thing("b")], [thing("a")], ["b"]),
        ([thing("a", namespace="x")], [thing("a", namespace="y")], ["a"]),
        ([thing("a")], [thing("a", namespace="here")], []),
        ([thing("a", api_version="apps/v1beta1")], [thing("a", api_version="apps/v1")], []),
        ([thing("a", **{"helm.sh/resource-policy": "keep"})], [], []),
        ([thing("a", **{"helm.sh/hook": "post-delete"})], [], []),
    ],
    ids=["same", "gone", "another namespace", "the release's namespace", "another version", "kept", "hook"],
)
def test_what_helm_will_delete(before, now, gone):
    assert [entry["metadata"]["name"] for entry in rendered.left_over(before, now, "here")] == gone


@pytest.mark.parametrize(
    ("values", "over", "wanted"),
    [
        ({"a": {"b": 1}}, {"a": {"c": 2}}, {"a": {"b": 1, "c": 2}}),
        ({"a": [1]}, {"a": [2]}, {"a": [2]}),
        ({"a": {"b": 1}}, {"a": None}, {"a": None}),
        ({}, {"a": 1}, {"a": 1}),
    ],
)
def test_values_are_merged_as_helm_does(values, over, wanted):
    assert rendered.merged(values, over) == wanted


def test_what_is_masked():
    secrets = {"a": {"b": "long secret"}, "c": ["list1", True, None], "d": 1234567, "e": "abc"}
    assert rendered.leaves(secrets) == ["long secret", "1234567", "list1"]
