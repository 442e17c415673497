# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What stops a teardown before anything is deleted, and a run that is killed."""

from __future__ import annotations

import time

import pytest

from tests.support.stack_graphs import topic
from tests.support.stacks import OURS
from tests.support.stacks import kill
from tests.support.teardowns import HOST
from tests.support.teardowns import REGION
from tests.support.teardowns import Teardowns
from tests.support.teardowns import shop

CLUSTER = "shop-dev-primary"


def news(name="news"):
    return shop(name, {"Topic": {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": name}}}, outputs={"Arn": {"Ref": "Topic"}})


def chain(length=5):
    """Stacks that go one after another."""
    found = news("one")
    for number in range(2, length + 1):
        before = f"{REGION}/shop-dev-{'one' if number == 2 else f'n{number - 1}'}"
        found |= {key: {**one, "needs": [before]} for key, one in shop(f"n{number}", {"Topic": topic(str(number))}).items()}
    return found


@pytest.fixture
def teardown(fake, tmp_path):
    return Teardowns(tmp_path / "teardown", fake.environment)


@pytest.fixture
def stacks(fake, direct):
    found = direct.run(news())
    assert not found["failed"], found.get("msg")
    fake.proxy.calls.clear()
    return news()


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"teardown_confirm": ""}, "CONFIRM=shop_dev"),
        ({"teardown_confirm": "mall_dev"}, "teardown_confirm is 'mall_dev', which is another one"),
        ({"platform_account": "210987654321"}, "the credentials are of account 123456789012"),
        ({"groups": {"shared": HOST}}, "is of group shared"),
        ({"teardown_delete": ["shop-dev-news/Topics"]}, "teardown_delete names shop-dev-news/Topics"),
        ({"teardown_hosts": [HOST, "shop_dev_standby"]}, "shop_dev_standby belong to shop in dev"),
    ],
)
def test_what_is_not_meant_is_refused(fake, stacks, teardown, variables, words):
    refused = teardown.run(stacks, **variables)
    assert refused.failed and words in refused.message
    assert fake.proxy.mutating(OURS) == [] and list(fake.stacks()) == list(stacks)


def test_production_wants_a_second_word(fake, stacks, teardown):
    production = {"platform_environment": "production", "groups": {"production": HOST}}
    environment = teardown.run(stacks, teardown_confirm="production", teardown_allow_production=["shop_production"], **production)
    alone = teardown.run(stacks, teardown_confirm="shop_production", **production)
    assert environment.failed and alone.failed and "teardown_allow_production" in alone.message
    assert fake.proxy.mutating(OURS) == []


def test_a_load_balancer_that_is_still_there_is_named(fake, stacks, teardown):
    ec2, elb = fake.client("ec2"), fake.client("elbv2")
    vpc = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.9.{n}.0/24", AvailabilityZone=f"{REGION}{zone}")["Subnet"]["SubnetId"] for n, zone in enumerate("ab")
    ]
    arn = elb.create_load_balancer(Name="k8s-shop", Subnets=subnets, Tags=[{"Key": "elbv2.k8s.aws/cluster", "Value": CLUSTER}])["LoadBalancers"][0][
        "LoadBalancerArn"
    ]
    stopped = teardown.run(stacks)
    assert stopped.failed and "k8s-shop in us-east-1" in stopped.message and "No stack was deleted" in stopped.message
    assert fake.proxy.mutating(OURS) == [] and list(fake.stacks()) == list(stacks)
    elb.delete_load_balancer(LoadBalancerArn=arn)
    assert not teardown.run(stacks).failed and fake.stacks() == {}


def test_a_killed_run_is_gone_on_with(fake, direct, teardown):
    graph = chain()
    assert not direct.run(graph)["failed"]
    fake.steer("settings", {"seconds": {"AWS::SNS::Topic": 3}})
    running = teardown.start(graph)
    deadline = time.monotonic() + 120
    while len(fake.stacks()) == len(graph) and time.monotonic() < deadline:
        time.sleep(0.2)
    kill(running)
    assert 0 < len(fake.stacks()) < len(graph)
    fake.steer("settings", {"seconds": {}})
    second = teardown.run(graph)
    assert not second.failed, second.message
    assert fake.stacks() == {}
    third = teardown.run(graph)
    assert not third.failed and third.changed == 0, third.message
