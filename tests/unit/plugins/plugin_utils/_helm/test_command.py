# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How helm is called."""

from __future__ import annotations

import hashlib
import json

import pytest

from ansible_collections.llmops.platform.plugins.plugin_utils._helm.command import Chart
from ansible_collections.llmops.platform.plugins.plugin_utils._helm.command import Helm
from ansible_collections.llmops.platform.plugins.plugin_utils._helm.command import HelmError

VALUES = {"password": "correct-horse"}
# Notes its words and the mode of the values' file, fetches a chart, or fails with the values.
PROGRAM = """#!/bin/sh
echo "$@" >> "$(dirname "$0")/words"
case "$1" in
  pull) for last; do :; done; echo packed > "$last/demo-1.0.0.tgz" ;;
  uninstall) echo "Error: password correct-horse is weak" >&2; exit 1 ;;
  *) while [ "$1" != --values ]; do shift; done; stat -c %a "$2"; cat "$2" ;;
esac
"""
DIGEST = f"sha256:{hashlib.sha256(b'packed' + bytes([10])).hexdigest()}"


@pytest.fixture
def program(tmp_path):
    path = tmp_path / "helm"
    path.write_text(PROGRAM)
    path.chmod(0o755)
    return path


@pytest.fixture
def helm(program):
    with Helm(str(program), kubeconfig="/kube", context="", namespace="here", values=VALUES, hidden=["correct-horse"], timeout=5) as made:
        yield made


def chart(tmp_path, **more):
    return Chart(
        **{
            "name": "demo",
            "source": "repository",
            "location": "https://charts.example",
            "version": "1.0.0",
            "digest": "",
            "cache": str(tmp_path / "cache"),
            **more,
        }
    )


def test_values_stand_in_a_file_nobody_else_can_read_and_go_with_the_task(program):
    with Helm(str(program), kubeconfig="/kube", context="c", namespace="here", values=VALUES, hidden=[], timeout=5) as helm:
        mode, written = helm.upgrade("demo", "/chart", force=True, history=3).splitlines()
        folder = helm._folder
        assert folder.stat().st_mode & 0o777 == 0o700
    assert (mode, json.loads(written)) == ("600", VALUES)
    assert not folder.exists()
    words = (program.parent / "words").read_text()
    assert "correct-horse" not in words
    assert "--namespace here --kubeconfig /kube --kube-context c" in words
    assert "--force-conflicts" in words


def test_an_error_says_helms_words_without_secrets(helm):
    with pytest.raises(HelmError, match=r"`helm uninstall` failed: password \*{8} is weak"):
        helm.uninstall("demo")


def test_a_chart_is_fetched_once(helm, program, tmp_path):
    assert helm.chart(chart(tmp_path, digest=DIGEST)) == helm.chart(chart(tmp_path, digest=DIGEST))
    assert (program.parent / "words").read_text().count("pull demo --repo https://charts.example --version 1.0.0") == 1


def test_another_file_than_the_pinned_is_refused_and_forgotten(helm, tmp_path):
    with pytest.raises(HelmError, match="nothing was installed: find out why"):
        helm.chart(chart(tmp_path, digest="sha256:0"))
    assert not list((tmp_path / "cache").rglob("*.tgz"))


@pytest.mark.parametrize(
    ("wanted", "words"),
    [({"version": ""}, "helm_release_version is empty"), ({"source": "directory", "location": "/no/such"}, "there is no /no/such; correct helm_release_chart")],
)
def test_a_chart_that_cannot_be_had(helm, tmp_path, wanted, words):
    with pytest.raises(HelmError, match=words):
        helm.chart(chart(tmp_path, **wanted))


@pytest.mark.parametrize(("command", "words"), [("/no/such/helm", "install helm 4"), ("/etc", "cannot be executed")])
def test_a_program_that_is_none(command, words):
    with (
        Helm(command, kubeconfig="", context="", namespace="here", values={}, hidden=[], timeout=5) as helm,
        pytest.raises(HelmError, match=words),
    ):
        helm.call(["version"])
