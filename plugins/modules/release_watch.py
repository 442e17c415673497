#!/usr/bin/python
# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of release_watch; the work is done by the action plugin of the same name."""

from __future__ import annotations

DOCUMENTATION = r"""
module: release_watch
short_description: Waits at a stage of a release until there is a decision
version_added: 1.0.0
author: llmops.platform contributors (@llmops)
description:
  - Looks again and again, each time as M(llmops.platform.canary_analysis) does, obeys requests from other runs (pause, abort, approve, finish),
    waits for an approval, or for a time to pass. How it goes is printed about every ten seconds.
  - The state of the analysis, the time at the stage and every decision are kept in the release's record,
    so that the next run goes on where a killed one stopped.
options:
  service:
    description: Name of the service.
    type: str
    required: true
  namespace:
    description: Namespace of the service.
    type: str
    required: true
  stage:
    description: Name of the stage, for messages and the record.
    type: str
    required: true
  every:
    description: Seconds from look to look.
    type: float
    default: 10
  hold:
    description: Least number of seconds at the stage.
    type: float
    default: 0
  deadline:
    description: Seconds until there must be a verdict; 0 for no limit.
    type: float
    default: 0
  on_deadline:
    description: Decision where there is none by then.
    type: str
    choices: [hold, roll_back]
    default: hold
  needs:
    description:
      - V(promote) needs proof that the new version is good, V(no_harm) enough requests without a sign of harm,
        V(slo) the same where there is no other version to compare with.
    type: str
    choices: [promote, no_harm, slo]
    default: no_harm
  least:
    description: Requests of the new version at this stage without which nothing goes on.
    type: int
    default: 200
  gate:
    description: >-
      An approval that is waited for. C(mode) is V(wait), V(stop) (ends the run; the next one is the approval) or V(refused) (ends it),
      C(timeout) the seconds to wait,
      C(file) a file whose existence approves.
    type: dict
    default: {}
  until:
    description: Time to wait for, ISO 8601 in UTC.
    type: str
    default: ""
  analysis:
    description: Options of M(llmops.platform.canary_analysis), without its state. Empty if nothing is judged.
    type: dict
    default: {}
  report:
    description: Path of the evidence without its ending; C(.json), C(.md) and C(.html) are written there.
    type: path
attributes:
  check_mode:
    support: full
    details: Looks once and decides nothing.
  diff_mode:
    support: none
  platform:
    support: full
    platforms: posix
extends_documentation_fragment:
  - ansible.builtin.action_common_attributes
  - llmops.platform.api_action
  - llmops.platform.k8s_connection
"""

EXAMPLES = r"""
- name: Keep the old version warm
  llmops.platform.release_watch:
    service: consumption
    namespace: llm-marketplace
    stage: old version warm
    until: "2026-11-21T14:05:00Z"
"""

RETURN = r"""
decision:
  description: V(go_on), V(roll_back), V(hold) (a person is needed) or V(stop) (somebody asked for it).
  returned: always
  type: str
  sample: go_on
reason:
  description: Why.
  returned: always
  type: str
  sample: 3214 requests, error ratio 1.02 (0.61 to 1.70)
"""
