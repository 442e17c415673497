# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kubeconfigs, and the guard that keeps local runs on this machine."""

from __future__ import annotations

import base64
import json
import stat
import sys
import threading
from http.server import BaseHTTPRequestHandler
from http.server import ThreadingHTTPServer

import pytest
import yaml

from ansible_collections.llmops.platform.plugins.module_utils._k8s import client as client_module
from ansible_collections.llmops.platform.plugins.module_utils._k8s.client import Client
from ansible_collections.llmops.platform.plugins.module_utils._k8s.client import pause
from ansible_collections.llmops.platform.plugins.module_utils._k8s.connection import Connection
from ansible_collections.llmops.platform.plugins.module_utils._k8s.connection import is_loopback
from ansible_collections.llmops.platform.plugins.module_utils._k8s.connection import load
from ansible_collections.llmops.platform.plugins.module_utils._k8s.errors import ApiError
from ansible_collections.llmops.platform.plugins.module_utils._k8s.errors import KubernetesError
from ansible_collections.llmops.platform.plugins.module_utils._k8s.errors import Unreachable
from ansible_collections.llmops.platform.plugins.module_utils._k8s.identity import cluster_connection


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://127.0.0.1:6443", True),
        ("https://127.8.9.1", True),
        ("https://[::1]:6443", True),
        ("https://localhost:1", True),
        ("https://LOCALHOST", True),
        ("https://10.0.0.1", False),
        ("https://127.0.0.1.example.com", False),
        ("https://127.0.0.1@example.com", False),
        ("https://localhost.example.com", False),
        ("https://example.com#127.0.0.1", False),
        ("https://0.0.0.0:6443", False),
        ("https://[::]:1", False),
        ("https://127.1", False),
        ("", False),
        ("127.0.0.1:6443", False),
        ("https://[bad", False),
    ],
)
def test_is_loopback(url, expected):
    assert is_loopback(url) is expected


def write(path, user: dict, cluster: dict | None = None, **more):
    config = {
        "clusters": [{"name": "c", "cluster": {"server": "https://127.0.0.1:1", **(cluster or {})}}],
        "users": [{"name": "u", "user": user}],
        "contexts": [{"name": "x", "context": {"cluster": "c", "user": "u", "namespace": "ns"}}],
        "current-context": "x",
        **more,
    }
    path.write_text(yaml.safe_dump(config), encoding="utf-8")
    return str(path)


def test_token_and_relative_files(tmp_path):
    (tmp_path / "ca.crt").write_bytes(b"CA")
    (tmp_path / "token").write_text("from-file\n")
    assert load(write(tmp_path / "a", {"token": "abc"})).headers == {"Authorization": "Bearer abc"}
    found = load(write(tmp_path / "b", {"tokenFile": "token"}, {"certificate-authority": "ca.crt"}))
    assert (found.headers, found.ca, found.namespace, found.context) == ({"Authorization": "Bearer from-file"}, b"CA", "ns", "x")
    basic = load(write(tmp_path / "c", {"username": "u", "password": "p"})).headers["Authorization"]
    assert base64.b64decode(basic.removeprefix("Basic ")) == b"u:p"


def test_secrets_are_not_in_the_representation(tmp_path):
    assert "abc-secret" not in repr(load(write(tmp_path / "a", {"token": "abc-secret", "client-key-data": base64.b64encode(b"abc-secret").decode()})))


def plugin(tmp_path, body: str) -> dict:
    script = tmp_path / "plugin"
    script.write_text(f"#!{sys.executable}\n{body}")
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    return {
        "exec": {
            "apiVersion": "client.authentication.k8s.io/v1",
            "command": "./plugin",
            "args": ["a"],
            "env": [{"name": "WHO", "value": "me"}],
        }
    }


def test_credential_plugin(tmp_path):
    body = "import json, os, sys\njson.loads(os.environ['KUBERNETES_EXEC_INFO'])\n"
    body += "print(json.dumps({'status': {'token': os.environ['WHO'] + sys.argv[1]}}))"
    assert load(write(tmp_path / "k", plugin(tmp_path, body))).headers == {"Authorization": "Bearer mea"}


@pytest.mark.parametrize(
    ("user", "words"),
    [
        ({"exec": {"apiVersion": "v1", "command": "no-such-plugin", "installHint": "get it"}}, "no-such-plugin cannot be started.*get it"),
        ({"auth-provider": {"name": "gcp"}}, "auth-provider"),
        ({"client-certificate": "none.crt"}, "cannot be read"),
    ],
)
def test_bad_users(tmp_path, user, words):
    with pytest.raises(KubernetesError, match=words):
        load(write(tmp_path / "k", user))


def test_failing_plugin_tells_its_words(tmp_path):
    with pytest.raises(KubernetesError, match="exit status 3: the session expired; log in again"):
        load(write(tmp_path / "k", plugin(tmp_path, "import sys; print('the session expired', file=sys.stderr); sys.exit(3)")))


def test_bad_files(tmp_path):
    (tmp_path / "empty").write_text("")
    (tmp_path / "broken").write_text("a: [")
    for name, words in (("missing", "does not exist"), ("empty", "no kubeconfig"), ("broken", "cannot be read")):
        with pytest.raises(KubernetesError, match=words):
            load(str(tmp_path / name))
    with pytest.raises(KubernetesError, match=r"no context 'other'.*: x"):
        load(write(tmp_path / "k", {}), "other")


def test_several_files_are_merged(tmp_path):
    first = write(tmp_path / "a", {"token": "first"})
    second = write(tmp_path / "b", {"token": "second"}, contexts=[{"name": "y", "context": {"cluster": "c", "user": "u"}}])
    assert load(f"{first}:{second}", "y").headers == {"Authorization": "Bearer first"}


def test_loopback_is_required_before_anything_is_sent(tmp_path):
    for cluster in ({"server": "https://203.0.113.1"}, {"proxy-url": "http://203.0.113.1:3128"}):
        with pytest.raises(KubernetesError, match=r"203\.0\.113\.1.*not this machine"):
            cluster_connection(write(tmp_path / "k", {}, cluster), None, require_loopback=True)


class Script(BaseHTTPRequestHandler):
    """Answers by a list; a `None` drops the connection without an answer."""

    protocol_version = "HTTP/1.1"
    answers: list = []
    seen: list = []

    def do_GET(self):
        self.seen.append((self.path, self.headers["User-Agent"]))
        answer = self.answers.pop(0)
        if answer is None:
            self.close_connection = True
            return
        status, body, headers = answer
        data = json.dumps(body).encode()
        self.send_response(status)
        for name, value in {"Content-Length": str(len(data)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_words):
        pass


@pytest.fixture
def served(monkeypatch):
    monkeypatch.setattr(client_module, "pause", lambda *_arguments: 0)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Script)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    Script.seen = []
    client = Client(Connection(server=f"http://127.0.0.1:{server.server_port}"), "test")
    yield client
    client.close()
    server.shutdown()
    server.server_close()


def status(code: int, reason: str) -> tuple:
    return code, {"kind": "Status", "reason": reason, "message": reason, "code": code}, {}


OK = (200, {"a": 1}, {"Warning": '299 - "old version"'})


@pytest.mark.parametrize("faults", [[status(429, "TooManyRequests")], [status(503, "x"), status(500, "InternalError")], [None], [OK, None]])
def test_transient_faults_are_survived(served, faults):
    Script.answers = [*faults, OK, OK]
    assert served.get("/x") == {"a": 1}
    assert served.get("/y", limit=5) == {"a": 1}
    assert list(served.warnings) == ["old version"]
    assert Script.seen[-1] == ("/y?limit=5", "llmops-platform/1.0.0 (test)")


def test_refusals_are_not_repeated_and_retries_are_bounded(served):
    Script.answers = [status(403, "Forbidden")]
    with pytest.raises(ApiError, match="Forbidden"):
        served.get("/x")
    Script.answers = [status(503, "Unavailable")] * 19
    with pytest.raises(ApiError, match="Unavailable"):
        served.get("/x")
    assert len(Script.seen) == 1 + client_module.PATIENT_ATTEMPTS
    Script.answers = [None] * 19
    with pytest.raises(Unreachable, match="cannot be reached"):
        served.get("/x")


def test_a_server_that_never_answered_is_given_up_sooner(served):
    Script.answers = [None] * 19
    with pytest.raises(Unreachable, match="check that the cluster runs"):
        served.get("/x")
    assert len(Script.seen) == client_module.ATTEMPTS


def test_pages_begin_anew_when_their_token_expired(served):
    page = (200, {"metadata": {"continue": "t", "remainingItemCount": 1}, "items": [1]}, {})
    Script.answers = [page, status(410, "Expired"), page, (200, {"metadata": {}, "items": [2]}, {})]
    assert list(served.pages("/x")) == [([1], 1), ([1], 1), ([2], 0)]


def test_pause_doubles_within_jitter_and_obeys_the_server():
    for attempt in range(1, 5):
        assert 0.5 <= pause(attempt) / (0.2 * 2 ** (attempt - 1)) <= 1.5
    assert 3 <= pause(1, "3") <= 3.6
    assert pause(1, "9999") <= 36
