#!/usr/bin/python
# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of manifest_info; the work is done by the action plugin of the same name."""

from __future__ import annotations

DOCUMENTATION = r"""
module: manifest_info
short_description: Reads Kubernetes objects of one kind
version_added: 1.0.0
author: llmops.platform contributors (@llmops)
description:
  - Reads objects of one kind, in one or several namespaces, without changing anything.
  - A kind or a namespace that does not exist has no objects.
  - Values of Secrets are not returned.
options:
  api_version:
    description: API version of the kind.
    type: str
    default: v1
  kind:
    description: The kind.
    type: str
    required: true
  namespaces:
    description: Namespaces to look in; empty for all, or for a cluster-wide kind.
    type: list
    elements: str
    default: []
  label_selector:
    description: Labels that the objects must have, as C(kubectl) takes them.
    type: str
    default: ""
attributes:
  check_mode:
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
- name: Read the state of all releases
  llmops.platform.manifest_info:
    kind: ConfigMap
    namespaces: [application]
    label_selector: llmops.platform/release
"""

RETURN = r"""
resources:
  description: The objects, by namespace and name.
  returned: always
  type: list
  elements: dict
  sample:
    - apiVersion: v1
      kind: ConfigMap
      metadata: {name: release-web, namespace: application}
      data: {phase: promoted, version: 2.0.0}
"""
