#!/usr/bin/python
# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of aws_access_info; the work is done by the action plugin of the same name."""

from __future__ import annotations

DOCUMENTATION = r"""
module: aws_access_info
short_description: Lifetime of AWS credentials, and which endpoints answer
version_added: 1.0.0
author: llmops.platform contributors (@llmops)
description:
  - Reads where botocore finds credentials and until when they last, and sends an unsigned GET to the endpoints of services in one region.
  - Environment variables of the keyword C(environment) count, as for a module of C(amazon.aws).
  - Credentials or endpoints that do not work are part of the answer, not a failure.
requirements:
  - botocore
options:
  region:
    description: The region of the endpoints.
    type: str
    required: true
  services:
    description: Names of services, as botocore calls them.
    type: list
    elements: str
    default: [sts]
  timeout:
    description: Seconds that an endpoint may take.
    type: float
    default: 5.0
extends_documentation_fragment:
  - llmops.platform.api_action
"""

EXAMPLES = r"""
- name: Look whether the run can reach AWS
  llmops.platform.aws_access_info:
    region: us-east-1
    services: [sts, cloudformation]
  register: access
"""

RETURN = r"""
credentials:
  description:
    - Where the credentials come from, no secret. C(renewed) says that botocore gets new ones by itself before they end.
    - C(expires) is null where nothing says it, C(problem) is null where the credentials can be used.
  returned: success
  type: dict
  sample: {method: env, renewed: false, expires: "2026-11-21T09:00:00+00:00", problem: null}
endpoints:
  description: The endpoint of each service, its latency with the TLS handshake, or why there was no answer.
  returned: success
  type: dict
  sample:
    sts: {url: "https://sts.us-east-1.amazonaws.com", milliseconds: 84.2, problem: null}
"""
