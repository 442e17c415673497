# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""The helm program: where its charts come from, and calls without a value on a command line."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._k8s.errors import KubernetesError
from ansible_collections.llmops.platform.plugins.plugin_utils._local.ports import locked

UNVERIFIED = ("", "unverified")


class HelmError(KubernetesError):
    """What helm said, without secret values, or why it could not be asked."""


@dataclass(frozen=True)
class Chart:
    """Where a chart comes from. `source`: directory | repository | oci; `location`: a folder or a file, a repository's address, an oci:// address."""

    name: str
    source: str
    location: str
    version: str
    digest: str
    cache: str


class Helm:
    """Calls of one task. Everything it writes lies in a folder of mode 0700 that goes with it."""

    def __init__(self, program: str, *, kubeconfig: str, context: str, namespace: str, values: dict[str, Any], hidden: Sequence[str], timeout: int) -> None:
        self._program = program
        self._hidden = hidden
        self._timeout = timeout
        self._folder = Path(tempfile.mkdtemp(prefix="helm-"))
        self._values = self._folder / "values.json"
        with os.fdopen(os.open(self._values, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as stream:
            # JSON is YAML as well.
            json.dump(values, stream)
        self._target = ["--namespace", namespace, *(["--kubeconfig", kubeconfig] if kubeconfig else []), *(["--kube-context", context] if context else [])]

    def __enter__(self) -> Helm:
        return self

    def __exit__(self, *_exception: object) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)

    def chart(self, wanted: Chart) -> str:
        """Path of the chart, fetched where it must be. Raises HelmError for a chart that is not there, or not the pinned one."""
        if wanted.source == "directory":
            if not Path(wanted.location).exists():
                raise HelmError(f"chart {wanted.name}: there is no {wanted.location}; correct helm_release_chart")
            return wanted.location
        folder = Path(wanted.cache) / hashlib.sha256(wanted.location.encode()).hexdigest()[:16]
        file = folder / f"{wanted.name}-{wanted.version}.tgz"
        with locked(folder / ".lock"):
            if not file.exists():
                self._pull(wanted, folder)
        self._verify(wanted, file)
        return str(file)

    def template(self, name: str, chart: str, *, upgrade: bool) -> str:
        """What an installation would send, as the cluster's capabilities and the chart's lookups make it, and its hooks."""
        words = ["template", name, chart, *self._target, "--values", str(self._values), "--dry-run=server", "--skip-crds", "--skip-tests"]
        return self.call([*words, *(["--is-upgrade"] if upgrade else [])])

    def definitions(self, chart: str) -> str:
        """The chart's folder `crds`, which helm installs once and never upgrades. Those of its dependencies count as well."""
        return self.call(["show", "crds", chart]) if _has_definitions(Path(chart)) else ""

    def upgrade(self, name: str, chart: str, *, force: bool, history: int) -> str:
        """Install or upgrade. Readiness is judged elsewhere; only hooks are waited for."""
        words = ["upgrade", name, chart, "--install", *self._target, "--values", str(self._values), "--skip-crds", "--server-side=true", "--reset-values"]
        words += ["--history-max", str(history), "--timeout", f"{self._timeout}s", "--hide-notes"]
        return self.call([*words, *(["--force-conflicts"] if force else [])])

    def uninstall(self, name: str) -> str:
        return self.call(["uninstall", name, *self._target, "--ignore-not-found", "--wait", "--timeout", f"{self._timeout}s"])

    def call(self, words: Sequence[str]) -> str:
        """Standard output. Raises HelmError in helm's own words."""
        environment = {**os.environ, **{f"HELM_{kind}_HOME": str(self._folder / kind.lower()) for kind in ("CACHE", "CONFIG", "DATA")}}
        try:
            # Helm has its own timeout for each step; this one ends a helm that hangs.
            done = subprocess.run(
                [self._program, *words], capture_output=True, text=True, check=False, env=environment, stdin=subprocess.DEVNULL, timeout=self._timeout + 60
            )
        except FileNotFoundError as error:
            raise HelmError(f"'{self._program}' is not installed; install helm 4, or name the program in helm_release_command") from error
        except PermissionError as error:
            raise HelmError(f"'{self._program}' cannot be executed; correct helm_release_command") from error
        except subprocess.TimeoutExpired as error:
            raise HelmError(f"`helm {words[0]}` did not end within {self._timeout + 60} s; look at the release with `helm history`, then run again") from error
        if done.returncode:
            raise HelmError(f"`helm {words[0]}` failed: {self._plain(done.stderr)}")
        return done.stdout

    def _plain(self, text: str) -> str:
        for value in self._hidden:
            text = text.replace(value, "********")
        return " ".join(text.strip().removeprefix("Error: ").split())[-2000:]

    def _pull(self, wanted: Chart, folder: Path) -> None:
        if not wanted.version:
            raise HelmError(f"chart {wanted.name}: helm_release_version is empty; without it each run could get another chart")
        folder.mkdir(parents=True, exist_ok=True)
        place = [wanted.location] if wanted.source == "oci" else [wanted.name, "--repo", wanted.location]
        self.call(["pull", *place, "--version", wanted.version, "--destination", str(folder)])

    @staticmethod
    def _verify(wanted: Chart, file: Path) -> None:
        if wanted.digest in UNVERIFIED:
            return
        with open(file, "rb") as stream:
            found = f"sha256:{hashlib.file_digest(stream, 'sha256').hexdigest()}"
        if found != wanted.digest:
            file.unlink()
            raise HelmError(
                f"chart {wanted.name} {wanted.version} of {wanted.location} has the digest {found}, pinned is {wanted.digest}; nothing was installed: "
                "find out why before you correct the pin"
            )


def _has_definitions(chart: Path) -> bool:
    """Helm needs as long for an empty answer as for a full one, and most charts have none."""
    if chart.is_dir():
        # A packed dependency may hold some.
        return any(path.is_dir() for path in chart.rglob("crds")) or any(chart.glob("charts/*.tgz"))
    with tarfile.open(chart) as packed:
        return any("/crds/" in name or name.endswith(".tgz") for name in packed.getnames())
