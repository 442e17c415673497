# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Role edge as an operator runs it: modules by ansible against fakes, stacks as the role renders them for every AWS host."""

from __future__ import annotations

import json
import os
import subprocess
from functools import cache
from typing import Any

import pytest
import yaml

from tests.support import fake_cloudflare
from tests.support.inventories import FILES
from tests.support.inventories import ROOT
from tests.support.inventories import inventory
from tests.support.programs import program
from tests.support.rendered_stacks import of_role
from tests.support.role_stacks import hosts_with

HOSTS = sorted(host for path in FILES for host in hosts_with(inventory(path.stem), "edge"))
TOKEN = "secret-token-of-this-test"
RECORD = {"name": "api.example.com", "type": "A", "values": ["192.0.2.1"]}


def ansible(url: str, arguments: dict[str, Any], *options: str) -> tuple[str, dict[str, Any]]:
    """All that is printed, and the result."""
    given = {"provider": "cloudflare", "zone": "example.com", "owner": "shop/production", "cloudflare_url": url, **arguments}
    command = [program("ansible"), "localhost", "-i", "localhost,", "-c", "local", "-m", "llmops.platform.dns_records", "-a", json.dumps(given), *options]
    environment = {**os.environ, "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"), "ANSIBLE_CALLBACK_RESULT_FORMAT": "json"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={**environment, "CLOUDFLARE_API_TOKEN": TOKEN}, cwd=ROOT)
    begin = done.stdout.rfind("=> {")
    assert begin >= 0, done.stdout + done.stderr
    return done.stdout + done.stderr, json.JSONDecoder().raw_decode(done.stdout[begin + 3 :])[0]


def test_records_at_cloudflare_by_ansible_and_nothing_of_the_token():
    with fake_cloudflare.served() as fake:
        fake.zones["example.com"] = {}
        fake.tokens[TOKEN] = fake_cloudflare.ALL
        printed, planned = ansible(fake.url, {"records": [RECORD]}, "--check", "--diff", "-vvv")
        assert planned["changed"]
        assert planned["plan"][0]["what"] == "DNS A api.example.com at Cloudflare"
        assert "192.0.2.1" in json.dumps(planned["diff"])
        assert fake.mutating == []
        assert TOKEN not in printed
        printed, made = ansible(fake.url, {"records": [RECORD], "cloudflare_token": TOKEN}, "-vvv")
        assert made["changed"]
        assert "diff" not in made
        assert len(fake.mutating) == 1
        assert TOKEN not in printed
        fake.tokens[TOKEN] = frozenset({"Zone:Read"})
        printed, refused = ansible(fake.url, {"state": "absent"}, "-vvv")
        assert "DNS:Edit" in refused["msg"]
        assert "CLOUDFLARE_API_TOKEN" in refused["msg"]
        assert TOKEN not in printed
        assert len(fake.records("example.com")) == 2


@cache
def rendered() -> dict[str, dict[str, Any]]:
    return of_role("edge")


def bodies(host: str) -> dict[str, dict[str, Any]]:
    return {key.split("-edge")[-1]: yaml.safe_load(stack["template"]) for key, stack in rendered()[host].items()}


@pytest.mark.parametrize("host", HOSTS)
def test_templates_are_sorted_and_wait_for_nobody(host):
    for stack in rendered()[host].values():
        loaded = yaml.safe_load(stack["template"])
        assert list(loaded["Resources"]) == sorted(loaded["Resources"])
        assert stack["needed_for"] == []


def test_production_fails_over_by_health_checks_of_each_region():
    stacks = rendered()["llm_marketplace_production_primary"]
    ((key, stack),) = stacks.items()
    assert key == "us-east-1/llm-marketplace-production-edge"
    checks = {name: one["Properties"]["HealthCheckConfig"] for name, one in yaml.safe_load(stack["template"])["Resources"].items()}
    assert set(checks) == {"HealthCheckUsEast1", "HealthCheckUsWest2"}
    assert {(one["RequestInterval"], one["FailureThreshold"]) for one in checks.values()} == {(30, 3)}
    assert stack["operated"] == ["HealthCheckUsEast1.HealthCheckConfig.Inverted", "HealthCheckUsWest2.HealthCheckConfig.Inverted"]
    assert rendered()["llm_marketplace_production_standby"] == {}


def test_the_cdn_has_its_web_acl_and_speaks_nothing_below_the_floor():
    found = bodies("workflow_platform_production_primary")
    assert set(found) == {"", "-waf", "-cdn"}
    acl = found["-waf"]["Resources"]["WebAcl"]["Properties"]
    assert acl["Scope"] == "CLOUDFRONT"
    assert [rule["Name"] for rule in acl["Rules"]] == ["rate-limit", "common", "known-bad-inputs", "sql-injection"]
    distribution = found["-cdn"]["Resources"]["Distribution"]["Properties"]["DistributionConfig"]
    assert distribution["ViewerCertificate"]["MinimumProtocolVersion"] == "TLSv1.3_2025"
    assert distribution["WebACLId"] == {"Ref": "WebAclArn"}
    assert distribution["CacheBehaviors"][0]["PathPattern"] == "/static/*"
