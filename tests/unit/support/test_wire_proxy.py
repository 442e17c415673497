# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The wire proxy: what it takes a call for, what it does to it, and that the rest passes as it came."""

from __future__ import annotations

import http.client
import json
import re
import socket
import ssl
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.support.wire_proxy import Rules
from tests.support.wire_proxy import WireProxy

ROOT = Path(__file__).resolve().parents[3]
SIGNED = "AWS4-HMAC-SHA256 Credential=AKIA/20260101/{}/{}/aws4_request, SignedHeaders=host, Signature=00"


class Behind(ThreadingHTTPServer):
    """Notes what reaches it; answers with it, by events at paths that end in watch, without a length at /endless."""

    daemon_threads, block_on_close = True, False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Echo)
        self.seen: list[tuple[str, str, dict, bytes]] = []
        self.more, self.left = threading.Event(), threading.Event()
        self.url = f"http://127.0.0.1:{self.server_port}"


class Echo(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.headers.get("Transfer-Encoding"):
            while size := int(self.rfile.readline(), 16):
                body += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
        self.server.seen.append((self.command, self.path, dict(self.headers), body))
        if self.path.endswith("watch"):
            self.watch()
            return
        text = json.dumps({"path": self.path, "body": body.decode()}).encode()
        self.send_response(200, "Fine")
        self.send_header("X-Behind", "yes")
        if self.path != "/endless":
            self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(text)

    do_GET = do_POST = do_PUT = do_HEAD = do_DELETE = do

    def watch(self) -> None:
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        try:
            for event in (b"first\n", b"second\n"):
                self.wfile.write(b"%x\r\n%s\r\n" % (len(event), event))
                self.wfile.flush()
                self.server.more.wait(10)
            for _try in range(500 if self.path == "/watch" else 0):
                self.wfile.write(b"1\r\n.\r\n")
                time.sleep(0.01)
            if self.path != "/broken-watch":
                self.wfile.write(b"0\r\n\r\n")
        except OSError:
            self.server.left.set()

    def log_message(self, *_arguments) -> None:
        pass


@pytest.fixture
def behind():
    server = Behind()
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield server
    server.more.set()
    server.shutdown()
    server.server_close()


@pytest.fixture
def proxy(behind):
    with WireProxy(behind.url) as proxy:
        yield proxy


def ask(proxy, method="GET", path="/", body=None, **headers):
    connection = http.client.HTTPConnection(proxy.url.removeprefix("http://"), timeout=10)
    try:
        connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def query(proxy, action, service="cloudformation", region="us-east-1", **fields):
    form = "&".join(f"{key}={value}" for key, value in {"Action": action, "Version": "2010-05-15", **fields}.items())
    return ask(proxy, "POST", "/", form, Authorization=SIGNED.format(region, service), Content_Type="application/x-www-form-urlencoded")


def test_what_no_rule_says_passes_as_it_came(proxy, behind):
    headers = {"Authorization": SIGNED.format("us-east-1", "s3"), "X-Amz-Date": "20260101T000000Z", "Host": "bucket.s3.amazonaws.com"}
    status, body = ask(proxy, "PUT", "/a%2Fb//c?versioning&x=%20", b"payload", **headers)
    assert (status, json.loads(body)) == (200, {"path": "/a%2Fb//c?versioning&x=%20", "body": "payload"})
    (seen,) = behind.seen
    assert {name: seen[2][name] for name in headers} == headers
    (call,) = proxy.calls
    assert (call.method, call.status, call.answered, call.done, call.service) == ("PUT", 200, 200, "", "s3")
    assert "payload" not in json.dumps(call.row())


def test_a_connection_serves_many_calls_and_heads(proxy, behind):
    connection = http.client.HTTPConnection(proxy.url.removeprefix("http://"), timeout=10)
    for method, path in (("GET", "/1"), ("HEAD", "/2"), ("POST", "/3"), ("GET", "/4")):
        connection.request(method, path)
        first = connection.sock
        answer = connection.getresponse()
        assert (answer.status, answer.reason, answer.headers["X-Behind"], bool(answer.read())) == (200, "Fine", "yes", method != "HEAD")
        assert connection.sock is first
    connection.close()
    assert [entry[1] for entry in behind.seen] == ["/1", "/2", "/3", "/4"]


def test_chunked_bodies(proxy):
    connection = http.client.HTTPConnection(proxy.url.removeprefix("http://"), timeout=10)
    connection.request("PUT", "/chunks", iter([b"Action=", b"a" * 5000]), encode_chunked=True, headers={"Transfer-Encoding": "chunked"})
    assert json.loads(connection.getresponse().read())["body"] == "Action=" + "a" * 5000
    assert proxy.calls[0].body == "Action=" + "a" * 5000
    connection.close()


def test_an_answer_that_ends_with_its_connection(proxy):
    assert json.loads(ask(proxy, path="/endless")[1])["path"] == "/endless"


def test_a_client_that_waits_for_100_continue(proxy):
    with socket.create_connection(("127.0.0.1", int(proxy.url.rpartition(":")[2])), timeout=10) as connection:
        connection.sendall(b"PUT /slow HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n")
        assert connection.recv(1000).startswith(b"HTTP/1.1 100")
        connection.sendall(b"body")
        received = b""
        while not received.endswith(b'"body": "body"}'):
            received += connection.recv(1000) or pytest.fail(received)


def test_a_watch_passes_event_by_event_and_ends_with_its_client(proxy, behind):
    connection = http.client.HTTPConnection(proxy.url.removeprefix("http://"), timeout=10)
    connection.request("GET", "/watch")
    answer = connection.getresponse()
    assert answer.readline() == b"first\n"
    behind.more.set()
    assert answer.readline() == b"second\n"
    answer.close()
    connection.close()
    assert behind.left.wait(10)


def test_what_the_server_breaks_off_is_broken_off(proxy, behind):
    behind.more.set()
    with pytest.raises(http.client.IncompleteRead):
        ask(proxy, path="/broken-watch")


def test_a_server_that_is_not_there():
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        with WireProxy(f"http://127.0.0.1:{closed.getsockname()[1]}") as proxy:
            status, body = ask(proxy)
    assert status == 502 and b"does not answer" in body
    assert proxy.calls[0].answered is None


def test_mutating_calls_by_user_agent(proxy):
    ask(proxy, "POST", "/api", User_Agent="Boto3/1.44 llmops.platform/1.2.0")
    ask(proxy, "POST", "/api?dryRun=All", User_Agent="llmops.platform/1.2.0")
    ask(proxy, "GET", "/api", User_Agent="llmops.platform/1.2.0")
    ask(proxy, "DELETE", "/api", User_Agent="kubectl/1.36")
    assert [call.method for call in proxy.mutating("llmops.platform/")] == ["POST"]
    assert [call.method for call in proxy.mutating()] == ["POST", "DELETE"]


def test_the_nth_call_of_an_action_is_throttled_and_never_gets_there(proxy, behind):
    rule = proxy.rules.add(service="cloudformation", action="CreateStack", nth=[2, 3], do="throttle", code="RequestLimitExceeded")
    statuses = [query(proxy, action)[0] for action in ("CreateStack", "DescribeStacks", "CreateStack", "CreateStack", "CreateStack")]
    assert statuses == [200, 200, 503, 503, 200]
    assert len(behind.seen) == 3
    assert (rule.seen, rule.acted) == (4, 2)
    assert [(call.done, call.status, call.answered) for call in proxy.calls][2] == ("throttle", 503, None)
    proxy.rules.clear()
    assert query(proxy, "CreateStack")[0] == 200


@pytest.mark.parametrize(
    ("rule", "hits"),
    [
        ({}, [1, 1, 1, 1]),
        ({"every": 2}, [0, 1, 0, 1]),
        ({"nth": 4}, [0, 0, 0, 1]),
        ({"region": "us-west-2"}, [0, 0, 1, 0]),
        ({"body": "StackName=b"}, [0, 1, 0, 0]),
        ({"path": "^/$", "method": "GET"}, [0, 0, 0, 0]),
    ],
)
def test_what_a_rule_acts_on(proxy, rule, hits):
    proxy.rules.add(do="status", status=502, **rule)
    found = [query(proxy, "CreateStack", region=region, StackName=name)[0] for region, name in (("r", "a"), ("r", "b"), ("us-west-2", "c"), ("r", "d"))]
    assert found == [502 if hit else 200 for hit in hits]


@pytest.mark.parametrize("words", [{}, {"do": "explode"}, {"do": "reset", "nht": 1}, {"do": "reset", "nth": 1, "every": 2}, {"do": "reset", "path": "("}])
def test_a_rule_that_is_none_is_refused(words):
    with pytest.raises((ValueError, re.error)):
        Rules().add(**words)


def test_delays_come_before_what_else_is_done(proxy):
    proxy.rules.add(do="delay", seconds=0.2, path="/slow")
    proxy.rules.add(do="status", status=503, path="/slow")
    begun = time.monotonic()
    assert ask(proxy, path="/quick")[0] == 200
    assert time.monotonic() - begun < 0.2
    assert ask(proxy, path="/slow")[0] == 503
    assert proxy.calls[1].seconds >= 0.2 > proxy.calls[0].seconds


def test_a_reset_never_gets_there_and_a_lost_answer_does(proxy, behind):
    proxy.rules.add(do="reset", path="/reset")
    proxy.rules.add(do="drop_answer_after_effect", path="/lost", nth=1)
    with pytest.raises(ConnectionResetError):
        ask(proxy, "POST", "/reset")
    with pytest.raises(http.client.RemoteDisconnected):
        ask(proxy, "POST", "/lost")
    assert ask(proxy, "POST", "/lost")[0] == 200
    assert [entry[1] for entry in behind.seen] == ["/lost", "/lost"]
    assert [(call.status, call.answered) for call in proxy.calls] == [(0, None), (0, 200), (200, 200)]


@pytest.mark.parametrize(("more", "size"), [({}, 17), ({"after_bytes": 3}, 3)])
def test_a_reset_within_the_body(proxy, behind, more, size):
    proxy.rules.add(do="reset_mid_body", **more)
    with socket.create_connection(("127.0.0.1", int(proxy.url.rpartition(":")[2])), timeout=10) as connection:
        connection.sendall(b"GET /half-of-it HTTP/1.1\r\nHost: a\r\n\r\n")
        received = b""
        with pytest.raises(ConnectionResetError):
            while data := connection.recv(1000):
                received += data
            raise AssertionError("it ended without a reset")
    _head, _end, body = received.partition(b"\r\n\r\n")
    # A reset may overtake what was sent before it.
    assert body in (b"", b'{"path": "/half-of-it", "body": ""}'[:size])
    assert len(behind.seen) == 1


THROTTLED = [
    ("sts", "get_caller_identity", {}, "Throttling", 400),
    ("ec2", "describe_vpcs", {}, "RequestLimitExceeded", 503),
    ("kms", "list_keys", {}, "ThrottlingException", 400),
    ("eks", "list_clusters", {}, "TooManyRequestsException", 429),
    ("s3", "list_buckets", {}, "SlowDown", 503),
    ("route53", "list_hosted_zones", {}, "Throttling", 400),
    ("cloudwatch", "list_dashboards", {}, "ThrottlingException", 400),
]


@pytest.fixture
def client(proxy, monkeypatch):
    boto3, config = pytest.importorskip("boto3"), pytest.importorskip("botocore.config")
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, "/dev/null")
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test", "region_name": "us-east-1"}
    once = config.Config(retries={"total_max_attempts": 1})
    return lambda service: boto3.client(service, endpoint_url=proxy.url, config=once, **keys)


@pytest.mark.parametrize(("service", "operation", "arguments", "code", "status"), THROTTLED, ids=[row[0] for row in THROTTLED])
def test_botocore_reads_each_spelling_in_its_protocol(proxy, client, service, operation, arguments, code, status):
    from botocore.exceptions import ClientError

    proxy.rules.add(do="throttle", code=code)
    with pytest.raises(ClientError) as caught:
        getattr(client(service), operation)(**arguments)
    assert caught.value.response["Error"]["Code"] == code
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == status
    (call,) = proxy.calls
    assert call.action.lower() == operation.replace("_", "")
    assert not call.mutating


def test_an_error_of_the_server_is_one_for_botocore_too(proxy, client):
    from botocore.exceptions import ClientError

    proxy.rules.add(do="status", status=503, nth=1)
    with pytest.raises(ClientError, match="ServiceUnavailable"):
        client("sts").get_caller_identity()


def test_an_api_server_says_too_many_requests_its_own_way(proxy):
    proxy.rules.add(do="throttle")
    status, body = ask(proxy, path="/api/v1/pods")
    assert (status, json.loads(body)["reason"], json.loads(body)["kind"]) == (429, "TooManyRequests", "Status")


def test_the_process_with_its_script_and_control_path(behind, tmp_path):
    script = tmp_path / "rules.json"
    script.write_text('[{"do": "status", "status": 504, "path": "/scripted", "nth": 1}]', encoding="utf-8")
    words = [sys.executable, "-m", "tests.support.wire_proxy", "--target", behind.url, "--script", str(script)]
    process = subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        url = process.stdout.readline().strip()

        def fetch(path, method="GET", body=None):
            try:
                with urllib.request.urlopen(urllib.request.Request(f"{url}{path}", body, method=method), timeout=10) as answer:
                    return answer.status, json.loads(answer.read())
            except urllib.error.HTTPError as error:
                return error.code, json.loads(error.read() or b"null")

        assert fetch("/scripted")[0] == 504
        assert fetch("/scripted")[0] == 200
        assert fetch("/wire-proxy/rules", "POST", b'[{"do": "reset", "path": "/never"}]')[1][1]["path"] == "/never"
        assert fetch("/wire-proxy/rules", "POST", b'[{"do": "nothing"}]')[0] == 400
        assert fetch("/wire-proxy/nothing")[0] == 404
        fetch("/change", "POST", b"x")
        assert [call["path"] for call in fetch("/wire-proxy/calls")[1]] == ["/scripted", "/scripted", "/change"]
        assert [call["path"] for call in fetch("/wire-proxy/calls?mutating=1&user_agent=urllib")[1]] == ["/change"]
        fetch("/wire-proxy/calls", "DELETE")
        assert fetch("/wire-proxy/calls")[1] == []
    finally:
        process.terminate()
        assert process.wait(10) == 0
        process.stdout.close()


@pytest.fixture
def certificates(tmp_path):
    """An authority, a server's and a client's certificate."""

    def openssl(*words):
        subprocess.run(["openssl", *words], cwd=tmp_path, check=True, capture_output=True)

    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
    openssl("req", "-x509", *key, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=ca", "-addext", "keyUsage=critical,keyCertSign")
    (tmp_path / "names").write_text("subjectAltName=IP:127.0.0.1\nauthorityKeyIdentifier=keyid\n", encoding="utf-8")
    for name in ("server", "client"):
        openssl("req", *key, "-keyout", f"{name}.key", "-out", f"{name}.csr", "-subj", f"/CN={name}")
        openssl("x509", "-req", "-in", f"{name}.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-out", f"{name}.pem", "-extfile", "names")
    return tmp_path


def test_tls_with_an_own_authority_and_a_client_certificate(certificates):
    server = Behind()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=certificates / "ca.pem")
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_cert_chain(certificates / "server.pem", certificates / "server.key")
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    target, ca = server.url.replace("http://", "https://"), certificates / "ca.pem"
    try:
        with WireProxy(target, ca=ca, certificate=(certificates / "client.pem", certificates / "client.key")) as proxy:
            assert ask(proxy, "PUT", "/api", b"x")[0] == 200
            server.more.set()
            assert ask(proxy, path="/short-watch")[1] == b"first\nsecond\n"
        with WireProxy(target) as proxy:
            assert ask(proxy)[0] == 502
        with WireProxy(target, ca=ca) as proxy:
            assert ask(proxy)[0] == 502
    finally:
        server.shutdown()
        server.server_close()
    assert [entry[1] for entry in server.seen] == ["/api", "/short-watch"]


@pytest.mark.parametrize("target", ["127.0.0.1:80", "ftp://127.0.0.1", "http://"])
def test_a_target_that_is_none(target):
    with pytest.raises(ValueError, match="the target is http"):
        WireProxy(target)
