# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""go_module_files with the real Go command and a module proxy that is a folder."""

from __future__ import annotations

import json
import subprocess
import zipfile
from pathlib import Path

import pytest

from tests.support.modules import run_module

PATH = "example.com/demo"
DEFINITION = "# Why.\nkind: CustomResourceDefinition\nmetadata: {name: %s}\nspec: {versions: [{name: v1, schema: {description: prose, type: object}}]}\n"


class Demo:
    """A Go module in versions, a pin, and a destination."""

    def __init__(self, folder: Path) -> None:
        self.proxy, self.pin, self.destination = folder / "proxy", folder / "pin", folder / "crds"
        self.pin.mkdir()

    def publish(self, version: str, **files: str) -> None:
        folder = self.proxy / PATH / "@v"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{version}.info").write_text(json.dumps({"Version": version}))
        (folder / f"{version}.mod").write_text(f"module {PATH}\n\ngo 1.20\n")
        with zipfile.ZipFile(folder / f"{version}.zip", "w") as archive:
            for name, text in {"go.mod": f"module {PATH}\n\ngo 1.20\n", **{f"crds/{name}.yaml": text for name, text in files.items()}}.items():
                archive.writestr(f"{PATH}@{version}/{name}", text)

    def pinned(self, version: str) -> None:
        (self.pin / "go.mod").write_text(f"module pins/demo\n\ngo 1.20\n\nrequire {PATH} {version} // indirect\n")
        done = subprocess.run(["go", "mod", "download", "-json", f"{PATH}@{version}"], cwd=self.proxy, capture_output=True, text=True, check=True)
        sums = json.loads(done.stdout)
        (self.pin / "go.sum").write_text(f"{PATH} {version} {sums['Sum']}\n{PATH} {version}/go.mod {sums['GoModSum']}\n")

    def run(self, check: bool = False, **options) -> dict:
        entry = {"name": "demo", "module": str(self.pin), "files": options.pop("files", ["crds/*.yaml"])}
        return run_module("go_module_files", {"modules": [entry], "destination": str(self.destination), **options}, check=check)

    @property
    def written(self) -> list[str]:
        return sorted(path.name for path in self.destination.glob("*.yml")) if self.destination.exists() else []


@pytest.fixture
def demo(tmp_path, monkeypatch):
    made = Demo(tmp_path)
    monkeypatch.setenv("GOPROXY", f"file://{made.proxy}")
    monkeypatch.setenv("GOSUMDB", "off")
    monkeypatch.setenv("GOMODCACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("GOTOOLCHAIN", "local")
    made.publish("v1.0.0", b=DEFINITION % "b", a=DEFINITION % "a", policy="kind: Policy\nmetadata: {name: p}\n")
    made.pinned("v1.0.0")
    yield made
    # Go makes its cache read-only.
    subprocess.run(["go", "clean", "-modcache"], check=True)


def test_create_and_change_in_check_mode_and_for_real(demo):
    for version, files in (("v1.0.0", "demo-v1.0.0.yml"), ("v1.1.0", "demo-v1.1.0.yml")):
        if version != "v1.0.0":
            demo.publish(version, c=DEFINITION % "c")
            demo.pinned(version)
        before = demo.written
        predicted = demo.run(check=True)
        assert (predicted["failed"], predicted["changed"], predicted["written"], demo.written) == (False, True, ["demo"], before)
        real = demo.run()
        assert (real["failed"], real["changed"], real["written"], demo.written) == (False, True, ["demo"], [files])
        assert real["files"] == predicted["files"] == {"demo": str(demo.destination / files)}
        for check in (True, False):
            again = demo.run(check=check)
            assert (again["failed"], again["changed"], again["written"]) == (False, False, [])
    assert (demo.destination / "demo-v1.1.0.yml").stat().st_mode & 0o777 == 0o644


def test_the_content(demo):
    demo.run()
    head, *documents = (demo.destination / "demo-v1.0.0.yml").read_text().split("\n---\n")
    assert head == "# example.com/demo v1.0.0: crds/*.yaml"
    assert [json.loads(document)["metadata"]["name"] for document in documents] == ["a", "b"]
    assert "prose" in documents[0]
    assert demo.run(descriptions=False, kinds=[])["changed"]
    text = (demo.destination / "demo-v1.0.0.yml").read_text()
    assert "Policy" in text and "prose" not in text


def test_without_a_change_neither_go_nor_the_network_is_needed(demo, monkeypatch):
    demo.run()
    monkeypatch.setenv("GOPROXY", "http://127.0.0.1:9")
    result = demo.run(go="/no/such/go")
    assert not result["failed"] and not result["changed"]


def test_a_damaged_file_is_written_again(demo):
    demo.run()
    file = demo.destination / "demo-v1.0.0.yml"
    whole = file.read_bytes()
    file.write_bytes(whole[:100])
    assert demo.run()["changed"]
    assert file.read_bytes() == whole


def test_without_go(demo):
    result = demo.run(go="/no/such/go")
    assert result["failed"] and "Install Go" in result["msg"]
    result = demo.run(go="/no/such/go", go_required=False)
    assert (result["failed"], result["changed"], result["missing"], result["files"]) == (False, False, ["demo"], {})


def test_what_is_not_what_was_pinned_is_refused(demo, monkeypatch, tmp_path):
    demo.publish("v1.0.0", a=DEFINITION % "evil")
    monkeypatch.setenv("GOMODCACHE", str(tmp_path / "cache" / "other"))
    result = demo.run()
    assert result["failed"] and "is not what" in result["msg"] and "SECURITY ERROR" in result["msg"]
    assert demo.written == []


def test_an_unreachable_proxy(demo, monkeypatch, tmp_path):
    monkeypatch.setenv("GOPROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("GOMODCACHE", str(tmp_path / "cache" / "empty"))
    result = demo.run()
    assert result["failed"] and "check the network and GOPROXY" in result["msg"] and "127.0.0.1:9" in result["msg"]


def test_a_pattern_without_a_file_and_broken_yaml_leave_the_old_file(demo):
    demo.run()
    result = demo.run(files=["crds/*.yaml", "charts/*"])
    assert result["failed"] and "matches 'charts/*'" in result["msg"]
    demo.publish("v1.2.0", a="a: [\n")
    demo.pinned("v1.2.0")
    result = demo.run()
    assert result["failed"] and "crds/a.yaml of example.com/demo v1.2.0: document 0 is no YAML" in result["msg"]
    assert demo.written == ["demo-v1.0.0.yml"]
