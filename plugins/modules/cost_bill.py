#!/usr/bin/python
# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of cost_bill; the work is done by the action plugin of the same name."""

from __future__ import annotations

DOCUMENTATION = r"""
module: cost_bill
short_description: Estimates what the deployments of inventories cost a month
version_added: 1.0.0
author: llmops.platform contributors (@llmops)
description:
  - >-
    Resolves the variables of every host with the defaults of all roles beneath, makes the bill of materials of each, and prices it,
    discounts and commitments included.
  - Hosts of one platform and environment are one estimate, as they share terms and a budget.
  - Nothing is looked up and no cloud is called. Secrets are not read. The same inventories, prices and O(as_of) give the same result, byte by byte.
  - What has no price makes an estimate incomplete and is named in it.
options:
  inventories:
    description: Inventories to estimate, each by itself. Defaults to the one in use.
    type: list
    elements: path
  hosts:
    description: Hosts to estimate. Defaults to all.
    type: list
    elements: str
  limit:
    description: A pattern of hosts as C(ansible-playbook --limit) takes it, for each inventory. Defaults to all.
    type: str
  as_of:
    description: The ISO date that versions are judged and the age of prices is counted by. Defaults to today, in UTC.
    type: str
  prices:
    description: Folder of the price table. Defaults to that of role P(llmops.platform.cost#role).
    type: path
extends_documentation_fragment:
  - llmops.platform.api_action
"""

EXAMPLES = r"""
- name: Estimate the inventory in use
  llmops.platform.cost_bill:
  run_once: true

- name: Estimate two inventories as of a day
  llmops.platform.cost_bill:
    inventories:
      - inventories/staging.yml
      - inventories/production.yml
    as_of: "2026-07-31"
  run_once: true
"""

RETURN = r"""
as_of:
  description: The date of the estimates.
  returned: always
  type: str
  sample: "2026-07-31"
documents:
  description:
    - One entry for each platform and environment, sorted. Money is US dollars as decimal text.
    - C(estimate) holds the lines with their prices, the totals by list, contract and effect, each minimum, expected and maximum, and what is missing.
  returned: always
  type: list
  elements: dict
  sample:
    - name: llm-marketplace-production
      platform: llm_marketplace
      environment: production
      hosts: [llm_marketplace_production_primary, llm_marketplace_production_standby]
      generated: "2026-07-31"
      budget: {limit: "3000.00", target: "1800.00"}
problems:
  description: What keeps hosts or estimates from being made.
  returned: always
  type: list
  elements: str
  sample: ["shop_dev_primary: cluster_pools.system.maximum is -1; give 0 to 1000000"]
"""
