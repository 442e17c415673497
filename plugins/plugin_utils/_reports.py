# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Files for people: whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from ansible_collections.llmops.platform.plugins.module_utils._canary.settings import SettingsError


def write(path: str, text: str) -> None:
    """The whole file or nothing, readable by all: there is no secret in it."""
    target = Path(path).expanduser()
    try:
        with tempfile.NamedTemporaryFile("w", dir=target.parent, prefix=f".{target.name}.", delete=False, encoding="utf-8") as file:
            file.write(text)
        Path(file.name).chmod(0o644)
        os.replace(file.name, target)
    except OSError as error:
        raise SettingsError(f"{path} cannot be written: {error.strerror}; name a file in a folder that exists and is yours") from error
