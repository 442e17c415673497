# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of the modules that take a deployment's data away, after they have put it into snapshots."""

from __future__ import annotations


class ModuleDocFragment:
    """Documentation fragment llmops.platform.aws_teardown."""

    DOCUMENTATION = r"""
options:
  resources:
    description: The resources, each with C(stack), C(region), C(resource), C(type) and C(id), as M(llmops.platform.aws_teardown_info) returns them.
    type: list
    elements: dict
    required: true
  deployment:
    description: What the resources belong to, usually platform and environment. The lock and the journal are those of M(llmops.platform.aws_stacks).
    type: str
    required: true
  state_bucket:
    description: The output of the stack that makes the state bucket, as C({stack, output}). Files below O(state_directory) are used if not given.
    type: dict
  state_directory:
    description: Folder of this machine for the lock and the journal where the state bucket cannot be used.
    type: path
    default: .local/state/aws_stacks
  poll_seconds:
    description: Longest pause between two looks, in seconds. The first looks come quicker.
    type: float
    default: 5.0
  parallel:
    description: Number of calls at once.
    type: int
    default: 10
"""
