# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""cost_prices against an HTTP fake of the Price List API: the twelve steps as operators run them, and what the API may answer otherwise."""

from __future__ import annotations

import shutil
from decimal import Decimal
from pathlib import Path

import botocore.session
import pytest

from ansible_collections.llmops.platform.plugins.module_utils._cost import price_files
from ansible_collections.llmops.platform.plugins.module_utils._cost import price_refresh
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import CostError
from ansible_collections.llmops.platform.plugins.module_utils._cost.price_queries import query
from ansible_collections.llmops.platform.plugins.module_utils._cost.pricing_api import PriceList
from ansible_collections.llmops.platform.plugins.module_utils._cost.pricing_api import PricingError
from ansible_collections.llmops.platform.plugins.module_utils._cost.pricing_api import Refused
from tests.support.fake_pricing import refused
from tests.support.fake_pricing import served
from tests.support.modules import ROOT
from tests.support.modules import run_module

SHIPPED = ROOT / "roles/cost/files/prices"
NAT = "aws/nat/hour"


@pytest.fixture(autouse=True)
def credentials(monkeypatch):
    for name, value in {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_EC2_METADATA_DISABLED": "true"}.items():
        monkeypatch.setenv(name, value)
    for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL", "AWS_SESSION_TOKEN", "AWS_ROLE_ARN"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def fake():
    with served() as pricing:
        yield pricing


@pytest.fixture
def shelf(fake, tmp_path):
    """A copy of the shipped table, and a Price List that sells all of it that can be asked for."""
    shutil.copytree(SHIPPED, tmp_path / "prices")
    for price in price_files.load(SHIPPED).all():
        if price.region != "global" and query(price.sku, price.region):
            fake.sell(price)
    return tmp_path / "prices"


@pytest.fixture
def api(fake):
    return PriceList(botocore.session.Session(), "us-east-1", fake.url, attempts=3, timeout=5)


def nat(fake, usd="0.0450000000", **more):
    return fake.add("AmazonEC2", dict(query(NAT, "us-east-1").filters), usd, more.pop("unit", "Hrs"), **more)


def texts(directory: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in directory.glob("*.yml")}


def test_twelve_steps(fake, shelf):
    """Two rounds of: check mode tells, check mode again tells the same, the run does it, a second run and a check have nothing to do; then a failure."""
    options = {"path": str(shelf), "endpoint_url": fake.url}

    def step(check=False, **more):
        result = run_module("cost_prices", {**options, **more}, check=check)
        assert not result["failed"], result.get("msg")
        return result

    first, told = texts(shelf), [step(check=True), step(check=True)]
    assert [result["changed"] for result in told] == [True, True]
    assert texts(shelf) == first
    done = step()
    assert done["changed"] and done["files"] == told[0]["files"] and done["rows"] == told[0]["rows"]
    # The prices are the ones that were there; new are only where they are from and when.
    assert {row["change"] for row in done["rows"]} == {"same"}
    assert "aws/rds/extended-support" in done["kept"]
    second = texts(shelf)
    assert [step()["changed"], step(check=True)["changed"]] == [False, False]
    assert texts(shelf) == second
    assert (shelf / "previous/aws-ec2.yml").read_text(encoding="utf-8") == first["aws-ec2.yml"]

    gateway = next(product for product in fake.products["AmazonEC2"] if product["product"]["attributes"]["usagetype"] == "NatGateway-Hours")
    for dimension in next(iter(gateway["terms"]["OnDemand"].values()))["priceDimensions"].values():
        dimension["pricePerUnit"]["USD"] = "0.0480000000"
    told = step(check=True)
    assert [(row["sku"], row["before"], row["after"]) for row in told["rows"] if row["change"] == "changed"] == [(NAT, {"usd": "0.045"}, {"usd": "0.048"})]
    assert texts(shelf) == second
    done = step()
    assert done["printed"][0] == f"changed {NAT} in us-east-1: 0.045 USD -> 0.048 USD"
    assert [Path(name).name for name in done["files"]] == ["aws-transfer.yml"]
    price = price_files.load(shelf).find(NAT, "us-east-1")
    assert (price.usd, price.as_of, price.strength, price.source) == (Decimal("0.048"), "2026-11-20", "A", "AWS Price List API")
    assert [step()["changed"], step(check=True)["changed"]] == [False, False]

    nat(fake, sku="OTHER")
    third = texts(shelf)
    result = run_module("cost_prices", options)
    assert result["failed"] and not result["changed"]
    assert "aws/nat/hour in us-east-1: 2 products of AmazonEC2 match" in result["msg"] and "OTHER NatGateway-Hours" in result["msg"]
    assert len(result["problems"]) == 1
    assert texts(shelf) == third


def test_another_region_gets_records_of_its_own(fake, shelf, api):
    for sku in (NAT, "aws/ec2/t3.xlarge"):
        fake.sell(price_files.load(shelf).find(sku, "us-east-1"), "us-west-2")
    found = price_refresh.refresh(shelf, api.record, [NAT, "aws/ec2/t3.xlarge"], ["us-west-2"])
    assert [(row["sku"], row["change"], row["before"]) for row in found.rows] == [("aws/ec2/t3.xlarge", "added", None), (NAT, "added", None)]
    before = price_files.load(shelf)
    price_refresh.write(found)
    after = price_files.load(shelf)
    assert len(after) == len(before) + 2
    assert (before.find(NAT, "us-west-2").strength, after.find(NAT, "us-west-2").strength) == ("assumed", "A")
    assert [price for price in after.all() if price.region != "us-west-2"] == [price for price in before.all() if price.region != "us-west-2"]
    assert not price_refresh.refresh(shelf, api.record, [NAT], ["us-west-2"]).changed


def test_shipped_files_are_written_as_they_are_read():
    for path in price_files.files(SHIPPED):
        assert price_files.render(*price_files.read(path)) == path.read_text(encoding="utf-8"), path.name


def test_a_price_is_read_with_where_it_is_from(fake, api):
    nat(fake, sku="NATSKU")
    assert api.record(NAT, "us-east-1") == {
        "usd": "0.045",
        "source": "AWS Price List API",
        "reference": "AmazonEC2 NATSKU.JRTCKXETXF NatGateway-Hours",
        "as_of": "2026-11-20",
        "strength": "A",
    }


def test_tiers_and_units_are_those_of_the_table(fake, api):
    edges = [("0", "0.0900000000"), ("10240", "0.0850000000"), ("51200", "0.0700000000"), ("153600", "0.0500000000")]
    fake.add("AWSDataTransfer", query("aws/transfer/internet-out", "us-east-1").filters, edges, "GB")
    fake.add("AmazonS3", query("aws/s3/put", "us-east-1").filters, "0.0000050000", "Requests")
    fake.add("AmazonEC2", query("aws/ebs/gp3-throughput", "us-east-1").filters, "40.9600000000", "GiBps-mo")
    assert api.record("aws/transfer/internet-out", "us-east-1")["tiers"] == [
        {"up_to": "10240", "usd": "0.09"},
        {"up_to": "51200", "usd": "0.085"},
        {"up_to": "153600", "usd": "0.07"},
        {"usd": "0.05"},
    ]
    assert api.record("aws/s3/put", "us-east-1")["usd"] == "0.005"
    assert api.record("aws/ebs/gp3-throughput", "us-east-1")["usd"] == "0.04"


def test_siblings_do_not_count(fake, api):
    nat(fake)
    filters = query(NAT, "us-east-1").filters
    # Found by the API, which does not mind the case, and of another region, a reservation, another family.
    fake.add("AmazonEC2", {**filters, "usagetype": "natgateway-hours"}, "9", "Hrs")
    fake.add("AmazonEC2", {**filters, "regionCode": "us-west-2"}, "9", "Hrs")
    fake.add("AmazonEC2", {**filters, "productFamily": "Load Balancer"}, "9", "Hrs")
    nat(fake, "9", terms=0)
    assert api.record(NAT, "us-east-1")["usd"] == "0.045"


def test_all_pages_are_read(fake, api):
    fake.page = 1
    for _number in range(4):
        nat(fake, "9", terms=0)
    nat(fake)
    assert api.record(NAT, "us-east-1")["usd"] == "0.045"
    assert (len(fake.seen), api.calls) == (5, 5)
    # A second product on a later page is one too many.
    nat(fake)
    with pytest.raises(PricingError, match="2 products of AmazonEC2"):
        api.record(NAT, "us-east-1")


def test_pages_without_end_end(fake, api):
    fake.behave = lambda request: (200, {"FormatVersion": "aws_v1", "PriceList": [], "NextToken": "again"})
    with pytest.raises(PricingError, match="more than 50 pages"):
        api.record(NAT, "us-east-1")


def test_a_busy_price_list_is_asked_again(fake, api):
    nat(fake)
    fake.throttle = 2
    assert api.record(NAT, "us-east-1")["usd"] == "0.045"
    assert len(fake.seen) == 3


def test_a_price_list_that_stays_busy_ends_the_refresh_at_once(fake, shelf):
    fake.throttle = 100
    patient = PriceList(botocore.session.Session(), "us-east-1", fake.url, attempts=1, timeout=5)
    found = price_refresh.refresh(shelf, patient.record, [], ["us-east-1"])
    assert len(found.problems) == 1 and "ThrottlingException: Rate exceeded" in found.problems[0]
    assert len(fake.seen) == 1


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (refused("AccessDeniedException", "no"), "AccessDeniedException: no; it needs pricing:GetProducts"),
        (refused("InvalidParameterException", "bad"), "InvalidParameterException: bad"),
        ((200, b"not json"), "holds no PriceList"),
    ],
)
def test_a_refusal_is_told(fake, api, answer, said):
    fake.behave = lambda request: answer
    with pytest.raises(Refused, match=said):
        api.record(NAT, "us-east-1")


@pytest.mark.parametrize("item", ["{}", "not json", '{"product": {"attributes": {}}}', '{"product": 1, "terms": {}}', "null"])
def test_an_answer_that_is_no_product_is_refused(fake, api, item):
    fake.behave = lambda request: (200, {"FormatVersion": "aws_v1", "PriceList": [item]})
    with pytest.raises(PricingError, match="aws/nat/hour in us-east-1: the Price List's answer is no product"):
        api.record(NAT, "us-east-1")


@pytest.mark.parametrize(
    ("product", "said"),
    [
        ({"terms": 2}, "has 2 on-demand terms"),
        ({"unit": "Quantity"}, "the unit is 'Quantity', not hour or hours or hrs"),
        ({"currency": "CNY"}, "the price is in CNY, not in USD"),
        ({"usd": "0.0000000000"}, "the price is 0 USD"),
        ({"usd": "free"}, "are no numbers"),
        ({"usd": [("0", "0.1"), ("10", "0.2")], "gap": True}, "with a gap or an overlap"),
        ({"usd": [("5", "0.1")]}, "with a gap or an overlap"),
        ({"published": ""}, "has no publicationDate"),
    ],
)
def test_a_product_that_is_not_what_was_asked_for_is_refused(fake, api, product, said):
    gap = product.get("gap", False)
    made = nat(fake, **{key: value for key, value in product.items() if key != "gap"})
    if gap:
        next(iter(next(iter(made["terms"]["OnDemand"].values()))["priceDimensions"].values()))["endRange"] = "9"
    with pytest.raises(PricingError) as error:
        api.record(NAT, "us-east-1")
    assert said in str(error.value) and NAT in str(error.value)


def test_all_that_is_wrong_is_told_at_once(fake, shelf, api):
    nat(fake)
    fake.products["AmazonEKS"] = []
    found = price_refresh.refresh(shelf, api.record, [NAT, "aws/eks/cluster", "aws/nat/gb"], ["us-east-1"])
    assert [problem.split(";")[0].split(" match")[0] for problem in found.problems] == [
        "aws/nat/hour in us-east-1: 2 products of AmazonEC2",
        "aws/eks/cluster in us-east-1: 0 products of AmazonEKS",
    ]


@pytest.mark.parametrize(
    ("skus", "regions", "said"),
    [
        (["aws/nat/our"], ["us-east-1"], "aws/nat/our is not in the table.*near: aws/nat/hour"),
        (["aws/route53/zone"], ["us-east-1"], "aws/route53/zone in us-east-1: it is not known how to ask"),
        ([NAT], ["us-est-1"], "'us-est-1' is not a region of aws"),
    ],
)
def test_what_cannot_be_asked_is_refused_before_any_call(fake, shelf, api, skus, regions, said):
    with pytest.raises(CostError, match=said):
        price_refresh.refresh(shelf, api.record, skus, regions)
    assert fake.seen == []


def test_a_table_that_cannot_be_written_is_told(fake, shelf, api, monkeypatch):
    found = price_refresh.refresh(shelf, api.record, [NAT], ["us-east-1"])
    (shelf / "previous").write_text("in the way", encoding="utf-8")
    before = texts(shelf)
    with pytest.raises(CostError, match=r"aws-transfer\.yml cannot be replaced"):
        price_refresh.write(found)
    assert texts(shelf) == before
