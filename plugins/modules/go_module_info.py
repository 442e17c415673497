#!/usr/bin/python
# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of go_module_info; the work is done by the action plugin of the same name."""

from __future__ import annotations

DOCUMENTATION = r"""
module: go_module_info
short_description: Where the sources of a pinned Go module lie
version_added: 1.0.0
author: llmops.platform contributors (@llmops)
description:
  - Fetches one module of a C(go.mod) into Go's own cache, checked against C(go.sum), and returns its folder there.
  - For files that a project ships only with its sources, for example Istio's charts.
options:
  module:
    description: Folder with C(go.mod) and C(go.sum).
    type: path
    required: true
  path:
    description: Path of the module.
    type: str
    required: true
  go:
    description: Go command to use.
    type: str
    default: go
  timeout:
    description: Seconds to wait for the download.
    type: int
    default: 600
attributes:
  check_mode:
    support: full
  diff_mode:
    support: none
  platform:
    support: full
    platforms: posix
extends_documentation_fragment:
  - ansible.builtin.action_common_attributes
  - llmops.platform.api_action
"""

EXAMPLES = r"""
- name: Find Istio's sources
  llmops.platform.go_module_info:
    module: tools/istio
    path: istio.io/istio
  register: istio
"""

RETURN = r"""
directory:
  description: The folder of its sources.
  returned: success
  type: str
  sample: /root/go/pkg/mod/istio.io/istio@v0.0.0-20260827124520-eed52ebb66ad
version:
  description: Its version.
  returned: success
  type: str
  sample: v0.0.0-20260827124520-eed52ebb66ad
checksum:
  description: Its checksum, as it stands in C(go.sum).
  returned: success
  type: str
  sample: h1:2ajEnfzpHtVxA0wA2TBD1q0dLVtjOROVz9yv9iAHzj4=
"""
