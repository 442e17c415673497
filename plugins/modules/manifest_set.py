#!/usr/bin/python
# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of manifest_set; the work is done by the action plugin of the same name."""

from __future__ import annotations

DOCUMENTATION = r"""
module: manifest_set
short_description: All Kubernetes objects of a component in one task
version_added: 1.0.0
author: llmops.platform contributors (@llmops)
description:
  - Applies, deletes or awaits a list of Kubernetes objects, in the order of their kinds and in parallel where the order allows.
  - What is live is read first, by one LIST for each kind and namespace (up to four objects of a kind and namespace are read by name).
    Objects that are provably equal are not sent, which means that all fields in the manifest have the live value,
    and that they are exactly the fields which O(field_manager) owns. Thus a field removed from the manifest is noticed.
  - The rest is sent by server-side apply. The task has changed something only if the object's content differs afterwards.
  - In check mode the server is asked by dry run and nothing is changed. An object whose namespace or definition does not exist yet is
    reported as created, with a message that it could not be validated.
  - Dropped connections, 429 (with its C(Retry-After)), server errors, a change of etcd's leader and lost races are tried again for up to 30 seconds.
  - A null in a map means that the field is not set. The C(stringData) of a Secret is sent as C(data). The C(status) of kinds with a status
    subresource is not sent.
  - A Secret with the annotation C(llmops.platform/generated-keys) (names with commas between) gets random values for these keys, once.
    They never pass through Ansible.
options:
  name:
    description: Name of the component, for messages.
    type: str
  manifests:
    description:
      - The objects. Each has C(apiVersion), C(kind) and C(metadata.name).
      - A namespaced object without C(metadata.namespace) goes to the namespace of the context, or V(default).
      - Missing names, empty entries and duplicates are refused before anything is sent.
      - Required unless O(files) has something.
    type: list
    elements: dict
  files:
    description:
      - Files with further objects, YAML of any number of documents, or JSON.
      - The task reads them itself, which for thousands of lines is much faster than a lookup in O(manifests). They are no templates.
    type: list
    elements: path
    default: []
  state:
    description:
      - V(present) applies the objects.
      - V(absent) deletes them in reverse order; what is not there, for whatever reason, is absent.
        With O(wait) what owns pods is deleted in the foreground, so that gone means that the pods are gone as well.
        All else, and everything without O(wait), is deleted in the background.
      - V(ready) changes nothing and only waits until the given objects exist and are ready.
    type: str
    choices: [present, absent, ready]
    default: present
  wait:
    description:
      - With O(state=present) wait until all objects are ready, with O(state=absent) until they are gone.
      - Ready follows the rules of kstatus. A status counts only if it is as new as the object.
        A Job is ready when it has completed, a load balancer when it has an address,
        a HorizontalPodAutoscaler also while there are no metrics yet,
        a claim of a StorageClass with V(WaitForFirstConsumer) also while no pod uses it.
      - An object that has failed, for example a Deployment beyond its progress deadline, fails the task at once.
    type: bool
    default: true
  wait_timeout:
    description:
      - Seconds to wait, also for an old object of the same name that is still being deleted.
      - Who is late, and why, is printed about every ten seconds and when the time is over.
    type: int
    default: 300
  field_manager:
    description: Name under which the server records the fields of the manifests as ours.
    type: str
    default: llmops-platform
  force_conflicts:
    description: Take over fields that belong to another field manager, instead of failing.
    type: bool
    default: false
  take_over_from:
    description:
      - Field managers whose fields are taken over, for example V(kubectl-client-side-apply) or V(helm) when moving away from them.
        A conflict with anybody else still fails.
    type: list
    elements: str
    default: []
  leave_to:
    description:
      - Field managers that may change what O(manifests) also set, for example the one that shifts traffic during a release.
        Fields that they own are taken out of the manifest and listed as C(left).
    type: list
    elements: str
    default: []
  apply_set:
    description:
      - Makes the objects members of a set that the server remembers, by the labels of the ApplySet specification.
        After everything was applied (and, with O(wait), is ready) members that are not in O(manifests) any more are deleted.
      - Nothing is deleted when something was refused, is late, or could not be listed, nor when O(manifests) is empty.
      - What data would go with (namespaces, definitions, volumes and their claims, databases of known operators) is kept with a warning
        unless O(apply_set.allow_delete) names it.
      - With O(state=absent) all members and the set itself are deleted.
    type: dict
    suboptions:
      name:
        description: Name of the ConfigMap that is the set's parent.
        type: str
        required: true
      namespace:
        description: Namespace of the parent. It must exist.
        type: str
        required: true
      owner:
        description: The deployment whose set it is. The same set of another one is refused, as the wrong cluster was meant.
        type: str
        default: ""
      keep_versions:
        description:
          - How many versions stay of ConfigMaps and Secrets that bear the label C(llmops.platform/version-of), the newest first.
            Those that a ReplicaSet refers to stay anyhow, so that a rollback finds them.
        type: int
        default: 3
      prune:
        description:
          - Whether members that are not in O(manifests) are deleted.
          - V(false) is for a part of the set. Its objects become members, and all others stay as they are.
        type: bool
        default: true
      keep:
        description: Objects that belong to the set but are not to be touched now, in the shape of O(manifests).
        type: list
        elements: dict
        default: []
      allow_delete:
        description: Objects with data that may be deleted, as C(Kind/namespace/name).
        type: list
        elements: str
        default: []
  parallelism:
    description: Number of requests at once, each on its own connection.
    type: int
    default: 8
attributes:
  check_mode:
    support: full
  diff_mode:
    description: One entry for each object that changes, without the server's bookkeeping. Values of Secrets are shown as digests.
    support: full
  platform:
    support: full
    platforms: posix
extends_documentation_fragment:
  - ansible.builtin.action_common_attributes
  - llmops.platform.api_action
  - llmops.platform.k8s_connection
seealso:
  - module: kubernetes.core.k8s
"""

EXAMPLES = r"""
- name: Deploy a component
  llmops.platform.manifest_set:
    name: publishing
    manifests: "{{ publishing_manifests }}"

- name: Remove it
  llmops.platform.manifest_set:
    name: publishing
    state: absent
    manifests: "{{ publishing_manifests }}"

- name: Deploy a component and delete what is not part of it any more
  llmops.platform.manifest_set:
    name: publishing
    manifests: "{{ publishing_manifests }}"
    apply_set:
      name: publishing
      namespace: llm-marketplace

- name: Wait for what somebody else applied
  llmops.platform.manifest_set:
    name: gateway
    state: ready
    wait_timeout: 120
    manifests:
      - apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: gateway
          namespace: istio-system
"""

RETURN = r"""
objects:
  description: What became of each object, in the order of O(manifests). A failed task returns what it had done until then, without what is unchanged and ready.
  returned: when the manifests are valid and the API server answers
  type: list
  elements: dict
  contains:
    api_version:
      description: Its API version.
      returned: always
      type: str
      sample: apps/v1
    kind:
      description: Its kind.
      returned: always
      type: str
      sample: Deployment
    namespace:
      description: Its namespace, empty for a cluster-wide kind.
      returned: always
      type: str
      sample: llm-marketplace
    name:
      description: Its name.
      returned: always
      type: str
      sample: publishing
    action:
      description:
        - What was done (or would be, in check mode), one of V(created), V(configured), V(unchanged), V(deleted), V(absent).
        - In a failed task also V(refused) by the server, and V(skipped) for what was not reached.
      returned: always
      type: str
      sample: configured
    ready:
      description: Whether it is known to be ready.
      returned: always
      type: bool
      sample: true
    message:
      description: Why it is not ready, or what else is worth knowing.
      returned: always
      type: str
      sample: ""
    left:
      description: Fields that were left to a manager in O(leave_to).
      returned: when there are any
      type: list
      elements: str
      sample: [spec.selector]
    fields:
      description:
        - What a configured object's change touches, at most eight fields; of a Secret without values.
        - Of a new version (see O(apply_set.keep_versions)) what differs from the one before.
      returned: when the object was configured, or is a new version
      type: list
      elements: str
      sample: ["spec.replicas: 2 → 3"]
summary:
  description: Number of objects by action.
  returned: when the manifests are valid and the API server answers
  type: dict
  sample:
    created: 0
    configured: 1
    unchanged: 11
    deleted: 0
errors:
  description: What the server refused, with the HTTP status, its reason, the field and the server's words.
  returned: when the server refused something
  type: list
  elements: dict
  sample:
    - api_version: apps/v1
      kind: Deployment
      namespace: llm-marketplace
      name: publishing
      status: 422
      reason: Invalid
      field: spec.template.spec.containers[0].image
      message: "field spec.template.spec.containers[0].image: Required value (422 Invalid); correct the field"
"""
