#!/usr/bin/python
# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of manifest_set; the work is done by the action plugin of the same name."""

from __future__ import annotations

DOCUMENTATION = r"""
module: manifest_set
short_description: Apply one component's Kubernetes objects in one task
version_added: 1.0.0
author: llmops.platform contributors (@llmops)
description:
  - Brings all objects of a component to the cluster by server-side apply and waits until they are ready.
  - Kinds go in order of rank, objects of one rank side by side.
  - Objects that provably need no change are not sent, so a second run makes no mutating call and reports no change.
  - Readiness follows the rules of kstatus and never trusts a status of an older generation.
options:
  name:
    description: Name of the component, for messages.
    type: str
    required: true
  manifests:
    description: The objects, each a complete map with C(apiVersion), C(kind) and C(metadata.name). Namespaced ones name their namespace.
    type: list
    elements: dict
    required: true
  state:
    description:
      - With V(present) the objects are applied.
      - With V(absent) they are deleted, in the reverse order, and what they own with them.
      - With V(ready) nothing is changed, the task only waits until the objects are ready.
    type: str
    choices: [present, absent, ready]
    default: present
  wait:
    description: Whether to wait until applied objects are ready, or deleted ones are gone. Always true with O(state=ready).
    type: bool
    default: true
  wait_timeout:
    description: Seconds to wait at most.
    type: int
    default: 300
  field_manager:
    description: Name under which the fields are owned.
    type: str
    default: llmops-platform
  force_conflicts:
    description: Whether to take over fields that others own.
    type: bool
    default: false
  parallelism:
    description: How many objects are sent at the same time.
    type: int
    default: 8
attributes:
  check_mode:
    description: Sends dry runs only, and predicts the same C(changed) as the real run.
    support: full
  diff_mode:
    description: Shows each object before and after. A Secret's values are digests.
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
- name: Apply a service
  llmops.platform.manifest_set:
    name: publishing
    kubeconfig: /home/me/kubeconfig.yml
    manifests:
      - apiVersion: v1
        kind: ConfigMap
        metadata: {name: publishing, namespace: shop}
        data: {LOG_LEVEL: info}

- name: Wait for what was applied before
  llmops.platform.manifest_set:
    name: all services
    state: ready
    wait_timeout: 600
    manifests: "{{ manifests }}"
"""

RETURN = r"""
objects:
  description: What became of each object.
  returned: always
  type: list
  elements: dict
  sample:
    - {api_version: v1, kind: ConfigMap, namespace: shop, name: publishing, action: created, ready: true, message: ""}
summary:
  description: How many objects were, or in check mode would be, created, configured, left unchanged, deleted.
  returned: always
  type: dict
  sample: {created: 1, configured: 0, unchanged: 0, deleted: 0}
"""
