# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""What an image is called, by the rules of Docker and the OCI distribution specification."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass

DOCKER_HUB = "docker.io"
# Repositories of the one are served by the other.
SERVED_BY = {DOCKER_HUB: "registry-1.docker.io", "index.docker.io": "registry-1.docker.io"}
COMPONENT = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
REPOSITORY = re.compile(rf"{COMPONENT}(?:/{COMPONENT})*")
HOST = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?")
TAG = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,127}")
DIGEST = re.compile(r"sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128}")


class InvalidReference(ValueError):
    """No image is called that."""


@dataclass(frozen=True)
class Image:
    """`host` as people write it, `server` as it is asked."""

    host: str
    repository: str
    tag: str
    digest: str

    @property
    def server(self) -> str:
        return SERVED_BY.get(self.host, self.host)

    @property
    def reference(self) -> str:
        """What the registry is asked for."""
        return self.digest or self.tag

    @property
    def name(self) -> str:
        return f"{self.host}/{self.repository}"


def parse(text: str) -> Image:
    """`[host[:port]/]repository[:tag][@digest]`. Raises InvalidReference."""
    rest, _at, digest = text.partition("@")
    first, slash, remainder = rest.partition("/")
    if slash and ("." in first or ":" in first or first == "localhost"):
        host, rest = first, remainder
    else:
        host = DOCKER_HUB
    repository, _colon, tag = rest.partition(":")
    if host in SERVED_BY and "/" not in repository:
        repository = f"library/{repository}"
    for what, value, pattern in (("registry", host, HOST), ("repository", repository, REPOSITORY), ("tag", tag or "latest", TAG)):
        if not pattern.fullmatch(value):
            raise InvalidReference(f"'{text}' names no image: '{value}' can be no {what}")
    if "@" in text and not DIGEST.fullmatch(digest):
        raise InvalidReference(f"'{text}' names no image: '{digest}' is no digest")
    if not tag and not digest:
        raise InvalidReference(f"'{text}' names neither tag nor digest; name the version")
    return Image(host, repository, tag, digest)


def is_loopback(server: str) -> bool:
    """Whether `host[:port]` leads to this machine."""
    host = server.partition("]")[0].lstrip("[") if server.startswith("[") else server.partition(":")[0]
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
