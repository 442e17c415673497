#!/usr/bin/python
# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of aws_caller_check; the work is done by the action plugin of the same name."""

from __future__ import annotations

DOCUMENTATION = r"""
module: aws_caller_check
short_description: Stop unless the caller is of the expected AWS account
version_added: 1.0.0
author: llmops.platform contributors (@llmops)
description:
  - Asks AWS whose credentials are in use and fails where they are of another account than the inventory says. Changes nothing.
  - Credentials are found as by all modules of this collection. Where the environment variable E(LLMOPS_AWS_ROLE_ARN) is set, that role is taken with them
    first, and taken anew before its session ends.
requirements:
  - botocore
options:
  account:
    description: The account, twelve digits. Without it any is good, and only who calls is told.
    type: str
  region:
    description: Region whose endpoint is asked.
    type: str
    required: true
extends_documentation_fragment:
  - llmops.platform.api_action
"""

EXAMPLES = r"""
- name: Look who calls, and refuse another account
  llmops.platform.aws_caller_check:
    account: "{{ platform_account }}"
    region: "{{ platform_region }}"
"""

RETURN = r"""
account:
  description: The caller's account.
  returned: success
  type: str
  sample: "123456789012"
arn:
  description: The caller.
  returned: success
  type: str
  sample: arn:aws:sts::123456789012:assumed-role/shop-production-controller-123456789012-us-east-1/llmops-platform
credentials:
  description: Where the credentials come from, no secret, as in M(llmops.platform.aws_access_info).
  returned: success
  type: dict
  sample: {method: assume-role, renewed: true, expires: "2026-11-21T10:00:00+00:00", problem: null}
"""
