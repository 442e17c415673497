# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""A registry of images, read by the OCI distribution API: manifests, bearer tokens, referrers."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import time
from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.error import HTTPError
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.parse import urlsplit

from ansible.module_utils.urls import ConnectionError as UrlsConnectionError
from ansible.module_utils.urls import SSLValidationError
from ansible.module_utils.urls import open_url

from ansible_collections.llmops.platform.plugins.module_utils._release.reference import DIGEST
from ansible_collections.llmops.platform.plugins.module_utils._release.reference import Image
from ansible_collections.llmops.platform.plugins.module_utils._release.reference import is_loopback

INDEXES = ("application/vnd.oci.image.index.v1+json", "application/vnd.docker.distribution.manifest.list.v2+json")
MANIFESTS = (*INDEXES, "application/vnd.oci.image.manifest.v1+json", "application/vnd.docker.distribution.manifest.v2+json")
# What a signature's manifest says it is: cosign's two formats, and Notation's.
SIGNATURE_TYPES = ("application/vnd.dev.cosign.artifact.sig.v1+json", "application/vnd.dev.sigstore.bundle", "application/vnd.cncf.notary.signature")
# The specification lets a registry refuse larger manifests.
LARGEST = 4 * 1024 * 1024
ATTEMPTS = 3
AGAIN = (429, 500, 502, 503, 504)
PARAMETER = re.compile(r'(\w+)="?([^",]*)"?')


class RegistryError(Exception):
    """Why a registry gave no usable answer."""


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Manifest:
    """`body` hashes to `digest`: that was checked here, not believed."""

    digest: str
    media_type: str
    body: bytes


class Registry:
    """One repository. `credentials`: `(user, password)`, sent only to the registry and to the token service that it names over TLS."""

    def __init__(
        self,
        image: Image,
        credentials: tuple[str, str] | None,
        *,
        plain_http: bool = False,
        ca_path: str | None = None,
        timeout: float = 10.0,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        if plain_http and not is_loopback(image.server):
            raise RegistryError(f"plain HTTP is allowed on loopback only, and {image.server} is not; give the registry a certificate (and ca_path)")
        self._image, self._credentials, self._plain = image, credentials, plain_http
        self._base = f"{'http' if plain_http else 'https'}://{image.server}/v2/{image.repository}"
        self._ca_path, self._timeout, self._sleep = ca_path, timeout, sleep
        self._authorization: str | None = None

    def manifest(self, reference: str) -> Manifest | None:
        """The manifest behind a tag or digest, None if the registry has none. Raises RegistryError, also where the digest is not that of the content."""
        head = self._ask("HEAD", f"/manifests/{reference}", MANIFESTS)
        if head is None:
            return None
        claimed = head.headers.get("docker-content-digest", "")
        if claimed and not DIGEST.fullmatch(claimed):
            raise RegistryError(f"{self._image.server} calls '{claimed[:80]}' the digest of {reference}, which is none")
        # By the digest, so that a tag that moves between the two questions changes nothing.
        wanted = reference if DIGEST.fullmatch(reference) else claimed
        body = self._ask("GET", f"/manifests/{wanted or reference}", MANIFESTS)
        if body is None:
            raise RegistryError(f"{self._image.server} says that {reference} is {claimed}, and then that this does not exist")
        algorithm = wanted.partition(":")[0] or "sha256"
        digest = f"{algorithm}:{hashlib.new(algorithm, body.body).hexdigest()}"
        for said in (wanted, claimed):
            if said and said.partition(":")[0] == algorithm and said != digest:
                raise RegistryError(f"{self._image.server} says that {reference} is {said}, but what it serves is {digest}; do not trust it")
        return Manifest(digest, body.headers.get("content-type", "").partition(";")[0].strip(), body.body)

    def signatures(self, digest: str) -> list[dict[str, str]]:
        """`[{digest, media_type, found_by}]` by cosign's tag and by the referrers API (or its tag, where the registry has no such API)."""
        tag = digest.replace(":", "-")
        found = []
        if signed := self.manifest(f"{tag}.sig"):
            found.append({"digest": signed.digest, "media_type": signed.media_type, "found_by": "tag"})
        answer = self._ask("GET", f"/referrers/{digest}", INDEXES[:1])
        index = answer.body if answer else getattr(self.manifest(tag), "body", None)
        for entry in _entries(index):
            kind = str(entry.get("artifactType") or "")
            if kind.startswith(SIGNATURE_TYPES) and not any(known["digest"] == entry.get("digest") for known in found):
                found.append({"digest": str(entry.get("digest")), "media_type": kind, "found_by": "referrers"})
        return found

    def _ask(self, method: str, path: str, accept: tuple[str, ...]) -> Answer | None:
        """None for 404. A refusal is answered once, with the token that it asks for."""
        headers = {"Accept": ", ".join(accept)}
        answer = self._send(method, self._base + path, headers, self._authorization)
        if answer.status == 401 and self._authorization is None:
            self._authorization = self._authorize(answer.headers.get("www-authenticate", ""))
            answer = self._send(method, self._base + path, headers, self._authorization)
        if answer.status == 404:
            return None
        if answer.status in (401, 403):
            who = "with the given credentials" if self._credentials else "without credentials"
            raise RegistryError(f"{self._image.server} refuses to show {self._image.repository} {who} ({answer.status}); it may not exist either")
        if answer.status != 200:
            raise RegistryError(f"{self._image.server} answered {answer.status} for {path}{_words(answer)}")
        return answer

    def _authorize(self, challenge: str) -> str:
        scheme, _space, rest = challenge.partition(" ")
        if scheme.lower() == "basic" and self._credentials:
            return _basic(self._credentials)
        if scheme.lower() != "bearer":
            raise RegistryError(f"{self._image.server} asks for credentials{' of another kind: ' + scheme if scheme and scheme.lower() != 'basic' else ''}")
        asked = dict(PARAMETER.findall(rest))
        realm = urlsplit(asked.get("realm", ""))
        if realm.scheme != "https" and not (self._plain and realm.scheme == "http" and is_loopback(realm.netloc)):
            raise RegistryError(
                f"{self._image.server} sends us to '{asked.get('realm', '')}' for a token, which is no https address; credentials are not sent there"
            )
        query = {"service": asked.get("service", ""), "scope": asked.get("scope") or f"repository:{self._image.repository}:pull"}
        url = f"{asked['realm']}{'&' if realm.query else '?'}{urlencode({key: value for key, value in query.items() if value})}"
        answer = self._send("GET", url, {"Accept": "application/json"}, _basic(self._credentials) if self._credentials else None)
        if answer.status != 200:
            raise RegistryError(f"the token service {realm.netloc} answered {answer.status}{_words(answer)}; look at user and password")
        token = _json(answer.body)
        value = (token.get("token") or token.get("access_token")) if isinstance(token, dict) else None
        if not isinstance(value, str) or not value:
            raise RegistryError(f"the token service {realm.netloc} gave no token")
        return f"Bearer {value}"

    def _send(self, method: str, url: str, headers: dict[str, str], authorization: str | None) -> Answer:
        """One question, asked again where the registry is busy or fails, at most as long as it wants and the time allows."""
        for attempt in range(1, ATTEMPTS + 1):
            answer = self._once(method, url, headers, authorization)
            if answer.status not in AGAIN or attempt == ATTEMPTS:
                return answer
            said = answer.headers.get("retry-after", "")
            wait = float(said) if said.isdigit() else float(attempt)
            if wait > self._timeout:
                return answer
            self._sleep(wait)
        raise AssertionError("unreachable")

    def _once(self, method: str, url: str, headers: dict[str, str], authorization: str | None) -> Answer:
        # Not sent on where the registry redirects to: its storage belongs to somebody else.
        own = {**headers, **({"Authorization": authorization} if authorization else {})}
        try:
            response = open_url(
                url, method=method, headers=own, timeout=self._timeout, ca_path=self._ca_path, http_agent="llmops-platform", decompress=False,
                follow_redirects="safe", unredirected_headers=["Authorization"], use_netrc=False,
            )  # fmt: skip
        except HTTPError as error:
            return Answer(error.code, _lower(error.headers), error.read(LARGEST) if error.fp else b"")
        except (URLError, OSError, SSLValidationError, UrlsConnectionError, ValueError) as error:
            reason = getattr(error, "reason", None) or error
            late = isinstance(reason, TimeoutError) or "timed out" in str(reason)
            said = f"no answer within {self._timeout:g} s" if late else f"cannot be reached: {reason}"
            raise RegistryError(f"{urlsplit(url).netloc}: {said}") from error
        try:
            body = response.read(LARGEST + 1)
        except (OSError, ValueError) as error:
            raise RegistryError(f"{urlsplit(url).netloc} broke off: {error}") from error
        if len(body) > LARGEST:
            raise RegistryError(f"{urlsplit(url).netloc} sends a manifest of more than {LARGEST // 1024 // 1024} MiB")
        return Answer(response.status, _lower(response.headers), body)


def _lower(headers: Any) -> dict[str, str]:
    return {str(name).lower(): str(value) for name, value in (headers or {}).items()}


def _basic(credentials: tuple[str, str]) -> str:
    return f"Basic {base64.b64encode(':'.join(credentials).encode()).decode()}"


def _json(body: bytes | None) -> Any:
    try:
        return json.loads(body or b"null")
    except ValueError:
        return None


def _entries(body: bytes | None) -> list[Mapping[str, Any]]:
    index = _json(body)
    entries = index.get("manifests") if isinstance(index, dict) else None
    return [entry for entry in entries or [] if isinstance(entry, dict)]


def _words(answer: Answer) -> str:
    """The error in the registry's words."""
    content = _json(answer.body)
    errors = content.get("errors") if isinstance(content, dict) else None
    said = next((f"{error.get('code')}: {error.get('message')}" for error in errors or [] if isinstance(error, dict)), "")
    return f" ({said[:200]})" if said else ""
