# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Role preflight against a real API server and the fake of AWS: it only reads, and bad input is refused in words."""

from __future__ import annotations

import base64
import datetime
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import botocore.session
import pytest
import yaml

from tests.support.control_plane import BINARIES
from tests.support.control_plane import free_ports
from tests.support.modules import ROOT
from tests.support.recorded_aws import NO_AWS
from tests.support.recorded_aws import RecordedAws

BIN = Path(sys.executable).parent
REVIEWS = "create /apis/authorization.k8s.io/v1/selfsubjectaccessreviews"
# Of moto.
ACCOUNT = "123456789012"
READS = re.compile(r"(Get|List|Describe)[A-Z]|unsigned GET$|GET ")
HOST = "demo_dev_primary"


@pytest.fixture(scope="module")
def moto(tmp_path_factory):
    server = RecordedAws(tmp_path_factory.mktemp("moto")).start()
    yield server
    server.stop()


def preflight(folder: Path, variables: dict, environment: dict | None = None, host: str = HOST) -> tuple[int, str, dict]:
    """Exit status, what was printed, and `preflight_result` of a run with these inventory variables."""
    given = {
        "ansible_connection": "local",
        "ansible_python_interpreter": sys.executable,
        "platform_name": "demo",
        "platform_environment": "dev",
        "platform_region": "us-east-1",
        "platform_provider": "existing",
        "preflight_confirm": "dev",
        "preflight_checks": [],
        **{name: value for name, value in variables.items() if not name.startswith("__")},
    }
    # The role's own constants yield to extra variables only.
    constants = {name: value for name, value in variables.items() if name.startswith("__")}
    inventory, book, result = folder / "inventory.yml", folder / "preflight.yml", folder / "result.json"
    groups = {group: {"hosts": {host: {}}} for group in host.rsplit("_", 2)}
    inventory.write_text(yaml.safe_dump({"all": {"hosts": {host: given}, "children": groups}}), encoding="utf-8")
    save = {"ansible.builtin.copy": {"content": "{{ preflight_result | to_json }}", "dest": str(result), "mode": "0600"}, "when": "preflight_result is defined"}
    role = {"name": "Look", "ansible.builtin.include_role": {"name": "llmops.platform.preflight"}}
    book.write_text(yaml.safe_dump([{"hosts": "all", "gather_facts": False, "tasks": [{"block": [role], "always": [save]}]}]), encoding="utf-8")
    result.unlink(missing_ok=True)
    ambient = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "KUBECONFIG"))}
    settings = {"ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"), **NO_AWS, **(environment or {})}
    done = subprocess.run(
        [str(BIN / "ansible-playbook"), "-i", str(inventory), str(book), "-e", json.dumps(constants)],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={**ambient, **settings},
    )
    return done.returncode, done.stdout + done.stderr, json.loads(result.read_text(encoding="utf-8")) if result.exists() else {}


def levels(result: dict, check: str) -> dict[str, str]:
    return {row["what"]: row["level"] for row in result["findings"] if row["check"] == check}


def lines_of(file: Path) -> int:
    return len(file.read_text(encoding="utf-8").splitlines())


def with_user(control_plane, folder: Path, user: dict) -> str:
    """The control plane's kubeconfig with another user."""
    document = yaml.safe_load(control_plane.kubeconfig.read_text(encoding="utf-8"))
    document["users"] = [{"name": item["name"], "user": user} for item in document["users"]]
    file = folder / "kubeconfig.yml"
    file.write_text(yaml.safe_dump(document), encoding="utf-8")
    file.chmod(0o600)
    return str(file)


CLUSTER = {"preflight_checks": ["cluster"], "platform_components": {"cluster": True, "cluster_baseline": True, "application": True}}


def test_a_good_cluster_is_only_read(control_plane, tmp_path):
    control_plane.kubeconfig.chmod(0o600)
    before = lines_of(control_plane.audit_log)
    status, printed, result = preflight(tmp_path, {**CLUSTER, "cluster_kubeconfig": str(control_plane.kubeconfig)})
    assert status == 0, printed
    assert set(levels(result, "cluster").values()) == {"ok"}, levels(result, "cluster")
    assert result["credentials"]["kubernetes"]["method"] == "client_certificate" and result["credentials"]["kubernetes"]["expires"]
    # The log has all that may change something; access reviews are answered and not kept.
    mutating = control_plane.mutating(before)
    assert len(mutating) > 20 and set(mutating) == {REVIEWS}


READER = {
    "apiVersion": "rbac.authorization.k8s.io/v1",
    "kind": "ClusterRole",
    "metadata": {"name": "preflight-reader"},
    "rules": [{"apiGroups": ["*"], "resources": ["*"], "verbs": ["get", "list"]}],
}


def test_missing_permissions_are_listed(control_plane, tmp_path):
    control_plane.kubectl("create", "namespace", "preflight")
    control_plane.kubectl("create", "serviceaccount", "reader", "--namespace", "preflight")
    control_plane.kubectl("apply", "-f", "-", stdin=json.dumps(READER))
    control_plane.kubectl("create", "clusterrolebinding", "preflight-reader", "--clusterrole=preflight-reader", "--serviceaccount=preflight:reader")
    who = ("--as=system:serviceaccount:preflight:reader", "--all-namespaces")
    deadline = time.monotonic() + 60
    while subprocess.run(
        [str(BINARIES / "kubectl"), "--kubeconfig", str(control_plane.kubeconfig), "auth", "can-i", "list", "pods", *who], check=False
    ).returncode:
        assert time.monotonic() < deadline, "the API server did not learn the new role"
        time.sleep(0.2)
    token = control_plane.kubectl("create", "token", "reader", "--namespace", "preflight", "--duration=30m").strip()
    before = lines_of(control_plane.audit_log)
    kubeconfig = with_user(control_plane, tmp_path, {"token": token})
    status, printed, result = preflight(tmp_path, {**CLUSTER, "cluster_kubeconfig": kubeconfig})
    found = levels(result, "cluster")
    assert status != 0
    assert "permission on deployments.apps (demo_dev_primary): may not create, patch, delete in all namespaces" in printed
    assert found["permission on networkpolicies.networking.k8s.io"] == "error" and "permission on pods" not in found
    # 30 minutes are less than the 60 wanted.
    assert found[f"token of context {result['credentials']['kubernetes']['context']}"] == "warning"
    assert set(control_plane.mutating(before)) == {REVIEWS}


def jwt(expires: datetime.datetime) -> str:
    parts = (base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in ({"alg": "RS256"}, {"exp": expires.timestamp()}))
    return ".".join([*parts, "c2ln"])


def test_an_expired_token_is_said(control_plane, tmp_path):
    expired = datetime.datetime.now(datetime.UTC) - datetime.timedelta(hours=1)
    status, printed, result = preflight(tmp_path, {**CLUSTER, "cluster_kubeconfig": with_user(control_plane, tmp_path, {"token": jwt(expired)})})
    assert status != 0 and "expired at" in printed and "Get a new token" in printed
    assert levels(result, "cluster")["API server"] == "error"


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"cluster_kubeconfig": "/nonexistent/kubeconfig"}, "kubeconfig /nonexistent/kubeconfig does not exist"),
        ({"cluster_context": "elsewhere"}, "no context 'elsewhere'"),
    ],
    ids=["kubeconfig", "context"],
)
def test_a_kubeconfig_that_leads_nowhere(control_plane, tmp_path, variables, said):
    status, printed, _result = preflight(tmp_path, {**CLUSTER, "cluster_kubeconfig": str(control_plane.kubeconfig), **variables})
    assert status != 0 and said in printed and "Nothing was changed" in printed


def test_a_server_that_does_not_answer_is_given_up_soon(control_plane, tmp_path):
    document = yaml.safe_load(control_plane.kubeconfig.read_text(encoding="utf-8"))
    document["clusters"][0]["cluster"]["server"] = f"https://127.0.0.1:{free_ports(1)[0]}"
    file = tmp_path / "nobody.yml"
    file.write_text(yaml.safe_dump(document), encoding="utf-8")
    file.chmod(0o644)
    status, printed, result = preflight(tmp_path, {**CLUSTER, "cluster_kubeconfig": str(file)})
    assert status != 0 and "proxy-url" in printed and "127.0.0.1" in printed
    assert levels(result, "cluster")[f"mode of {file}"] == "warning"


AWS = {
    "platform_provider": "aws",
    "cluster_provider": "existing",
    "preflight_checks": ["aws", "quotas"],
    "network_cidr": "10.99.0.0/16",
    "network_zones": {"a": "us-east-1a", "b": "us-east-1b", "c": "us-east-1c"},
    "platform_regions": {"primary": "us-east-1", "standby": "us-west-2"},
    "platform_components": {"network": True, "disaster_recovery": True},
    # As if these roles were there.
    "__preflight_roles_built": ["network", "disaster_recovery"],
    "preflight_quota_declaration": {
        "network": True,
        "nat": "per_az",
        "zones": 3,
        "cluster": True,
        "cluster_name": "demo",
        "node_pools": {"general": {"instance_type": "t3.xlarge", "min": 1, "max": 2}},
        "postgresql": {"main": {}},
        "redis": {"main": {"nodes": 1}},
        "elasticsearch": {"main": {}},
    },
}


def test_an_account_is_only_read_in_both_regions(moto, tmp_path):
    first = len(moto.actions)
    status, printed, result = preflight(tmp_path, {**AWS, "platform_account": ACCOUNT}, moto.environment)
    assert status == 0, printed
    assert set(levels(result, "aws").values()) == {"ok"}
    found = levels(result, "quotas")
    for region in ("us-east-1", "us-west-2"):
        # Contract: the fake knows the quotas of VPC only. What it does not know is no data, and said.
        assert found[f"vpcs in {region}"] == found[f"nat_gateways_per_zone in {region}"] == "ok"
        assert found[f"rds_instances in {region}"] == "warning"
    no_data = [row["found"] for row in result["findings"] if row["what"] == "rds_instances in us-east-1"]
    assert no_data[0].startswith("no data: GetAWSDefaultServiceQuota answered")
    asked = moto.actions[first:]
    assert {"GetCallerIdentity", "GetServiceQuota", "DescribeVpcs", "DescribeNatGateways", "DescribeInstanceTypes"} <= set(asked)
    assert [action for action in asked if not READS.match(action)] == []


def test_quotas_that_are_used_up_by_others_stop_the_run(moto, tmp_path):
    session = botocore.session.Session()
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test", "endpoint_url": moto.endpoint}
    ec2 = session.create_client("ec2", region_name="us-west-2", **keys)
    tags = [{"Key": "platform", "Value": "demo"}, {"Key": "environment", "Value": "dev"}]
    made = [ec2.create_vpc(CidrBlock=f"10.{number}.0.0/16")["Vpc"]["VpcId"] for number in range(4)]
    try:
        # Four and the default one are the limit of five.
        status, printed, result = preflight(tmp_path, AWS, moto.environment)
        assert status != 0 and "vpcs in us-west-2" in printed and "Ask for at least 6 of vpc L-F678F1CE" in printed
        assert levels(result, "quotas")["vpcs in us-east-1"] == "ok"
        # What bears the deployment's tags is the one that it declares.
        ec2.create_tags(Resources=made[:1], Tags=tags)
        assert preflight(tmp_path, AWS, moto.environment)[0] == 0
    finally:
        for vpc in made:
            ec2.delete_vpc(VpcId=vpc)


def test_the_wrong_account_is_refused_naming_both(moto, tmp_path):
    first = len(moto.actions)
    status, printed, result = preflight(tmp_path, {**AWS, "platform_account": "999999999999"}, moto.environment)
    assert status != 0 and f"account {ACCOUNT}, platform_account is 999999999999" in printed
    assert result["credentials"]["aws"]["account"] == ACCOUNT
    # Another account's quotas say nothing.
    assert "GetServiceQuota" not in moto.actions[first:] and "the account does not answer as wanted" in printed


@pytest.mark.parametrize(("minutes", "level"), [(30, "warning"), (-30, "error"), (300, "ok")])
def test_credentials_with_an_end(moto, tmp_path, minutes, level):
    ends = datetime.datetime.now(datetime.UTC) + datetime.timedelta(minutes=minutes)
    environment = {**moto.environment, "AWS_SESSION_TOKEN": "session", "AWS_CREDENTIAL_EXPIRATION": ends.isoformat(timespec="seconds")}
    status, printed, result = preflight(tmp_path, {**AWS, "preflight_checks": ["aws"]}, environment)
    found = levels(result, "aws")
    assert (status != 0) == (level == "error"), printed
    assert level in {value for what, value in found.items() if what.startswith("credentials")}, found


def test_no_credentials_at_all(moto, tmp_path):
    environment = {**NO_AWS, "AWS_ENDPOINT_URL": moto.endpoint}
    status, printed, _result = preflight(tmp_path, {**AWS, "preflight_checks": ["aws"]}, environment)
    assert status != 0 and "aws, credentials (demo_dev_primary): there are none" in printed


def test_nothing_of_aws_is_asked_where_no_component_needs_it(moto, tmp_path):
    first = len(moto.actions)
    status, printed, result = preflight(tmp_path, {"preflight_checks": ["aws", "quotas"], "platform_components": {"application": True}}, moto.environment)
    assert status == 0, printed
    assert moto.actions[first:] == [] and result["credentials"]["aws"] is None and "no component calls it" in printed


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"platform_provider": "ibm"}, "platform_provider ('ibm') is none of aws, azure, gcp, existing"),
        ({"platform_provider": "azure"}, "No role makes a cluster at provider azure"),
        ({"platform_provider": "gcp"}, "No role makes a cluster at provider gcp"),
        ({"platform_components": {"application": True, "kafka": True, "vault": True}}, "kafka, vault; wanted: roles of these names"),
        ({"platform_components": {"kafka": True}, "preflight_allow_not_built": {"kafka": ""}}, "preflight_allow_not_built.kafka needs a reason"),
        ({"preflight_pins": {"db": {"product": "redis", "version": "7.0"}, "cluster": {"product": "kubernetes", "version": "1.33"}}}, "end of life, cluster"),
    ],
    ids=["unknown provider", "azure", "gcp", "not built", "no reason", "ends of life"],
)
def test_bad_input_is_refused_in_words(tmp_path, variables, said):
    status, printed, _result = preflight(tmp_path, variables)
    assert status != 0 and said in printed


def test_all_errors_are_told_at_once(tmp_path):
    status, printed, _result = preflight(tmp_path, {"platform_provider": "azure", "platform_components": {"kafka": True}})
    assert status != 0 and "Preflight found 2 errors. Nothing was changed." in printed
    assert "provider azure" in printed and "kafka; wanted" in printed


def test_what_is_not_built_may_be_allowed(tmp_path):
    allowed = {"platform_components": {"kafka": True}, "preflight_allow_not_built": {"kafka": "events come later"}}
    status, printed, result = preflight(tmp_path, allowed)
    assert status == 0, printed
    assert levels(result, "components")["kafka"] == "info" and "events come later" in printed
