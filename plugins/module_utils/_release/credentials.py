# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""User and password of a registry, out of Docker's configuration file."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from typing import Any


class CredentialsError(Exception):
    """Why there are none, though there should be."""


def of_config(text: str, host: str) -> tuple[str, str] | str | None:
    """`(user, password)` of the registry; the name of a credential helper (`docker-credential-<name>`) that has them; None where nothing is said of it."""
    try:
        config = json.loads(text)
    except ValueError as error:
        raise CredentialsError(f"is no JSON: {error}") from error
    if not isinstance(config, Mapping):
        raise CredentialsError("is no map")
    names = _names(host)
    helpers = config.get("credHelpers") or {}
    if helper := next((helpers[name] for name in names if name in helpers), None):
        return str(helper)
    entries = {_host(key): entry for key, entry in (config.get("auths") or {}).items()}
    entry = next((entries[name] for name in names if name in entries), None)
    if entry:
        return _of_entry(entry, host)
    if entry is not None and config.get("credsStore"):
        return str(config["credsStore"])
    return None


def of_helper(text: str, host: str) -> tuple[str, str]:
    """What `docker-credential-<name> get` printed."""
    try:
        answer = json.loads(text)
        user, password = answer["Username"], answer["Secret"]
    except (ValueError, KeyError, TypeError) as error:
        raise CredentialsError(f"its credential helper said nothing usable of {host}") from error
    if user == "<token>":
        raise CredentialsError(f"its credential helper has an identity token for {host}, which is not supported; give username and password")
    return user, password


def server_address(host: str) -> str:
    """What a credential helper knows the registry as."""
    return "https://index.docker.io/v1/" if host == "docker.io" else host


def _names(host: str) -> tuple[str, ...]:
    return ("docker.io", "index.docker.io", "registry-1.docker.io", server_address(host)) if host.endswith("docker.io") else (host,)


def _host(key: str) -> str:
    return key.removeprefix("https://").removeprefix("http://").partition("/")[0]


def _of_entry(entry: Any, host: str) -> tuple[str, str]:
    if entry.get("identitytoken"):
        raise CredentialsError(f"holds an identity token for {host}, which is not supported; give username and password")
    if entry.get("username"):
        return str(entry["username"]), str(entry.get("password") or "")
    try:
        user, colon, password = base64.b64decode(entry.get("auth") or "", validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise CredentialsError(f"holds no usable 'auth' for {host}; log in again") from error
    if not colon:
        raise CredentialsError(f"holds no usable 'auth' for {host}; log in again")
    return user, password
