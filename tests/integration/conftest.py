# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fixtures of the integration tests."""

from __future__ import annotations

import pytest

from tests.support.control_plane import ControlPlane
from tests.support.fake_aws import FakeAws


@pytest.fixture(scope="session")
def control_plane(tmp_path_factory: pytest.TempPathFactory):
    """A running control plane with attributes `kubeconfig`, `audit_log` and `directory`, one for the whole session."""
    plane = ControlPlane(tmp_path_factory.mktemp("control_plane"))
    try:
        yield plane.start()
    finally:
        plane.stop()


@pytest.fixture(scope="module")
def fake_aws(tmp_path_factory: pytest.TempPathFactory):
    """The local environment's fake of AWS, running, one for the module."""
    server = FakeAws(tmp_path_factory.mktemp("fake_aws"))
    try:
        yield server.start()
    finally:
        server.stop()


@pytest.fixture
def aws(fake_aws, monkeypatch):
    """The fake of AWS, empty, with this process's environment pointing at it."""
    fake_aws.reset()
    for name, value in fake_aws.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    return fake_aws
