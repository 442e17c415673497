# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check the documentation and build its site in build/site, without a network (`make docs`). A warning is an error."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SITE = ROOT / "build" / "site"


def main() -> int:
    pages = SITE / "rst"
    shutil.rmtree(SITE, ignore_errors=True)
    pages.mkdir(parents=True)
    # antsibull-docs refuses a folder that others may write to.
    pages.chmod(0o755)
    collection = ("antsibull-docs", "collection", "--use-current", "--squash-hierarchy", "--fail-on-error", "--no-add-antsibull-docs-version")
    # antsibull-docs takes pages only.
    shutil.copytree(ROOT / "docs" / "docsite" / "images", pages / "images")
    for command in (
        ("antsibull-docs", "lint-collection-docs", "--plugin-docs", "."),
        (*collection, "--dest-dir", str(pages), "llmops.platform"),
        ("sphinx-build", "-q", "-b", "html", "-W", "--keep-going", "-c", "docs/docsite", "-d", str(SITE / "doctrees"), str(pages), str(SITE / "html")),
    ):
        status = subprocess.run(command, cwd=ROOT, check=False).returncode
        if status:
            print(f"{' '.join(command)} ended with {status}", file=sys.stderr)
            return status
    print(f"{(SITE / 'html' / 'index.html').relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
