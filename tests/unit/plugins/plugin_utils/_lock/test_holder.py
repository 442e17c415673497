# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who holds a lock, and what is told about them."""

from __future__ import annotations

import os
import time

import psutil
import pytest

from ansible_collections.llmops.platform.plugins.plugin_utils._lock import holder
from ansible_collections.llmops.platform.plugins.plugin_utils._lock.stores import FileStore


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["/opt/bin/ansible-playbook", "-i", "inventories/dev.yml", "playbooks/site.yml"], "ansible-playbook site.yml"),
        (["ansible-playbook", "-e", "token=hunter2", "site.yml", "-e", "@secrets.yml"], "ansible-playbook site.yml"),
        (["ansible-playbook", "--inventory=a.yml", "a.yml", "b.yaml"], "ansible-playbook a.yml b.yaml"),
        ([], ""),
    ],
)
def test_command_shows_playbooks_and_no_values(argv, words):
    assert holder.command(argv) == words


def test_a_process_is_told_from_its_successor_of_the_same_pid():
    here = holder.me()
    assert here["pid"] == os.getppid()
    assert holder.same(here, dict(here))
    assert not holder.same(here, {**here, "created": here["created"] + 60})
    mine = {**here, "pid": os.getpid(), "created": psutil.Process().create_time()}
    assert not holder.has_ended(mine, here)
    assert holder.has_ended({**mine, "created": mine["created"] - 60}, here)
    assert not holder.has_ended({**mine, "created": 1, "machine": "elsewhere"}, here)


def test_description():
    record = {"user": "ann", "machine": "bastion", "pid": 4711, "command": "ansible-playbook site.yml", "acquired": 1795230720}
    assert holder.described(record) == "ann@bastion (pid 4711, ansible-playbook site.yml), since 2026-11-21 03:12 UTC"


def test_of_two_writers_one_wins(tmp_path):
    one, other = FileStore(tmp_path, "web"), FileStore(tmp_path, "web")
    assert one.read() == (None, None)
    assert one.write({"pid": 1}, None)
    assert not other.write({"pid": 2}, None)
    record, version = other.read()
    assert record == {"pid": 1}
    assert other.write(None, version)
    assert one.read() == (None, None)
    assert time.time() > (tmp_path / "web.mutex").stat().st_mtime - 1
