# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the scenarios' tests reach the environment that scenario default makes for all of them."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))


@pytest.fixture(scope="module")
def releases():
    """A service under release, at rest before and after."""
    from tests.support.releases import Releases

    service = Releases(Path(os.environ["LOCAL_PLATFORM_DIRECTORY"]))
    service.rest()
    yield service
    service.rest()
