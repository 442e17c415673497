# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the checkout importable as ansible_collections.llmops.platform, and Ansible's output readable by tests."""

from __future__ import annotations

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# ansible-test does not read pyproject.toml.
if (files := str(ROOT / "roles" / "local_platform" / "files")) not in sys.path:
    sys.path.append(files)

# Tests read what Ansible prints, and molecule has it painted where TERM is a terminal's.
os.environ["ANSIBLE_FORCE_COLOR"] = "0"

# ansible-test brings a finder of its own.
if not any(type(finder).__name__ == "_AnsibleCollectionFinder" for finder in sys.meta_path):
    os.environ["ANSIBLE_CONFIG"] = str(ROOT / "ansible.cfg")
    from ansible.plugins.loader import init_plugin_loader

    init_plugin_loader([str(ROOT / ".collections")])
