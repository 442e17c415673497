# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""What is found in an account's IAM: pure judgement of what AWS answered."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._identity import wide

SEVERITIES = ("critical", "high", "medium", "low")
# IAM forgets uses that are older (IAM User Guide, "Troubleshooting last accessed information").
TRACKED_DAYS = 400
# Policies of AWS that give nearly everything, or the power to take it.
POWERFUL = ("AdministratorAccess", "IAMFullAccess", "PowerUserAccess")
ROOT = "<root_account>"


def finding(severity: str, kind: str, subject: str, detail: str, remedy: str) -> dict[str, str]:
    return {"severity": severity, "kind": kind, "subject": subject, "detail": detail, "remedy": remedy}


def day(value: Any) -> datetime.date | None:
    """A date out of what boto3 or the credential report has; None for `N/A`, `no_information` and nothing."""
    if isinstance(value, datetime.datetime):
        return value.date()
    if isinstance(value, datetime.date):
        return value
    try:
        return datetime.date.fromisoformat(str(value)[:10])
    except ValueError:
        return None


def _age(today: datetime.date, value: Any) -> int | None:
    found = day(value)
    return None if found is None else (today - found).days


def unused_roles(roles: Iterable[Mapping[str, Any]], today: datetime.date, limit: int) -> Iterator[dict[str, str]]:
    """Roles of `GetAccountAuthorizationDetails` that nobody took for `limit` days. Those of services AWS looks after itself."""
    for role in roles:
        if role["Path"].startswith("/aws-service-role/"):
            continue
        age, idle = _age(today, role["CreateDate"]), _age(today, (role.get("RoleLastUsed") or {}).get("LastUsedDate"))
        if age is None or age < limit or (idle is not None and idle < limit):
            continue
        used = f"last used {idle} days ago" if idle is not None else f"not used in the {min(age, TRACKED_DAYS)} days that IAM remembers"
        yield finding("medium", "unused_role", f"role/{role['RoleName']}", used, "take it out of its stack, or delete it once nobody misses it")


def _named(policy: Mapping[str, Any]) -> str:
    """By the end of its ARN, which every answer has."""
    return f"policy/{policy['Arn'].rpartition('/')[2]}"


def unused_policies(policies: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, str]]:
    """The account's own that are attached to nothing and are nobody's boundary."""
    for policy in policies:
        if not policy.get("AttachmentCount") and not policy.get("PermissionsBoundaryUsageCount"):
            yield finding("low", "unused_policy", _named(policy), "attached to nobody", "delete it")


def _documents(entry: Mapping[str, Any], kind: str, name: str) -> Iterator[tuple[str, Any]]:
    for policy in entry.get(f"{kind}PolicyList") or []:
        yield f"{kind.lower()}/{name} {policy['PolicyName']}", policy["PolicyDocument"]


def wide_policies(details: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    """Policies with wildcards in actions or resources: inline ones, the account's own, and the powerful ones of AWS by whom has them."""
    documents: list[tuple[str, Any]] = []
    boundaries = {policy["Arn"] for policy in details["policies"] if policy.get("PermissionsBoundaryUsageCount") and not policy.get("AttachmentCount")}
    for policy in details["policies"]:
        current = next((version["Document"] for version in policy.get("PolicyVersionList") or [] if version.get("IsDefaultVersion")), None)
        # What only limits others gives nothing.
        if current and policy["Arn"] not in boundaries:
            documents.append((_named(policy), current))
    for kind, entries in (("Role", details["roles"]), ("User", details["users"]), ("Group", details["groups"])):
        for entry in entries:
            name = entry[f"{kind}Name"]
            documents += _documents(entry, kind, name)
            for attached in entry.get("AttachedManagedPolicies") or []:
                if attached["PolicyName"] in POWERFUL and ":aws:policy/" in attached["PolicyArn"]:
                    text = f"has {attached['PolicyName']} of AWS"
                    yield finding("high", "wide_policy", f"{kind.lower()}/{name}", text, "give it a policy that names what it needs")
    for subject, document in documents:
        for severity, text in wide.statements(document):
            yield finding(severity, "wide_policy", subject, text, "name the actions and resources that are needed")


def open_trust(roles: Iterable[Mapping[str, Any]], account: str) -> Iterator[dict[str, str]]:
    """Roles that anybody, or more than one is meant, may take."""
    for role in roles:
        for severity, text in wide.trust(role["AssumeRolePolicyDocument"], account):
            yield finding(severity, "open_trust", f"role/{role['RoleName']}", text, "name the principals, or limit them by a condition")


def credentials(rows: Iterable[Mapping[str, str]], today: datetime.date, limit: int) -> Iterator[dict[str, str]]:
    """By the rows of the credential report: keys older than `limit` days, users without a second factor, anything of root."""
    for row in rows:
        root, user = row["user"] == ROOT, row["user"]
        subject = "root" if root else f"user/{user}"
        if row.get("mfa_active") != "true" and (root or row.get("password_enabled") == "true"):
            severity, who = ("critical", "the root user") if root else ("high", "a user with a password")
            yield finding(severity, "no_mfa", subject, f"{who} has no second factor", "register one, or take the password away")
        for number in (1, 2):
            if row.get(f"access_key_{number}_active") != "true":
                continue
            if root:
                yield finding("critical", "root_key", subject, f"access key {number} of the root user is active", "delete it")
            age = _age(today, row.get(f"access_key_{number}_last_rotated"))
            if age is not None and age > limit:
                text = f"access key {number} is {age} days old"
                yield finding("high", "old_key", subject, text, "rotate it, or use a role: workflows by OpenID Connect, people by single sign-on")
            if day(row.get(f"access_key_{number}_last_used_date")) is None and age is not None and age > limit:
                yield finding("medium", "unused_key", subject, f"access key {number} was never used", "delete it")


def trails(found: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, str]]:
    """`{name, multi_region, logging, global_events}` of each trail: one has to record sign-ins, of workflows by OpenID Connect as well, in all regions."""
    if not any(trail["multi_region"] and trail["logging"] and trail["global_events"] for trail in found):
        yield finding("high", "no_trail", "account", "no trail records all regions and global services", "make the stacks of group shared, which have one")


def review(details: Mapping[str, Any], settings: Mapping[str, Any]) -> dict[str, Any]:
    """`{findings, accepted, figures}` for `details` `{account, roles, users, groups, policies, report, trails}`; `report` and `trails` are None where unknown.

    `settings`: `{date, unused_days, key_days, accepted: {name: {kind, subject, reason, until}}}`. Findings are sorted, worst first. Raises ValueError.
    """
    today = day(settings["date"])
    if today is None:
        raise ValueError(f"date is {settings['date']!r}; give YYYY-MM-DD")
    found = [
        *unused_roles(details["roles"], today, settings["unused_days"]),
        *unused_policies(details["policies"]),
        *wide_policies(details),
        *open_trust(details["roles"], details["account"]),
        *credentials(details["report"] or [], today, settings["key_days"]),
        *(trails(details["trails"]) if details["trails"] is not None else ()),
    ]
    found = sorted(found, key=lambda one: (SEVERITIES.index(one["severity"]), one["kind"], one["subject"], one["detail"]))
    left, accepted = _judged(found, settings["accepted"], today)
    figures = {name: len(details[name]) for name in ("roles", "users", "groups", "policies")}
    if details["report"] is not None:
        figures["active_access_keys"] = sum(row.get(f"access_key_{number}_active") == "true" for row in details["report"] for number in (1, 2))
    figures |= {f"findings_{severity}": sum(one["severity"] == severity for one in left) for severity in SEVERITIES}
    return {"findings": left, "accepted": accepted, "figures": figures}


def _judged(found: list[dict[str, str]], rules: Mapping[str, Mapping[str, Any]], today: datetime.date) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """What is left, and what somebody answers for until a day."""
    valid: dict[tuple[str, str], Mapping[str, Any]] = {}
    for name, rule in rules.items():
        until = day(rule.get("until"))
        if until is None or not rule.get("reason"):
            raise ValueError(f"identity_review_accepted.{name} needs kind, subject, reason and until (YYYY-MM-DD)")
        if until >= today:
            valid[rule.get("kind") or "", rule.get("subject") or ""] = {"name": name, "reason": rule["reason"], "until": until.isoformat()}
    left, accepted = [], []
    for one in found:
        rule = valid.get((one["kind"], one["subject"]))
        if rule:
            accepted.append({**one, "reason": rule["reason"], "until": rule["until"]})
        else:
            left.append(one)
    return left, accepted


def reached(findings: Iterable[Mapping[str, str]], limit: str) -> bool:
    """Whether one is as bad as `limit`, a severity or `none`."""
    return limit != "none" and any(SEVERITIES.index(one["severity"]) <= SEVERITIES.index(limit) for one in findings)
