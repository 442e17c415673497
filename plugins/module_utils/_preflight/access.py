# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Credentials, reachability and permissions as findings."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from ansible_collections.llmops.platform.plugins.module_utils._preflight.findings import finding
from ansible_collections.llmops.platform.plugins.module_utils._preflight.tools import at_least
from ansible_collections.llmops.platform.plugins.module_utils._preflight.tools import minors_apart

CHECK = "cluster"
# Hundreds of calls wait this long each.
SLOW_MILLISECONDS = 1000
RENEW = {
    "client_certificate": "Ask for a new kubeconfig; the certificate in it cannot be renewed from here.",
    "token": "Get a new token, or a kubeconfig with a credential plugin that renews it.",
}


def minutes_left(expires: str, now: str) -> float:
    """Minutes from `now` to `expires`, both ISO 8601 with a time zone; negative when it is over."""
    return (datetime.datetime.fromisoformat(expires) - datetime.datetime.fromisoformat(now)).total_seconds() / 60


def judge_lifetime(check: str, what: str, expires: str | None, now: str, minimum: float, remedy: str) -> dict[str, str]:
    """Whether credentials outlive the run."""
    wanted = f"{minimum:g} minutes left"
    if not expires:
        return finding(check, what, "no end is written down", wanted, "ok")
    left = minutes_left(expires, now)
    if left <= 0:
        return finding(check, what, f"expired at {expires}", wanted, "error", remedy)
    if left < minimum:
        return finding(check, what, f"{left:.0f} minutes left, until {expires}", wanted, "warning", f"The run may outlive them. {remedy}")
    return finding(check, what, f"until {expires}", wanted, "ok")


def judge_access(read: Mapping[str, Any], wanted: Mapping[str, Any], now: str) -> list[dict[str, str]]:
    """Findings of what module cluster_access_info read.

    `wanted`: `{version, minimum, minutes, permissions: {name: {verbs, needed_by}}}`.
    """
    credentials, api = read["credentials"], read["api"]
    found = _credentials(credentials, wanted["minutes"], now) if credentials else []
    if read["problem"]:
        found.append(_problem(read["problem"], credentials or {}, any(row["level"] == "error" for row in found)))
    if api:
        found += _api(api, str(wanted["version"]), str(wanted["minimum"]))
    return found + _permissions(read["permissions"], wanted["permissions"])


def _credentials(credentials: Mapping[str, Any], minimum: float, now: str) -> list[dict[str, str]]:
    found = []
    for path, mode in credentials["modes"].items():
        open_to_others = int(mode, 8) & 0o077
        remedy = f"Run chmod 600 {path}." if open_to_others else ""
        found.append(finding(CHECK, f"mode of {path}", mode, "0600", "warning" if open_to_others else "ok", remedy))
    plugin = credentials.get("plugin")
    if plugin and not plugin["path"]:
        remedy = plugin["hint"] or f"Install {plugin['command']} or correct the user of context {credentials['context']}."
        found.append(finding(CHECK, "credential plugin", f"{plugin['command']} is not installed", "a program", "error", remedy))
    elif plugin:
        found.append(finding(CHECK, "credential plugin", plugin["path"], "a program", "ok"))
    elif credentials["method"] == "none":
        remedy = f"Add a token, a client certificate or a credential plugin to the user of context {credentials['context']}."
        found.append(finding(CHECK, "credentials", "none in the kubeconfig", "some", "warning", remedy))
    else:
        what = f"{credentials['method'].replace('_', ' ')} of context {credentials['context']}"
        found.append(judge_lifetime(CHECK, what, credentials["expires"], now, minimum, RENEW.get(credentials["method"], "")))
    return found


def _problem(problem: Mapping[str, str], credentials: Mapping[str, Any], explained: bool) -> dict[str, str]:
    message, _separator, remedy = problem["message"].rpartition("; ")
    message, remedy = (message, f"{remedy[:1].upper()}{remedy[1:]}.") if message else (remedy, "")
    if problem["stage"] == "credentials":
        return finding(CHECK, "kubeconfig", message, "credentials", "error", remedy)
    host = urlsplit(credentials.get("server") or "").hostname or "the API server"
    if "cannot be reached" in message and not explained:
        remedy = (
            f"Check that {host} is right and the cluster runs; that the VPN is up if its endpoint is private; and, where a proxy leads there, "
            "that the cluster in the kubeconfig has its proxy-url (HTTPS_PROXY is not read)."
        )
    return finding(CHECK, "API server", message, f"an answer of {host}", "error", remedy)


def _api(api: Mapping[str, Any], version: str, minimum: str) -> list[dict[str, str]]:
    found = []
    if not at_least(api["version"], minimum):
        remedy = "Upgrade the cluster first; the manifests use what came with that version."
        found.append(finding(CHECK, "Kubernetes", api["version"], f">= {minimum}", "error", remedy))
    elif minors_apart(api["version"], version) != 0:
        remedy = "Set cluster_version to what runs, or upgrade the cluster."
        found.append(finding(CHECK, "Kubernetes", api["version"], f"cluster_version {version}", "warning", remedy))
    slow = api["milliseconds"] > SLOW_MILLISECONDS
    remedy = "A run makes hundreds of calls: start it nearer to the cluster." if slow else ""
    level = "warning" if slow else "ok"
    return [*found, finding(CHECK, f"latency of {api['server']}", f"{api['milliseconds']:g} ms", f"< {SLOW_MILLISECONDS} ms", level, remedy)]


def _permissions(answers: list[Mapping[str, Any]], wanted: Mapping[str, Mapping[str, Any]]) -> list[dict[str, str]]:
    denied: dict[tuple[str, str], list[str]] = {}
    for answer in answers:
        if not answer["allowed"]:
            denied.setdefault((answer["name"], answer["namespace"]), []).append(answer["verb"])
    found = []
    for (name, namespace), verbs in denied.items():
        where = "in all namespaces" if namespace == "*" else f"in namespace {namespace}"
        users = ", ".join(wanted.get(name, {}).get("needed_by") or []) or "the roles of this run"
        remedy = f"Bind a ClusterRole with these verbs to this user; `kubectl auth can-i {verbs[0]} {name}` asks again."
        found.append(finding(CHECK, f"permission on {name}", f"may not {', '.join(verbs)} {where}", f"needed by {users}", "error", remedy))
    if answers and not denied:
        found.append(finding(CHECK, "permissions", f"{len(answers)} asked, all granted", "all granted", "ok"))
    return found


def permissions_needed(permissions: Mapping[str, Mapping[str, Any]], components: Collection[str]) -> dict[str, Any]:
    """The permissions that any of these components needs."""
    return {name: dict(entry) for name, entry in permissions.items() if set(entry["needed_by"]) & set(components)}
