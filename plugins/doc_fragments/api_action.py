# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Attributes of every action of this collection."""

from __future__ import annotations


class ModuleDocFragment:
    """Documentation fragment llmops.platform.api_action."""

    DOCUMENTATION = r"""
options: {}
attributes:
  check_mode:
    description: Changes nothing in check mode, and predicts what the real run would change.
    support: full
  diff_mode:
    description: Shows details of what is or would be changed in diff mode.
    support: none
  platform:
    description: Where the controller may run.
    support: full
    platforms: posix
  action:
    description: The work is done on the controller.
    support: full
  async:
    description: The task waits and shows progress itself, C(async) is refused.
    support: none
  become:
    description: The task runs as the user who started Ansible, C(become) is refused.
    support: none
  connection:
    description: The connection of the host is not used.
    support: none
  delegation:
    description: The task always runs on the controller, C(delegate_to) is refused.
    support: none
"""
