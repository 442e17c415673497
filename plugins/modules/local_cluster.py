#!/usr/bin/python
# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of local_cluster; the work is done by the action plugin of the same name."""

from __future__ import annotations

DOCUMENTATION = r"""
module: local_cluster
short_description: One Kubernetes control plane as plain processes on this machine
version_added: 1.0.0
author: llmops.platform contributors (@llmops)
description:
  - Starts or removes etcd, kube-apiserver, kube-controller-manager, kube-scheduler and the kwok controller under C(kwokctl), all bound to 127.0.0.1.
  - The API server, the scheduler and the controllers are real. Nodes and pods, volumes and load balancer names are simulated by kwok.
  - Starting twice changes nothing. A start that was killed is taken up where it stopped; what never became ready is made anew.
  - A control plane that once was ready is never thrown away by a start, only by O(state=absent).
options:
  name:
    description: Name of the control plane, usually the inventory host.
    type: str
    required: true
  state:
    description: Whether the control plane runs, or is gone with all its objects.
    type: str
    choices: [present, absent]
    default: present
  directory:
    description: Folder of the local environment. Everything the control plane writes lies below it.
    type: path
    required: true
  binaries:
    description: Folder with the programs.
    type: path
    required: true
  version:
    description: Kubernetes version of the programs, for example V(1.36.3).
    type: str
    required: true
  audit_policy:
    description: Path of the audit policy.
    type: path
    required: true
  stages:
    description: Paths of YAML files with what kwok simulates, each a list of kind Stage.
    type: list
    elements: path
    required: true
  component_arguments:
    description: Additional flags, a map of flag to value for each component.
    type: dict
    default: {}
  timeout:
    description: Seconds until the control plane must answer.
    type: int
    default: 120
extends_documentation_fragment:
  - llmops.platform.api_action
"""

EXAMPLES = r"""
- name: Start a control plane
  llmops.platform.local_cluster:
    name: connector_hub_local_primary
    directory: /home/me/project/.local
    binaries: /home/me/project/.local/bin
    version: 1.36.3
    audit_policy: /home/me/audit_policy.yml
    stages: [/home/me/stages.yml]
"""

RETURN = r"""
cluster:
  description: How to reach the control plane; the same is written to C(state/clusters/NAME.json) below O(directory).
  returned: when O(state=present)
  type: dict
  sample:
    name: connector_hub_local_primary
    server: https://127.0.0.1:21001
    kubeconfig: /home/me/project/.local/kubeconfigs/connector_hub_local_primary.yml
    audit_log: /home/me/project/.local/kwok/clusters/connector_hub_local_primary/logs/audit.log
    version: 1.36.3
    settings: 0a1b2c3d4e5f
seconds:
  description: How long the start took.
  returned: when O(state=present) and something was started
  type: float
  sample: 4.2
"""
