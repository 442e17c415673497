#!/usr/bin/python
# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of aws_stacks_info; the work is done by the action plugin of the same name."""

from __future__ import annotations

DOCUMENTATION = r"""
module: aws_stacks_info
short_description: Outputs, state and drift of CloudFormation stacks
version_added: 1.0.0
author: llmops.platform contributors (@llmops)
description:
  - Reads stacks by one call each. One that does not exist is no error, it has C(exists=false) and no outputs.
  - With O(drift) CloudFormation compares every resource with its template. That detection is started by this module, nothing else is written.
  - Environment variables of the keyword C(environment) count, as for a module of C(amazon.aws).
requirements:
  - botocore
options:
  stacks:
    description:
      - The stacks by any key, each with C(name) and C(region). The graph of M(llmops.platform.aws_stacks) may be given as it is.
      - C(operated) lists properties as C(LogicalId.Path) that operations change. A difference in them is no drift.
    type: dict
    required: true
  drift:
    description: Whether to look for changes that were made outside CloudFormation.
    type: bool
    default: false
  poll_seconds:
    description: Longest pause between two looks at a detection of drift, in seconds.
    type: float
    default: 5.0
  parallel:
    description: Number of calls at once.
    type: int
    default: 10
extends_documentation_fragment:
  - llmops.platform.api_action
seealso:
  - module: llmops.platform.aws_stacks
"""

EXAMPLES = r"""
- name: Read the network's identifiers
  llmops.platform.aws_stacks_info:
    stacks:
      network: {name: llm-marketplace-production-network, region: us-east-1}
  register: found

- name: Look for changes that nobody declared
  llmops.platform.aws_stacks_info:
    stacks: "{{ platform_stacks }}"
    drift: true
"""

RETURN = r"""
stacks:
  description:
    - What was found by key. Of C(drift) every resource has a row with C(status) V(in sync), V(drifted), V(deleted) or V(not checked), in C(note) why not.
    - Values that look like secrets are shown as digests.
  returned: success
  type: dict
  sample:
    network:
      exists: true
      status: UPDATE_COMPLETE
      stack_id: arn:aws:cloudformation:us-east-1:123456789012:stack/llm-marketplace-production-network/6f8a3c10
      outputs: {VpcId: vpc-0a1b2c3d}
      parameters: {VpcCidr: 10.0.0.0/16}
      tags: {platform: llm-marketplace}
      drift:
        - resource: Vpc
          type: AWS::EC2::VPC
          id: vpc-0a1b2c3d
          status: drifted
          properties:
            - {path: EnableDnsHostnames, expected: "true", actual: "false"}
          note: ""
compared:
  description: Whether O(drift) was asked for. If not, all C(drift) is empty and says nothing.
  returned: success
  type: bool
  sample: true
plan:
  description: The drifted resources as steps of a plan, which callback P(llmops.platform.plan#callback) prints.
  returned: success
  type: list
  elements: dict
  sample:
    - action: update
      what: network/Vpc (AWS::EC2::VPC)
      fields: ["EnableDnsHostnames: false → true"]
      note: changed outside CloudFormation
calls:
  description: Number of calls of AWS, tries included.
  returned: success
  type: int
  sample: 1
"""
