# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A machine that runs graphs against a cloud in memory, without waiting."""

from __future__ import annotations

import pytest


@pytest.fixture
def machine(tmp_path, monkeypatch):
    pytest.importorskip("botocore")
    from ansible_collections.llmops.platform.plugins.module_utils._stacks import following
    from tests.support.scripted_cloud import Cloud
    from tests.support.stack_graphs import Machine

    monkeypatch.setattr(following, "SHORTEST", 0.001)
    return Machine(Cloud(), tmp_path)
