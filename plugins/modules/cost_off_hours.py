#!/usr/bin/python
# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of cost_off_hours; the work is done by the action plugin of the same name."""

from __future__ import annotations

DOCUMENTATION = r"""
module: cost_off_hours
short_description: Let node groups and databases sleep, and wake them
version_added: 1.0.0
author: llmops.platform contributors (@llmops)
description:
  - Scales the node groups of a cluster to nothing and back to the sizes of before, stops and starts the database instances that bear given tags.
  - What was before is noted in the tag C(llmops.platform/asleep) of each before anything is changed, and the tag is taken away once all is back.
    A run that was killed is run again and goes on.
  - Sizes and states are operated properties. Stacks of what sleeps are left alone, see O(llmops.platform.aws_stacks#module:asleep).
  - Read replicas, instances with read replicas and members of a cluster are not stopped, and named. RDS starts a stopped instance by itself after seven days;
    the next run stops it again.
  - Environment variables of the keyword C(environment) count, as for a module of C(amazon.aws).
requirements:
  - botocore
options:
  state:
    description:
      - V(asleep) and V(awake) bring it about and wait for it.
      - V(scheduled) is the one of both that O(schedule) says for this moment.
      - V(read) changes nothing and says what sleeps.
    type: str
    choices: [read, asleep, awake, scheduled]
    default: read
  schedule:
    description:
      - For O(state=scheduled), text such as C(off=(M-F,19);on=(M-F,7);tz=Europe/Berlin), or a map with C(scale_down) and C(scale_up) as cron and C(timezone).
    type: raw
  region:
    description: Region of the cluster and the databases.
    type: str
    required: true
  cluster_name:
    description: The EKS cluster whose node groups are meant. Empty for none; one that does not exist has none.
    type: str
    default: ""
  tags:
    description: Databases are those that bear all of these tags.
    type: dict
    required: true
  poll_seconds:
    description: Pause between two looks.
    type: float
    default: 15.0
  timeout_minutes:
    description: How long to wait for one node group or database.
    type: float
    default: 60.0
attributes:
  check_mode:
    support: full
  diff_mode:
    support: none
extends_documentation_fragment:
  - llmops.platform.api_action
seealso:
  - module: llmops.platform.aws_stacks
"""

EXAMPLES = r"""
- name: Sleep until somebody wakes it
  llmops.platform.cost_off_hours:
    state: asleep
    region: us-east-1
    cluster_name: llm-marketplace-dev-eks
    tags: {platform: llm_marketplace, environment: dev}

- name: Do as the clock says
  llmops.platform.cost_off_hours:
    state: scheduled
    schedule: off=(M-F,19);on=(M-F,7);tz=Europe/Berlin
    region: us-east-1
    cluster_name: llm-marketplace-dev-eks
    tags: {platform: llm_marketplace, environment: dev}
"""

RETURN = r"""
state:
  description: What was brought about, or V(read).
  returned: success
  type: str
  sample: asleep
resources:
  description:
    - What became of each. C(kind) is V(node_group) or V(database); C(action) V(unchanged), V(slept), V(woken) or V(skipped).
      C(note) is what stands in the tag, or why it is skipped. C(stack) is the stack of what sleeps, empty where it is of none.
  returned: success
  type: list
  elements: dict
  sample:
    - {kind: node_group, name: general-1a2b3c, region: us-east-1, stack: shop-dev-nodes-general-1a2b3c, asleep: true, action: slept,
       note: min=3 desired=4 since=2026-06-05T19:00:00+00:00}
asleep:
  description: Keys of the stacks whose resources sleep, as C(region/name).
  returned: success
  type: list
  elements: str
  sample: [us-east-1/shop-dev-nodes-general-1a2b3c]
calls:
  description: Number of calls of AWS.
  returned: success
  type: int
  sample: 7
"""
