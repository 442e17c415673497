#!/usr/bin/python
# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of cluster_access_info; the work is done by the action plugin of the same name."""

from __future__ import annotations

DOCUMENTATION = r"""
module: cluster_access_info
short_description: Credentials, reachability and permissions of a cluster
version_added: 1.0.0
author: llmops.platform contributors (@llmops)
description:
  - Reads what a kubeconfig offers as credentials and until when they last, asks the API server for its version, and asks it what we may do.
  - Creates C(SelfSubjectAccessReview) objects, which the API server answers and does not keep. Nothing else is sent that is not a read.
  - What cannot be read is part of the answer, not a failure.
options:
  permissions:
    description:
      - What to ask for, by C(resource.group/subresource), each C({verbs, namespace}). Without C(namespace) the permission must hold in all of them.
    type: dict
    default: {}
  timeout:
    description: Seconds that each call may take.
    type: float
    default: 5.0
extends_documentation_fragment:
  - llmops.platform.api_action
  - llmops.platform.k8s_connection
"""

EXAMPLES = r"""
- name: Look whether services can be deployed
  llmops.platform.cluster_access_info:
    kubeconfig: /home/me/.kube/production
    permissions:
      deployments.apps: {verbs: [create, patch], namespace: llm-marketplace}
      namespaces: {verbs: [create]}
  register: access
"""

RETURN = r"""
credentials:
  description:
    - What the kubeconfig offers, null if it cannot be read. C(method) is V(client_certificate), V(token), V(exec), V(basic), V(service_account) or V(none).
    - C(expires) is null where nothing says it. C(plugin) is that of method V(exec), its C(path) is null if it is not installed.
  returned: success
  type: dict
  sample:
    kubeconfig: /home/me/.kube/production
    modes: {/home/me/.kube/production: "0600"}
    context: production
    server: https://api.example.com:6443
    proxy: ""
    method: client_certificate
    expires: "2027-11-21T07:00:00+00:00"
    plugin: null
api:
  description: Who answered and how long a read takes, null if nobody did.
  returned: success
  type: dict
  sample: {server: "https://api.example.com:6443", version: 1.36.3, milliseconds: 12.4}
permissions:
  description: An answer for each verb that was asked for, in that order. A C(namespace) of V(*) is all of them.
  returned: success
  type: list
  elements: dict
  sample:
    - {name: deployments.apps, verb: create, namespace: llm-marketplace, allowed: true, reason: "RBAC: allowed by ClusterRoleBinding deployers"}
problem:
  description: What could not be read, by its C(stage) (V(credentials) or V(api)) and a C(message). Null if all could.
  returned: success
  type: dict
  sample: null
"""
