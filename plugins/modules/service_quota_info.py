#!/usr/bin/python
# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of service_quota_info; the work is done by the action plugin of the same name."""

from __future__ import annotations

DOCUMENTATION = r"""
module: service_quota_info
short_description: Service quotas of AWS and how much of each is in use
version_added: 1.0.0
author: llmops.platform contributors (@llmops)
description:
  - Reads the limit of each quota from Service Quotas and counts what is in use in that region, split into a deployment's own and everything else.
  - A quota that cannot be read has null numbers and a C(problem); it never counts as zero.
  - Only calls that get, list or describe.
  - Environment variables of the keyword C(environment) count, as for a module of C(amazon.aws).
requirements:
  - botocore
options:
  regions:
    description: Regions to look at.
    type: list
    elements: str
    required: true
  quotas:
    description:
      - Which quotas to read, all of them if not given. Known are V(vpcs), V(internet_gateways), V(nat_gateways_per_zone), V(elastic_ips),
        V(egress_only_gateways), V(subnets_per_vpc), V(route_tables_per_vpc), V(security_groups), V(rules_per_security_group), V(gateway_endpoints),
        V(interface_endpoints_per_vpc), V(eks_clusters),
        V(rds_instances), V(elasticache_nodes), V(opensearch_domains), and running vCPUs by market and family of instances, for example V(vcpus_spot_standard).
    type: list
    elements: str
  instance_types:
    description: EC2 instance types whose number of vCPUs is wanted.
    type: list
    elements: str
    default: []
  own_tags:
    description: What bears all of these tags is the deployment's own.
    type: dict
    default: {}
  own_cluster:
    description: Name of the deployment's EKS cluster.
    type: str
    default: ""
  timeout:
    description: Seconds that each call may take.
    type: float
    default: 5.0
extends_documentation_fragment:
  - llmops.platform.api_action
"""

EXAMPLES = r"""
- name: Look whether another VPC fits
  llmops.platform.service_quota_info:
    regions: [us-east-1, us-west-2]
    quotas: [vpcs, elastic_ips]
    own_tags: {platform: llm_marketplace, environment: production}
  register: quotas
"""

RETURN = r"""
regions:
  description:
    - What was read by region. Of C(quotas), C(limit) is the account's, C(own) and C(others) are in use; of zonal quotas the zones with most count.
    - Of C(instance_types) the vCPUs, null for a type that the region does not have.
  returned: success
  type: dict
  sample:
    us-east-1:
      quotas:
        vpcs: {service: vpc, code: L-F678F1CE, limit: 5.0, own: 1.0, others: 2.0, problem: null}
      instance_types: {t3.xlarge: 4}
"""
