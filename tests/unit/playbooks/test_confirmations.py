# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each playbook that changes something elsewhere than on this machine asks for a confirmation, also when it is run alone."""

from __future__ import annotations

from pathlib import Path

import pytest

PLAYBOOKS = Path(__file__).resolve().parents[3] / "playbooks"
READ_ONLY = {"access_review", "cost_report", "drift", "explain", "node_groups", "plan", "preflight", "validate"}
THIS_MACHINE = {"local_down", "local_up", "new_project"}
# They work with facts that cluster.yml has set, and fail without.
AFTER_CLUSTER = {"applications", "mesh"}
# By a word of their own: the deployment's name; the environment's, without which a lock is only shown.
OWN = {"teardown": "role: llmops.platform.teardown", "unlock": "if preflight_confirm"}
ASKING = ("tasks_from: confirmation", "import_playbook: confirmation.yml", "import_playbook: preflight.yml")
CHANGING = sorted(file.stem for file in PLAYBOOKS.glob("*.yml") if file.stem not in READ_ONLY | THIS_MACHINE | AFTER_CLUSTER)


@pytest.mark.parametrize("name", CHANGING)
def test_a_playbook_that_changes_something_asks_first(name):
    text = (PLAYBOOKS / f"{name}.yml").read_text(encoding="utf-8")
    wanted = (OWN[name],) if name in OWN else ASKING
    assert any(words in text for words in wanted), f"{name}.yml asks nobody; include tasks confirmation of role preflight, or say in this test why not"


@pytest.mark.parametrize("name", sorted(AFTER_CLUSTER))
def test_what_asks_nobody_cannot_run_alone(name):
    assert "cluster_result.connection.kubeconfig" in (PLAYBOOKS / f"{name}.yml").read_text(encoding="utf-8")
