# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""What runs of the collection call besides CloudFormation: the cluster, its versions, certificates, addresses and records.

Not here, so that it takes an administrator: what playbooks teardown, adopt and access_review call, which delete data or read the whole account.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._identity import services
from ansible_collections.llmops.platform.plugins.module_utils._identity.statements import allow
from ansible_collections.llmops.platform.plugins.module_utils._identity.statements import arn

# Module aws_certificate marks what it has requested by this tag.
CERTIFICATE_TAG = "llmops.platform/certificate"


def statements(settings: Mapping[str, Any]) -> list[dict[str, Any]]:
    """`settings`: `{cluster, zone, hosted_zone_id}`; without a zone there are no records to write."""
    cluster = settings["cluster"]
    parts = [arn("eks", f"cluster/{cluster}"), *(arn("eks", f"{kind}/{cluster}/*") for kind in ("addon", "nodegroup"))]
    certificates = arn("acm", "certificate/*")
    ours = {f"aws:ResourceTag/{CERTIFICATE_TAG}": "?*"}
    found = [
        allow("Cluster", ["eks:AccessKubernetesApi", "eks:Describe*", "eks:List*"], parts),
        allow("Versions", ["eks:DescribeAddonVersions", "eks:DescribeClusterVersions"]),
        allow("Addresses", ["elasticloadbalancing:DescribeLoadBalancers"]),
        allow("ReadCertificates", ["acm:DescribeCertificate", "acm:ListCertificates", "acm:ListTagsForCertificate"]),
        allow("Certificates", ["acm:AddTagsToCertificate", "acm:RequestCertificate"], StringLike={f"aws:RequestTag/{CERTIFICATE_TAG}": "?*"}),
        allow("DropCertificates", ["acm:DeleteCertificate"], certificates, StringLike=ours),
    ]
    if settings["zone"]:
        change = services.records(settings)
        found += [{**statement, "Sid": f"Records{statement['Sid']}"} for statement in change]
        found.append(allow("RecordsWait", ["route53:GetChange"], services.sub("arn:${AWS::Partition}:route53:::change/*")))
    return found
