# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How services refuse or delay what is syntactically right, judged on the records of all stacks of the account."""

from __future__ import annotations

import fnmatch
import json
import re
from typing import Any

from botocore.exceptions import BotoCoreError
from botocore.exceptions import ClientError

from fake_cloudformation.contract import Context
from fake_cloudformation.contract import ResourceFailed
from fake_cloudformation.model import Place
from fake_cloudformation.model import Resource
from fake_cloudformation.model import World
from fake_cloudformation.schemas import ResourceType

# Their pods need a node: https://docs.aws.amazon.com/eks/latest/userguide/workloads-add-ons-available-eks.html
ADDONS_ON_NODES = {"coredns", "metrics-server", "aws-ebs-csi-driver", "aws-efs-csi-driver", "snapshot-controller", "external-dns", "cert-manager"}
VERSIONS = {
    "AWS::EKS::Cluster": ("Version", "Unsupported Kubernetes minor version update from {0} to {1}"),
    "AWS::EKS::Nodegroup": ("Version", "Requested Nodegroup version {1} is lower than its version {0}"),
    "AWS::ElastiCache::ReplicationGroup": ("EngineVersion", "Invalid version change from {0} to {1}: an engine version cannot be downgraded"),
    "AWS::MSK::Cluster": ("KafkaVersion", "Unsupported Kafka version change from {0} to {1}"),
    "AWS::OpenSearchService::Domain": ("EngineVersion", "Domain cannot be upgraded from {0} to {1}"),
    "AWS::RDS::DBInstance": ("EngineVersion", "Cannot upgrade postgres from {0} to {1}"),
}
PROTECTIONS = ("DeletionProtection", "DeletionProtectionEnabled")


def before_create(world: World, place: Place, resource: Resource, kind: ResourceType, real: bool) -> None:
    """Raises ResourceFailed where the account has no room, or something of that name is there already."""
    others = [other for _unused, other in world.records(place, resource.type) if other is not resource]
    quota = world.settings.quotas.get(resource.type)
    if quota is not None and len(others) >= quota:
        raise ResourceFailed("ServiceLimitExceeded", f"Limit exceeded for resource of type '{resource.type}'. Reason: The maximum of {quota} has been reached.")
    if others and (resource.type in world.settings.singletons or is_singleton(kind)):
        raise ResourceFailed("AlreadyExists", f"Resource of type '{resource.type}' with identifier '{others[0].physical_id}' already exists.")
    # Types that are really made meet the service's own refusal.
    name = kind.name_of(resource.properties)
    if name and not real and any(other.physical_id == name for other in others):
        shown = json.dumps({f"/properties/{path}": resource.properties[path] for path in kind.identifier}, separators=(",", ":"))
        raise ResourceFailed("AlreadyExists", f"Resource of type '{resource.type}' with identifier '{shown}' already exists.")
    if resource.type == "AWS::RDS::DBInstance":
        _no_managed_source(world, place, resource.properties)


def is_singleton(kind: ResourceType) -> bool:
    """There is one an account or registry, as nothing that could be declared tells two apart."""
    return bool(kind.identifier) and all(path in kind.read_only and path in ("AccountId", "RegistryId") for path in kind.identifier)


def _no_managed_source(world: World, place: Place, properties: dict[str, Any]) -> None:
    source = str(properties.get("SourceDBInstanceIdentifier", "")).rpartition(":")[2]
    for stack in list(world.stacks):
        for other in list(stack.resources.values()):
            if source and stack.place.account == place.account and other.physical_id == source and other.properties.get("ManageMasterUserPassword") is True:
                raise ResourceFailed("InvalidRequest", f"Read replicas of {source} are not supported: its master user password is managed in Secrets Manager.")


def before_update(resource: Resource, after: dict[str, Any]) -> None:
    name, words = VERSIONS.get(resource.type, ("", ""))
    before, wanted = resource.properties.get(name), after.get(name)
    if isinstance(before, str) and isinstance(wanted, str) and is_older(wanted, before):
        raise ResourceFailed("InvalidRequest", words.format(before, wanted))


def is_older(wanted: str, before: str) -> bool:
    """`16` is not older than `16.4`: it means any of them."""
    numbers = [[int(number) for number in re.findall(r"\d+", version)] for version in (wanted, before)]
    length = min(map(len, numbers))
    return numbers[0][:length] < numbers[1][:length]


def before_delete(resource: Resource, real: bool) -> None:
    if not real and any(resource.properties.get(name) is True for name in PROTECTIONS):
        raise ResourceFailed("InvalidRequest", f"{resource.physical_id} cannot be deleted: deletion protection is enabled.")


def waits_for_others(world: World, resource: Resource) -> bool:
    """A certificate whose domains nobody validates: CloudFormation writes the records only where it is given the hosted zone.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-certificatemanager-certificate.html
    """
    if resource.type != "AWS::CertificateManager::Certificate" or resource.properties.get("CertificateAuthorityArn"):
        return False
    by_zone = {option.get("DomainName") for option in resource.properties.get("DomainValidationOptions", []) if option.get("HostedZoneId")}
    names = {resource.properties.get("DomainName", ""), *resource.properties.get("SubjectAlternativeNames", [])}
    dns = resource.properties.get("ValidationMethod") == "DNS"
    return any(not (dns and name in by_zone) and not _matches(name, world.settings.validated_domains) for name in names)


def _matches(name: str, patterns: list[str]) -> bool:
    return any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns)


def check_stable(world: World, place: Place, context: Context, resource: Resource) -> None:
    """Add-ons that run as pods never get healthy without a node."""
    if resource.type != "AWS::EKS::Addon" or resource.properties.get("AddonName") not in ADDONS_ON_NODES:
        return
    cluster = resource.properties.get("ClusterName")
    groups = [group for kind in ("AWS::EKS::Nodegroup", "AWS::EKS::FargateProfile") for _unused, group in world.records(place, kind)]
    if any(group.properties.get("ClusterName") == cluster and not group.status.startswith("CREATE_I") for group in groups):
        return
    try:
        if context.client("eks").list_nodegroups(clusterName=cluster)["nodegroups"]:
            return
    except (ClientError, BotoCoreError):
        pass
    raise ResourceFailed("NotStabilized", f"Resource of type 'AWS::EKS::Addon' with identifier '{resource.physical_id}' did not stabilize.")
