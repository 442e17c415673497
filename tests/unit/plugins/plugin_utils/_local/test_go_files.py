# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files of pinned Go modules: the pin, the choice of objects, what is written again."""

from __future__ import annotations

import dataclasses
import json

import pytest

from ansible_collections.llmops.platform.plugins.plugin_utils import _manifest_files
from ansible_collections.llmops.platform.plugins.plugin_utils._local import go_files
from ansible_collections.llmops.platform.plugins.plugin_utils._local.processes import LocalError

PIN = go_files.Pin("example.com/demo/v2", "v2.1.0", "h1:abc=")


def definition(name: str, schema: dict | None = None) -> dict:
    return {
        "kind": "CustomResourceDefinition",
        "metadata": {"name": name},
        "spec": {"versions": [{"name": "v1", "schema": {"openAPIV3Schema": schema or {"type": "object"}}}]},
    }


def source(*patterns: str, **changes) -> go_files.Source:
    made = go_files.Source("demo", None, patterns or ("*.yaml",), ("CustomResourceDefinition",), True, PIN)
    return dataclasses.replace(made, **changes)


@pytest.fixture
def module(tmp_path):
    (tmp_path / "go.mod").write_text("// Why.\nmodule pins/demo\n\ngo 1.26.0\n\nrequire example.com/demo/v2 v2.1.0 // indirect\n")
    (tmp_path / "go.sum").write_text("example.com/demo/v2 v2.1.0 h1:abc=\nexample.com/demo/v2 v2.1.0/go.mod h1:def=\n")
    return tmp_path


def test_the_pin_is_read(module):
    assert go_files.pinned(module) == PIN
    (module / "go.mod").write_text("module pins/demo\n\nrequire (\n\texample.com/demo/v2 v2.1.0\n)\n")
    assert go_files.pinned(module) == PIN


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("go.mod", "module pins/demo\n", "requires 0 modules"),
        ("go.mod", "module pins/demo\n\nrequire (\n\ta.example/b v1.0.0\n\ta.example/c v1.0.0\n)\n", "requires 2 modules"),
        ("go.sum", "example.com/demo/v2 v2.1.0/go.mod h1:def=\n", "no checksum"),
        ("go.sum", "example.com/demo/v2 v2.1.01 h1:abc=\n", "no checksum"),
    ],
)
def test_an_incomplete_pin_is_refused(module, name, text, said):
    (module / name).write_text(text)
    with pytest.raises(LocalError, match=said):
        go_files.pinned(module)


def test_a_missing_pin_names_the_variable(module):
    (module / "go.sum").unlink()
    with pytest.raises(LocalError, match="local_platform_tools_directory"):
        go_files.pinned(module)


def test_objects_are_chosen_and_sorted(tmp_path):
    (tmp_path / "b.yaml").write_text(f"---\n{json.dumps(definition('z'))}\n---\nkind: Policy\nmetadata: {{name: p}}\n")
    (tmp_path / "a.yaml").write_text(json.dumps(definition("y")))
    (tmp_path / "kustomization.yml").write_text("kind: Kustomization\n")
    assert [entry["metadata"]["name"] for entry in go_files.objects(tmp_path, source())] == ["y", "z"]
    assert [entry["kind"] for entry in go_files.objects(tmp_path, source(kinds=()))] == ["CustomResourceDefinition", "CustomResourceDefinition", "Policy"]


@pytest.mark.parametrize(
    ("patterns", "kinds", "said"),
    [
        (("*.yaml", "crds/*"), ("CustomResourceDefinition",), "matches 'crds/\\*'"),
        (("../*",), (), "leads out of the module"),
        (("/etc/*",), (), "leads out of the module"),
        (("*.yaml",), ("Service", "Pod"), "no Service or Pod in"),
        (("*.y*",), (), "twice.yml has CustomResourceDefinition y a second time"),
        (("broken.txt",), (), "broken.txt of example.com/demo/v2 v2.1.0: document 0 is no YAML"),
    ],
)
def test_faults_name_what_to_correct(tmp_path, patterns, kinds, said):
    (tmp_path / "a.yaml").write_text(json.dumps(definition("y")))
    (tmp_path / "twice.yml").write_text(json.dumps(definition("y")))
    (tmp_path / "broken.txt").write_text("a: [\n")
    with pytest.raises(LocalError, match=said):
        go_files.objects(tmp_path, source(*patterns, kinds=kinds))


def test_descriptions_are_prose_only_where_they_are_not_fields():
    schema = {
        "description": "prose",
        "properties": {
            "description": {"type": "string", "description": "prose"},
            "properties": {"description": "prose", "properties": {"description": {"type": "integer"}}},
            "size": {"default": {"description": "a value"}, "anyOf": [{"description": "prose", "type": "integer"}]},
            "default": {"description": "prose", "type": "object"},
        },
    }
    terse = go_files.without_descriptions(definition("y", schema))
    assert terse["spec"]["versions"][0]["schema"]["openAPIV3Schema"] == {
        "properties": {
            "description": {"type": "string"},
            "properties": {"properties": {"description": {"type": "integer"}}},
            "size": {"default": {"description": "a value"}, "anyOf": [{"type": "integer"}]},
            "default": {"type": "object"},
        }
    }
    policy = {"kind": "Policy", "spec": {"versions": [{"schema": {"description": "kept"}}]}}
    assert go_files.without_descriptions(policy) == policy


def test_what_is_written_is_read_back(tmp_path):
    wanted = [definition("é"), definition("z", {"enum": ["=", "on", "2026-01-02"]})]
    go_files.write(tmp_path / "demo.yml", go_files.rendered(source(), wanted))
    assert _manifest_files.load((tmp_path / "demo.yml").read_text()) == wanted
    assert (tmp_path / "demo.yml").stat().st_mode & 0o777 == 0o644
    assert [path.name for path in tmp_path.iterdir()] == ["demo.yml"]


def test_what_is_outdated(tmp_path):
    made = source()
    assert go_files.outdated(tmp_path, [made]) == [made]
    go_files.write(tmp_path / made.file, "a")
    go_files.remember(tmp_path, made)
    assert go_files.outdated(tmp_path, [made]) == []
    for other in (source("b"), source(kinds=()), source(descriptions=False), source(pin=dataclasses.replace(PIN, checksum="h1:x="))):
        assert go_files.outdated(tmp_path, [other]) == [other]
    (tmp_path / made.file).write_text("changed")
    assert go_files.outdated(tmp_path, [made]) == [made]
    assert "was changed" in go_files.difference(tmp_path, made)["before"]
    (tmp_path / made.file).unlink()
    assert go_files.outdated(tmp_path, [made]) == [made]


def test_a_new_version_replaces_the_file_of_the_old_one(tmp_path):
    old, new = source(), source(pin=dataclasses.replace(PIN, version="v2.2.0"))
    for made in (old, new):
        go_files.write(tmp_path / made.file, "a")
        go_files.remember(tmp_path, made)
    assert sorted(path.name for path in tmp_path.iterdir()) == [go_files.RECORD, "demo-v2.2.0.yml"]
