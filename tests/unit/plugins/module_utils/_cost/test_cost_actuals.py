# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is asked of Cost Explorer and what its answers become, against the fake of it."""

from __future__ import annotations

import json
import os
import stat

import pytest

pytest.importorskip("botocore")

import botocore.config
import botocore.session

from ansible_collections.llmops.platform.plugins.module_utils._cost.actuals import Question
from ansible_collections.llmops.platform.plugins.module_utils._cost.actuals import kind_of
from ansible_collections.llmops.platform.plugins.module_utils._cost.actuals import measure
from ansible_collections.llmops.platform.plugins.module_utils._cost.explorer import Explorer
from ansible_collections.llmops.platform.plugins.module_utils._cost.explorer import dimension
from ansible_collections.llmops.platform.plugins.module_utils._cost.kept import Kept
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import CostError
from ansible_collections.llmops.platform.plugins.module_utils._cost.period import moment
from ansible_collections.llmops.platform.plugins.module_utils._cost.period import period
from ansible_collections.llmops.platform.plugins.module_utils._stacks.calls import Calls
from ansible_collections.llmops.platform.plugins.module_utils._stacks.retrying import CallError
from tests.support.fake_cost_explorer import Charge
from tests.support.fake_cost_explorer import served

NOW = moment("2026-11-21T12:00:00Z")
EKS, EC2 = "Amazon Elastic Container Service for Kubernetes", "Amazon Elastic Compute Cloud - Compute"
DEMO = {"platform": "demo", "environment": "production"}
TOO_FAST = (400, "LimitExceededException", "You made too many calls in a short period of time. Try again later.")


@pytest.fixture(scope="module")
def server():
    with served() as found:
        yield found


@pytest.fixture(scope="module")
def client(server):
    """One for all tests: making one takes longer than any of them."""
    keys = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}
    config = botocore.config.Config(retries={"total_max_attempts": 1})
    return botocore.session.Session().create_client("ce", "us-east-1", endpoint_url=server.url, config=config, **keys)


@pytest.fixture
def fake(server, client):
    server.reset()
    server.charges = [
        Charge(EKS, "USE1-AmazonEKS-Hours:perCluster", "73", "730", tags=DEMO),
        Charge(EC2, "BoxUsage:m5.large", "140.16", "1460", tags=DEMO),
        Charge(EC2, "BoxUsage:m5.large", "70.08", "730", tags={"platform": "other", "environment": "production"}),
        Charge(EC2, "BoxUsage:m5.large", "7.008", "73", tags=DEMO | {"environment": "dev"}),
        Charge(EC2, "BoxUsage:t3.large", "1.25", "15"),
        Charge(EC2, "BoxUsage:m5.large", "-14.016", record_type="Enterprise Discount Program Discount", tags=DEMO),
        Charge(EC2, "BoxUsage:m5.large", "-25.5", record_type="Credit"),
        Charge(EC2, "BoxUsage:m5.large", "-2", record_type="Refund"),
        Charge("Tax", "", "12.4", record_type="Tax", unit=""),
    ]
    server.client = client
    return server


def asker(fake, directory="", hours=24, now=NOW, most=20, account="123456789012"):
    waits = []
    calls = Calls(client_of=lambda service, region: fake.client, sleep=waits.append)
    explorer = Explorer(calls, Kept(str(directory), hours, now), {"account": account}, most, waits.append, lambda: 1.0)
    explorer.waits = waits
    return explorer


def asked(asks, now=NOW, start=None, end=None, **options):
    """By the fake, or by an asker of it."""
    return measure(asks if isinstance(asks, Explorer) else asker(asks, now=now), Question(period(start, end, now), now, **options))


def names(result):
    return [problem["name"] for problem in result["problems"]]


def test_services_without_credits_refunds_and_tax(fake):
    result = asked(fake)
    assert result["services"] == {EC2: "204.482", EKS: "73"}
    assert (result["credits"], result["refunds"], result["tax"]) == ("-25.5", "-2", "12.4")
    assert result["discounts"] == {EC2: "-14.016"}
    assert (result["data"], result["problems"], result["currency"]) == ("measured", [], "USD")
    assert result["period"] == {"start": "2026-10-01", "end": "2026-11-01", "complete": True}
    assert result["trend"] == [{"start": "2026-10-01", "end": "2026-11-01", "usd": "277.482"}]
    # Usage is what was used, before any discount, and in units.
    assert result["usage"][EC2]["BoxUsage:m5.large"] == {"usd": "217.248", "quantity": "2263", "unit": "Hrs"}
    assert result["calls"] == {"paid": 2, "cached": 0, "throttled": 0, "usd": "0.02"}


def test_a_platform_by_its_tag_and_what_bears_none(fake):
    result = asked(fake, tag="platform", value="demo", narrow={"environment": "production"})
    assert result["services"] == {EC2: "126.144", EKS: "73"}
    assert result["tagged"] == {"demo": {EC2: "126.144", EKS: "73"}, "other": {EC2: "70.08"}}
    assert result["untagged"] == {EC2: "1.25"}
    assert result["usage"] == {
        EC2: {"BoxUsage:m5.large": {"usd": "140.16", "quantity": "1460", "unit": "Hrs"}},
        EKS: {"USE1-AmazonEKS-Hours:perCluster": {"usd": "73", "quantity": "730", "unit": "Hrs"}},
    }
    assert all(len(request["GroupBy"]) <= 2 for request in fake.seen)
    assert result["calls"]["paid"] == 4


def test_a_filter_goes_with_every_call(fake):
    chosen = {"Dimensions": {"Key": "SERVICE", "Values": [EKS]}}
    result = asked(fake, chosen=chosen, tag="platform")
    assert result["services"] == {EKS: "73"}
    assert [chosen in (request["Filter"], *request["Filter"].get("And", [])) for request in fake.seen] == [True] * 3


def test_all_pages_are_read_and_each_is_paid_for(fake):
    whole = asked(fake, tag="platform")
    fake.page = 2
    explorer = asker(fake)
    assert {**asked(explorer, tag="platform"), "calls": None} == {**whole, "calls": None}
    assert explorer.paid == 3 + 2 + 2 and len(fake.seen) == 3 + explorer.paid


def test_the_same_page_again_and_again_ends(fake):
    fake.again = True
    with pytest.raises(CostError, match="the same page again and again"):
        asked(fake)
    assert len(fake.seen) == 2


def test_paid_calls_are_limited(fake):
    fake.page = 1
    with pytest.raises(CostError, match=r"has made 3 paid calls of Cost Explorer \(\$0.03\), as many as most_calls allows"):
        asked(asker(fake, most=3))
    assert len(fake.seen) == 3


def test_an_answer_is_paid_for_once(fake, tmp_path):
    folder = tmp_path / "kept" / "answers"
    first = asked(asker(fake, folder), tag="platform")
    again = asked(asker(fake, folder), tag="platform")
    assert {**first, "calls": None} == {**again, "calls": None}
    assert (again["calls"], len(fake.seen)) == ({"paid": 0, "cached": 3, "throttled": 0, "usd": "0"}, 3)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert [stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()] == [0o600] * 3


def others(tmp_path):
    return list((tmp_path / "kept").iterdir())


def widen(path):
    path.chmod(0o644)


def cut(path):
    path.write_text(path.read_text()[:-20])


def swap(path):
    document = json.loads(path.read_text())
    document["request"]["request"]["TimePeriod"]["Start"] = "2026-09-01"
    path.write_text(json.dumps(document))


@pytest.mark.parametrize(
    ("spoil", "later"),
    [
        (None, {"now": moment("2026-11-22T12:00:00Z")}),
        # The clock went back.
        (None, {"now": moment("2026-11-21T11:59:59Z")}),
        (None, {"hours": 0}),
        (None, {"account": "210987654321"}),
        (widen, {}),
        (cut, {}),
        (swap, {}),
    ],
)
def test_an_answer_that_is_old_or_not_ours_is_asked_for_again(fake, tmp_path, spoil, later):
    asked(asker(fake, tmp_path / "kept"), usage=False)
    if spoil:
        (path,) = others(tmp_path)
        spoil(path)
    explorer = asker(fake, tmp_path / "kept", **later)
    assert asked(explorer, usage=False)["services"][EKS] == "73"
    assert (explorer.paid, explorer.cached) == (1, 0)


def test_a_directory_that_cannot_be_written_is_an_error(fake, tmp_path):
    (tmp_path / "kept").write_text("")
    with pytest.raises(CostError, match="kept cannot be written"):
        asked(asker(fake, tmp_path / "kept"))


def test_throttling_is_waited_for(fake):
    fake.refuse = [TOO_FAST, TOO_FAST, (400, "ThrottlingException", "Rate exceeded")]
    explorer = asker(fake)
    result = asked(explorer, usage=False)
    assert result["services"][EKS] == "73" and result["calls"] == {"paid": 1, "cached": 0, "throttled": 2, "usd": "0.01"}
    assert explorer.waits[:2] == [0.3, 0.6] and len(fake.seen) == 4


def test_throttled_to_the_end_is_no_data_and_not_zero(fake):
    fake.refuse = [TOO_FAST] * 50
    result = asked(fake)
    assert (result["data"], names(result), result["services"], result["credits"]) == ("no data", ["throttled"], {}, None)
    assert result["calls"]["paid"] == 0 and len(fake.seen) == 6
    assert "too many calls" in result["problems"][0]["message"] and "quota" not in result["problems"][0]["message"]


def test_throttled_half_way_is_no_data_too(fake, monkeypatch):
    fake.page = 3
    explorer = asker(fake)
    real = fake.answer
    monkeypatch.setattr(fake, "answer", lambda target, request: limited(fake, request) if "NextPageToken" in request else real(target, request))
    result = asked(explorer, expected=(EKS,))
    assert (result["data"], result["services"], result["calls"]["paid"]) == ("no data", {EKS: None}, 1)


def limited(fake, request):
    fake.seen.append(request)
    return 400, {"__type": TOO_FAST[1], "message": TOO_FAST[2]}


@pytest.mark.parametrize(
    ("error", "name"),
    [
        ((400, "DataUnavailableException", "The requested data is unavailable."), "unavailable"),
        ((400, "AccessDeniedException", "User not enabled for cost explorer access"), "not_enabled"),
    ],
)
def test_cost_explorer_without_figures_is_no_data(fake, error, name):
    fake.refuse = [error]
    result = asked(fake, expected=(EKS,))
    assert (result["data"], names(result), result["services"]) == ("no data", [name], {EKS: None})


@pytest.mark.parametrize(
    ("url", "keys", "name", "remedy"),
    [
        ("http://127.0.0.1:9", {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}, "unreachable", "check the network"),
        ("", {}, "no_credentials", "set AWS_PROFILE"),
    ],
)
def test_nobody_who_answers_and_nobody_who_is_logged_in_is_no_data(server, monkeypatch, url, keys, name, remedy):
    for variable in [variable for variable in os.environ if variable.startswith("AWS_")]:
        monkeypatch.delenv(variable)
    for variable in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(variable, "/dev/null")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    server.reset()
    config = botocore.config.Config(retries={"total_max_attempts": 1}, connect_timeout=2)
    server.client = botocore.session.Session().create_client("ce", "us-east-1", endpoint_url=url or server.url, config=config, **keys)
    result = asked(server, expected=(EKS,))
    assert (result["data"], names(result), result["services"], result["calls"]["paid"]) == ("no data", [name], {EKS: None}, 0)
    message = result["problems"][0]["message"]
    assert remedy in message and "set cost_actuals_wanted to false" in message
    assert server.seen == []


def test_what_the_operator_has_to_put_right_is_an_error(fake):
    fake.refuse = [(400, "AccessDeniedException", "User: ann is not authorized to perform: ce:GetCostAndUsage")]
    with pytest.raises(CallError, match="allow the caller ce:GetCostAndUsage"):
        asked(fake)


def test_an_empty_answer_is_no_data_and_asks_no_further(fake):
    fake.charges = []
    result = asked(fake, tag="platform", expected=(EKS,))
    assert (result["data"], names(result)) == ("no data", ["empty"])
    assert (result["services"], result["tagged"], result["usage"], result["tax"]) == ({EKS: None}, {}, None, None)
    assert len(fake.seen) == 1


def test_a_tag_that_is_not_active_is_no_data(fake):
    for charge in fake.charges:
        charge.tags = {}
    assert names(asked(fake, tag="platform")) == ["tag_inactive"]
    assert asked(fake, tag="platform")["data"] == "measured"
    result = asked(fake, tag="platform", value="demo", expected=(EKS,))
    assert (result["data"], names(result), result["services"], result["usage"]) == ("no data", ["tag_inactive"], {EKS: None}, None)


def test_a_value_that_nothing_bears_is_no_data(fake):
    result = asked(fake, tag="platform", value="demos")
    assert (result["data"], names(result), result["services"]) == ("no data", ["tag_value_missing"], {})
    assert "demo, other" in result["problems"][0]["message"]


def test_a_service_that_is_expected_and_not_there_is_null(fake):
    result = asked(fake, tag="platform", value="other", expected=(EC2, EKS))
    assert (result["services"], names(result)) == ({EC2: "70.08", EKS: None}, ["service_missing"])


def test_a_month_that_is_not_over_says_so(fake):
    fake.charges[0].day = "2026-11-03"
    result = asked(fake, start="2026-11-01", end="2026-12-01")
    assert (result["period"]["complete"], names(result), result["services"]) == (False, ["partial_month"], {EKS: "73"})


def test_figures_that_may_change_say_so(fake):
    fake.estimated = True
    assert names(asked(fake)) == ["estimated"]


@pytest.mark.parametrize("changed", [[0], range(9)])
def test_another_currency_is_no_data(fake, changed):
    for number in changed:
        fake.charges[number].currency = "EUR"
    result = asked(fake, tag="platform", expected=(EKS,))
    assert (result["data"], names(result), result["services"][EKS]) == ("no data", ["currency"], None)
    assert "answers in EUR and the estimate is in USD" in result["problems"][0]["message"]
    assert len(fake.seen) == 1


def test_more_than_two_keys_are_never_asked_for(fake):
    with pytest.raises(CostError, match="one or two keys, and 3"):
        asker(fake).ask(period(None, None, NOW), "MONTHLY", ["UnblendedCost"], [dimension("SERVICE")] * 3, None)
    assert fake.seen == []


def test_steps_of_a_day_add_up(fake):
    fake.charges[0].day = "2026-10-16"
    result = asked(fake, granularity="DAILY")
    assert [(one["start"], one["usd"]) for one in result["trend"]] == [("2026-10-15", "204.482"), ("2026-10-16", "73")]
    assert result["services"] == {EC2: "204.482", EKS: "73"}


@pytest.mark.parametrize(
    ("record_type", "kind"),
    [
        ("Credit", "credits"), ("Refund", "refunds"), ("Tax", "tax"), ("Usage", "usage"), ("DiscountedUsage", "usage"), ("Recurring", "usage"),
        ("SavingsPlanCoveredUsage", "usage"), ("Savings Plan Negation", "discounts"), ("SavingsPlanNegation", "discounts"), ("BundledDiscount", "discounts"),
        ("Enterprise Discount Program Discount", "discounts"), ("Discounted Usage", "usage"), ("Support", "usage"),
    ],
)  # fmt: skip
def test_kinds_of_charges_whatever_the_spelling(record_type, kind):
    assert kind_of(record_type) == kind
