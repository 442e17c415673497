# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the callback loads is there for every task that is forked afterwards."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from ansible_collections.llmops.platform.plugins.callback import preload

FILE = Path(preload.__file__)
FILTERS = {file.stem for file in (FILE.parents[1] / "filter").glob("*.py")}
# In a process of its own: this one has loaded most of them already.
PROBE = """
import json, sys
from ansible.plugins.loader import init_plugin_loader
init_plugin_loader([sys.argv[1]])
from ansible.plugins.loader import callback_loader, filter_loader
callback_loader.get("llmops.platform.preload").v2_playbook_on_start(None)
loaded = set(sys.modules)
found = filter_loader.get("llmops.platform.versioned_name") is not None
print(json.dumps({"found": found, "loaded": sorted(loaded), "later": sorted(set(sys.modules) - loaded)}))
"""


def test_every_file_of_filters_is_loaded_and_a_use_loads_nothing_more():
    done = subprocess.run([sys.executable, "-c", PROBE, str(FILE.parents[5])], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout.splitlines()[-1])
    prefix = "ansible_collections.llmops.platform.plugins.filter."
    assert {name.removeprefix(prefix) for name in answer["loaded"] if name.startswith(prefix)} == FILTERS
    assert answer["found"] and answer["later"] == []
