#!/usr/bin/python
# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of service_level_info; the work is done by the action plugin of the same name."""

from __future__ import annotations

DOCUMENTATION = r"""
module: service_level_info
short_description: Requests and errors of a service within a window
version_added: 1.0.0
author: llmops.platform contributors (@llmops)
description:
  - Asks Prometheus how far two counters rose within a window, by C(sum(increase(...))). Restarts of pods are accounted for, as Prometheus does.
  - Counters without samples are no data (null), never 0. Only where the counter of errors is known, and the service has none, there were no errors.
  - A Prometheus that does not answer is part of the answer (RV(problem)), not a failure.
options:
  url:
    description: Address of Prometheus.
    type: str
    required: true
  service:
    description: Name of the Kubernetes Service.
    type: str
    required: true
  namespace:
    description: Its namespace.
    type: str
    required: true
  window:
    description: How far to look back, for example V(30d). Prometheus must keep its samples as long.
    type: str
    default: 30d
  template:
    description:
      - Which counters tell requests and errors, a metric template of the analysis, for example V(istio_errors), V(envoy_errors),
        V(marketplace_errors) or V(application_errors). Stable and canary are added.
    type: str
    default: istio_errors
  metric:
    description: Name of the counter, where the template leaves it open.
    type: str
  code_label:
    description: Label that bears the status code, where it is not the template's.
    type: str
  port:
    description: Port of the Service, for V(envoy_errors).
    type: int
  labels:
    description: Further labels of the counters. Without any, templates that are not of proxies take C(service).
    type: dict
    default: {}
  requests:
    description: The counter of requests with its labels, no other PromQL, instead of O(template).
    type: str
  errors:
    description: The counter of failed requests, with O(requests).
    type: str
  token:
    description: Bearer token for Prometheus.
    type: str
  ca_path:
    description: File with the certificates that may have signed that of Prometheus.
    type: path
  timeout:
    description: Seconds that an answer may take.
    type: float
    default: 10.0
extends_documentation_fragment:
  - llmops.platform.api_action
"""

EXAMPLES = r"""
- name: Read what is left of the error budget
  llmops.platform.service_level_info:
    url: http://prometheus.observability:9090
    service: cart
    namespace: shop
    requests: marketplace_requests_total{service="cart"}
    errors: marketplace_requests_total{service="cart",code=~"5.."}
  register: level
"""

RETURN = r"""
requests:
  description: Requests within the window, null if there is no data.
  returned: success
  type: float
  sample: 1204332.0
errors:
  description: Failed ones among them, null if there is no data.
  returned: success
  type: float
  sample: 411.0
problem:
  description: Why the figures are missing, or null.
  returned: success
  type: str
  sample: null
queries:
  description: What Prometheus was asked.
  returned: success
  type: list
  elements: str
  sample: ["sum(increase(http_requests_total{app=\"cart\"}[30d]))"]
"""
