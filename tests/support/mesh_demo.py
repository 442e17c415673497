# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`make mesh-demo`: a good canary promoted and a bad one rolled back, live, under 200 requests a second through a real Envoy."""

from __future__ import annotations

import sys
import threading
import time
from collections import Counter
from pathlib import Path

from tests.support.load import Answer
from tests.support.load import report
from tests.support.releases import Releases
from tests.support.releases import faulty

RATE = 200


def chart(answers: list[Answer]) -> str:
    """Who answered, as one line: `1.0.0 ################---- 2.0.0   80 % 20 %   errors 1.2 %`."""
    if not answers:
        return "no answers"
    versions = Counter(answer.version or "nobody" for answer in answers)
    shares = "  ".join(f"{version} {100 * count / len(answers):5.1f} %" for version, count in sorted(versions.items()))
    errors = 100 * sum(answer.failed for answer in answers) / len(answers)
    return f"{shares}  errors {errors:.1f} %"


class Live:
    """Prints what the requests of the last two seconds saw."""

    def __init__(self, answers: list[Answer]) -> None:
        self._answers = answers
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Live:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stopped.set()
        self._thread.join()

    def _run(self) -> None:
        begun = time.time()
        while not self._stopped.wait(2):
            now = time.time()
            print(f"  {now - begun:4.0f} s  {chart([answer for answer in self._answers[-3 * RATE :] if answer.at > now - 2.5])}", flush=True)


def scene(releases: Releases, title: str, version: str, **variables) -> bool:
    """One release under load. True if it was promoted."""
    print(f"\n{title}\n", flush=True)
    with releases.load(RATE, 300) as load, Live(load.answers):
        done = releases.release(version, "canary", release_canary_steps=[10, 50, 100], **variables)
    found = report(load.answers)
    print(f"\n  {found['requests']} requests, {len(found['failed'])} failed; {releases.record()['phase'].replace('_', ' ')}", flush=True)
    reason = releases.record().get("reason")
    if reason:
        print(f"  {reason}", flush=True)
    print(f"  evidence: {releases.directory}/reports/releases/", flush=True)
    return done.returncode == 0


def main() -> int:
    releases = Releases(Path(sys.argv[1]).resolve())
    releases.rest()
    good = scene(releases, "2.0.0 is as good as 1.0.0: 10 %, 50 %, 100 %, promoted", "2.0.0")
    bad = scene(releases, "3.0.0 answers every twentieth request with an error: led back", "3.0.0", **faulty(5))
    releases.rest()
    return 0 if good and not bad else 1


if __name__ == "__main__":
    sys.exit(main())
