# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A small registry that speaks the OCI distribution API on loopback, with the bad manners that tests ask for."""

from __future__ import annotations

import base64
import hashlib
import json
import ssl
import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler
from http.server import ThreadingHTTPServer
from urllib.parse import parse_qs
from urllib.parse import urlsplit

MANIFEST = "application/vnd.oci.image.manifest.v1+json"
INDEX = "application/vnd.oci.image.index.v1+json"


class FakeRegistry:
    """`manners`: token, basic (ask for credentials), lies (about digests), slow, busy (429 so often), broken (500), redirect, no_digest, evil_realm."""

    def __init__(self, *manners: str, busy: int = 0, retry_after: str = "0", certificate: tuple[str, str] | None = None, referrers: bool = True) -> None:
        self.manners, self.busy, self.retry_after, self.has_referrers = set(manners), busy, retry_after, referrers
        self.manifests: dict[tuple[str, str], tuple[str, bytes]] = {}
        self.referrers: dict[str, list[dict]] = {}
        self.user, self.password = "robot", "pa55word-of-robot"
        self.asked: list[tuple[str, str, str]] = []
        self.count: Counter[str] = Counter()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"registry": self}))
        # A slow answer is not waited for when the test is over.
        self.server.block_on_close, self.server.daemon_threads = False, True
        self.scheme = "http"
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*certificate)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
            self.scheme = "https"
        self.host = f"127.0.0.1:{self.server.server_port}"

    def __enter__(self) -> FakeRegistry:
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *_error) -> None:
        self.server.shutdown()
        self.server.server_close()

    def push(self, repository: str, tag: str, content: dict | None = None, kind: str = MANIFEST) -> str:
        body = json.dumps(content or {"schemaVersion": 2, "mediaType": kind, "tag": tag}).encode()
        digest = f"sha256:{hashlib.sha256(body).hexdigest()}"
        self.manifests[repository, tag] = self.manifests[repository, digest] = (kind, body)
        return digest

    def sign(self, repository: str, digest: str, way: str) -> str:
        if way == "tag":
            return self.push(repository, f"{digest.replace(':', '-')}.sig")
        signature = self.push(repository, f"signature-{way}")
        entry = {"digest": signature, "mediaType": MANIFEST, "artifactType": "application/vnd.dev.sigstore.bundle.v0.3+json"}
        if way == "referrers":
            self.referrers.setdefault(digest, []).append(entry)
        else:
            self.push(repository, digest.replace(":", "-"), {"schemaVersion": 2, "manifests": [entry]}, INDEX)
        return signature

    @property
    def basic(self) -> str:
        return f"Basic {base64.b64encode(f'{self.user}:{self.password}'.encode()).decode()}"


class _Handler(BaseHTTPRequestHandler):
    registry: FakeRegistry
    protocol_version = "HTTP/1.1"

    def log_message(self, *_arguments) -> None:
        pass

    def answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **{name.replace("_", "-"): value for name, value in headers.items()}}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        fake, path = self.registry, urlsplit(self.path)
        fake.asked.append((self.command, self.path, self.headers.get("Authorization", "")))
        if "slow" in fake.manners:
            time.sleep(1.5)
        if path.path == "/token":
            self.token(parse_qs(path.query))
        elif fake.busy > 0:
            fake.busy -= 1
            self.answer(429, b'{"errors": [{"code": "TOOMANYREQUESTS", "message": "slow down"}]}', Retry_After=fake.retry_after)
        elif "broken" in fake.manners:
            self.answer(500, b"<html>")
        elif not self.welcome():
            self.challenge()
        elif path.path.startswith("/v2/"):
            self.serve(path.path.removeprefix("/v2/"))
        else:
            self.answer(404)

    def welcome(self) -> bool:
        given = self.headers.get("Authorization", "")
        if "token" in self.registry.manners:
            return given == "Bearer good"
        return given == self.registry.basic if "basic" in self.registry.manners else True

    def challenge(self) -> None:
        fake = self.registry
        realm = "http://token.example.com/token" if "evil_realm" in fake.manners else f"{fake.scheme}://{fake.host}/token"
        asked = f'Bearer realm="{realm}",service="fake",scope="repository:shop/cart:pull"' if "token" in fake.manners else 'Basic realm="fake"'
        self.answer(401, b'{"errors": [{"code": "UNAUTHORIZED", "message": "authentication required"}]}', WWW_Authenticate=asked)

    def token(self, query: dict) -> None:
        fake = self.registry
        assert query["service"] == ["fake"] and query["scope"] == ["repository:shop/cart:pull"]
        given = self.headers.get("Authorization", "")
        if given and given != fake.basic:
            self.answer(401, json.dumps({"errors": [{"code": "UNAUTHORIZED", "message": f"no such password: {fake.password}"}]}).encode())
        elif not given and "private" in fake.manners:
            self.answer(200, b'{"token": "anonymous"}')
        else:
            self.answer(200, b'{"access_token": "good"}', Content_Type="application/json")

    def serve(self, path: str) -> None:
        fake = self.registry
        repository, _slash, rest = path.rpartition("/")
        repository, _slash, kind = repository.rpartition("/")
        if kind == "referrers":
            found = {"schemaVersion": 2, "manifests": fake.referrers.get(rest, [])}
            self.answer(200, json.dumps(found).encode(), Content_Type=INDEX) if fake.has_referrers else self.answer(404)
            return
        entry = fake.manifests.get((repository, rest)) if kind == "manifests" else None
        if entry is None:
            self.answer(404, b'{"errors": [{"code": "MANIFEST_UNKNOWN", "message": "manifest unknown"}]}')
            return
        media_type, body = entry
        digest = f"sha256:{hashlib.sha256(body).hexdigest()}"
        if "lies" in fake.manners:
            digest = f"sha256:{'0' * 64}"
            fake.manifests[repository, digest] = entry
        headers = {} if "no_digest" in fake.manners else {"Docker_Content_Digest": digest}
        if "swapped" in fake.manners and self.command == "GET":
            body = b'{"another": "one"}'
        self.answer(200, body, Content_Type=media_type, **headers)
