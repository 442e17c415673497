#!/usr/bin/python
# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of helm_release; the work is done by the action plugin of the same name."""

from __future__ import annotations

DOCUMENTATION = r"""
module: helm_release
short_description: A Helm release, changed only where the cluster differs
version_added: 1.0.0
author: llmops.platform contributors (@llmops)
description:
  - Renders the chart with the real C(helm) against the cluster, so that its capabilities and lookups count, and compares each object with the live one
    by the rules of M(llmops.platform.manifest_set). Where nothing differs helm is not called to upgrade, and the task has changed nothing.
  - Thus a field that somebody changed by hand is a difference as well, and other values that render the same are none.
  - Helm applies on the server as field manager V(helm).
  - A release that a dead helm left in V(pending-install), V(pending-upgrade) or V(pending-rollback) is marked failed, and the upgrade goes on from there.
  - Values never stand on a command line, only in a file of mode 0600 that is deleted when the task ends.
options:
  name:
    description: Name of the release.
    type: str
    required: true
  namespace:
    description: Its namespace. It must exist.
    type: str
    required: true
  state:
    description: Whether the release is wanted.
    type: str
    choices: [present, absent]
    default: present
  source:
    description: Where the chart comes from.
    type: str
    choices: [directory, repository, oci]
    default: repository
  chart:
    description: Name of the chart in the repository, its C(oci://) address, or the path of a folder or C(.tgz) file. Required with O(state=present).
    type: str
    default: ""
  repository:
    description: Address of the repository.
    type: str
    default: ""
  version:
    description: Version of the chart, required with a O(source) other than V(directory).
    type: str
    default: ""
  digest:
    description: C(sha256:) of the packed chart. V(unverified) or nothing gives a warning.
    type: str
    default: ""
  values:
    description: Values of the chart.
    type: dict
    default: {}
  secret_values:
    description: Further values, merged over O(values). They are masked in what helm says.
    type: dict
    default: {}
  crds:
    description:
      - Apply the definitions in the chart's folder C(crds) before, on the server, and again whenever they change. Helm itself never upgrades them.
    type: bool
    default: true
  wait:
    description: Wait until all objects are ready, by the rules of M(llmops.platform.manifest_set).
    type: bool
    default: true
  timeout:
    description: Seconds to wait for that, and for each hook.
    type: int
    default: 300
  stuck_after:
    description: Seconds after which a pending release is taken for that of a dead helm. A younger one is waited for.
    type: int
    default: 300
  history:
    description: How many revisions helm keeps.
    type: int
    default: 5
  force_conflicts:
    description: Take over fields that belong to another field manager.
    type: bool
    default: false
  take_over_from:
    description: Field managers whose fields are taken over. A conflict with anybody else fails before helm is called.
    type: list
    elements: str
    default: []
  leave_to:
    description: Field managers that may change what the chart also sets; what they own is no difference.
    type: list
    elements: str
    default: []
  command:
    description: The helm program, 4.0 or newer.
    type: str
    default: helm
  cache:
    description: Folder in which fetched charts are kept.
    type: path
    default: ~/.cache/llmops-platform/charts
attributes:
  check_mode:
    support: full
  diff_mode:
    description: One entry for each object that changes. Values of Secrets are shown as digests.
    support: full
  platform:
    support: full
    platforms: posix
extends_documentation_fragment:
  - ansible.builtin.action_common_attributes
  - llmops.platform.api_action
  - llmops.platform.k8s_connection
seealso:
  - module: llmops.platform.manifest_set
  - module: kubernetes.core.helm
"""

EXAMPLES = r"""
- name: Install a chart
  llmops.platform.helm_release:
    name: istiod
    namespace: istio-system
    repository: https://istio-release.storage.googleapis.com/charts
    chart: istiod
    version: 1.31.1
    digest: unverified
    values:
      pilot:
        autoscaleMin: 2

- name: Remove it
  llmops.platform.helm_release:
    name: istiod
    namespace: istio-system
    state: absent
"""

RETURN = r"""
objects:
  description: What became of each object, as M(llmops.platform.manifest_set) returns it.
  returned: success
  type: list
  elements: dict
  sample:
    - {api_version: apps/v1, kind: Deployment, namespace: istio-system, name: istiod, action: unchanged, ready: true, message: ""}
reasons:
  description: Why helm was (or would be) called. Empty where the cluster is as rendered.
  returned: success
  type: list
  elements: str
  sample: [1 object to be configured]
recovered:
  description: What was done about a release that a dead helm had left.
  returned: success
  type: str
  sample: revision 3 was pending-upgrade for 900 s, it was marked failed and the upgrade went on from there
revision:
  description: Number of the current revision, 0 for none.
  returned: success
  type: int
  sample: 4
chart:
  description: The chart of the current revision.
  returned: success
  type: str
  sample: istiod-1.31.1
"""
