# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Brings a set of Kubernetes objects to its declared state; documented in the module of the same name."""

from __future__ import annotations

from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._k8s.errors import KubernetesError
from ansible_collections.llmops.platform.plugins.module_utils._k8s.manifest_set import plan_without_cluster
from ansible_collections.llmops.platform.plugins.module_utils._k8s.manifest_set import run
from ansible_collections.llmops.platform.plugins.plugin_utils._action import UNKNOWN
from ansible_collections.llmops.platform.plugins.plugin_utils._action import ApiAction


class ActionModule(ApiAction):
    """All thinking is in module_utils/_k8s."""

    errors = (KubernetesError,)

    def work(self, arguments: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        if self.check_mode and arguments["kubeconfig"] == UNKNOWN:
            return plan_without_cluster(arguments, want_diff=self.diff_wanted)
        return run(arguments, check_mode=self.check_mode, want_diff=self.diff_wanted, say=self.progress)
