# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""The price table on disk: files {common, sources, prices}, in which a record says only what its file and its source do not."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import CostError
from ansible_collections.llmops.platform.plugins.module_utils._cost.prices import Prices
from ansible_collections.llmops.platform.plugins.module_utils._cost.prices import table

try:
    import yaml
except ImportError:
    yaml = None

KEYS = ("common", "sources", "prices")
WIDTH = 160
QUOTED = ("usd", "up_to", "as_of")
# Inside a flow mapping as well.
PLAIN = re.compile(r"[A-Za-z0-9](?:[\w ./()%=;'-]|,(?= )|:(?=[^\s,\]}]))*")


def load(directory: str | Path) -> Prices:
    """The table of all *.yml files of a directory. Raises CostError, which names the file, for one that cannot be read; see `table` for its records."""
    return table(record for path in files(directory) for record in records(path))


def files(directory: str | Path) -> list[Path]:
    """By name. Raises CostError where there are none: an empty table would price nothing, and nobody means that."""
    found = sorted(Path(directory).glob("*.yml"))
    if not found:
        raise CostError(f"{directory}: no price files (*.yml) there")
    return found


def records(path: Path) -> list[dict[str, Any]]:
    """The file's records as `table` takes them."""
    try:
        return expanded(_parsed(path))
    except CostError as error:
        raise CostError(f"{path}: {error}") from error


def read(path: Path) -> tuple[list[str], dict[str, Any]]:
    """The comments at a file's head, and its content {common, sources, prices}, for `render`. Raises CostError."""
    content = _parsed(path)
    lines = path.read_text(encoding="utf-8").splitlines()
    return list(itertools.takewhile(lambda line: line.startswith("#"), lines[1:])), content


def render(comments: list[str], content: Mapping[str, Any]) -> str:
    """The text of a file: a record a line where it fits, amounts and dates in quotes."""
    lines = ["---", *comments, f"common: {_flow(content.get('common') or {})}", "sources:"]
    for name, source in (content.get("sources") or {}).items():
        lines += [f"  {name}:", *(f"    {key}: {_scalar(key, value)}" for key, value in source.items())]
    lines.append("prices:")
    for record in content["prices"]:
        line = f"  - {_flow(record)}"
        lines += [line] if len(line) <= WIDTH else _block(record)
    return "\n".join(lines) + "\n"


def expanded(content: Any) -> list[dict[str, Any]]:
    """Full records out of a file's content. Raises CostError."""
    if not isinstance(content, Mapping) or not isinstance(content.get("prices"), list):
        raise CostError("is not a mapping with a list `prices`")
    if unknown := sorted(set(map(str, content)) - set(KEYS)):
        raise CostError(f"unknown key {', '.join(unknown)}; there are {', '.join(KEYS)}")
    sources = content.get("sources") or {}
    found = []
    for index, record in enumerate(content["prices"]):
        if not isinstance(record, Mapping):
            raise CostError(f"prices[{index}] is {type(record).__name__}, not a mapping")
        source = record.get("from")
        if source is not None and source not in sources:
            raise CostError(f"prices[{index}] is from {source!r}, which is none of its sources ({', '.join(sources) or 'there are none'})")
        own = {key: value for key, value in record.items() if key != "from"}
        found.append({**(content.get("common") or {}), **(sources[source] if source is not None else {}), **own})
    return found


def _block(record: Mapping[str, Any]) -> list[str]:
    lines = []
    for key, value in record.items():
        lines += [f"    {key}:", *(f"      - {_flow(item)}" for item in value)] if isinstance(value, list) else [f"    {key}: {_scalar(key, value)}"]
    return [lines[0].replace("    ", "  - ", 1), *lines[1:]]


def _flow(mapping: Mapping[str, Any]) -> str:
    shown = (f"{key}: [{', '.join(map(_flow, value))}]" if isinstance(value, list) else f"{key}: {_scalar(key, value)}" for key, value in mapping.items())
    return "{" + ", ".join(shown) + "}"


def _scalar(key: str, value: str) -> str:
    """Quoted where YAML would read something else: a number, a date, a comment, the end of a list."""
    if key in QUOTED or not PLAIN.fullmatch(value):
        return json.dumps(value, ensure_ascii=False)
    return value


def _parsed(path: Path) -> Any:
    if yaml is None:
        raise CostError("the Python library PyYAML is not installed")
    # The C parser is ten times as fast; it is not in every build.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=loader)
    except OSError as error:
        raise CostError(f"cannot be read: {error.strerror}") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise CostError(f"is not YAML: {' '.join(str(error).split())}") from error
