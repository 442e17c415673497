# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Processes of the local environment: started detached, recognised by pid and start time, ended by that identity only."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Iterable
from pathlib import Path

try:
    import psutil
except ImportError:
    psutil = None


class LocalError(Exception):
    """Something the operator can act on; the text names the remedy."""


def write_record(path: Path, record: dict) -> None:
    """Write a JSON record so that a kill leaves the old one or the new one, never half of one."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        json.dump(record, stream, indent=1, sort_keys=True)
        stream.flush()
        os.fsync(stream.fileno())
    os.replace(temporary, path)


def read_record(path: Path) -> dict | None:
    """The record, or None where there is none or a crash of the machine left it unreadable."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return None


def alive(pid: int, created: float) -> bool:
    """Whether the very process that was recorded still runs: a pid alone is soon another program's."""
    try:
        process = psutil.Process(pid)
        return abs(process.create_time() - created) < 1 and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def start(argv: list[str], environment: dict[str, str], log: Path) -> dict:
    """Start a daemon in a session of its own. Returns `{pid, created}`.

    Raises LocalError where the program is missing.
    """
    log.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with open(log, "ab") as output, open(os.devnull, "rb") as nothing:
        try:
            process = subprocess.Popen(argv, stdin=nothing, stdout=output, stderr=output, env=environment, cwd=log.parent, start_new_session=True)
        except OSError as error:
            raise LocalError(f"{argv[0]} cannot be started ({error.strerror}); run `make setup binaries`") from error
    return {"pid": process.pid, "created": psutil.Process(process.pid).create_time()}


def mentioning(text: str) -> list[psutil.Process]:
    """Running processes of this user that have `text` in an argument."""
    found = []
    for process in psutil.process_iter(["pid", "cmdline", "uids"]):
        uids = process.info["uids"]
        if uids and uids.real == os.getuid() and process.pid != os.getpid() and any(text in part for part in process.info["cmdline"] or ()):
            found.append(process)
    return found


def stop(processes: Iterable[psutil.Process], grace: float = 10.0) -> int:
    """Ask the processes to end, insist after `grace` seconds. Returns how many there were."""
    remaining = list(processes)
    count = len(remaining)
    # Even after SIGKILL the kernel needs a moment to take back a large program's memory.
    for number, patience in ((signal.SIGTERM, grace), (signal.SIGKILL, 30.0)):
        for process in remaining:
            try:
                process.send_signal(number)
            except psutil.NoSuchProcess:
                continue
        remaining = psutil.wait_procs(remaining, timeout=patience)[1]
    if remaining:
        raise LocalError(f"processes {[p.pid for p in remaining]} do not end, not even by SIGKILL")
    return count


def wait_until(ready, deadline: float, what: str, log: Path, gone=lambda: False, progress=lambda seconds: None) -> float:
    """Poll `ready()` until it is true. Returns the seconds waited.

    Raises LocalError with the end of the log when the process is `gone()` or `deadline` (seconds) passes.
    """
    begin = time.monotonic()
    while True:
        if ready():
            return time.monotonic() - begin
        elapsed = time.monotonic() - begin
        if gone():
            raise LocalError(f"{what} ended while starting. End of {log}:\n{tail(log)}")
        if elapsed > deadline:
            raise LocalError(f"{what} did not answer within {deadline:.0f} s. End of {log}:\n{tail(log)}")
        progress(elapsed)
        time.sleep(0.1)


def tail(log: Path, lines: int = 15) -> str:
    """The last lines of a log, each cut to a readable length."""
    try:
        text = log.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return "(no log)"
    return "\n".join(line[:300] for line in text.splitlines()[-lines:])
