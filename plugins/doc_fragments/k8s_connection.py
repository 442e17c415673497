# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a task reaches a cluster."""

from __future__ import annotations


class ModuleDocFragment:
    """Documentation fragment llmops.platform.k8s_connection."""

    DOCUMENTATION = r"""
options:
  kubeconfig:
    description:
      - Path of the kubeconfig.
      - Usually given once by C(module_defaults) of the action group C(llmops.platform.k8s).
      - In check mode it may be C((known after apply)), for a cluster that does not exist yet.
    type: str
    required: true
  context:
    description: Context in the kubeconfig. Defaults to its current one.
    type: str
notes:
  - Needs the Python package C(kubernetes) on the controller.
"""
