# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.llmops.platform.plugins.plugin_utils._local import kwok

PIDS = dict.fromkeys(kwok.COMPONENTS, 1)
LESS = {name: pid for name, pid in PIDS.items() if name != "etcd"}


@pytest.mark.parametrize(
    ("running", "answers", "settled"),
    [
        ([PIDS], [True], True),
        ([PIDS], [False, False, True], True),
        ([PIDS], [False], False),
        ([LESS], [True], False),
        ([PIDS, LESS], [False, True], False),
    ],
    ids=["at once", "busy at first", "never", "a part is missing", "a part ends meanwhile"],
)
def test_a_busy_control_plane_is_given_time_and_a_broken_one_is_not(monkeypatch, running, answers, settled):
    plane = kwok.ControlPlane(Path("/nowhere"), "demo")
    clock = [0.0]
    monkeypatch.setattr(kwok.time, "monotonic", lambda: clock[0])
    monkeypatch.setattr(kwok.time, "sleep", lambda seconds: clock.__setitem__(0, clock[0] + seconds))
    # The last one holds from there on.
    monkeypatch.setattr(kwok.ControlPlane, "processes", lambda self, left=list(running): left.pop(0) if len(left) > 1 else left[0])
    monkeypatch.setattr(kwok.ControlPlane, "answers", lambda self, port, left=list(answers): left.pop(0) if len(left) > 1 else left[0])
    assert plane.settled(6443) is settled
    assert clock[0] <= kwok.PATIENCE + 1
