#!/usr/bin/python
# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of aws_teardown_info; the work is done by the action plugin of the same name."""

from __future__ import annotations

DOCUMENTATION = r"""
module: aws_teardown_info
short_description: What of a deployment is at AWS, and what is to become of it
version_added: 1.0.0
author: llmops.platform contributors (@llmops)
description:
  - Lists the stacks that bear the deployment's tags, also those that no role renders any more, and the resources in them that hold data. Nothing is written.
  - A stack needs another one if its declaration says so, or, where there is none, if a parameter has the other's output as its value.
  - Databases and caches go after a snapshot, all else that holds data stays unless it is named.
    What stays and stands in the deployment's network keeps its own stack and all that it needs.
  - C(problems) names what stops a teardown before anything is done. That is protection which nobody lifted by name, a key that kept data needs,
    a node group which no stack of the deployment made, a stack that only a person can bring on.
  - Environment variables of the keyword C(environment) count, as for a module of C(amazon.aws).
requirements:
  - botocore
options:
  deployment:
    description: Its name in messages.
    type: str
    required: true
  account:
    description: The account that it is in. With credentials of another one the task fails.
    type: str
    required: true
  regions:
    description: Regions to look at.
    type: list
    elements: str
    required: true
  tags:
    description: Tags that all stacks of the deployment have, and no other one.
    type: dict
    required: true
  stacks:
    description: The stacks as roles render them, by C(region/stack name), see M(llmops.platform.aws_stacks).
    type: dict
    default: {}
  state_stack:
    description: Key of the stack with the state bucket, which goes last and apart.
    type: str
    default: ""
  keep:
    description: Resources with data that stay, as C(stack name/LogicalId).
    type: list
    elements: str
    default: []
  delete:
    description: Resources that may be deleted although they are protected, or of a kind that stays otherwise.
    type: list
    elements: str
    default: []
  without_snapshot:
    description: Databases and caches that go without a snapshot.
    type: list
    elements: str
    default: []
  parallel:
    description: Number of calls at once.
    type: int
    default: 10
extends_documentation_fragment:
  - llmops.platform.api_action
seealso:
  - module: llmops.platform.aws_stacks
  - module: llmops.platform.aws_snapshot
  - module: llmops.platform.aws_data_removal
  - module: llmops.platform.aws_orphans_info
"""

EXAMPLES = r"""
- name: Look at what would go
  llmops.platform.aws_teardown_info:
    deployment: llm_marketplace/dev
    account: "123456789012"
    regions: [us-east-1]
    tags: {platform: llm_marketplace, environment: dev}
    delete: [llm-marketplace-dev-storage/Assets]
  register: found
"""

RETURN = r"""
account:
  description: The account of the credentials.
  returned: success
  type: str
  sample: "123456789012"
graph:
  description: The stacks to delete, as O(llmops.platform.aws_stacks#module:stacks) with V(absent) takes them. Their templates only tell how long it may take.
  returned: success
  type: dict
  sample: {}
order:
  description: Their keys, the first to go first.
  returned: success
  type: list
  elements: str
  sample: [us-east-1/llm-marketplace-dev-registry, us-east-1/llm-marketplace-dev-encryption]
state:
  description: The stack with the state bucket in the same shape, empty where there is none.
  returned: success
  type: dict
  sample: {}
networks:
  description: VPCs that these stacks have made.
  returned: success
  type: list
  elements: str
  sample: [vpc-0a1b2c3d]
state_data:
  description: The bucket and the key in it, for M(llmops.platform.aws_data_removal).
  returned: success
  type: list
  elements: dict
  sample: []
data:
  description: What holds data, with C(action) V(snapshot) (taken first, then deleted), V(delete) or V(keep), and C(why).
  returned: success
  type: list
  elements: dict
  sample:
    - stack: us-east-1/llm-marketplace-dev-postgresql
      region: us-east-1
      resource: Database
      type: AWS::RDS::DBInstance
      id: llm-marketplace-dev
      protected: false
      action: snapshot
      why: ""
kept:
  description: Stacks that stay, each with the reason.
  returned: success
  type: dict
  sample: {}
clusters:
  description: Control planes of EKS in these stacks.
  returned: success
  type: list
  elements: dict
  sample: []
undeclared:
  description: Stacks that bear the tags and are not in O(stacks).
  returned: success
  type: list
  elements: str
  sample: []
problems:
  description: What stands against beginning, each with its remedy.
  returned: success
  type: list
  elements: str
  sample: []
calls:
  description: Number of calls of AWS, tries included.
  returned: success
  type: int
  sample: 31
"""
