# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The cluster's stacks over all inventories, against those of the roles beside it."""

from __future__ import annotations

import re
import shutil

import pytest
import yaml

if shutil.which("ansible-playbook") is None:
    pytest.skip("rendering needs ansible-playbook", allow_module_level=True)

from tests.support import rendered_stacks
from tests.support.inventories import FILES

ENVIRONMENTS = [path.stem for path in FILES]
DIGITS = re.compile(r"-nodes-(.+)-([0-9a-f]{6})$")


def stacks_of(environment, role):
    found = {}
    for one in rendered_stacks.rendered(environment):
        if one.role == role:
            found.setdefault(one.host, {})[one.key] = one.stack
    return found


def ending(stacks, end):
    return next((stack for key, stack in stacks.items() if key.endswith(end)), None)


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_every_workload_role_is_some_service_accounts(environment):
    identity = stacks_of(environment, "identity")
    for host, stacks in stacks_of(environment, "cluster").items():
        outputs = set()
        for stack in identity[host].values():
            outputs |= {name for name in yaml.safe_load(stack["template"])["Outputs"] if name.endswith("PodRoleArn")}
        associations = ending(stacks, "-cluster-identities")
        if any(key.endswith("-identity-pods") for key in identity[host]):
            # Roles that trust the cluster's issuer name the service account themselves.
            assert outputs and list(associations["parameters"]) == ["OidcIssuerUrl"], host
            continue
        parameters = {name for name in (associations or {"parameters": {}})["parameters"] if name.endswith("PodRoleArn")}
        assert parameters == outputs, host


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_add_ons_that_need_nodes_wait_for_all_of_them(environment):
    for host, stacks in stacks_of(environment, "cluster").items():
        nodes = {key for key in stacks if DIGITS.search(key)}
        assert nodes, host
        assert nodes <= set(ending(stacks, "-cluster-addons-nodes")["needs"]), host
        before = next(key for key in stacks if key.endswith("-cluster-addons"))
        assert all(before in stacks[key]["needs"] for key in nodes), host


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_a_control_plane_stands_alone_and_its_log_has_its_name(environment):
    for host, stacks in stacks_of(environment, "cluster").items():
        cluster = ending(stacks, "-cluster")
        types = {resource["Type"] for resource in yaml.safe_load(cluster["template"])["Resources"].values()}
        assert types == {"AWS::EKS::Cluster", "AWS::EKS::AccessEntry"}, host
        assert cluster["one_way"] and cluster["protection"], host
        name = cluster["parameters"]["Name"]["value"]
        assert ending(stacks, "-cluster-logs")["parameters"]["LogGroupName"]["value"] == f"/aws/eks/{name}/cluster", host


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_no_node_is_older_or_newer_than_its_control_plane_and_no_disk_is_open(environment):
    for host, stacks in stacks_of(environment, "cluster").items():
        version = ending(stacks, "-cluster")["parameters"]["Version"]["value"]
        for key in filter(DIGITS.search, stacks):
            data = yaml.safe_load(stacks[key]["template"])["Resources"]["LaunchTemplate"]["Properties"]["LaunchTemplateData"]
            assert data["MetadataOptions"]["HttpTokens"] == "required", (host, key)
            assert data["BlockDeviceMappings"][0]["Ebs"]["Encrypted"] is True, (host, key)
            assert stacks[key]["parameters"]["Version"]["value"] == version, (host, key)
