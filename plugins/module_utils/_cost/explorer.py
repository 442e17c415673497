# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""AWS Cost Explorer: what is asked, what each answer costs, and what the answers hold.

https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_GetCostAndUsage.html
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._cost.kept import Kept
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import CostError
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import decimal
from ansible_collections.llmops.platform.plugins.module_utils._cost.period import Period
from ansible_collections.llmops.platform.plugins.module_utils._stacks import retrying

# Each request, every page of one included: https://aws.amazon.com/aws-cost-management/aws-cost-explorer/pricing/
USD_PER_CALL = Decimal("0.01")
# The service has one endpoint.
REGION = "us-east-1"
OPERATION = "GetCostAndUsage"
# GroupBy takes two at most.
MOST_KEYS = 2
# Cost Explorer's own word for "too fast"; elsewhere the same word means a quota.
TOO_FAST = "LimitExceededException"
TRIES = 6
# botocore's words for credentials that are not there. Those that AWS refuses are an error.
WITHOUT_CREDENTIALS = ("NoCredentialsError", "PartialCredentialsError")
QUANTITY = "UsageQuantity"


class Throttled(CostError):
    """Cost Explorer did not answer in time."""


class Unavailable(CostError):
    """Cost Explorer has nothing to say. `name`: of the problem."""

    def __init__(self, name: str, message: str) -> None:
        self.name = name
        super().__init__(message)


@dataclass(frozen=True)
class Group:
    """One row of an answer. `amounts`: by metric, with the unit."""

    start: str
    end: str
    estimated: bool
    keys: tuple[str, ...]
    amounts: Mapping[str, tuple[Decimal, str]]


def dimension(name: str) -> dict[str, str]:
    return {"Type": "DIMENSION", "Key": name}


def tag(name: str) -> dict[str, str]:
    return {"Type": "TAG", "Key": name}


def both(expressions: Iterable[Mapping[str, Any] | None]) -> dict[str, Any] | None:
    """All of these filters; And needs two."""
    given = [dict(one) for one in expressions if one]
    return None if not given else given[0] if len(given) == 1 else {"And": given}


def without(record_types: Iterable[str]) -> dict[str, Any]:
    """Everything but charges of these types."""
    return {"Not": {"Dimensions": {"Key": "RECORD_TYPE", "Values": sorted(set(record_types))}}}


class Explorer:
    """Asks and counts. `calls`: as `_stacks.calls.Calls`. `most`: paid calls that a run may make. `scope`: what else an answer depends on: the account."""

    def __init__(
        self,
        calls: Any,
        kept: Kept,
        scope: Mapping[str, str],
        most: int,
        sleep: Callable[[float], Any] = time.sleep,
        draw: Callable[[], float] = random.random,
    ) -> None:
        self._calls, self._kept, self._scope, self._most = calls, kept, dict(scope), most
        self._sleep, self._draw = sleep, draw
        self.paid = 0
        self.cached = 0
        self.throttled = 0

    def ask(self, period: Period, granularity: str, metrics: Iterable[str], keys: Iterable[Mapping[str, str]], chosen: Mapping[str, Any] | None) -> list[Group]:
        """All rows, over all pages. Raises CostError: too many keys, too many calls, a broken answer; Throttled; Unavailable; CallError."""
        groups = [dict(key) for key in keys]
        if not 1 <= len(groups) <= MOST_KEYS:
            raise CostError(f"Cost Explorer groups by one or two keys, and {len(groups)} are asked for")
        request: dict[str, Any] = {"TimePeriod": period.data(), "Granularity": granularity, "Metrics": sorted(set(metrics)), "GroupBy": groups}
        if chosen:
            request["Filter"] = dict(chosen)
        known = {"operation": OPERATION, "scope": self._scope, "request": request}
        pages = self._kept.find(known)
        if pages is None:
            pages = self._fetched(request)
            self._kept.keep(known, pages)
        else:
            self.cached += len(pages)
        return [row for page in pages for row in rows(page)]

    def _fetched(self, request: Mapping[str, Any]) -> list[dict[str, Any]]:
        pages: list[dict[str, Any]] = []
        token: dict[str, str] = {}
        seen: set[str] = set()
        while True:
            answer = self._answer(**request, **token)
            pages.append({"ResultsByTime": answer.get("ResultsByTime") or []})
            following = answer.get("NextPageToken")
            if not following:
                return pages
            if following in seen:
                raise CostError("Cost Explorer gives the same page again and again; nothing of it is used. Run again later")
            seen.add(following)
            token = {"NextPageToken": following}

    def _answer(self, **arguments: Any) -> dict[str, Any]:
        if self.paid >= self._most:
            cost = self._most * USD_PER_CALL
            raise CostError(f"this run has made {self.paid} paid calls of Cost Explorer (${cost}), as many as most_calls allows; ask for less, or raise it")
        attempt = 0
        while True:
            attempt += 1
            try:
                answer = self._calls(REGION, OPERATION, service="ce", **arguments)
                self.paid += 1
                return answer
            except retrying.CallError as error:
                if error.code != TOO_FAST:
                    raise _understood(error) from error
                self.throttled += 1
                if attempt >= TRIES:
                    raise Throttled(f"Cost Explorer answered {error.code} {attempt} times: {error.message}; run again in some minutes") from error
            self._sleep(retrying.wait_before(attempt, self._draw))


def _understood(error: retrying.CallError) -> Exception:
    if error.code in ("DataUnavailableException", "BillExpirationException"):
        return Unavailable("unavailable", f"Cost Explorer has no figures for this period: {error.message}")
    if "not enabled for cost explorer" in error.message.lower():
        return Unavailable("not_enabled", "Cost Explorer is not enabled; enable it in the account's Billing console, the first figures take a day")
    if isinstance(error, retrying.Unreachable):
        remedy = "check the network, the proxy and AWS_ENDPOINT_URL, or set cost_actuals_wanted to false"
        return Unavailable("unreachable", f"Cost Explorer cannot be reached: {error.message}; {remedy}")
    if error.code in WITHOUT_CREDENTIALS:
        remedy = "set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or log in; or set cost_actuals_wanted to false"
        return Unavailable("no_credentials", f"nobody is logged in at AWS: {error.message}; {remedy}")
    if error.code in retrying.THROTTLED:
        return Throttled(str(error))
    return error


def rows(page: Mapping[str, Any]) -> list[Group]:
    """The rows of one page. Raises CostError for an amount that is none."""
    found = []
    for result in page["ResultsByTime"]:
        span = result.get("TimePeriod") or {}
        for group in result.get("Groups") or []:
            amounts = {
                name: (decimal(metric.get("Amount"), f"{name} of {' and '.join(group['Keys'])}"), str(metric.get("Unit") or ""))
                for name, metric in (group.get("Metrics") or {}).items()
            }
            found.append(Group(str(span.get("Start", "")), str(span.get("End", "")), bool(result.get("Estimated")), tuple(group["Keys"]), amounts))
    return found
