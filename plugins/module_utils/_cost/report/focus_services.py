# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""FOCUS' provider, service, its category and subcategory of a SKU. A service has one category only, so what Cost Explorer puts together as "EC2 - Other"
has names of its own here."""

from __future__ import annotations

PROVIDERS = {"aws": "AWS", "azure": "Microsoft", "gcp": "Google Cloud"}
OTHER = ("Other", "Other (Other)")
RELATIONAL, CACHE = ("Databases", "Relational Databases"), ("Databases", "Caching")
MACHINES, CONTAINERS = ("Compute", "Virtual Machines"), ("Compute", "Containers")
DISKS, OBJECTS, FILES, BACKUPS = ("Storage", "Block Storage"), ("Storage", "Object Storage"), ("Storage", "File Storage"), ("Storage", "Backup Storage")
BALANCING, ROUTING, NETWORK = ("Networking", "Application Networking"), ("Networking", "Network Routing"), ("Networking", "Network Infrastructure")
CONNECTIVITY, DELIVERY, PROTECTION = ("Networking", "Network Connectivity"), ("Networking", "Content Delivery"), ("Networking", "Network Security")
SECRETS, OBSERVED, COMPLIANT = ("Security", "Secret Management"), ("Management and Governance", "Observability"), ("Management and Governance", "Compliance")
MESSAGES, SEARCH = ("Integration", "Messaging"), ("Analytics", "Search")
# By a SKU's second part.
SERVICES = {
    "ec2": MACHINES, "vm": MACHINES, "gce": MACHINES,
    "eks": CONTAINERS, "aks": CONTAINERS, "gke": CONTAINERS, "fargate": CONTAINERS, "ecr": CONTAINERS, "acr": CONTAINERS,
    "ebs": DISKS, "disk": DISKS, "s3": OBJECTS, "gcs": OBJECTS, "blob": OBJECTS, "efs": FILES, "backup": BACKUPS,
    "rds": RELATIONAL, "rds-postgresql": RELATIONAL, "elasticache": CACHE, "elasticache-redis": CACHE, "elasticache-valkey": CACHE,
    "msk": MESSAGES, "mq": MESSAGES, "mq-rabbitmq": MESSAGES, "sns": MESSAGES, "sqs": MESSAGES, "opensearch": SEARCH,
    "alb": BALANCING, "nlb": BALANCING, "lb": BALANCING, "route53": ROUTING, "dns": ROUTING, "nat": NETWORK, "ipv4": NETWORK, "transfer": NETWORK,
    "vpc-endpoint": CONNECTIVITY, "vpn": CONNECTIVITY, "peering": CONNECTIVITY, "cloudfront": DELIVERY, "waf": PROTECTION,
    "kms": SECRETS, "secrets": SECRETS, "cloudwatch": OBSERVED, "config": COMPLIANT, "cloudtrail": COMPLIANT,
}  # fmt: skip


# By a SKU's first and second part.
NAMES = {
    ("aws", "ebs"): "Amazon Elastic Block Store",
    ("aws", "nat"): "Amazon Virtual Private Cloud",
    ("aws", "transfer"): "AWS Data Transfer",
    ("gcp", "disk"): "Persistent Disk",
    ("gcp", "lb"): "Networking",
    ("gcp", "nat"): "Networking",
}


def name(sku: str, service: str) -> str:
    """A service's name of a SKU; `service`: the one under which it is billed."""
    return NAMES.get(tuple(sku.split("/")[:2]), service)


def of(provider: str, sku: str) -> tuple[str, str, str]:
    """`(provider, category, subcategory)`; a service that is not listed is `Other`."""
    parts = sku.split("/")
    return (PROVIDERS.get(provider, provider or "unknown"), *SERVICES.get(parts[1] if len(parts) > 1 else "", OTHER))
