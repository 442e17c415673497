#!/usr/bin/python
# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of mesh_authority; the work is done by the action plugin of the same name."""

from __future__ import annotations

DOCUMENTATION = r"""
module: mesh_authority
short_description: Judges and replaces the certificate authority of an Istio mesh
version_added: 1.0.0
author: llmops.platform contributors (@llmops)
description:
  - Judges the Secret C(cacerts) that istiod signs with; that it is complete, that the key belongs to the certificate, that this one may sign and leads to
    a trusted root, and how long all of them last.
  - With O(replace_with) puts another authority in its place, if all proxies will trust it at once.
  - No certificate or key passes through Ansible.
options:
  namespace:
    description: Namespace of istiod.
    type: str
    default: istio-system
  name:
    description: Name of the Secret.
    type: str
    default: cacerts
  replace_with:
    description:
      - Name of a Secret of the same namespace and form that becomes the authority.
      - Refused where it lacks a root that is trusted today, or its own root is not trusted yet.
    type: str
    default: ""
  retire_roots:
    description: Allow that a root leaves the trusted ones. It must not be that of the authority in use.
    type: bool
    default: false
  warn_days:
    description: Warn of a certificate that ends sooner.
    type: int
    default: 60
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
- name: Judge the authority
  llmops.platform.mesh_authority:
    warn_days: 90
  register: authority

- name: Rotate it
  llmops.platform.mesh_authority:
    replace_with: cacerts-next
"""

RETURN = r"""
exists:
  description: Whether the Secret is there.
  returned: success
  type: bool
  sample: true
problems:
  description: What makes it unfit; then nothing was replaced.
  returned: success
  type: list
  elements: str
  sample: []
warned:
  description: What ends soon.
  returned: success
  type: list
  elements: str
  sample: []
"""
