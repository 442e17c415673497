#!/usr/bin/python
# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of preflight_report; the work is done by the action plugin of the same name."""

from __future__ import annotations

DOCUMENTATION = r"""
module: preflight_report
short_description: Print what preflight found and refuse to go on with errors
version_added: 1.0.0
author: llmops.platform contributors (@llmops)
description:
  - Prints one table of all deployments' findings, worst first. What several of them have in common is one line.
  - Fails if there is an error among them, with all errors and what to do about each.
options:
  findings:
    description:
      - Findings by host, each a list of C({check, what, found, wanted, level, remedy}).
      - A C(level) of V(error) fails, V(warning) and V(info) are printed, V(ok) is not.
    type: dict
    required: true
extends_documentation_fragment:
  - llmops.platform.api_action
"""

EXAMPLES = r"""
- name: Report what was found
  llmops.platform.preflight_report:
    findings:
      connector_hub_dev_primary: "{{ hostvars['connector_hub_dev_primary'].preflight_result.findings }}"
  run_once: true
"""

RETURN = r"""
table:
  description: The lines that were printed.
  returned: success
  type: list
  elements: str
  sample:
    - "level  check  what  found           wanted                                 hosts"
    - "-----  -----  ----  --------------  -------------------------------------  -----"
    - "info   tools  aws   not looked for  not needed, botocore calls AWS         all"
"""
