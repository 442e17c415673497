# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Route 53 and ACM on moto: records, batches, certificates that are and are not validated."""

from __future__ import annotations

import time

import pytest

pytest.importorskip("moto")
pytest.importorskip("boto3")

from moto import mock_aws

from ansible_collections.llmops.platform.plugins.module_utils._edge import certificate_task
from ansible_collections.llmops.platform.plugins.module_utils._edge import dns_task
from ansible_collections.llmops.platform.plugins.module_utils._edge import lookup
from ansible_collections.llmops.platform.plugins.module_utils._edge import route53
from ansible_collections.llmops.platform.plugins.module_utils._edge.certificates import TAG
from ansible_collections.llmops.platform.plugins.module_utils._edge.certificates import Certificates
from ansible_collections.llmops.platform.plugins.module_utils._edge.certificates import names_of
from ansible_collections.llmops.platform.plugins.module_utils._edge.errors import EdgeError
from ansible_collections.llmops.platform.plugins.module_utils._stacks.calls import Calls
from tests.support import moto_clients

ZONE, OWNER = "example.com", "shop/production"


@pytest.fixture
def aws(monkeypatch):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "fake")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        yield moto_clients.client


@pytest.fixture
def zone_id(aws):
    return aws("route53", "us-east-1").create_hosted_zone(Name=ZONE, CallerReference="one")["HostedZone"]["Id"]


class Run:
    def __init__(self, aws):
        self.calls = Calls(client_of=aws)

    def __call__(self, *records, check=False, **more):
        arguments = {"zone": ZONE, "owner": OWNER, "records": list(records), "state": "present", "purge": True, "take_over": [], "wait": True}
        provider = route53.Route53(self.calls, ZONE, sleep=lambda seconds: None)
        return dns_task.run({**arguments, "provider": "route53", "wait_timeout": 1, **more}, provider, check)


def a(name="api.example.com", *values, **more):
    return {"name": name, "type": "A", "values": list(values) or ["192.0.2.1"], **more}


def sets(active):
    return [
        a("example.com", f"192.0.2.{number}", set_identifier=name, failover="primary" if name == active else "secondary")
        for number, name in enumerate(("us-east-1", "us-west-2"), 1)
    ]


def live(aws, zone_id):
    pages = aws("route53", "us-east-1").get_paginator("list_resource_record_sets").paginate(HostedZoneId=zone_id)
    found = [one for page in pages for one in page["ResourceRecordSets"]]
    return {(one["Name"], one["Type"], one.get("SetIdentifier", "")): one for one in found if one["Type"] not in ("NS", "SOA")}


def test_made_switched_and_deleted(aws, zone_id):
    run = Run(aws)
    assert run(*sets("us-east-1"), check=True)["plan"]
    assert live(aws, zone_id) == {}
    assert [row["action"] for row in run(*sets("us-east-1"))["plan"]] == ["create", "create"]
    before = run.calls.mutating_calls
    assert before == 1
    assert not run(*sets("us-east-1"))["changed"]
    assert run.calls.mutating_calls == before
    switched = run(*sets("us-west-2"))
    assert [row["fields"] for row in switched["plan"]] == [["failover: primary → secondary"], ["failover: secondary → primary"]]
    assert live(aws, zone_id)["example.com.", "A", "us-west-2"]["Failover"] == "PRIMARY"
    assert len(switched["diff"]["before"]) == 2
    run(state="absent")
    assert live(aws, zone_id) == {}


def test_a_zone_that_is_gone_has_no_records_to_delete(aws):
    run = Run(aws)
    gone = run(state="absent")
    assert not gone["changed"] and gone["plan"] == [] and gone["records"] == 0
    assert run.calls.mutating_calls == 0
    with pytest.raises(EdgeError, match="has no public zone"):
        run(a())


def test_others_records_stay(aws, zone_id):
    other = {"Name": "api.example.com.", "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "198.51.100.1"}]}
    aws("route53", "us-east-1").change_resource_record_sets(HostedZoneId=zone_id, ChangeBatch={"Changes": [{"Action": "CREATE", "ResourceRecordSet": other}]})
    run = Run(aws)
    with pytest.raises(EdgeError, match=r"198\.51\.100\.1.*carries no mark"):
        run(a(), a("web.example.com"))
    run(state="absent")
    assert list(live(aws, zone_id)) == [("api.example.com.", "A", "")]
    run(a(), take_over=["api.example.com"])
    assert not run(a())["changed"]
    run(state="absent")
    assert live(aws, zone_id) == {}


def test_two_owners_in_one_zone(aws, zone_id):
    run = Run(aws)
    run(a("one.example.com"))
    run(a("two.example.com"), owner="shop/staging")
    run(state="absent")
    assert ("two.example.com.", "A", "") in live(aws, zone_id)
    assert ("one.example.com.", "A", "") not in live(aws, zone_id)


def test_pages_and_wildcards(aws, zone_id):
    many = [a(f"h{number}.example.com") for number in range(180)] + [a("*.example.com")]
    run = Run(aws)
    run(*many)
    assert not run(*many)["changed"]
    assert len(live(aws, zone_id)) == 362


def test_an_alias_finds_the_zone_of_its_load_balancer(aws, zone_id):
    vpc = aws("ec2", "us-west-2").create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        aws("ec2", "us-west-2").create_subnet(VpcId=vpc, CidrBlock=f"10.0.{number}.0/24", AvailabilityZone=f"us-west-2{zone}")["Subnet"]["SubnetId"]
        for number, zone in ((1, "a"), (2, "b"))
    ]
    balancer = aws("elbv2", "us-west-2").create_load_balancer(Name="edge", Subnets=subnets, Type="application")["LoadBalancers"][0]
    record = {"name": "example.com", "type": "A", "alias": {"name": balancer["DNSName"], "evaluate_health": True}}
    run = Run(aws)
    run(record)
    target = live(aws, zone_id)["example.com.", "A", ""]["AliasTarget"]
    assert target["HostedZoneId"] == balancer["CanonicalHostedZoneId"]
    assert not run(record)["changed"]
    with pytest.raises(EdgeError, match="us-west-2 has no load balancer"):
        run({**record, "alias": {"name": "gone-1.us-west-2.elb.amazonaws.com"}})
    with pytest.raises(EdgeError, match="no zone is known"):
        run({**record, "alias": {"name": "lb.example.org"}})


def test_a_zone_that_is_not_there_or_there_twice(aws):
    with pytest.raises(EdgeError, match=r"no public zone example\.com"):
        Run(aws)(a())
    for token in ("one", "two"):
        aws("route53", "us-east-1").create_hosted_zone(Name=ZONE, CallerReference=token)
    with pytest.raises(EdgeError, match=r"2 public zones.*edge_zone_id"):
        Run(aws)(a())


def test_batches_keep_what_belongs_together_and_the_quotas():
    entry = {"Action": "UPSERT", "ResourceRecordSet": {"ResourceRecords": [{"Value": "x" * 100}]}}
    groups = [[entry, entry] for _number in range(10)]
    assert [len(batch) for batch in route53.batches(groups, elements=12)] == [6, 6, 6, 2]
    assert [len(batch) for batch in route53.batches(groups, characters=1000)] == [4, 4, 4, 4, 4]


def test_waiting_for_all_name_servers_ends():
    provider = route53.Route53(lambda *a, **k: {"ChangeInfo": {"Status": "PENDING"}}, ZONE, sleep=lambda seconds: None)
    with pytest.raises(EdgeError, match="not all name servers have change C1"):
        provider.wait(["C1"], 0.0)


# --- certificates


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now

    def sleep(self, seconds):
        self.now += seconds


def certificate(aws, *, check=False, ask=lambda name, kind: [], clock=None, **more):
    clock = clock or Clock()
    arguments = {"name": "shop/production", "domain": "example.com", "alternative_names": ["*.example.com", "api.example.com"]}
    arguments |= {"region": "us-east-1", "tags": {"a": "b"}}
    arguments |= {"state": "present", "wait": False, "wait_timeout": 60, "poll_seconds": 10, **more}
    calls = Calls(client_of=aws)
    return certificate_task.run(arguments, Certificates(calls, "us-east-1", ask, clock.sleep, clock), check), calls


def test_a_certificate_is_requested_once(aws):
    planned, calls = certificate(aws, check=True)
    assert planned["certificate"]["arn"] == "(known after apply)"
    assert calls.mutating_calls == 0
    first, _calls = certificate(aws)
    assert first["changed"]
    assert first["plan"][0]["action"] == "create"
    assert first["certificate"]["records"]
    again, calls = certificate(aws)
    assert not again["changed"]
    assert again["certificate"]["arn"] == first["certificate"]["arn"]
    assert calls.mutating_calls == 0
    tags = aws("acm", "us-east-1").list_tags_for_certificate(CertificateArn=first["certificate"]["arn"])["Tags"]
    assert {tag["Key"]: tag["Value"] for tag in tags} == {"a": "b", TAG: "shop/production"}


def test_other_names_are_another_certificate(aws):
    first, _calls = certificate(aws)
    other, _calls = certificate(aws, alternative_names=["other.example.com"])
    assert other["certificate"]["arn"] != first["certificate"]["arn"]


def test_one_that_is_never_validated_names_what_public_dns_lacks(aws, monkeypatch):
    monkeypatch.setenv("MOTO_ACM_VALIDATION_WAIT", "3600")
    first, _calls = certificate(aws)
    missing = first["certificate"]["records"][0]["name"]
    with pytest.raises(EdgeError) as error:
        certificate(aws, wait=True, ask=lambda name, kind: ["elsewhere.example.org"] if name == missing else [])
    text = str(error.value)
    assert f"{missing} CNAME" in text
    assert "public DNS has elsewhere.example.org" in text
    assert "not requested twice" in text
    assert error.value.result["certificate"]["arn"] == first["certificate"]["arn"]

    def silent(name, kind):
        raise lookup.NoAnswer("timed out")

    with pytest.raises(EdgeError, match="could not be asked"):
        certificate(aws, wait=True, ask=silent)
    everything = {record["name"]: record["values"] for record in first["certificate"]["records"]}
    with pytest.raises(EdgeError, match="public DNS has all its records"):
        certificate(aws, wait=True, ask=lambda name, kind: everything[name])
    assert len(aws("acm", "us-east-1").list_certificates()["CertificateSummaryList"]) == 1


def test_one_that_is_validated_is_awaited(aws, monkeypatch):
    monkeypatch.setattr("moto.settings.ACM_VALIDATION_WAIT", 1)
    # Moto looks at the real clock.
    clock = Clock()
    clock.sleep = lambda seconds: time.sleep(0.4)
    found, _calls = certificate(aws, wait=True, clock=clock)
    assert found["certificate"]["status"] == "issued"
    assert not certificate(aws, wait=True)[0]["changed"]
    gone, _calls = certificate(aws, state="absent")
    assert gone["plan"][0]["action"] == "destroy"
    assert not certificate(aws, state="absent")[0]["changed"]


@pytest.mark.parametrize(
    ("domain", "others", "said"),
    [("x", ["a b.com"], "no host name"), ("a.com", [f"h{n}.a.com" for n in range(10)], "ACM takes 10"), (f"{'a' * 62}.com", [], "at most 64")],
)
def test_names_that_no_certificate_has(domain, others, said):
    with pytest.raises(EdgeError, match=said):
        names_of(domain, others)
