# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Who holds a lock: the ansible-playbook process that this task belongs to."""

from __future__ import annotations

import getpass
import os
import socket
import sys
import time
from pathlib import Path
from typing import Any

from ansible_collections.llmops.platform.plugins.plugin_utils._local.processes import alive

try:
    import psutil
except ImportError:
    psutil = None


class LockError(Exception):
    """Somebody else holds the lock, or it cannot be kept; the text names the remedy."""


def me() -> dict[str, Any]:
    """`{user, machine, pid, created, command, acquired}` of the run. A task runs in a child of the process that lives as long as the run."""
    pid = os.getppid()
    return {
        "user": getpass.getuser(),
        "machine": socket.gethostname(),
        "pid": pid,
        "created": psutil.Process(pid).create_time(),
        "command": command(sys.argv),
        "acquired": time.time(),
    }


def command(argv: list[str]) -> str:
    """What runs, without the values of options: they may be secrets."""
    words = [Path(argv[0]).name] if argv else []
    after = ""
    for word in argv[1:]:
        if word.endswith((".yml", ".yaml")) and not word.startswith(("-", "@")) and after not in ("-i", "--inventory", "-e", "--extra-vars"):
            words.append(Path(word).name)
        after = word
    return " ".join(words)


def same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether both are one run."""
    return (one.get("machine"), one.get("pid")) == (other.get("machine"), other.get("pid")) and abs(one.get("created", 0) - other.get("created", 0)) < 1


def has_ended(record: dict[str, Any], here: dict[str, Any]) -> bool:
    """Whether the holder certainly does not run any more. Of another machine's processes nothing can be said."""
    return record.get("machine") == here["machine"] and not alive(record["pid"], record["created"])


def described(record: dict[str, Any]) -> str:
    """`ann@bastion (pid 4711, ansible-playbook site.yml), since 2026-11-21 03:12 UTC`."""
    since = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(record.get("acquired", 0)))
    return f"{record.get('user')}@{record.get('machine')} (pid {record.get('pid')}, {record.get('command') or 'unknown command'}), since {since}"
