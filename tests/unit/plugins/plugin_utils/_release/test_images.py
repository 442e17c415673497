# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What becomes of an image by all the ways there are: credential helpers, Amazon's registry, options."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._release.credentials import CredentialsError
from ansible_collections.llmops.platform.plugins.plugin_utils._release import images
from ansible_collections.llmops.platform.plugins.plugin_utils._release import programs
from tests.support.fake_registry import FakeRegistry

OPTIONS = {
    "signature": "none",
    "cosign_key": None,
    "transparency_log": True,
    "username": None,
    "password": None,
    "docker_config": None,
    "ca_path": None,
    "plain_http": False,
    "timeout": 5.0,
}


@pytest.fixture
def helper(tmp_path, monkeypatch):
    """A credential helper `docker-credential-fake` that does this."""

    def write(script: str) -> Path:
        program = tmp_path / "docker-credential-fake"
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
        return program

    return write


def test_a_credential_helper_is_asked_for_the_registry(helper, tmp_path):
    with FakeRegistry("token") as fake:
        digest = fake.push("shop/cart", "1")
        answer = json.dumps({"Username": fake.user, "Secret": fake.password})
        helper(f'[ "$1" = get ] && [ "$(cat)" = {fake.host} ] && echo \'{answer}\'')
        config = tmp_path / "config.json"
        config.write_text(json.dumps({"credHelpers": {fake.host: "fake"}}))
        found = images.look({**OPTIONS, "image": f"{fake.host}/shop/cart:1", "plain_http": True, "docker_config": str(config)})
        assert (found["exists"], found["digest"], found["problem"]) == (True, digest, None)
        assert fake.basic in [authorization for _method, _path, authorization in fake.asked]


@pytest.mark.parametrize(
    ("script", "said"), [("echo no keyring >&2; exit 1", "failed: no keyring"), ("echo '{}'", "nothing usable"), ("sleep 5", "failed: TimeoutExpired")]
)
def test_a_helper_that_fails(helper, script, said):
    helper(script)
    with pytest.raises(CredentialsError, match=said):
        programs.ask_helper("fake", "ghcr.io", 0.5)


def test_a_helper_that_knows_nothing_or_is_not_there(helper):
    helper("echo credentials not found in native keychain; exit 1")
    assert programs.ask_helper("fake", "ghcr.io", 5.0) is None
    with pytest.raises(CredentialsError, match="docker-credential-other, which is not installed"):
        programs.ask_helper("other", "ghcr.io", 5.0)


def test_a_docker_config_that_was_named_must_be_there(tmp_path):
    found = images.look({**OPTIONS, "image": "ghcr.io/o/i:1", "docker_config": str(tmp_path / "none")})
    assert found["exists"] is None and "correct docker_config" in found["problem"]


def test_verified_needs_a_key():
    with FakeRegistry() as fake:
        fake.push("shop/cart", "1")
        found = images.look({**OPTIONS, "image": f"{fake.host}/shop/cart:1", "plain_http": True, "signature": "verified"})
        assert found["verified"] is False and "option cosign_key is missing" in found["signature_problem"]


@pytest.mark.parametrize("tag", ["2.0.0", "2.0.1"])
def test_amazons_registry(monkeypatch, tag):
    moto = pytest.importorskip("moto")
    botocore = pytest.importorskip("botocore.session")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    with moto.mock_aws():
        client = botocore.get_session().create_client("ecr", region_name="eu-west-1")
        account = client.create_repository(repositoryName="shop/cart")["repository"]["registryId"]
        manifest = {"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json", "config": {"digest": "sha256:1"}, "layers": []}
        pushed = client.put_image(repositoryName="shop/cart", imageManifest=json.dumps(manifest), imageTag="2.0.0")["image"]["imageId"]["imageDigest"]
        found = images.look({**OPTIONS, "image": f"{account}.dkr.ecr.eu-west-1.amazonaws.com/shop/cart:{tag}"})
    assert found["problem"] is None
    assert (found["exists"], found["digest"]) == ((True, pushed) if tag == "2.0.0" else (False, ""))
