# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Renews a Lease as long as the run lives, and gives it back when the run has ended, however it ended.

A process of its own: tasks end long before the run does, and a thread in the run itself would be copied by every fork.
Called with one argument, a JSON object `{kubeconfig, context, namespace, name, record}`, on standard input.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

# Run as a program: the collection must be found as Ansible finds it.
sys.path.insert(0, str(Path(__file__).absolute().parents[5]))

from ansible_collections.llmops.platform.plugins.module_utils._k8s import connection
from ansible_collections.llmops.platform.plugins.module_utils._k8s.client import Client
from ansible_collections.llmops.platform.plugins.module_utils._k8s.errors import KubernetesError
from ansible_collections.llmops.platform.plugins.plugin_utils._local.processes import alive
from ansible_collections.llmops.platform.plugins.plugin_utils._lock.holder import same
from ansible_collections.llmops.platform.plugins.plugin_utils._lock.stores import TTL
from ansible_collections.llmops.platform.plugins.plugin_utils._lock.stores import LeaseStore


def keep(settings: dict) -> None:
    record = settings["record"]
    renewed = time.monotonic()
    while True:
        running = alive(record["pid"], record["created"])
        if not running or time.monotonic() - renewed > TTL / 4:
            client = Client(connection.load(settings["kubeconfig"], settings["context"]), "deployment_lock")
            store = LeaseStore(client, settings["namespace"], settings["name"])
            try:
                held, version = store.read()
                # Somebody broke the lock: it is theirs now.
                if held is None or not same(held, record):
                    return
                store.write(record if running else None, version)
                renewed = time.monotonic()
            except KubernetesError:
                # The cluster may be away for a while; the next turn tries again.
                renewed += 5
            finally:
                client.close()
            if not running:
                return
        time.sleep(1)


if __name__ == "__main__":
    keep(json.load(sys.stdin))
