# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The network's stacks of every AWS deployment of every inventory."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from cfnlint import api

from tests.support.inventories import FILES
from tests.support.inventories import ROOT
from tests.support.inventories import Inventory
from tests.support.inventories import of_host
from tests.support.rendered_stacks import of_role
from tests.support.role_stacks import RenderingFailed
from tests.support.role_stacks import hosts_with
from tests.support.role_stacks import stacks_of

HOSTS = [host for path in FILES for host in hosts_with(Inventory(path), "network")]
MOST_BYTES, MOST_RESOURCES = 51_200, 450
VARIANT = "workflow_platform_dev_primary"


@pytest.fixture(scope="module")
def stacks() -> dict[str, dict[str, Any]]:
    return of_role("network")


@pytest.fixture(scope="module")
def variant() -> dict[str, dict[str, Any]]:
    """All that the inventories leave off: IPv6, no NAT, logs in a bucket, a peer and a flow from it."""
    changes = {
        "network_ipv6": True,
        "network_nat": "none",
        "network_flow_log_destination": "s3",
        "network_flow_log_bucket_arn": "arn:aws:s3:::flow-logs",
        "network_peers": {"office": "192.168.0.0/16"},
        "network_flows": {"office": {"from": "office", "to": "node", "ports": ["8000-8100"]}, "ping": {"from": "vpc", "to": "node", "protocol": "icmp"}},
    }
    return templates(stacks_of("network", ROOT / "inventories" / "dev.yml", [VARIANT], **changes)[VARIANT])


def templates(stacks: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Parsed templates by what their stack is called after platform and environment."""
    return {key.rpartition("-network")[1][1:] + key.rpartition("-network")[2]: yaml.safe_load(stack["template"]) for key, stack in stacks.items()}


def of_type(template: dict[str, Any], kind: str) -> dict[str, dict[str, Any]]:
    return {name: resource["Properties"] for name, resource in template["Resources"].items() if resource["Type"] == kind}


def environment(host: str) -> str:
    return host.rsplit("_", 2)[1]


def test_there_is_a_network_for_every_deployment_at_aws(stacks):
    assert set(stacks) == set(HOSTS)
    assert len(HOSTS) > 15


@pytest.mark.parametrize("host", HOSTS)
def test_templates_are_right_and_within_the_limits(host, stacks):
    for key, stack in stacks[host].items():
        assert key == f"{stack['region']}/{stack['name']}"
        assert len(stack["template"].encode()) < MOST_BYTES, key
        template = yaml.safe_load(stack["template"])
        assert len(template["Resources"]) < MOST_RESOURCES, key
        assert set(stack["parameters"]) == set(template["Parameters"]), key
        assert "!" not in stack["template"].replace("!=", ""), f"{key} has a short form"


@pytest.mark.parametrize("host", HOSTS)
def test_stacks_find_each_other(host, stacks):
    graph = stacks[host]
    outputs = {key: yaml.safe_load(stack["template"]).get("Outputs", {}) for key, stack in graph.items()}
    for key, stack in graph.items():
        for name, source in stack["parameters"].items():
            if source.get("stack", "").endswith("-encryption"):
                assert source["output"] == "StorageKeyArn" and source["stack"].startswith(stack["region"]), f"{key}: {name}"
            elif "output" in source:
                assert source["output"] in outputs[source["stack"]], f"{key}: {name}"
            else:
                assert isinstance(source["value"], str), f"{key}: {name}"


@pytest.mark.parametrize("host", HOSTS)
def test_tags_and_protection(host, stacks):
    tags = of_host(host).value(host, "platform_tags")
    serious = environment(host) in ("staging", "production")
    for key, stack in stacks[host].items():
        assert stack["tags"] == tags
        assert stack["account"] == "123456789012"
        assert stack["protection"] == (serious and key.endswith(("-network", "-network-flow-logs"))), key
        # A log holds up nobody's cluster.
        assert stack.get("needed_for") == ([] if key.endswith("-flow-logs") else None), key
    network = next(stack for key, stack in stacks[host].items() if key.endswith("-network"))
    assert bool(network["policy"]) == serious
    if serious:
        (deny,) = (statement for statement in network["policy"]["Statement"] if statement["Effect"] == "Deny")
        assert {"AWS::EC2::VPC", "AWS::EC2::Subnet", "AWS::EC2::SecurityGroup"} < set(deny["Condition"]["StringEquals"]["ResourceType"])


@pytest.mark.parametrize("host", HOSTS)
def test_subnets_and_their_ways_out(host, stacks):
    network = templates(stacks[host])["network"]
    values = of_host(host)
    tiers = values.value(host, "network_subnets")
    cluster = values.value(host, "cluster_name")
    subnets = of_type(network, "AWS::EC2::Subnet")
    assert len(subnets) == sum(tier["zones"] for tier in tiers.values())
    for name, properties in subnets.items():
        assert properties["MapPublicIpOnLaunch"] is False
        found = {tag["Key"]: tag["Value"] for tag in properties["Tags"]}
        assert (found.get("kubernetes.io/role/elb") == "1") == name.startswith("Public")
        assert (found.get("kubernetes.io/role/internal-elb") == "1") == name.startswith("Private")
        assert (found.get("karpenter.sh/discovery") == cluster) == name.startswith("Private")
        assert (found.get(f"kubernetes.io/cluster/{cluster}") == "shared") == (not name.startswith("Database"))
    gateways = of_type(network, "AWS::EC2::NatGateway")
    single = values.value(host, "network_nat") == "single"
    assert len(gateways) == len(of_type(network, "AWS::EC2::EIP")) == (1 if single else tiers["public"]["zones"])
    assert single == (environment(host) in ("local", "dev"))
    routes = of_type(network, "AWS::EC2::Route")
    assert {name[: name.index("Route")] for name in routes} == {"Public", "Private"}, "a database needs no way out"
    for name, properties in routes.items():
        assert ("GatewayId" in properties) == name.startswith("Public") == ("NatGatewayId" not in properties)
        if "NatGatewayId" in properties and not single and name[-1] <= "B":
            assert properties["NatGatewayId"] == {"Ref": f"NatGateway{name[-1]}"}


@pytest.mark.parametrize("host", HOSTS)
def test_what_is_not_a_flow_is_refused_both_ways(host, stacks):
    found = templates(stacks[host])
    groups = of_type(found["network"], "AWS::EC2::SecurityGroup")
    assert set(groups) == {f"{name}SecurityGroup" for name in ("Cluster", "Node", "Postgresql", "Redis", "Kafka", "Elasticsearch", "Rabbitmq", "Endpoint")}
    for properties in groups.values():
        assert "SecurityGroupIngress" not in properties
        assert [rule["CidrIp"] for rule in properties["SecurityGroupEgress"]] == ["127.0.0.1/32"]
    into, out = (of_type(found["network-flows"], f"AWS::EC2::SecurityGroup{way}") for way in ("Ingress", "Egress"))
    assert not any("CidrIp" in properties for properties in into.values())
    open_to_all = [properties for properties in out.values() if properties.get("CidrIp") == "0.0.0.0/0"]
    assert [(properties["GroupId"]["Ref"], properties["FromPort"], properties["ToPort"]) for properties in open_to_all] == [("NodeSecurityGroupId", 443, 443)]
    assert {properties["GroupId"]["Ref"] for properties in out.values()} == {"NodeSecurityGroupId", "ClusterSecurityGroupId"}, "data calls nobody"
    assert all(properties["Description"] for properties in (*into.values(), *out.values()))
    assert into["IngressNodeToPostgresqlTcp5432"]["SourceSecurityGroupId"] == {"Ref": "NodeSecurityGroupId"}


@pytest.mark.parametrize("host", HOSTS)
def test_endpoints_are_those_declared(host, stacks):
    declared = of_host(host).value(host, "network_vpc_endpoints")
    found = of_type(templates(stacks[host])["network-endpoints"], "AWS::EC2::VPCEndpoint")
    kinds = {
        properties["ServiceName"]["Fn::Sub"].removeprefix("com.amazonaws.${AWS::Region}."): properties["VpcEndpointType"].lower()
        for properties in found.values()
    }
    assert kinds == {service: endpoint["type"] for service, endpoint in declared.items()}
    for properties in found.values():
        assert ("RouteTableIds" in properties) == (properties["VpcEndpointType"] == "Gateway") == ("SecurityGroupIds" not in properties)


@pytest.mark.parametrize("host", HOSTS)
def test_flow_logs_are_delivered_with_least_privilege(host, stacks):
    template = templates(stacks[host])["network-flow-logs"]
    (log,) = of_type(template, "AWS::EC2::FlowLog").values()
    assert log["TrafficType"] == "ALL" and log["ResourceId"] == {"Ref": "VpcId"}
    (role,) = of_type(template, "AWS::IAM::Role").values()
    (trust,) = role["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"Service": "vpc-flow-logs.amazonaws.com"} and set(trust["Condition"]) == {"StringEquals", "ArnLike"}
    (policy,) = of_type(template, "AWS::IAM::RolePolicy").values()
    assert all(statement["Resource"] != "*" for statement in policy["PolicyDocument"]["Statement"])
    assert "logs:CreateLogGroup" not in str(policy)
    kept = environment(host) in ("staging", "production")
    group = template["Resources"]["FlowLogGroup"]
    assert (group["DeletionPolicy"], group["UpdateReplacePolicy"]) == (("RetainExceptOnCreate", "Retain") if kept else ("Delete", "Delete"))


def test_the_same_shape_is_the_same_template_everywhere(stacks):
    primary, standby = (stacks[f"workflow_platform_production_{side}"] for side in ("primary", "standby"))
    assert [stack["template"] for stack in standby.values()] == [stack["template"] for stack in primary.values()]


def test_the_variant_is_right(variant):
    for name, template in variant.items():
        assert api.lint(yaml.safe_dump(template), config=api.ManualArgs(regions=["us-east-1"])) == [], name


def test_ipv6(variant):
    subnets = of_type(variant["network"], "AWS::EC2::Subnet")
    numbers = [properties["Ipv6CidrBlock"]["Fn::Select"][0] for properties in subnets.values()]
    assert len(set(numbers)) == len(subnets) == 9
    assert all(variant["network"]["Resources"][name]["DependsOn"] == "VpcIpv6" for name in subnets)
    routes = of_type(variant["network"], "AWS::EC2::Route")
    private = {name: properties for name, properties in routes.items() if name.startswith("Private")}
    # Without NAT gateways the only way out is that of IPv6, and nobody comes in by it.
    assert set(private) == {"PrivateRouteV6A", "PrivateRouteV6B", "PrivateRouteV6C"}
    assert all("EgressOnlyInternetGatewayId" in properties for properties in private.values())
    assert "EgressNodeToInternetTcp443V6" in variant["network-flows"]["Resources"]


def test_peers_ping_and_ranges_of_ports(variant):
    rules = of_type(variant["network-flows"], "AWS::EC2::SecurityGroupIngress")
    office, ping = rules["IngressOfficeToNodeTcp8000To8100"], rules["IngressVpcToNodeIcmp"]
    assert (office["CidrIp"], office["FromPort"], office["ToPort"]) == ("192.168.0.0/16", 8000, 8100)
    assert (ping["CidrIp"], ping["FromPort"], ping["ToPort"]) == ({"Ref": "VpcCidr"}, -1, -1)


def test_logs_in_a_bucket_need_no_role(variant):
    assert set(variant["network-flow-logs"]["Resources"]) == {"FlowLog"}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"network_cidr": "10.40.4.0/20"}, "network_cidr ('10.40.4.0/20') is too small"),
        ({"network_provider": "azure"}, f"network_provider 'azure' of {VARIANT} is not built"),
        ({"network_provider": "existing", "network_existing": {"vpc_id": "vpc-1", "subnets": {}}}, f"network_existing of {VARIANT} names no private subnets"),
        ({"network_flow_log_destination": "s3"}, "network_flow_log_bucket_arn is empty"),
    ],
)
def test_what_is_refused_names_the_variable(changes, message):
    with pytest.raises(RenderingFailed) as caught:
        stacks_of("network", ROOT / "inventories" / "dev.yml", [VARIANT], **changes)
    assert message in caught.value.messages[VARIANT]


def test_an_existing_network_has_no_stacks():
    existing = {"vpc_id": "vpc-1", "subnets": {"private": {"a": "subnet-1"}}}
    assert stacks_of("network", ROOT / "inventories" / "dev.yml", [VARIANT], network_provider="existing", network_existing=existing) == {VARIANT: {}}
