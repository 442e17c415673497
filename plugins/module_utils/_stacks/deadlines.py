# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""How long an operation may take before a run stops following it, by type. The operation itself goes on; a later run follows it again."""

from __future__ import annotations

from collections.abc import Iterable

MINUTE = 60
# {type: (create, update, source)}, in minutes. "schema": timeoutInMinutes of the type's handlers in its resource schema, the service's own limit;
# where that is 36 hours or missing, a figure of ours (several times what is usual), said so.
DEADLINES = {
    "AWS::AmazonMQ::Broker": (60, 120, "ours: a broker is there in about 15 minutes; the schema has no limit"),
    "AWS::CertificateManager::Certificate": (45, 45, "ours: a delegated zone validates in minutes; schema 2160"),
    "AWS::CloudFront::Distribution": (60, 60, "schema"),
    "AWS::EC2::NatGateway": (20, 90, "ours for create, about 2 minutes are usual; schema for update"),
    "AWS::EKS::Addon": (30, 30, "ours: an add-on is active in minutes or lacks nodes; the schema has no limit"),
    "AWS::EKS::Cluster": (45, 240, "ours: a control plane takes about 10 minutes, a version about 30; schema 2160 for update"),
    "AWS::EKS::Nodegroup": (45, 480, "ours: nodes join in minutes, an update drains them one by one; schema 2160 for update"),
    "AWS::ElastiCache::ReplicationGroup": (300, 1440, "schema"),
    "AWS::MSK::Cluster": (120, 1440, "schema for create; ours for update, brokers restart one by one; schema 2160"),
    "AWS::OpenSearchService::Domain": (120, 1440, "ours: blue/green copies all data; schema 2160 for update"),
    "AWS::RDS::DBCluster": (180, 1440, "ours: a restore copies all data; schema 2160"),
    "AWS::RDS::DBInstance": (180, 1440, "ours: a restore copies all data, storage growth takes hours; schema 2160"),
}
OTHERS = 20
# For what goes before and after the slowest resource.
REST = 20


def seconds_for(types: Iterable[str], operation: str = "create") -> int:
    """Deadline in seconds of a stack with these resource types: that of its slowest type and time for the rest.

    `operation`: create, update (also a rollback of one) or delete, which counts as a creation.
    """
    if operation not in ("create", "update", "delete"):
        raise ValueError(f"operation is {operation!r}; it is create, update or delete")
    place = 1 if operation == "update" else 0
    return (max((DEADLINES[name][place] if name in DEADLINES else OTHERS for name in types), default=OTHERS) + REST) * MINUTE
