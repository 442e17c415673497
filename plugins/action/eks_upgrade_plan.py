# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans the upgrade of a cluster; documented in the module of the same name."""

from __future__ import annotations

import datetime
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._aws import session as aws
from ansible_collections.llmops.platform.plugins.module_utils._k8s.client import Client
from ansible_collections.llmops.platform.plugins.module_utils._k8s.connection import load
from ansible_collections.llmops.platform.plugins.module_utils._k8s.errors import KubernetesError
from ansible_collections.llmops.platform.plugins.module_utils._stacks import identity
from ansible_collections.llmops.platform.plugins.module_utils._stacks.calls import Calls
from ansible_collections.llmops.platform.plugins.module_utils._upgrade.cluster import ClusterReader
from ansible_collections.llmops.platform.plugins.module_utils._upgrade.eks import EksReader
from ansible_collections.llmops.platform.plugins.module_utils._upgrade.planner import Planner
from ansible_collections.llmops.platform.plugins.plugin_utils._action import ApiAction


class ActionModule(ApiAction):
    """Read-only."""

    errors = (KubernetesError, aws.AwsError, ValueError)

    def work(self, arguments: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        if bool(arguments["cluster_name"]) != bool(arguments["region"]):
            raise ValueError("cluster_name and region belong together; give both for a cluster of EKS, none for any other")
        with self.task_environment():
            eks = None
            if arguments["cluster_name"]:
                session = aws.new_session()
                identity.ready(session)
                eks = EksReader(Calls(session), arguments["region"], arguments["cluster_name"])
            connection = load(arguments["kubeconfig"], arguments["context"])
            client = Client(connection, "eks_upgrade_plan")
            try:
                found = Planner(arguments, ClusterReader(client), eks, connection.ca_sha256, datetime.datetime.now(datetime.UTC).date()).make()
            finally:
                client.close()
        return {"changed": False, **found}
