# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWS::EC2: security groups, their inline rules, and rules that are resources of their own."""

from __future__ import annotations

from typing import Any

from fake_cloudformation.contract import Context
from fake_cloudformation.resources.ec2 import TAGS
from fake_cloudformation.resources.table import Call
from fake_cloudformation.resources.table import Name
from fake_cloudformation.resources.table import Part
from fake_cloudformation.resources.table import Row
from fake_cloudformation.resources.table import Scope

SIDES = {"SecurityGroupIngress": ("ingress", "Source"), "SecurityGroupEgress": ("egress", "Destination")}
ALL = {"IpProtocol": "-1", "CidrIp": "0.0.0.0/0"}
# Rules that are resources of their own: drift counts them with these, not as unexpected rules of their group.
_own_rules: set[tuple[str, str, str]] = set()


def permission(rule: dict[str, Any], peer: str) -> dict[str, Any]:
    """A rule as the API takes it."""
    protocol = str(rule["IpProtocol"])
    made: dict[str, Any] = {"IpProtocol": protocol}
    if protocol != "-1":
        made |= {"FromPort": int(rule.get("FromPort", -1)), "ToPort": int(rule.get("ToPort", -1))}
    text = {"Description": rule["Description"]} if rule.get("Description") else {}
    if rule.get("CidrIp"):
        made["IpRanges"] = [{"CidrIp": rule["CidrIp"]} | text]
    if rule.get("CidrIpv6"):
        made["Ipv6Ranges"] = [{"CidrIpv6": rule["CidrIpv6"]} | text]
    if rule.get(f"{peer}PrefixListId"):
        made["PrefixListIds"] = [{"PrefixListId": rule[f"{peer}PrefixListId"]} | text]
    if rule.get(f"{peer}SecurityGroupId"):
        owner = {"UserId": rule["SourceSecurityGroupOwnerId"]} if rule.get("SourceSecurityGroupOwnerId") else {}
        made["UserIdGroupPairs"] = [{"GroupId": rule[f"{peer}SecurityGroupId"]} | owner | text]
    return made


def declared_form(rule: dict[str, Any]) -> dict[str, Any]:
    """A live rule as a template has it."""
    peer = "Destination" if rule.get("IsEgress") else "Source"
    all_ports = str(rule["IpProtocol"]) == "-1"
    found = {
        "IpProtocol": rule["IpProtocol"],
        "FromPort": None if all_ports else rule.get("FromPort"),
        "ToPort": None if all_ports else rule.get("ToPort"),
        "CidrIp": rule.get("CidrIpv4"),
        "CidrIpv6": rule.get("CidrIpv6"),
        f"{peer}PrefixListId": rule.get("PrefixListId"),
        f"{peer}SecurityGroupId": (rule.get("ReferencedGroupInfo") or {}).get("GroupId"),
        "Description": rule.get("Description"),
    }
    return {key: value for key, value in found.items() if value not in (None, "")}


def rules_of(context: Context, group: str) -> list[dict[str, Any]]:
    return context.client("ec2").describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [group]}])["SecurityGroupRules"]


def without_ports(rule: dict[str, Any]) -> dict[str, Any]:
    """Ports say nothing where all protocols are meant; AWS drops them."""
    return {key: item for key, item in rule.items() if str(rule.get("IpProtocol")) != "-1" or key not in ("FromPort", "ToPort")}


def inline_rules(side: str) -> Any:
    def read(context: Context, scope: Scope) -> list[dict[str, Any]]:
        outgoing = SIDES[side][0] == "egress"
        rules = [rule for rule in rules_of(context, scope["id"]) if bool(rule.get("IsEgress")) == outgoing]
        mine = [rule for rule in rules if (context.account, context.region, rule["SecurityGroupRuleId"]) not in _own_rules]
        live = [declared_form(rule) for rule in mine]
        # Compared as a whole rule: one with a description or port more than declared is another rule.
        wanted = [without_ports(rule) for rule in scope.get(side) or []]
        same = [rule for rule, plain in zip(scope.get(side) or [], wanted, strict=True) if any(_equal(plain, other) for other in live)]
        return same + [other for other in live if not any(_equal(plain, other) for plain in wanted)]

    return read


def _equal(declared: dict[str, Any], live: dict[str, Any]) -> bool:
    ignored = {"SourceSecurityGroupOwnerId"}
    return {key: str(item).lower() for key, item in declared.items() if key not in ignored} == {key: str(item).lower() for key, item in live.items()}


def set_rules(context: Context, scope: Scope, before: dict[str, Any], after: dict[str, Any]) -> None:
    """Authorizes the new rules, then revokes the old; a group that declares egress loses the rule that allows all."""
    client = context.client("ec2")
    for side, (name, peer) in SIDES.items():
        fallback = [ALL] if name == "egress" else []
        if not before and fallback:
            # A new group of a network with IPv6 lets that out as well.
            before = before | {side: [declared_form(rule) for rule in rules_of(context, scope["id"]) if rule.get("IsEgress")]}
        old = [permission(rule, peer) for rule in before.get(side) or fallback]
        new = [permission(rule, peer) for rule in after.get(side) or fallback]
        if more := [rule for rule in new if rule not in old]:
            getattr(client, f"authorize_security_group_{name}")(GroupId=scope["id"], IpPermissions=more)
        if less := [rule for rule in old if rule not in new]:
            getattr(client, f"revoke_security_group_{name}")(GroupId=scope["id"], IpPermissions=less)


def rule_row(side: str) -> Row:
    name, peer = SIDES[side]

    def create(context: Context, scope: Scope, properties: dict[str, Any]) -> dict[str, Any]:
        call = getattr(context.client("ec2"), f"authorize_security_group_{name}")
        made = call(GroupId=properties["GroupId"], IpPermissions=[permission(properties, peer)])["SecurityGroupRules"][0]
        _own_rules.add((context.account, context.region, made["SecurityGroupRuleId"]))
        return made

    def describe(context: Context, scope: Scope, before: dict[str, Any], after: dict[str, Any]) -> None:
        call = getattr(context.client("ec2"), f"update_security_group_rule_descriptions_{name}")
        call(GroupId=scope["GroupId"], IpPermissions=[permission(after, peer)])

    def delete(context: Context, scope: Scope, properties: dict[str, Any]) -> None:
        getattr(context.client("ec2"), f"revoke_security_group_{name}")(GroupId=scope["GroupId"], SecurityGroupRuleIds=[scope["id"]])
        _own_rules.discard((context.account, context.region, scope["id"]))

    return Row(
        f"AWS::EC2::{side}",
        "ec2",
        create,
        "SecurityGroupRuleId",
        Call(
            "DescribeSecurityGroupRules",
            {"Filters": [{"Name": "group-id", "Values": ["{GroupId}"]}]},
            answer="SecurityGroupRules[?SecurityGroupRuleId=='{id}'] | [0]",
        ),
        delete,
        {"Id": "SecurityGroupRuleId"},
        {
            "CidrIp": "CidrIpv4",
            "CidrIpv6": "CidrIpv6",
            "Description": "Description",
            f"{peer}SecurityGroupId": "ReferencedGroupInfo.GroupId",
            f"{peer}PrefixListId": "PrefixListId",
        },
        (Part(("Description",), describe, made=True),),
    )


ROWS = (
    Row(
        "AWS::EC2::SecurityGroup",
        "ec2",
        Call("CreateSecurityGroup", takes=None, renames={"GroupDescription": "Description"}),
        "GroupId",
        Call("DescribeSecurityGroups", {"GroupIds": ["{id}"]}, answer="SecurityGroups[0]"),
        Call("DeleteSecurityGroup", {"GroupId": "{id}"}),
        {"GroupId": "GroupId", "Id": "GroupId", "VpcId": "VpcId"},
        {"GroupDescription": "Description"} | {side: inline_rules(side) for side in SIDES},
        (Part(tuple(SIDES), set_rules),),
        tagging=TAGS,
        name=Name("GroupName", 255),
    ),
    rule_row("SecurityGroupIngress"),
    rule_row("SecurityGroupEgress"),
)
