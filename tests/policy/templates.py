# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The part of check `policy` for stacks: every template of every host against cfn-lint, for all regions in use, and checkov's rules for CloudFormation."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.support import policy
from tests.support import rendered_stacks
from tests.support.inventories import FILES
from tests.support.inventories import ROOT

FOLDER = ROOT / ".local" / "reports" / "templates"
SKIPS = ROOT / "tests" / "policy" / "template_skips.yml"


def write(wanted: list[str], folder: Path = FOLDER) -> list[str]:
    """Write the templates of all environments, or of those `wanted`, as <host>/<region>_<stack>.yml. Returns the regions in use."""
    shutil.rmtree(folder, ignore_errors=True)
    regions = set()
    for environment in (path.stem for path in FILES if not wanted or path.stem in wanted):
        stacks = rendered_stacks.rendered(environment)
        if not stacks:
            sys.exit(f"no stack was rendered for {environment}")
        for one in stacks:
            path = folder / one.host / f"{one.stack['region']}_{one.stack['name']}.yml"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(one.stack["template"], encoding="utf-8")
            regions.add(one.stack["region"])
        print(f"{environment}: {len(stacks)} stacks")
    return sorted(regions)


def cfn_lint(regions: list[str], folder: Path = FOLDER) -> list[policy.Finding]:
    """Errors and warnings alike."""
    templates = sorted(map(str, folder.rglob("*.yml")))
    command = [str(Path(sys.executable).parent / "cfn-lint"), "--format", "json", "--regions", *regions, "--template", *templates]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    if not done.stdout.strip().startswith("["):
        sys.exit(f"cfn-lint failed:\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")
    found = policy.cfn_lint_findings(json.loads(done.stdout))
    print(f"cfn-lint: {len(templates)} templates in {', '.join(regions)}, {len(found)} findings")
    return found


def checkov(program: Path, environment: Mapping[str, str], folder: Path = FOLDER) -> list[policy.Finding]:
    """Nothing is downloaded, and without a key nothing is sent."""
    arguments = ("--framework", "cloudformation", "--directory", str(folder), "--output", "json", "--quiet", "--compact", "--skip-download")
    done = subprocess.run([str(program), *arguments], capture_output=True, text=True, check=False, cwd=ROOT, env=dict(environment))
    found, passed = policy.checkov_findings(json.loads(done.stdout))
    print(f"checkov for CloudFormation: {passed} passed, {len(found)} failed")
    return found
