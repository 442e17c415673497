#!/usr/bin/python
# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of eks_node_groups_info; the work is done by the action plugin of the same name."""

from __future__ import annotations

DOCUMENTATION = r"""
module: eks_node_groups_info
short_description: Node groups of an EKS cluster and the stacks that made them
version_added: 1.0.0
author: llmops.platform contributors (@llmops)
description:
  - Reads the cluster, its managed node groups, and the CloudFormation stacks whose names begin with O(stack_prefix). Changes nothing.
  - A cluster that does not exist is no error.
  - Environment variables of the keyword C(environment) count, as for a module of C(amazon.aws).
requirements:
  - botocore
options:
  cluster_name:
    description: Name of the cluster at EKS.
    type: str
    required: true
  region:
    description: Its region.
    type: str
    required: true
  stack_prefix:
    description: What the names of the stacks of its node groups begin with.
    type: str
    required: true
extends_documentation_fragment:
  - llmops.platform.api_action
seealso:
  - module: llmops.platform.node_drain
"""

EXAMPLES = r"""
- name: See which node groups there are
  llmops.platform.eks_node_groups_info:
    cluster_name: llm-copilot-production
    region: us-east-1
    stack_prefix: llm-copilot-production-nodes-
"""

RETURN = r"""
cluster:
  description: C(exists), C(version) and C(status) of the cluster.
  returned: success
  type: dict
  sample: {exists: true, version: "1.35", status: ACTIVE}
groups:
  description: Node groups by name. C(stack) and C(pool) are empty for one that no stack of ours made.
  returned: success
  type: dict
  sample:
    general-a1b2c3:
      name: general-a1b2c3
      stack: llm-copilot-production-nodes-general-a1b2c3
      pool: general
      version: "1.35"
      release_version: 1.35.3-20260901
      status: ACTIVE
      desired: 3
      issues: []
stacks:
  description: The stacks by name. C(nodegroup) is empty where the creation did not come that far.
  returned: success
  type: dict
  sample:
    llm-copilot-production-nodes-general-a1b2c3: {pool: general, status: CREATE_COMPLETE, nodegroup: general-a1b2c3}
calls:
  description: Number of calls of AWS, tries included.
  returned: success
  type: int
  sample: 4
"""
