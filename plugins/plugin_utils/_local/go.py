# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Programs out of a pinned go.mod: what is up to date, and a build that says how far it is."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

from ansible_collections.llmops.platform.plugins.plugin_utils._local.processes import LocalError
from ansible_collections.llmops.platform.plugins.plugin_utils._local.processes import read_record
from ansible_collections.llmops.platform.plugins.plugin_utils._local.processes import write_record


class GoMissing(LocalError):
    """There is no Go command."""


def flags(variables: dict[str, str]) -> list[str]:
    """Build flags: no paths of this machine and no symbols in the program, Go string `variables` set by the linker."""
    return ["-trimpath", " ".join(["-ldflags=-s -w", *(f"-X={name}={value}" for name, value in sorted(variables.items()))])]


def run(go: str, arguments: list[str], folder: Path) -> str:
    """Standard output of a go command in `folder`.

    Raises LocalError with the remedy where Go is missing, with the command's own words where it fails.
    """
    try:
        result = subprocess.run([go, *arguments], cwd=folder, capture_output=True, text=True, check=False, env=_environment())
    except FileNotFoundError as error:
        raise GoMissing(
            f"'{go}' is not installed. Install Go 1.26 or newer, or set local_platform_binaries to 'download' where the machine has internet access"
        ) from error
    if result.returncode:
        raise LocalError(f"`{go} {' '.join(arguments)}` in {folder} failed: {result.stderr.strip()[-1500:]}")
    return result.stdout


def download(go: str, module: Path, timeout: float, path: str = "") -> dict:
    """What `go mod download -json` says of the only module that `module`/go.mod requires (or of `path`), checked against go.sum.

    Raises LocalError with the remedy; nothing of the folder `module` is ever changed.
    """
    with tempfile.TemporaryDirectory(prefix="go-download-") as folder:
        for name in ("go.mod", "go.sum"):
            # Only its content: go may rewrite a go.mod, and the pin may lie where nobody can write.
            shutil.copyfile(module / name, Path(folder) / name)
        try:
            result = subprocess.run(
                [go, "mod", "download", "-json", *([path] if path else [])],
                cwd=folder,
                capture_output=True,
                text=True,
                check=False,
                env=_environment(),
                timeout=timeout,
            )
        except FileNotFoundError as error:
            raise GoMissing(f"'{go}' is not installed; install Go 1.26 or newer") from error
        except subprocess.TimeoutExpired as error:
            raise LocalError(f"`{go} mod download` of {module} did not end within {timeout:g} s; check the network and GOPROXY, or raise 'timeout'") from error
    try:
        said = json.loads(result.stdout or "{}")
    except ValueError:
        said = {}
    if result.returncode or said.get("Error") or not said.get("Dir"):
        raise LocalError(_refusal(module, f"{said.get('Error') or ''} {result.stderr}".strip()[-1500:]))
    return said


def _refusal(module: Path, words: str) -> str:
    if "checksum mismatch" in words:
        return f"what was downloaded is not what {module / 'go.sum'} pins, nothing was written; find out why before you correct the pin: {words}"
    if "requires go >=" in words:
        return f"the module that {module / 'go.mod'} pins needs a newer Go; update it, or allow GOTOOLCHAIN=auto: {words}"
    return f"the module that {module / 'go.mod'} pins cannot be downloaded; check the network and GOPROXY: {words}"


def wanted(module: Path, version: str, platform: str, variables: dict[str, str]) -> str:
    """Digest of all that decides what a program is.

    Raises LocalError where go.mod or go.sum is missing.
    """
    try:
        parts = [(module / name).read_bytes() for name in ("go.mod", "go.sum")]
    except FileNotFoundError as error:
        raise LocalError(f"{error.filename} is missing; set local_platform_tools_directory to the folder 'tools' of a checkout") from error
    return hashlib.sha256(b"\0".join([*parts, version.encode(), platform.encode(), " ".join(flags(variables)).encode()])).hexdigest()[:16]


def outdated(destination: Path, programs: dict[str, str], digest: str) -> list[str]:
    """Names of the programs that are missing or were built from something else."""
    built = read_record(destination / ".built.json") or {}
    return [name for name in programs if built.get(name) != digest or not os.access(destination / name, os.X_OK)]


def build(
    go: str, module: Path, destination: Path, programs: dict[str, str], variables: dict[str, str], digest: str, progress: Callable[[str, int, int, float], None]
) -> None:
    """Build `programs` (`{name: package}`) one after another, each put in place whole.

    `progress(name, packages done, packages at most, seconds)` is called about every ten seconds.
    """
    destination.mkdir(parents=True, exist_ok=True)
    for name, package in programs.items():
        total = len(run(go, ["list", "-deps", package], module).splitlines())
        with tempfile.TemporaryDirectory(dir=destination, prefix=".build-") as folder:
            output = Path(folder) / name
            _compile(
                [go, "build", "-v", *flags(variables), "-o", str(output), package],
                module,
                lambda done, seconds, name=name, total=total: progress(name, done, total, seconds),
            )
            os.replace(output, destination / name)
        # One record for all modules: read again, as another one may have written since.
        write_record(destination / ".built.json", {**(read_record(destination / ".built.json") or {}), name: digest})


def _compile(command: list[str], module: Path, progress: Callable[[int, float], None], interval: float = 10.0) -> None:
    """Run `go build -v`, which names each package that it compiles; what the build cache holds it does not name."""
    begin = time.monotonic()
    said: list[str] = []
    with subprocess.Popen(command, cwd=module, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=_environment()) as process:
        reader = threading.Thread(target=_collect, args=(process.stderr, said), daemon=True)
        reader.start()
        while True:
            try:
                process.wait(interval)
                break
            except subprocess.TimeoutExpired:
                progress(len(said), time.monotonic() - begin)
        reader.join()
    if process.returncode:
        raise LocalError(f"`{' '.join(command)}` in {module} failed:\n{''.join(said[-20:])}")


def _environment() -> dict[str, str]:
    # A GOFLAGS of the user's own (-mod=mod, -race) would make other programs than the pinned ones.
    return {**{k: v for k, v in os.environ.items() if k != "GOFLAGS"}, "CGO_ENABLED": "0", "GOFLAGS": "-mod=readonly -buildvcs=false", "GOWORK": "off"}


def _collect(stream, lines: list[str]) -> None:
    for line in stream:
        lines.append(line)
