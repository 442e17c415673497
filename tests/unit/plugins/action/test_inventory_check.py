# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""inventory_check on copies of the inventories: good ones, and one into which every mistake was written at once."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import jinja2
import pytest
import yaml

from ansible_collections.llmops.platform.plugins.module_utils._inventory.json_schema import json_schema
from tests.support.inventory_schema import contract
from tests.support.modules import ROOT
from tests.support.modules import run_module

# What ansible-test brings lacks it, and the programs that run_module starts.
jsonschema = pytest.importorskip("jsonschema")

# Processor time for each host, in compilations of a template: nearly all of it is that of Ansible's templates. A ratio, as machines differ.
COMPILATIONS = 300
TEMPLATE = (
    "{{ (a | default({})) | dictsort | selectattr('b') | map(attribute='c') | sort | join(',') }}{% for x in y %}{{ x.name ~ '-' ~ loop.index }}{% endfor %}"
)
MARKETPLACE, HUB, COPILOT, WORKFLOW = (f"{name}_dev_primary" for name in ("llm_marketplace", "connector_hub", "copilot_agent", "workflow_platform"))

# Host, what is written into a file of its own, then of the one message: variable, value, problem, remedy.
MISTAKES = {
    "unknown variable": (MARKETPLACE, "netwrok_nat: single", "netwrok_nat", "'single'", "is a variable that no role knows", "did you mean network_nat?"),
    "unknown variable like no other": (MARKETPLACE, "zzz: 1", "zzz", "1", "is a variable that no role knows", "remove it"),
    "typo at depth 1": (
        MARKETPLACE,
        "cluster_upgrade: {aproval: required}",
        "cluster_upgrade.aproval",
        "'required'",
        "is an unknown key",
        "did you mean approval?",
    ),
    "typo at depth 2": (
        MARKETPLACE,
        "network_vpc_endpoints: {s3: {type: gateway, polcy: x}}",
        "network_vpc_endpoints.s3.polcy",
        "'x'",
        "is an unknown key",
        "known here: type",
    ),
    "typo at depth 5": (
        HUB,
        "application_services_deployment: {llm-connector-hub: {probes: {liveness: {httpGet: {pth: /}}}}}",
        "application_services_deployment.llm-connector-hub.probes.liveness.httpGet.pth",
        "'/'",
        "is an unknown key",
        "did you mean path?",
    ),
    "wrong type": (MARKETPLACE, "cluster_nodes_private: 'yes'", "cluster_nodes_private", "'yes'", "is text, not true or false", "without quotes"),
    "version as a number": (MARKETPLACE, "istio_version: 1.30", "istio_version", "1.3", "is a number with a fraction, not text", "put it in quotes"),
    "out of range": (COPILOT, "preflight_kubernetes_minors_behind: 9", "preflight_kubernetes_minors_behind", "9", "is more than 3", "from 0 to 3"),
    "no such choice": (COPILOT, "network_nat: singel", "network_nat", "'singel'", "is none of single, per_az", "did you mean single?"),
    "bad cron": (
        COPILOT,
        "disaster_recovery_drill_schedule: 0 25 * * *",
        "disaster_recovery_drill_schedule",
        "'0 25 * * *'",
        "is no cron",
        "correct the hour '25'",
    ),
    "overlapping ranges": (
        COPILOT,
        "network_cidr: 10.21.0.0/16",
        "network_cidr",
        "'10.21.0.0/16'",
        "overlaps 10.21.0.0/16 of connector_hub staging",
        "of its own",
    ),
    "undefined variable": (
        WORKFLOW,
        'edge_zone: "{{ platform_domian }}"',
        "edge_zone",
        "'{{ platform_domian }}'",
        "cannot be resolved: 'platform_domian' is undefined",
        "did you mean platform_domain?",
    ),
    "broken template": (
        WORKFLOW,
        'argocd_namespace: "{{ platform_name | nosuchfilter }}"',
        "argocd_namespace",
        "'{{ platform_name | nosuchfilter }}'",
        "cannot be resolved: ",
        "correct the template",
    ),
    "image without a tag": (
        "connector_hub_staging_primary",
        "application_services_deployment: {redis: {image: {tag: null}}}",
        "application_services.redis.image.tag",
        "null",
        "is missing",
        "set it: Version",
    ),
    "one gateway for all": (
        "copilot_agent_staging_primary",
        "network_nat: single",
        "network_nat",
        "'single'",
        "is for local and dev only",
        "write per_az",
    ),
    "network too small": (
        "workflow_platform_dev_primary",
        "network_cidr: 10.99.0.0/20",
        "network_cidr",
        "'10.99.0.0/20'",
        "is too small, a network has a /16",
        "write 10.99.0.0/16",
    ),
    "zones that the region has not": (
        "llm_marketplace_dev_primary",
        "network_zones: {a: us-west-2a}",
        "network_zones.a",
        "'us-west-2a'",
        "is no zone of us-east-1",
        "write one like us-east-1a",
    ),
    "replicas above the maximum": (
        "connector_hub_production_primary",
        "application_services_deployment: {llm-connector-hub: {replicas: 50}}",
        "application_services.llm-connector-hub.replicas",
        "50",
        "is more than scaling.max 10",
        "raise scaling.max",
    ),
    "least above most": (
        "copilot_agent_staging_primary",
        "application_services_deployment: {llm-copilot-agent: {scaling: {min: 300}}}",
        "application_services.llm-copilot-agent.scaling.min",
        "300",
        "is 300, more than scaling.max",
        "swap them",
    ),
    "secret": (
        "copilot_agent_production_primary",
        "application_services_deployment: {llm-copilot-agent: {configuration: {API_TOKEN: 271828182}}}",
        "application_services_deployment.llm-copilot-agent.configuration.API_TOKEN",
        "hidden",
        "is a number, not text",
        "put it in quotes",
    ),
}
STRUCTURE = {
    "production without standby": ("groups.standby", "has no host of workflow_platform: production needs a primary and a standby region"),
    "unknown platform": ("platform_name", "is not set, as there is no platform cloudtolocallm"),
}
# None of this is a problem, and none of it is ever run.
DATA = """
platform_contacts:
  email: team@example.com
  slack: !unsafe "{{ lookup('pipe', 'touch unsafe') }}"
  documentation: "$(touch shell); `touch shell` && : { [ ' | rm"
  issues: "key: {value"
_mine: "{{ lookup('ansible.builtin.pipe', 'touch looked_up') }}"
platform_account: "{{ _mine }}"
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bad") / "inventories"
    shutil.copytree(ROOT / "inventories", folder)
    return folder


@pytest.fixture(scope="module")
def judged(folder):
    for name, (host, text, *_expected) in MISTAKES.items():
        file = folder / "host_vars" / host / f"{name.replace(' ', '_')}.yml"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"---\n{text}\n")
    harmless = folder / "host_vars" / "llm_marketplace_staging_primary.yml"
    harmless.write_text(DATA)
    production, dev = folder / "production.yml", folder / "dev.yml"
    production.write_text("".join(line for line in production.read_text().splitlines(True) if "workflow_platform_production_standby:" not in line))
    dev.write_text(dev.read_text().replace("cloudtolocalllm", "cloudtolocallm"))
    return run_module("inventory_check", {"inventories": [str(folder / f"{name}.yml") for name in ("dev", "staging", "production")]})


def found(judged, variable, problem):
    rows = [row for row in judged["problems"] if row["variable"] == variable and problem in row["problem"]]
    assert len(rows) == 1, judged["msg"]
    return rows[0]


@pytest.mark.parametrize("name", MISTAKES)
def test_mistake(judged, name):
    host, _text, variable, value, problem, remedy = MISTAKES[name]
    row = found(judged, variable, problem)
    assert Path(row["file"]).name == f"{name.replace(' ', '_')}.yml"
    assert row["line"] == 2
    assert row["hosts"] == [host]
    assert row["value"] == value
    assert remedy in row["remedy"]
    assert row["message"] in judged["msg"]


@pytest.mark.parametrize("name", STRUCTURE)
def test_mistake_of_structure(judged, name):
    variable, problem = STRUCTURE[name]
    assert found(judged, variable, problem)["message"] in judged["msg"]


def test_all_at_once_sorted_and_nothing_else(judged):
    assert judged["failed"]
    assert len(judged["problems"]) == len(MISTAKES) + len(STRUCTURE), judged["msg"]
    places = [(row["file"], row["line"], row["variable"]) for row in judged["problems"]]
    assert places == sorted(places)
    assert judged["msg"].splitlines()[1:] == [row["message"] for row in judged["problems"]]


def test_no_secret_is_printed(judged):
    assert "271828182" not in json.dumps(judged)


def test_metacharacters_stay_data(judged, folder):
    assert not [row for row in judged["problems"] if "llm_marketplace_staging_primary" in row["hosts"]]
    for name in ("unsafe", "shell", "looked_up"):
        assert not list(folder.rglob(name)) + list(ROOT.glob(name)), name


def compilation() -> float:
    """Seconds of processor time, over 300 of them."""
    environment, begin = jinja2.Environment(autoescape=True), time.process_time()
    for number in range(300):
        environment.from_string(f"{TEMPLATE}{number}")
    return (time.process_time() - begin) / 300


def test_the_committed_inventories_are_good_and_judged_in_time():
    before = compilation()
    judged = run_module("inventory_check", {"inventories": sorted(map(str, (ROOT / "inventories").glob("*.yml")))})
    assert not judged["failed"], judged["msg"]
    regions = [yaml.safe_load(file.read_text())["all"]["children"] for file in (ROOT / "inventories").glob("*.yml")]
    assert judged["hosts"] == sum(len(groups[side]["hosts"]) for groups in regions for side in ("primary", "standby") if side in groups) >= 25
    # What else runs on this machine is no matter of the inventories.
    assert judged["processor_seconds"] / judged["hosts"] < COMPILATIONS * (before + compilation()) / 2


def test_a_file_that_is_no_yaml_is_named(tmp_path):
    shutil.copytree(ROOT / "inventories", tmp_path / "inventories")
    bad = tmp_path / "inventories" / "group_vars" / "dev.yml"
    bad.write_text("---\nnetwork_nat: single: x\n")
    judged = run_module("inventory_check", {"inventories": [str(tmp_path / "inventories" / "dev.yml"), str(tmp_path / "inventories" / "staging.yml")]})
    assert len(judged["problems"]) == 1, judged["msg"]
    row = judged["problems"][0]
    assert (Path(row["file"]).name, row["line"]) == ("dev.yml", 2)
    assert row["problem"].startswith("cannot be read: ")


def test_the_inventory_in_use_with_what_the_command_line_says(tmp_path):
    empty, book = tmp_path / "empty.yml", tmp_path / "book.yml"
    empty.write_text("---\nall: {hosts: {}}\n")
    book.write_text("---\n- hosts: all\n  gather_facts: false\n  tasks:\n    - llmops.platform.inventory_check:\n      run_once: true\n")
    command = [str(Path(sys.executable).parent / "ansible-playbook"), "-i", str(empty), "-i", str(ROOT / "inventories" / "local.yml"), str(book)]
    environment = {**os.environ, "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg")}
    good = subprocess.run(command, capture_output=True, text=True, check=False, env=environment, cwd=ROOT)
    assert good.returncode == 0, good.stdout + good.stderr
    bad = subprocess.run([*command, "-e", '{"network_nat": 5}'], capture_output=True, text=True, check=False, env=environment, cwd=ROOT)
    assert bad.returncode != 0
    assert "--extra-vars: network_nat (5) is a number, not text; put it in quotes" in bad.stdout + bad.stderr


def test_the_editors_schema_accepts_the_inventories_and_refuses_a_typo():
    schema = json_schema(contract())
    jsonschema.Draft7Validator.check_schema(schema)
    judge = jsonschema.Draft7Validator(schema)
    for file in sorted((ROOT / "inventories" / "group_vars").rglob("*.yml")):
        assert not [error.message for error in judge.iter_errors(yaml.safe_load(file.read_text()))], file
    for bad in ({"netwrok_nat": "single"}, {"network_nat": "singel"}, {"cluster_upgrade": {"aproval": "required"}}, {"cluster_nodes_private": "yes"}):
        assert list(judge.iter_errors(bad)), bad
    assert not list(judge.iter_errors({"cluster_nodes_private": "{{ other }}", "_mine": 1}))
