# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Charts of the HTML page. The bars are SVG that stretches, the words beside them HTML: so they are as readable on a phone as on a wide screen.

Colours are classes of the page's style: no colour stands here, as there are two schemes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN
from decimal import Decimal
from html import escape
from itertools import pairwise
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._cost.report import words

WIDTH = 1000
COLOURS = 8
PERIODS = 12
HEIGHT = 200


@dataclass(frozen=True)
class Part:
    """A bar from `start` to `end` in USD; `kind` is its class."""

    start: Decimal
    end: Decimal
    kind: str


@dataclass(frozen=True)
class Bar:
    """A row of a chart: its name, what stands behind it, and its parts, the later ones over the earlier."""

    name: str
    shown: str
    parts: Sequence[Part] = ()
    strong: bool = False


def text(value: Any) -> str:
    """A text as HTML shows it, in an attribute too."""
    return escape(words.clean(value), quote=True)


def bars(title: str, rows: Sequence[Bar], mark: Decimal | None = None, mark_name: str = "") -> str:
    """A chart of horizontal bars. `mark`: an amount with a line across all rows, such as the target."""
    ends = [edge for row in rows for part in row.parts for edge in (part.start, part.end)] + ([mark] if mark is not None else [])
    most = max([Decimal(1), *ends])
    found = [f'<div class="chart" role="group" aria-label="{text(title)}">']
    for row in rows:
        shapes = "".join(_rect(part, most) for part in row.parts)
        if mark is not None:
            shapes += f'<line class="mark" x1="{_at(mark, most)}" x2="{_at(mark, most)}" y1="0" y2="20"/>'
        label = f"{text(row.name)}: {text(row.shown)}"
        svg = f'<svg viewBox="0 0 {WIDTH} 20" preserveAspectRatio="none" role="img" aria-label="{label}">{shapes}</svg>'
        kind = ' class="row strong"' if row.strong else ' class="row"'
        found.append(f'<div{kind}><span class="name">{text(row.name)}</span>{svg}<span class="amount">{text(row.shown)}</span></div>')
    if mark is not None:
        found.append(f'<p class="legend"><i class="key mark"></i>{text(mark_name)}</p>')
    return "\n".join([*found, "</div>"])


def stack(title: str, parts: Sequence[tuple[str, Decimal]]) -> str:
    """One bar that all parts make up."""
    whole = words.total(amount for name, amount in parts)
    if whole <= 0:
        return ""
    found, at = [], Decimal(0)
    for place, (name, amount) in enumerate(parts):
        found.append(f"<g><title>{text(name)}: {text(words.money(amount))}</title>{_rect(Part(at, at + amount, f'c{place % COLOURS + 1}'), whole)}</g>")
        at += amount
    return f'<svg class="stack" viewBox="0 0 {WIDTH} 20" preserveAspectRatio="none" role="img" aria-label="{text(title)}">{"".join(found)}</svg>'


def trend(title: str, periods: Sequence[str], lines: Sequence[tuple[str, str, Sequence[Decimal | None]]]) -> str:
    """Lines over periods; `lines` are (name, class, amounts). Where there is no data, there is no line."""
    start = max(0, len(periods) - PERIODS)
    periods, lines = periods[start:], [(name, kind, amounts[start:]) for name, kind, amounts in lines]
    known = [amount for _name, _kind, amounts in lines for amount in amounts if amount is not None]
    most = max([Decimal(1), *known])
    shapes = "".join(f'<line class="grid" x1="0" x2="{WIDTH}" y1="{y}" y2="{y}"/>' for y in (0, HEIGHT // 2, HEIGHT))
    for _name, kind, amounts in lines:
        points = [(_number((2 * place + 1) * Decimal(WIDTH) / (2 * len(periods))), _up(amount, most)) for place, amount in enumerate(amounts)]
        shapes += "".join(
            f'<line class="trend {kind}" x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}"/>'
            for (x1, y1), (x2, y2) in pairwise(points)
            if y1 is not None and y2 is not None
        )
        shapes += "".join(f'<line class="dot {kind}" x1="{x}" y1="{y}" x2="{x}" y2="{y}"/>' for x, y in points if y is not None)
    labels = "".join(f"<span>{text(period)}</span>" for period in periods)
    legend = "".join(f'<span><i class="key {kind}"></i>{text(name)}</span>' for name, kind, _amounts in lines)
    return (
        f'<div class="trendbox"><div class="scale"><span>{text(words.money(most))}</span><span>{text(words.money(most / 2))}</span><span>$0</span></div>'
        f'<svg class="trendline" viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="none" role="img" aria-label="{text(title)}">{shapes}</svg>'
        f'<div class="periods">{labels}</div></div>\n<p class="legend">{legend}</p>'
    )


def _rect(part: Part, most: Decimal) -> str:
    left, right = sorted((part.start, part.end))
    # What costs something is seen.
    width = max(_scaled(right - left, most), Decimal(2)) if right > left else Decimal(0)
    return f'<rect class="{part.kind}" x="{_number(min(_scaled(left, most), WIDTH - width))}" y="0" width="{_number(width)}" height="20"/>'


def _scaled(amount: Decimal, most: Decimal) -> Decimal:
    return amount * WIDTH / most


def _at(amount: Decimal, most: Decimal) -> str:
    return _number(_scaled(amount, most))


def _up(amount: Decimal | None, most: Decimal) -> str | None:
    return None if amount is None else _number(HEIGHT - amount * HEIGHT / most)


def _number(value: Decimal) -> str:
    return format(value.quantize(Decimal("0.1"), ROUND_HALF_EVEN) + 0, "f")
