# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""The AWS Price List API: one SKU's on-demand price, or an error that says why there is not exactly one.

https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_pricing_GetProducts.html
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from collections.abc import Mapping
from decimal import Decimal
from decimal import InvalidOperation
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import CostError
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import plain
from ansible_collections.llmops.platform.plugins.module_utils._cost.price_queries import Query
from ansible_collections.llmops.platform.plugins.module_utils._cost.price_queries import query

try:
    import botocore.config
    import botocore.exceptions
    import botocore.parsers
except ImportError:
    botocore = None

# Where the service has endpoints, as botocore 1.43 lists them. Each knows the prices of all regions.
ENDPOINTS = ("us-east-1", "eu-central-1", "ap-south-1")
SOURCE = "AWS Price List API"
PAGE = 100
# A page that names another without end is a fault of the service, not a price list.
MOST_PAGES = 50


class PricingError(CostError):
    """A failure to show as it is."""


class Refused(PricingError):
    """AWS does not answer at all, so asking for the next SKU is of no use."""


class PriceList:
    """`calls`: how many requests were answered."""

    def __init__(self, session: Any, region: str, endpoint_url: str | None, attempts: int, timeout: float) -> None:
        self.calls = 0
        # botocore waits longer after each refusal by the rate.
        retries = {"total_max_attempts": attempts, "mode": "standard"}
        config = botocore.config.Config(connect_timeout=timeout, read_timeout=timeout, retries=retries)
        try:
            self._client = session.create_client("pricing", region_name=region, endpoint_url=endpoint_url or None, config=config)
        except (botocore.exceptions.BotoCoreError, ValueError) as error:
            raise Refused(f"no client of the Price List in {region}: {error}") from error

    def record(self, sku: str, region: str) -> dict[str, Any]:
        """{usd | tiers, source, reference, as_of, strength} of a SKU in a region. Raises PricingError, which names the SKU."""
        asked = query(sku, region)
        where = f"{sku} in {region}"
        if asked is None:
            raise PricingError(f"{where}: it is not known how to ask the Price List for it; keep its record by hand")
        found = [product for product in self._products(asked, where) if _matches(product, asked)]
        if len(found) != 1:
            raise PricingError(f"{where}: {len(found)} products of {asked.service} match {_shown(asked.filters)}{_listed(found)}; there has to be one")
        return _record(found[0], asked, where)

    def _products(self, asked: Query, where: str) -> Iterator[Mapping[str, Any]]:
        filters = [{"Type": "TERM_MATCH", "Field": name, "Value": value} for name, value in sorted(asked.filters.items())]
        request = {"ServiceCode": asked.service, "Filters": filters, "FormatVersion": "aws_v1", "MaxResults": PAGE}
        for _page in range(MOST_PAGES):
            answer = self._asked(request, where)
            for text in answer["PriceList"]:
                yield _parsed(text, where)
            token = answer.get("NextToken")
            if not token:
                return
            request = {**request, "NextToken": token}
        raise PricingError(f"{where}: the Price List's answer has more than {MOST_PAGES} pages")

    def _asked(self, request: dict[str, Any], where: str) -> Mapping[str, Any]:
        try:
            answer = self._client.get_products(**request)
        except botocore.exceptions.ClientError as error:
            code, message = error.response["Error"]["Code"], error.response["Error"].get("Message", "")
            remedy = "; it needs pricing:GetProducts" if code == "AccessDeniedException" else ""
            raise Refused(f"{where}: the Price List says {code}: {message}{remedy}") from error
        except (botocore.exceptions.BotoCoreError, botocore.parsers.ResponseParserError) as error:
            raise Refused(f"{where}: the Price List cannot be asked: {error}") from error
        # botocore takes a body that is not JSON for an answer without members.
        if not isinstance(answer.get("PriceList"), list):
            raise Refused(f"{where}: the Price List's answer holds no PriceList")
        self.calls += 1
        return answer


def _parsed(text: Any, where: str) -> Mapping[str, Any]:
    try:
        product = json.loads(text)
        # Reading these once here spares every later line the doubt.
        product["product"]["attributes"].get("usagetype")
        product["terms"].get("OnDemand")
    except (TypeError, ValueError, KeyError, AttributeError) as error:
        raise PricingError(f"{where}: the Price List's answer is no product: {str(text)[:80]!r}") from error
    return product


def _matches(product: Mapping[str, Any], asked: Query) -> bool:
    """The API's filters are exact but for case, and a product may be there that nobody can buy by the hour."""
    attributes = {**product["product"]["attributes"], "productFamily": product["product"].get("productFamily", "")}
    return bool(product["terms"].get("OnDemand")) and all(attributes.get(name) == value for name, value in asked.filters.items())


def _record(product: Mapping[str, Any], asked: Query, where: str) -> dict[str, Any]:
    terms = list(product["terms"]["OnDemand"].items())
    if len(terms) != 1:
        raise PricingError(f"{where}: product {product['product'].get('sku')} has {len(terms)} on-demand terms ({', '.join(code for code, term in terms)})")
    code, term = terms[0]
    usage = product["product"]["attributes"].get("usagetype", "")
    published = str(product.get("publicationDate") or "")[:10]
    if not published:
        raise PricingError(f"{where}: product {product['product'].get('sku')} has no publicationDate")
    # With the size, the region and the engine the usage type is all that is known of the product; the code finds it again.
    reference = f"{asked.service} {code} {usage}".strip()
    return {**_amount(term, asked, where), "source": SOURCE, "reference": reference, "as_of": published, "strength": "A"}


def _amount(term: Mapping[str, Any], asked: Query, where: str) -> dict[str, Any]:
    """Tiers as the table has them, the first from 0 and each from where the one before ends."""
    found = sorted((_dimension(dimension, asked, where) for dimension in (term.get("priceDimensions") or {}).values()), key=lambda tier: tier[0])
    if not found:
        raise PricingError(f"{where}: the term has no price")
    if all(usd == 0 for _begin, _end, usd in found):
        raise PricingError(f"{where}: the price is 0 USD, which is that of a sibling product")
    ends = [end for _begin, end, _usd in found]
    if [begin for begin, _end, _usd in found] != [Decimal(0), *ends[:-1]] or ends[-1] is not None or None in ends[:-1]:
        raise PricingError(f"{where}: its tiers are {', '.join(f'{begin} to {end}' for begin, end, _usd in found)}, with a gap or an overlap")
    if len(found) == 1:
        return {"usd": plain(found[0][2] * asked.factor)}
    tiers = [{**({"up_to": plain(end / asked.factor)} if end is not None else {}), "usd": plain(usd * asked.factor)} for _begin, end, usd in found]
    return {"tiers": tiers}


def _dimension(dimension: Mapping[str, Any], asked: Query, where: str) -> tuple[Decimal, Decimal | None, Decimal]:
    unit = str(dimension.get("unit", ""))
    if unit.lower() not in asked.units:
        raise PricingError(f"{where}: the unit is {unit!r}, not {' or '.join(sorted(asked.units))}")
    prices = dimension.get("pricePerUnit") or {}
    if "USD" not in prices:
        raise PricingError(f"{where}: the price is in {', '.join(prices) or 'no currency'}, not in USD")
    begin, end = dimension.get("beginRange", "0"), dimension.get("endRange", "Inf")
    try:
        return Decimal(begin), None if end == "Inf" else Decimal(end), Decimal(prices["USD"])
    except (InvalidOperation, TypeError) as error:
        raise PricingError(f"{where}: {prices['USD']!r} USD from {begin!r} to {end!r} are no numbers") from error


def _shown(filters: Mapping[str, str]) -> str:
    return ", ".join(f"{name}={value}" for name, value in sorted(filters.items()))


def _listed(products: list[Mapping[str, Any]]) -> str:
    names = [f"{product['product'].get('sku')} {product['product']['attributes'].get('usagetype', '')}".strip() for product in products]
    return f" ({'; '.join(names[:5])}{'; …' if len(names) > 5 else ''})" if names else ""
