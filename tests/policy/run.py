# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check `policy`: everything that the roles would send, for every host of every inventory, against kubernetes-validate,
the operators' definitions, checkov and kube-score; and the templates of all stacks against cfn-lint and checkov.

`run.py local` takes one environment only.
"""

from __future__ import annotations

import datetime
import json
import os
import shutil
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / ".collections")]

from tests.policy import templates  # noqa: E402
from tests.support import policy  # noqa: E402

FOLDER = ROOT / ".local" / "policy"
VENV = FOLDER / "venv"
DEFINITIONS = ROOT / ".local" / "crds"
RENDERED = ROOT / ".local" / "reports" / "rendered"
JSON_OUTPUT = {
    "ANSIBLE_STDOUT_CALLBACK": "ansible.posix.json",
    "ANSIBLE_SHOW_CUSTOM_STATS": "true",
    "ANSIBLE_CALLBACKS_ENABLED": "llmops.platform.preload,llmops.platform.phases",
}
# Nothing of an operator's own settings, and no account anywhere.
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith(("BC_", "PRISMA_", "CHECKOV_", "CKV_"))}
# Else it leaves out whatever lies below .local.
ENVIRONMENT["CKV_IGNORE_HIDDEN_DIRECTORIES"] = "false"


def main(wanted: list[str]) -> int:
    prepare()
    versions = render(wanted)
    findings, warnings = [], []
    for step in (validate, checkov, kube_score):
        found, noted = step(versions)
        findings += found
        warnings += noted
    good = judged(findings, warnings, ROOT / "tests" / "policy" / "skips.yml")
    regions = templates.write(wanted)
    findings = templates.cfn_lint(regions) + templates.checkov(VENV / "bin" / "checkov", ENVIRONMENT)
    return 0 if judged(findings, [], templates.SKIPS) and good else 1


def judged(findings: list, warnings: list, file: Path) -> bool:
    """Print what is left of the findings; whether that is nothing."""
    skips = yaml.safe_load(file.read_text(encoding="utf-8"))
    left, problems = policy.judge(findings, skips, datetime.datetime.now(tz=datetime.UTC).date())
    for line in (*(f"warning: {warning}" for warning in warnings), *left, *problems):
        print(line)
    print(
        f"{len(findings)} findings, {len(findings) - len(left)} of them skipped for {len(skips) - len(problems)} reasons; {len(problems)} problems with skips"
    )
    return not left and not problems


def run(*command: str, **options) -> str:
    """Standard output. The tools tell by their exit status that they found something; what they found is in the output."""
    return subprocess.run(command, capture_output=True, text=True, check=options.pop("check", False), cwd=ROOT, **options).stdout


def prepare() -> None:
    """The tools, in the versions of uv.lock and of tools/kube_score/go.mod, and the definitions of tools/crds."""
    uv = [str(ROOT / ".local/uv/bin/uv"), "sync", "--quiet", "--locked", "--only-group", "policy", "--python", sys.executable]
    subprocess.run(uv, check=True, cwd=ROOT, env={**os.environ, "UV_PROJECT_ENVIRONMENT": str(VENV)})
    tool = {"module": f"{ROOT}/tools/kube_score", "destination": f"{FOLDER}/bin", "programs": {"kube-score": "github.com/zegl/kube-score/cmd/kube-score"}}
    task("go_tool", tool)
    table = (ROOT / "roles" / "local_platform" / "vars" / "main" / "crds.yml").read_text(encoding="utf-8")
    modules = yaml.safe_load(table.replace("{{ __local_platform_crds_pins }}", f"{ROOT}/tools/crds"))["__local_platform_crds"]
    task("go_module_files", {"modules": modules, "destination": str(DEFINITIONS), "descriptions": False})


def task(module: str, arguments: dict) -> None:
    command = ["ansible", "localhost", "-i", "localhost,", "-c", "local", "-m", f"llmops.platform.{module}", "-a", json.dumps(arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    if done.returncode:
        sys.exit(f"{module} failed:\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}")


def render(wanted: list[str]) -> dict[str, str]:
    """Write the manifests of all hosts, or those of the `wanted` environments, below RENDERED. Returns each host's Kubernetes version."""
    shutil.rmtree(RENDERED, ignore_errors=True)
    versions: dict[str, str] = {}
    for inventory in sorted((ROOT / "inventories").glob("*.yml")):
        if wanted and inventory.stem not in wanted:
            continue
        command = ["ansible-playbook", "-i", str(inventory), "tests/policy/render.yml"]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT, env={**os.environ, **JSON_OUTPUT})
        if not done.stdout.startswith("{"):
            sys.exit(f"{' '.join(command)} failed:\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}")
        report = json.loads(done.stdout)
        if failures := list(policy.failures(report)):
            sys.exit("\n".join([f"{inventory.name} cannot be rendered:", *failures]))
        for host, label, text in policy.rendered(report):
            path = RENDERED / host / f"{label.replace('/', '_').lower()}.yml"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"---\n{text}", encoding="utf-8")
        for host in report["stats"]:
            if not list((RENDERED / host).glob("deployment_*.yml")):
                sys.exit(f"no Deployment was rendered for {host} of {inventory.name}")
            versions[host] = report["custom_stats"][host]["cluster_version"]
        print(f"{inventory.name}: {len(report['stats'])} hosts, {sum(len(list((RENDERED / host).iterdir())) for host in report['stats'])} manifests")
    return versions


def manifests(host: str) -> list[str]:
    return [str(path.relative_to(ROOT)) for path in sorted((RENDERED / host).glob("*.yml"))]


def validate(versions: dict[str, str]) -> tuple[list, list]:
    """Kubernetes' own schemas, and those of the operators' definitions; what neither knows is a finding."""
    by_version = defaultdict(list)
    for host, version in versions.items():
        by_version[version] += manifests(host)
    findings, warnings, others = [], [], []
    for version, paths in by_version.items():
        output = run(str(VENV / "bin" / "kubernetes-validate"), "--kubernetes-version", version, "--strict", *paths)
        found, unknown, passed = policy.validate_findings(output)
        if f"against version {version}" not in output:
            warnings.append(f"kubernetes-validate has no schemas of Kubernetes {version} and took the newest before it")
        if passed + len(found) + len(unknown) < len(paths):
            sys.exit(f"kubernetes-validate judged {passed + len(found) + len(unknown)} of {len(paths)} manifests:\n{output[-3000:]}")
        print(f"kubernetes-validate for Kubernetes {version}: {passed} passed, {len(found)} failed, {len(unknown)} of other definitions")
        findings += found
        others += unknown
    return findings + defined(others), warnings


def defined(paths: list[str]) -> list[policy.Finding]:
    """Fields and types by the operators' definitions. Their CEL rules are for an API server."""
    output = run(str(VENV / "bin" / "python"), "tests/policy/definitions.py", str(DEFINITIONS), *paths, check=True)
    found, unknown, passed = policy.validate_findings(output, "definitions")
    found += [policy.Finding("definitions", "unknown", path, "no definition of tools/crds has this kind") for path in unknown]
    if passed + len(found) < len(paths):
        sys.exit(f"definitions judged {passed + len(found)} of {len(paths)} manifests:\n{output[-3000:]}")
    print(f"definitions: {passed} passed, {len(found)} failed")
    return found


def checkov(_versions: dict[str, str]) -> tuple[list, list]:
    """All hosts in one run, as starting it takes long. Nothing is downloaded, and without a key nothing is sent."""
    arguments = ("--framework", "kubernetes", "--directory", str(RENDERED), "--output", "json", "--quiet", "--compact", "--skip-download")
    output = run(str(VENV / "bin" / "checkov"), *arguments, env=ENVIRONMENT)
    found, passed = policy.checkov_findings(json.loads(output))
    print(f"checkov: {passed} passed, {len(found)} failed")
    return found, []


def kube_score(versions: dict[str, str]) -> tuple[list, list]:
    """Host by host, as it looks at how objects refer to each other."""
    findings, warnings, total = [], [], 0
    for host, version in versions.items():
        output = run(str(FOLDER / "bin" / "kube-score"), "score", "--kubernetes-version", f"v{version}", "--output-format", "json", *manifests(host))
        critical, noted, passed = policy.kube_score_findings(json.loads(output), host)
        findings, warnings, total = findings + critical, warnings + noted, total + passed
    print(f"kube-score: {total} passed, {len(findings)} failed, {len(warnings)} warnings")
    return findings, warnings


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
