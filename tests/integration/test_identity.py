# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Roles of every AWS host as role identity renders them, made at the fake; the modules of the role in a play."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.llmops.platform.plugins.module_utils._identity import checks
from ansible_collections.llmops.platform.plugins.module_utils._stacks.model import read_graph
from tests.support.inventories import FILES
from tests.support.inventories import ROOT
from tests.support.inventories import inventory
from tests.support.inventories import of_host
from tests.support.rendered_stacks import graphs
from tests.support.rendered_stacks import of_role
from tests.support.role_stacks import RenderingFailed
from tests.support.role_stacks import hosts_with
from tests.support.role_stacks import stacks_of

HOSTS = sorted(host for path in FILES for host in hosts_with(inventory(path.stem), "identity"))
ACCOUNT = "123456789012"


@cache
def rendered() -> dict[str, dict[str, Any]]:
    return of_role("identity")


def bodies(host: str) -> dict[str, dict[str, Any]]:
    return {key.rpartition("/")[2]: yaml.safe_load(stack["template"]) for key, stack in rendered()[host].items()}


def roles(host: str) -> dict[str, dict[str, Any]]:
    return {name: entry["Properties"] for body in bodies(host).values() for name, entry in body["Resources"].items() if entry["Type"] == "AWS::IAM::Role"}


@pytest.mark.parametrize("host", HOSTS)
def test_stacks_are_complete_and_small(host):
    known = {key for path in FILES for graph in graphs(path.stem).values() for key in graph}
    for stack in rendered()[host].values():
        assert stack["capabilities"] == ["CAPABILITY_NAMED_IAM"] and stack["needed_for"] == ["cluster"]
        assert len(stack["template"].encode()) < 51200
        body = yaml.safe_load(stack["template"])
        assert set(body["Parameters"]) == set(stack["parameters"])
        for section in ("Resources", "Outputs"):
            assert list(body[section]) == sorted(body[section]), section
        # The cluster's own stack is of role cluster.
        needed = {value["stack"] for value in stack["parameters"].values() if "stack" in value and not value["stack"].endswith("-cluster")}
        assert needed <= known
    if of_host(host).value(host, "identity_workload_identity") == "pod_identity":
        read_graph({**rendered()[host], **_foundation(host)})


def _foundation(host: str) -> dict[str, Any]:
    environment = of_host(host).value(host, "platform_environment")
    return graphs(environment)[host.rsplit("_", 2)[0]]


@pytest.mark.parametrize("host", HOSTS)
def test_every_role_has_the_boundary_and_a_name_of_its_own(host):
    found = roles(host)
    assert {"BreakGlassRole", "ClusterRole", "ControllerRole", "NodeRole"} <= set(found)
    for name, role in found.items():
        assert role["PermissionsBoundary"] in ({"Ref": "Boundary"}, {"Ref": "BoundaryPolicyArn"}), name
        assert role["RoleName"] == {"Ref": f"{name}Name"}
    names = [value["value"] for stack in rendered()[host].values() for key, value in stack["parameters"].items() if "value" in value]
    region = of_host(host).value(host, "platform_region")
    assert all(name.endswith(f"-{ACCOUNT}-{region}") and len(name) <= 64 for name in names)


@pytest.mark.parametrize("host", HOSTS)
def test_no_statement_is_wide(host):
    for name, role in roles(host).items():
        for policy in role.get("Policies", []):
            assert not checks.problems(policy["PolicyDocument"]["Statement"]), name


@pytest.mark.parametrize("host", HOSTS)
def test_workloads_are_those_that_the_platform_declares(host):
    value = of_host(host).value
    found = {name.removesuffix("PodRole") for name in roles(host) if name.endswith("PodRole")}
    assert ("EbsCsi" in found) == bool(value(host, "cluster_addons_managed").get("aws-ebs-csi-driver"))
    wanted = value(host, "edge_dns_provider") == "route53" and value(host, "cluster_addons_components").get("external_dns") is not None
    assert ("ExternalDns" in found) == wanted
    assert ("CloudwatchAgent" in found) == bool(value(host, "platform_components").get("cloudwatch"))
    irsa = value(host, "identity_workload_identity") == "irsa"
    assert any(thing.endswith("-identity-pods") for thing in bodies(host)) == irsa


def test_the_documents_roles_are_there():
    found = roles("cloudtolocalllm_dev_primary")
    assert {"ClusterRole", "NodeRole", "GithubRole", "PodPodRole"} <= set(found)
    (statement,) = found["GithubRole"]["AssumeRolePolicyDocument"]["Statement"]
    assert statement["Condition"]["StringEquals"]["token.actions.githubusercontent.com:sub"] == [
        "repo:CloudToLocalLLM-online/CloudToLocalLLM:ref:refs/heads/main"
    ]
    assert "Fn::Sub" in found["PodPodRole"]["AssumeRolePolicyDocument"]
    assert "LlmCopilotAgentPodRole" in roles("copilot_agent_production_primary")


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"identity_roles": {"cart": {"kind": "pod_execution", "namespace": "shop"}}}, "identity_roles.cart has no service_account"),
        ({"identity_github_oidc": {"repository": "a/b", "branches": {}}}, "names neither branches nor environments of a/b"),
        ({"identity_node_policies": ["EksNodes"]}, "identity_node_policies names managed policy 'EksNodes'"),
        ({"platform_provider": "azure"}, "Role identity makes roles at AWS"),
    ],
)
def test_bad_input_is_refused_with_the_variable_and_the_remedy(variables, said):
    with pytest.raises(RenderingFailed) as caught:
        stacks_of("identity", ROOT / "inventories" / "dev.yml", ["workflow_platform_dev_primary"], **variables)
    assert said in " ".join(str(caught.value).split())


@pytest.fixture(scope="module")
def fake(tmp_path_factory):
    pytest.importorskip("moto")
    from tests.support.proxied_aws import ProxiedAws

    with ProxiedAws(tmp_path_factory.mktemp("fake")) as found:
        yield found


def play(fake: Any, tmp_path: Path, *tasks: dict[str, Any]) -> dict[str, Any]:
    """The tasks' results by name; a task may fail."""
    file = tmp_path / "play.json"
    file.write_text(json.dumps([{"hosts": "localhost", "gather_facts": False, "tasks": [{**task, "ignore_errors": True} for task in tasks]}]))
    settings = {"ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"), "ANSIBLE_STDOUT_CALLBACK": "ansible.posix.json"}
    command = [str(Path(sys.executable).parent / "ansible-playbook"), "-i", "localhost,", str(file)]
    variables = {**os.environ, **settings, **fake.environment}
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT, env=variables)
    start = done.stdout.find('{\n    "custom_stats"')
    assert start >= 0, done.stdout + done.stderr
    report = json.JSONDecoder().raw_decode(done.stdout[start:])[0]
    return {task["task"]["name"]: task["hosts"]["localhost"] for task in report["plays"][0]["tasks"]}


def check(account: str = ACCOUNT) -> dict[str, Any]:
    return {"name": "check", "llmops.platform.aws_caller_check": {"account": account, "region": "us-east-1"}}


def review(tmp_path: Path, **more: Any) -> dict[str, Any]:
    files = {"json_file": str(tmp_path / "reports" / "access.json"), "markdown_file": str(tmp_path / "reports" / "access.md")}
    return {"name": "review", "llmops.platform.aws_access_review": {"account": ACCOUNT, "region": "us-east-1", "date": "2026-11-21", **files, **more}}


@pytest.mark.parametrize("host", ["cloudtolocalllm_dev_primary", "llm_marketplace_dev_primary"])
def test_the_stacks_can_be_made(fake, host):
    client, iam = fake.client("cloudformation"), fake.client("iam")
    outputs: dict[str, str] = {"OidcIssuerUrl": "https://oidc.eks.us-east-1.amazonaws.com/id/A1"}
    for stack in rendered()[host].values():
        parameters = [
            {"ParameterKey": name, "ParameterValue": value.get("value") or outputs.get(name) or f"arn:aws:kms:us-east-1:{ACCOUNT}:key/1"}
            for name, value in stack["parameters"].items()
        ]
        client.create_stack(StackName=stack["name"], TemplateBody=stack["template"], Parameters=parameters, Capabilities=stack["capabilities"])
        deadline = time.monotonic() + 120
        while (found := client.describe_stacks(StackName=stack["name"])["Stacks"][0])["StackStatus"] == "CREATE_IN_PROGRESS":
            assert time.monotonic() < deadline
            time.sleep(0.3)
        assert found["StackStatus"] == "CREATE_COMPLETE", found.get("StackStatusReason")
        outputs |= {output["OutputKey"]: output["OutputValue"] for output in found["Outputs"]}
    made = iam.get_role(RoleName=outputs["NodeRoleArn"].rpartition("/")[2])["Role"]
    assert made["PermissionsBoundary"]["PermissionsBoundaryArn"] == outputs["BoundaryPolicyArn"]
    attached = iam.list_attached_role_policies(RoleName=made["RoleName"])["AttachedPolicies"]
    assert "AmazonEKSWorkerNodePolicy" in {policy["PolicyName"] for policy in attached}
    if host.startswith("cloudtolocalllm"):
        trust = iam.get_role(RoleName=outputs["PodPodRoleArn"].rpartition("/")[2])["Role"]["AssumeRolePolicyDocument"]["Statement"][0]
        assert trust["Condition"]["StringEquals"]["oidc.eks.us-east-1.amazonaws.com/id/A1:sub"] == "system:serviceaccount:cloudtolocalllm:api-backend"


def test_another_account_is_refused_before_anything(fake, tmp_path):
    found = play(fake, tmp_path, check("999999999999"), review(tmp_path, account="999999999999"))
    for result in found.values():
        assert result["failed"] and f"the credentials are of account {ACCOUNT}" in result["msg"] and "the inventory says 999999999999" in result["msg"]
    assert not (tmp_path / "reports").exists()


@pytest.fixture
def account(fake):
    """An account with a role that anybody may take."""
    fake.reset()
    anybody = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}]}
    fake.client("iam").create_role(RoleName="open", AssumeRolePolicyDocument=json.dumps(anybody))


def test_the_exit_says_how_bad_it_is(fake, account, tmp_path):
    found = play(fake, tmp_path, review(tmp_path, fail_on="critical"))["review"]
    assert found["failed"] and "has findings of severity critical or worse" in found["msg"] and "access.json" in found["msg"]
    assert json.loads((tmp_path / "reports" / "access.json").read_text()) == found["report"]
    assert found["report"]["label"] == "contract" and "(contract)" in found["report"]["words"]
    assert "| critical | open_trust | role/open | trusts everybody |" in (tmp_path / "reports" / "access.md").read_text()
