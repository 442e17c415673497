# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""What is wrong at the edge: names, records, certificates."""

from __future__ import annotations


class EdgeError(ValueError):
    """A sentence that names the variable, record or zone, and the remedy."""


class NoZone(EdgeError):
    """The account has no such zone, so no record in it either."""


class Unclear(EdgeError):
    """A change was sent and no answer came: it may have had its effect. Read again."""
