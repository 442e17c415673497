# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Maps over maps, by RFC 7396."""

from __future__ import annotations

import copy

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.llmops.platform.plugins.filter.layered import layered

# The examples of RFC 7396, appendix A, as far as both sides are maps, and some of our own.
CASES = [
    ({"a": "b"}, [{"a": "c"}], {"a": "c"}),
    ({"a": "b"}, [{"b": "c"}], {"a": "b", "b": "c"}),
    ({"a": "b"}, [{"a": None}], {}),
    ({"a": "b", "b": "c"}, [{"a": None}], {"b": "c"}),
    ({"a": ["b"]}, [{"a": "c"}], {"a": "c"}),
    ({"a": "c"}, [{"a": ["b"]}], {"a": ["b"]}),
    ({"a": {"b": "c"}}, [{"a": {"b": "d", "c": None}}], {"a": {"b": "d"}}),
    ({"a": [{"b": "c"}]}, [{"a": [1]}], {"a": [1]}),
    ({"e": None}, [{"a": 1}], {"e": None, "a": 1}),
    ({}, [{"a": {"bb": {"ccc": None}}}], {"a": {"bb": {}}}),
    ({"a": {"x": 1, "y": 2}}, [{"a": {"x": 3}}, {"a": {"y": 4}}], {"a": {"x": 3, "y": 4}}),
    ({"a": {"x": 1}}, [{"a": None}, {"a": {"y": 2}}], {"a": {"y": 2}}),
    ({"a": 1}, [], {"a": 1}),
    ({"a": 0, "b": False, "c": ""}, [{}], {"a": 0, "b": False, "c": ""}),
]


@pytest.mark.parametrize(("base", "overlays", "expected"), CASES)
def test_layers(base, overlays, expected):
    inputs = copy.deepcopy((base, overlays))
    assert layered(base, *overlays) == expected
    assert (base, overlays) == inputs


@pytest.mark.parametrize(("base", "overlays", "said"), [([], [], "the input is list"), ({}, [{}, "x"], "layer 2 is str"), ({}, [None], "layer 1 is NoneType")])
def test_only_maps(base, overlays, said):
    with pytest.raises(AnsibleFilterError, match=f"layered - {said}, not a map"):
        layered(base, *overlays)
