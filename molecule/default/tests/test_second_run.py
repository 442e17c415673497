# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A second run of the whole site changes nothing, by its own word and by that of the API servers' audit logs."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def playbook(directory, *more):
    command = ["ansible-playbook", "-i", "inventories/local.yml", "playbooks/local_up.yml", "playbooks/site.yml"]
    command += ["-e", f"local_platform_directory={directory}", "-e", f"local_platform_binaries_directory={ROOT}/.local/bin", *more]
    environment = {**os.environ, "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg")}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def mutations(directory, offsets=None):
    """Calls of ours that may change something, written to the audit logs after `offsets`."""
    found, sizes = [], {}
    for log in sorted(directory.glob("kwok/clusters/*/logs/audit.log")):
        text = log.read_text()
        sizes[log] = len(text)
        for line in text[(offsets or {}).get(log, 0) :].splitlines():
            event = json.loads(line)
            if event.get("userAgent", "").startswith("llmops-platform") and "dryRun=All" not in event["requestURI"]:
                found.append((event["verb"], event["requestURI"]))
    return found, sizes


def stack_events(aws):
    """`{stack: number of its events}`: whatever is asked of a stack leaves some."""
    client = aws("cloudformation")
    names = [stack["StackName"] for page in client.get_paginator("describe_stacks").paginate() for stack in page["Stacks"]]
    pages = client.get_paginator("describe_stack_events").paginate
    return {name: sum(len(page["StackEvents"]) for page in pages(StackName=name)) for name in names}


def test_changed_is_zero_and_nothing_is_sent(directory, aws):
    before, sizes = mutations(directory)
    events = stack_events(aws)
    assert len(events) > 30
    # The first run is in the logs, so the probe can see what it looks for.
    assert len(before) > 100
    done = playbook(directory)
    assert done.returncode == 0, done.stdout[-3000:]
    changed = re.findall(r"^\w+_local_primary\s.*changed=(\d+)", done.stdout, re.MULTILINE)
    assert len(changed) >= 6
    assert set(changed) == {"0"}
    assert mutations(directory, sizes)[0] == []
    assert stack_events(aws) == events


def test_check_mode_predicts_a_change_and_sends_none(directory):
    _before, sizes = mutations(directory)
    done = playbook(directory, "--check", "--diff", "--limit", "connector_hub", "-e", '{"application_services_deployment": {"redis": {"run_as_user": 1000}}}')
    assert done.returncode == 0, done.stdout[-3000:]
    assert "changed=1 " in done.stdout
    assert "+          runAsUser: 1000" in done.stdout or "+        runAsUser: 1000" in done.stdout, done.stdout[-3000:]
    assert mutations(directory, sizes)[0] == []


def look(directory, playbook_name, plan_file, *more):
    command = ["ansible-playbook", "-i", "inventories/local.yml", "--check", f"playbooks/{playbook_name}.yml"]
    command += ["-e", f"local_platform_directory={directory}", "-e", f"local_platform_binaries_directory={ROOT}/.local/bin", *more]
    environment = {**os.environ, "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"), "LLMOPS_PLAN_FILE": str(plan_file)}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def test_the_plan_names_every_field_and_drift_fails_on_what_somebody_changed(directory, tmp_path, kubectl):
    file = tmp_path / "plan.json"
    host = "connector_hub_local_primary"
    clean = look(directory, "drift", file, "--limit", host)
    assert clean.returncode == 0, clean.stdout[-3000:]
    assert json.loads(file.read_text())["steps"] == []
    wanted = ["--limit", host, "-e", '{"application_services_deployment": {"redis": null, "llm-connector-hub": {"image": {"tag": "1.1.0"}}}}']
    plan = look(directory, "plan", file, *wanted)
    assert plan.returncode == 0, plan.stdout[-3000:]
    text = plan.stdout[plan.stdout.index("\ndestroy (") :]
    assert text.index("- Deployment llm-connector-hub/redis") < text.index("\nupdate (") < text.index("~ Deployment llm-connector-hub/llm-connector-hub")
    assert "spec.template.spec.containers[llm-connector-hub].image: llm-connector-hub:1.0.0 → llm-connector-hub:1.1.0" in text
    # Its volume holds data: it is kept, and the run says so.
    assert "PersistentVolumeClaim llm-connector-hub/redis-data is no longer declared but is kept" in " ".join(plan.stderr.split())
    document = json.loads(file.read_text())
    assert document["complete"]
    assert document["totals"]["destroy"] >= 4

    kubectl(host, "-n", "llm-connector-hub", "delete", "networkpolicy", "redis")
    kubectl(host, "-n", "llm-connector-hub", "patch", "hpa", "llm-connector-hub-hpa", "--type=merge", "-p", '{"spec": {"maxReplicas": 11}}')
    drift = look(directory, "drift", file, "--limit", host)
    assert drift.returncode == 2
    found = {(step["action"], step["what"]) for step in json.loads(file.read_text())["steps"]}
    assert ("create", "NetworkPolicy llm-connector-hub/redis") in found
    assert ("update", "HorizontalPodAutoscaler llm-connector-hub/llm-connector-hub-hpa") in found
    assert "Reality differs from what is declared in" in drift.stdout

    # What the drift names, a deploy takes back.
    assert playbook(directory, "--limit", host).returncode == 0
    after = look(directory, "drift", file, "--limit", host)
    assert after.returncode == 0, after.stdout[-3000:]
