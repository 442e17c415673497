# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A fake of AWS Cost Explorer over HTTP: it books charges, groups and filters them, gives pages, refuses and misbehaves on demand.

Written from the API reference of GetCostAndUsage. Where it departs from the real service nobody has seen yet: what passes here is a contract.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from dataclasses import field
from decimal import Decimal
from http.server import BaseHTTPRequestHandler
from typing import Any

from tests.support.http_server import serving

TARGET = "AWSInsightsIndexService.GetCostAndUsage"
METRICS = {"UnblendedCost", "AmortizedCost", "BlendedCost", "NetUnblendedCost", "NetAmortizedCost", "UsageQuantity", "NormalizedUsageAmount"}


@dataclass
class Charge:
    """One line of a bill. `tags`: only of tags that are active."""

    service: str
    usage_type: str
    usd: str
    quantity: str = "0"
    unit: str = "Hrs"
    record_type: str = "Usage"
    day: str = "2026-10-15"
    tags: dict[str, str] = field(default_factory=dict)
    currency: str = "USD"

    def of(self, key: dict[str, str]) -> str:
        if key["Type"] == "TAG":
            return f"{key['Key']}${self.tags.get(key['Key'], '')}"
        return {"SERVICE": self.service, "USAGE_TYPE": self.usage_type, "RECORD_TYPE": self.record_type}[key["Key"]]

    def fits(self, chosen: dict[str, Any]) -> bool:
        if "And" in chosen:
            return all(self.fits(one) for one in chosen["And"])
        if "Or" in chosen:
            return any(self.fits(one) for one in chosen["Or"])
        if "Not" in chosen:
            return not self.fits(chosen["Not"])
        if "Tags" in chosen:
            tags = chosen["Tags"]
            if "ABSENT" in tags.get("MatchOptions", []):
                return tags["Key"] not in self.tags
            return self.tags.get(tags["Key"]) in tags["Values"]
        return self.of({"Type": "DIMENSION", "Key": chosen["Dimensions"]["Key"]}) in chosen["Dimensions"]["Values"]


class FakeCostExplorer:
    """`charges`: what is booked; `seen`: requests that were answered or refused; `page`: groups a page; `refuse`: errors to give first, one a request;
    `estimated`: what every answer says; `again`: give the same page for ever."""

    def __init__(self) -> None:
        self.url = ""
        self.reset()

    def reset(self) -> None:
        self.charges: list[Charge] = []
        self.seen: list[dict[str, Any]] = []
        self.refuse: list[tuple[int, str, str]] = []
        self.page = 1000
        self.estimated = False
        self.again = False

    @property
    def environment(self) -> dict[str, str]:
        return {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": "/dev/null",
            "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
        }

    def answer(self, target: str, request: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        self.seen.append(request)
        if self.refuse:
            status, code, message = self.refuse.pop(0)
            return status, {"__type": code, "message": message}
        if target != TARGET:
            return wrong(f"{target} is not faked", "UnknownOperationException")
        period, keys = request["TimePeriod"], request.get("GroupBy", [])
        if period["Start"] >= period["End"]:
            return wrong("Start date (and hour) should be before end date (and hour)")
        if len(keys) > 2:
            return wrong("Multiple GroupBy: at most 2 are allowed")
        if not set(request["Metrics"]) <= METRICS:
            return wrong(f"Unknown metric in {request['Metrics']}")
        return 200, self._answered(request, period, keys)

    def _answered(self, request: dict[str, Any], period: dict[str, str], keys: list[dict[str, str]]) -> dict[str, Any]:
        found: dict[tuple[str, tuple[str, ...]], list[Charge]] = {}
        for charge in self.charges:
            if period["Start"] <= charge.day < period["End"] and ("Filter" not in request or charge.fits(request["Filter"])):
                step = charge.day if request["Granularity"] == "DAILY" else charge.day[:8] + "01"
                found.setdefault((step, tuple(charge.of(key) for key in keys)), []).append(charge)
        first = int(request.get("NextPageToken", "0"))
        here = sorted(found.items())[first : first + self.page]
        results: dict[str, list[dict[str, Any]]] = {}
        for (step, names), charges in here:
            metrics = {name: amount(name, charges) for name in request["Metrics"]}
            results.setdefault(step, []).append({"Keys": list(names), "Metrics": metrics})
        body: dict[str, Any] = {"GroupDefinitions": keys, "DimensionValueAttributes": []}
        body["ResultsByTime"] = [
            {"TimePeriod": span(step, period, request["Granularity"]), "Total": {}, "Groups": groups, "Estimated": self.estimated}
            for step, groups in results.items()
        ]
        if self.again:
            body["NextPageToken"] = "0"
        elif first + self.page < len(found):
            body["NextPageToken"] = str(first + self.page)
        return body


def amount(metric: str, charges: list[Charge]) -> dict[str, str]:
    """As AWS writes them: many digits; a quantity of several units is N/A."""
    if metric == "UsageQuantity":
        units = {charge.unit for charge in charges}
        return {"Amount": str(sum(Decimal(charge.quantity) for charge in charges)), "Unit": units.pop() if len(units) == 1 else "N/A"}
    return {"Amount": f"{sum(Decimal(charge.usd) for charge in charges):.10f}", "Unit": charges[0].currency}


def span(step: str, period: dict[str, str], granularity: str) -> dict[str, str]:
    start = datetime.date.fromisoformat(step)
    end = start + datetime.timedelta(days=1) if granularity == "DAILY" else (start.replace(day=28) + datetime.timedelta(days=4)).replace(day=1)
    return {"Start": max(step, period["Start"]), "End": min(end.isoformat(), period["End"])}


def wrong(message: str, code: str = "ValidationException") -> tuple[int, dict[str, Any]]:
    return 400, {"__type": code, "message": message}


@contextmanager
def served() -> Iterator[FakeCostExplorer]:
    fake = FakeCostExplorer()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            status, body = fake.answer(self.headers.get("X-Amz-Target", ""), request)
            text = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/x-amz-json-1.1")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *arguments: Any) -> None:
            pass

    with serving(Handler) as url:
        fake.url = url
        yield fake
