# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the controller's role may call besides CloudFormation."""

from __future__ import annotations

from ansible_collections.llmops.platform.plugins.module_utils._edge import certificates
from ansible_collections.llmops.platform.plugins.module_utils._identity import operations

SETTINGS = {"cluster": "shop-production", "zone": "shop.example.com", "hosted_zone_id": "Z1"}


def by_action(settings):
    return {action: statement for statement in operations.statements(settings) for action in statement["Action"]}


def test_records_are_written_in_the_own_zone_alone():
    change = by_action(SETTINGS)["route53:ChangeResourceRecordSets"]
    assert change["Resource"] == {"Fn::Sub": "arn:${AWS::Partition}:route53:::hostedzone/Z1"}
    (names,) = change["Condition"]["ForAllValues:StringLike"].values()
    assert names == ["shop.example.com", "*.shop.example.com"]
    assert "route53:GetChange" in by_action(SETTINGS)


def test_without_a_zone_there_is_nothing_of_route_53():
    assert not [action for action in by_action({**SETTINGS, "zone": ""}) if action.startswith("route53:")]


def test_certificates_are_known_by_the_mark_of_their_module():
    found = by_action(SETTINGS)
    assert found["acm:RequestCertificate"]["Condition"] == {"StringLike": {f"aws:RequestTag/{certificates.TAG}": "?*"}}
    assert found["acm:DeleteCertificate"]["Condition"] == {"StringLike": {f"aws:ResourceTag/{certificates.TAG}": "?*"}}


def test_all_writing_is_limited_and_each_statement_has_a_name_of_its_own():
    found = operations.statements(SETTINGS)
    sids = [statement["Sid"] for statement in found]
    assert len(sids) == len(set(sids))
    for statement in found:
        writing = [action for action in statement["Action"] if not action.partition(":")[2].startswith(("Describe", "List", "Get", "Access"))]
        assert not writing or statement["Resource"] != "*" or statement.get("Condition"), statement
