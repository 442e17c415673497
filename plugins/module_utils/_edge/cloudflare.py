# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Cloudflare's HTTP API (version 4), as much of it as records of a zone need."""

from __future__ import annotations

import json
import random
import time
import urllib.error
import urllib.parse
from collections.abc import Callable
from collections.abc import Iterator
from typing import Any

from ansible.module_utils.urls import ConnectionError as UrlConnectionError
from ansible.module_utils.urls import open_url

from ansible_collections.llmops.platform.plugins.module_utils._edge.errors import EdgeError
from ansible_collections.llmops.platform.plugins.module_utils._edge.errors import Unclear

URL = "https://api.cloudflare.com/client/v4"
VARIABLE = "CLOUDFLARE_API_TOKEN"
LOOPBACK = ("127.0.0.1", "localhost", "::1")
# 9109: not allowed here; 10000: authentication error, as a token without the permission gets; 1000, 6003, 6111: no token that it knows.
REFUSED, UNKNOWN_TOKEN = (9109, 10000), (1000, 6003, 6111)
TRIES = 6
# 1,200 requests in five minutes for all of an account's tokens.
PAUSE = 0.25


class CloudflareError(EdgeError):
    """An answer that says no. `codes`: Cloudflare's own."""

    def __init__(self, message: str, codes: tuple[int, ...] = ()) -> None:
        super().__init__(message)
        self.codes = codes


class Client:
    """`token` goes into one header and nowhere else. `sleep` is given by tests."""

    def __init__(self, token: str, url: str = URL, timeout: float = 30.0, version: str = "0", sleep: Callable[[float], Any] = time.sleep) -> None:
        place = urllib.parse.urlsplit(url)
        if place.scheme != "https" and not (place.scheme == "http" and place.hostname in LOOPBACK):
            raise EdgeError(f"cloudflare_url is {url!r}; a token goes over https only (http for a fake on this machine)")
        if not token:
            raise EdgeError(f"there is no token of Cloudflare; set edge_cloudflare_token (from a vault), or environment variable {VARIABLE}")
        if not token.isascii() or any(character.isspace() or not character.isprintable() for character in token):
            raise EdgeError(f"the token of Cloudflare holds characters that no token has; look at edge_cloudflare_token or {VARIABLE}")
        self._url, self._token, self._timeout, self._sleep = url.rstrip("/"), token, timeout, sleep
        self._agent = f"llmops.platform/{version}"
        self._last = 0.0
        self.calls = 0

    def pages(self, path: str, permission: str, **query: Any) -> Iterator[dict[str, Any]]:
        """The results of all pages."""
        page = 1
        while True:
            answer = self.get(path, permission, **query, page=page)
            yield from answer["result"]
            if page >= int((answer.get("result_info") or {}).get("total_pages") or 1):
                return
            page += 1

    def get(self, path: str, permission: str, **query: Any) -> dict[str, Any]:
        """One answer; asked again while nothing, or an error of theirs, comes back. `permission` is what the token needs for it."""
        for attempt in range(1, TRIES + 1):
            try:
                return self._send("GET", f"{path}?{urllib.parse.urlencode(query)}" if query else path, None, permission)
            except Unclear as error:
                if attempt == TRIES:
                    raise EdgeError(f"{error} ({TRIES} times); run again later") from error
                self._sleep(random.uniform(0.1, min(10.0, 0.5 * 2**attempt)))
        raise AssertionError

    def post(self, path: str, body: dict[str, Any], permission: str) -> dict[str, Any]:
        """One change, sent once: raises Unclear where it may have had its effect without an answer."""
        return self._send("POST", path, body, permission)

    def _send(self, method: str, path: str, body: dict[str, Any] | None, permission: str) -> dict[str, Any]:
        for attempt in range(1, TRIES + 1):
            status, headers, text = self._once(method, path, body)
            if status != 429 or attempt == TRIES:
                return self._judged(method, path, status, text, permission)
            # Nothing was done: it was only too fast.
            self._sleep(_seconds(headers.get("Retry-After") or headers.get("retry-after"), 2.0**attempt))
        raise AssertionError

    def _once(self, method: str, path: str, body: dict[str, Any] | None) -> tuple[int, Any, str]:
        wait = self._last + PAUSE - time.monotonic()
        if wait > 0 and self.calls > 20:
            self._sleep(wait)
        self._last = time.monotonic()
        self.calls += 1
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json", "Accept": "application/json"}
        data = None if body is None else json.dumps(body).encode()
        try:
            # A redirect would take the token elsewhere.
            answer = open_url(
                self._url + path, data=data, headers=headers, method=method, timeout=self._timeout, http_agent=self._agent, follow_redirects="none"
            )
            with answer:
                return answer.status, answer.headers, answer.read().decode("utf-8", "replace")
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.headers or {}, error.read().decode("utf-8", "replace")
        except (OSError, UrlConnectionError, ValueError) as error:
            raise Unclear(f"Cloudflare does not answer {method} {path.partition('?')[0]}: {self.masked(str(error))}; look at network and proxy") from error

    def _judged(self, method: str, path: str, status: int, text: str, permission: str) -> dict[str, Any]:
        what = f"{method} {path.partition('?')[0]}"
        try:
            answer = json.loads(text)
        except ValueError:
            answer = None
        if status >= 500:
            raise Unclear(f"Cloudflare answered {status} to {what}")
        if not isinstance(answer, dict):
            raise EdgeError(f"what answered {what} with {status} is not Cloudflare's API; look at cloudflare_url and the proxy")
        if status < 300 and answer.get("success"):
            return answer
        errors = [error for error in answer.get("errors") or [] if isinstance(error, dict)]
        codes = tuple(int(error.get("code") or 0) for error in errors) + tuple(
            int(deeper.get("code") or 0) for error in errors for deeper in error.get("error_chain") or []
        )
        said = self.masked("; ".join(f"{error.get('code')} {error.get('message')}" for error in errors) or "no reason")
        where = f"the token of Cloudflare (variable edge_cloudflare_token, or environment variable {VARIABLE})"
        if set(codes) & set(UNKNOWN_TOKEN) or (status == 401 and not set(codes) & set(REFUSED)):
            raise CloudflareError(f"{where} is not valid: {what} answered {status} ({said}); give one that is active", codes)
        if status == 403 or set(codes) & set(REFUSED):
            raise CloudflareError(
                f"{where} lacks the permission {permission}: {what} answered {status} ({said}); it needs Zone:Read and DNS:Edit for the zone", codes
            )
        if status == 429:
            raise CloudflareError(f"Cloudflare is asked too often: {what} answered 429 {TRIES} times; run again in five minutes", codes)
        raise CloudflareError(f"Cloudflare answered {status} to {what}: {said}", codes)

    def masked(self, text: str) -> str:
        """Without the token."""
        return text.replace(self._token, "********")


def _seconds(value: str | None, otherwise: float) -> float:
    """Of a Retry-After, at most a minute."""
    try:
        return min(60.0, max(0.0, float(value or "")))
    except ValueError:
        return min(60.0, otherwise)
