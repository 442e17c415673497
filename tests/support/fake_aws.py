# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A fake AWS (moto with the CloudFormation of role local_platform in front) for tests, as a process of its own."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
FILES = ROOT / "roles" / "local_platform" / "files"
# Of its start: without any progress, and of a processor in all. Of one answer: long, as the machine may be busy.
STALLED_SECONDS, MOST_SECONDS = 90.0, 120.0
LONGEST_ANSWER = 180


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def seconds_of(process: int) -> float:
    """Seconds of a processor that a process has had; 0 where the system does not say."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class FakeAws:
    """`url`, `environment` for clients, and what tests steer."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._process: subprocess.Popen | None = None
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        self._command = [sys.executable, "-m", "fake_cloudformation", "--host", "127.0.0.1", "--port", str(port)]
        self.environment = {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": "123456789012",
            "AWS_SECRET_ACCESS_KEY": "fake",
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": "/dev/null",
            "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
            "AWS_DEFAULT_REGION": "us-east-1",
        }

    def start(self) -> FakeAws:
        variables = {**os.environ, "PYTHONPATH": str(FILES), "MOTO_EC2_LOAD_DEFAULT_AMIS": "false"}
        with open(self._directory / "fake_aws.log", "wb") as log:
            self._process = subprocess.Popen(self._command, stdout=log, stderr=log, env=variables)
        spent, since = 0.0, time.monotonic()
        while self._process.poll() is None:
            try:
                with urllib.request.urlopen(f"{self.url}/fake-cloudformation/ready", timeout=5):
                    return self
            except (urllib.error.URLError, OSError):
                time.sleep(0.3)
            now = seconds_of(self._process.pid)
            # A busy machine gives it little time; only one that gets nowhere, or goes on for ever, is given up.
            if now > MOST_SECONDS or (now == spent and time.monotonic() - since > STALLED_SECONDS):
                break
            if now != spent:
                spent, since = now, time.monotonic()
        raise AssertionError((self._directory / "fake_aws.log").read_text(errors="replace")[-3000:])

    def stop(self) -> None:
        if self._process:
            self._process.terminate()
            self._process.wait(LONGEST_ANSWER)

    def steer(self, what: str, body: Any = None) -> Any:
        """POST to the fake's own control."""
        data = json.dumps({} if body is None else body).encode()
        request = urllib.request.Request(f"{self.url}/fake-cloudformation/{what}", data=data, headers={"Content-Type": "application/json"}, method="POST")
        with urllib.request.urlopen(request, timeout=LONGEST_ANSWER) as answer:
            return json.load(answer)

    def reset(self) -> None:
        """Forget all stacks, settings and resources."""
        self.steer("reset")
        with urllib.request.urlopen(urllib.request.Request(f"{self.url}/moto-api/reset", data=b"", method="POST"), timeout=LONGEST_ANSWER):
            pass
