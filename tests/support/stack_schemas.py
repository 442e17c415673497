# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes what the resource schemas say of replacement into `_stacks/replacement_schemas.py`, as the plugin itself must not need cfn-lint.

`python tests/support/stack_schemas.py` writes the file; a test compares it with the schemas that cfn-lint carries.
"""

from __future__ import annotations

import json
import textwrap
from importlib import resources
from pathlib import Path
from typing import Any

TARGET = Path(__file__).resolve().parents[2] / "plugins" / "module_utils" / "_stacks" / "replacement_schemas.py"
# Types of schemas are the same in all regions; this one has them all.
REGION = "us-east-1"
NAMES = {
    "AmazonMQ": "Broker Configuration ConfigurationAssociation",
    "Backup": "BackupPlan BackupSelection BackupVault RestoreTestingPlan RestoreTestingSelection",
    "Budgets": "Budget",
    "CE": "AnomalyMonitor AnomalySubscription",
    "CertificateManager": "Certificate",
    "CloudFront": "CachePolicy Distribution OriginAccessControl ResponseHeadersPolicy",
    "CloudTrail": "Trail",
    "CloudWatch": "Alarm CompositeAlarm Dashboard",
    "DynamoDB": "Table",
    "EC2": "EIP EgressOnlyInternetGateway FlowLog InternetGateway LaunchTemplate NatGateway NetworkAcl NetworkAclEntry PrefixList Route RouteTable "
    "SecurityGroup SecurityGroupEgress SecurityGroupIngress SnapshotBlockPublicAccess Subnet SubnetCidrBlock SubnetNetworkAclAssociation "
    "SubnetRouteTableAssociation VPC VPCCidrBlock VPCEndpoint VPCGatewayAttachment VPCPeeringConnection",
    "ECR": "PullThroughCacheRule RegistryPolicy RegistryScanningConfiguration ReplicationConfiguration Repository RepositoryCreationTemplate",
    "EFS": "AccessPoint FileSystem MountTarget",
    "EKS": "AccessEntry Addon Cluster IdentityProviderConfig Nodegroup PodIdentityAssociation",
    "ElastiCache": "ParameterGroup ReplicationGroup ServerlessCache SubnetGroup User UserGroup",
    "ElasticLoadBalancingV2": "Listener ListenerRule LoadBalancer TargetGroup",
    "Events": "Rule",
    "IAM": "InstanceProfile ManagedPolicy OIDCProvider Policy Role RolePolicy ServiceLinkedRole",
    "KMS": "Alias Key ReplicaKey",
    "KinesisFirehose": "DeliveryStream",
    "Logs": "LogGroup MetricFilter ResourcePolicy SubscriptionFilter",
    "MSK": "BatchScramSecret Cluster ClusterPolicy Configuration",
    "OpenSearchService": "Domain",
    "RDS": "DBCluster DBInstance DBParameterGroup DBSubnetGroup EventSubscription OptionGroup",
    "Route53": "HealthCheck HostedZone RecordSet RecordSetGroup",
    "S3": "Bucket BucketPolicy",
    "SNS": "Subscription Topic TopicPolicy",
    "SQS": "Queue QueuePolicy",
    "SSM": "Parameter",
    "SecretsManager": "ResourcePolicy RotationSchedule Secret SecretTargetAttachment",
    "WAFv2": "IPSet LoggingConfiguration RegexPatternSet RuleGroup WebACL WebACLAssociation",
}
WIDTH = 160
WORDS = {
    "CREATE_ONLY": "A change of these replaces the resource.",
    "CONDITIONAL": "A change of these may replace it; replacement_table.py decides.",
    "PROPERTIES": "All that can be set, first level.",
}
TYPES = sorted(f"AWS::{service}::{name}" for service, names in NAMES.items() for name in names.split())
HEAD = '''# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""What the CloudFormation resource schemas say of replacement. Written by tests/support/stack_schemas.py, not by hand."""

from __future__ import annotations

'''


def schemas() -> dict[str, dict[str, Any]]:
    """{type: resource schema} of cfn-lint."""
    base = resources.files("cfnlint") / "data" / "schemas"
    files = json.loads((base / "providers" / f"{REGION}.json").read_text(encoding="utf-8"))
    return {name: json.loads((base / "resources" / f"{files[name]}.json").read_text(encoding="utf-8")) for name in TYPES}


def _paths(schema: dict[str, Any], key: str) -> list[str]:
    return sorted({path.removeprefix("/properties/").replace("/properties/", "/").replace("/items/", "/*/").replace("/", ".") for path in schema.get(key, [])})


def data() -> dict[str, dict[str, str]]:
    """{"CREATE_ONLY" | "CONDITIONAL" | "PROPERTIES": {type: paths with spaces between}}; read-only properties are left out of the last."""
    found: dict[str, dict[str, str]] = {"CREATE_ONLY": {}, "CONDITIONAL": {}, "PROPERTIES": {}}
    for name, schema in schemas().items():
        settable = set(schema["properties"]) - set(_paths(schema, "readOnlyProperties"))
        for kind, paths in (
            ("CREATE_ONLY", _paths(schema, "createOnlyProperties")),
            ("CONDITIONAL", _paths(schema, "conditionalCreateOnlyProperties")),
            ("PROPERTIES", sorted(settable)),
        ):
            if paths:
                found[kind][name] = " ".join(paths)
    return found


def _row(name: str, paths: str) -> list[str]:
    if len(paths) + len(name) < WIDTH - 20:
        return [f'    "{name}": "{paths}",']
    return [f'    "{name}": (', *(f'        "{part} "' for part in textwrap.wrap(paths, WIDTH - 20)), "    ),"]


def text() -> str:
    """The file."""
    lines = []
    for name, types in data().items():
        lines += [f"# {WORDS[name]}", f"{name}: dict[str, str] = {{", *(line for kind, paths in types.items() for line in _row(kind, paths)), "}"]
    return HEAD + "\n".join(lines) + "\n"


if __name__ == "__main__":
    TARGET.write_text(text(), encoding="utf-8")
