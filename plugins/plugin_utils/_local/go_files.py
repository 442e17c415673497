# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Kubernetes objects that a pinned Go module ships as files: what is up to date, and how they become one file."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ansible_collections.llmops.platform.plugins.plugin_utils import _manifest_files
from ansible_collections.llmops.platform.plugins.plugin_utils._local import go
from ansible_collections.llmops.platform.plugins.plugin_utils._local.processes import LocalError
from ansible_collections.llmops.platform.plugins.plugin_utils._local.processes import read_record
from ansible_collections.llmops.platform.plugins.plugin_utils._local.processes import write_record

RECORD = ".files.json"
# Raise it when the same pins shall give another file.
FORMAT = 1
REQUIRE = re.compile(r"^(?:require[ \t]+|[ \t]+)([^\s()]+)[ \t]+(v[^\s/]+)", re.MULTILINE)


@dataclass(frozen=True)
class Pin:
    """The one module of a go.mod, and the checksum of its zip in go.sum."""

    path: str
    version: str
    checksum: str


@dataclass(frozen=True)
class Source:
    """Which files of which pinned module become `<name>-<version>.yml`."""

    name: str
    module: Path
    patterns: tuple[str, ...]
    kinds: tuple[str, ...]
    descriptions: bool
    pin: Pin

    @property
    def file(self) -> str:
        return f"{self.name}-{self.pin.version}.yml"

    @property
    def settings(self) -> dict[str, Any]:
        """All that decides what the file holds."""
        return {
            "module": self.pin.path,
            "version": self.pin.version,
            "checksum": self.pin.checksum,
            "files": list(self.patterns),
            "kinds": list(self.kinds),
            "descriptions": self.descriptions,
            "format": FORMAT,
        }


def pinned(module: Path) -> Pin:
    """The pin in a folder with go.mod and go.sum.

    Raises LocalError where a file is missing, more or less than one module is required, or its zip has no checksum.
    """
    required = REQUIRE.findall(_text(module / "go.mod"))
    if len(required) != 1:
        raise LocalError(f"{module / 'go.mod'} requires {len(required)} modules; it must require exactly the one whose files are wanted")
    path, version = required[0]
    checksum = re.search(rf"^{re.escape(path)} {re.escape(version)} (h1:\S+)$", _text(module / "go.sum"), re.MULTILINE)
    if not checksum:
        raise LocalError(f"{module / 'go.sum'} has no checksum of {path} {version}; run `go mod download {path}@{version}` in that folder and commit go.sum")
    return Pin(path, version, checksum[1])


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise LocalError(f"{path} is missing; set local_platform_tools_directory to the folder 'tools' of a checkout") from error


def outdated(destination: Path, sources: Iterable[Source]) -> list[Source]:
    """Those whose file is missing, was changed, or was made from something else."""
    record = read_record(destination / RECORD) or {}
    return [source for source in sources if not _is_current(destination, source, record.get(source.name) or {})]


def _is_current(destination: Path, source: Source, entry: dict[str, Any]) -> bool:
    if entry.get("settings") != source.settings or entry.get("file") != source.file:
        return False
    return digest_of(destination / source.file) == entry.get("sha256")


def digest_of(path: Path) -> str:
    """SHA-256 of a file, empty where there is none."""
    try:
        with open(path, "rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except FileNotFoundError:
        return ""


def make(command: str, source: Source, destination: Path, timeout: float) -> int:
    """Download the module, write the file. Returns the number of objects; LocalError says what is wrong, and the old file stays."""
    downloaded = go.download(command, source.module, timeout)
    if (downloaded["Path"], downloaded["Version"], downloaded["Sum"]) != (source.pin.path, source.pin.version, source.pin.checksum):
        raise LocalError(f"{source.name}: go downloaded {downloaded['Path']} {downloaded['Version']} {downloaded['Sum']}, pinned is {source.pin}")
    found = objects(Path(downloaded["Dir"]), source)
    write(destination / source.file, rendered(source, found))
    return len(found)


def objects(folder: Path, source: Source) -> list[dict[str, Any]]:
    """The wanted objects of a module's folder in the order of their kinds and names. Raises LocalError that names pattern or file."""
    found: dict[tuple[str, str, str], dict[str, Any]] = {}
    for path in matching(folder, source):
        try:
            documents = _manifest_files.load(path.read_text(encoding="utf-8"))
        except ValueError as error:
            raise LocalError(f"{source.name}: {path.relative_to(folder)} of {source.pin.path} {source.pin.version}: {error}") from error
        for document in documents:
            metadata = document.get("metadata") or {}
            key = (str(document.get("kind")), str(metadata.get("namespace") or ""), str(metadata.get("name")))
            if source.kinds and key[0] not in source.kinds:
                continue
            if key in found:
                raise LocalError(
                    f"{source.name}: {path.relative_to(folder)} has {key[0]} {key[2]} a second time; correct 'files' ({', '.join(source.patterns)})"
                )
            found[key] = document if source.descriptions else without_descriptions(document)
    if not found:
        raise LocalError(f"{source.name}: no {' or '.join(source.kinds) or 'object'} in {', '.join(source.patterns)} of {source.pin.path} {source.pin.version}")
    return [found[key] for key in sorted(found)]


def matching(folder: Path, source: Source) -> list[Path]:
    """Files of the patterns. Raises LocalError for a pattern that matches nothing or leads out of the module."""
    files: set[Path] = set()
    for pattern in source.patterns:
        if Path(pattern).is_absolute() or ".." in Path(pattern).parts:
            raise LocalError(f"{source.name}: '{pattern}' leads out of the module; give a pattern relative to its root")
        matched = {path for path in folder.glob(pattern) if path.is_file()}
        if not matched:
            raise LocalError(f"{source.name}: no file of {source.pin.path} {source.pin.version} matches '{pattern}'; see what lies in {folder}")
        files |= matched
    return sorted(files)


def without_descriptions(document: dict[str, Any]) -> dict[str, Any]:
    """A CustomResourceDefinition without the prose of its schemas, two thirds of its size; anything else as it is."""
    if document.get("kind") != "CustomResourceDefinition":
        return document
    versions = [
        {key: _terse(value) if key == "schema" else value for key, value in version.items()} for version in (document.get("spec") or {}).get("versions") or []
    ]
    return {**document, "spec": {**document["spec"], "versions": versions}}


def _terse(value: Any, names: bool = False) -> Any:
    """`names`: the keys of this map are names of fields, one of which may be `description`."""
    if isinstance(value, list):
        return [_terse(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: item if key in ("default", "enum", "example") and not names else _terse(item, names=key == "properties" and not names)
        for key, item in value.items()
        if names or key != "description"
    }


def rendered(source: Source, found: list[dict[str, Any]]) -> str:
    """A YAML stream whose documents are JSON, which is YAML as well and is read twenty times faster."""
    lines = [f"# {source.pin.path} {source.pin.version}: {', '.join(source.patterns)}"]
    for document in found:
        lines += ["---", json.dumps(document, ensure_ascii=False, sort_keys=True, allow_nan=False)]
    return "\n".join(lines) + "\n"


def write(path: Path, text: str) -> None:
    """Write a file of mode 0644 so that a kill leaves the old one or the new one."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        os.fchmod(stream.fileno(), 0o644)
        stream.write(text)
    os.replace(temporary, path)


def remember(destination: Path, source: Source) -> None:
    """Note what the file was made from, and remove the file of the version before."""
    record = read_record(destination / RECORD) or {}
    before = (record.get(source.name) or {}).get("file")
    record[source.name] = {"file": source.file, "settings": source.settings, "sha256": digest_of(destination / source.file)}
    write_record(destination / RECORD, record)
    if before and before != source.file:
        (destination / before).unlink(missing_ok=True)


def difference(destination: Path, source: Source) -> dict[str, str]:
    """One entry of a result's `diff`: the pins, as the content is known only after the download."""
    entry = (read_record(destination / RECORD) or {}).get(source.name) or {}
    before = entry.get("settings") or {}
    lines = _lines(before)
    if before and digest_of(destination / entry["file"]) != entry["sha256"]:
        lines += "the file is missing or was changed\n"
    return {"before": lines, "after": _lines(source.settings), "before_header": source.name, "after_header": source.name}


def _lines(settings: dict[str, Any]) -> str:
    return "".join(f"{key}: {json.dumps(value)}\n" for key, value in settings.items())
