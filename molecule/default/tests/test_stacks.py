# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The AWS side of the platforms, as the fake of AWS has it: what passes there is a contract."""

from __future__ import annotations

import pytest

PLATFORMS = {
    "llm-marketplace": ("10.14.0.0/16", 9),
    "connector-hub": ("10.24.0.0/16", 9),
    "copilot-agent": ("10.34.0.0/16", 9),
    "workflow-platform": ("10.44.0.0/16", 9),
    "cloudtolocalllm": ("10.54.0.0/16", 5),
}


@pytest.mark.parametrize("platform", PLATFORMS)
def test_stacks_are_complete_and_protected(aws, platform):
    client = aws("cloudformation")
    found = {
        stack["StackName"].removeprefix(f"{platform}-local-"): stack
        for page in client.get_paginator("describe_stacks").paginate()
        for stack in page["Stacks"]
        if stack["StackName"].startswith(f"{platform}-local-")
    }
    assert set(found) >= {"state", "cloudformation", "network", "network-flows", "network-endpoints", "encryption"}
    assert {stack["StackStatus"] for stack in found.values()} <= {"CREATE_COMPLETE", "UPDATE_COMPLETE"}
    assert all({tag["Key"] for tag in stack["Tags"]} >= {"platform", "environment", "owner", "cost-center", "managed-by"} for stack in found.values())
    assert all(stack.get("RoleARN") for name, stack in found.items() if name not in ("state", "cloudformation"))
    assert found["encryption"]["EnableTerminationProtection"] and found["state"]["EnableTerminationProtection"]


@pytest.mark.parametrize(("platform", "subnets"), [(name, number) for name, (_cidr, number) in PLATFORMS.items()])
def test_networks_are_made(aws, platform, subnets):
    client = aws("ec2")
    mine = [{"Name": "tag:aws:cloudformation:stack-name", "Values": [f"{platform}-local-network"]}]
    (vpc,) = client.describe_vpcs(Filters=mine)["Vpcs"]
    assert vpc["CidrBlock"] == PLATFORMS[platform][0]
    found = client.describe_subnets(Filters=[{"Name": "vpc-id", "Values": [vpc["VpcId"]]}])["Subnets"]
    assert len(found) == subnets
    assert len({subnet["AvailabilityZone"] for subnet in found}) == 3
    # One for all zones: this is the posture of local.
    assert len([one for one in client.describe_nat_gateways()["NatGateways"] if one["VpcId"] == vpc["VpcId"]]) == 1


def test_what_is_shared_belongs_to_no_platform(aws):
    providers = [one["Arn"] for one in aws("iam").list_open_id_connect_providers()["OpenIDConnectProviderList"]]
    # The others are the issuers of clusters whose pods take their roles by tokens.
    assert [one.rpartition("/")[2] for one in providers if "oidc.eks." not in one] == ["token.actions.githubusercontent.com"]
    (trail,) = aws("cloudtrail").describe_trails()["trailList"]
    assert trail["IsMultiRegionTrail"] and trail["LogFileValidationEnabled"] and trail["KmsKeyId"]
