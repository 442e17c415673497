# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Terraform states of both forms: addresses, names, quoting, and what is not kept."""

from __future__ import annotations

import json
import shlex

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._adoption import terraform
from ansible_collections.llmops.platform.plugins.module_utils._stacks.errors import StackError


def raw(*resources):
    return json.dumps({"version": 4, "resources": list(resources)})


def resource(kind, name, *instances, **more):
    return {"mode": "managed", "type": kind, "name": name, "instances": list(instances), **more}


def instance(key=None, **attributes):
    return {"attributes": attributes, **({} if key is None else {"index_key": key})}


@pytest.mark.parametrize(
    ("one", "address"),
    [
        (resource("aws_vpc", "main", instance(id="vpc-1")), "aws_vpc.main"),
        (resource("aws_eip", "nat", instance(0, id="eipalloc-1")), "aws_eip.nat[0]"),
        (resource("aws_subnet", "private", instance("a", id="subnet-1")), 'aws_subnet.private["a"]'),
        (resource("aws_subnet", "private", instance('a "b"', id="subnet-1"), module='module.net["x y"]'), 'module.net["x y"].aws_subnet.private["a \\"b\\""]'),
    ],
)
def test_addresses_are_those_of_terraform_and_quoted_for_the_shell(one, address):
    (found,) = terraform.read(raw(one), "state")
    assert found.address == address
    assert shlex.split(found.line) == ["terraform", "state", "rm", address]


def test_the_shown_form_tells_the_same():
    values = {"id": "subnet-1", "cidr_block": "10.0.0.0/24"}
    inner = {"address": 'module.net.aws_subnet.private["a"]', "mode": "managed", "type": "aws_subnet", "values": values}
    data = {"address": "data.aws_vpc.other", "mode": "data", "type": "aws_vpc", "values": {"id": "vpc-9"}}
    root = {"resources": [data], "child_modules": [{"resources": [], "child_modules": [{"resources": [inner]}]}]}
    (found,) = terraform.read(json.dumps({"format_version": "1.0", "values": {"root_module": root}}), "state")
    assert (found.address, found.names) == ('module.net.aws_subnet.private["a"]', frozenset({"subnet-1"}))


def test_no_attribute_but_names_is_kept():
    attributes = {"id": "db-ABC", "identifier": "hub-dev", "password": "hunter2-hunter2", "engine": "postgres"}
    one = resource("aws_db_instance", "main", instance(**attributes))
    (found,) = terraform.read(raw(one), "state")
    assert found.names == {"db-ABC", "hub-dev"}
    assert "hunter2" not in repr(found)


@pytest.mark.parametrize(
    ("kind", "attributes", "names"),
    [
        ("aws_eks_node_group", {"id": "hub:general", "cluster_name": "hub", "node_group_name": "general"}, {"hub/general"}),
        ("aws_eks_addon", {"id": "hub:vpc-cni", "cluster_name": "hub", "addon_name": "vpc-cni"}, {"hub|vpc-cni"}),
        ("aws_eks_access_entry", {"cluster_name": "hub", "principal_arn": "arn:aws:iam::1:role/a"}, {"arn:aws:iam::1:role/a|hub"}),
        ("aws_iam_role_policy", {"id": "role:deliver", "name": "deliver", "role": "role"}, {"deliver|role"}),
        ("aws_route", {"id": "r-1", "route_table_id": "rtb-1", "destination_ipv6_cidr_block": "::/0", "destination_cidr_block": ""}, {"rtb-1|::/0"}),
        ("aws_internet_gateway", {"id": "igw-1", "vpc_id": "vpc-1"}, {"igw-1", "IGW|vpc-1"}),
        ("aws_iam_role_policy_attachment", {"id": "x-2024", "role": "node"}, {"x-2024", "node"}),
    ],
)
def test_names_are_as_the_schemas_have_them(kind, attributes, names):
    assert terraform.read(raw(resource(kind, "x", instance(**attributes))), "state")[0].names == names


def test_what_is_not_managed_at_aws_is_left_out():
    deposed = {**instance(id="vpc-0"), "deposed": "00000001"}
    state = raw(resource("random_id", "x", instance(id="r")), resource("aws_vpc", "main", deposed, instance(id="vpc-1")), {"mode": "data", "type": "aws_vpc"})
    assert [one.names for one in terraform.read(state, "state")] == [{"vpc-1"}]


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"version": 3, "modules": []}'])
def test_what_is_no_state_is_refused_with_what_to_give(text):
    with pytest.raises(StackError, match=r"old\.tfstate.*terraform"):
        terraform.read(text, "old.tfstate")
