# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names on AWS: inside the limits, unique, stable."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest
import yaml

from ansible_collections.llmops.platform.plugins.module_utils._stacks.names import LIMITS
from ansible_collections.llmops.platform.plugins.module_utils._stacks.names import SUFFIXED
from ansible_collections.llmops.platform.plugins.module_utils._stacks.names import aws_name

ROOT = Path(__file__).resolve().parents[5]
THINGS = (
    "network",
    "encryption",
    "cloudformation",
    "state",
    "postgresql",
    "redis",
    "kafka",
    "elasticsearch",
    "rabbitmq",
    "cluster",
    "addons_before",
    "addons_after",
    "workflow-orchestrator-service",
    "nodes-general-purpose-0123ab",
    "a" * 70,
    "a" * 69 + "b",
)
EVERY_REGION = ("us-east-1", "ap-southeast-1")


@pytest.mark.parametrize(
    ("thing", "kind", "options", "expected"),
    [
        ("network", "stack", {}, "llm-marketplace-production-network"),
        ("node_pool", "nodegroup", {}, "llm-marketplace-production-node-pool"),
        ("orders/database", "secret", {}, "llm-marketplace-production-orders/database"),
        ("state", "bucket", {"region": "us-east-1", "account": "123456789012"}, "llm-marketplace-production-state-123456789012-us-east-1"),
        ("cloudformation", "iam", {"region": "us-east-1", "account": "123456789012"}, "llm-marketplace-production-cloudformation-123456789012-us-east-1"),
        ("logs", "opensearch", {}, "llm-marketplace-produ-1b7aed"),
    ],
)
def test_name(thing: str, kind: str, options: dict, expected: str) -> None:
    assert aws_name(thing, kind, "llm_marketplace", "production", **options) == expected


@pytest.mark.parametrize("path", sorted((ROOT / "inventories").glob("*.yml")), ids=lambda path: path.stem)
def test_names_of_all_platforms_fit_and_differ(path: Path) -> None:
    pytest.importorskip("ansible.cli", reason="ansible-test hides the controller from the tests of module_utils")
    from tests.support.inventories import Inventory

    inventory = Inventory(path)
    deployments = {
        (values["platform_name"], values["platform_environment"]) for values in map(inventory.variables, inventory.hosts) if "platform_name" in values
    }
    assert deployments
    for kind, limit in LIMITS.items():
        regions = EVERY_REGION if kind in SUFFIXED else ("",)
        account = "123456789012" if kind in SUFFIXED else ""
        asked = list(product(THINGS, deployments, regions))
        names = [aws_name(thing, kind, *deployment, region, account) for thing, deployment, region in asked]
        assert len(set(names)) == len(asked), kind
        assert all(len(name) <= limit for name in names), kind
        assert all(name[0].isalpha() and name[-1] != "-" and "--" not in name and name == name.lower() for name in names), kind
        if kind in SUFFIXED:
            assert all(name.endswith(f"-{account}-{region}") for name, (*_asked, region) in zip(names, asked, strict=True))


def test_at_the_limit_nothing_is_cut() -> None:
    prefix = "p-e-"
    longest = "a" * (LIMITS["load_balancer"] - len(prefix))
    assert aws_name(longest, "load_balancer", "p", "e") == prefix + longest
    cut = aws_name(longest + "a", "load_balancer", "p", "e")
    assert len(cut) == LIMITS["load_balancer"] and cut != prefix + longest


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("network", "stacks", "p", "e"), "kind is 'stacks'; it is one of"),
        (("net work", "stack", "p", "e"), "thing is 'net work'"),
        (("{{ x }}", "stack", "p", "e"), "thing is"),
        (("net--work", "stack", "p", "e"), "thing is"),
        (("-network", "stack", "p", "e"), "thing is"),
        (("", "stack", "p", "e"), "thing is ''"),
        (("a/b", "stack", "p", "e"), "thing is 'a/b'"),
        (("a//b", "secret", "p", "e"), "thing is 'a//b'"),
        (("Network", "stack", "p", "e"), "thing is 'Network'"),
        (("network\n", "stack", "p", "e"), "thing is"),
        (("naïve", "stack", "p", "e"), "thing is"),
        (("network", "stack", "1p", "e"), "begin with a letter"),
        (("network", "stack", "p", ""), "environment is ''"),
        (("state", "bucket", "p", "e"), "ends in account and region"),
        (("state", "bucket", "p", "e", "us-east-1"), "ends in account and region"),
        (("state", "iam", "p", "e", "us-east-1", 123456789012), "quote an account number"),
        ((7, "stack", "p", "e"), "thing is 7"),
    ],
)
def test_refused(arguments: tuple, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        aws_name(*arguments)


def test_documentation_lists_the_kinds() -> None:
    sidecar = Path(__file__).parents[5] / "plugins" / "filter" / "aws_name.yml"
    assert yaml.safe_load(sidecar.read_text(encoding="utf-8"))["DOCUMENTATION"]["options"]["kind"]["choices"] == sorted(LIMITS)
