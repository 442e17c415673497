# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table at the end of a run."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from ansible_collections.llmops.platform.plugins.callback.phases import Phase
from ansible_collections.llmops.platform.plugins.callback.phases import simulated_lines
from ansible_collections.llmops.platform.plugins.callback.phases import table
from tests.support.programs import program

ROOT = Path(__file__).resolve().parents[4]
PLAYBOOK = """
- name: First
  hosts: all
  gather_facts: false
  tasks:
    - ansible.builtin.set_fact: {demo_result: {simulated: {pods: nothing runs}}}
    - {ansible.builtin.debug: {msg: hello}, changed_when: true}
- name: First
  hosts: all
  gather_facts: false
  tasks:
    - {ansible.builtin.debug: {msg: hello}, changed_when: true}
- name: Second
  hosts: all
  gather_facts: false
  tasks:
    - {ansible.builtin.fail: {msg: on purpose}, when: inventory_hostname == 'b'}
"""


def test_table():
    phases = [Phase("Cluster", 0, 1.25, 2, 0, {"a", "b"}), Phase("Applications", 0, 10, 0, 1, {"a"})]
    assert table(phases) == [
        "phase         hosts  changed  failed  seconds",
        "------------  -----  -------  ------  -------",
        "Cluster           2        2       0      1.2",
        "Applications      1        0       1     10.0",
        "------------  -----  -------  ------  -------",
        "total                      2       1     11.2",
    ]


def test_hosts_are_named_only_where_not_all_are_concerned():
    lines = simulated_lines({("pods", "nothing runs"): {"a", "b"}, ("mesh", "no proxies"): {"b"}}, 2)
    assert lines == ["simulated: mesh - no proxies (b)", "simulated: pods - nothing runs"]


def test_a_real_run(tmp_path):
    (tmp_path / "play.yml").write_text(PLAYBOOK)
    command = [program("ansible-playbook"), "-i", "a,b,", "-c", "local", str(tmp_path / "play.yml"), "--check"]
    environment = {**os.environ, "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg")}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment, cwd=ROOT)
    assert done.returncode == 2
    assert "[phase 1/2] First" in done.stdout
    assert "[phase 2/2] Second" in done.stdout
    rows = {line.split()[0]: line.split()[1:4] for line in done.stdout.splitlines() if line.startswith(("First", "Second"))}
    assert rows == {"First": ["2", "4", "0"], "Second": ["1", "0", "1"]}
    assert "simulated: pods - nothing runs\n" in done.stdout
    assert "check mode: nothing was changed" in done.stdout
