# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the check `policy` makes of its tools' reports, and of the findings that are skipped for a reason and a while."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

MOST_SKIPS = 10
TOOLS = ("kubernetes-validate", "definitions", "checkov", "kube-score", "cfn-lint")
CRITICAL = 1


@dataclass(frozen=True)
class Finding:
    """What one tool holds against one object."""

    tool: str
    check: str
    where: str
    message: str

    def __str__(self) -> str:
        return f"{self.tool} {self.check}: {self.where}: {self.message}"


def rendered(report: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Host, `Kind/namespace/name` and YAML of each object in the JSON of a run in check mode with diffs."""
    for play in report["plays"]:
        for task in play["tasks"]:
            for host, result in task["hosts"].items():
                for one in result.get("results", [result]):
                    for difference in one.get("diff") or []:
                        yield host, difference["after_header"], difference["after"]


def failures(report: dict[str, Any]) -> Iterator[str]:
    """One line for each host and task that failed in the JSON of a run."""
    for play in report["plays"]:
        for task in play["tasks"]:
            for host, result in task["hosts"].items():
                if result.get("failed") or result.get("unreachable"):
                    yield f"{host}: {task['task']['name']}: {result.get('msg', 'failed')}"


def validate_findings(output: str, tool: str = "kubernetes-validate") -> tuple[list[Finding], list[str], int]:
    """Findings of kubernetes-validate's lines, the paths that it had no schema for, and how many objects passed."""
    findings, unknown, passed = [], [], 0
    for line in filter(None, output.splitlines()):
        level, _separator, rest = line.partition(" ")
        if level == "INFO":
            passed += 1
        elif level == "WARN":
            unknown.append(rest.partition(" ")[0])
        else:
            where, _separator, message = rest.partition(" ")
            findings.append(Finding(tool, "schema", where, message))
    return findings, unknown, passed


def definition_schemas(definitions: Sequence[dict[str, Any]]) -> dict[tuple[str, str], dict[str, Any]]:
    """JSON schemas, by apiVersion and kind, of all served versions of CustomResourceDefinitions. Unknown fields are refused, as by a strict API server."""
    found = {}
    for definition in definitions:
        spec = definition["spec"]
        for version in spec["versions"]:
            if version["served"]:
                schema = _strict(version["schema"]["openAPIV3Schema"])
                schema["properties"] = {**schema.get("properties", {}), "apiVersion": {}, "kind": {}, "metadata": {"type": "object"}}
                found[f"{spec['group']}/{version['name']}", spec["names"]["kind"]] = schema
    return found


def _strict(schema: dict[str, Any]) -> dict[str, Any]:
    """The same as plain JSON schema (draft 4). What stands below allOf, anyOf, oneOf and not has no fields of its own, so it stays."""
    own = {key: value for key, value in schema.items() if key not in ("default", "nullable", "format") and not key.startswith("x-kubernetes-")}
    if "properties" in own:
        own["properties"] = {name: _strict(value) for name, value in own["properties"].items()}
        if "additionalProperties" not in own and not schema.get("x-kubernetes-preserve-unknown-fields"):
            own["additionalProperties"] = False
    if isinstance(own.get("additionalProperties"), dict):
        own["additionalProperties"] = _strict(own["additionalProperties"])
    if "items" in own:
        own["items"] = _strict(own["items"])
    if schema.get("x-kubernetes-embedded-resource"):
        own["additionalProperties"] = True
    if schema.get("nullable") and "type" in own:
        own["type"] = [own["type"], "null"]
    return own


def checkov_findings(report: dict[str, Any]) -> tuple[list[Finding], int]:
    """Findings of checkov's JSON and how many checks passed. A file that it cannot read is a finding."""
    if "results" not in report:
        # That is how checkov says that it found nothing to judge.
        return [Finding("checkov", "nothing", "-", "no object was judged")], 0
    failed = report["results"]["failed_checks"]
    found = [Finding("checkov", entry["check_id"], f"{_host(entry['file_path'])} {entry['resource']}", entry["check_name"]) for entry in failed]
    found += [Finding("checkov", "unreadable", str(path), "could not be parsed") for path in report["results"].get("parsing_errors", [])]
    return found, report["summary"]["passed"]


def cfn_lint_findings(report: list[dict[str, Any]]) -> list[Finding]:
    """Findings of cfn-lint's JSON."""
    return [Finding("cfn-lint", entry["Rule"]["Id"], f"{_host(entry['Filename'])} {_place(entry['Location'])}", entry["Message"]) for entry in report]


def _place(location: dict[str, Any]) -> str:
    return "/".join(map(str, location.get("Path") or ())) or f"line {location['Start']['LineNumber']}"


def kube_score_findings(report: list[dict[str, Any]], host: str) -> tuple[list[Finding], list[Finding], int]:
    """Critical findings of kube-score's JSON, its warnings, and how many checks passed."""
    critical, warnings, passed = [], [], 0
    for entry in report:
        for check in entry["checks"] or []:
            if check["skipped"]:
                continue
            if check["grade"] > 5:
                passed += 1
                continue
            message = "; ".join(sorted({comment["summary"] for comment in check["comments"] or []})) or check["check"]["comment"]
            finding = Finding("kube-score", check["check"]["id"], f"{host} {entry['object_name']}", message)
            (critical if check["grade"] <= CRITICAL else warnings).append(finding)
    return critical, warnings, passed


def judge(findings: Sequence[Finding], skips: Any, today: datetime.date) -> tuple[list[Finding], list[str]]:
    """The findings that no valid skip covers, and what is wrong with the skips themselves."""
    if not isinstance(skips, list):
        return list(findings), ["skips.yml is no list of {tool, check, reason, until}"]
    problems = [f"{len(skips)} skips, {MOST_SKIPS} are the most: fix findings instead"] if len(skips) > MOST_SKIPS else []
    covered: set[tuple[str, str]] = set()
    for number, skip in enumerate(skips, 1):
        problem = _fault(skip)
        if problem:
            problems.append(f"skip {number} {problem}")
            continue
        key = (skip["tool"], skip["check"])
        name = f"skip {number} ({skip['tool']} {skip['check']})"
        if key in covered:
            problems.append(f"{name} stands there twice")
        elif skip["until"] < today:
            problems.append(f"{name} ended on {skip['until']}: fix the finding, or give a new reason and day")
        elif not any((finding.tool, finding.check) == key for finding in findings):
            problems.append(f"{name} is not used: remove it")
        else:
            covered.add(key)
    return [finding for finding in findings if (finding.tool, finding.check) not in covered], problems


def _fault(skip: Any) -> str:
    if not isinstance(skip, dict) or set(skip) != {"tool", "check", "reason", "until"}:
        return "needs exactly tool, check, reason and until"
    if skip["tool"] not in TOOLS:
        return f"names the tool {skip['tool']!r}; there are {', '.join(TOOLS)}"
    if not isinstance(skip["reason"], str) or len(skip["reason"].split()) < 4:
        return "gives no reason"
    if not isinstance(skip["until"], datetime.date):
        return f"ends on {skip['until']!r}, not on a day as YYYY-MM-DD"
    return ""


def _host(path: str) -> str:
    return re.split(r"[/\\]", path.strip("/\\"))[-2] if "/" in path.strip("/") else "-"
