#!/usr/bin/python
# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of cluster_connection_info; the work is done by the action plugin of the same name."""

from __future__ import annotations

DOCUMENTATION = r"""
module: cluster_connection_info
short_description: Which cluster a kubeconfig leads to
version_added: 1.0.0
author: llmops.platform contributors (@llmops)
description:
  - Reads who answers behind a kubeconfig, as the address, its certificate authority, the cluster's own identity and its version.
  - With O(require_loopback) it is the guard that a local run never reaches a real cluster.
options:
  require_loopback:
    description:
      - Refuse a server (or proxy) that is not in 127.0.0.0/8, V(::1) or V(localhost), before anything is sent to it.
    type: bool
    default: false
extends_documentation_fragment:
  - llmops.platform.api_action
  - llmops.platform.k8s_connection
"""

EXAMPLES = r"""
- name: Make sure that this is the local cluster
  llmops.platform.cluster_connection_info:
    kubeconfig: "{{ local_platform_kubeconfig }}"
    require_loopback: true
  register: cluster_identity
"""

RETURN = r"""
connection:
  description: The cluster. Its C(uid) is that of the namespace C(kube-system), which lives as long as the cluster.
  returned: success
  type: dict
  sample:
    kubeconfig: /home/me/project/.local/kubeconfigs/connector_hub_local_primary.yml
    context: kwok-connector_hub_local_primary
    server: https://127.0.0.1:21001
    ca_sha256: 3f0c6f0f8a5f1f0d3b7a1b8f6b2d0f6a6c8f7e5d4c3b2a190807060504030201
    uid: 0b9f1c8e-7a34-4c7d-9f57-0e9f4c1f5a55
    version: 1.36.3
"""
