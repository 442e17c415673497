#!/usr/bin/python
# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of go_module_files; the work is done by the action plugin of the same name."""

from __future__ import annotations

DOCUMENTATION = r"""
module: go_module_files
short_description: Kubernetes objects that pinned Go modules ship as files
version_added: 1.0.0
author: llmops.platform contributors (@llmops)
description:
  - Many operators ship their finished CustomResourceDefinitions inside their Go module. This module downloads the version that a F(go.mod) pins,
    checked against F(go.sum), and writes the objects of chosen files as one file C(NAME-VERSION.yml), without comments, sorted by kind and name.
  - Nothing is compiled and no dependency is downloaded.
  - A file is written again only when the pin or an option changed, or when the file was changed or lost. Otherwise neither Go nor the network is used.
  - The documents of the file are JSON, which is YAML as well and is read much faster.
options:
  modules:
    description: Which files of which modules. Each has a name of its own.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: Name of the file without its version.
        type: str
        required: true
      module:
        description: Folder with a F(go.mod) that requires exactly one module, and a F(go.sum) with the checksum of that module's zip.
        type: path
        required: true
      files:
        description: Patterns of the files, relative to the root of the Go module. Each must match at least one file.
        type: list
        elements: str
        required: true
  destination:
    description: Folder for the files. It is created where it does not exist.
    type: path
    required: true
  kinds:
    description: Kinds of the objects that are wanted, all if empty.
    type: list
    elements: str
    default: [CustomResourceDefinition]
  descriptions:
    description:
      - Whether to keep the descriptions in the schemas of a CustomResourceDefinition, which C(kubectl explain) shows.
      - They are two thirds of its size and cost an API server a quarter of the work of accepting it.
    type: bool
    default: true
  parallelism:
    description: Number of downloads at once.
    type: int
    default: 2
  timeout:
    description: Seconds that one download may take.
    type: int
    default: 600
  go:
    description: The Go command.
    type: str
    default: go
  go_required:
    description: Whether to fail where something is to be written and Go is not installed. If not, RV(missing) names what is not there.
    type: bool
    default: true
attributes:
  check_mode:
    support: full
  diff_mode:
    description: One entry for each file that changes, with what it is made from. The content is known only after the download.
    support: full
  platform:
    support: full
    platforms: posix
extends_documentation_fragment:
  - ansible.builtin.action_common_attributes
  - llmops.platform.api_action
"""

EXAMPLES = r"""
- name: Fetch the definitions of two operators
  llmops.platform.go_module_files:
    destination: /home/me/project/.local/crds
    modules:
      - name: cert_manager
        module: /home/me/project/tools/crds/cert_manager
        files: [deploy/crds/*.yaml]
      - name: velero
        module: /home/me/project/tools/crds/velero
        files: [config/crd/*/bases/*.yaml]
"""

RETURN = r"""
files:
  description: The path of each file by its name. In check mode it may not be there yet.
  returned: always
  type: dict
  sample: {velero: /home/me/project/.local/crds/velero-v1.18.3.yml}
written:
  description: Names of the files that were, or in check mode would be, written.
  returned: always
  type: list
  elements: str
  sample: [velero]
missing:
  description: Names of the files that could not be written because Go is not installed.
  returned: always
  type: list
  elements: str
  sample: []
seconds:
  description: How long it took.
  returned: when something was written
  type: float
  sample: 6.4
"""
