#!/usr/bin/python
# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of inventory_check; the work is done by the action plugin of the same name."""

from __future__ import annotations

DOCUMENTATION = r"""
module: inventory_check
short_description: Judges all variables of all hosts of an inventory before anything is touched
version_added: 1.0.0
author: llmops.platform contributors (@llmops)
description:
  - Resolves the variables of every host and compares them with the contract of the roles, down to every leaf.
  - >-
    Finds wrong types, unknown variables and keys, numbers out of range, malformed schedules, durations, versions and addresses,
    templates that cannot be resolved, unknown platforms, production without a standby region, address ranges that overlap,
      and services that contradict themselves.
  - Fails with all problems at once, sorted, one line each. Lookups are not evaluated, secrets are not printed.
  - Variables whose name begins with an underscore are the inventory's own and are not judged.
options:
  inventories:
    description: Inventories to judge, each by itself. Defaults to the one in use.
    type: list
    elements: path
  specs:
    description:
      - Files that make the contract. Defaults to those of this collection.
      - >-
        Each is an argument spec of a role, or a map of roles to C({options, entry_points}) in the same shape.
        There an option may also have C(minimum), C(maximum), C(format), C(values) (the shape of each value of a map, or of each element of a list)
        and C(entry_point) (the shape is that entry point).
    type: list
    elements: path
extends_documentation_fragment:
  - llmops.platform.api_action
"""

EXAMPLES = r"""
- name: Judge the inventory in use
  llmops.platform.inventory_check:
  run_once: true

- name: Judge two inventories together
  llmops.platform.inventory_check:
    inventories:
      - inventories/staging.yml
      - inventories/production.yml
  run_once: true
"""

RETURN = r"""
problems:
  description: What is wrong, sorted by file and line.
  returned: always
  type: list
  elements: dict
  sample:
    - file: inventories/group_vars/dev.yml
      line: 7
      hosts: [llm_marketplace_dev_primary]
      variable: network_nat
      value: "'singel'"
      problem: is none of single, per_az
      remedy: did you mean single?
      message: "inventories/group_vars/dev.yml:7: network_nat ('singel') is none of single, per_az; did you mean single? [llm_marketplace_dev_primary]"
hosts:
  description: Number of hosts that were judged.
  returned: always
  type: int
  sample: 25
seconds:
  description: How long it took.
  returned: always
  type: float
  sample: 2.5
processor_seconds:
  description: How much of it was the processor's time, which does not depend on what else the machine does.
  returned: always
  type: float
  sample: 2.3
"""
