#!/usr/bin/python
# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of canary_analysis; the work is done by the action plugin of the same name."""

from __future__ import annotations

DOCUMENTATION = r"""
module: canary_analysis
short_description: Judge a canary by what Prometheus counted of it and of stable
version_added: 1.0.0
author: llmops.platform contributors (@llmops)
description:
  - Takes one look. Reads raw counters of both versions since the last look, judges, and returns a verdict with its evidence and the state for the next look.
  - The same state and the same samples give the same verdict and the same state, byte for byte, so that a killed run goes on where it was.
  - Nothing is promoted without data, with NaN, without a baseline, or on a failed query.
  - With O(since) and O(now) in the past it is a what-if. Each minute between them is judged as it would have been live.
  - Changes nothing but its own reports, which are not written in check mode.
options:
  mode:
    description:
      - V(sequential) compares counts of both versions by a test that holds however often one looks.
      - V(threshold) is Flagger's rule, V(argo) that of Argo Rollouts, V(kayenta) Kayenta's judge, for those who come from there.
    type: str
    choices: [sequential, threshold, argo, kayenta]
    default: sequential
  prometheus:
    description: Where the samples are.
    type: dict
    required: true
    suboptions:
      url:
        description: Address, up to what comes before C(/api/v1).
        type: str
        required: true
      ca_path:
        description: File with the authorities to trust.
        type: path
      validate_certs:
        description: Whether the certificate is checked.
        type: bool
        default: true
      token:
        description: Bearer token.
        type: str
      headers:
        description: Headers to send, such as C(X-Scope-OrgID).
        type: dict
        default: {}
      timeout:
        description: Seconds for one query.
        type: float
        default: 10
  target:
    description: What is released, for the templates.
    type: dict
    default: {}
    suboptions:
      service:
        description: Name of the Service. Deployment C(<service>) is stable, C(<service>-canary) the canary.
        type: str
      namespace:
        description: Its namespace.
        type: str
      port:
        description: Number of the Service's port, for templates of Envoy.
        type: int
      domain:
        description: Domain of the cluster.
        type: str
        default: cluster.local
      reporter:
        description: Whose reports of Istio count. Those of the source (or of a waypoint) hold what never reached a pod.
        type: str
        choices: [source, destination, waypoint]
        default: source
      labels:
        description: Labels that samples have to bear besides.
        type: dict
        default: {}
      arms:
        description: Labels by which the versions are told apart, C({canary, baseline}), in place of the template's.
        type: dict
        default: {}
  metrics:
    description:
      - What is judged, by name.
      - >-
        A source is C(template) (V(istio_errors), V(istio_latency), V(envoy_errors), V(envoy_latency), V(marketplace_errors), V(marketplace_latency), or
        V(application_errors) and V(application_latency) with C(metric)), or queries of cumulative counters by version, C(requests) with C(events) or
        C(buckets). C(bounds) are the le whose slower requests are counted, C(pod_label) names who counted, C(code_label) the label of the status.
      - >-
        V(sequential) knows C(direction) (V(increase), V(decrease), V(either) is harm), C(tolerance) (ratio to stable that is still good, V(1.25)), C(harm)
        (ratio that must not be promoted, V(2)), C(slo) (the canary's own rate has to be on its good side), C(negligible) (a rate below which no
        difference matters) and C(warm_up).
      - >-
        V(threshold) knows C(min) and C(max), V(argo) C(success), C(failure) and its limits, both C(query) for any one value; V(kayenta) C(direction),
        C(nan), C(outliers), C(effect), C(critical), C(must_have_data), C(muted) and C(group).
    type: dict
    required: true
  alpha:
    description: Probability at most of rolling back a version that is within the tolerance of every metric.
    type: float
    default: 0.01
  beta:
    description: Probability at most of finding a metric safe that is C(harm) times as bad as stable.
    type: float
    default: 0.05
  min_requests:
    description: Requests of the canary before it may be promoted.
    type: int
    default: 200
  min_duration:
    description: Seconds of comparison before it may be promoted.
    type: float
    default: 300
  slice_seconds:
    description: Length of the slices of time that are compared, the interval of scrapes or more.
    type: float
    default: 15
  warm_up:
    description: Seconds after a pod's first sample that do not count.
    type: float
    default: 0
  since:
    description: Unix time at which the comparison begins, used in the first look. A minute ago if not given.
    type: float
  now:
    description: Unix time of the look. Prometheus' own clock if not given.
    type: float
  state:
    description: What the last look returned as C(state); nothing for the first.
    type: dict
  limits:
    description: Looks one after another that are allowed before the analysis ends. Without one there is no limit.
    type: dict
    default: {}
    suboptions:
      bad:
        description: Looks with NaN or with values that cannot be.
        type: int
        default: 3
      no_data:
        description: Looks without samples or without traffic of either version.
        type: int
      query_error:
        description: Looks with a failed, partial or ambiguous answer.
        type: int
        default: 5
  on_limit:
    description: What becomes of an analysis that ends so.
    type: str
    choices: [hold, roll_back]
    default: hold
  deadline:
    description: Seconds since the begin after which there is an end without a verdict.
    type: float
  on_deadline:
    description: What becomes of an analysis that ends so.
    type: str
    choices: [hold, roll_back]
    default: hold
  low_traffic:
    description: For services that never reach O(min_requests).
    type: dict
    default: {}
    suboptions:
      policy:
        description:
          - V(hold) leaves it to a person.
          - V(slo) promotes when each metric keeps its C(slo), by 20 requests at least. The reason says so.
        type: str
        choices: [hold, slo]
        default: hold
      after:
        description: Seconds before V(slo) is used.
        type: float
        default: 3600
  threshold:
    description: Of mode V(threshold).
    type: dict
    default: {}
    suboptions:
      threshold:
        description: Failed looks that roll back.
        type: int
        default: 5
      steps:
        description: Good looks that promote. Without it nothing is promoted.
        type: int
  kayenta:
    description: Of mode V(kayenta).
    type: dict
    default: {}
    suboptions:
      pass:
        description: Score that the last judgement needs.
        type: float
        default: 95
      marginal:
        description: Score that every judgement needs.
        type: float
        default: 75
      looks:
        description: Number of judgements.
        type: int
        default: 1
      interval:
        description: Seconds from one to the next.
        type: float
        default: 1200
      groups:
        description: Weights by group, 100 in all.
        type: dict
        default: {}
  evidence_file:
    description: File for the evidence as JSON.
    type: path
  report_markdown:
    description: File for the report as Markdown.
    type: path
  report_html:
    description: File for the report as one HTML page.
    type: path
extends_documentation_fragment:
  - llmops.platform.api_action
"""

EXAMPLES = r"""
- name: Look at the canary until there is a verdict
  llmops.platform.canary_analysis:
    prometheus: {url: "http://prometheus.monitoring:9090"}
    target: {service: consumption, namespace: marketplace}
    metrics:
      errors: {template: istio_errors, slo: 0.01}
      latency: {template: istio_latency, bounds: [250, 500, 1000]}
    since: "{{ begun }}"
    state: "{{ look.state | default({}) }}"
    deadline: 3600
    report_html: consumption.html
  register: look
  until: look.final
  retries: 120
  delay: 30

- name: What would have been the verdict on Monday
  llmops.platform.canary_analysis:
    prometheus: {url: "http://prometheus.monitoring:9090"}
    target: {service: consumption, namespace: marketplace}
    metrics:
      errors: {template: istio_errors}
    since: 1795420800
    now: 1795424400
  check_mode: true
"""

RETURN = r"""
verdict:
  description: V(promote), V(roll_back) or V(inconclusive).
  returned: success
  type: str
  sample: promote
final:
  description: Whether there is nothing more to look for. V(inconclusive) and final means that it is held for a person.
  returned: success
  type: bool
  sample: true
reason:
  description: Why, with the figures.
  returned: success
  type: str
  sample: "errors: not 1.888 times as bad as stable: E 24.1 of 20 needed"
state:
  description: To be given to the next look.
  returned: success
  type: dict
  sample: {version: 1, mode: sequential, looks: 3}
evidence:
  description: What was seen. Queries, windows, counts, ratio with its confidence sequence, E-values, what is still needed, versions.
  returned: success
  type: dict
  sample: {look: 3, verdict: promote, metrics: {errors: {e_harm: 0.02, e_safe: 24.1, ratio: {estimate: 0.98, low: 0.61, high: 1.57}}}}
"""
