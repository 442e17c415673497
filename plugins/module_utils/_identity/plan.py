# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""The roles of a deployment, as the templates of role identity render them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._identity import checks
from ansible_collections.llmops.platform.plugins.module_utils._identity import managed
from ansible_collections.llmops.platform.plugins.module_utils._identity import nodes
from ansible_collections.llmops.platform.plugins.module_utils._identity import operations
from ansible_collections.llmops.platform.plugins.module_utils._identity import services
from ansible_collections.llmops.platform.plugins.module_utils._identity import trust
from ansible_collections.llmops.platform.plugins.module_utils._identity import volumes
from ansible_collections.llmops.platform.plugins.module_utils._identity.boundary import boundary
from ansible_collections.llmops.platform.plugins.module_utils._identity.statements import allow
from ansible_collections.llmops.platform.plugins.module_utils._identity.statements import arn
from ansible_collections.llmops.platform.plugins.module_utils._stacks.names import aws_name

# What a controller of a kind may do.
KINDS: dict[str, Callable[[Mapping[str, Any]], list[dict[str, Any]]]] = {
    "cert_manager": services.challenges,
    "cloudwatch_agent": services.figures,
    "cluster_autoscaler": nodes.cluster_autoscaler,
    "ebs_csi": volumes.ebs,
    "efs_csi": volumes.efs,
    "external_dns": services.records,
    "external_secrets": services.secrets,
    "karpenter": nodes.karpenter,
    "load_balancer_controller": services.load_balancers,
}
# Characters of all inline policies of a role, white space not counted (IAM's quota).
LARGEST_INLINE = 10240
HOUR = 3600


def camel(name: str) -> str:
    """`load_balancer_controller` as LoadBalancerController."""
    return "".join(part[:1].upper() + part[1:] for part in re.split(r"[^A-Za-z0-9]+", name) if part)


def _role(role: str, thing: str, output: str, trusted: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "type": "role",
        "id": role,
        "thing": thing,
        "output": output,
        "trust": trusted,
        "managed": [],
        "attached": [],
        "statements": [],
        "seconds": HOUR,
        "description": "",
        **more,
    }


def _declared(settings: Mapping[str, Any], kind: str) -> dict[str, Mapping[str, Any]]:
    kinds = ("eks_service", "node_instance", "pod_execution")
    for name, role in settings["roles"].items():
        if (role or {}).get("kind") not in kinds:
            raise ValueError(f"identity_roles.{name}.kind is {(role or {}).get('kind')!r}; it is one of {', '.join(kinds)}")
    return {name: role for name, role in settings["roles"].items() if role["kind"] == kind}


def _fixed(settings: Mapping[str, Any], kind: str, what: str) -> list[str]:
    """Managed policies of the cluster's or the nodes' role; the inventory's entry of the kind may name others."""
    declared = _declared(settings, kind)
    if len(declared) > 1:
        raise ValueError(f"identity_roles has {len(declared)} of kind {kind}: {', '.join(sorted(declared))}; a cluster has one")
    own = next(iter(declared.values()), {}).get("managed_policies")
    names = own if own is not None else settings[what]
    return managed.arns(f"identity_{what}", names.values() if isinstance(names, Mapping) else names)


def _checked(what: str, statements: list[dict[str, Any]]) -> list[dict[str, Any]]:
    wrong = checks.problems(statements)
    if wrong:
        raise ValueError(f"{what}: {'; '.join(wrong)}")
    length = len(json.dumps(statements, separators=(",", ":")))
    if length > LARGEST_INLINE:
        raise ValueError(f"{what} has {length} characters of statements; a role has {LARGEST_INLINE} at most, put some into a managed policy")
    return statements


def _of_inventory(what: str, role: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Statements `{actions, resources, conditions}` by name."""
    found = []
    for name, statement in sorted((role.get("statements") or {}).items()):
        unknown = sorted(set(statement) - {"actions", "resources", "conditions"})
        if unknown:
            raise ValueError(f"{what}.statements.{name} has {', '.join(unknown)}; it takes actions, resources and conditions")
        entry = allow(camel(name), statement.get("actions") or [], statement.get("resources") or [])
        found.append(entry | ({"Condition": statement["conditions"]} if statement.get("conditions") else {}))
    return _checked(what, found)


def pods(settings: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Roles of workloads: of the cluster's controllers, and those that the inventory declares. Raises ValueError."""
    found = []
    wanted = [(f"identity_controllers.{name}", name, entry) for name, entry in settings["controllers"].items() if entry]
    wanted += [(f"identity_roles.{name}", name, entry) for name, entry in _declared(settings, "pod_execution").items()]
    for what, name, entry in wanted:
        namespace, account = entry.get("namespace") or "", entry.get("service_account") or ""
        trust.workload(what, namespace, account)
        kind = entry.get("kind") or name
        if what.startswith("identity_controllers"):
            if kind not in KINDS:
                raise ValueError(f"{what}.kind is {kind!r}; it is one of {', '.join(KINDS)}. A workload of your own goes into identity_roles")
            statements = _checked(what, KINDS[kind](settings))
        else:
            statements = _of_inventory(what, entry)
        trusted = trust.of_service_account(namespace, account) if settings["workloads"] == "irsa" else trust.of_pod(settings["cluster"], namespace, account)
        names = managed.arns(f"{what}.managed_policies", entry.get("managed_policies") or [])
        role = _role(f"{camel(name)}PodRole", f"pod-{name}", f"{camel(name)}PodRoleArn", trusted, statements=statements, managed=names)
        role |= {"description": f"Service account {account} in {namespace}", "namespace": namespace, "service_account": account, "key": name}
        found.append(role)
    outputs = [role["output"] for role in found]
    if double := sorted({output for output in outputs if outputs.count(output) > 1}):
        raise ValueError(f"identity_controllers and identity_roles have two workloads for output {', '.join(double)}; rename one")
    return sorted(found, key=lambda role: role["id"])


def _github(settings: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    github = settings["github"]
    if not github:
        return
    push = ["BatchCheckLayerAvailability", "BatchGetImage", "CompleteLayerUpload", "DescribeImages", "GetDownloadUrlForLayer", "InitiateLayerUpload"]
    push += ["PutImage", "UploadLayerPart"]
    statements = [
        allow("Login", ["ecr:GetAuthorizationToken"]),
        allow("Images", [f"ecr:{call}" for call in push], arn("ecr", f"repository/{settings['prefix']}/*")),
        allow("Cluster", ["eks:DescribeCluster"], arn("eks", f"cluster/{settings['cluster']}")),
    ]
    own = _of_inventory("identity_github_oidc", github)
    yield _role(
        "GithubRole",
        github.get("role") or "github-actions",
        "GithubRoleArn",
        trust.of_github(github),
        statements=_checked("identity_github_oidc", [*statements, *own]),
        description=f"Workflows of {github['repository']}",
    )


def roles(settings: Mapping[str, Any]) -> list[dict[str, Any]]:
    """All roles but the workloads'. Raises ValueError."""
    controller = trust.of_people("identity_controller_principals", settings["controller_principals"], settings["controller_external_id"])
    glass = trust.of_people("identity_break_glass_principals", settings["break_glass_principals"], mfa=True)
    cluster = [arn("eks", f"cluster/{settings['cluster']}")]
    found = [
        _role(
            "BreakGlassRole",
            "break-glass",
            "BreakGlassRoleArn",
            glass,
            managed=managed.arns("identity_break_glass_policies", settings["break_glass_policies"]),
            statements=_checked("break-glass", [allow("Cluster", ["eks:AccessKubernetesApi", "eks:DescribeCluster"], cluster), *_rescue(settings)]),
            description="For an emergency, with a second factor; each use is to be explained",
        ),
        _role(
            "ClusterRole",
            "cluster",
            "ClusterRoleArn",
            trust.of_cluster(settings["cluster"]),
            managed=_fixed(settings, "eks_service", "cluster_policies"),
            description="Taken by EKS for the control plane",
        ),
        _role(
            "ControllerRole",
            "controller",
            "ControllerRoleArn",
            controller,
            attached=[f"ControllerPermissions{number}" for number, _document in enumerate(settings["controller_documents"], 1)],
            statements=_checked("controller", operations.statements(settings)),
            seconds=settings["controller_session_seconds"],
            description="Whoever runs the collection against this account",
        ),
        *_github(settings),
        _role(
            "NodeRole", "node", "NodeRoleArn", trust.of_node(), managed=_fixed(settings, "node_instance", "node_policies"), description="Nodes of the cluster"
        ),
    ]
    return sorted(found, key=lambda role: role["id"])


def _rescue(settings: Mapping[str, Any]) -> list[dict[str, Any]]:
    """A way to the nodes and to a stack that hangs."""
    tags = {f"ssm:resourceTag/{name}": value for name, value in sorted(settings["tags"].items())}
    stacks = arn("cloudformation", f"stack/{settings['prefix']}-*/*")
    return [
        allow("Shell", ["ssm:StartSession"], arn("ec2", "instance/*"), StringEquals=tags),
        allow("EndShell", ["ssm:ResumeSession", "ssm:TerminateSession"], arn("ssm", "session/${!aws:userid}-*")),
        allow("Stacks", [f"cloudformation:{call}" for call in ("CancelUpdateStack", "ContinueUpdateRollback", "RollbackStack")], stacks),
    ]


def plan(settings: Mapping[str, Any]) -> dict[str, Any]:
    """`{pods, stacks: {identity, pods}}`, a stack `{description, boundary, entries, outputs, references, parameters}`. Raises ValueError.

    `references` are parameters to be filled from outputs of other stacks; names stand in `parameters` as `{value}`.

    `settings`: `{platform, environment, region, account, regions, tags, cluster, workloads, roles, controllers, github, zone, hosted_zone_id, storage_key,
    secret_key, secret_prefix, queue, cluster_policies, node_policies, controller_principals, controller_external_id, controller_session_seconds,
    controller_documents, break_glass_principals, break_glass_policies}`.
    """
    irsa = settings["workloads"] == "irsa"
    scope = {
        **settings,
        "prefix": f"{settings['platform']}-{settings['environment']}".replace("_", "-"),
        "node_role": {"Ref": "NodeRoleArn"} if irsa else {"Fn::GetAtt": ["NodeRole", "Arn"]},
        "tags": {name: settings["tags"][name] for name in ("environment", "platform") if name in settings["tags"]},
    }
    if not scope["tags"]:
        raise ValueError("identity_tags has neither platform nor environment, by which policies know the deployment's things; name both")

    def named(thing: str) -> dict[str, str]:
        name = aws_name(thing, "iam", settings["platform"], settings["environment"], region=settings["region"], account=settings["account"])
        return {"value": name}

    own, workloads = roles(scope), pods(scope)
    policies = [_policy("Boundary", "boundary", "The most that any role of the deployment can be given", boundary(scope["prefix"], settings["regions"]))]
    policies += [
        _policy(f"ControllerPermissions{number}", f"controller-{number}", "What a run of the collection calls", permissions)
        for number, permissions in enumerate(settings["controller_documents"], 1)
    ]
    profile = {"type": "profile", "id": "NodeInstanceProfile", "thing": "node", "role": "NodeRole"}
    outputs = {role["output"]: {"Fn::GetAtt": [role["id"], "Arn"]} for role in own}
    outputs |= {"BoundaryPolicyArn": {"Ref": "Boundary"}, "NodeInstanceProfileName": {"Ref": "NodeInstanceProfile"}}
    of_pods = {role["output"]: {"Fn::GetAtt": [role["id"], "Arn"]} for role in workloads}

    def stack(entries: list[dict[str, Any]], given: dict[str, Any], limit: str) -> dict[str, Any]:
        names = {f"{entry['id']}Name": named(entry["thing"]) for entry in entries}
        wanted = _references(entries) - {entry["id"] for entry in entries} | ({limit} if limit != "Boundary" else set())
        return {
            "description": "Roles of the workloads",
            "boundary": limit,
            "entries": sorted(entries, key=lambda entry: entry["id"]),
            "outputs": given,
            "references": sorted(wanted),
            "parameters": names | {name: {} for name in sorted(wanted)},
        }

    fixed = [*own, *policies, profile]
    return {
        "pods": workloads,
        "stacks": {
            "identity": stack(fixed, outputs, "Boundary") if irsa else stack([*fixed, *workloads], {**outputs, **of_pods}, "Boundary"),
            "pods": stack(workloads if irsa else [], of_pods if irsa else {}, "BoundaryPolicyArn"),
        },
    }


def _policy(name: str, thing: str, description: str, permissions: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "policy", "id": name, "thing": thing, "description": description, "document": permissions}


def _references(value: Any) -> set[str]:
    """Parameters that are named by `Ref`."""
    if isinstance(value, Mapping):
        if set(value) == {"Ref"}:
            return {value["Ref"]} if "::" not in value["Ref"] else set()
        return set().union(*map(_references, value.values())) if value else set()
    if isinstance(value, (list, tuple)):
        return set().union(*map(_references, value)) if value else set()
    return set()
