# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where moto differs from AWS in what the stacks need: each patch says what AWS does. `apply` comes before the server starts."""

from __future__ import annotations

import copy
import functools
import json
from collections.abc import Callable
from typing import Any

from moto.acm.models import TagHolder
from moto.ec2.exceptions import DependencyViolationError
from moto.ec2.models import EC2Backend
from moto.ec2.models.security_groups import SecurityGroupBackend
from moto.ec2.models.security_groups import SecurityGroupRule
from moto.ec2.utils import generate_route_id
from moto.ecr.exceptions import InvalidParameterException
from moto.ecr.models import ECRBackend
from moto.elasticache.models import ElastiCacheBackend
from moto.iam.access_control import IAMPolicy
from moto.iam.access_control import PermissionResult
from moto.kafka.exceptions import NotFoundException
from moto.kafka.models import KafkaBackend
from moto.kms.models import KmsBackend
from moto.kms.responses import KmsResponse
from moto.rds.models import RDSBackend
from moto.s3.models import FakeBucket
from moto.s3.responses import S3Response
from moto.secretsmanager.models import SecretsManagerBackend

from fake_cloudformation import moto_eks
from fake_cloudformation import moto_eks_versions
from fake_cloudformation import moto_extensions


def around(owner: Any, name: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Puts a function in the place of a method; it gets the old one first."""

    def put(new: Callable[..., Any]) -> Callable[..., Any]:
        old = getattr(owner, name)
        setattr(owner, name, functools.wraps(old)(lambda *args, **named: new(old, *args, **named)))
        return new

    return put


def _network() -> None:
    @around(EC2Backend, "delete_security_group")
    def delete_security_group(old: Any, backend: Any, name: str | None = None, group_id: str | None = None) -> Any:
        """AWS refuses to delete a group that another group's rule or a network interface refers to."""
        groups = [group for of_vpc in backend.groups.values() for group in of_vpc.values()]
        rules = [rule for group in groups if group.id != group_id for rule in [*group.ingress_rules, *group.egress_rules]]
        referred = any(rule.source_group.get("GroupId") == group_id for rule in rules)
        if referred or any(group and group.id == group_id for eni in backend.enis.values() for group in eni.group_set):
            raise DependencyViolationError(f"resource {group_id} has a dependent object")
        return old(backend, name, group_id)

    @around(EC2Backend, "delete_subnet")
    def delete_subnet(old: Any, backend: Any, subnet_id: str) -> Any:
        """AWS refuses to delete a subnet with a network interface in it: an endpoint's, a NAT gateway's."""
        if any(eni.subnet.id == subnet_id for eni in backend.enis.values()):
            raise DependencyViolationError(f"The subnet '{subnet_id}' has dependencies and cannot be deleted.")
        return old(backend, subnet_id)

    @around(EC2Backend, "delete_nat_gateway")
    def delete_nat_gateway(old: Any, backend: Any, nat_gateway_id: str) -> Any:
        """AWS takes a deleted gateway's interface away and frees its address."""
        gateway = old(backend, nat_gateway_id)
        for address in [address for address in backend.addresses if address.eni is gateway._eni]:
            backend.disassociate_address(address=address.public_ip)
        backend.enis.pop(gateway._eni.id, None)
        return gateway

    @around(EC2Backend, "delete_vpc")
    def delete_vpc(old: Any, backend: Any, vpc_id: str) -> Any:
        """AWS refuses to delete a network with a gateway, an endpoint or a group of its own."""
        gateways = [gateway for gateway in backend.internet_gateways.values() if gateway.vpc and gateway.vpc.id == vpc_id]
        endpoints = [endpoint for endpoint in backend.vpc_end_points.values() if endpoint.vpc_id == vpc_id and endpoint.state != "deleted"]
        groups = [group for group in backend.groups.get(vpc_id, {}).values() if group.name != "default"]
        if gateways or endpoints or groups:
            raise DependencyViolationError(f"The vpc '{vpc_id}' has dependencies and cannot be deleted.")
        return old(backend, vpc_id)

    @around(EC2Backend, "delete_vpc_endpoints")
    def delete_vpc_endpoints(old: Any, backend: Any, vpce_ids: list[str] | None = None) -> None:
        """AWS deletes a gateway endpoint whose route tables were changed; moto misses the routes that it never made."""
        for endpoint in (backend.vpc_end_points[key] for key in vpce_ids or [] if key in backend.vpc_end_points):
            tables = [backend.route_tables.get(key) for key in endpoint.route_table_ids or []]
            target = endpoint.destination_prefix_list_id
            endpoint.route_table_ids = [
                table.id for table in tables if table and any(route.id == generate_route_id(table.id, target) for route in table._routes.values())
            ]
        old(backend, vpce_ids)


def _rules() -> None:
    bare = ("Description",)

    def plain(rule: Any) -> Any:
        twin = copy.copy(rule)
        twin.source_group = {key: item for key, item in rule.source_group.items() if key not in bare}
        return twin

    @around(SecurityGroupRule, "__eq__")
    def equal(old: Any, rule: Any, other: Any) -> bool:
        """AWS knows a rule by what it lets through, not by its description."""
        return old(plain(rule), plain(other))

    @around(SecurityGroupBackend, "_sg_update_description")
    def describe(old: Any, backend: Any, new: Any, rule: Any) -> None:
        """AWS describes rules of every kind of peer."""
        peer = "source_group" if rule.source_group else "ip_range"
        setattr(rule, peer, getattr(rule, peer) | {"Description": getattr(new, peer).get("Description", "")})

    # AWS tells the description of rules with a group as their peer as well.
    SecurityGroupRule.description = property(lambda rule: rule.ip_range.get("Description") or rule.source_group.get("Description"))


def _keys() -> None:
    @around(KmsBackend, "schedule_key_deletion")
    def schedule_key_deletion(old: Any, backend: Any, key_id: str, days: int) -> Any:
        """AWS takes a key's ARN as well as its id."""
        return old(backend, backend.any_id_to_key_id(key_id), days)

    @around(KmsBackend, "replicate_key")
    def replicate_key(old: Any, backend: Any, key_id: str, region: str) -> Any:
        """AWS takes the primary's ARN as well."""
        return old(backend, backend.any_id_to_key_id(key_id), region)

    @around(KmsResponse, "enable_key_rotation")
    def enable_key_rotation(old: Any, response: Any) -> str:
        """AWS keeps the rotation period, 365 days where none is given."""
        answer = old(response)
        key = response.kms_backend.keys[response.kms_backend.any_id_to_key_id(response._get_param("KeyId"))]
        key.rotation_period = response._get_param("RotationPeriodInDays") or 365
        return answer

    @around(KmsResponse, "get_key_rotation_status")
    def get_key_rotation_status(old: Any, response: Any) -> str:
        """AWS tells the period of a key that rotates."""
        status = json.loads(old(response))
        key = response.kms_backend.keys[response.kms_backend.any_id_to_key_id(response._get_param("KeyId"))]
        if status["KeyRotationEnabled"]:
            status["RotationPeriodInDays"] = getattr(key, "rotation_period", 365)
        return json.dumps(status)


def _buckets() -> None:
    @around(S3Response, "_bucket_tagging_from_body")
    def tags(old: Any, response: Any) -> dict[str, str]:
        """AWS lets CloudFormation itself set tags that begin with aws:, and nobody else."""
        body = response.body
        response.body = body.replace(b"<Key>aws:", b"<Key>_aws:") if isinstance(body, bytes) else body.replace("<Key>aws:", "<Key>_aws:")
        try:
            return {key.replace("_aws:", "aws:", 1) if key.startswith("_aws:") else key: value for key, value in old(response).items()}
        finally:
            response.body = body

    @around(FakeBucket, "get_permission")
    def get_permission(_old: Any, bucket: Any, action: str, resource: str) -> Any:
        """AWS applies a statement where its condition holds. moto looks at no condition, so a statement with one is left out."""
        if bucket.policy is None:
            return PermissionResult.NEUTRAL
        document = json.loads(bucket.policy)
        statements = document["Statement"] if isinstance(document["Statement"], list) else [document["Statement"]]
        plain = [statement for statement in statements if not statement.get("Condition")]
        return IAMPolicy(json.dumps({**document, "Statement": plain})).is_action_permitted(action, resource)


def _registries() -> None:
    @around(ECRBackend, "put_replication_configuration")
    def put_replication_configuration(old: Any, backend: Any, replication_config: dict[str, Any]) -> dict[str, Any]:
        """AWS takes up to ten rules; moto one."""
        if len(replication_config["rules"]) > 10:
            raise InvalidParameterException("Invalid parameter at 'replicationConfiguration' failed to satisfy constraint: 'at most 10 rules'")
        for rule in replication_config["rules"]:
            old(backend, {"rules": [rule]})
        backend.replication_config = replication_config
        return {"replicationConfiguration": replication_config}


def _data() -> None:
    @around(RDSBackend, "modify_db_subnet_group")
    def modify_db_subnet_group(old: Any, backend: Any, subnet_name: str, description: str, subnets: list[Any]) -> Any:
        """AWS keeps a subnet group that was changed."""
        backend.subnet_groups[subnet_name] = group = old(backend, subnet_name, description, subnets)
        return group

    @around(ElastiCacheBackend, "delete_replication_group")
    def delete_replication_group(old: Any, backend: Any, replication_group_id: str, retain_primary_cluster: bool | None) -> Any:
        """AWS forgets a deleted group once it is deleted; moto would keep its name taken for ever."""
        group = old(backend, replication_group_id, retain_primary_cluster)
        del backend.replication_groups[replication_group_id]
        return group

    @around(KafkaBackend, "describe_cluster")
    def describe_cluster(old: Any, backend: Any, cluster_arn: str) -> Any:
        """AWS says that a cluster is not there, and a cluster becomes active."""
        if cluster_arn not in backend.clusters:
            raise NotFoundException("The requested resource doesn't exist.")
        backend.clusters[cluster_arn].state = "ACTIVE"
        return old(backend, cluster_arn)

    @around(SecretsManagerBackend, "cancel_rotate_secret")
    def cancel_rotate_secret(old: Any, backend: Any, secret_id: str) -> Any:
        """AWS can cancel what it could begin; moto begins a rotation without a function, as a hosted one has, and then cannot."""
        secret = backend.secrets.get(secret_id)
        if secret and secret.rotation_enabled and not secret.rotation_lambda_arn:
            secret.rotation_lambda_arn = "managed"
        return old(backend, secret_id)

    @around(TagHolder, "_validate_kv")
    def validate(old: Any, holder: Any, key: str, value: str | None, index: int) -> None:
        """AWS lets CloudFormation itself set tags that begin with aws:."""
        old(holder, key.removeprefix("aws:"), value, index)


@functools.cache
def apply() -> None:
    """Patches moto, once in this process."""
    for patch in (_network, _rules, _keys, _buckets, _registries, _data, moto_extensions.apply, moto_eks.apply, moto_eks_versions.apply):
        patch()
