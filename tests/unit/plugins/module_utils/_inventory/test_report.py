# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Findings as people read them, and templates whose failure is only a consequence."""

from __future__ import annotations

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._inventory.report import merged
from ansible_collections.llmops.platform.plugins.module_utils._inventory.report import shown
from ansible_collections.llmops.platform.plugins.module_utils._inventory.report import summary
from ansible_collections.llmops.platform.plugins.module_utils._inventory.templates import causes
from ansible_collections.llmops.platform.plugins.module_utils._inventory.templates import with_lookups

ROW = {"file": "b.yml", "line": 3, "host": "one", "variable": "x.y", "value": "'a'", "problem": "is no cron", "remedy": "write five fields"}


@pytest.mark.parametrize(
    ("path", "value", "text"),
    [
        ("network_nat", "singel", "'singel'"),
        ("a", True, "true"),
        ("a", None, "null"),
        ("a", {"password": "hunter2"}, "a map"),
        ("a", ["hunter2"], "a list"),
        ("a", "x" * 200, "'" + "x" * 78 + "…"),
        ("database_password", "hunter2", "hidden"),
        ("database_password", 12345, "hidden"),
        ("a.API_KEY", "hunter2", "hidden"),
        ("secrets.payment.value", "hunter2", "hidden"),
        ("a.token", "hunter2", "hidden"),
        ("a.pwd", "hunter2", "hidden"),
        # Where a secret is, is none.
        ("a.secret.name", "payment", "'payment'"),
        ("a.keys.url.path", "database/creds", "'database/creds'"),
        ("monkey", "banana", "'banana'"),
        ("address", "postgres://user:hunter2@db/x", "'postgres://hidden@db/x'"),
    ],
)
def test_values_without_secrets(path, value, text):
    assert shown(tuple(path.split(".")), value) == text


def test_a_misspelt_secret_is_one():
    assert shown(("pasword",), "hunter2", "did you mean password?") == "hidden"


def test_findings_of_several_hosts_are_one_and_sorted():
    rows = [ROW, {**ROW, "host": "two"}, {**ROW, "host": "one"}, {**ROW, "file": "a.yml", "line": 9, "host": ""}, {**ROW, "line": 1}]
    found = merged(rows)
    assert [(row["file"], row["line"], row["hosts"]) for row in found] == [("a.yml", 9, []), ("b.yml", 1, ["one"]), ("b.yml", 3, ["one", "two"])]
    assert found[2]["message"] == "b.yml:3: x.y ('a') is no cron; write five fields [one, two]"
    assert summary(found).splitlines() == ["3 problems in the inventory; nothing was touched.", *(row["message"] for row in found)]


def test_many_hosts_are_counted():
    (row,) = merged([{**ROW, "host": f"host{number}"} for number in range(6)])
    assert row["message"].endswith("[host0, host1, host2 and 3 more]")
    assert len(row["hosts"]) == 6


@pytest.mark.parametrize(
    ("failures", "roots"),
    [
        ({"a": "{{ nowhere }}"}, {"a"}),
        ({"a": "{{ b }}", "b": "{{ c.d }}", "c": "{{ nowhere }}"}, {"c"}),
        ({"a": "{{ b }}", "b": "{{ a }}"}, {"a", "b"}),
        ({"a": "{{ b }}", "b": "{{ a }}", "c": "{{ nowhere }}", "d": "{{ c }}"}, {"a", "b", "c"}),
        ({}, set()),
    ],
)
def test_only_causes_are_told(failures, roots):
    assert causes({(name,): template for name, template in failures.items()}) == {(name,) for name in roots}


def test_what_depends_on_a_lookup_is_not_judged():
    variables = {"a": "{{ lookup('pipe', 'id') }}", "b": {"c": ["{{ a }}"]}, "d": "{{ b }}", "e": "{{ f }}", "f": "lookup", "g": "{{ query('env', 'X') }}"}
    assert with_lookups(variables) == {"a", "b", "d", "g"}
