#!/usr/bin/python
# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of cost_actuals; the work is done by the action plugin of the same name."""

from __future__ import annotations

DOCUMENTATION = r"""
module: cost_actuals
short_description: What a month did cost, by AWS Cost Explorer
version_added: 1.0.0
author: llmops.platform contributors (@llmops)
description:
  - Asks Cost Explorer for the costs of a period by service and type of charge, by tag and service, and by service and usage type.
  - Credits, refunds and tax are told apart and are in no service's figure. Discounts are in them.
  - What was not answered is null and has a problem that is named; it never counts as zero.
  - Each request, every page of one included, costs 0.01 US dollars, at the real AWS. The number is in the result and printed. Answers are kept on disk.
  - Only the call GetCostAndUsage.
  - Environment variables of the keyword C(environment) count, as for a module of C(amazon.aws).
requirements:
  - botocore
options:
  start:
    description: First day, for example V(2026-10-01). With O(end) it replaces the last month that is over in UTC.
    type: str
  end:
    description: First day that is no longer meant.
    type: str
  as_of:
    description: Time that the period and the age of kept answers are judged by, with its zone, for example V(2026-11-21T14:00:00Z). Defaults to now.
    type: str
  granularity:
    description: Steps of RV(trend).
    type: str
    choices: [MONTHLY, DAILY]
    default: MONTHLY
  metric:
    description: Which of Cost Explorer's figures.
    type: str
    choices: [UnblendedCost, AmortizedCost, BlendedCost, NetUnblendedCost, NetAmortizedCost]
    default: UnblendedCost
  currency:
    description: Currency that the figures must be in. Nothing is converted; another one is a problem and no data.
    type: str
    default: USD
  filter:
    description: A filter expression of Cost Explorer that every call has.
    type: dict
    default: {}
  tag:
    description: Cost allocation tag by which costs are told apart; empty for none.
    type: str
    default: ""
  tag_value:
    description: The value of O(tag) whose costs RV(services) and RV(usage) are; empty for the whole account.
    type: str
    default: ""
  narrow_tags:
    description: "Further tags that tagged costs must bear, for example C({environment: production}). One more call, for what bears no O(tag)."
    type: dict
    default: {}
  expected_services:
    description: Names of services that have to be in the answer, for example those of an estimate. What is not there is null.
    type: list
    elements: str
    default: []
  usage:
    description: Whether to ask for quantities by usage type, of which a variance tells its causes.
    type: bool
    default: true
  account:
    description: Account that is asked. It is a part of what a kept answer is found by.
    type: str
    default: ""
  cache_directory:
    description: Where answers are kept, in files that nobody else can read. Empty to keep none and pay for each run.
    type: str
    default: ""
  cache_hours:
    description: Hours until a kept answer is asked for again. Cost Explorer has new figures once a day.
    type: int
    default: 24
  most_calls:
    description: Paid calls that a run may make; it ends with an error at more.
    type: int
    default: 20
  timeout:
    description: Seconds that each call may take.
    type: float
    default: 60.0
extends_documentation_fragment:
  - llmops.platform.api_action
"""

EXAMPLES = r"""
- name: Read what the platform did cost last month
  llmops.platform.cost_actuals:
    tag: platform
    tag_value: llm_marketplace
    narrow_tags: {environment: production}
    cache_directory: "{{ playbook_dir }}/.local/cost"
  register: actuals
"""

RETURN = r"""
period:
  description: C(start), C(end) (exclusive) and C(complete), whether it is whole months that have been over for a day.
  returned: success
  type: dict
  sample: {start: "2026-10-01", end: "2026-11-01", complete: true}
currency:
  description: Of all amounts.
  returned: success
  type: str
  sample: USD
scope:
  description: Whose figures these are.
  returned: success
  type: dict
  sample: {tag: platform, value: llm_marketplace, narrow: {environment: production}}
services:
  description: Amounts by service, without credits, refunds and tax. Null for what was not answered.
  returned: success
  type: dict
  sample: {Amazon Elastic Container Service for Kubernetes: "73"}
account_services:
  description: The same of the whole account.
  returned: success
  type: dict
  sample: {Amazon Elastic Container Service for Kubernetes: "146"}
tagged:
  description: Amounts by value of the tag and service.
  returned: success
  type: dict
  sample: {llm_marketplace: {Amazon Elastic Container Service for Kubernetes: "73"}}
untagged:
  description: Amounts by service of what does not bear the tag; null where no tag was asked for.
  returned: success
  type: dict
  sample: {EC2 - Other: "32.85"}
usage:
  description: By service and usage type C(usd), C(quantity) and C(unit), without discounts; null where there is no answer.
  returned: success
  type: dict
  sample: {EC2 - Other: {NatGateway-Hours: {usd: "32.85", quantity: "730", unit: Hrs}}}
credits:
  description: Of the whole account; null where there is no data.
  returned: success
  type: str
  sample: "-25"
refunds:
  description: Of the whole account.
  returned: success
  type: str
  sample: "-2"
tax:
  description: Of the whole account.
  returned: success
  type: str
  sample: "12.40"
discounts:
  description: Discounts by service, which RV(services) have in them already.
  returned: success
  type: dict
  sample: {EC2 - Other: "-3.28"}
trend:
  description: The account's costs by time.
  returned: success
  type: list
  elements: dict
  sample: [{start: "2026-10-01", end: "2026-11-01", usd: "2958.40"}]
calls:
  description: Calls that were paid for, answers that were kept, refusals for too many calls, and what the paid ones cost.
  returned: success
  type: dict
  sample: {paid: 3, cached: 0, throttled: 0, usd: "0.03"}
data:
  description: V(measured), or V(no data) where no figure may be used.
  returned: success
  type: str
  sample: measured
problems:
  description:
    - What stands against the figures, each C({name, message}). Names are V(empty), V(unavailable), V(not_enabled), V(throttled), V(partial_month),
      V(settling), V(estimated), V(currency), V(tag_inactive), V(tag_value_missing), V(service_missing).
  returned: success
  type: list
  elements: dict
  sample: [{name: partial_month, message: "2026-11-01 to 2026-12-01 (exclusive, UTC) is not over"}]
"""
