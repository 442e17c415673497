# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Brings a Helm release to its declared state; documented in the module of the same name."""

from __future__ import annotations

from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._helm.rendered import leaves
from ansible_collections.llmops.platform.plugins.module_utils._helm.rendered import merged
from ansible_collections.llmops.platform.plugins.module_utils._k8s.errors import KubernetesError
from ansible_collections.llmops.platform.plugins.plugin_utils._action import UNKNOWN
from ansible_collections.llmops.platform.plugins.plugin_utils._action import ApiAction
from ansible_collections.llmops.platform.plugins.plugin_utils._helm.command import Helm
from ansible_collections.llmops.platform.plugins.plugin_utils._helm.release import STATES
from ansible_collections.llmops.platform.plugins.plugin_utils._helm.release import Run


class ActionModule(ApiAction):
    """All thinking is in module_utils/_helm and plugin_utils/_helm."""

    errors = (KubernetesError, ValueError)
    secrets = (("secret_values",),)

    def work(self, arguments: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        if self.check_mode and arguments["kubeconfig"] == UNKNOWN:
            wanted = arguments["state"] == "present"
            return {"changed": wanted, "objects": [], "reasons": ["the cluster does not exist yet"], "recovered": "", "revision": 0, "chart": ""}
        run = Run(arguments, self.check_mode, self.diff_wanted, self.progress)
        with (
            self.task_environment(),
            Helm(
                arguments["command"],
                kubeconfig=arguments["kubeconfig"] or "",
                context=arguments["context"] or "",
                namespace=arguments["namespace"],
                values=merged(arguments["values"], arguments["secret_values"]),
                hidden=leaves(arguments["secret_values"]),
                timeout=arguments["timeout"],
            ) as helm,
        ):
            return STATES[arguments["state"]](run, helm)
