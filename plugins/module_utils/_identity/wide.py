# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""How wide a policy is, and how open a trust policy."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from ansible_collections.llmops.platform.plugins.module_utils._identity.checks import READING
from ansible_collections.llmops.platform.plugins.module_utils._identity.checks import UNSCOPED
from ansible_collections.llmops.platform.plugins.module_utils._identity.checks import listed
from ansible_collections.llmops.platform.plugins.module_utils._identity.trust import GITHUB

ACCOUNT = re.compile(r"(?:arn:aws[a-z-]*:iam::)?(\d{12})(?::|$)")
# Issuers that give tokens to more than one organisation: a condition has to say to whom.
SHARED = (GITHUB, "gitlab.com", "app.terraform.io", "cognito-identity.amazonaws.com", "accounts.google.com", "www.amazon.com", "graph.facebook.com")
SUBJECTS = ("sub", "aud", "amr", "repository", "repository_owner", "project_path", "namespace_path")
# Of those, what is the same for everybody.
EVERYBODY = ("aud",)


def _document(document: Any) -> list[Mapping[str, Any]]:
    """Statements of a document, which the API gives as an object or as URL-encoded text."""
    found = json.loads(unquote(document)) if isinstance(document, str) else document
    return listed(found.get("Statement")) if not isinstance(found.get("Statement"), Mapping) else [found["Statement"]]


def statements(document: Any) -> Iterator[tuple[str, str]]:
    """`(severity, what)` for each Allow statement that is wide, said once by the worst of its actions."""
    for number, statement in enumerate(_document(document), 1):
        if statement.get("Effect") != "Allow":
            continue
        name, limited = statement.get("Sid") or f"statement {number}", bool(statement.get("Condition"))
        anywhere = "*" in listed(statement.get("Resource"))
        if statement.get("NotAction") is not None:
            yield "high" if anywhere and not limited else "medium", f"{name}: allows all but what NotAction names"
            continue
        if statement.get("NotResource") is not None:
            yield "medium", f"{name}: allows on all but what NotResource names"
        grades = [(grade, action) for action in map(str, listed(statement.get("Action"))) if (grade := _grade(action, anywhere, limited)) is not None]
        if grades:
            worst = min(grade for grade, _action in grades)
            named = sorted(action for grade, action in grades if grade == worst)
            more = f" and {len(named) - 3} more" if len(named) > 3 else ""
            where = "every resource" if anywhere else "resources that it names"
            yield ("critical", "high", "medium", "low")[worst], f"{name}: {', '.join(named[:3])}{more} on {where}{', by a condition' if limited else ''}"


def _grade(action: str, anywhere: bool, limited: bool) -> int | None:
    """0 critical to 3 low, None for what is no finding."""
    service, _colon, call = action.partition(":")
    everything, all_of_service = action == "*", call.strip("*?") == ""
    if everything:
        return (1 if limited else 0) if anywhere else 1
    if all_of_service:
        risky = service in ("iam", "organizations", "sts", "account")
        return (2 if limited else 0 if risky else 1) if anywhere else 3
    if call.startswith(READING) or action in UNSCOPED:
        return None
    if anywhere:
        return 3 if limited else 2
    return 3 if "*" in call else None


def trust(document: Any, account: str) -> Iterator[tuple[str, str]]:
    """`(severity, what)` of a trust policy of a role of `account`."""
    for statement in _document(document):
        if statement.get("Effect") != "Allow":
            continue
        conditions = statement.get("Condition") or {}
        principal = statement.get("Principal")
        if statement.get("NotPrincipal") is not None:
            yield "critical", "trusts everybody but whom NotPrincipal names"
            continue
        named = [principal] if isinstance(principal, str) else listed((principal or {}).get("AWS"))
        for one in map(str, named):
            yield from _of_account(one, account, conditions)
        for one in map(str, listed((principal or {}).get("Federated")) if isinstance(principal, Mapping) else []):
            yield from _of_issuer(one, conditions)


def _of_account(principal: str, account: str, conditions: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if principal == "*":
        yield ("medium", "trusts everybody who meets its conditions") if conditions else ("critical", "trusts everybody")
        return
    match = ACCOUNT.match(principal)
    if match and match[1] != account and "sts:ExternalId" not in json.dumps(conditions):
        yield "medium", f"trusts account {match[1]} without an external id"


def _of_issuer(principal: str, conditions: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    issuer = principal.partition(":oidc-provider/")[2] or principal
    if not issuer.startswith(SHARED):
        # An issuer of one's own, as a cluster's: any of its tokens would do.
        if ":oidc-provider/" in principal and not _subjects(conditions, issuer):
            yield "high", f"trusts every token of {issuer}"
        return
    values = _subjects(conditions, issuer)
    if not values:
        yield "critical", f"trusts every token of {issuer}, whoever got it"
    for value in values:
        head, _colon, rest = value.partition("/")
        if "*" in head or "?" in head:
            yield "critical", f"trusts tokens of {issuer} for {value}"
        elif rest in ("", "*") or rest.endswith(":*") or rest.startswith("*"):
            yield "medium", f"trusts tokens of {issuer} for {value}, any branch, tag or pull request"


def _subjects(conditions: Mapping[str, Any], issuer: str) -> list[str]:
    """Values by which a condition limits the token's subject. A condition that holds where the key is missing limits nothing."""
    found: list[str] = []
    for operator, keys in conditions.items():
        plain = operator.rpartition(":")[2].lower()
        if not plain.startswith(("stringequals", "stringlike")) or plain.endswith("ifexists"):
            continue
        for key, values in keys.items():
            claim = key.removeprefix(f"{issuer}:")
            if claim != key and claim in SUBJECTS and claim not in EVERYBODY:
                found += map(str, listed(values))
    return found
