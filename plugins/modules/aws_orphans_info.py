#!/usr/bin/python
# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of aws_orphans_info; the work is done by the action plugin of the same name."""

from __future__ import annotations

DOCUMENTATION = r"""
module: aws_orphans_info
short_description: What bears a deployment's tags and is in no stack
version_added: 1.0.0
author: llmops.platform contributors (@llmops)
description:
  - Asks the Resource Groups Tagging API, and the services themselves for volumes, snapshots, network interfaces, security groups, load balancers,
    database snapshots, repositories and log groups, as tags are missing there or come late.
  - A resource belongs to the deployment by its tags, by those that controllers in its clusters set, and a log group or repository by its name.
  - Each has the reason why it is there, as far as its tags tell, and what it costs to keep. That is V(nothing) where AWS has no price for it, else V(no data).
  - A service that refuses its list is named in C(not_looked).
  - Environment variables of the keyword C(environment) count, as for a module of C(amazon.aws).
requirements:
  - botocore
options:
  regions:
    description: Regions to look at.
    type: list
    elements: str
    required: true
  tags:
    description: Tags of all that belongs to the deployment.
    type: dict
    default: {}
  clusters:
    description: Names of its clusters, for what their controllers make.
    type: list
    elements: str
    default: []
  prefixes:
    description: Beginnings of names of log groups and repositories that are its own.
    type: list
    elements: str
    default: []
  networks:
    description: VPCs whose inhabitants are its own, whatever their tags.
    type: list
    elements: str
    default: []
  kinds:
    description:
      - Which kinds to look for, all of them if empty, V(tagged) for what the Tagging API finds.
      - The others are V(volume), V(snapshot), V(network interface), V(security group), V(load balancer), V(database snapshot), V(repository) and V(log group).
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
  - module: llmops.platform.aws_teardown_info
  - module: llmops.platform.aws_snapshot
  - module: llmops.platform.aws_data_removal
"""

EXAMPLES = r"""
- name: Find load balancers that nobody has deleted
  llmops.platform.aws_orphans_info:
    regions: [us-east-1]
    clusters: [llm-marketplace-dev]
    kinds: [load balancer]
  register: found
"""

RETURN = r"""
orphans:
  description: What was found.
  returned: success
  type: list
  elements: dict
  sample:
    - kind: volume
      region: us-east-1
      id: vol-0a1b2c3d
      arn: arn:aws:ec2:us-east-1:123456789012:volume/vol-0a1b2c3d
      name: ""
      why: volume of claim shop/database, kept by the policy of its PersistentVolume
      cost: no data
      tags: {kubernetes.io/created-for/pvc/name: database}
not_looked:
  description: Lists that a service refused, with its words.
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
