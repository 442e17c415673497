# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fixtures of the integration tests."""

from __future__ import annotations

import pytest

from tests.support.control_plane import ControlPlane


@pytest.fixture(scope="session")
def control_plane(tmp_path_factory: pytest.TempPathFactory):
    """A running control plane with attributes `kubeconfig`, `audit_log` and `directory`, one for the whole session."""
    plane = ControlPlane(tmp_path_factory.mktemp("control_plane"))
    try:
        yield plane.start()
    finally:
        plane.stop()
