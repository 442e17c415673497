#!/usr/bin/python
# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of cost_report; the work is done by the action plugin of the same name."""

from __future__ import annotations

DOCUMENTATION = r"""
module: cost_report
short_description: Writes the reports of estimates and holds them against budget and baseline
version_added: 1.0.0
author: llmops.platform contributors (@llmops)
description:
  - >-
    Writes into a folder for each platform and environment C(report.txt), C(report.md), C(report.html), C(infracost.json), C(focus.csv) and C(estimate.json),
    and of several that are billed the same for all together in C(all).
  - C(history.json) of a folder keeps what its reports came to, one entry a date and at most 366, for the trend and what has changed since the last report.
  - A file that is as it should be is left alone.
  - What passes its budget or grows too much is said in RV(problems); the task does not fail for it.
options:
  documents:
    description: What module M(llmops.platform.cost_bill) found.
    type: list
    elements: dict
    required: true
  directory:
    description: Folder of the reports.
    type: path
    required: true
  formats:
    description: Reports to write, some of V(table), V(markdown), V(infracost), V(focus) and V(html). C(estimate.json) always is.
    type: list
    elements: str
    default: [table, markdown, infracost, focus, html]
  actuals:
    description: What module M(llmops.platform.cost_actuals) found, by the name of the document it belongs to.
    type: dict
extends_documentation_fragment:
  - llmops.platform.api_action
"""

EXAMPLES = r"""
- name: Estimate the inventory in use
  llmops.platform.cost_bill:
  register: bill
  run_once: true

- name: Write the reports
  llmops.platform.cost_report:
    documents: "{{ bill.documents }}"
    directory: reports/cost
  run_once: true
"""

RETURN = r"""
directory:
  description: Folder of the reports.
  returned: always
  type: str
  sample: reports/cost
files:
  description: Files that were written, below the folder; in check mode those that would be.
  returned: always
  type: list
  elements: str
  sample: [llm-marketplace-production/report.html]
problems:
  description: What passes its budget or grows too much.
  returned: always
  type: list
  elements: dict
  sample:
    - estimate: cloudtolocalllm-dev
      name: over_budget
      message: the estimate of $312.40 a month passes the budget of $300.00 by $12.40
estimates:
  description: >-
    The sums of each estimate in USD, in full precision, null where nothing was counted; C(missing) names the SKUs without a price, C(undeclared) the
    figures of C(cost_usage) without which lines have no data.
    Environment C(local) is not C(billed); its figures are what the same would cost at the provider.
  returned: always
  type: dict
  sample:
    cloudtolocalllm-dev:
      list: "312.4"
      contracted: "312.4"
      effective: {minimum: "251.44", expected: "312.4", maximum: "373.36"}
      budget: "300.00"
      run_by_others: []
      billed: true
      missing: []
      undeclared: [nat_gb]
"""
