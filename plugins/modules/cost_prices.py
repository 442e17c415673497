#!/usr/bin/python
# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of cost_prices; the work is done by the action plugin of the same name."""

from __future__ import annotations

DOCUMENTATION = r"""
module: cost_prices
short_description: Bring the price table up to date from the AWS Price List
version_added: 1.0.0
author: llmops.platform contributors (@llmops)
description:
  - Asks the AWS Price List API for each SKU of the price table, with filters that leave one product, and writes its on-demand price, its date and where it is
    from into the file that holds the SKU.
  - No product, several products, several terms, another unit or currency, a price of 0 and tiers with a gap are errors that name the SKU and what was found.
    The first of several is never taken. All such errors are told in one run, and with any of them no file is changed.
  - A file is replaced as a whole; what it was before is kept in the subdirectory C(previous).
  - SKUs that nobody has written down how to ask for, and those of other providers, keep their records and are named in RV(kept).
  - Only the call GetProducts, which costs nothing.
  - Environment variables of the keyword C(environment) count, as for a module of C(amazon.aws).
requirements:
  - botocore
  - PyYAML
options:
  path:
    description: Directory of the price table, of files C(*.yml). The one that the role C(cost) reads is C(files/prices) below it.
    type: path
    required: true
  skus:
    description: SKUs to ask for, each of them in the table. Without any, all that can be asked for.
    type: list
    elements: str
    default: []
  regions:
    description: Regions whose prices are asked for. One that the table does not have yet gets records of its own.
    type: list
    elements: str
    default: [us-east-1]
  endpoint_region:
    description: Region whose endpoint of the Price List is asked. Each knows the prices of all regions.
    type: str
    choices: [us-east-1, eu-central-1, ap-south-1]
    default: us-east-1
  endpoint_url:
    description: Address that is asked instead.
    type: str
    default: ""
  attempts:
    description: How often a request is made before a Price List that is too busy, or out of order, ends the task. The waits between them grow.
    type: int
    default: 8
  timeout:
    description: Seconds that each request may take.
    type: float
    default: 20.0
extends_documentation_fragment:
  - llmops.platform.api_action
attributes:
  diff_mode:
    support: full
"""

EXAMPLES = r"""
- name: See what has become dearer
  llmops.platform.cost_prices:
    path: "{{ playbook_dir }}/../roles/cost/files/prices"
  check_mode: true
  diff: true

- name: Give the standby region prices of its own
  llmops.platform.cost_prices:
    path: "{{ playbook_dir }}/../roles/cost/files/prices"
    skus: [aws/ec2/t3.xlarge, aws/nat/hour]
    regions: [us-west-2]
"""

RETURN = r"""
rows:
  description: What was asked, by SKU and region. C(change) is C(same), C(changed) or C(added); C(before) and C(after) are C(usd) or C(tiers), decimal text.
  returned: success
  type: list
  elements: dict
  sample:
    - {sku: aws/nat/hour, region: us-east-1, change: same, before: {usd: "0.045"}, after: {usd: "0.045"}}
kept:
  description: SKUs of AWS whose records stay as they are, as nobody has written down how to ask for them. Empty with O(skus).
  returned: success
  type: list
  elements: str
  sample: [aws/rds/extended-support, aws/route53/zone]
files:
  description: Files that were, or in check mode would be, replaced.
  returned: success
  type: list
  elements: str
  sample: [/srv/platform/roles/cost/files/prices/aws-transfer.yml]
printed:
  description: The difference in lines for people.
  returned: success
  type: list
  elements: str
  sample:
    - "changed aws/nat/hour in us-east-1: 0.045 USD -> 0.048 USD"
    - 260 asked, 1 other than before, 41 kept as nobody knows how to ask for them
calls:
  description: Number of requests that were answered.
  returned: always
  type: int
  sample: 260
problems:
  description: Why nothing was changed, one text per SKU.
  returned: failure
  type: list
  elements: str
  sample: ["aws/nat/hour in us-east-1: 2 products of AmazonEC2 match productFamily=NAT Gateway; there has to be one"]
"""
