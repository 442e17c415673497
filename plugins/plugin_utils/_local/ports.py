# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Free loopback ports, kept apart from those that other starts of this environment have just been given."""

from __future__ import annotations

import fcntl
import json
import socket
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ansible_collections.llmops.platform.plugins.plugin_utils._local.processes import LocalError
from ansible_collections.llmops.platform.plugins.plugin_utils._local.processes import write_record

# Below Linux' and macOS' ephemeral ranges, so that no outgoing connection takes a port between choice and use.
FIRST, LAST = 20000, 32000


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold an exclusive lock on a file; the kernel frees it when the holder dies."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with open(path, "a", encoding="utf-8") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield


def is_free(port: int) -> bool:
    """Whether a loopback TCP port can be bound right now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def choose(owner: str, names: list[str], taken: set[int], free=is_free) -> dict[str, int]:
    """A free port for each name. The search starts at a place of the owner's own, so the same owner tends to get the same ports.

    Raises LocalError when the range is exhausted.
    """
    size = LAST - FIRST
    begin = zlib.crc32(owner.encode()) % size
    chosen: dict[str, int] = {}
    for step in range(size):
        if len(chosen) == len(names):
            break
        port = FIRST + (begin + step) % size
        if port not in taken and free(port):
            chosen[names[len(chosen)]] = port
    if len(chosen) < len(names):
        raise LocalError(f"no {len(names)} free loopback ports between {FIRST} and {LAST} for {owner}")
    return chosen


def reserve(directory: Path, owner: str, names: list[str]) -> dict[str, int]:
    """Ports for `owner`, remembered in `<directory>/ports.json` until `release`."""
    register = directory / "ports.json"
    with locked(directory / "ports.lock"):
        reserved = json.loads(register.read_text(encoding="utf-8")) if register.exists() else {}
        others = {port for name, ports in reserved.items() if name != owner for port in ports.values()}
        reserved[owner] = choose(owner, names, others)
        write_record(register, reserved)
        return reserved[owner]


def release(directory: Path, owner: str) -> None:
    """Forget the ports of `owner`."""
    register = directory / "ports.json"
    with locked(directory / "ports.lock"):
        reserved = json.loads(register.read_text(encoding="utf-8")) if register.exists() else {}
        if reserved.pop(owner, None) is not None:
            write_record(register, reserved)
