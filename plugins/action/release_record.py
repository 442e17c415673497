# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads and keeps a release's record; documented in the module of the same name."""

from __future__ import annotations

from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._k8s import connection
from ansible_collections.llmops.platform.plugins.module_utils._k8s.client import Client
from ansible_collections.llmops.platform.plugins.module_utils._k8s.errors import ApiError
from ansible_collections.llmops.platform.plugins.module_utils._k8s.errors import KubernetesError
from ansible_collections.llmops.platform.plugins.module_utils._release import record
from ansible_collections.llmops.platform.plugins.plugin_utils._action import UNKNOWN
from ansible_collections.llmops.platform.plugins.plugin_utils._action import ApiAction


class ActionModule(ApiAction):
    """All thinking is in module_utils/_release."""

    errors = (KubernetesError,)

    def work(self, arguments: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        if self.check_mode and arguments["kubeconfig"] == UNKNOWN:
            return {"changed": False, "record": {}}
        namespace, service, values = arguments["namespace"], arguments["service"], arguments["values"]
        client = Client(connection.load(arguments["kubeconfig"], arguments["context"]), "release_record")
        try:
            before = record.read(client, namespace, service)
            wanted = {**before, **{key: value for key, value in values.items() if value is not None}}
            after = {key: value for key, value in wanted.items() if key not in values or values[key] is not None}
            changed = bool(arguments["event"]) or record.encoded(after) != record.encoded(before)
            if changed and not self.check_mode:
                after = record.write(client, namespace, service, values, arguments["event"])
        except ApiError as error:
            raise KubernetesError(
                f"the record of {service}'s release, ConfigMap {record.name_of(service)} in namespace {namespace}: {error.message} ({error.status})"
            ) from error
        finally:
            client.close()
        return {"changed": changed, "record": after}
