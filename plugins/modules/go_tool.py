#!/usr/bin/python
# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of go_tool; the work is done by the action plugin of the same name."""

from __future__ import annotations

DOCUMENTATION = r"""
module: go_tool
short_description: Programs built from a pinned go.mod
version_added: 1.0.0
author: llmops.platform contributors (@llmops)
description:
  - Builds the programs named by the C(tool) lines of a F(go.mod) with the versions and checksums of its F(go.sum), and shows how far it is.
  - A program is built again only when F(go.mod), F(go.sum), the Go version or the platform changed. A killed build leaves the old program in place.
options:
  module:
    description: Folder with F(go.mod) and F(go.sum).
    type: path
    required: true
  destination:
    description: Folder for the programs.
    type: path
    required: true
  programs:
    description: The package of each program by the name it gets.
    type: dict
    required: true
  variables:
    description: Go string variables that the linker sets, for example the version that a program reports.
    type: dict
    default: {}
  go:
    description: The Go command.
    type: str
    default: go
extends_documentation_fragment:
  - llmops.platform.api_action
"""

EXAMPLES = r"""
- name: Build etcd
  llmops.platform.go_tool:
    module: /home/me/project/tools/etcd
    destination: /home/me/project/.local/bin
    programs:
      etcd: go.etcd.io/etcd/server/v3
"""

RETURN = r"""
built:
  description: Names of the programs that were, or in check mode would be, built.
  returned: always
  type: list
  elements: str
  sample: [etcd]
seconds:
  description: How long the build took.
  returned: when something was built
  type: float
  sample: 31.5
"""
