# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""What a period did cost, by Cost Explorer. Nothing that was not answered is 0: it is null, with a problem that has a name."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from decimal import Decimal
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._cost import explorer
from ansible_collections.llmops.platform.plugins.module_utils._cost.explorer import Explorer
from ansible_collections.llmops.platform.plugins.module_utils._cost.explorer import Group
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import CostError
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import plain
from ansible_collections.llmops.platform.plugins.module_utils._cost.period import Period
from ansible_collections.llmops.platform.plugins.module_utils._cost.period import unfinished

SERVICE, RECORD, USAGE = explorer.dimension("SERVICE"), explorer.dimension("RECORD_TYPE"), explorer.dimension("USAGE_TYPE")
# They say nothing of what a platform uses, and would hide it: a credit covers a rise until it is used up.
APART = ("credits", "refunds", "tax")
ALWAYS_APART = ("Credit", "Refund", "Tax")


@dataclass(frozen=True)
class Question:
    """What to ask. `chosen`: a filter of Cost Explorer for every call. `tag`: its values are told apart; `value`: whose figures are `services`, empty for the
    whole account; `narrow`: further tags that the tagged costs must bear. `expected`: services that must be in the answer."""

    period: Period
    now: datetime.datetime
    granularity: str = "MONTHLY"
    metric: str = "UnblendedCost"
    currency: str = "USD"
    chosen: Mapping[str, Any] | None = None
    tag: str = ""
    value: str = ""
    narrow: Mapping[str, str] = field(default_factory=dict)
    expected: tuple[str, ...] = ()
    usage: bool = True


def kind_of(record_type: str) -> str:
    """`credits`, `refunds`, `tax`, `discounts` or `usage` (everything else that is charged), whatever the spelling: console and API differ."""
    word = re.sub(r"[^a-z]", "", record_type.lower())
    for start, kind in (("credit", "credits"), ("refund", "refunds"), ("tax", "tax")):
        if word.startswith(start):
            return kind
    if word == "savingsplannegation" or ("discount" in word and word != "discountedusage"):
        return "discounts"
    return "usage"


def measure(explorer_: Explorer, question: Question) -> dict[str, Any]:
    """`{period, currency, scope, services, account_services, tagged, untagged, usage, credits, refunds, tax, discounts, trend, calls, data, problems}`.

    Amounts are decimal text in `currency`, quantities decimal text in `unit`. `services`: {name: usd | null} without credits, refunds and tax, discounts
    included; of the tag's value where one is given. `usage`: {service: {usage type: {usd, quantity, unit}}} without discounts, null where it was not asked for
    or not answered. `problems`: [{name, message}]. Raises CostError and AwsError for what the operator has to put right first.
    """
    found = _Measured(explorer_, question)
    try:
        # Nothing more is paid for once there is no figure to show.
        for step, wanted in ((found.account, True), (found.by_tag, question.tag), (found.by_usage_type, question.usage)):
            if wanted and not found.broken:
                step()
    except (explorer.Throttled, explorer.Unavailable) as error:
        found.silent(error)
    return found.result()


class _Measured:
    def __init__(self, explorer_: Explorer, question: Question) -> None:
        self._explorer, self._ask = explorer_, question
        self.problems: list[dict[str, str]] = []
        self.broken = False
        self._estimated = False
        self._services: dict[str, Decimal] = {}
        self._tagged: dict[str, dict[str, Decimal]] | None = None
        self._untagged: dict[str, Decimal] | None = None
        self._usage: dict[str, dict[str, dict[str, str]]] | None = None
        self._kinds: dict[str, Decimal] = {}
        self._discounts: dict[str, Decimal] = {}
        self._trend: dict[tuple[str, str], Decimal] = {}
        self._apart: set[str] = set(ALWAYS_APART)
        self._reduced: set[str] = set()
        self._unfinished = unfinished(question.period, question.now)
        for name, message in self._unfinished:
            self.problem(name, message)

    def problem(self, name: str, message: str) -> None:
        self.problems.append({"name": name, "message": message})

    def silent(self, error: Exception) -> None:
        self.broken = True
        self.problem(getattr(error, "name", "throttled"), str(error))

    def account(self) -> None:
        groups = self._groups((SERVICE, RECORD))
        if not groups:
            period = self._ask.period
            self.broken = True
            self.problem(
                "empty", f"Cost Explorer answers nothing for {period.start} to {period.end}; the account is new, the filter fits nothing, or it is off"
            )
        for group in groups:
            service, record_type = group.keys
            amount, kind = self._amount(group), kind_of(record_type)
            span = (group.start, group.end)
            if kind in APART:
                self._apart.add(record_type)
                self._kinds[kind] = self._kinds.get(kind, Decimal(0)) + amount
                continue
            if kind == "discounts":
                self._reduced.add(record_type)
                self._discounts[service] = self._discounts.get(service, Decimal(0)) + amount
            self._services[service] = self._services.get(service, Decimal(0)) + amount
            self._trend[span] = self._trend.get(span, Decimal(0)) + amount
            self._estimated = self._estimated or group.estimated

    def by_tag(self) -> None:
        ask = self._ask
        chosen = [explorer.without(self._apart), *({"Tags": {"Key": key, "Values": [value]}} for key, value in sorted(ask.narrow.items()))]
        self._tagged = {}
        for group in self._groups((explorer.tag(ask.tag), SERVICE), *chosen):
            # "platform$demo", and "platform$" for what does not bear the tag.
            value = group.keys[0].partition("$")[2]
            of_value = self._tagged.setdefault(value, {})
            of_value[group.keys[1]] = of_value.get(group.keys[1], Decimal(0)) + self._amount(group)
        self._untagged = self._tagged.pop("", {})
        if ask.narrow:
            absent = {"Tags": {"Key": ask.tag, "MatchOptions": ["ABSENT"]}}
            self._untagged = {}
            for group in self._groups((SERVICE,), explorer.without(self._apart), absent):
                self._untagged[group.keys[0]] = self._untagged.get(group.keys[0], Decimal(0)) + self._amount(group)
        if self.broken:
            return
        if not self._tagged:
            self.broken = bool(ask.value)
            self.problem(
                "tag_inactive",
                f"no cost bears the tag {ask.tag}; activate it as a cost allocation tag in Billing, backfill it, and tag what runs",
            )
        elif ask.value and ask.value not in self._tagged:
            self.broken = True
            self.problem("tag_value_missing", f"no cost bears {ask.tag}={ask.value}; Cost Explorer has {', '.join(sorted(self._tagged))}")

    def by_usage_type(self) -> None:
        ask = self._ask
        chosen = [explorer.without(self._apart | self._reduced)]
        if ask.value:
            tags = {ask.tag: ask.value, **ask.narrow}
            chosen += [{"Tags": {"Key": key, "Values": [value]}} for key, value in sorted(tags.items())]
        sums: dict[tuple[str, str], list[Any]] = {}
        for group in self._groups((SERVICE, USAGE), *chosen, metrics=(ask.metric, explorer.QUANTITY)):
            quantity, unit = group.amounts.get(explorer.QUANTITY, (None, ""))
            one = sums.setdefault(group.keys, [Decimal(0), Decimal(0), unit])
            one[0] += self._amount(group)
            one[1] = None if quantity is None or one[1] is None or unit != one[2] else one[1] + quantity
        self._usage = {}
        for (service, usage_type), (amount, quantity, unit) in sorted(sums.items()):
            told = {"usd": plain(amount), "quantity": None if quantity is None else plain(quantity), "unit": unit}
            self._usage.setdefault(service, {})[usage_type] = told

    def _groups(self, keys: Iterable[Mapping[str, str]], *chosen: Mapping[str, Any], metrics: tuple[str, ...] = ()) -> list[Group]:
        ask = self._ask
        groups = self._explorer.ask(ask.period, ask.granularity, metrics or (ask.metric,), keys, explorer.both((ask.chosen, *chosen)))
        others = sorted({unit or "no currency" for group in groups for unit in [self._money(group)[1]] if unit != ask.currency})
        if others and not any(problem["name"] == "currency" for problem in self.problems):
            self.broken = True
            self.problem(
                "currency",
                f"Cost Explorer answers in {', '.join(others)} and the estimate is in {ask.currency}; nothing is converted. "
                "Ask for a period in one currency, or set the account's back",
            )
        return groups

    def _money(self, group: Group) -> tuple[Decimal, str]:
        metric = self._ask.metric
        if metric not in group.amounts:
            raise CostError(f"Cost Explorer's answer for {' and '.join(group.keys)} has no {metric}")
        return group.amounts[metric]

    def _amount(self, group: Group) -> Decimal:
        return self._money(group)[0]

    def result(self) -> dict[str, Any]:
        ask = self._ask
        told = not self.broken
        services = self._services if not ask.value else (self._tagged or {}).get(ask.value, {})
        if self._estimated and told and not self._unfinished:
            self.problem("estimated", "AWS marks figures of this period as estimated; they may change until the invoice is final")
        absent = sorted(set(ask.expected) - set(services))
        if absent and told:
            whose = f"{ask.tag}={ask.value}" if ask.value else "the account"
            self.problem("service_missing", f"no figure of {whose} for {', '.join(absent)}; it was not used, is not tagged, or has another name")
        shown = {**dict.fromkeys(ask.expected), **{name: plain(amount) if told else None for name, amount in services.items()}}
        kinds = {kind: plain(self._kinds.get(kind, Decimal(0))) if told else None for kind in APART}
        return {
            "period": {**{key.lower(): value for key, value in ask.period.data().items()}, "complete": not self._unfinished},
            "currency": ask.currency,
            "scope": {"tag": ask.tag, "value": ask.value, "narrow": dict(ask.narrow)},
            "services": dict(sorted(shown.items())),
            "account_services": _text(self._services) if told else {},
            "tagged": {value: _text(found) for value, found in sorted((self._tagged or {}).items())} if told else {},
            "untagged": _text(self._untagged) if told and self._untagged is not None else None,
            "usage": self._usage if told else None,
            **kinds,
            "discounts": _text(self._discounts) if told else {},
            "trend": [{"start": start, "end": end, "usd": plain(amount)} for (start, end), amount in sorted(self._trend.items())] if told else [],
            "calls": {
                "paid": self._explorer.paid,
                "cached": self._explorer.cached,
                "throttled": self._explorer.throttled,
                "usd": plain(self._explorer.paid * explorer.USD_PER_CALL),
            },
            "data": "measured" if told else "no data",
            "problems": self.problems,
        }


def _text(amounts: Mapping[str, Decimal]) -> dict[str, str]:
    return {name: plain(amount) for name, amount in sorted(amounts.items())}
