# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A fake of Cloudflare's API as far as records of a zone need it: envelopes, error codes, pages, batches in one transaction, permissions, limits.

Written after Cloudflare's API reference ("List Zones", "List DNS Records", "Batch DNS Records"); what passes here is `contract`.
"""

from __future__ import annotations

import copy
import json
import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs
from urllib.parse import urlsplit

from tests.support.http_server import serving

ADDRESSES = ("A", "AAAA", "CNAME")
ALL = frozenset({"Zone:Read", "DNS:Read", "DNS:Edit"})


class Refused(Exception):
    """`status` and Cloudflare's own code."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status, self.code = status, code


class FakeCloudflare:
    """`tokens`: permissions by token. `zones`: records by id, by name of the zone. `behave(method, path)` may return `(status, headers, body, done)`
    in place of the answer; with `done` the request has had its effect."""

    def __init__(self) -> None:
        self.tokens: dict[str, frozenset[str]] = {"good-token": ALL}
        self.zones: dict[str, dict[str, dict[str, Any]]] = {}
        self.batch_limit = 200
        self.behave: Any = lambda method, path: None
        self.requests: list[tuple[str, str]] = []
        self.headers: list[dict[str, str]] = []
        self.url = ""

    @property
    def mutating(self) -> list[tuple[str, str]]:
        return [request for request in self.requests if request[0] != "GET"]

    def add(self, zone: str, kind: str, name: str, content: str, **more: Any) -> dict[str, Any]:
        """A record that somebody made by hand."""
        return self._post(self.zones.setdefault(zone, {}), {"type": kind, "name": name, "content": content, "ttl": 300, **more})

    def records(self, zone: str, kind: str = "", name: str = "") -> list[dict[str, Any]]:
        return [one for one in self.zones[zone].values() if kind in ("", one["type"]) and name in ("", one["name"])]

    def answer(self, method: str, path: str, token: str, body: Any) -> tuple[int, dict[str, Any]]:
        place, query = urlsplit(path), {key: found[0] for key, found in parse_qs(urlsplit(path).query).items()}
        try:
            if not re.fullmatch(r"[A-Za-z0-9_-]+", token):
                raise Refused(400, 6003, "Invalid request headers")
            if token not in self.tokens:
                raise Refused(401, 1000, "Invalid API Token")
            return self._routed(method, place.path.removeprefix("/client/v4"), query, self.tokens[token], body)
        except Refused as error:
            return error.status, {"success": False, "errors": [{"code": error.code, "message": str(error)}], "messages": [], "result": None}

    def _routed(self, method: str, path: str, query: dict[str, str], may: frozenset[str], body: Any) -> tuple[int, dict[str, Any]]:
        if (method, path) == ("GET", "/zones"):
            # A token sees the zones that it may read; without any it is no error.
            names = [name for name in self.zones if query.get("name") in (None, name)] if "Zone:Read" in may else []
            return paged([{"id": zone_id(name), "name": name, "status": "active", "paused": False} for name in names], query, 50)
        found = re.fullmatch(r"/zones/([0-9a-f]{32})/dns_records(/batch)?", path)
        if not found:
            raise Refused(404, 7003, f"Could not route to {path}, perhaps your object identifier is invalid?")
        zone = next((records for name, records in self.zones.items() if zone_id(name) == found[1]), None)
        needed = {"DNS:Read", "DNS:Edit"} if method == "GET" else {"DNS:Edit"}
        if zone is None or not needed & may:
            raise Refused(403, 10000, "Authentication error")
        if method == "GET" and not found[2]:
            chosen = [one for one in zone.values() if query.get("type") in (None, one["type"]) and query.get("name") in (None, one["name"])]
            return paged(chosen, query, 100)
        if method == "POST" and found[2]:
            return 200, envelope(self._batch(zone, body))
        raise Refused(405, 10405, "Method not allowed for this authentication scheme")

    def _batch(self, zone: dict[str, dict[str, Any]], body: dict[str, Any]) -> dict[str, Any]:
        """Deletes, patches, puts, posts, in this order, in one transaction."""
        if set(body) - {"deletes", "patches", "puts", "posts"}:
            raise Refused(400, 9207, "Request body is invalid.")
        if sum(map(len, body.values())) > self.batch_limit:
            raise Refused(400, 81100, f"Batch exceeds the limit of {self.batch_limit} changes.")
        before = copy.deepcopy(zone)
        try:
            deleted = [self._existing(zone, one["id"]) and zone.pop(one["id"]) for one in body.get("deletes", [])]
            patched = [self._patch(zone, one) for one in body.get("patches", [])]
            posted = [self._post(zone, one) for one in body.get("posts", [])]
        except Refused:
            zone.clear()
            zone.update(before)
            raise
        return {"deletes": deleted, "patches": patched, "puts": [], "posts": posted}

    @staticmethod
    def _existing(zone: dict[str, dict[str, Any]], identifier: str) -> dict[str, Any]:
        if identifier not in zone:
            raise Refused(404, 81044, "Record does not exist.")
        return zone[identifier]

    def _patch(self, zone: dict[str, dict[str, Any]], body: dict[str, Any]) -> dict[str, Any]:
        old = self._existing(zone, body["id"])
        zone.pop(body["id"])
        zone[body["id"]] = self._checked(zone, {**old, **body})
        return zone[body["id"]]

    def _post(self, zone: dict[str, dict[str, Any]], body: dict[str, Any]) -> dict[str, Any]:
        record = self._checked(zone, {"proxied": False, "comment": None, **body, "id": uuid.uuid4().hex})
        zone[record["id"]] = record
        return record

    @staticmethod
    def _checked(zone: dict[str, dict[str, Any]], record: dict[str, Any]) -> dict[str, Any]:
        if not record.get("content") or (record["ttl"] != 1 and not 60 <= record["ttl"] <= 86400):
            raise Refused(400, 9005, "Content or TTL of the DNS record is invalid.")
        if record["proxied"] and record["type"] not in ADDRESSES:
            raise Refused(400, 9004, "This record type cannot be proxied.")
        if len(record["comment"] or "") > 100:
            raise Refused(400, 9230, "DNS record comment is too long.")
        record = {**record, "name": record["name"].lower(), "ttl": 1 if record["proxied"] else record["ttl"]}
        for other in zone.values():
            if other["name"] != record["name"]:
                continue
            if (other["type"], other["content"]) == (record["type"], record["content"]):
                raise Refused(400, 81058, "An identical record already exists.")
            if "CNAME" in (other["type"], record["type"]) and {other["type"], record["type"]} <= set(ADDRESSES):
                raise Refused(400, 81053, "An A, AAAA, or CNAME record with that host already exists.")
        return record


def zone_id(name: str) -> str:
    return uuid.uuid5(uuid.NAMESPACE_DNS, name).hex


def envelope(result: Any, **more: Any) -> dict[str, Any]:
    return {"success": True, "errors": [], "messages": [], "result": result, **more}


def paged(items: list[Any], query: dict[str, str], usual: int) -> tuple[int, dict[str, Any]]:
    page, size = int(query.get("page", 1)), int(query.get("per_page", usual))
    chosen = items[(page - 1) * size : page * size]
    info = {"page": page, "per_page": size, "count": len(chosen), "total_count": len(items), "total_pages": -(-len(items) // size)}
    return 200, envelope(chosen, result_info=info)


@contextmanager
def served() -> Iterator[FakeCloudflare]:
    """The fake on a free port of this machine."""
    fake = FakeCloudflare()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *arguments: Any) -> None:
            pass

        def handled(self) -> None:
            text = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            fake.requests.append((self.command, self.path))
            fake.headers.append(dict(self.headers))
            token = (self.headers.get("Authorization") or "").removeprefix("Bearer ")
            wrong = fake.behave(self.command, self.path)
            if wrong is None or wrong[3]:
                status, answer = fake.answer(self.command, self.path, token, json.loads(text) if text else None)
                headers, body = {}, json.dumps(answer).encode()
            if wrong is not None:
                status, headers, body, _done = wrong
            if status == 0:
                # The line goes dead.
                self.close_connection = True
                self.connection.close()
                return
            self.send_response(status)
            for key, item in {"Content-Type": "application/json", "Content-Length": str(len(body)), **headers}.items():
                self.send_header(key, item)
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = handled

    with serving(Handler) as url:
        fake.url = f"{url}/client/v4"
        yield fake
