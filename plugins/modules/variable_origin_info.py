#!/usr/bin/python
# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of variable_origin_info; the work is done by the action plugin of the same name."""

from __future__ import annotations

DOCUMENTATION = r"""
module: variable_origin_info
short_description: File and line from which each value of a variable comes
version_added: 1.0.0
author: llmops.platform contributors (@llmops)
description:
  - Merges a variable with its layers C(_environment) and C(_deployment) and says for each leaf where it was written.
  - Values below a key that names a password, secret or token are shown as digests.
options:
  variable:
    description: Name of the variable. Dots go on into it, as in C(application_services.redis.image).
    type: str
    required: true
extends_documentation_fragment:
  - llmops.platform.api_action
"""

EXAMPLES = r"""
- name: Where do the figures of the services come from
  llmops.platform.variable_origin_info:
    variable: application_services
"""

RETURN = r"""
leaves:
  description: The leaves of the merged variable.
  returned: always
  type: list
  elements: dict
  sample:
    - {path: application_services.redis.replicas, value: 1, file: inventories/group_vars/connector_hub.yml, line: 44, layer: application_services}
"""
