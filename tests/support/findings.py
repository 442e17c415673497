# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the output of a failed check says of its cause."""

from __future__ import annotations

import re

MOST = 30
# Of the end of an output.
LAST = 40
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
# pytest's words, and those of Ansible.
TELLING = re.compile(r"FAILED |ERROR |E   |\[ERROR\]|fatal: \[|failed: \[")


def plain(output: str) -> list[str]:
    """The lines, without colours: a program paints them where CI tells it to."""
    return COLOUR.sub("", output).splitlines()


def findings(lines: list[str]) -> list[str]:
    """The lines that name what failed, the names of tests last."""
    told = [line for line in lines if TELLING.match(line)]
    names = [line for line in told if line.startswith(("FAILED ", "ERROR "))]
    return [line for line in told if line not in names][:MOST] + names[:MOST]
