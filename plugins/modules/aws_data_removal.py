#!/usr/bin/python
# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of aws_data_removal; the work is done by the action plugin of the same name."""

from __future__ import annotations

DOCUMENTATION = r"""
module: aws_data_removal
short_description: Deletes what holds data and would stay when its stack goes
version_added: 1.0.0
author: llmops.platform contributors (@llmops)
description:
  - Deletes single resources by their own services and waits until they are gone, so that the network they stand in can follow.
  - A bucket is emptied first, with all versions and delete markers.
    A KMS key is scheduled with the longest window, 30 days, a secret with its window of recovery.
  - No snapshot is taken here, see M(llmops.platform.aws_snapshot). What is gone, or on its way, is left alone.
  - Environment variables of the keyword C(environment) count, as for a module of C(amazon.aws).
requirements:
  - botocore
options:
  unprotect:
    description: Resources, as C(stack name/LogicalId), whose deletion protection may be taken off. Others that have it are refused.
    type: list
    elements: str
    default: []
  timeout_minutes:
    description: Minutes until a deleted resource must be gone.
    type: float
    default: 120.0
attributes:
  check_mode:
    support: full
extends_documentation_fragment:
  - llmops.platform.api_action
  - llmops.platform.aws_teardown
seealso:
  - module: llmops.platform.aws_stacks
  - module: llmops.platform.aws_teardown_info
  - module: llmops.platform.aws_snapshot
  - module: llmops.platform.aws_orphans_info
"""

EXAMPLES = r"""
- name: Empty and delete one bucket
  llmops.platform.aws_data_removal:
    deployment: llm_marketplace/dev
    resources: "{{ found.data | selectattr('action', 'equalto', 'delete') }}"
    unprotect: [llm-marketplace-dev-postgresql/Database]
"""

RETURN = r"""
resources:
  description: One row each, with C(action) V(deleted), V(scheduled), V(unprotected) (a control plane, which goes with its stack) or V(absent).
  returned: success
  type: list
  elements: dict
  sample:
    - stack: us-east-1/llm-marketplace-dev-storage
      region: us-east-1
      resource: Assets
      type: AWS::S3::Bucket
      id: llm-marketplace-dev-assets
      action: deleted
      note: 12 objects and versions are deleted
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
