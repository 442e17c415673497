# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Reads of EKS what an upgrade depends on; nothing is written."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._aws.session import AwsError
from ansible_collections.llmops.platform.plugins.module_utils._stacks.calls import Calls
from ansible_collections.llmops.platform.plugins.module_utils._stacks.retrying import CallError

# Refused by a policy, or an operation that the region (or a fake) does not have.
NOT_GIVEN = ("AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "404", "UnknownOperationException", "InvalidAction")


class EksReader:
    """One cluster. What the account does not give is told in `problems` (without it there is no plan) or `warnings`."""

    def __init__(self, calls: Calls, region: str, name: str) -> None:
        self._calls, self._region, self._name = calls, region, name
        self.problems: list[str] = []
        self.warnings: list[str] = []

    def cluster(self) -> dict[str, Any]:
        """DescribeCluster's answer. Raises AwsError that names the option where there is no such cluster."""
        try:
            return self._call("DescribeCluster", name=self._name)["cluster"]
        except CallError as error:
            if error.code == "ResourceNotFoundException":
                raise AwsError(f"cluster_name is {self._name}, and EKS has no such cluster in {self._region}; correct cluster_name or region") from error
            raise

    def versions(self) -> dict[str, dict[str, Any]] | None:
        """`{minor: {end_of_life, extended, offered}}` of all that EKS has, days as text; None where it does not say."""

        def read() -> dict[str, dict[str, Any]]:
            return {
                one["clusterVersion"]: {
                    "end_of_life": _day(one.get("endOfStandardSupportDate")),
                    "extended": _day(one.get("endOfExtendedSupportDate")),
                    "offered": (one.get("versionStatus") or one.get("status") or "").lower() != "unsupported",
                }
                for one in self._pages("DescribeClusterVersions", "clusterVersions", includeAll=True)
            }

        return self._read("the versions that EKS offers", read, None)

    def addons(self) -> dict[str, dict[str, Any]]:
        """`{name: {version, status}}` of the installed add-ons."""

        def read() -> dict[str, dict[str, Any]]:
            found = {}
            for name in self._pages("ListAddons", "addons", clusterName=self._name):
                addon = self._call("DescribeAddon", clusterName=self._name, addonName=name)["addon"]
                found[name] = {"version": addon["addonVersion"], "status": addon.get("status")}
            return found

        return self._read("the add-ons", read, {}, needed=True)

    def addon_versions(self, names: Iterable[str]) -> list[dict[str, Any]]:
        """Answers of DescribeAddonVersions for these add-ons, for all minors."""

        def read() -> list[dict[str, Any]]:
            return [addon for name in sorted(names) for addon in self._pages("DescribeAddonVersions", "addons", addonName=name)]

        return self._read("the versions of add-ons", read, [], needed=True)

    def node_groups(self) -> dict[str, dict[str, Any]]:
        """`{name: {version, release, status, ami, labels, issues}}` of the managed node groups."""

        def read() -> dict[str, dict[str, Any]]:
            found = {}
            for name in self._pages("ListNodegroups", "nodegroups", clusterName=self._name):
                group = self._call("DescribeNodegroup", clusterName=self._name, nodegroupName=name)["nodegroup"]
                issues = [issue.get("message") or issue.get("code") for issue in (group.get("health") or {}).get("issues") or []]
                found[name] = {"version": group.get("version"), "release": group.get("releaseVersion"), "status": group.get("status") or ""}
                found[name] |= {"ami": group.get("amiType"), "labels": group.get("labels") or {}, "issues": issues}
            return found

        return self._read("the node groups", read, {}, needed=True)

    def insights(self) -> list[dict[str, Any]]:
        """Answers of DescribeInsight for all upgrade insights that do not pass."""

        def read() -> list[dict[str, Any]]:
            listed = self._pages("ListInsights", "insights", clusterName=self._name, filter={"categories": ["UPGRADE_READINESS"]})
            failing = [one["id"] for one in listed if (one.get("insightStatus") or {}).get("status") != "PASSING"]
            return [self._call("DescribeInsight", clusterName=self._name, id=insight)["insight"] for insight in failing]

        return self._read("EKS' upgrade insights", read, [])

    def _call(self, operation: str, **arguments: Any) -> dict[str, Any]:
        return self._calls(self._region, operation, "eks", **arguments)

    def _pages(self, operation: str, result: str, **arguments: Any) -> Iterator[Any]:
        token: dict[str, str] = {}
        while True:
            answer = self._call(operation, **arguments, **token)
            yield from answer.get(result) or []
            if not answer.get("nextToken"):
                return
            token = {"nextToken": answer["nextToken"]}

    def _read(self, what: str, read: Callable[[], Any], otherwise: Any, *, needed: bool = False) -> Any:
        try:
            return read()
        except CallError as error:
            if error.code not in NOT_GIVEN:
                raise
            said = f"{what} cannot be read ({error.code}: {error.message})"
            (self.problems if needed else self.warnings).append(f"{said}; allow it to the role that plans" if needed else f"{said}: not looked at")
            return otherwise


def _day(moment: Any) -> str | None:
    return moment.date().isoformat() if moment else None


def insight_findings(insights: Iterable[dict[str, Any]], now: str, to: str) -> tuple[list[str], list[str]]:
    """`(problems, warnings)` of insights about the minors after `now` up to `to`: an ERROR is a problem. What they tell of APIs is told with the APIs."""
    problems, warnings = [], []
    for insight in insights:
        status = insight.get("insightStatus") or {}
        minor = str(insight.get("kubernetesVersion") or to)
        if not _before(now, minor) or _before(to, minor) or status.get("status") not in ("ERROR", "WARNING"):
            continue
        if (insight.get("categorySpecificSummary") or {}).get("deprecationDetails"):
            continue
        said = f"EKS insight '{insight.get('name')}' for {minor} is {status['status']}: {status.get('reason') or insight.get('description') or ''}"
        (problems if status["status"] == "ERROR" else warnings).append(f"{said}; {insight.get('recommendation') or 'see the EKS console'}")
    return problems, warnings


def _before(one: str, other: str) -> bool:
    return tuple(map(int, one.split("."))) < tuple(map(int, other.split(".")))
