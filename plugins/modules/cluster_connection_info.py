#!/usr/bin/python
# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of cluster_connection_info; the work is done by the action plugin of the same name."""

from __future__ import annotations

DOCUMENTATION = r"""
module: cluster_connection_info
short_description: Which cluster a kubeconfig really leads to
version_added: 1.0.0
author: llmops.platform contributors (@llmops)
description:
  - Asks the API server for its version and for the uid of namespace C(kube-system), which identifies a cluster for its whole life.
options:
  require_loopback:
    description: Whether to refuse an API server that is not on this machine, before anything is sent to it.
    type: bool
    default: false
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
- name: Ask the cluster who it is
  llmops.platform.cluster_connection_info:
    kubeconfig: /home/me/kubeconfig.yml
"""

RETURN = r"""
connection:
  description: How to reach the cluster and how to recognise it.
  returned: always
  type: dict
  sample:
    kubeconfig: /home/me/kubeconfig.yml
    context: kwok-demo
    server: https://127.0.0.1:21001
    ca_sha256: 5d41402abc4b2a76b9719d911017c592ae2c9d5e8b1d5d2f7e1c2f1d1b7a3f10
    uid: 0e5a1f0c-2f0e-4c8f-9f5b-0d6c6b0d3a11
    version: v1.36.3
"""
