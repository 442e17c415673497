# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A second run of the whole site changes nothing, by its own word and by that of the API servers' audit logs."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def playbook(directory, *more):
    command = ["ansible-playbook", "-i", "inventories/local.yml", "playbooks/local_up.yml", "playbooks/site.yml"]
    command += ["-e", f"local_platform_directory={directory}", "-e", f"local_platform_binaries_directory={ROOT}/.local/bin", *more]
    environment = {**os.environ, "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"), "ANSIBLE_NOCOLOR": "1", "ANSIBLE_FORCE_COLOR": "0"}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def mutations(directory, offsets=None):
    """Calls of ours that may change something, written to the audit logs after `offsets`."""
    found, sizes = [], {}
    for log in sorted(directory.glob("kwok/clusters/*/logs/audit.log")):
        text = log.read_text()
        sizes[log] = len(text)
        for line in text[(offsets or {}).get(log, 0) :].splitlines():
            event = json.loads(line)
            if event.get("userAgent", "").startswith("llmops-platform") and "dryRun=All" not in event["requestURI"]:
                found.append((event["verb"], event["requestURI"]))
    return found, sizes


def test_changed_is_zero_and_nothing_is_sent(directory):
    before, sizes = mutations(directory)
    # The first run is in the logs, so the probe can see what it looks for.
    assert len(before) > 100
    done = playbook(directory)
    assert done.returncode == 0, done.stdout[-3000:]
    changed = re.findall(r"^\w+_local_primary\s.*changed=(\d+)", done.stdout, re.MULTILINE)
    assert len(changed) >= 5
    assert set(changed) == {"0"}
    assert mutations(directory, sizes)[0] == []


def test_check_mode_predicts_a_change_and_sends_none(directory):
    _before, sizes = mutations(directory)
    done = playbook(directory, "--check", "--diff", "--limit", "connector_hub", "-e", '{"application_services_deployment": {"redis": {"run_as_user": 1000}}}')
    assert done.returncode == 0, done.stdout[-3000:]
    assert "changed=1 " in done.stdout
    assert "+          runAsUser: 1000" in done.stdout or "+        runAsUser: 1000" in done.stdout, done.stdout[-3000:]
    assert mutations(directory, sizes)[0] == []
