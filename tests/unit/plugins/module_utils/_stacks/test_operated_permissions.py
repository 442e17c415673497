# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who runs the collection may what the code of off-hours, actuals and prices calls, and no more of it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._cost import explorer
from ansible_collections.llmops.platform.plugins.module_utils._cost import pricing_api
from ansible_collections.llmops.platform.plugins.module_utils._cost import sleeping
from ansible_collections.llmops.platform.plugins.module_utils._stacks import operated
from ansible_collections.llmops.platform.plugins.module_utils._stacks import permissions

SCOPE = {
    "prefix": "shop-dev",
    "account": "123456789012",
    "regions": ["us-west-2", "us-east-1"],
    "role_name": "shop-dev-cloudformation",
    "role_names": ["shop-dev-cloudformation"],
    "buckets": ["shop-dev-state"],
    "key_alias": "alias/shop-dev-state",
    "tags": {"platform": "shop", "environment": "dev"},
}


def statements(**changes):
    return [statement for document in permissions.controller_policies({}, [], {**SCOPE, **changes}) for statement in document["Statement"]]


def by_sid():
    return {statement["Sid"]: statement for statement in statements() if "Sid" in statement}


def called(module, service):
    """Operations of the service whose name stands in the module's source, by its API or as a method of a client."""
    session = pytest.importorskip("botocore.session").Session()
    xform_name = pytest.importorskip("botocore").xform_name
    names = session.get_service_model(service).operation_names
    tree = ast.parse(Path(module.__file__).read_text(encoding="utf-8"))
    texts = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)} | {
        node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)
    }
    return {f"{service}:{name}" for name in names if name in texts or xform_name(name) in texts}


def test_what_off_hours_calls_is_what_is_allowed_of_these_services():
    wanted = called(sleeping, "eks") | called(sleeping, "rds")
    assert wanted == {*operated.READING, *operated.CHANGING, *operated.TAGGING}
    assert "cloudformation:DescribeStackResources" in by_sid()["NoStack"]["Action"]
    allowed = {action for one in statements() for action in one["Action"] if action.startswith(("eks:", "rds:"))}
    assert allowed == wanted


@pytest.mark.parametrize(("module", "service"), [(explorer, "ce"), (pricing_api, "pricing")])
def test_what_actuals_and_prices_call_is_what_is_allowed_of_these_services(module, service):
    wanted = called(module, service)
    assert wanted
    assert {action for one in statements() for action in one["Action"] if action.startswith(f"{service}:")} == wanted


def test_changes_reach_only_what_bears_the_tags_of_the_deployment():
    found = by_sid()
    own = {"aws:ResourceTag/platform": "shop", "aws:ResourceTag/environment": "dev"}
    for sid in ("OffHours", "OffHoursNote"):
        assert found[sid]["Condition"]["StringEquals"] == own
        assert found[sid]["Resource"] == [
            "arn:aws:eks:us-east-1:123456789012:nodegroup/*",
            "arn:aws:rds:us-east-1:123456789012:db:*",
            "arn:aws:eks:us-west-2:123456789012:nodegroup/*",
            "arn:aws:rds:us-west-2:123456789012:db:*",
        ]
    assert found["OffHoursNote"]["Condition"]["ForAllValues:StringEquals"] == {"aws:TagKeys": [sleeping.TAG]}
    assert found["OffHoursRead"]["Condition"] == {"StringEquals": {"aws:RequestedRegion": ["us-east-1", "us-west-2"]}}


@pytest.mark.parametrize("tags", [{}, {"platform": "shop"}, {"platform": "", "environment": "dev"}])
def test_a_deployment_without_tags_is_refused(tags):
    with pytest.raises(ValueError, match=r"tags has no (platform|environment)"):
        statements(tags=tags)
