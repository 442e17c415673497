# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._cost import prices as prices_module
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import CostError
from ansible_collections.llmops.platform.plugins.module_utils._cost.prices import STALE_DAYS
from ansible_collections.llmops.platform.plugins.module_utils._cost.prices import table

MACHINE = {
    "sku": "aws/ec2/t3.medium",
    "service": "Amazon Elastic Compute Cloud - Compute",
    "region": "us-east-1",
    "unit": "hour",
    "usd": "0.0416",
    "source": "a list",
    "reference": "row 1",
    "as_of": "2026-07-20",
    "strength": "A",
}
OUT = {
    **{key: value for key, value in MACHINE.items() if key != "usd"},
    "sku": "aws/transfer/internet-out",
    "unit": "GB",
    "tiers": [{"up_to": "10240", "usd": "0.09"}, {"up_to": "51200", "usd": "0.085"}, {"up_to": "153600", "usd": "0.07"}, {"usd": "0.05"}],
}


def found(sku="aws/ec2/t3.medium", region="us-east-1", records=(MACHINE, OUT)):
    return table(records).find(sku, region)


def test_a_price_knows_what_a_quantity_costs():
    assert found().cost(Decimal(730)) == Decimal("30.368")
    assert found().cost(Decimal(0)) == 0
    with pytest.raises(CostError, match=r"aws/ec2/t3.medium: quantity -1 is negative"):
        found().cost(Decimal(-1))


@pytest.mark.parametrize(
    ("gigabytes", "usd"),
    [
        # Infracost's data_transfer_test has the same three amounts for 10,240, the next 40,960 and 5,800 of the third tier.
        ("0", "0"),
        ("1", "0.09"),
        ("10240", "921.60"),
        ("10240.5", "921.6425"),
        ("10241", "921.685"),
        ("51200", "4403.20"),
        ("57000", "4809.20"),
        ("153600", "11571.20"),
        ("153601", "11571.25"),
        ("1000000", "53891.20"),
    ],
)
def test_each_tier_costs_its_own_part(gigabytes, usd):
    assert found("aws/transfer/internet-out").cost(Decimal(gigabytes)) == Decimal(usd)


def test_a_tiered_price_never_falls_and_is_no_jump():
    price = found("aws/transfer/internet-out")
    edges = [Decimal(edge) + step for edge in (10240, 51200, 153600) for step in (Decimal("-0.01"), Decimal(0), Decimal("0.01"))]
    costs = [price.cost(edge) for edge in edges]
    assert costs == sorted(costs)
    assert all(price.cost(edge + 1) - price.cost(edge) <= Decimal("0.09") for edge in edges)


def test_what_is_not_there_has_no_price():
    assert found("aws/ec2/t3.huge") is None
    assert table([]).find("aws/ec2/t3.medium", "us-east-1") is None


def test_each_dropped_sku_is_missed():
    records = [{**MACHINE, "sku": f"aws/ec2/t3.{size}"} for size in ("small", "medium", "large")]
    for dropped in records:
        prices = table(record for record in records if record is not dropped)
        assert prices.find(dropped["sku"], "us-east-1") is None
        assert len(prices) == 2


def test_another_region_gets_the_home_region_s_price_marked_assumed():
    price = found(region="us-west-2")
    assert (price.usd, price.strength, price.region) == (Decimal("0.0416"), "assumed", "us-east-1")
    own = {**MACHINE, "region": "us-west-2", "usd": "0.05", "strength": "C"}
    assert (found(region="us-west-2", records=(MACHINE, own)).usd, found(records=(MACHINE, own)).usd) == (Decimal("0.05"), Decimal("0.0416"))
    assert found(region="us-east-1", records=(own,)) is None


def test_a_price_of_everywhere_is_not_assumed():
    zone = {**MACHINE, "sku": "aws/route53/zone", "region": "global", "usd": "0.50"}
    assert found("aws/route53/zone", "eu-west-1", [zone]).strength == "A"


def test_other_providers_have_their_own_home():
    azure, google = {**MACHINE, "sku": "azure/aks/standard", "region": "eastus"}, {**MACHINE, "sku": "gcp/gke/cluster", "region": "us-central1"}
    prices = table([azure, google])
    assert prices.find("azure/aks/standard", "westus2").strength == "assumed"
    assert prices.find("gcp/gke/cluster", "us-west1").strength == "assumed"
    assert prices.find("gcp/gke/cluster", "us-central1").strength == "A"


def test_a_region_that_is_none_is_named_with_near_ones():
    with pytest.raises(CostError, match=r"aws/ec2/t3.medium: 'us-est-1' is not a region of aws; near: .*us-east-1"):
        found(region="us-est-1")


@pytest.mark.parametrize("sku", ["t3.medium", "aws/ec2", "oracle/vm/small", ""])
def test_a_sku_of_no_provider_is_refused(sku):
    with pytest.raises(CostError, match="give <provider>/<service>/<what>"):
        found(sku)


def test_near_matches_are_three_of_the_same_service_first():
    records = [{**MACHINE, "sku": sku} for sku in ("aws/ec2/t3.medium", "aws/ec2/t3.large", "aws/ec2/m5.large", "aws/ebs/gp3", "aws/eks/t3.huge")]
    assert table(records).near("aws/ec2/t3.huge") == ["aws/ec2/t3.large", "aws/ec2/t3.medium", "aws/ec2/m5.large"]
    assert table(records[3:]).near("aws/ec2/t3.huge")[0] == "aws/eks/t3.huge"
    assert table([]).near("aws/ec2/t3.huge") == []


def test_age_is_counted_in_days():
    price = found()
    assert (price.age_days("2026-07-20"), price.age_days("2026-10-18"), price.age_days("2026-07-01")) == (0, STALE_DAYS, -19)
    old = {**MACHINE, "sku": "aws/ec2/t3.large", "as_of": "2024-02-29"}
    assert table([MACHINE, old]).age_days("2025-03-01") == 366
    assert table([]).age_days("2026-10-18") is None
    with pytest.raises(CostError, match="as_of: date is 'today'"):
        price.age_days("today")


def test_a_record_survives_its_own_table():
    for price in table([MACHINE, OUT]).all():
        assert table([price.record()]).all() == [price]
    assert found("aws/transfer/internet-out").data()["tiers"][0] == {"up_to": "10240", "usd": "0.09"}
    assert found().data() == {key: value for key, value in MACHINE.items() if key not in ("sku", "service")}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"usd": 0.0416}, "amount is 0.0416; write it in quotes"),
        ({"usd": "-0.01"}, "-0.01 USD is negative"),
        ({"usd": "cheap"}, "give a number"),
        ({"usd": "NaN"}, "give a number such as"),
        ({"usd": None}, "amount is None"),
        ({"source": ""}, "source is ''; give text"),
        ({"as_of": "20-07-2026"}, "date is '20-07-2026'"),
        ({"as_of": "20260720"}, "write it as 2026-07-20"),
        ({"strength": "assumed"}, "strength is 'assumed'; give one of A, B, C"),
        ({"region": "us-est-1"}, "'us-est-1' is not a region of aws"),
        ({"colour": "blue"}, "unknown field colour"),
        ({"tiers": OUT["tiers"]}, "give either usd or tiers"),
        ({"sku": "t3.medium"}, "give <provider>/<service>/<what>"),
    ],
)
def test_a_wrong_record_is_named(change, said):
    with pytest.raises(CostError) as error:
        table([{**MACHINE, **change}])
    assert said in str(error.value)
    assert str(change.get("sku", "aws/ec2/t3.medium")) in str(error.value)


@pytest.mark.parametrize("field", ["sku", "service", "region", "unit", "usd", "source", "reference", "as_of", "strength"])
def test_a_missing_field_is_named(field):
    with pytest.raises(CostError, match=field):
        table([{key: value for key, value in MACHINE.items() if key != field}])


@pytest.mark.parametrize(
    ("tiers", "said"),
    [
        ([{"usd": "1"}], "at least two"),
        ("0.09", "at least two"),
        ([{"up_to": "10", "usd": "1"}, {"up_to": "20", "usd": "2"}], "the last has only usd"),
        ([{"usd": "1"}, {"usd": "2"}], "all but the last have up_to"),
        ([{"up_to": "10", "usd": "1"}, {"up_to": "10", "usd": "1"}, {"usd": "2"}], "up_to is 10, not above 10"),
        ([{"up_to": "0", "usd": "1"}, {"usd": "2"}], "up_to is 0, not above 0"),
        ([{"up_to": 10, "usd": "1"}, {"usd": "2"}], "amount is 10; write it in quotes"),
        ([{"up_to": "10", "usd": "-1"}, {"usd": "2"}], "-1 USD is negative"),
    ],
)
def test_wrong_tiers_are_named(tiers, said):
    with pytest.raises(CostError, match="aws/transfer/internet-out") as error:
        table([{**OUT, "tiers": tiers}])
    assert said in str(error.value)


def test_two_prices_of_one_thing_are_refused():
    with pytest.raises(CostError, match=r"aws/ec2/t3.medium in us-east-1 is there twice \(row 1; row 2\)"):
        table([MACHINE, {**MACHINE, "reference": "row 2"}])


def test_what_is_no_record_is_refused():
    with pytest.raises(CostError, match="price record 2 is str"):
        table([MACHINE, "t3.medium"])


def test_the_age_that_is_warned_of_stands_in_one_place():
    parts = Path(prices_module.__file__).parent
    assert [file.name for file in sorted(parts.rglob("*.py")) if re.search(r"^STALE_DAYS\s*=", file.read_text(encoding="utf-8"), re.MULTILINE)] == ["prices.py"]
