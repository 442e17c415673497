# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Brings a set of Kubernetes objects to its declared state; documented in the module of the same name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._k8s.errors import KubernetesError
from ansible_collections.llmops.platform.plugins.module_utils._k8s.manifest_set import plan_without_cluster
from ansible_collections.llmops.platform.plugins.module_utils._k8s.manifest_set import run
from ansible_collections.llmops.platform.plugins.plugin_utils import _manifest_files
from ansible_collections.llmops.platform.plugins.plugin_utils._action import UNKNOWN
from ansible_collections.llmops.platform.plugins.plugin_utils._action import ApiAction


class ActionModule(ApiAction):
    """All thinking is in module_utils/_k8s."""

    errors = (KubernetesError,)

    def work(self, arguments: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        if arguments["manifests"] is None and not arguments["files"]:
            raise KubernetesError("neither 'manifests' nor 'files' is given; give the objects in one of them, or in both")
        arguments["manifests"] = [*(arguments["manifests"] or []), *(entry for path in arguments["files"] for entry in _read(Path(path)))]
        if self.check_mode and arguments["kubeconfig"] == UNKNOWN:
            return plan_without_cluster(arguments, want_diff=self.diff_wanted)
        return run(arguments, check_mode=self.check_mode, want_diff=self.diff_wanted, say=self.progress)


def _read(path: Path) -> list[dict[str, Any]]:
    try:
        return _manifest_files.load(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise KubernetesError(
            f"option 'files': {path} cannot be read, nothing was sent: {getattr(error, 'strerror', None) or error}; correct the file or its path"
        ) from error
