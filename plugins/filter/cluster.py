# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filters of role cluster: what is declared worked out for the templates, versions judged, a kubeconfig."""

from __future__ import annotations

from pathlib import Path

from ansible import constants as C

from ansible_collections.llmops.platform.plugins.module_utils._cluster.kubeconfig import kubeconfig
from ansible_collections.llmops.platform.plugins.module_utils._cluster.plan import plan
from ansible_collections.llmops.platform.plugins.module_utils._cluster.versions import change_problem
from ansible_collections.llmops.platform.plugins.plugin_utils._filters import as_filter


def run_file(name: str) -> str:
    """A path below the folder that Ansible makes for a run, with mode 0700, and deletes at its end; the same for all tasks of the run.

    The setting's own lookup would make another folder each time. Raises ValueError for a name with another folder in it.
    """
    if not name or Path(name).name != name:
        raise ValueError(f"{name!r} is no name of a file; leave folders out")
    return str(Path(C.DEFAULT_LOCAL_TMP) / name)


class FilterModule:
    """The filters by name."""

    def filters(self) -> dict:
        return {
            "cluster_kubeconfig": as_filter("cluster_kubeconfig", kubeconfig),
            "cluster_plan": as_filter("cluster_plan", plan),
            "cluster_run_file": as_filter("cluster_run_file", run_file),
            "cluster_version_problem": as_filter("cluster_version_problem", change_problem),
        }
