# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where each leaf of a layered variable comes from."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._inventory.origin import UnknownVariable
from ansible_collections.llmops.platform.plugins.module_utils._inventory.origin import explain
from tests.support.programs import program

ROOT = Path(__file__).resolve().parents[5]
VARIABLES = {
    "services": {"cart": {"replicas": 3, "image": {"tag": "1.0.0"}, "api_token": "s3cret"}, "list": [1, 2]},
    "services_environment": {"cart": {"replicas": 5, "image": None}},
    "services_deployment": {"cart": {"image": {"tag": "2.0.0"}}},
    "other": 1,
}


def rows(name):
    return {row["path"]: (row["value"], row["layer"]) for row in explain(name, VARIABLES, lambda value: None)}


def test_the_last_layer_wins():
    assert rows("services") == {
        "services.cart.replicas": (5, "services_environment"),
        "services.cart.image.tag": ("2.0.0", "services_deployment"),
        "services.cart.api_token": ("sha256:1ec1c26b", "services"),
        "services.list": ([1, 2], "services"),
    }


def test_a_path_goes_on_into_the_variable():
    assert list(rows("services.cart.image")) == ["services.cart.image.tag"]
    assert rows("other") == {"other": (1, "other")}


@pytest.mark.parametrize(
    ("name", "said"), [("servces", "did you mean services"), ("services.cart.replica", "did you mean cart.replicas"), ("zzz", "there is no variable zzz$")]
)
def test_unknown_names_are_answered_with_what_was_meant(name, said):
    with pytest.raises(UnknownVariable, match=said):
        rows(name)


def test_files_and_lines_of_a_real_inventory(tmp_path):
    pytest.importorskip("ansible.cli", reason="ansible-test hides the controller from the tests of module_utils")
    groups = tmp_path / "group_vars"
    groups.mkdir()
    (tmp_path / "hosts.yml").write_text(
        "shop:\n  vars: {ansible_group_priority: 20}\n  hosts: {a: }\ndev:\n  vars: {ansible_group_priority: 30}\n  hosts: {a: }\n"
    )
    (groups / "shop.yml").write_text("---\nservices:\n  cart:\n    replicas: 3\n    spread: true\n    tag: 1.0.0\n")
    (groups / "dev.yml").write_text("---\nservices_environment:\n  cart:\n    replicas: 1\n")
    command = [program("ansible-playbook"), "-i", str(tmp_path / "hosts.yml"), str(ROOT / "playbooks" / "explain.yml")]
    environment = {**os.environ, "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg")}
    done = subprocess.run(
        [*command, "-c", "local", "-e", "explain_variable=services"], capture_output=True, text=True, check=False, env=environment, cwd=tmp_path
    )
    lines = [line.split() for line in done.stdout.splitlines() if line.startswith("services.")]
    assert {line[0]: (line[2], line[-1]) for line in lines} == {
        "services.cart.replicas": ("1", "group_vars/dev.yml:4"),
        "services.cart.spread": ("True", "group_vars/shop.yml:5"),
        "services.cart.tag": ("'1.0.0'", "group_vars/shop.yml:6"),
    }, done.stdout + done.stderr
