# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Objects out of files, as Kubernetes reads them."""

from __future__ import annotations

import pytest

from ansible_collections.llmops.platform.plugins.plugin_utils import _manifest_files


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("---\n---\n# only a comment\n", []),
        ("kind: A\n", [{"kind": "A"}]),
        ('# head\n---\nkind: A\n---\n{"kind": "B"}\n', [{"kind": "A"}, {"kind": "B"}]),
        ("--- {kind: A}\n--- # words\nkind: B\n", [{"kind": "A"}, {"kind": "B"}]),
        ("kind: A\ntext: |\n  ---\n  b\n", [{"kind": "A", "text": "---\nb\n"}]),
        ("kind: List\nitems: [{kind: A}, {kind: B}]\n", [{"kind": "A"}, {"kind": "B"}]),
        # Both are strings for Kubernetes.
        ("when: 2026-01-02\nenum: [=, '!=']\n", [{"when": "2026-01-02", "enum": ["=", "!="]}]),
    ],
)
def test_load(text, expected):
    assert _manifest_files.load(text) == expected


@pytest.mark.parametrize(("text", "said"), [("kind: A\n---\nkind: [\n", "document 1 is no YAML"), ("---\n[1]\n", "document 1 is no object")])
def test_what_is_broken_is_named_by_its_number(text, said):
    with pytest.raises(ValueError, match=said):
        _manifest_files.load(text)
