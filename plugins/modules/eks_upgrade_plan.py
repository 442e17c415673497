#!/usr/bin/python
# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of eks_upgrade_plan; the work is done by the action plugin of the same name."""

from __future__ import annotations

DOCUMENTATION = r"""
module: eks_upgrade_plan
short_description: Plan of a Kubernetes cluster's upgrade
version_added: 1.0.0
author: llmops.platform contributors (@llmops)
description:
  - Reads what an upgrade depends on, and says what it would do, what would stop it, and what to look at before. Nothing is written.
  - With O(cluster_name) and O(region) it is a cluster of EKS, whose add-ons, node groups, versions and upgrade insights count too.
    Without them it is any cluster that a kubeconfig reaches.
  - What stands against the upgrade is in RV(problems) and RV(removed_apis), not a failure. The task fails only where no plan can be made.
  - Lists are read in pages; of what is told by name at most 100 rows are kept, RV(left_out) counts the others.
  - Environment variables of the keyword C(environment) count, as for a module of C(amazon.aws).
requirements:
  - botocore, for a cluster of EKS
options:
  cluster_name:
    description: Name of the EKS cluster.
    type: str
  region:
    description: Region of the EKS cluster.
    type: str
  to:
    description: Version to go to, such as V("1.37") (quoted); the next minor if not given.
    type: str
  addons:
    description:
      - Versions of EKS' add-ons by name, each V(latest), V(default), a version (V(v1.20.4-eksbuild.2)), or the beginning of one (V(v1.20)), of
        which the newest counts.
      - An add-on that is installed and not named keeps its version where that fits, else gets EKS' default.
    type: dict
    default: {}
  pools:
    description: Node pools in the order of their upgrade; others come after them by name.
    type: list
    elements: str
    default: []
  pool_labels:
    description: Labels of nodes that name their pool, the first that a node has.
    type: list
    elements: str
    default: [llmops.platform/node-pool, eks.amazonaws.com/nodegroup, karpenter.sh/nodepool]
  order:
    description: Order of V(control_plane), V(addons) and V(node_pools) within a minor, each once. The control plane is always the first.
    type: list
    elements: str
    default: [control_plane, addons, node_pools]
  kubectl_version:
    description: Version of the kubectl in use, for the skew policy. Not judged if not given.
    type: str
  end_of_life:
    description:
      - Days by minor, each C({end_of_life, extended}) as C(YYYY-MM-DD), for example the cycles of a product in a table of ends of life.
      - What EKS says of its versions counts before.
    type: dict
    default: {}
  accept_end_of_life:
    description: Whether a version past its end of life may be a step on the way to a later one.
    type: bool
    default: false
  accept_removed:
    description:
      - Removed APIs whose traces are known to be old, as C(group/version) or C(group/version/Kind). Their uses are told in RV(warnings) instead.
    type: list
    elements: str
    default: []
  same_cluster:
    description: Whether the API server must be that of the EKS cluster, which its certificate authority shows. False where EKS is a fake.
    type: bool
    default: true
extends_documentation_fragment:
  - llmops.platform.api_action
  - llmops.platform.k8s_connection
seealso:
  - plugin: llmops.platform.upgrade_plan_lines
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Plan the upgrade
  llmops.platform.eks_upgrade_plan:
    cluster_name: llm-marketplace-production
    region: us-east-1
    kubeconfig: /home/me/.kube/production
    to: "1.37"
    addons: {vpc-cni: latest, coredns: v1.13}
    pools: [infrastructure, application]
  register: plan

- name: Stop where it would be refused
  ansible.builtin.assert:
    that: plan.problems | length == 0 and plan.removed_apis | length == 0
    fail_msg: "{{ plan | llmops.platform.upgrade_plan_lines | join('\n') }}"
"""

RETURN = r"""
cluster:
  description: Name of the EKS cluster, empty for another.
  returned: success
  type: str
  sample: llm-marketplace-production
from:
  description: Minor that the control plane runs.
  returned: success
  type: str
  sample: "1.36"
to:
  description: Minor to go to.
  returned: success
  type: str
  sample: "1.37"
steps:
  description: What to do, minor by minor, in order. C(kind) is V(control_plane), V(addon) or V(node_pool). Empty if nothing is to do.
  returned: success
  type: list
  elements: dict
  sample:
    - minor: "1.37"
      order:
        - {kind: control_plane, name: "", from: "1.36", to: "1.37"}
        - {kind: addon, name: vpc-cni, from: v1.20.4-eksbuild.2, to: v1.21.1-eksbuild.1}
        - {kind: node_pool, name: application, from: "1.36", to: "1.37"}
control_plane:
  description: Version of the API server, version and status by EKS, and how many minors kubectl is ahead (negative means behind) before and after.
  returned: success
  type: dict
  sample: {version: 1.36.3, eks_version: "1.36", status: ACTIVE, kubectl_skew: {version: 1.36.3, now: 0, after: -1, supported: true}}
support:
  description: End of standard and of extended support of both versions, and whether EKS (V(eks)) or the option (V(end_of_life)) said so.
  returned: success
  type: dict
  sample: {"1.36": {end_of_life: "2027-08-02", extended: "2028-08-02", source: eks}}
nodes:
  description: Nodes with their pool (empty for none) and how many minors their kubelet is behind the control plane, null where it never said.
  returned: success
  type: list
  elements: dict
  sample:
    - {name: ip-10-0-1-5.ec2.internal, pool: application, version: 1.36.3-eks-4f1b2c, skew: 0, ready: true, schedulable: true}
pools:
  description: Node pools in the order of their upgrade, with their oldest minor. C(groups) are its node groups of EKS, with EKS' C(status).
  returned: success
  type: list
  elements: dict
  sample:
    - {name: application, nodes: 3, ready: 3, versions: {1.36.3-eks-4f1b2c: 3}, oldest: "1.36", groups: [demo-production-application-1a2b3c], status: ACTIVE}
addons:
  description:
    - For each minor on the way each add-on of EKS that is installed or asked for. C(wanted) is the version to have then, C(compatible)
      whether it fits the minor.
    - C(action) is V(none), V(update) or V(create), counted from what is installed now.
  returned: success
  type: list
  elements: dict
  sample:
    - minor: "1.37"
      name: vpc-cni
      installed: v1.20.4-eksbuild.2
      wanted: v1.21.1-eksbuild.1
      compatible: true
      installed_compatible: false
      choices: {default: v1.21.0-eksbuild.1, newest: v1.21.1-eksbuild.1, versions: [v1.21.1-eksbuild.1, v1.21.0-eksbuild.1]}
      action: update
removed_apis:
  description:
    - Uses of APIs that are not served any more after the upgrade. Without C(name) it is known that somebody asks for the API, not for which object.
    - C(seen_by) are V(managed_fields), V(last_applied), V(metric) and V(insight), C(by) the field managers or user agents.
  returned: success
  type: list
  elements: dict
  sample:
    - api: networking.k8s.io/v1beta1
      kind: ServiceCIDR
      namespace: ""
      name: more
      removed_in: "1.37"
      replacement: networking.k8s.io/v1
      seen_by: [managed_fields]
      by: [helm]
blocking_budgets:
  description:
    - PodDisruptionBudgets that cover pods on nodes and let none go now, or none ever (C(never)). C(pods) has the first 20 of the C(covered) pods.
  returned: success
  type: list
  elements: dict
  sample:
    - namespace: shop
      name: cart
      allowed: 0
      pods: [cart-0]
      covered: 1
      never: true
      reason: minAvailable is 1 of 1 pods
      remedy: "add replicas, or let one pod go (maxUnavailable: 1)"
unmanaged_pods:
  description: Pods on nodes that nobody would make again.
  returned: success
  type: list
  elements: dict
  sample: [{namespace: shop, name: debug, node: node-1}]
local_volumes:
  description: Pods whose volumes are on one node only.
  returned: success
  type: list
  elements: dict
  sample: [{namespace: shop, name: cache-0, node: node-1, claims: [data-cache-0]}]
emptydir_pods:
  description: Pods that lose what they hold in C(emptyDir) volumes.
  returned: success
  type: list
  elements: dict
  sample: [{namespace: shop, name: web-1, node: node-1, volumes: [tmp]}]
overlapping_budgets:
  description: Pods of several budgets, which the API server never evicts.
  returned: success
  type: list
  elements: dict
  sample: [{namespace: shop, name: web-1, node: node-1, budgets: [all, web]}]
webhooks:
  description: Webhooks of failurePolicy V(Fail) whose Service has no ready endpoint. C(pods) says whether they are asked about pods.
  returned: success
  type: list
  elements: dict
  sample: [{configuration: ValidatingWebhookConfiguration policy, webhook: check.example.com, service: policy/webhook, pods: true}]
left_out:
  description: How many rows are not in the lists, by list.
  returned: success
  type: dict
  sample: {emptydir_pods: 240}
problems:
  description: What stands against the upgrade, removed APIs apart, each with its remedy. Where this and RV(removed_apis) are empty it may begin.
  returned: success
  type: list
  elements: str
  sample: ["add-on coredns v1.9 does not fit Kubernetes 1.37; write one of v1.13.2-eksbuild.1, or `latest`, at addons.coredns"]
warnings:
  description: What to look at before, and what could not be looked at.
  returned: success
  type: list
  elements: str
  sample: ["pod shop/debug on node-1 has no controller, once evicted it is gone; give it a Deployment"]
"""
