# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The network of a blueprint user: shown, refused while Terraform has it, imported, then updated by the next deployment of its stack."""

from __future__ import annotations

import json
import os
import subprocess

import pytest

from tests.support.blueprint import Blueprint
from tests.support.modules import ROOT
from tests.support.programs import program
from tests.support.role_stacks import stacks_of
from tests.support.stacks import OURS

HOST, STACK = "copilot_agent_dev_primary", "copilot-agent-dev-network"
KEY = f"us-east-1/{STACK}"
INVENTORY = ROOT / "inventories" / "dev.yml"


class Operator:
    """Runs playbooks/adopt.yml; what it says is text, as an operator reads it."""

    def __init__(self, environment, directory):
        self.directory = directory
        kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        self.environment = {**kept, **environment, "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"), "ANSIBLE_STDOUT_CALLBACK": "default"}

    def run(self, *more, **variables):
        extra = self.directory / "extra.json"
        extra.write_text(json.dumps({"adopt_poll_seconds": 1, "adopt_stacks": [STACK], **variables}), encoding="utf-8")
        words = [program("ansible-playbook"), "-i", str(INVENTORY), "--limit", HOST, "playbooks/adopt.yml", "--extra-vars", f"@{extra}", *more]
        done = subprocess.run(words, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr


@pytest.fixture
def operator(fake, tmp_path):
    fake.reset()
    return Operator(fake.environment, tmp_path)


def test_a_blueprint_is_taken_over(fake, operator, tmp_path):
    graph = stacks_of("network", INVENTORY, [HOST])[HOST]
    blueprint = Blueprint(fake.client)
    vpc = blueprint.network(graph[KEY]["parameters"])
    state = tmp_path / "blueprint.tfstate"
    state.write_text(json.dumps(blueprint.state()), encoding="utf-8")
    given = {"adopt_resources": {f"{STACK}/Vpc": vpc}, "adopt_terraform_state": str(state)}

    code, said = operator.run("--check", **given)
    assert code == 0, said[-3000:]
    assert "terraform state rm module.network.aws_vpc.main" in said and "Terraform still lists it as module.network.aws_nat_gateway.main[0]" in said
    assert fake.stacks() == {} and fake.proxy.mutating(OURS) == []

    # Nobody confirmed it, then Terraform still has it: nothing is imported.
    code, said = operator.run(**given)
    assert code != 0 and "CONFIRM=dev" in said
    code, said = operator.run(**given, preflight_confirm="dev")
    assert code != 0 and "Nothing was imported" in said
    assert fake.stacks() == {} and fake.proxy.mutating(OURS) == []

    given["adopt_released"] = list(blueprint.ids)
    code, said = operator.run(**given, preflight_confirm="dev")
    assert code == 0, said[-4000:]
    stacks = fake.stacks()
    assert stacks[KEY]["status"] == "IMPORT_COMPLETE"
    owned = {row["PhysicalResourceId"] for row in fake.client("cloudformation").list_stack_resources(StackName=STACK)["StackResourceSummaries"]}
    made = {identifier for address, identifier in blueprint.ids.items() if ".aws_eip." not in address and ".aws_route." not in address}
    assert made <= owned
    # What is live is as it was; the update that follows is shown, and replaces nothing.
    names = [tag["Value"] for tag in fake.client("ec2").describe_vpcs(VpcIds=[vpc])["Vpcs"][0]["Tags"] if tag["Key"] == "Name"]
    assert names == ["blueprint"]
    assert f"update {KEY}/Vpc (AWS::EC2::VPC)" in said and f"create {KEY}/NodeSecurityGroup" in said and "replace" not in said.partition("Show it")[2]

    code, again = operator.run(**given, preflight_confirm="dev")
    assert code == 0 and "imported already, is compared" in again
    assert fake.stacks()[KEY]["status"] == "IMPORT_COMPLETE"
