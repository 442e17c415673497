#!/usr/bin/python
# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of traffic_split; the work is done by the action plugin of the same name."""

from __future__ import annotations

DOCUMENTATION = r"""
module: traffic_split
short_description: Shifts traffic between the stable and the new version of a service
version_added: 1.0.0
author: llmops.platform contributors (@llmops)
description:
  - Reads the weights of a VirtualService or HTTPRoute, or the track in the selector of a Service, and changes nothing but these,
    by a JSON patch that applies only to the version that was read.
  - Afterwards it waits until the proxies have them.
  - Weights that do not sum to 100, a route or subset that does not exist, and an object that somebody else edited are refused before anything is changed.
options:
  kind:
    description: What splits the traffic.
    type: str
    choices: [VirtualService, HTTPRoute, Service]
    default: VirtualService
  name:
    description: Its name.
    type: str
    required: true
  namespace:
    description: Its namespace.
    type: str
    required: true
  weights:
    description:
      - Weights by route, each C({stable, canary}) in percent. For a Service the only route is C(selector), and one of them is 100.
      - Empty only reads.
    type: dict
    default: {}
  names:
    description: Subsets (VirtualService) or backends (HTTPRoute) by track.
    type: dict
    default: {stable: stable, canary: canary}
  host:
    description: Host of the service as the proxies know it. Its DestinationRule must define the subsets.
    type: str
    default: ""
  mirror_percent:
    description: Percentage of requests that the canary gets a copy of, whose answers nobody sees.
    type: int
  managers:
    description: Field managers that may have set the weights before us.
    type: list
    elements: str
    default: [llmops-platform, llmops-release]
  take_over:
    description: Change the weights also where another field manager, or a person, set them last.
    type: bool
    default: false
  proxies:
    description: Admin addresses of the proxies to be asked. Without any the task waits O(settle_seconds).
    type: list
    elements: str
    default: []
  settle_seconds:
    description: Seconds that proxies are given which cannot be asked. Istio's control plane sends a change within seconds.
    type: int
    default: 10
  wait_timeout:
    description: Seconds until the asked proxies must have the weights.
    type: int
    default: 30
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  platform:
    support: full
    platforms: posix
extends_documentation_fragment:
  - ansible.builtin.action_common_attributes
  - llmops.platform.api_action
  - llmops.platform.k8s_connection
"""

EXAMPLES = r"""
- name: Send a tenth of the requests to the new version
  llmops.platform.traffic_split:
    name: consumption
    namespace: llm-marketplace
    host: consumption.llm-marketplace.svc.cluster.local
    weights:
      primary: {stable: 90, canary: 10}

- name: Read the weights
  llmops.platform.traffic_split:
    name: consumption
    namespace: llm-marketplace
  register: split
"""

RETURN = r"""
before:
  description: Weights by route before the task.
  returned: always
  type: dict
  sample: {primary: {stable: 100, canary: 0}}
after:
  description: Weights by route afterwards.
  returned: always
  type: dict
  sample: {primary: {stable: 90, canary: 10}}
confirmed_by:
  description: >-
    How it is known that the proxies have them, V(proxies) if they were asked, V(time) if they were only given time, V(nothing) if nothing was changed or asked.
  returned: always
  type: str
  sample: proxies
seconds:
  description: From the change until it was confirmed.
  returned: always
  type: float
  sample: 0.4
"""
