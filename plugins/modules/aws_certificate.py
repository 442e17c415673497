#!/usr/bin/python
# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of aws_certificate; the work is done by the action plugin of the same name."""

from __future__ import annotations

DOCUMENTATION = r"""
module: aws_certificate
short_description: A certificate of ACM that DNS validates
version_added: 1.0.0
author: llmops.platform contributors (@llmops)
description:
  - Requests a certificate once and finds it again by its tag. Its validation records are returned, for whoever holds the zone. They stay there, as ACM
    renews by them.
  - With O(wait) it is awaited. If it is not validated in time the task fails with the records that public DNS does not have; the next run goes on waiting
    for the same certificate.
  - For a zone that is delegated to Route 53 a stack can do the same. This is for all others, where a stack would stand still for days.
requirements:
  - botocore
options:
  name:
    description: What the certificate is for. A tag keeps it, so it is unique in the account and region.
    type: str
    required: true
  domain:
    description: First name.
    type: str
    required: true
  alternative_names:
    description: Further names, ten with the first.
    type: list
    elements: str
    default: []
  region:
    description: Region. CloudFront takes those of us-east-1 alone.
    type: str
    required: true
  tags:
    description: Further tags, for a new certificate.
    type: dict
    default: {}
  state:
    description: Whether there is one.
    type: str
    default: present
    choices: [present, absent]
  wait:
    description: Whether to wait until it is issued.
    type: bool
    default: false
  wait_timeout:
    description: Seconds to wait.
    type: int
    default: 1800
  poll_seconds:
    description: Seconds between two looks.
    type: float
    default: 10.0
  resolvers:
    description: >-
      Addresses, or C(address:port), of resolvers that are asked for missing records. If there are none, well-known public ones, then this machine's own.
    type: list
    elements: str
    default: []
attributes:
  check_mode:
    support: full
extends_documentation_fragment:
  - llmops.platform.api_action
seealso:
  - module: llmops.platform.dns_records
"""

EXAMPLES = r"""
- name: Request a certificate
  llmops.platform.aws_certificate:
    name: cloudtolocalllm/dev
    domain: dev.cloudtolocalllm.online
    alternative_names: ["*.dev.cloudtolocalllm.online"]
    region: us-east-1
  register: requested

- name: Prove the domain
  llmops.platform.dns_records:
    provider: cloudflare
    zone: cloudtolocalllm.online
    owner: cloudtolocalllm/dev
    records: "{{ requested.certificate.records }}"
    purge: false
"""

RETURN = r"""
certificate:
  description: The certificate. C(arn) is V((known after apply)) where only the real run makes it.
  returned: always
  type: dict
  sample:
    arn: arn:aws:acm:us-east-1:123456789012:certificate/6f8a3c10-0000-4000-8000-000000000000
    status: issued
    records:
      - {name: _3f2a.dev.cloudtolocalllm.online, type: CNAME, values: [_9b1c.acm-validations.aws], ttl: 300}
plan:
  description: What differs as steps of a plan, which callback P(llmops.platform.plan#callback) prints.
  returned: always
  type: list
  elements: dict
  sample:
    - {action: create, what: "certificate cloudtolocalllm/dev (dev.cloudtolocalllm.online) in us-east-1", fields: [], note: validated by DNS}
"""
