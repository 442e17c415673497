#!/usr/bin/python
# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of local_platform_info; the work is done by the action plugin of the same name."""

from __future__ import annotations

DOCUMENTATION = r"""
module: local_platform_info
short_description: What runs of the local environment, and how to reach it
version_added: 1.0.0
author: llmops.platform contributors (@llmops)
description:
  - Reads the records of the local environment and checks that the processes behind them are alive.
  - What does not run fails with the command that starts it; in check mode its addresses are C((known after apply)).
options:
  name:
    description: Name of the control plane, usually the inventory host. Empty for a host without one, such as a shared one.
    type: str
    default: ""
  directory:
    description: Folder of the local environment.
    type: path
    required: true
  mesh:
    description: Whether the deployment has a mesh.
    type: bool
    default: false
extends_documentation_fragment:
  - llmops.platform.api_action
"""

EXAMPLES = r"""
- name: Look for what runs
  llmops.platform.local_platform_info:
    name: connector_hub_local_primary
    directory: /home/me/project/.local
"""

RETURN = r"""
cluster:
  description: The control plane, as O(name) was started by M(llmops.platform.local_cluster).
  returned: always
  type: dict
  sample:
    name: connector_hub_local_primary
    server: https://127.0.0.1:21001
    kubeconfig: /home/me/project/.local/kubeconfigs/connector_hub_local_primary.yml
    audit_log: /home/me/project/.local/kwok/clusters/connector_hub_local_primary/logs/audit.log
    version: 1.36.3
    settings: 0a1b2c3d4e5f
aws:
  description: The fake of AWS, and the environment variables under which every AWS call of environment C(local) runs.
  returned: always
  type: dict
  sample:
    endpoint: http://127.0.0.1:21007
    environment:
      AWS_ENDPOINT_URL: http://127.0.0.1:21007
      AWS_CONFIG_FILE: /dev/null
mesh:
  description: Where the mesh's programs answer.
  returned: when O(mesh=true)
  type: dict
  sample:
    istiod: {debug_url: http://127.0.0.1:21010, discovery: 127.0.0.1:21011, webhook_url: https://127.0.0.1:21012}
    gateways:
      ingress: {admin_url: http://127.0.0.1:21020, http_url: http://127.0.0.1:21021, https_url: https://127.0.0.1:21022}
    prometheus_url: http://127.0.0.1:21030
    runner_url: http://127.0.0.1:21031
"""
