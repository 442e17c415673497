# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A fake of the AWS Price List API over HTTP, as moto has none: GetProducts with its filters, its pages and its refusals.

What passes here says that the client keeps to the API's contract, not that AWS sells such a product.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from http.server import BaseHTTPRequestHandler
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._cost.price_queries import query
from ansible_collections.llmops.platform.plugins.module_utils._cost.prices import Price
from tests.support.http_server import serving

TARGET = "AWSPriceListService.GetProducts"
PUBLISHED = "2026-11-20T12:00:00Z"
# Of a term on demand, and of its rate: the same for every product.
TERM, RATE = "JRTCKXETXF", "6YS6EN2CT7"


class FakePricing:
    """`products` by service code. `throttle`: how many requests to refuse. `behave` of a request may return (status, body) in place of the answer."""

    def __init__(self) -> None:
        self.products: dict[str, list[dict[str, Any]]] = {}
        self.page = 100
        self.throttle = 0
        self.behave = lambda request: None
        self.seen: list[dict[str, Any]] = []
        self.url = ""

    def add(self, service: str, attributes: dict[str, str], usd: str | list[tuple[str, str]], unit: str, **more: Any) -> dict[str, Any]:
        """A product. `usd`: its price, or tiers as (begin, USD). `more`: sku, published, currency, terms (0: none on demand)."""
        products = self.products.setdefault(service, [])
        sku = more.get("sku") or f"{service[:6].upper()}{len(products):06d}"
        tiers = [("0", usd)] if isinstance(usd, str) else usd
        ends = [begin for begin, _usd in tiers[1:]] + ["Inf"]
        code = f"{sku}.{TERM}"
        dimensions = {
            f"{code}.{RATE}{index}": {
                "unit": unit,
                "beginRange": begin,
                "endRange": end,
                "description": f"{price} per {unit}",
                "pricePerUnit": {more.get("currency", "USD"): price},
            }
            for index, ((begin, price), end) in enumerate(zip(tiers, ends, strict=True))
        }
        terms = {f"{code}{index or ''}": {"offerTermCode": TERM, "sku": sku, "priceDimensions": dimensions} for index in range(more.get("terms", 1))}
        attributes = dict(attributes)
        family = attributes.pop("productFamily", None)
        product = {
            "sku": sku,
            **({"productFamily": family} if family else {}),
            "attributes": {"servicecode": service, "locationType": "AWS Region", **attributes},
        }
        made = {"product": product, "serviceCode": service, "terms": {"OnDemand": terms}, "publicationDate": more.get("published", PUBLISHED)}
        products.append(made)
        return made

    def sell(self, price: Price, region: str | None = None) -> dict[str, Any]:
        """The product that is asked for a SKU of the table, at the table's own price."""
        asked = query(price.sku, region or price.region)
        begins = [Decimal(0), *(tier.up_to * asked.factor for tier in price.tiers[:-1])]
        usd = [(format(begin.normalize(), "f"), f"{tier.usd / asked.factor:.10f}") for begin, tier in zip(begins, price.tiers, strict=True)]
        usage = {} if "usagetype" in asked.filters else {"usagetype": f"Usage:{price.sku.rpartition('/')[2]}"}
        return self.add(asked.service, {**usage, **asked.filters}, usd, sorted(asked.units)[0].capitalize())

    def answer(self, request: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        self.seen.append(request)
        wrong = self.behave(request)
        if wrong is not None:
            return wrong
        if self.throttle:
            self.throttle -= 1
            return refused("ThrottlingException", "Rate exceeded")
        service, filters = request.get("ServiceCode"), request.get("Filters", [])
        if not service or any(set(item) != {"Type", "Field", "Value"} for item in filters):
            return refused("InvalidParameterException", "Input Parameters are invalid")
        if service not in self.products:
            return refused("NotFoundException", f"Service {service} is not found")
        found = [product for product in self.products[service] if all(_met(product, item) for item in filters)]
        begin, page = int(request.get("NextToken", 0)), min(self.page, request.get("MaxResults", 100))
        body: dict[str, Any] = {"FormatVersion": "aws_v1", "PriceList": [json.dumps(product) for product in found[begin : begin + page]]}
        if begin + page < len(found):
            body["NextToken"] = str(begin + page)
        return 200, body


def _met(product: dict[str, Any], item: dict[str, str]) -> bool:
    """TERM_MATCH: the whole value, whatever its case."""
    value = {**product["product"]["attributes"], "productFamily": product["product"].get("productFamily", "")}.get(item["Field"])
    return value is not None and value.lower() == item["Value"].lower()


def refused(code: str, message: str) -> tuple[int, dict[str, Any]]:
    return 400, {"__type": code, "message": message}


@contextmanager
def served() -> Iterator[FakePricing]:
    fake = FakePricing()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.headers.get("X-Amz-Target") != TARGET:
                self._send(*refused("UnknownOperationException", str(self.headers.get("X-Amz-Target"))))
            else:
                self._send(*fake.answer(json.loads(body)))

        def _send(self, status: int, body: Any) -> None:
            sent = body if isinstance(body, bytes) else json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/x-amz-json-1.1")
            self.send_header("Content-Length", str(len(sent)))
            self.end_headers()
            self.wfile.write(sent)

        def log_message(self, *arguments):
            pass

    with serving(Handler) as url:
        fake.url = url
        yield fake
