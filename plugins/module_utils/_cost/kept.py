# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Answers that were paid for, kept on disk: one file a request, readable by nobody else."""

from __future__ import annotations

import datetime
import hashlib
import json
import os
import stat
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import CostError

FORMAT = 1


def key_of(request: Mapping[str, Any]) -> str:
    """SHA-256 of the whole request, so that no answer serves another one."""
    return hashlib.sha256(json.dumps(request, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


class Kept:
    """Files `<digest>.json` of mode 0600 in a directory of mode 0700. `directory` empty: nothing is kept. `hours`: an older answer counts for nothing."""

    def __init__(self, directory: str, hours: int, now: datetime.datetime) -> None:
        if hours < 0:
            raise CostError(f"cache_hours is {hours}; give 0 or more")
        self._directory = Path(directory).expanduser() if directory else None
        self._age = datetime.timedelta(hours=hours)
        self._now = now

    def find(self, request: Mapping[str, Any]) -> list[dict[str, Any]] | None:
        """The pages; None where there are none that may be used: too old, from the future, broken, of another request, open to others."""
        if self._directory is None:
            return None
        path = self._path(request)
        try:
            with open(path, encoding="utf-8") as file:
                about = os.fstat(file.fileno())
                if about.st_uid != os.geteuid() or stat.S_IMODE(about.st_mode) & 0o077:
                    return None
                found = json.load(file)
            fetched = datetime.datetime.fromisoformat(found["fetched"])
            usable = found["format"] == FORMAT and found["request"] == request and isinstance(found["pages"], list)
            if usable and fetched <= self._now < fetched + self._age:
                return found["pages"]
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return None

    def keep(self, request: Mapping[str, Any], pages: list[dict[str, Any]]) -> None:
        """At once or not at all. Raises CostError where the directory cannot be written: every run would pay again."""
        if self._directory is None:
            return
        document = {"format": FORMAT, "fetched": self._now.isoformat(), "request": request, "pages": pages}
        try:
            self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            # mkstemp makes files of mode 0600.
            handle, name = tempfile.mkstemp(dir=self._directory, suffix=".part")
            try:
                with os.fdopen(handle, "w", encoding="utf-8") as file:
                    json.dump(document, file, sort_keys=True)
                os.replace(name, self._path(request))
            except BaseException:
                Path(name).unlink(missing_ok=True)
                raise
        except OSError as error:
            raise CostError(f"cache_directory {self._directory} cannot be written: {error}; correct it, or set it to '' and pay for every run") from error

    def _path(self, request: Mapping[str, Any]) -> Path:
        return self._directory / f"{key_of(request)}.json"
