# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One command, measured: wall seconds, and the peak of the resident memory of all its processes together."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.support.modules import ROOT

INTERVAL = 0.2
MIB = 2**20


@dataclass(frozen=True)
class Measured:
    """`seconds` on the clock, `cpu_seconds` of the command alone; `peak_rss_mib` counts pages that processes share once for each of them."""

    seconds: float
    cpu_seconds: float
    peak_rss_mib: float
    output: str
    load: float
    busy_percent: float

    def row(self) -> dict[str, float]:
        """The raw figures. `load` and `busy_percent` say what else the machine did just before."""
        figures = {
            "seconds": self.seconds,
            "cpu_seconds": self.cpu_seconds,
            "peak_rss_mib": self.peak_rss_mib,
            "load": self.load,
            "busy_percent": self.busy_percent,
        }
        return {key: round(value, 3) for key, value in figures.items()}


def command(words: list[str], environment: dict[str, str], log: Path) -> Measured:
    """Run `words` in the checkout. Raises RuntimeError with the end of its output if it fails."""
    load, busy = os.getloadavg()[0], psutil.cpu_percent(interval=0.5)
    # Into a file: a pipe would have to be emptied by us, on the clock.
    with log.open("w+", encoding="utf-8") as output:
        begin = time.monotonic()
        process = subprocess.Popen(words, cwd=ROOT, env={**os.environ, **environment}, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT)
        watch = _Memory(process.pid)
        try:
            # wait4 tells the largest single process of the tree, which sampling may miss in a short command.
            _pid, status, usage = os.wait4(process.pid, 0)
            seconds = time.monotonic() - begin
            process.returncode = os.waitstatus_to_exitcode(status)
        finally:
            peak = watch.stop()
            if process.returncode is None:
                process.terminate()
                process.wait()
        output.seek(0)
        text = output.read()
    if process.returncode:
        raise RuntimeError(f"`{' '.join(words)}` ended with {process.returncode}: {text[-3000:]}")
    return Measured(seconds, usage.ru_utime + usage.ru_stime, max(peak, usage.ru_maxrss / 1024), text, load, busy)


class _Memory(threading.Thread):
    """Samples a process and all below it."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._process = psutil.Process(pid)
        self._ended = threading.Event()
        self._peak = 0.0
        self.start()

    def run(self) -> None:
        while not self._ended.wait(INTERVAL):
            self._peak = max(self._peak, self._now() / MIB)

    def stop(self) -> float:
        self._ended.set()
        self.join()
        return self._peak

    def _now(self) -> int:
        total = 0
        try:
            for process in (self._process, *self._process.children(recursive=True)):
                total += process.memory_info().rss
        except psutil.Error:
            # One ended meanwhile: the next sample will do.
            return 0
        return total
