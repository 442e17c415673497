# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the tests reach the environment that the scenario made."""

from __future__ import annotations

import json
import os
import subprocess
from functools import cache
from pathlib import Path

import boto3
import pytest

DIRECTORY = Path(os.environ["LOCAL_PLATFORM_DIRECTORY"])
ROOT = Path(__file__).resolve().parents[3]


@cache
def listed(host: str, kind: str, namespace: str = "") -> tuple[dict, ...]:
    """All objects of a kind, asked of the real API server by kubectl."""
    command = [str(ROOT / ".local" / "bin" / "kubectl"), "--kubeconfig", str(DIRECTORY / "kubeconfigs" / f"{host}.yml"), "get", kind, "-o", "json"]
    command += ["--namespace", namespace] if namespace else ["--all-namespaces"]
    return tuple(json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)["items"])


@pytest.fixture
def objects():
    """`objects(host, kind[, namespace])`: objects by name."""
    return lambda host, kind, namespace="": {item["metadata"]["name"]: item for item in listed(host, kind, namespace)}


@pytest.fixture
def directory() -> Path:
    """Folder of the local environment."""
    return DIRECTORY


@pytest.fixture
def aws():
    """`aws(service, region)`: a boto3 client of the fake of AWS."""
    moto = json.loads((DIRECTORY / "state" / "processes" / "moto.json").read_text(encoding="utf-8"))
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    return lambda service, region="us-east-1": boto3.client(service, region, endpoint_url=f"http://127.0.0.1:{moto['ports']['http']}", **keys)


@pytest.fixture
def kubectl():
    """`kubectl(host, *words, stdin=…)` against the host's real API server."""

    def run(host: str, *words: str, stdin: str | None = None) -> subprocess.CompletedProcess:
        command = [str(ROOT / ".local" / "bin" / "kubectl"), "--kubeconfig", str(DIRECTORY / "kubeconfigs" / f"{host}.yml"), *words]
        return subprocess.run(command, capture_output=True, text=True, check=False, input=stdin)

    return run
