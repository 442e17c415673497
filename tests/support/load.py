# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A load generator for the local mesh: keeps a rate, says who answered what and when. It calls this machine only, and not for ever."""

from __future__ import annotations

import argparse
import asyncio
import ipaddress
import json
import math
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass
from dataclasses import field
from typing import Any
from urllib.parse import urlsplit

import aiohttp

MOST_PER_SECOND = 500
MOST_SECONDS = 600
MOST_REQUESTS = 100_000


@dataclass(frozen=True)
class Load:
    """What is called how often. Raises ValueError for another machine, or for more than the bounds allow."""

    url: str
    rate: float
    seconds: float
    headers: dict[str, str] = field(default_factory=dict)
    timeout: float = 5.0

    def __post_init__(self) -> None:
        host = urlsplit(self.url).hostname or ""
        try:
            here = ipaddress.ip_address(host).is_loopback
        except ValueError:
            # A name may lead anywhere.
            here = False
        if not here or urlsplit(self.url).scheme != "http":
            raise ValueError(f"{self.url} is not http on a loopback address; no other target is allowed")
        for value, limit, what in ((self.rate, MOST_PER_SECOND, "requests a second"), (self.seconds, MOST_SECONDS, "seconds")):
            if not 0 < value <= limit:
                raise ValueError(f"{value:g} {what}: more than 0 and at most {limit} are allowed")
        if self.rate * self.seconds > MOST_REQUESTS:
            raise ValueError(f"{self.rate * self.seconds:.0f} requests: at most {MOST_REQUESTS} are allowed")


@dataclass(frozen=True)
class Answer:
    """One request: when it was sent (seconds of the clock), how long it took, its status or error, and who answered."""

    at: float
    seconds: float
    status: int | str
    version: str
    track: str
    pod: str

    @property
    def failed(self) -> bool:
        return not isinstance(self.status, int) or self.status >= 500


async def run(load: Load, answers: list[Answer], stopped: asyncio.Event | None = None) -> None:
    """Send requests at an even rate, whether or not earlier ones are answered, and append to `answers`."""
    timeout = aiohttp.ClientTimeout(total=load.timeout)
    pending: set[asyncio.Task] = set()
    async with aiohttp.ClientSession(timeout=timeout, connector=aiohttp.TCPConnector(limit=0), headers=load.headers) as session:
        begin = time.monotonic()
        for number in range(int(load.rate * load.seconds)):
            wait = begin + number / load.rate - time.monotonic()
            if wait > 0:
                await asyncio.sleep(wait)
            if stopped and stopped.is_set():
                break
            task = asyncio.create_task(_send(session, load.url, answers))
            pending.add(task)
            task.add_done_callback(pending.discard)
        if pending:
            await asyncio.wait(pending)


async def _send(session: aiohttp.ClientSession, url: str, answers: list[Answer]) -> None:
    at, begin = time.time(), time.perf_counter()
    status: int | str
    who: dict[str, Any] = {}
    try:
        async with session.get(url) as answer:
            text = await answer.text()
            status = answer.status
        # A proxy's own answer is no JSON.
        if text.startswith("{"):
            who = json.loads(text)
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        status = type(error).__name__
    answers.append(Answer(at, time.perf_counter() - begin, status, who.get("version", ""), who.get("track", ""), who.get("pod", "")))


def report(answers: list[Answer]) -> dict[str, Any]:
    """Counts, latency percentiles in milliseconds, and the failed requests with their times."""
    times = sorted(answer.seconds for answer in answers)
    failed = [answer for answer in answers if answer.failed]
    span = max(answer.at for answer in answers) - min(answer.at for answer in answers) if answers else 0
    return {
        "requests": len(answers),
        "rate": round((len(answers) - 1) / span, 1) if span else None,
        "statuses": dict(Counter(str(answer.status) for answer in answers)),
        "tracks": dict(Counter(answer.track or "none" for answer in answers)),
        "versions": dict(Counter(answer.version or "none" for answer in answers)),
        "latency_ms": {f"p{percent}": round(1000 * percentile(times, percent), 1) for percent in (50, 90, 99)} if times else None,
        "failed": [{"at": round(answer.at, 3), "status": answer.status, "track": answer.track, "pod": answer.pod} for answer in failed],
    }


def percentile(ordered: list[float], percent: float) -> float:
    """The smallest value that `percent` of all do not exceed."""
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)]


class Background:
    """A load beside what a test does: `with Background(Load(...)) as load: ...`, then `load.answers`."""

    def __init__(self, load: Load) -> None:
        self.answers: list[Answer] = []
        self._load = load
        self._loop = asyncio.new_event_loop()
        self._stopped = asyncio.Event()
        self._thread = threading.Thread(target=self._loop.run_until_complete, args=(run(load, self.answers, self._stopped),), daemon=True)

    def __enter__(self) -> Background:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._loop.call_soon_threadsafe(self._stopped.set)
        self._thread.join(self._load.timeout + 10)
        self._loop.close()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("--rate", type=float, default=50, help="requests a second")
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--header", action="append", default=[], help="NAME=VALUE")
    options = parser.parse_args()
    try:
        load = Load(options.url, options.rate, options.seconds, dict(header.split("=", 1) for header in options.header))
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    answers: list[Answer] = []
    asyncio.run(run(load, answers))
    result = report(answers)
    # The first tell what went wrong, thousands of them nothing more.
    result["failed_requests"], result["failed"] = len(result["failed"]), result["failed"][:10]
    print(json.dumps(result, indent=1))
    return 1 if any(answer.failed for answer in answers) else 0


if __name__ == "__main__":
    sys.exit(main())
