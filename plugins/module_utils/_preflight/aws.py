# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""AWS account, credentials and endpoints as findings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from ansible_collections.llmops.platform.plugins.module_utils._preflight.access import judge_lifetime
from ansible_collections.llmops.platform.plugins.module_utils._preflight.findings import finding

CHECK = "aws"
LOG_IN = "Log in again, or set AWS_PROFILE to a profile of this account."


def judge_aws(read: Mapping[str, Any], caller: Mapping[str, Any], account: str, minutes: float, now: str) -> list[dict[str, str]]:
    """`read`: of module aws_access_info; `caller`: result of amazon.aws.aws_caller_info, perhaps a failed one; `account`: '' for any."""
    credentials = read["credentials"]
    found = [_endpoint(service, endpoint) for service, endpoint in read["endpoints"].items()]
    if credentials["problem"]:
        return [*found, finding(CHECK, "credentials", credentials["problem"], "credentials of AWS", "error", LOG_IN)]
    what = f"credentials ({credentials['method']})"
    if credentials["renewed"]:
        found.append(finding(CHECK, what, "renewed as they end", f"{minutes:g} minutes left", "ok"))
    else:
        found.append(judge_lifetime(CHECK, what, credentials["expires"], now, minutes, LOG_IN))
    return [*found, _account(caller, account)]


def _account(caller: Mapping[str, Any], account: str) -> dict[str, str]:
    wanted = f"account {account}" if account else "any account"
    if not caller.get("account"):
        said = " ".join(str(caller.get("msg") or "no answer").split())
        expired = "ExpiredToken" in said or "expired" in said
        return finding(CHECK, "caller", f"expired: {said}" if expired else said, wanted, "error", LOG_IN)
    found = f"account {caller['account']} as {caller.get('arn') or 'somebody'}"
    if account and caller["account"] != account:
        remedy = f"These credentials are of account {caller['account']}, platform_account is {account}. Take those of {account}, or correct platform_account."
        return finding(CHECK, "caller", found, wanted, "error", remedy)
    return finding(CHECK, "caller", found, wanted, "ok")


def _endpoint(service: str, endpoint: Mapping[str, Any]) -> dict[str, str]:
    host = urlsplit(endpoint["url"]).hostname
    if not endpoint["problem"]:
        return finding(CHECK, f"endpoint of {service}", f"{endpoint['milliseconds']:g} ms", f"an answer of {host}", "ok")
    remedy = f"Check the way to {host}: the VPN, HTTPS_PROXY and NO_PROXY, or a private endpoint of {service} in this network."
    return finding(CHECK, f"endpoint of {service}", endpoint["problem"], f"an answer of {host}", "error", remedy)
