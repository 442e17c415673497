#!/usr/bin/python
# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of deployment_lock; the work is done by the action plugin of the same name."""

from __future__ import annotations

DOCUMENTATION = r"""
module: deployment_lock
short_description: One run at a time on a deployment
version_added: 1.0.0
author: llmops.platform contributors (@llmops)
description:
  - Takes the lock of a deployment for the whole run of Ansible, however many tasks and plays follow. It is given back when the run ends, also by a kill.
  - The lock is a file where O(directory) is given, which holds among the users of one machine, else a Lease in the deployment's cluster.
  - Where somebody else has it, the task waits O(wait) seconds and then fails with who it is. A holder that has certainly ended is replaced.
  - Taking the lock is not a change of the deployment, so C(changed) is always false, apart from O(state=broken).
options:
  name:
    description: Name of the deployment.
    type: str
    required: true
  state:
    description:
      - V(held) takes the lock. In check mode it is not taken, as a plan disturbs nobody.
      - V(shown) only tells who has it.
      - V(broken) takes it away from whoever has it.
    type: str
    choices: [held, shown, broken]
    default: held
  directory:
    description: Folder for lock files.
    type: path
  namespace:
    description: Namespace of the Lease.
    type: str
    default: default
  wait:
    description: Seconds to wait for another holder.
    type: int
    default: 0
  remedy:
    description: What to do about another holder, for the message. Empty for what holds of a whole deployment.
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
- name: Lock the deployment
  llmops.platform.deployment_lock:
    name: "{{ inventory_hostname }}"
    wait: 600

- name: See who has it
  llmops.platform.deployment_lock:
    name: "{{ inventory_hostname }}"
    state: shown
"""

RETURN = r"""
held:
  description: Whether this run has the lock now.
  returned: always
  type: bool
  sample: true
holder:
  description: Who has the lock, or had it before O(state=broken); empty for nobody.
  returned: always
  type: str
  sample: ann@bastion (pid 4711, ansible-playbook site.yml), since 2026-11-21 03:12 UTC
"""
