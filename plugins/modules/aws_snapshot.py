#!/usr/bin/python
# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of aws_snapshot; the work is done by the action plugin of the same name."""

from __future__ import annotations

DOCUMENTATION = r"""
module: aws_snapshot
short_description: Snapshots of what is about to be deleted, read back
version_added: 1.0.0
author: llmops.platform contributors (@llmops)
description:
  - Takes a snapshot of each database (C(AWS::RDS::DBInstance), C(AWS::RDS::DBCluster)) and cache (C(AWS::ElastiCache::ReplicationGroup),
    C(AWS::ElastiCache::ServerlessCache)), waits until its service says V(available), and reads its size. Only then it counts; otherwise the task fails.
  - One that a killed run has taken or begun within O(fresh_hours) is used instead of a second one.
  - MSK and Amazon MQ have no snapshots, and OpenSearch takes them by itself; their rows say so.
  - Snapshots bear O(tags), and C(llmops.platform/taken-by). Nothing here deletes one.
  - Environment variables of the keyword C(environment) count, as for a module of C(amazon.aws).
requirements:
  - botocore
options:
  tags:
    description: Tags of the snapshots.
    type: dict
    default: {}
  fresh_hours:
    description: Hours that a snapshot of an earlier run counts.
    type: float
    default: 6.0
  timeout_minutes:
    description: Minutes that a snapshot may take.
    type: float
    default: 240.0
attributes:
  check_mode:
    support: full
extends_documentation_fragment:
  - llmops.platform.api_action
  - llmops.platform.aws_teardown
seealso:
  - module: llmops.platform.aws_stacks
  - module: llmops.platform.aws_teardown_info
  - module: llmops.platform.aws_data_removal
  - module: llmops.platform.aws_orphans_info
"""

EXAMPLES = r"""
- name: Take snapshots
  llmops.platform.aws_snapshot:
    deployment: llm_marketplace/dev
    resources: "{{ found.data | selectattr('action', 'equalto', 'snapshot') }}"
    tags: "{{ platform_tags }}"
"""

RETURN = r"""
snapshots:
  description: One row each, with C(action) V(taken), V(there) (of an earlier run) or V(none), in C(note) why none.
  returned: success
  type: list
  elements: dict
  sample:
    - stack: us-east-1/llm-marketplace-dev-postgresql
      region: us-east-1
      resource: Database
      type: AWS::RDS::DBInstance
      source: llm-marketplace-dev
      snapshot: llm-marketplace-dev-teardown-20260102t030405
      arn: arn:aws:rds:us-east-1:123456789012:snapshot:llm-marketplace-dev-teardown-20260102t030405
      status: available
      size: 20 GiB
      action: taken
      note: ""
plan:
  description: Steps for callback P(llmops.platform.plan#callback).
  returned: success
  type: list
  elements: dict
  sample: []
calls:
  description: Number of calls of AWS, tries included.
  returned: success
  type: int
  sample: 31
mutating_calls:
  description: How many of them can change something, those for lock and journal included. A second run has none.
  returned: success
  type: int
  sample: 0
"""
