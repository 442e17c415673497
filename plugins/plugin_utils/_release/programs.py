# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Programs that know about images: cosign, and Docker's credential helpers."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from ansible_collections.llmops.platform.plugins.module_utils._release.credentials import CredentialsError
from ansible_collections.llmops.platform.plugins.module_utils._release.credentials import of_helper
from ansible_collections.llmops.platform.plugins.module_utils._release.credentials import server_address


class CosignError(Exception):
    """Why a signature counts as not verified."""


def verify(
    image: str, key: str, *, host: str, credentials: tuple[str, str] | None, plain_http: bool, ca_path: str | None, transparency_log: bool, timeout: float
) -> None:
    """Let cosign judge the signature of `repository@digest`. Raises CosignError in cosign's own words."""
    program = shutil.which("cosign")
    if not program:
        raise CosignError("the program cosign is not installed on the controller; install it, or set the image gate's signature to present or none")
    command = [program, "verify", "--key", key, "--output", "json"]
    if not transparency_log:
        command.append("--insecure-ignore-tlog=true")
    if plain_http:
        command.append("--allow-http-registry")
    # Credentials go by a file of our own: on the command line everybody on this machine could read them.
    with tempfile.TemporaryDirectory(prefix="llmops-cosign-") as folder:
        environment = dict(os.environ)
        if ca_path:
            environment["SSL_CERT_FILE"] = ca_path
        if credentials:
            encoded = base64.b64encode(":".join(credentials).encode()).decode()
            file = Path(folder) / "config.json"
            file.touch(mode=0o600)
            file.write_text(json.dumps({"auths": {host: {"auth": encoded}}}), encoding="utf-8")
            environment["DOCKER_CONFIG"] = folder
        done = _run([*command, image], environment, timeout)
    if done.returncode:
        words = " ".join(line for line in done.stderr.splitlines() if line and not line.startswith("WARNING")).strip()
        raise CosignError(f"cosign says: {words[:300] or f'nothing, exit status {done.returncode}'}")


def _run(command: list[str], environment: dict[str, str], timeout: float) -> subprocess.CompletedProcess:
    try:
        return subprocess.run(
            command, capture_output=True, text=True, errors="replace", timeout=timeout, env=environment, stdin=subprocess.DEVNULL, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise CosignError(f"cosign had not finished after {timeout:g} s") from error
    except OSError as error:
        raise CosignError(f"cosign cannot be started: {error.strerror}") from error


def ask_helper(name: str, host: str, timeout: float) -> tuple[str, str] | None:
    """`(user, password)` from `docker-credential-<name>`, None where it has none. Raises CredentialsError."""
    program = shutil.which(f"docker-credential-{name}")
    if not program:
        raise CredentialsError(f"names the credential helper docker-credential-{name}, which is not installed")
    try:
        done = subprocess.run([program, "get"], input=server_address(host), capture_output=True, text=True, errors="replace", timeout=timeout, check=False)
    except (subprocess.TimeoutExpired, OSError) as error:
        raise CredentialsError(f"names the credential helper docker-credential-{name}, which failed: {type(error).__name__}") from error
    if done.returncode:
        said = " ".join(f"{done.stdout} {done.stderr}".split())
        if "credentials not found" in said:
            return None
        raise CredentialsError(f"names the credential helper docker-credential-{name}, which failed: {said[:200]}")
    return of_helper(done.stdout, host)
