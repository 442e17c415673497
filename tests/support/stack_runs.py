# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A run over a graph of stacks, as module aws_stacks has it, inside the process of a test."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import botocore.session

from ansible_collections.llmops.platform.plugins.module_utils._stacks.calls import Calls
from ansible_collections.llmops.platform.plugins.module_utils._stacks.keeping import Who
from ansible_collections.llmops.platform.plugins.module_utils._stacks.running import Run


def arguments(directory: Path, graph: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """Options of a run as the module hands them on; state is kept in the directory."""
    state = {"state": "present", "wait_for": "", "state_bucket": None, "state_directory": str(directory), "deployment": "t/dev"}
    limits = {"allow": {}, "imports": {}, "unreachable_regions": [], "poll_seconds": 0.5, "timeout_minutes": 0.0, "parallel": 8}
    return {**state, **limits, "stacks": graph, **more}


def stack_run(directory: Path, graph: Mapping[str, Any], check: bool = False, **more: Any) -> dict[str, Any]:
    """The result of one. Raises RunFailed."""
    who = Who({"user": "ann", "pid": 1}, lambda holder: False, lambda holder: "ann@bastion")
    return Run(arguments(directory, graph, **more), Calls(botocore.session.Session()), who, print).run(check)
