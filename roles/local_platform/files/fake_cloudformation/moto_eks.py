# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operations of EKS that moto does not have: add-ons, access entries, pod identities, versions. All hangs on moto's own cluster objects."""

from __future__ import annotations

import datetime
import functools
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

from moto.core.responses import ActionResult
from moto.eks import urls
from moto.eks.exceptions import InvalidParameterException
from moto.eks.exceptions import ResourceInUseException
from moto.eks.exceptions import ResourceNotFoundException
from moto.eks.models import Cluster
from moto.eks.models import EKSBackend
from moto.eks.responses import EKSResponse
from moto.moto_api._internal import mock_random

CLUSTER = "{0}/clusters/(?P<name>[^/]+)"
# Kind: the key in answers, the argument that names one, how the ARN goes on, what a new one has.
KINDS: dict[str, tuple[str, str, str, dict[str, Any]]] = {
    "addon": ("addon", "addonName", "addonArn", {"status": "ACTIVE", "health": {"issues": []}}),
    "access_entry": ("accessEntry", "principalArn", "accessEntryArn", {"type": "STANDARD", "kubernetesGroups": []}),
    "pod_identity_association": ("association", "associationId", "associationArn", {}),
}
PATHS = (
    "/addons$",
    "/addons/(?P<addonName>[^/]+)$",
    "/addons/(?P<addonName>[^/]+)/update$",
    "/access-entries$",
    "/access-entries/(?P<principalArn>.+)/access-policies$",
    "/access-entries/(?P<principalArn>.+)/access-policies/(?P<policyArn>.+)$",
    "/access-entries/(?P<principalArn>.+)$",
    "/pod-identity-associations$",
    "/pod-identity-associations/(?P<associationId>[^/]+)$",
    "/updates$",
    "/node-groups/(?P<nodegroupName>[^/]+)/update-version$",
)


def cluster_of(response: EKSResponse) -> Cluster:
    return response.eks_backend.describe_cluster(response._get_param("name") or response._get_param("clusterName"))


def kept(cluster: Cluster, kind: str) -> dict[str, dict[str, Any]]:
    return cluster.__dict__.setdefault(f"llmops_{kind}", {})


def named(response: EKSResponse, kind: str) -> str:
    return unquote(response._get_param(KINDS[kind][1]) or "")


def one(response: EKSResponse, kind: str) -> dict[str, Any]:
    found = kept(cluster_of(response), kind).get(named(response, kind))
    if found is None:
        raise ResourceNotFoundException(message=f"No {KINDS[kind][0]} found for name: {named(response, kind)}.")
    return found


def answer(kind: str, item: dict[str, Any]) -> ActionResult:
    return ActionResult({KINDS[kind][0]: {key: value for key, value in item.items() if key != "policies"}})


def body(response: EKSResponse) -> dict[str, Any]:
    return json.loads(response.body) if response.body else {}


def create(response: EKSResponse, kind: str) -> ActionResult:
    cluster, (_unused, key, arn, new) = cluster_of(response), KINDS[kind]
    given = body(response)
    if kind == "pod_identity_association":
        taken = [item for item in kept(cluster, kind).values() if all(item[name] == given[name] for name in ("namespace", "serviceAccount"))]
        given[key] = "a-" + mock_random.get_random_hex(17)
    else:
        taken = [item for name, item in kept(cluster, kind).items() if name == given[key]]
    if taken:
        raise ResourceInUseException(message=f"The specified {KINDS[kind][0]} resource is already in use on this cluster.")
    if kind == "addon":
        given.setdefault("addonVersion", "v1.0.0-eksbuild.1")
    where = f"arn:aws:eks:{response.region}:{response.current_account}:{KINDS[kind][0].lower()}/{cluster.name}/{given[key]}"
    moment = datetime.datetime.now(datetime.UTC)
    item = new | given | {"clusterName": cluster.name, arn: where, "createdAt": moment, "modifiedAt": moment, "policies": {}}
    item["tags"] = given.get("tags") or {}
    kept(cluster, kind)[given[key]] = item
    return answer(kind, item)


def describe(response: EKSResponse, kind: str) -> ActionResult:
    return answer(kind, one(response, kind))


def update(response: EKSResponse, kind: str) -> ActionResult:
    item = one(response, kind)
    item.update({key: value for key, value in body(response).items() if key not in ("resolveConflicts", "clientRequestToken")})
    return changed(response, "AddonUpdate") if kind == "addon" else answer(kind, item)


def delete(response: EKSResponse, kind: str) -> ActionResult:
    item = one(response, kind)
    del kept(cluster_of(response), kind)[named(response, kind)]
    return answer(kind, item)


def listing(response: EKSResponse, kind: str) -> ActionResult:
    items = kept(cluster_of(response), kind)
    if kind == "addon":
        return ActionResult({"addons": sorted(items)})
    return ActionResult({"accessEntries": sorted(items)} if kind == "access_entry" else {"associations": list(items.values())})


def changed(response: EKSResponse, kind: str) -> ActionResult:
    moment = datetime.datetime.now(datetime.UTC)
    return ActionResult({"update": {"id": str(mock_random.uuid4()), "status": "Successful", "type": kind, "params": [], "createdAt": moment, "errors": []}})


def associate(response: EKSResponse) -> ActionResult:
    given = body(response)
    moment = datetime.datetime.now(datetime.UTC)
    policy = {"policyArn": given["policyArn"], "accessScope": given["accessScope"], "associatedAt": moment, "modifiedAt": moment}
    one(response, "access_entry")["policies"][given["policyArn"]] = policy
    return ActionResult({"clusterName": cluster_of(response).name, "principalArn": named(response, "access_entry"), "associatedAccessPolicy": policy})


def disassociate(response: EKSResponse) -> ActionResult:
    arn = unquote(response._get_param("policyArn"))
    if one(response, "access_entry")["policies"].pop(arn, None) is None:
        raise ResourceNotFoundException(message=f"The policy {arn} is not associated with the access entry.")
    return ActionResult({})


def associated(response: EKSResponse) -> ActionResult:
    return ActionResult({"associatedAccessPolicies": list(one(response, "access_entry")["policies"].values())})


def new_version(response: EKSResponse) -> ActionResult:
    """AWS moves a control plane up by one minor version at a time."""
    cluster, wanted = cluster_of(response), str(response._get_param("version"))
    old, new = (tuple(int(part) for part in version.split(".")) for version in (cluster.version, wanted))
    if not old < new or new[1] - old[1] > 1:
        raise InvalidParameterException(message=f"Unsupported Kubernetes minor version update from {cluster.version} to {wanted}")
    cluster.version = wanted
    return changed(response, "VersionUpdate")


def put(owner: Any, name: str, wrapper: Callable[..., Any]) -> None:
    old = getattr(owner, name)
    setattr(owner, name, functools.wraps(old)(lambda *args, **given: wrapper(old, *args, **given)))


def merged_config(old: Any, backend: EKSBackend, name: str, resources_vpc_config: dict[str, Any] | None = None, **given: Any) -> Cluster:
    """AWS changes the keys that are given and keeps the others: subnets stay where only the endpoint's access changes."""
    cluster = backend.describe_cluster(name)
    return old(backend, name=name, resources_vpc_config=(cluster.resources_vpc_config | resources_vpc_config) if resources_vpc_config else None, **given)


def with_issuer(old: Any, cluster: Cluster, *args: Any, **given: Any) -> None:
    """Each cluster of AWS has an issuer of its own; moto gives all the same one."""
    old(cluster, *args, **given)
    host = cluster.identity["oidc"]["issuer"].rpartition("/")[0]
    cluster.identity = {"oidc": {"issuer": f"{host}/{mock_random.get_random_hex(32).upper()}"}}


def remembered(old: Any, response: EKSResponse) -> ActionResult:
    """AWS keeps access, upgrade and deletion settings of a cluster; one made without them has the defaults."""
    answered = old(response)
    given, cluster = body(response), cluster_of(response)
    for key, default in (("accessConfig", {"authenticationMode": "CONFIG_MAP"}), ("upgradePolicy", {"supportType": "EXTENDED"}), ("deletionProtection", None)):
        setattr(cluster, key, given.get(key) or getattr(cluster, key, None) or default)
    return answered


def group_remembered(old: Any, response: EKSResponse) -> ActionResult:
    """AWS keeps how many nodes of a group may be replaced at once, and a group has its cluster's version."""
    answered = old(response)
    given = body(response)
    cluster = response.eks_backend.describe_cluster(response._get_param("name"))
    group = cluster.nodegroups[response._get_param("nodegroupName")]
    group.update_config = given.get("updateConfig") or {"maxUnavailable": 1}
    group.version = given.get("version") or cluster.version
    group.release_version = given.get("releaseVersion") or f"{group.version}.0-20260101"
    return answered


def new_group_version(response: EKSResponse) -> ActionResult:
    """Nodes are never newer than their control plane, and never go down."""
    given, cluster = body(response), cluster_of(response)
    group = response.eks_backend.describe_nodegroup(cluster.name, response._get_param("nodegroupName"))
    wanted = given.get("version") or group.version
    new, now, most = (tuple(int(part) for part in version.split(".")) for version in (wanted, group.version, cluster.version))
    if new > most or new < now:
        raise InvalidParameterException(message=f"Nodegroup Kubernetes version {wanted} is not supported: nodes {group.version}, cluster {cluster.version}")
    release = given.get("releaseVersion") or (group.release_version if wanted == group.version else f"{wanted}.0-20260101")
    if not release.startswith(f"{wanted}."):
        raise InvalidParameterException(message=f"Requested release version {release} is not valid for kubernetes version {wanted}.")
    group.version, group.release_version = wanted, release
    group.launch_template = {**(group.launch_template or {}), **given.get("launchTemplate", {})} or None
    return changed(response, "VersionUpdate")


def tags_of(backend: EKSBackend, arn: str) -> dict[str, str] | None:
    """The tags of what stands in a cluster; moto itself knows those of clusters."""
    for cluster in backend.clusters.values():
        for group in cluster.nodegroups.values():
            if arn == group.arn:
                return group.tags
        for kind, (_unused, _unused2, key, _unused3) in KINDS.items():
            for item in kept(cluster, kind).values():
                if item[key] == arn:
                    return item["tags"]
    return None


def tagged(old: Any, backend: EKSBackend, resource_arn: str, tags: dict[str, str]) -> None:
    """AWS tags node groups, add-ons and entries as well as clusters."""
    if (own := tags_of(backend, resource_arn)) is None:
        old(backend, resource_arn, tags)
    else:
        own.update(tags)


def untagged(old: Any, backend: EKSBackend, resource_arn: str, tag_keys: list[str]) -> None:
    if (own := tags_of(backend, resource_arn)) is None:
        old(backend, resource_arn, tag_keys)
    else:
        # Moto gives one key of a query as text.
        for key in [tag_keys] if isinstance(tag_keys, str) else tag_keys:
            own.pop(key, None)


def tags_listed(old: Any, backend: EKSBackend, resource_arn: str) -> dict[str, str]:
    return old(backend, resource_arn) if (own := tags_of(backend, resource_arn)) is None else own


def apply() -> None:
    """Adds the operations and their paths."""
    for kind in KINDS:
        for verb, operation in (("create", create), ("describe", describe), ("update", update), ("delete", delete)):
            setattr(EKSResponse, f"{verb}_{kind}", functools.partialmethod(_run, operation, kind))
    for name, kind in (("addons", "addon"), ("access_entries", "access_entry"), ("pod_identity_associations", "pod_identity_association")):
        setattr(EKSResponse, f"list_{name}", functools.partialmethod(_run, listing, kind))
    EKSResponse.associate_access_policy = associate
    EKSResponse.disassociate_access_policy = disassociate
    EKSResponse.list_associated_access_policies = associated
    EKSResponse.update_cluster_version = new_version
    EKSResponse.update_nodegroup_version = new_group_version
    put(Cluster, "__init__", with_issuer)
    put(EKSBackend, "update_cluster_config", merged_config)
    put(EKSBackend, "tag_resource", tagged)
    put(EKSBackend, "untag_resource", untagged)
    put(EKSBackend, "list_tags_for_resource", tags_listed)
    put(EKSResponse, "create_cluster", remembered)
    put(EKSResponse, "update_cluster_config", remembered)
    put(EKSResponse, "create_nodegroup", group_remembered)
    urls.url_paths.update({CLUSTER + path: EKSResponse.dispatch for path in PATHS})


def _run(response: EKSResponse, operation: Callable[[EKSResponse, str], ActionResult], kind: str) -> ActionResult:
    return operation(response, kind)
