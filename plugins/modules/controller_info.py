#!/usr/bin/python
# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of controller_info; the work is done by the action plugin of the same name."""

from __future__ import annotations

DOCUMENTATION = r"""
module: controller_info
short_description: Versions of the programs and Python packages on the controller
version_added: 1.0.0
author: llmops.platform contributors (@llmops)
description:
  - Asks programs for their version, side by side, and reads the versions of Python, ansible-core, collections and Python libraries.
  - A program that is missing, does not answer or prints no version is part of the answer, not a failure.
options:
  tools:
    description:
      - Programs by name, each C({argv, pattern}). C(argv) is the command that prints the version, without a shell.
      - The first group of the regular expression C(pattern) is the version.
    type: dict
    default: {}
  directories:
    description: Folders that are searched before E(PATH).
    type: list
    elements: path
    default: []
  collections:
    description: Names of collections.
    type: list
    elements: str
    default: []
  roles:
    description: Names of collections whose roles are listed.
    type: list
    elements: str
    default: []
  libraries:
    description: Names of Python distributions.
    type: list
    elements: str
    default: []
  timeout:
    description: Seconds that a program may take.
    type: float
    default: 5.0
extends_documentation_fragment:
  - llmops.platform.api_action
"""

EXAMPLES = r"""
- name: Look which Helm is installed
  llmops.platform.controller_info:
    tools:
      helm: {argv: [helm, version, --short], pattern: 'v(\d+\.\d+\.\d+)'}
    collections: [kubernetes.core]
  register: controller
"""

RETURN = r"""
tools:
  description: The programs by name. C(problem) is null, V(missing), or says what the program did instead of printing a version.
  returned: success
  type: dict
  sample:
    helm: {path: /usr/local/bin/helm, version: 3.19.0, problem: null}
controller:
  description: What runs Ansible. What is not installed is null.
  returned: success
  type: dict
  sample:
    python: 3.13.0
    ansible_core: 2.21.5
    collections: {kubernetes.core: 6.6.0}
    roles: {llmops.platform: [application, cluster]}
    libraries: {botocore: 1.44.5}
"""
