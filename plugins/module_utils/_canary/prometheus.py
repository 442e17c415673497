# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""A client of Prometheus' HTTP API that tells apart what an answer can be: `ok`, `empty`, `error`, `timeout`, `partial`; and how slow it was.

Nothing here raises for what a server does: an analysis has to go on, and to say what it could not read.
"""

from __future__ import annotations

import json
import math
import time
from typing import Any
from urllib.error import HTTPError
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.parse import urlsplit

from ansible.module_utils.urls import open_url

#: Bytes of one answer; more is a query that selects too much.
MOST = 64 * 1024 * 1024
#: Seconds that the clocks may differ before it is worth a note.
SKEW = 5.0


class PrometheusError(ValueError):
    """Options that no server could answer."""


class Client:
    """Options: `url`, `ca_path`, `validate_certs`, `token`, `headers`, `timeout` (seconds a request)."""

    def __init__(self, options: dict[str, Any]) -> None:
        parts = urlsplit(options["url"])
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise PrometheusError(f"prometheus.url {options['url']!r} is no http or https address")
        if parts.username or parts.password:
            raise PrometheusError("prometheus.url holds a password; use prometheus.token or prometheus.headers, which are kept out of logs")
        self.url = options["url"].rstrip("/")
        self.timeout = options.get("timeout") or 10
        self.headers = {str(name): str(value) for name, value in (options.get("headers") or {}).items()}
        if options.get("token"):
            self.headers["Authorization"] = f"Bearer {options['token']}"
        self.ca_path = options.get("ca_path")
        self.validate_certs = options.get("validate_certs", True)

    def call(self, path: str, parameters: dict[str, Any] | None) -> dict[str, Any]:
        """`{"status", "data", "message", "slow"}` of one request."""
        begun = time.monotonic()
        answer = self._call(path, parameters)
        answer["slow"] = time.monotonic() - begun > self.timeout / 2
        return answer

    def _call(self, path: str, parameters: dict[str, Any] | None) -> dict[str, Any]:
        try:
            with open_url(
                f"{self.url}{path}",
                data=None if parameters is None else urlencode(parameters).encode(),
                method="GET" if parameters is None else "POST",
                headers=self.headers,
                timeout=self.timeout,
                validate_certs=self.validate_certs,
                ca_path=self.ca_path,
                http_agent="llmops.platform",
            ) as response:
                body = response.read(MOST + 1)
        except HTTPError as error:
            return _failed("timeout" if error.code in (408, 504) else "error", f"HTTP {error.code}: {_reason(error)}")
        except TimeoutError:
            return _failed("timeout", f"no answer within {self.timeout:g} seconds")
        except URLError as error:
            late = isinstance(error.reason, TimeoutError) or "timed out" in str(error.reason)
            return _failed("timeout" if late else "error", str(error.reason))
        except Exception as error:  # http.client's, ssl's and Ansible's own: whatever it is, this look has no answer.
            return _failed("error", f"{type(error).__name__}: {error}")
        if len(body) > MOST:
            return _failed("error", f"more than {MOST} bytes; select less")
        return _parsed(body)

    def version(self) -> str:
        """The server's version, or that it does not tell."""
        answer = self.call("/api/v1/status/buildinfo", None)
        data = answer["data"] if isinstance(answer["data"], dict) else {}
        return str(data.get("version", "unknown"))

    def clock(self) -> tuple[float | None, dict[str, Any]]:
        """The server's time, and the answer that it was read from."""
        answer = self.call("/api/v1/query", {"query": "time()"})
        try:
            return float(answer["data"]["result"][1]), answer
        except (TypeError, KeyError, ValueError, IndexError):
            return None, answer

    def samples(self, selector: str, begin: float, end: float) -> dict[str, Any]:
        """Raw samples of a plain selector after `begin` and up to `end`: `{"status", "series": [{"labels", "values": [(time, value)]}], "message"}`."""
        seconds = max(1, math.ceil(end - begin))
        return _series(self.call("/api/v1/query", {"query": f"{selector}[{seconds}s]", "time": f"{end:.3f}"}))

    def evaluated(self, query: str, begin: float, end: float, step: float) -> dict[str, Any]:
        """Any expression at every step, for those that are no plain selector."""
        first = math.ceil(begin / step) * step
        if first > end:
            return {"status": "empty", "series": [], "message": "", "slow": False}
        return _series(self.call("/api/v1/query_range", {"query": query, "start": f"{first:.3f}", "end": f"{end:.3f}", "step": f"{step:g}"}))

    def value(self, query: str, at: float) -> dict[str, Any]:
        """One number: `{"status": ok | empty | nan | several | invalid | ..., "value", "message"}`."""
        answer = self.call("/api/v1/query", {"query": query, "time": f"{at:.3f}"})
        if answer["status"] != "ok":
            return {**answer, "value": None}
        data, slow = answer["data"], answer["slow"]
        try:
            kind, result = data["resultType"], data["result"]
            if kind == "scalar":
                text = result[1]
            elif kind != "vector":
                return {"status": "invalid", "value": None, "slow": slow, "message": f"the query gives a {kind}, not one number"}
            elif not result:
                return {"status": "empty", "value": None, "slow": slow, "message": "no series"}
            elif len(result) > 1:
                return {"status": "several", "value": None, "slow": slow, "message": f"{len(result)} series where one is expected; sum() them"}
            else:
                text = result[0]["value"][1]
            number = float(text)
        except (TypeError, KeyError, ValueError, IndexError) as error:
            return {"status": "error", "value": None, "slow": slow, "message": f"not an answer of Prometheus: {error!r}"}
        if not math.isfinite(number):
            return {"status": "nan", "value": None, "slow": slow, "message": f"the value is {text}"}
        return {"status": "ok", "value": number, "slow": slow, "message": ""}


def _failed(status: str, message: str) -> dict[str, Any]:
    return {"status": status, "data": None, "message": message}


def _reason(error: HTTPError) -> str:
    try:
        return str(json.loads(error.read(65536))["error"])
    except Exception:  # Not Prometheus' JSON: a proxy's page, or nothing.
        return str(error.reason)


def _parsed(body: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(body)
        if answer["status"] != "success":
            return _failed("error", str(answer.get("error", "no success")))
        if answer.get("warnings"):
            return _failed("partial", "; ".join(map(str, answer["warnings"])))
        return {"status": "ok", "data": answer["data"], "message": ""}
    except (ValueError, TypeError, KeyError) as error:
        return _failed("error", f"not an answer of Prometheus: {error!r}")


def _series(answer: dict[str, Any]) -> dict[str, Any]:
    """A matrix as plain series."""
    shown = {"status": answer["status"], "series": [], "message": answer["message"], "slow": answer["slow"]}
    if answer["status"] != "ok":
        return shown
    try:
        if answer["data"]["resultType"] != "matrix":
            return {**shown, "status": "invalid", "message": f"the query gives a {answer['data']['resultType']}, not series of counters"}
        for one in answer["data"]["result"]:
            labels = {str(name): str(value) for name, value in one["metric"].items()}
            shown["series"].append({"labels": labels, "values": [(float(at), float(value)) for at, value in one.get("values", [])]})
    except (TypeError, KeyError, ValueError) as error:
        return {**shown, "status": "error", "series": [], "message": f"not an answer of Prometheus: {error!r}"}
    shown["series"].sort(key=lambda one: sorted(one["labels"].items()))
    if not shown["series"]:
        shown["status"] = "empty"
    return shown
