# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""What advice is made of, and what is left of each line after the advice before."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from decimal import Decimal
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import CostError
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import decimal

ONE, NONE = Decimal(1), Decimal(0)
PRODUCTION = ("staging", "production")
MEASURED = ("idle", "unattached", "nat_gb", "cross_zone_avoidable_gb", "objects", "workloads")


@dataclass(frozen=True)
class Part:
    """Saves `share` (0 to 1) of what is left of a line. `number`: of its machines that stay.

    What runs all month on demand keeps `runs` of its number (`number`) and `steady` of its cost (1 - share).
    """

    line: str
    share: Decimal
    number: Decimal = ONE
    runs: Decimal | None = None
    steady: Decimal | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.share <= 1:
            raise CostError(f"advice on {self.line} would save {self.share} of it")


@dataclass(frozen=True)
class Proposal:
    """One piece of advice. `subject`: what it is on, `unknown`: its saving is not known ("?"). `adds`: USD a month that it costs in turn.

    `outside`: USD a month saved on what is in no line of the estimate, found by measuring.
    """

    deployment: str
    subject: str
    title: str
    parts: tuple[Part, ...]
    assumption: str
    risk: str
    precondition: str
    undo: str
    unknown: bool = False
    adds: Decimal = NONE
    outside: Decimal = NONE
    facts: Mapping[str, Any] = field(default_factory=dict)


class Ledger:
    """What is left of each line's effective, expected cost, USD a month; of it what runs all month on demand, which a commitment could pay.

    `number`: the share of a line's machines that stay, `runs`: that run all month on demand. `added`: USD a month that advice costs in turn.
    """

    def __init__(self, rows: Iterable[Mapping[str, Any]]) -> None:
        self.left: dict[str, Decimal] = {}
        self.steady: dict[str, Decimal] = {}
        self.number: dict[str, Decimal] = {}
        self.runs: dict[str, Decimal] = {}
        self.added = NONE
        for row in rows:
            if row["cost"]:
                self.left[row["id"]] = Decimal(row["cost"]["effective"]["expected"])
                self.number[row["id"]] = ONE
                self.runs[row["id"]] = NONE if row["purchase"] == "spot" or row["usage"] else ONE
                self.steady[row["id"]] = self.left[row["id"]] * self.runs[row["id"]]

    @property
    def total(self) -> Decimal:
        return sum(self.left.values(), self.added)

    def take(self, proposal: Proposal) -> Decimal:
        """Applies it and gives what it saves net; 0, and nothing applied, where it would cost more than it saves."""
        gross = sum((self.left[part.line] * part.share for part in proposal.parts), NONE)
        net = gross - proposal.adds
        if net <= 0:
            return NONE
        for part in proposal.parts:
            self.left[part.line] -= self.left[part.line] * part.share
            self.steady[part.line] *= 1 - part.share if part.steady is None else part.steady
            self.number[part.line] *= part.number
            self.runs[part.line] *= part.number if part.runs is None else part.runs
        self.added += proposal.adds
        return net


class Given:
    """What the kinds of advice look at: the estimate's rows, each deployment's variables and measurements, the price table."""

    def __init__(
        self, estimate: Mapping[str, Any], variables: Mapping[str, Mapping[str, Any]], prices: Any, measured: Mapping[str, Mapping[str, Any]], ledger: Ledger
    ) -> None:
        self.as_of, self.prices, self.ledger = estimate["as_of"], prices, ledger
        self._rows = [row for row in estimate["lines"] if row["cost"]]
        self._variables, self._measured = variables, measured
        self.committed = frozenset(line for one in estimate.get("commitments") or [] for line in one.get("lines") or [])
        known = {row["deployment"] for row in estimate["lines"]}
        for name, one in measured.items():
            unknown = sorted(set(one) - set(MEASURED))
            if name not in known or unknown:
                what = f"{name}.{unknown[0]}" if unknown else name
                raise CostError(f"measured.{what} is not known; deployments are {', '.join(sorted(known))}, keys {', '.join(MEASURED)}")

    @property
    def deployments(self) -> list[str]:
        return sorted({row["deployment"] for row in self._rows})

    def variables(self, deployment: str) -> Mapping[str, Any]:
        return self._variables.get(deployment) or {}

    def measured(self, deployment: str, what: str) -> Any:
        return (self._measured.get(deployment) or {}).get(what)

    def environment(self, deployment: str) -> str:
        return next(row["environment"] for row in self._rows if row["deployment"] == deployment)

    def rows(self, deployment: str, *skus: str, committed: bool = False) -> Iterator[Mapping[str, Any]]:
        """Rows with something left whose SKU begins with one of `skus`; those that a commitment pays for anyway only where asked for."""
        for row in self._rows:
            mine = row["deployment"] == deployment and row["sku"].startswith(skus or "")
            if mine and self.ledger.left[row["id"]] > 0 and (committed or row["id"] not in self.committed):
                yield row

    def price(self, sku: str, region: str) -> Decimal | None:
        """USD of a unit of what has one price; None where the table has none."""
        found = self.prices.find(sku, region) if self.prices else None
        return None if found is None else found.usd


def expected(row: Mapping[str, Any]) -> Decimal:
    return Decimal(row["quantity"]["expected"])


def amount(value: Any, what: str) -> Decimal:
    """A measured figure of 0 or more. Raises CostError."""
    found = decimal(value, what)
    if found < 0:
        raise CostError(f"{what} is {found}; give 0 or more")
    return found
