# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Programs and Python packages of the controller, and their versions."""

from __future__ import annotations

import importlib
import importlib.metadata
import json
import os
import shutil
import subprocess
from collections.abc import Iterable
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._preflight.tools import read_version


def probe_all(tools: Mapping[str, Mapping[str, Any]], directories: Iterable[str], timeout: float) -> dict[str, dict[str, Any]]:
    """`{name: {path, version, problem}}` of each program, asked side by side. `problem` is None, `missing` or a sentence."""
    path = os.pathsep.join([*directories, os.environ.get("PATH", os.defpath)])
    with ThreadPoolExecutor(max_workers=4) as pool:
        found = pool.map(lambda tool: _probe(tool, path, timeout), tools.values())
        return dict(zip(tools, found, strict=True))


def _probe(tool: Mapping[str, Any], path: str, timeout: float) -> dict[str, Any]:
    program = shutil.which(tool["argv"][0], path=path)
    if not program:
        return {"path": None, "version": None, "problem": "missing"}
    # A plugin that looks for a cluster or a login must find none: only the program itself is asked.
    environment = {**os.environ, "PATH": path, "KUBECONFIG": os.devnull}
    command = [program, *tool["argv"][1:]]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, errors="replace", timeout=timeout, env=environment, stdin=subprocess.DEVNULL, check=False
        )
    except subprocess.TimeoutExpired:
        return {"path": program, "version": None, "problem": f"no answer within {timeout:g} s"}
    except OSError as error:
        return {"path": program, "version": None, "problem": f"cannot be started ({error.strerror})"}
    version = read_version(f"{done.stdout}\n{done.stderr}", tool["pattern"])
    if version:
        return {"path": program, "version": version, "problem": None}
    words = " ".join(f"{done.stdout} {done.stderr}".split())[:120]
    said = f"printed {words!r}" if words else "printed nothing"
    return {"path": program, "version": None, "problem": f"{said}, exit status {done.returncode}"}


def _collection(name: str) -> Path:
    return Path(next(iter(importlib.import_module(f"ansible_collections.{name}").__path__)))


def collection_roles(name: str) -> list[str]:
    """Roles that a collection has, none if it is not installed."""
    try:
        return sorted(path.parent.parent.name for path in (_collection(name) / "roles").glob("*/tasks/main.yml"))
    except ImportError:
        return []


def collection_version(name: str) -> str | None:
    """Version of an installed collection by its manifest; None if there is none."""
    try:
        return str(json.loads((_collection(name) / "MANIFEST.json").read_text(encoding="utf-8"))["collection_info"]["version"])
    except (ImportError, OSError, ValueError, KeyError):
        return None


def library_version(name: str) -> str | None:
    """Version of an installed Python distribution, without importing it."""
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None
