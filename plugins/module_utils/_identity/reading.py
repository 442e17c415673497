# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Reads an account's IAM for the access review: reads only, page by page."""

from __future__ import annotations

import base64
import csv
import io
import time
from collections.abc import Callable
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._stacks.retrying import CallError
from ansible_collections.llmops.platform.plugins.module_utils._stacks.retrying import Unreachable

LISTS = {"roles": "RoleDetailList", "users": "UserDetailList", "groups": "GroupDetailList", "policies": "Policies"}
# Of the credential report, which is made anew every four hours at most.
COLUMNS = ("user", "password_enabled", "mfa_active") + tuple(
    f"access_key_{number}_{column}" for number in (1, 2) for column in ("active", "last_rotated", "last_used_date")
)
TRIES = 30
MEASURED, CONTRACT = "measured", "contract"


def label(endpoint: str) -> str:
    """What figures of an endpoint are worth: `measured` at AWS itself, `contract` at anything that stands in for it."""
    host = endpoint.partition("://")[2].partition("/")[0].partition(":")[0]
    return MEASURED if host.endswith((".amazonaws.com", ".amazonaws.com.cn", ".api.aws")) else CONTRACT


def details(calls: Any, region: str) -> dict[str, list[dict[str, Any]]]:
    """`{roles, users, groups, policies}` of `GetAccountAuthorizationDetails`, all pages. Raises CallError."""
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in LISTS}
    marker: dict[str, str] = {}
    while True:
        answer = calls(region, "GetAccountAuthorizationDetails", "iam", Filter=["User", "Role", "Group", "LocalManagedPolicy"], MaxItems=200, **marker)
        for name, key in LISTS.items():
            found[name] += answer.get(key) or []
        if not answer.get("IsTruncated"):
            return found
        marker = {"Marker": answer["Marker"]}


def last_uses(calls: Any, region: str, roles: list[dict[str, Any]]) -> None:
    """Adds when a role was last used where the details did not say."""
    for role in roles:
        if "RoleLastUsed" not in role:
            role["RoleLastUsed"] = calls(region, "GetRole", "iam", RoleName=role["RoleName"])["Role"].get("RoleLastUsed") or {}


def credential_report(calls: Any, region: str, sleep: Callable[[float], Any] = time.sleep) -> list[dict[str, str]]:
    """Rows of the credential report, no more columns than are looked at. Raises CallError."""
    for _attempt in range(TRIES):
        if calls(region, "GenerateCredentialReport", "iam").get("State") == "COMPLETE":
            break
        sleep(2)
    else:
        raise CallError("GenerateCredentialReport", region, "NotReady", f"no report after {TRIES * 2} seconds", "run the review again")
    content = calls(region, "GetCredentialReport", "iam")["Content"]
    text = content.decode() if isinstance(content, bytes) else base64.b64decode(content).decode()
    return [{column: row.get(column) or "" for column in COLUMNS} for row in csv.DictReader(io.StringIO(text))]


def trails(calls: Any, region: str) -> list[dict[str, Any]]:
    """`{name, multi_region, logging, global_events}` of each trail that this region sees. Raises CallError."""
    found = []
    for trail in calls(region, "DescribeTrails", "cloudtrail", includeShadowTrails=True)["trailList"]:
        status = calls(region, "GetTrailStatus", "cloudtrail", Name=trail["TrailARN"])
        entry = {"name": trail["Name"], "multi_region": bool(trail.get("IsMultiRegionTrail")), "logging": bool(status.get("IsLogging"))}
        found.append({**entry, "global_events": bool(trail.get("IncludeGlobalServiceEvents"))})
    return sorted(found, key=lambda trail: trail["name"])


def read(calls: Any, region: str, account: str, trail: bool) -> tuple[dict[str, Any], list[str]]:
    """`({account, roles, users, groups, policies, report, trails}, what could not be read)`. Raises CallError where IAM itself may not be read."""
    unknown: list[str] = []

    def tried(what: str, reading: Callable[[], Any]) -> Any:
        try:
            return reading()
        except Unreachable:
            raise
        except CallError as error:
            unknown.append(f"{what}: {error}")
            return None

    found: dict[str, Any] = {"account": account, **details(calls, region)}
    tried("last use of roles", lambda: last_uses(calls, region, found["roles"]))
    found["report"] = tried("access keys and second factors", lambda: credential_report(calls, region))
    found["trails"] = tried("record of sign-ins", lambda: trails(calls, region)) if trail else None
    return found, unknown
