# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Units as FOCUS writes them (1.2, Unit Format): plural, capitalised, numbers in figures: `1k requests` is `1000 Requests`, `GB-month` `GB-Months`."""

from __future__ import annotations

import re

THOUSANDS = {"": "", "k": "000", "m": "000000"}
QUANTITY = re.compile(r"(\d+)([km]?) (.+)")
# Those of data are their own plural.
DATA = re.compile("[KMGTPE]?i?[Bb]")


def unit(text: str) -> str:
    """A unit of the price table, `[<number>[k|m] ]<unit>[-<time>]`, in FOCUS' form; only the last part is plural."""
    quantity = QUANTITY.fullmatch(text)
    *first, last = (quantity[3] if quantity else text).split("-")
    found = "-".join([*(_capital(part) for part in first), _plural(_capital(last))])
    return f"{quantity[1]}{THOUSANDS[quantity[2]]} {found}" if quantity else found


def _capital(part: str) -> str:
    return part if DATA.fullmatch(part) else part[:1].upper() + part[1:]


def _plural(part: str) -> str:
    return part if DATA.fullmatch(part) or part.endswith("s") else f"{part[:-1]}ies" if part.endswith("ry") else f"{part}s"
