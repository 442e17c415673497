# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a kubeconfig offers as credentials, and until when."""

from __future__ import annotations

import base64
import datetime
import json
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from ansible_collections.llmops.platform.plugins.module_utils._k8s import credentials
from ansible_collections.llmops.platform.plugins.module_utils._k8s.errors import KubernetesError

END = datetime.datetime(2026, 11, 21, 8, 0, tzinfo=datetime.UTC)


def kubeconfig(folder: Path, user: dict) -> str:
    document = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "here",
        "contexts": [{"name": "here", "context": {"cluster": "c", "user": "u"}}],
        "clusters": [{"name": "c", "cluster": {"server": "https://api.example.com"}}],
        "users": [{"name": "u", "user": user}],
    }
    file = folder / "kubeconfig"
    file.write_text(json.dumps(document), encoding="utf-8")
    file.chmod(0o640)
    return str(file)


def token(claims: dict) -> str:
    parts = (json.dumps(part).encode() for part in ({"alg": "none"}, claims))
    return ".".join([*(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts), "signature"])


def certificate() -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "me")])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
    signed = builder.not_valid_before(END - datetime.timedelta(days=1)).not_valid_after(END).sign(key, hashes.SHA256())
    return signed.public_bytes(serialization.Encoding.PEM)


@pytest.mark.parametrize(
    ("user", "method", "expires"),
    [
        ({"token": token({"exp": END.timestamp()})}, "token", END.isoformat()),
        ({"token": token({"sub": "me"})}, "token", None),
        ({"token": "opaque"}, "token", None),
        ({"token": "a.b.c"}, "token", None),
        ({"client-certificate-data": base64.b64encode(certificate()).decode()}, "client_certificate", END.isoformat()),
        ({"username": "me", "password": "x"}, "basic", None),
        ({}, "none", None),
    ],
)
def test_method_and_end(tmp_path, user, method, expires):
    found = credentials.describe(kubeconfig(tmp_path, user), None)
    assert (found["method"], found["expires"], found["plugin"]) == (method, expires, None)
    assert found["modes"] == {found["kubeconfig"]: "0640"} and found["context"] == "here" and found["server"] == "https://api.example.com"


def test_nothing_secret_is_told(tmp_path):
    secret = token({"exp": END.timestamp()})
    assert secret not in json.dumps(credentials.describe(kubeconfig(tmp_path, {"token": secret}), None))


def test_a_token_file(tmp_path):
    (tmp_path / "token").write_text(f"{token({'exp': END.timestamp()})}\n", encoding="utf-8")
    assert credentials.describe(kubeconfig(tmp_path, {"tokenFile": "token"}), None)["expires"] == END.isoformat()


@pytest.mark.parametrize("command", ["sh", "./plugin"])
def test_a_credential_plugin_is_found_but_not_asked(tmp_path, command):
    plugin = tmp_path / "plugin"
    plugin.write_text(f"#!/bin/sh\ntouch {tmp_path}/asked\n", encoding="utf-8")
    plugin.chmod(0o755)
    found = credentials.describe(kubeconfig(tmp_path, {"exec": {"command": command, "args": ["-c", f"touch {tmp_path}/asked"]}}), None)
    assert found["method"] == "exec" and found["plugin"]["path"]
    assert not (tmp_path / "asked").exists()


def test_a_credential_plugin_that_is_not_there(tmp_path):
    found = credentials.describe(kubeconfig(tmp_path, {"exec": {"command": "no-such-plugin", "installHint": "get  it"}}), None)
    assert found["plugin"] == {"command": "no-such-plugin", "path": None, "hint": "get it"}


@pytest.mark.parametrize(
    ("user", "said"),
    [
        ({"client-certificate-data": base64.b64encode(b"nonsense").decode()}, "client certificate"),
        ({"client-certificate": "missing.pem"}, "missing.pem"),
        ({"tokenFile": "missing"}, "missing"),
    ],
)
def test_what_cannot_be_read_is_named(tmp_path, user, said):
    with pytest.raises(KubernetesError, match=said):
        credentials.describe(kubeconfig(tmp_path, user), None)
