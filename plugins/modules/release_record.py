#!/usr/bin/python
# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of release_record; the work is done by the action plugin of the same name."""

from __future__ import annotations

DOCUMENTATION = r"""
module: release_record
short_description: Reads and keeps the record of a service's release
version_added: 1.0.0
author: llmops.platform contributors (@llmops)
description:
  - The record is the ConfigMap C(release-<service>). It says how far a release is, so that the next run goes on where a killed one stopped,
    and carries requests from one run to another.
  - Without O(values) and O(event) it is only read.
options:
  service:
    description: Name of the service.
    type: str
    required: true
  namespace:
    description: Namespace of the service.
    type: str
    required: true
  values:
    description: Keys to set; a null removes one. All others stay as they are.
    type: dict
    default: {}
  event:
    description: What happened, for the record's history.
    type: str
    default: ""
attributes:
  check_mode:
    support: full
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
- name: Read how far the release is
  llmops.platform.release_record:
    service: consumption
    namespace: llm-marketplace
  register: release

- name: Ask the run that is at it to stop where it is
  llmops.platform.release_record:
    service: consumption
    namespace: llm-marketplace
    values: {request: pause}
    event: asked to pause
"""

RETURN = r"""
record:
  description: The record, empty if the service was never released.
  returned: always
  type: dict
  sample: {phase: progressing, version: 2.0.0, stable_version: 1.0.0, strategy: canary, stage: 3}
"""
