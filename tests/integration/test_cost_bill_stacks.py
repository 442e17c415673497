# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The bill against the stacks as they are rendered: every type is known, and as many of each are billed as are made."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Mapping
from functools import cache
from typing import Any

import pytest
import yaml

from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.resources import FREE
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.resources import MAPPED
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import HOURS
from tests.support.inventories import FILES

if shutil.which("ansible-playbook") is None:
    pytest.skip("rendering needs ansible-playbook", allow_module_level=True)

from tests.support import rendered_stacks
from tests.support.bills import bill_of
from tests.support.bills import hosts

ENVIRONMENTS = [path.stem for path in FILES]
# Of these a line's quantity is the number of resources, times the hours of a month where they are sold by the hour.
COUNTED = {
    "aws/nat/hour": ("AWS::EC2::NatGateway", HOURS),
    "aws/eks/cluster": ("AWS::EKS::Cluster", HOURS),
    "aws/secrets/secret": ("AWS::SecretsManager::Secret", 1),
    "aws/cloudwatch/alarm": ("AWS::CloudWatch::Alarm", 1),
    "aws/cloudwatch/dashboard": ("AWS::CloudWatch::Dashboard", 1),
    "aws/route53/health-check": ("AWS::Route53::HealthCheck", 1),
    "aws/route53/zone": ("AWS::Route53::HostedZone", 1),
    "aws/waf/acl": ("AWS::WAFv2::WebACL", 1),
}


# Add-ons of the cluster are part of it, CloudWatch's are not; a budget's topic sends a few mails, CloudWatch's as many as it is said to.
SILENT = {"AWS::EKS::Addon", "AWS::SNS::Topic"}


@cache
def made(environment: str) -> dict[str, Counter[str]]:
    """Types of the resources of each host's stacks, counted."""
    found: dict[str, Counter[str]] = {}
    for one in rendered_stacks.rendered(environment):
        resources = yaml.safe_load(one.stack["template"])["Resources"]
        found.setdefault(one.host, Counter()).update(kind(resource) for resource in resources.values())
    return found


def kind(resource: Mapping[str, Any]) -> str:
    """Its type; gateway endpoints, which are free, apart."""
    gateway = (resource.get("Properties") or {}).get("VpcEndpointType") == "Gateway"
    return "free endpoint" if resource["Type"] == "AWS::EC2::VPCEndpoint" and gateway else resource["Type"]


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_every_rendered_type_is_mapped_or_free(environment):
    for host, types in made(environment).items():
        assert [kind for kind in types if (kind in MAPPED) == (kind in FREE)] in ([], ["free endpoint"]), host


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_as_many_are_billed_as_are_made(environment):
    for host, types in made(environment).items():
        lines = bill_of(environment, host)
        for sku, (counted, factor) in COUNTED.items():
            billed = sum(line.quantity.expected for line in lines if line.sku == sku and line.resource == counted)
            assert billed == types[counted] * factor, f"{host}: {sku}"
        keys = sum(line.quantity.expected for line in lines if line.sku == "aws/kms/key")
        assert keys == types["AWS::KMS::Key"] + types["AWS::KMS::ReplicaKey"], host
        endpoints = [line for line in lines if line.sku == "aws/vpc-endpoint/hour"]
        assert len(endpoints) == types["AWS::EC2::VPCEndpoint"], host
        pools = [line for line in lines if line.name == "root volumes"]
        assert len(pools) == types["AWS::EKS::Nodegroup"], host


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_what_is_made_and_mapped_has_a_line(environment):
    for host, types in made(environment).items():
        billed = {line.resource for line in bill_of(environment, host)}
        silent = {kind for kind in types if kind in MAPPED} - billed - SILENT
        assert (host, silent) == (host, set())


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_lines_name_types_that_their_component_has(environment):
    for host in hosts(environment):
        for line in bill_of(environment, host):
            # A load balancer is made by its controller, not by a stack.
            if line.resource and not line.resource.startswith("AWS::ElasticLoadBalancingV2"):
                assert line.component in MAPPED.get(line.resource, ()), f"{line.id}: {line.resource}"
            assert line.sku.split("/")[0] in ("aws", "azure", "gcp"), line.id
