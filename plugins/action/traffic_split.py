# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shifts traffic between two versions; documented in the module of the same name."""

from __future__ import annotations

from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._k8s import connection
from ansible_collections.llmops.platform.plugins.module_utils._k8s.client import Client
from ansible_collections.llmops.platform.plugins.module_utils._k8s.errors import ApiError
from ansible_collections.llmops.platform.plugins.module_utils._k8s.errors import KubernetesError
from ansible_collections.llmops.platform.plugins.module_utils._release import splitting
from ansible_collections.llmops.platform.plugins.module_utils._release.traffic import TrafficError
from ansible_collections.llmops.platform.plugins.plugin_utils._action import UNKNOWN
from ansible_collections.llmops.platform.plugins.plugin_utils._action import ApiAction


class ActionModule(ApiAction):
    """All thinking is in module_utils/_release."""

    errors = (KubernetesError, TrafficError)

    def work(self, arguments: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        if self.check_mode and arguments["kubeconfig"] == UNKNOWN:
            return {"changed": bool(arguments["weights"]), "before": {}, "after": arguments["weights"], "confirmed_by": "nothing", "seconds": 0.0}
        client = Client(connection.load(arguments["kubeconfig"], arguments["context"]), "traffic_split")
        try:
            result = splitting.run(client, arguments, check_mode=self.check_mode)
        except ApiError as error:
            raise KubernetesError(f"{arguments['kind']} {arguments['name']} was refused: {error.message} ({error.status})") from error
        finally:
            client.close()
        if self.diff_wanted and result["changed"]:
            label = f"{arguments['kind']}/{arguments['namespace']}/{arguments['name']}"
            result["diff"] = [{"before_header": label, "after_header": label, "before": _lines(result["before"]), "after": _lines(result["after"])}]
        return result


def _lines(split: dict[str, dict[str, int]]) -> str:
    return "".join(f"{route}: stable {weights['stable']}, canary {weights['canary']}\n" for route, weights in sorted(split.items()))
