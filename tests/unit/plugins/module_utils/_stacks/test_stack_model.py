# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A graph is taken or refused with the stack, the key and the remedy in words."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._stacks.errors import StackError
from ansible_collections.llmops.platform.plugins.module_utils._stacks.model import Literal
from ansible_collections.llmops.platform.plugins.module_utils._stacks.model import Observed
from ansible_collections.llmops.platform.plugins.module_utils._stacks.model import Output
from ansible_collections.llmops.platform.plugins.module_utils._stacks.model import read_graph
from ansible_collections.llmops.platform.plugins.module_utils._stacks.model import read_output

NETWORK = "us-east-1/p-e-network"
CLUSTER = "us-east-1/p-e-cluster"
TEMPLATES = {
    "p-e-network": {
        "Parameters": {"Cidr": {"Type": "String"}, "Name": {"Type": "String", "Default": "x"}},
        "Resources": {"Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": {"Ref": "Cidr"}}}},
        "Outputs": {"VpcId": {"Value": {"Ref": "Vpc"}}},
    },
    "p-e-cluster": {
        "Parameters": {"VpcId": {"Type": "String"}, "Size": {"Type": "String"}},
        "Resources": {"Nodes": {"Type": "AWS::EKS::Nodegroup", "Properties": {"Subnets": [{"Ref": "VpcId"}]}}},
    },
}


def _stack(template: str, /, **options: Any) -> dict[str, Any]:
    stack = {
        "name": template,
        "region": "us-east-1",
        "account": "123456789012",
        "template": json.dumps(TEMPLATES[template]),
        "tags": {"platform": "p"},
        **options,
    }
    return {key: value for key, value in stack.items() if value != "left out"}


OBSERVED = {"create": "3", "resource": "Nodes", "property": "ScalingConfig.DesiredSize", "minimum": "3", "maximum": "10"}
SIZE = {"observed": OBSERVED}
VPC = {"stack": NETWORK, "output": "VpcId"}


def _graph(network: dict | None = None, cluster: dict | None = None) -> dict[str, Any]:
    return {
        CLUSTER: _stack("p-e-cluster", **{"parameters": {"VpcId": VPC, "Size": SIZE}, **(cluster or {})}),
        NETWORK: _stack("p-e-network", **{"parameters": {"Cidr": {"value": "10.0.0.0/16"}}, **(network or {})}),
    }


def _refused(graph: Any, **options: Any) -> list[str]:
    with pytest.raises(StackError) as refused:
        read_graph(graph, **options)
    assert str(refused.value) == "\n".join(refused.value.problems)
    return list(refused.value.problems)


def test_a_graph_is_read() -> None:
    stacks = read_graph(_graph(cluster={"service_role": VPC, "needs": [NETWORK], "operated": ["Nodes.ScalingConfig.DesiredSize"]}), account="123456789012")
    cluster, network = stacks[CLUSTER], stacks[NETWORK]
    assert list(stacks) == sorted(stacks)
    assert cluster.parameters == {"VpcId": Output(NETWORK, "VpcId"), "Size": Observed("3", "Nodes", "ScalingConfig.DesiredSize", "3", "10")}
    assert network.parameters == {"Cidr": Literal("10.0.0.0/16")}
    assert (cluster.service_role, cluster.needs) == (Output(NETWORK, "VpcId"), (NETWORK,))
    assert (network.needs, network.needed_for, network.protection, network.policy, network.service_role) == ((), ("cluster",), False, None, None)
    assert (network.capabilities, network.one_way, network.operated, network.tags) == ((), False, (), {"platform": "p"})
    assert network.text == json.dumps(TEMPLATES["p-e-network"]) and len(network.template.digest) == 64


def test_an_empty_graph_is_none() -> None:
    assert read_graph({}) == {}


@pytest.mark.parametrize(
    ("network", "words"),
    [
        ({"temlate": "x", "polices": 1}, "unknown keys polices, temlate; keys are name"),
        ({"template": "left out"}, "template missing; give it"),
        ({"template": "left out", "tags": "left out"}, "template, tags missing; give them"),
        ({"template": "a: ["}, "not YAML"),
        ({"template": None}, "is empty"),
        ({"template": 7}, "is empty"),
        ({"name": "p_e"}, "name is 'p_e'"),
        ({"name": "1p"}, "name is '1p'"),
        ({"name": "p--e"}, "name is 'p--e'"),
        ({"name": "nétwork"}, "name is 'nétwork'"),
        ({"name": "a" * 129}, "at most 128"),
        ({"name": "p-e-other"}, "the key is not its region and name, us-east-1/p-e-other"),
        ({"region": "useast1"}, "region is 'useast1'"),
        ({"region": "eu-west-1"}, "region is eu-west-1, which is none of this deployment's (us-east-1, us-west-2)"),
        ({"account": 123456789012}, "account is 123456789012; give its twelve digits, quoted"),
        ({"account": "210987654321"}, "account is 210987654321, the credentials are of 123456789012"),
        ({"tags": {"a": 1}}, "tags is not a map of strings"),
        ({"tags": {"aws:x": "y"}}, "tag 'aws:x' is not taken"),
        ({"tags": {"a": "{{ x }}"}}, "tag 'a' is not taken"),
        ({"tags": {f"t{number}": "" for number in range(51)}}, "51 tags"),
        ({"parameters": []}, None),
        ({"parameters": ["a"]}, "parameters is not a map"),
        ({"parameters": {}}, "parameter Cidr of the template has no value and no Default"),
        ({"parameters": {"Cidr": "10.0.0.0/16"}}, "parameter Cidr has none of the forms of a parameter; give {value: text}"),
        ({"parameters": {"Cidr": {"value": 10}}}, "parameter Cidr has a value of type int"),
        ({"parameters": {"Cidr": {"value": ["a"]}}}, "lists are joined by commas"),
        ({"parameters": {"Cidr": {"value": "x" * 4097}}}, "parameter Cidr has 4097 characters"),
        ({"parameters": {"Cidr": {"value": "x", "stack": "y"}}}, "parameter Cidr has none of the forms"),
        ({"parameters": {"Cidr": {"observed": {"create": "3"}}}}, "parameter Cidr has none of the forms"),
        ({"parameters": {"Cidr": {"observed": {**OBSERVED, "create": 3}}}}, "all of them strings"),
        ({"parameters": {"Cidr": {"observed": {**OBSERVED, "step": "3"}}}}, "none of the forms"),
        ({"parameters": {"Cidr": SIZE}}, "parameter Cidr observes 'Nodes', which is no resource"),
        ({"parameters": {"Cidr": {"value": "x"}, "Cdir": {"value": "y"}}}, "parameter Cdir is not one of the template; its parameters are Cidr, Name"),
        ({"parameters": {"Cidr": {"stack": CLUSTER, "output": "X"}}}, "parameter Cidr wants the output X of us-east-1/p-e-cluster, which has none"),
        ({"parameters": {"Cidr": {"stack": "us-east-1/gone", "output": "X"}}}, "parameter Cidr names the stack us-east-1/gone, which is not in the graph"),
        ({"needs": ["us-east-1/gone"]}, "needs names the stack us-east-1/gone"),
        ({"needs": "us-east-1/gone"}, "needs is 'us-east-1/gone'; give a list"),
        ({"needs": [CLUSTER]}, f"circle: {CLUSTER} -> {NETWORK} -> {CLUSTER}"),
        ({"needs": [NETWORK]}, f"circle: {NETWORK} -> {NETWORK}"),
        ({"needed_for": [1]}, "needed_for is [1]"),
        ({"service_role": "arn:aws:iam::1:role/x"}, "service_role is 'arn:aws:iam::1:role/x'; give {stack:"),
        ({"service_role": {"stack": "us-east-1/gone", "output": "RoleArn"}}, "service_role names the stack us-east-1/gone"),
        ({"protection": "yes"}, "protection is 'yes'; give true or false"),
        ({"one_way": 1}, "one_way is 1"),
        ({"policy": []}, "policy is not {Statement: [...]}"),
        ({"policy": {"Statement": [{"Sid": "x" * 16_384}]}}, "more than 16384"),
        ({"capabilities": ["CAPABILITY_AUTO_EXPAND"]}, "capability 'CAPABILITY_AUTO_EXPAND' is not one of"),
        ({"operated": ["Vpc"]}, "operated 'Vpc' is not <resource"),
        ({"operated": ["Gone.CidrBlock"]}, "operated 'Gone.CidrBlock' is not <resource"),
        ({"template": json.dumps({"Resources": {"R": {"Type": "AWS::IAM::Role"}}}), "parameters": {}}, "has IAM resources (R) and no capability"),
    ],
)
def test_problem(network: dict[str, Any], words: str | None) -> None:
    found = _refused(_graph(network), account="123456789012", regions=["us-east-1", "us-west-2"])
    if words:
        assert any(words in problem for problem in found), found
    assert all(problem.startswith(f"stack {NETWORK}: ") for problem in found if "circle" not in problem and CLUSTER not in problem.split(":")[0])


@pytest.mark.parametrize("graph", [None, [], "x", 7])
def test_no_map(graph: object) -> None:
    assert "give a map of stacks" in _refused(graph)[0]


@pytest.mark.parametrize("stack", [None, [], "x"])
def test_no_stack(stack: object) -> None:
    assert "stack us-east-1/x: is a" in _refused({"us-east-1/x": stack})[0]


def test_all_problems_are_said_at_once() -> None:
    found = _refused(_graph({"parameters": {}, "tags": 1}, {"parameters": {}}))
    assert len(found) == 4


def test_a_secret_is_not_repeated() -> None:
    found = _refused(_graph({"parameters": {"Cidr": {"valeu": "hunter2!"}}}))
    assert not any("hunter2!" in problem for problem in found)


def test_same_name_in_one_region() -> None:
    graph = _graph()
    graph["us-east-1/P-e-network"] = _stack("p-e-network", name="P-e-network", parameters={"Cidr": {"value": "10.1.0.0/16"}})
    assert any("is also that of" in problem for problem in _refused(graph))
    graph = _graph()
    graph["us-west-2/p-e-network"] = _stack("p-e-network", region="us-west-2", parameters={"Cidr": {"value": "10.1.0.0/16"}})
    assert len(read_graph(graph)) == 3


def test_stacks_outside_may_be_referred_to() -> None:
    graph = _graph({"service_role": {"stack": "us-east-1/shared-role", "output": "RoleArn"}, "needs": ["us-east-1/shared-role"]})
    assert read_graph(graph, outside=["us-east-1/shared-role"])[NETWORK].service_role == Output("us-east-1/shared-role", "RoleArn")
    assert len(_refused(graph)) == 2


def test_read_output() -> None:
    assert read_output(VPC, "state_bucket") == Output(NETWORK, "VpcId")
    with pytest.raises(StackError, match="state_bucket is"):
        read_output({"stack": NETWORK}, "state_bucket")
