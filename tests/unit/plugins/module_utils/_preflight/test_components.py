# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Declared components and providers."""

from __future__ import annotations

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._preflight import components

BUILT = ["cluster", "application"]
DECLARED = {"cluster": True, "kafka": True, "redis": True, "vault": False}


def judged(local: bool = False, allowed: dict | None = None, declared: dict | None = None) -> list[dict]:
    return components.judge_components(DECLARED if declared is None else declared, BUILT, allowed or {}, local)


def test_what_is_not_built_is_refused_by_name():
    (row,) = judged()
    assert row["level"] == "error" and row["found"] == "kafka, redis" and "preflight_allow_not_built" in row["remedy"]


def test_local_only_says_so():
    (row,) = judged(local=True)
    assert row["level"] == "info" and row["found"] == "kafka, redis"


def test_an_allowance_counts_for_its_component_only():
    rows = judged(allowed={"kafka": "events come later"})
    assert [(row["level"], row["what"]) for row in rows] == [("info", "kafka"), ("error", "not built")]
    assert rows[1]["found"] == "redis" and "events come later" in rows[0]["found"]


@pytest.mark.parametrize("reason", ["", None, True, "  "])
def test_an_allowance_needs_a_reason(reason):
    with pytest.raises(ValueError, match=r"preflight_allow_not_built\.kafka needs a reason"):
        judged(allowed={"kafka": reason})


@pytest.mark.parametrize("name", ["cluster", "vault", "nonsense"])
def test_an_allowance_that_nothing_needs_is_said(name):
    rows = judged(allowed={"kafka": "later", "redis": "later", name: "why"})
    assert [row["what"] for row in rows if row["level"] == "warning"] == [f"preflight_allow_not_built.{name}"]


def test_all_built():
    assert [row["level"] for row in judged(declared={"cluster": True})] == ["ok"]


def test_nothing_declared_is_said():
    assert [row["level"] for row in judged(declared={})] == ["info"]


def test_a_component_is_on_or_off():
    with pytest.raises(ValueError, match=r"platform_components\.kafka is 'yes please'"):
        judged(declared={"kafka": "yes please"})


@pytest.mark.parametrize(
    ("platform", "cluster", "level", "said"),
    [
        ("aws", "existing", "ok", ""),
        ("azure", "existing", "ok", ""),
        ("aws", "local", "ok", ""),
        ("azure", "azure", "error", "Set cluster_provider to 'existing'"),
        ("gcp", "gcp", "error", "provider gcp"),
        ("aws", "aws", "error", "provider aws"),
        ("ibm", "existing", "error", "Correct platform_provider"),
        ("aws", "minikube", "error", "Correct cluster_provider"),
        ("", "existing", "error", "Correct platform_provider"),
    ],
)
def test_providers(platform, cluster, level, said):
    (row,) = components.judge_provider(platform, cluster, ["local", "existing"])
    assert row["level"] == level and said in row["remedy"]
