#!/usr/bin/python
# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of cluster_health; the work is done by the action plugin of the same name."""

from __future__ import annotations

DOCUMENTATION = r"""
module: cluster_health
short_description: Waits until a cluster is as healthy as it was before an operation
version_added: 1.0.0
author: llmops.platform contributors (@llmops)
description:
  - Healthy means that the API server answers, that nodes are Ready, and that no Deployment, StatefulSet or DaemonSet is short of more pods than before.
    A cordoned node is not looked at.
  - How it was before is kept in the ConfigMap C(llmops-upgrade) of the cluster, so that a run which goes on after a killed one judges by the same.
options:
  state:
    description:
      - V(remembered) keeps how the workloads are now, unless that was done for the same O(operation) already.
      - V(checked) waits until all is as good as that.
      - V(forgotten) ends the operation.
    type: str
    choices: [remembered, checked, forgotten]
    default: checked
  operation:
    description: What the record is for, such as C(1.35 to 1.36). Without it V(checked) looks at nodes and API server only. Needed for V(remembered).
    type: str
    default: ""
  namespace:
    description: Namespace of the record.
    type: str
    default: kube-system
  selector:
    description: Label selector of the nodes to look at. All if not given.
    type: str
    default: ""
  least_nodes:
    description: Number of nodes that must be ready and not cordoned.
    type: int
    default: 0
  nodes_version:
    description: Kubernetes minor that these nodes must run.
    type: str
    default: ""
  server_version:
    description: Kubernetes minor that the API server must run.
    type: str
    default: ""
  timeout:
    description: Seconds to wait. V(0) looks once.
    type: float
    default: 900.0
attributes:
  check_mode:
    support: full
    details: Looks once and does not fail.
  diff_mode:
    support: none
extends_documentation_fragment:
  - llmops.platform.api_action
  - llmops.platform.k8s_connection
"""

EXAMPLES = r"""
- name: Keep how the workloads are before anything is touched
  llmops.platform.cluster_health:
    state: remembered
    operation: 1.35 to 1.36

- name: Wait for the nodes of the new group
  llmops.platform.cluster_health:
    selector: eks.amazonaws.com/nodegroup=general-a1b2c3
    least_nodes: 3
    nodes_version: "1.36"

- name: Wait until the workloads are as ready as before
  llmops.platform.cluster_health:
    operation: 1.35 to 1.36
"""

RETURN = r"""
problems:
  description: What is not as it should be.
  returned: success, and failure of the wait
  type: list
  elements: str
  sample: [Deployment llm-marketplace/publishing is short of 1 pods, 0 before]
workloads:
  description: How many pods each workload is short of; of V(remembered) how many it was before.
  returned: success, and failure of the wait
  type: dict
  sample: {Deployment llm-marketplace/publishing: 0}
nodes:
  description: The nodes, each with C(name), C(version), C(cordoned_by) and C(labels).
  returned: success, and failure of the wait
  type: list
  elements: dict
  sample:
    - {name: ip-10-0-1-17.ec2.internal, version: v1.36.2-eks-1a2b3c, cordoned_by: "", labels: {eks.amazonaws.com/nodegroup: general-a1b2c3}}
server_version:
  description: Version of the API server.
  returned: success, and failure of the wait
  type: str
  sample: v1.36.2-eks-1a2b3c
"""
