# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which programs are built again."""

from __future__ import annotations

import pytest

from ansible_collections.llmops.platform.plugins.plugin_utils._local import go
from ansible_collections.llmops.platform.plugins.plugin_utils._local.processes import LocalError
from ansible_collections.llmops.platform.plugins.plugin_utils._local.processes import write_record


@pytest.fixture
def module(tmp_path):
    folder = tmp_path / "module"
    folder.mkdir()
    (folder / "go.mod").write_text("module demo\n\ngo 1.26.0\n")
    (folder / "go.sum").write_text("")
    (folder / "main.go").write_text("package main\n\nfunc main() { println(42) }\n")
    return folder


def test_the_digest_follows_pins_version_and_platform(module):
    first = go.wanted(module, "go1.26.8", "linux/amd64", {})
    assert go.wanted(module, "go1.26.8", "linux/amd64", {}) == first
    assert go.wanted(module, "go1.27.0", "linux/amd64", {}) != first
    assert go.wanted(module, "go1.26.8", "darwin/arm64", {}) != first
    assert go.wanted(module, "go1.26.8", "linux/amd64", {"main.version": "2"}) != first
    (module / "go.sum").write_text("changed")
    assert go.wanted(module, "go1.26.8", "linux/amd64", {}) != first


def test_what_is_outdated(tmp_path):
    program = tmp_path / "demo"
    assert go.outdated(tmp_path, {"demo": "demo"}, "1") == ["demo"]
    program.write_text("")
    program.chmod(0o755)
    write_record(tmp_path / ".built.json", {"demo": "1"})
    assert go.outdated(tmp_path, {"demo": "demo"}, "1") == []
    assert go.outdated(tmp_path, {"demo": "demo"}, "2") == ["demo"]
    program.unlink()
    assert go.outdated(tmp_path, {"demo": "demo"}, "1") == ["demo"]


def test_a_real_build(module, tmp_path):
    destination = tmp_path / "bin"
    go.build("go", module, destination, {"answer": "demo"}, {}, "1", lambda *args: None)
    assert go.outdated(destination, {"answer": "demo"}, "1") == []
    assert sorted(path.name for path in destination.iterdir()) == [".built.json", "answer"]


def test_a_broken_source_fails_with_the_compilers_words_and_leaves_nothing(module, tmp_path):
    (module / "main.go").write_text("package main\n\nfunc main() { nonsense }\n")
    with pytest.raises(LocalError, match="undefined: nonsense"):
        go.build("go", module, tmp_path / "bin", {"answer": "demo"}, {}, "1", lambda *args: None)
    assert list((tmp_path / "bin").iterdir()) == []


@pytest.mark.parametrize(("command", "said"), [("no-such-go", "Install Go 1.26 or newer"), ("false", "failed")])
def test_a_missing_go_names_the_remedy(tmp_path, command, said):
    with pytest.raises(LocalError, match=said):
        go.run(command, ["version"], tmp_path)


def test_missing_pins_name_the_variable(tmp_path):
    with pytest.raises(LocalError, match="local_platform_tools_directory"):
        go.wanted(tmp_path, "go1.26.8", "linux/amd64", {})
