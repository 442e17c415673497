# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The stacks of all roles for all hosts of all inventories: limits, names, tags, guards; and the permissions for their types."""

from __future__ import annotations

import re
import shutil
from collections import defaultdict

import pytest
import yaml

from ansible_collections.llmops.platform.plugins.module_utils._stacks import model
from ansible_collections.llmops.platform.plugins.module_utils._stacks import stateful
from tests.support import stack_permissions
from tests.support.inventories import FILES

if shutil.which("ansible-playbook") is None:
    pytest.skip("rendering needs ansible-playbook", allow_module_level=True)

from tests.support import rendered_stacks

TAGS = {"platform", "environment", "owner", "cost-center", "managed-by"}
LARGEST, MOST_RESOURCES = 51_200, 450
ENVIRONMENTS = [path.stem for path in FILES]


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_graphs_have_no_problem(environment):
    """Shape, references between stacks, limits, secrets, retain and update policies, stack policies, protection, cycles."""
    for platform, graph in rendered_stacks.graphs(environment).items():
        assert model.read_graph(graph), platform


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_every_stack_has_its_tags_name_and_size(environment):
    for one in rendered_stacks.rendered(environment):
        stack, platform = one.stack, one.host.rsplit("_", 2)[0]
        assert set(stack["tags"]) == TAGS, str(one)
        prefix = "shared-" if platform == "shared" else f"{platform}-{environment}-".replace("_", "-")
        assert stack["name"].startswith(prefix), str(one)
        assert one.key == f"{stack['region']}/{stack['name']}"
        assert len(stack["template"].encode()) < LARGEST, str(one)
        assert len(yaml.safe_load(stack["template"])["Resources"]) < MOST_RESOURCES, str(one)
        # They would change every stack at every run.
        assert not re.search(r"20\d\d-\d\d-\d\dT", stack["template"]), str(one)


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_only_the_foundation_is_made_without_the_service_role(environment):
    for one in rendered_stacks.rendered(environment):
        assert (one.stack["service_role"] is None) == (one.role == "stacks"), str(one)


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_what_is_global_is_made_once_in_an_account(environment):
    single = {"AWS::IAM::OIDCProvider", "AWS::CloudTrail::Trail", "AWS::IAM::ServiceLinkedRole"}
    made = defaultdict(list)
    for one in rendered_stacks.rendered(environment):
        for resource in yaml.safe_load(one.stack["template"])["Resources"].values():
            # A cluster's own issuer is no other cluster's.
            if resource["Type"] in single and resource["Properties"].get("Url") != {"Ref": "OidcIssuerUrl"}:
                made[resource["Type"], str(resource["Properties"].get("Url", resource["Properties"].get("AWSServiceName")))].append(str(one))
    assert made
    assert all(len(found) == 1 for found in made.values()), dict(made)
    assert all(found[0].startswith(f"shared_{environment}_primary:") for found in made.values())


def test_stateful_types_are_among_what_is_rendered():
    # Else the guards above would guard nothing.
    types = {resource["Type"] for one in rendered_stacks.rendered("local") for resource in yaml.safe_load(one.stack["template"])["Resources"].values()}
    assert len({name for name in types if stateful.is_stateful(name)}) >= 3


def test_the_service_role_may_make_every_rendered_type():
    table = yaml.safe_load(stack_permissions.FILE.read_text(encoding="utf-8"))
    for environment in ENVIRONMENTS:
        for one in rendered_stacks.rendered(environment):
            types = {resource["Type"] for resource in yaml.safe_load(one.stack["template"])["Resources"].values()}
            assert types <= set(table["roles"][one.role]), str(one)
