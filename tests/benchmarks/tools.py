# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ways to apply objects that the benchmark of manifest_set compares, each one a whole command."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.support.control_plane import BINARIES
from tests.support.modules import ROOT
from tests.support.modules import run_module

PHASES = ("cold", "warm", "one-percent")
HELM = {"module": str(ROOT / "tools" / "helm"), "destination": str(ROOT / ".local" / "benchmarks" / "bin"), "programs": {"helm": "helm.sh/helm/v4/cmd/helm"}}
PYTHON = Path(sys.executable)


@dataclass(frozen=True)
class Run:
    """What one command applies."""

    directory: Path
    kubeconfig: Path
    namespace: str
    manifests: list[dict[str, Any]]


@dataclass(frozen=True)
class Tool:
    """`prepare` writes what the command reads, off the clock, and returns the command.

    `said` finds in its output whether it says that something changed; None: it never says.
    """

    name: str
    prepare: Callable[[Run], list[str]]
    said: Callable[[str], bool | None] = lambda _output: None
    phases: tuple[str, ...] = PHASES
    sizes: tuple[int, ...] | None = None
    # Not something an operator would use.
    yardstick: bool = False


def build_helm() -> None:
    """helm, from the versions pinned in tools/helm."""
    done = run_module("go_tool", HELM)
    if done["failed"]:
        raise RuntimeError(f"helm cannot be built: {done['msg']}")


def environment(directory: Path) -> dict[str, str]:
    """Of all commands: nothing is read from, or left in, the user's own folders."""
    helm = {f"HELM_{kind}_HOME": str(directory / "helm" / kind.lower()) for kind in ("CACHE", "CONFIG", "DATA")}
    return {"ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"), "KUBECACHEDIR": str(directory / "kubecache"), **helm}


def _playbook(run: Run, *tasks: dict[str, Any]) -> list[str]:
    objects = run.directory / "objects.json"
    objects.write_text(json.dumps(run.manifests), encoding="utf-8")
    variables = {"ansible_python_interpreter": str(PYTHON), "objects": f"{{{{ lookup('ansible.builtin.file', '{objects}') | from_json }}}}"}
    play = {"name": "Benchmark", "hosts": "localhost", "gather_facts": False, "vars": variables, "tasks": list(tasks)}
    path = run.directory / "playbook.yml"
    path.write_text(yaml.safe_dump([play], sort_keys=False), encoding="utf-8")
    return [str(PYTHON.parent / "ansible-playbook"), "-i", "localhost,", "-c", "local", str(path)]


def _recap(output: str) -> bool | None:
    found = re.search(r"^localhost\s.*changed=(\d+)", output, re.MULTILINE)
    return found and int(found[1]) > 0


def _ours(run: Run) -> list[str]:
    module = {"kubeconfig": str(run.kubeconfig), "manifests": "{{ objects }}", "wait": False}
    return _playbook(run, {"name": "Apply", "llmops.platform.manifest_set": module})


def _k8s(run: Run) -> list[str]:
    return _playbook(run, {"name": "Apply", "kubernetes.core.k8s": {**_K8S, "kubeconfig": str(run.kubeconfig), "definition": "{{ objects }}"}})


def _k8s_loop(run: Run) -> list[str]:
    module = {**_K8S, "kubeconfig": str(run.kubeconfig), "definition": "{{ item }}"}
    task = {"name": "Apply", "kubernetes.core.k8s": module, "loop": "{{ objects }}", "loop_control": {"label": "{{ item.metadata.name }}"}}
    return _playbook(run, task)


def _kubectl(run: Run) -> list[str]:
    path = run.directory / "objects.yml"
    path.write_text(yaml.dump_all(run.manifests, Dumper=yaml.CSafeDumper), encoding="utf-8")
    return [str(BINARIES / "kubectl"), "--kubeconfig", str(run.kubeconfig), "apply", "--server-side", "-f", str(path)]


def _helm(run: Run) -> list[str]:
    chart = run.directory / "chart"
    (chart / "templates").mkdir(parents=True, exist_ok=True)
    (chart / "Chart.yaml").write_text("apiVersion: v2\nname: benchmark\nversion: 1.0.0\n", encoding="utf-8")
    (chart / "templates" / "objects.yaml").write_text(yaml.dump_all(run.manifests, Dumper=yaml.CSafeDumper), encoding="utf-8")
    command = [str(Path(HELM["destination"]) / "helm"), "--kubeconfig", str(run.kubeconfig), "--namespace", run.namespace]
    return [*command, "upgrade", "--install", "benchmark", str(chart)]


def _floor(run: Run) -> list[str]:
    objects = run.directory / "objects.json"
    objects.write_text(json.dumps(run.manifests), encoding="utf-8")
    return [str(PYTHON), str(Path(__file__).with_name("floor.py")), str(run.kubeconfig), str(objects)]


_K8S = {"apply": True, "server_side_apply": {"field_manager": "benchmark"}}

TOOLS = (
    # Only what an ansible-playbook command costs before it does anything.
    Tool("empty_playbook", _playbook, phases=("cold",), yardstick=True),
    Tool("floor", _floor, yardstick=True),
    Tool("manifest_set", _ours, _recap),
    Tool("k8s", _k8s, _recap),
    Tool("k8s_loop", _k8s_loop, _recap, phases=("cold",), sizes=(200,)),
    Tool("kubectl", _kubectl),
    Tool("helm", _helm),
)
