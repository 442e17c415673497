#!/usr/bin/python
# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of dns_records; the work is done by the action plugin of the same name."""

from __future__ import annotations

DOCUMENTATION = r"""
module: dns_records
short_description: Records of a zone at Route 53 or Cloudflare
version_added: 1.0.0
author: llmops.platform contributors (@llmops)
description:
  - Reads the zone, compares it with what is declared, and writes what differs, in as few calls as the provider allows.
  - Every record that it makes has a mark beside it, a TXT record C(_llmops-<type>.<name>) that names O(owner). What carries no mark of this owner is
    never changed or deleted. Where such a record stands in the way, nothing at all is written and the task fails with its name.
  - Record and mark are written together, in one batch that is done as a whole or not at all.
  - Both providers take the same data. DNS at Cloudflare knows no routing, there the set with C(failover) V(primary) alone is published, and an alias is a
    CNAME. C(region) and C(weight) are refused there.
  - A call that gets no answer is not sent again blindly. The zone is read again, and what is still missing is written.
requirements:
  - botocore, for O(provider=route53)
options:
  provider:
    description: Who holds the zone.
    type: str
    required: true
    choices: [route53, cloudflare]
  zone:
    description: Name of the zone.
    type: str
    required: true
  zone_id:
    description: >-
      The zone's id at the provider; if not given it is looked up by name. In check mode V((known after apply)) says that only the real run makes the zone.
    type: str
    default: ""
  owner:
    description: Whose records these are, such as platform and environment. Two owners share a zone without touching each other's records.
    type: str
    required: true
  records:
    description: The records. Those of one name, type and set identifier are one entry.
    type: list
    elements: dict
    default: []
    suboptions:
      name:
        description: Full name.
        type: str
        required: true
      type:
        description: Type.
        type: str
        required: true
        choices: [A, AAAA, CAA, CNAME, MX, NS, SRV, TXT]
      ttl:
        description: Seconds that others may keep it. Not for an alias.
        type: int
        default: 60
      values:
        description: Values, of TXT without quotes.
        type: list
        elements: str
        default: []
      alias:
        description: Name of what it points to, instead of values. The zone of a load balancer and of CloudFront is found by itself.
        type: dict
        suboptions:
          name:
            description: Name of the target.
            type: str
            required: true
          zone_id:
            description: Zone of the target at Route 53.
            type: str
          evaluate_health:
            description: Whether an unhealthy target is not answered with.
            type: bool
            default: false
      set_identifier:
        description: Which of several sets of one name and type it is, such as the region.
        type: str
        default: ""
      failover:
        description: Answered while healthy, or instead.
        type: str
        choices: [primary, secondary]
      region:
        description: Routing by latency, the region it is near to.
        type: str
      weight:
        description: Routing by weight.
        type: int
      health_check_id:
        description: Health check of Route 53.
        type: str
      proxied:
        description: Whether Cloudflare's proxy stands before it. Not at Route 53.
        type: bool
        default: false
  state:
    description: V(absent) deletes all records of O(owner) in the zone, whatever O(records) says.
    type: str
    default: present
    choices: [present, absent]
  purge:
    description: Whether records of O(owner) that are not declared any more are deleted.
    type: bool
    default: true
  take_over:
    description: Names whose records become O(owner)'s, whoever made them.
    type: list
    elements: str
    default: []
  wait:
    description: Whether to wait until all of Route 53's name servers have the change.
    type: bool
    default: false
  wait_timeout:
    description: Seconds to wait for that.
    type: int
    default: 300
  cloudflare_token:
    description: >-
      API token with the permissions Zone:Read and DNS:Edit for the zone. If not given, environment variable E(CLOUDFLARE_API_TOKEN) is used. It is never shown.
    type: str
  cloudflare_url:
    description: Where Cloudflare's API is. Anything but https is refused, except on this machine.
    type: str
    default: https://api.cloudflare.com/client/v4
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
extends_documentation_fragment:
  - llmops.platform.api_action
seealso:
  - module: llmops.platform.aws_certificate
"""

EXAMPLES = r"""
- name: Let two regions fail over
  llmops.platform.dns_records:
    provider: route53
    zone: marketplace.example.com
    owner: llm-marketplace/production
    records:
      - name: marketplace.example.com
        type: A
        alias: {name: k8s-ingress-1a2b.elb.us-east-1.amazonaws.com, evaluate_health: true}
        set_identifier: us-east-1
        failover: primary
        health_check_id: "{{ edge_outputs.HealthCheckUsEast1Id }}"
      - name: marketplace.example.com
        type: A
        alias: {name: k8s-ingress-3c4d.elb.us-west-2.amazonaws.com, evaluate_health: true}
        set_identifier: us-west-2
        failover: secondary

- name: Leave nothing behind
  llmops.platform.dns_records:
    provider: cloudflare
    zone: cloudtolocalllm.online
    owner: cloudtolocalllm/dev
    state: absent
"""

RETURN = r"""
records:
  description: Number of declared records, as the provider has them.
  returned: success
  type: int
  sample: 4
plan:
  description: What differs as steps of a plan, which callback P(llmops.platform.plan#callback) prints. Empty where nothing does.
  returned: success
  type: list
  elements: dict
  sample:
    - action: update
      what: DNS A marketplace.example.com (us-east-1) at Route 53
      fields: ["failover: secondary → primary"]
      note: ""
"""
