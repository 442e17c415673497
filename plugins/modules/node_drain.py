#!/usr/bin/python
# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of node_drain; the work is done by the action plugin of the same name."""

from __future__ import annotations

DOCUMENTATION = r"""
module: node_drain
short_description: Empties nodes through the Eviction API, or lets pods onto them again
version_added: 1.0.0
author: llmops.platform contributors (@llmops)
description:
  - Cordons all the nodes, then evicts their pods. Every PodDisruptionBudget is obeyed, a refusal by one is tried again until O(timeout).
  - Looks first and changes nothing where waiting cannot help. That is a budget that never lets a pod go, a pod that two budgets select,
    one that nothing would start again, and one that would lose data.
  - Pods of a DaemonSet and mirror pods stay. Pods that have ended go.
  - An annotation on a node says that the cordon is ours, so that one which a killed run left is found again. Run again to go on.
  - When a node does not get empty in time, the task fails with the names of pods and budgets. The nodes take pods again, those that an earlier run
    had cordoned included.
  - A cordon of somebody else is never taken away unless O(release_foreign) says so.
options:
  nodes:
    description: Names of the nodes. One that does not exist is an error. Either this or O(selector).
    type: list
    elements: str
    default: []
  selector:
    description: Label selector of the nodes, as C(kubectl) takes it. None may fit.
    type: str
    default: ""
  state:
    description: V(drained) cordons and empties, V(cordoned) keeps new pods away only, V(schedulable) lets pods onto the nodes again.
    type: str
    choices: [drained, cordoned, schedulable]
    default: drained
  timeout:
    description: Seconds for one node, from its first eviction to its last pod being gone.
    type: float
    default: 900.0
  grace_period:
    description: Seconds that a pod has to stop. A negative number leaves it to each pod.
    type: int
    default: -1
  parallel:
    description: Number of nodes that are emptied at once.
    type: int
    default: 1
  unmanaged_pods:
    description: Pods without a controller that may go nevertheless, as C(namespace/name), with the wildcards of a shell.
    type: list
    elements: str
    default: []
  delete_empty_dir:
    description: Whether what lies in C(emptyDir) volumes may be lost.
    type: bool
    default: false
  uncordon_on_failure:
    description: Whether nodes take pods again when a drain failed.
    type: bool
    default: true
  release_foreign:
    description: With O(state=schedulable) also release nodes that somebody else cordoned.
    type: bool
    default: false
  owner:
    description: What stands in the annotation C(llmops.platform/cordoned-by).
    type: str
    default: node_drain
attributes:
  check_mode:
    support: full
    details: Says which nodes would be cordoned and which pods evicted, and fails where the real run would refuse to begin.
  diff_mode:
    support: full
extends_documentation_fragment:
  - llmops.platform.api_action
  - llmops.platform.k8s_connection
seealso:
  - module: kubernetes.core.k8s_drain
"""

EXAMPLES = r"""
- name: Empty the nodes of an old node group, two at a time
  llmops.platform.node_drain:
    selector: eks.amazonaws.com/nodegroup=general-a1b2c3
    parallel: 2
    delete_empty_dir: true

- name: Give back what a killed run left
  llmops.platform.node_drain:
    nodes: [ip-10-0-1-17.ec2.internal]
    state: schedulable
"""

RETURN = r"""
nodes:
  description:
    - What became of each node. C(before) and C(after) are V(schedulable) or V(cordoned), C(cordoned_by) is the owner of our cordon, V(somebody else) or empty.
    - C(evicted) names the pods that went, C(stays) says of those that stay why.
  returned: success, and failure of a drain
  type: dict
  sample:
    ip-10-0-1-17.ec2.internal:
      before: schedulable
      after: cordoned
      cordoned_by: node_drain
      changed: true
      evicted: [llm-marketplace/publishing-6d5f7c8b9-x2x7k]
      stays: {kube-system/aws-node-9zq4t: DaemonSet aws-node}
      seconds: 21.4
evicted:
  description: Number of pods that were evicted, in check mode that would be.
  returned: success, and failure of a drain
  type: int
  sample: 1
blocked:
  description: What stands in the way, each with C(node), C(pod), C(budget) (C(namespace/name), empty where it is none) and C(why).
  returned: success, and failure of a drain
  type: list
  elements: dict
  sample:
    - node: ip-10-0-1-17.ec2.internal
      pod: llm-marketplace/publishing-6d5f7c8b9-x2x7k
      budget: llm-marketplace/publishing
      why: it wants 2 healthy pods of 2, 2 are, so it never lets one go; run more replicas, or lower what it wants
plan:
  description: Steps for callback P(llmops.platform.plan#callback), each with C(action), C(what), C(fields) and C(note).
  returned: success, and failure of a drain
  type: list
  elements: dict
  sample:
    - {action: update, what: Node ip-10-0-1-17.ec2.internal, fields: ["schedulable → cordoned"], note: 1 pods stay}
"""
