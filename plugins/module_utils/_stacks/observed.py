# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Observed parameters: figures that operations move and a template must not set back."""

from __future__ import annotations

from decimal import Decimal
from decimal import InvalidOperation

from ansible_collections.llmops.platform.plugins.module_utils._stacks.errors import StackError
from ansible_collections.llmops.platform.plugins.module_utils._stacks.model import Observed


def _number(text: str, what: str, observed: Observed) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise StackError(f"{what} of {observed.resource}.{observed.property} is {text!r}; with a minimum or maximum it must be a number")
    return number


def observed_value(observed: Observed, live: str | None) -> str:
    """What to send: `create` where nothing is live (None), else the live value inside minimum and maximum.

    Raises StackError if live is not a number but limits are given, or if the minimum is above the maximum.
    """
    if live is None:
        return observed.create
    lowest = _number(observed.minimum, "minimum", observed) if observed.minimum else None
    highest = _number(observed.maximum, "maximum", observed) if observed.maximum else None
    if lowest is None and highest is None:
        return live
    if lowest is not None and highest is not None and lowest > highest:
        raise StackError(f"minimum {observed.minimum} of {observed.resource}.{observed.property} is above its maximum {observed.maximum}")
    value = _number(live, "the live value", observed)
    if lowest is not None and value < lowest:
        return observed.minimum
    if highest is not None and value > highest:
        return observed.maximum
    return live
