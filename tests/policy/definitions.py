# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Manifests against their CustomResourceDefinitions, in the environment of the policy tools: `definitions.py FOLDER MANIFEST...`.

Lines as kubernetes-validate prints them.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import yaml
from jsonschema import Draft4Validator

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.support import policy  # noqa: E402


def main(folder: str, *manifests: str) -> int:
    # Each document is one line of JSON.
    texts = [path.read_text(encoding="utf-8") for path in sorted(Path(folder).glob("*.yml"))]
    definitions = [json.loads(line) for text in texts for line in text.splitlines() if line.startswith("{")]
    validators = {of: Draft4Validator(schema) for of, schema in policy.definition_schemas(definitions).items()}
    for path in manifests:
        manifest = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
        of = (manifest["apiVersion"], manifest["kind"])
        if of not in validators:
            print(f"WARN {path} Couldn't find a definition of {' '.join(of)}")
            continue
        problems = [f"{'.'.join(map(str, error.absolute_path)) or of[1]}: {error.message}" for error in validators[of].iter_errors(manifest)]
        print(f"ERROR {path} did not validate: {'; '.join(problems)}" if problems else f"INFO {path} passed")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
