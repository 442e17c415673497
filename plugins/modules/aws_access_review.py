#!/usr/bin/python
# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of aws_access_review; the work is done by the action plugin of the same name."""

from __future__ import annotations

DOCUMENTATION = r"""
module: aws_access_review
short_description: Review who may do what in an AWS account
version_added: 1.0.0
author: llmops.platform contributors (@llmops)
description:
  - Reads roles, users, groups, policies, the credential report and the trails of an account and tells what is unused, too wide, too old or open.
    Changes nothing at AWS; asking for the credential report has AWS write one for itself.
  - The result and the files hold names, ages and policies' words, no key and no secret.
  - Figures are labelled C(measured) where AWS itself answered, C(contract) where the endpoint stands in for it.
requirements:
  - botocore
options:
  account:
    description: The account, twelve digits. Credentials of another one are refused before anything is read.
    type: str
    required: true
  region:
    description: Region whose endpoints are asked for who calls and for trails. IAM is the same in all.
    type: str
    required: true
  date:
    description: The day of the review, C(YYYY-MM-DD). Ages count to it; with the same day and account the report is the same.
    type: str
    required: true
  unused_days:
    description: Days after which a role that nobody took is a finding. IAM remembers 400.
    type: int
    default: 90
  key_days:
    description: Days after which an access key is a finding.
    type: int
    default: 90
  trail:
    description: Whether the account has to record sign-ins in all regions.
    type: bool
    default: true
  accepted:
    description: "Findings that somebody answers for, by any name, each C({kind, subject, reason, until}). After C(until) they count again."
    type: dict
    default: {}
  json_file:
    description: Where the report is written as JSON; nowhere without it. The folder is made.
    type: path
  markdown_file:
    description: Where it is written as Markdown.
    type: path
  fail_on:
    description: Fails, with the files written, where a finding is as bad as this, or worse.
    type: str
    choices: [none, low, medium, high, critical]
    default: none
extends_documentation_fragment:
  - llmops.platform.api_action
"""

EXAMPLES = r"""
- name: Review the account
  llmops.platform.aws_access_review:
    account: "123456789012"
    region: us-east-1
    date: "2026-11-21"
    json_file: .local/reports/access/123456789012.json
    markdown_file: .local/reports/access/123456789012.md
    fail_on: high
"""

RETURN = r"""
report:
  description:
    - What was found, worst first. C(kind) is V(unused_role), V(unused_policy), V(wide_policy), V(open_trust), V(old_key), V(unused_key), V(no_mfa), V(root_key)
      or V(no_trail). C(figures) are C({value, label, source}), C(unknown) says what could not be read.
  returned: success, and where O(fail_on) is reached
  type: dict
  sample:
    account: "123456789012"
    date: "2026-11-21"
    label: measured
    words: "Findings: 0 critical, 1 high, 0 medium, 0 low. The figures are measured at AWS."
    findings: [{severity: high, kind: old_key, subject: user/deploy, detail: access key 1 is 200 days old, remedy: rotate it}]
    accepted: []
    figures:
      roles: {value: 12, label: measured, source: GetAccountAuthorizationDetails}
    unknown: []
files:
  description: Files of the report.
  returned: success, and where O(fail_on) is reached
  type: list
  elements: str
  sample: [.local/reports/access/123456789012.json]
"""
