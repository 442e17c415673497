# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of every module of this collection that talks to a Kubernetes API server."""

from __future__ import annotations


class ModuleDocFragment:
    """Documentation fragment llmops.platform.k8s_connection."""

    DOCUMENTATION = r"""
options:
  kubeconfig:
    description:
      - Path of the kubeconfig, normally given once by C(module_defaults) of the action group C(llmops.platform.k8s).
      - If not given, E(KUBECONFIG), then C(~/.kube/config), then the service account of the pod Ansible is in.
      - Client certificates, tokens, token files, user and password, and credential plugins (C(exec), for example C(aws eks get-token)) work.
      - In check mode it may be C((known after apply)), for a cluster that only the real run would make.
    type: path
  context:
    description: Context of the kubeconfig, its current one if not given.
    type: str
"""
