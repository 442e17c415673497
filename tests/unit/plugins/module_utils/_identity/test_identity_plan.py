# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The roles of a deployment: who may take them, what they may do, and what is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._identity import checks
from ansible_collections.llmops.platform.plugins.module_utils._identity import trust
from ansible_collections.llmops.platform.plugins.module_utils._identity.boundary import boundary
from ansible_collections.llmops.platform.plugins.module_utils._identity.plan import KINDS
from ansible_collections.llmops.platform.plugins.module_utils._identity.plan import plan

POD = {"kind": "pod_execution", "namespace": "shop", "service_account": "cart"}
GITHUB = {"role": "deploy", "repository": "acme/shop", "branches": {"main": True, "old": False}, "environments": {"production": True}}


def settings(**more: Any) -> dict[str, Any]:
    return {
        "platform": "shop",
        "environment": "production",
        "region": "eu-west-1",
        "account": "123456789012",
        "regions": ["eu-west-1", "eu-central-1"],
        "tags": {"platform": "shop", "environment": "production", "owner": "us"},
        "cluster": "shop-production",
        "workloads": "pod_identity",
        "roles": {},
        "controllers": {kind: {"kind": kind, "namespace": "kube-system", "service_account": kind.replace("_", "-")} for kind in KINDS},
        "github": {},
        "zone": "shop.example.com",
        "hosted_zone_id": "",
        "storage_key": "storage",
        "secret_key": "cluster",
        "secret_prefix": "shop/production",
        "queue": "shop-production-karpenter",
        "cluster_policies": ["AmazonEKSClusterPolicy"],
        "node_policies": ["AmazonEKSWorkerNodePolicy"],
        "controller_principals": ["role/operators"],
        "controller_external_id": "",
        "controller_session_seconds": 3600,
        "controller_documents": [{"Version": "2012-10-17", "Statement": []}],
        "break_glass_principals": ["user/break-glass/*"],
        "break_glass_policies": ["ReadOnlyAccess"],
        **more,
    }


def entries(**more: Any) -> dict[str, dict[str, Any]]:
    found = plan(settings(**more))["stacks"]
    return {entry["id"]: entry for stack in found.values() for entry in stack["entries"]}


def statement_of(role: dict[str, Any]) -> dict[str, Any]:
    (found,) = role["trust"]["Statement"]
    return found


def all_statements() -> list[tuple[str, dict[str, Any]]]:
    return [(name, statement) for name, entry in entries(github=GITHUB).items() for statement in entry.get("statements", [])]


@pytest.mark.parametrize(("role", "statement"), all_statements(), ids=lambda value: value if isinstance(value, str) else value["Sid"])
def test_no_statement_is_wide(role, statement):
    assert not checks.problems([statement])
    for action in statement["Action"]:
        assert not (action.startswith("iam:") and "*" in checks.listed(statement["Resource"])), f"{role}: {action}"
        assert action not in ("iam:CreateRole", "iam:AttachRolePolicy", "iam:PutRolePolicy", "iam:CreateAccessKey", "sts:AssumeRole")


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_writes_only_by_resource_or_condition(kind):
    scope = {**settings(), "node_role": {"Ref": "NodeRoleArn"}, "prefix": "shop-production", "tags": {"platform": "shop"}}
    found = KINDS[kind](scope)
    assert len({statement["Sid"] for statement in found}) == len(found)
    for statement in found:
        writes = [action for action in statement["Action"] if not action.partition(":")[2].startswith(checks.READING)]
        assert not writes or statement["Resource"] != "*" or statement.get("Condition"), writes


def test_the_autoscaler_reaches_groups_of_its_cluster_only():
    (size,) = (one for one in entries()["ClusterAutoscalerPodRole"]["statements"] if one["Sid"] == "Size")
    assert size["Condition"] == {
        "StringEquals": {
            "aws:ResourceTag/k8s.io/cluster-autoscaler/enabled": "true",
            "aws:ResourceTag/k8s.io/cluster-autoscaler/shop-production": "owned",
        }
    }


@pytest.mark.parametrize(("zone_id", "resource"), [("", "hostedzone/*"), ("Z1", "hostedzone/Z1")])
def test_records_are_those_of_the_zone(zone_id, resource):
    (change,) = (one for one in entries(hosted_zone_id=zone_id)["ExternalDnsPodRole"]["statements"] if one["Sid"] == "Change")
    key = "route53:ChangeResourceRecordSetsNormalizedRecordNames"
    assert change["Resource"]["Fn::Sub"].endswith(resource)
    assert change["Condition"] == {"ForAllValues:StringLike": {key: ["shop.example.com", "*.shop.example.com"]}, "Null": {key: "false"}}


def test_cert_manager_writes_challenges_only():
    (change,) = (one for one in entries()["CertManagerPodRole"]["statements"] if one["Sid"] == "Change")
    assert change["Condition"]["ForAllValues:StringEquals"] == {"route53:ChangeResourceRecordSetsRecordTypes": ["TXT"]}
    names = change["Condition"]["ForAllValues:StringLike"]["route53:ChangeResourceRecordSetsNormalizedRecordNames"]
    assert names == ["_acme-challenge.shop.example.com", "_acme-challenge.*.shop.example.com"]


def test_pods_take_their_role_by_namespace_and_service_account():
    found = statement_of(entries(roles={"cart": POD})["CartPodRole"])
    assert found["Principal"] == {"Service": "pods.eks.amazonaws.com"} and found["Action"] == ["sts:AssumeRole", "sts:TagSession"]
    equals = found["Condition"]["StringEquals"]
    assert (equals["aws:RequestTag/kubernetes-namespace"], equals["aws:RequestTag/kubernetes-service-account"]) == ("shop", "cart")
    assert found["Condition"]["ArnEquals"]["aws:SourceArn"]["Fn::Sub"].endswith(":cluster/shop-production")


def test_with_irsa_pods_are_in_a_stack_of_their_own_and_limited_by_the_issuer():
    found = plan(settings(workloads="irsa", roles={"cart": POD}))["stacks"]
    assert not [entry for entry in found["identity"]["entries"] if entry["id"].endswith("PodRole")]
    (role,) = (entry for entry in found["pods"]["entries"] if entry["id"] == "CartPodRole")
    text, variables = role["trust"]["Fn::Sub"]
    (statement,) = json.loads(text)["Statement"]
    assert statement["Condition"] == {"StringEquals": {"${Issuer}:aud": "sts.amazonaws.com", "${Issuer}:sub": "system:serviceaccount:shop:cart"}}
    assert variables == {"Issuer": {"Fn::Select": [1, {"Fn::Split": ["//", {"Ref": "OidcIssuerUrl"}]}]}}
    assert found["pods"]["references"] == ["BoundaryPolicyArn", "NodeRoleArn", "OidcIssuerUrl", "SecretKeyArn", "StorageKeyArn"]
    assert found["identity"]["references"] == []


def test_outputs_are_those_that_other_roles_read():
    found = plan(settings(roles={"llm-copilot-agent": POD}, github=GITHUB))["stacks"]["identity"]["outputs"]
    assert set(found) == {
        "BoundaryPolicyArn", "BreakGlassRoleArn", "CertManagerPodRoleArn", "CloudwatchAgentPodRoleArn", "ClusterAutoscalerPodRoleArn", "ClusterRoleArn",
        "ControllerRoleArn", "EbsCsiPodRoleArn", "EfsCsiPodRoleArn", "ExternalDnsPodRoleArn", "ExternalSecretsPodRoleArn", "GithubRoleArn",
        "KarpenterPodRoleArn", "LlmCopilotAgentPodRoleArn", "LoadBalancerControllerPodRoleArn", "NodeInstanceProfileName", "NodeRoleArn",
    }  # fmt: skip


def test_github_by_repository_branches_and_environments():
    found = statement_of(entries(github=GITHUB)["GithubRole"])
    assert found["Condition"]["StringEquals"] == {
        f"{trust.GITHUB}:aud": "sts.amazonaws.com",
        f"{trust.GITHUB}:sub": ["repo:acme/shop:ref:refs/heads/main", "repo:acme/shop:environment:production"],
    }
    assert "GithubRole" not in entries()


def test_the_glass_is_broken_with_a_second_factor_only():
    conditions = statement_of(entries()["BreakGlassRole"])["Condition"]
    assert conditions["Bool"] == {"aws:MultiFactorAuthPresent": "true"} and conditions["NumericLessThan"] == {"aws:MultiFactorAuthAge": "3600"}
    assert conditions["ArnLike"] == {"aws:PrincipalArn": [{"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:user/break-glass/*"}]}


def test_the_controller_is_for_named_principals():
    conditions = statement_of(entries(controller_external_id="run")["ControllerRole"])["Condition"]
    assert conditions["ArnLike"]["aws:PrincipalArn"][0]["Fn::Sub"].endswith(":role/operators")
    assert conditions["StringEquals"] == {"sts:ExternalId": "run"}


def test_the_boundary_fits_and_gives_no_power_over_iam():
    found = boundary("shop-production", ["eu-west-1"])
    assert len(json.dumps(found, separators=(",", ":"))) <= 6144
    for statement in found["Statement"]:
        assert "*" not in statement["Action"]
        writes = [action for action in statement["Action"] if action.startswith("iam:") and not action[4:].startswith(("Get", "List", "Generate", "Simulate"))]
        for resource in checks.listed(statement["Resource"]) if writes else []:
            assert resource["Fn::Sub"].rpartition(":")[2].partition("/")[2] != "*" or statement["Sid"] == "Profiles"
    (regional,) = (statement for statement in found["Statement"] if statement["Sid"] == "Regional")
    assert regional["Condition"] == {"StringEquals": {"aws:RequestedRegion": ["eu-west-1"]}}


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"roles": {"cart": {**POD, "namespace": ""}}}, "identity_roles.cart has no namespace; name it, or any pod could take the role"),
        ({"roles": {"cart": {"kind": "pod_execution", "namespace": "shop"}}}, "identity_roles.cart has no service_account"),
        ({"roles": {"cart": {**POD, "service_account": "*"}}}, "without wildcards"),
        ({"roles": {"cart": {**POD, "kind": "lambda"}}}, "identity_roles.cart.kind is 'lambda'; it is one of"),
        ({"roles": {"a": {"kind": "node_instance"}, "b": {"kind": "node_instance"}}}, "identity_roles has 2 of kind node_instance: a, b"),
        ({"roles": {"cart": {**POD, "managed_policies": ["AmazonEKSWorkerNodePolic"]}}}, "did you mean AmazonEKSWorkerNodePolicy"),
        ({"node_policies": ["AdministratorAccess"]}, "identity_node_policies names managed policy 'AdministratorAccess', which is none of"),
        ({"node_policies": [f"arn:aws:iam::123456789012:policy/{number}" for number in range(11)]}, "a role has 10 at most"),
        ({"controllers": {"velero": {"namespace": "velero", "service_account": "velero"}}}, "A workload of your own goes into identity_roles"),
        ({"controllers": {"ebs_csi": {"namespace": "a"}}}, "identity_controllers.ebs_csi has no service_account"),
        ({"roles": {"ebs-csi": POD}}, "two workloads for output EbsCsiPodRoleArn; rename one"),
        ({"roles": {"cart": {**POD, "statements": {"all": {"actions": ["*"], "resources": ["*"]}}}}}, "action '*' is not one of a service"),
        ({"roles": {"cart": {**POD, "statements": {"all": {"actions": ["s3:*"], "resources": ["*"]}}}}}, "action 's3:*' is all of a service"),
        ({"roles": {"cart": {**POD, "statements": {"w": {"actions": ["s3:PutObject"], "resources": ["*"]}}}}}, "name resources or a condition"),
        ({"roles": {"cart": {**POD, "statements": {"w": {"actions": ["s3:PutObject"]}}}}}, "Resource is missing"),
        ({"roles": {"cart": {**POD, "statements": {"w": {"action": ["s3:PutObject"]}}}}}, "has action; it takes actions, resources and conditions"),
        (
            {"roles": {"cart": {**POD, "statements": {"w": {"actions": ["iam:PassRole"], "resources": ["*"], "conditions": {"Bool": {"a": "b"}}}}}}},
            "would let the role give itself the rest",
        ),
        ({"github": {**GITHUB, "branches": {}, "environments": {}}}, "names neither branches nor environments of acme/shop"),
        ({"github": {**GITHUB, "branches": {"main": False}, "environments": {}}}, "names neither branches nor environments"),
        ({"github": {**GITHUB, "branches": {"*": True}}}, "identity_github_oidc.branches has '*'; name one, without wildcards"),
        ({"github": {**GITHUB, "environments": {"prod*": True}}}, "identity_github_oidc.environments has 'prod*'"),
        ({"github": {**GITHUB, "repository": "acme/*"}}, "give owner/name of one repository"),
        ({"github": {"branches": {"main": True}}}, "identity_github_oidc.repository is ''"),
        ({"github": {**GITHUB, "provider": "gitlab.com"}}, "role account makes token.actions.githubusercontent.com only"),
        ({"controller_principals": []}, "identity_controller_principals is empty"),
        ({"controller_principals": ["role/*"]}, "identity_controller_principals has 'role/*'"),
        ({"break_glass_principals": ["*"]}, "identity_break_glass_principals has '*'"),
        ({"zone": ""}, "identity_zone is empty, but a controller writes records"),
        ({"regions": []}, "identity_regions is empty"),
        ({"tags": {"owner": "us"}}, "identity_tags has neither platform nor environment"),
        ({"account": 123456789012}, "quote an account number"),
    ],
)
def test_bad_input_is_refused_with_the_variable_and_the_remedy(more, said):
    with pytest.raises(ValueError) as caught:
        plan(settings(**more))
    assert said in str(caught.value)


def test_a_controller_taken_out_has_no_role():
    found = entries(controllers={"ebs_csi": None})
    assert not [name for name in found if name.endswith("PodRole")]


def test_the_same_input_gives_the_same_plan():
    roles = {"b": {**POD}, "a": {**POD}}
    assert json.dumps(plan(settings(roles=roles))) == json.dumps(plan(settings(roles=dict(reversed(roles.items())))))
