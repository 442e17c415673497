# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What came of a check."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import dataclass
from dataclasses import field
from pathlib import Path


@dataclass
class Outcome:
    """How many passed and failed. `note`: what else to say in its line, such as what was skipped and why. `findings`: the lines that name what failed."""

    passed: int = 0
    failed: int = 0
    note: str = ""
    findings: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        verdict = "FAILED" if self.failed else "ok" if self.passed else "nothing run"
        return f"{verdict}  {self.passed} passed, {self.failed} failed" + (f"  ({self.note})" if self.note else "")


def of_junit(paths: list[Path], good: bool) -> Outcome:
    """What JUnit files count; a skipped test is none of both. `good`: whether the program that wrote them ended well."""
    total = failed = skipped = 0
    for path in paths:
        for suite in ET.parse(path).getroot().iter("testsuite"):
            total += int(suite.get("tests", 0))
            failed += int(suite.get("failures", 0)) + int(suite.get("errors", 0))
            skipped += int(suite.get("skipped", 0))
    passed = total - failed - skipped
    # No test was counted, or the runner itself broke.
    return Outcome(passed, failed or int(not good or not passed))


def minutes(seconds: float) -> str:
    """As `  0:07 min`."""
    return f"{int(seconds) // 60:3}:{int(seconds) % 60:02} min"
