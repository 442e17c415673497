# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""What a kubeconfig offers as credentials, and until when; no secret leaves here, no credential plugin is asked."""

from __future__ import annotations

import base64
import datetime
import json
import os
import shutil
import stat
from pathlib import Path
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._k8s.connection import merged
from ansible_collections.llmops.platform.plugins.module_utils._k8s.connection import paths_of
from ansible_collections.llmops.platform.plugins.module_utils._k8s.connection import selected
from ansible_collections.llmops.platform.plugins.module_utils._k8s.errors import KubernetesError

try:
    from cryptography import x509
except ImportError:
    # ansible-core needs it as well; without it the day of a certificate is unknown.
    x509 = None


def describe(kubeconfig: str | None, context: str | None) -> dict[str, Any]:
    """`{kubeconfig, modes, context, server, proxy, method, expires, plugin}`; see module cluster_access_info.

    Raises KubernetesError that names the file and the remedy.
    """
    paths = paths_of(kubeconfig)
    if not paths:
        return _description("in-cluster", {}, "in-cluster", {}, "service_account")
    name = os.pathsep.join(map(str, paths))
    chosen, cluster, user, _namespace = selected(merged(paths), name, context)
    modes = {str(path): f"{stat.S_IMODE(path.stat().st_mode):04o}" for path in paths if path.exists()}
    method, expires, plugin = _method(user)
    return {**_description(name, modes, chosen, cluster, method), "expires": expires, "plugin": plugin}


def _description(kubeconfig: str, modes: dict[str, str], context: str, cluster: dict[str, Any], method: str) -> dict[str, Any]:
    found = {"kubeconfig": kubeconfig, "modes": modes, "context": context, "server": cluster.get("server") or "", "proxy": cluster.get("proxy-url") or ""}
    return {**found, "method": method, "expires": None, "plugin": None}


def _method(user: dict[str, Any]) -> tuple[str, str | None, dict[str, Any] | None]:
    """How this user proves who he is, until when as ISO 8601 in UTC where that is written down, and his plugin."""
    if user.get("token") or user.get("tokenFile"):
        return "token", token_expiry(user.get("token") or _read(Path(user["tokenFile"])).decode(errors="replace").strip()), None
    if user.get("exec"):
        return "exec", None, _plugin(user["exec"], user.get("base") or ".")
    if user.get("client-certificate-data"):
        return "client_certificate", certificate_expiry(base64.b64decode(user["client-certificate-data"])), None
    if user.get("client-certificate"):
        return "client_certificate", certificate_expiry(_read(Path(user["client-certificate"]))), None
    return ("basic" if user.get("username") else "none"), None, None


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise KubernetesError(f"{path}, named by the kubeconfig, cannot be read ({error.strerror}); correct the path") from error


def token_expiry(token: str) -> str | None:
    """`exp` of a JSON web token; None for any other token."""
    parts = token.split(".")
    if len(parts) != 3:
        return None
    try:
        ends = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))["exp"]
        return datetime.datetime.fromtimestamp(float(ends), datetime.UTC).isoformat(timespec="seconds")
    except (ValueError, KeyError, TypeError, OverflowError, OSError):
        return None


def certificate_expiry(pem: bytes) -> str | None:
    """`notAfter` of the first certificate."""
    if x509 is None:
        return None
    try:
        return x509.load_pem_x509_certificate(pem).not_valid_after_utc.isoformat(timespec="seconds")
    except ValueError as error:
        raise KubernetesError(f"the client certificate of the kubeconfig cannot be read ({error}); get a new kubeconfig") from error


def _plugin(plugin: dict[str, Any], base: str) -> dict[str, Any]:
    command = str(plugin.get("command") or "")
    found = shutil.which(str(Path(base) / command) if os.sep in command else command)
    return {"command": command, "path": found, "hint": " ".join((plugin.get("installHint") or "").split())}
