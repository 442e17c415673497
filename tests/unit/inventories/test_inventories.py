# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The inventories: names, layers and the figures that the platforms ask for."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[3]
INVENTORIES = sorted((ROOT / "inventories").glob("*.yml"))
PLATFORMS = {"llm_marketplace", "connector_hub", "copilot_agent", "workflow_platform", "cloudtolocalllm"}
ENVIRONMENTS = {"local", "dev", "staging", "production"}
REGION_GROUPS = {"primary", "standby"}
PROVIDERS = {"aws", "azure", "gcp", "existing"}


@cache
def resolved(name: str) -> dict:
    command = [str(Path(sys.executable).parent / "ansible-inventory"), "-i", str(ROOT / "inventories" / name), "--list"]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT).stdout)


def groups(path: Path) -> dict:
    return yaml.safe_load(path.read_text())["all"]["children"]


def test_host_names_say_platform_environment_and_region_group():
    seen: dict[str, str] = {}
    for path in INVENTORIES:
        for platform in PLATFORMS:
            for host in resolved(path.name)[platform].get("hosts", resolved(path.name).get(f"{platform}_{path.stem}", {}).get("hosts")):
                rest = host.removeprefix(f"{platform}_")
                assert rest.split("_")[0] == path.stem, host
                assert rest.split("_")[1] in ("primary", "standby"), host
                assert seen.setdefault(host, path.name) == path.name, f"{host} stands in {seen[host]} and {path.name}"
    assert len(seen) == 25


@pytest.mark.parametrize("path", INVENTORIES, ids=lambda path: path.name)
def test_later_layers_win_in_every_inventory(path):
    for group, settings in groups(path).items():
        kind = 10 if group in PROVIDERS else 20 if group in PLATFORMS else 25 if group in REGION_GROUPS else 30 if group in ENVIRONMENTS else 40
        assert settings["vars"]["ansible_group_priority"] == kind, group


@pytest.mark.parametrize("path", sorted((ROOT / "inventories" / "group_vars").rglob("*.yml")), ids=lambda path: path.name)
def test_things_are_kept_in_maps_by_name_never_in_lists(path):
    # Kubernetes' own structures are lists of things; they are values of single fields, judged by the API server.
    kubernetes = {"policies", "metrics"}

    def look(value, where):
        if isinstance(value, dict):
            for key, item in value.items():
                look(item, (*where, key))
        elif isinstance(value, list) and any(isinstance(item, dict) for item in value):
            assert where[-1] in kubernetes, ".".join(map(str, where))

    look(yaml.safe_load(path.read_text()) or {}, ())


FIGURES = [
    ("llm_marketplace_local_primary", "cluster_node_pools.compute.instance_type", "c5.2xlarge"),
    ("llm_marketplace_local_primary", "application_services_common.scaling.max", 200),
    ("llm_marketplace_local_primary", "application_services_common.ports.http.containerPort", 3001),
    ("connector_hub_local_primary", "application_services.llm-connector-hub.scaling.max", 10),
    ("connector_hub_local_primary", "application_services.redis.replicas", 1),
    ("copilot_agent_local_primary", "cluster_node_pools.general-nodes.desired", 5),
    ("copilot_agent_local_primary", "application_services.llm-copilot-agent.service.sessionAffinity", "ClientIP"),
    ("workflow_platform_local_primary", "cluster_node_pools.application-pool.capacity_type", "spot"),
    ("workflow_platform_local_primary", "cluster_node_pools.data-pool.taints.workload.effect", "NoSchedule"),
    ("workflow_platform_local_primary", "application_services.llm-agent-service.image.tag", "v1.2.3"),
    ("workflow_platform_local_primary", "application_services_common.probes.startup.failureThreshold", 30),
    ("workflow_platform_local_primary", "cluster_baseline_namespaces.data.pod_security", "baseline"),
    ("cloudtolocalllm_local_primary", "cluster_node_pools.general.instance_type", "t3.medium"),
]


@pytest.mark.parametrize(("host", "path", "expected"), FIGURES)
def test_figures(host, path, expected):
    value = resolved("local.yml")["_meta"]["hostvars"][host]
    for part in path.split("."):
        value = value[part]
    assert value == expected


@pytest.mark.parametrize(
    ("platform", "services"),
    [
        ("llm_marketplace", {"publishing", "discovery", "consumption", "admin"}),
        ("connector_hub", {"llm-connector-hub", "redis"}),
        ("copilot_agent", {"llm-copilot-agent"}),
        (
            "workflow_platform",
            {
                "bff-service",
                "llm-agent-service",
                "workflow-orchestrator-service",
                "validation-service",
                "notification-service",
                "audit-logging-service",
                "file-storage-service",
            },
        ),
        ("cloudtolocalllm", {"web", "api-backend"}),
    ],
)
def test_services(platform, services):
    assert set(resolved("local.yml")["_meta"]["hostvars"][f"{platform}_local_primary"]["application_services"]) == services
