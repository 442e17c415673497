# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reports of the policy tools, and skips that end or are not used."""

from __future__ import annotations

import datetime

import pytest

from tests.support.policy import TOOLS
from tests.support.policy import Finding
from tests.support.policy import checkov_findings
from tests.support.policy import definition_schemas
from tests.support.policy import failures
from tests.support.policy import judge
from tests.support.policy import kube_score_findings
from tests.support.policy import rendered
from tests.support.policy import validate_findings

TODAY = datetime.date(2026, 11, 21)
FINDINGS = [
    Finding("checkov", "CKV_1", "host Deployment.a.b", "bad"),
    Finding("checkov", "CKV_1", "host Deployment.a.c", "bad"),
    Finding("kube-score", "x", "h", "m"),
]
SKIP = {"tool": "checkov", "check": "CKV_1", "reason": "it is not so here", "until": datetime.date(2026, 11, 21)}
OTHER = {**SKIP, "tool": "kube-score", "check": "x"}

JUDGED = [
    # skips, checks of the findings left, what is wrong with the skips
    ([], ["CKV_1", "CKV_1", "x"], []),
    ([SKIP], ["x"], []),
    ([SKIP, OTHER], [], []),
    (
        [{**SKIP, "until": datetime.date(2026, 11, 20)}],
        ["CKV_1", "CKV_1", "x"],
        ["skip 1 (checkov CKV_1) ended on 2026-11-20: fix the finding, or give a new reason and day"],
    ),
    ([{**SKIP, "check": "CKV_2"}], ["CKV_1", "CKV_1", "x"], ["skip 1 (checkov CKV_2) is not used: remove it"]),
    ([{**SKIP, "tool": "kube-score"}], ["CKV_1", "CKV_1", "x"], ["skip 1 (kube-score CKV_1) is not used: remove it"]),
    ([SKIP, SKIP], ["x"], ["skip 2 (checkov CKV_1) stands there twice"]),
    ([{**SKIP, "tool": "trivy"}], ["CKV_1", "CKV_1", "x"], ["skip 1 names the tool 'trivy'; there are " + ", ".join(TOOLS)]),
    ([{**SKIP, "reason": "not here"}], ["CKV_1", "CKV_1", "x"], ["skip 1 gives no reason"]),
    ([{**SKIP, "until": "soon"}], ["CKV_1", "CKV_1", "x"], ["skip 1 ends on 'soon', not on a day as YYYY-MM-DD"]),
    ([{"tool": "checkov", "check": "CKV_1"}], ["CKV_1", "CKV_1", "x"], ["skip 1 needs exactly tool, check, reason and until"]),
    ([{**SKIP, "host": "a"}], ["CKV_1", "CKV_1", "x"], ["skip 1 needs exactly tool, check, reason and until"]),
    ({"checkov": "CKV_1"}, ["CKV_1", "CKV_1", "x"], ["skips.yml is no list of {tool, check, reason, until}"]),
]


@pytest.mark.parametrize(("skips", "left", "problems"), JUDGED)
def test_skips(skips, left, problems):
    findings, said = judge(FINDINGS, skips, TODAY)
    assert [finding.check for finding in findings] == left
    assert said == problems


def test_ten_skips_are_the_most():
    findings = [Finding("checkov", f"CKV_{number}", "-", "-") for number in range(11)]
    skips = [{**SKIP, "check": finding.check} for finding in findings]
    assert judge(findings[:10], skips[:10], TODAY) == ([], [])
    assert judge(findings, skips, TODAY) == ([], ["11 skips, 10 are the most: fix findings instead"])


def test_what_was_rendered_is_found_with_and_without_a_loop():
    one, two = ({"after_header": name, "after": f"kind: {name}\n"} for name in ("One", "Two"))
    tasks = [
        {"hosts": {"a": {"changed": False}, "b": {"diff": []}}},
        {"hosts": {"a": {"diff": [one, two]}, "b": {"results": [{"diff": [two]}, {"changed": False}, {"diff": None}]}}},
    ]
    assert list(rendered({"plays": [{"tasks": tasks}]})) == [("a", "One", "kind: One\n"), ("a", "Two", "kind: Two\n"), ("b", "Two", "kind: Two\n")]


def test_failures_name_host_and_task():
    hosts = {"a": {"failed": True, "msg": "no"}, "b": {"changed": True}, "c": {"unreachable": True}}
    assert list(failures({"plays": [{"tasks": [{"task": {"name": "Apply"}, "hosts": hosts}]}]})) == ["a: Apply: no", "c: Apply: failed"]


def test_lines_of_kubernetes_validate():
    output = (
        "INFO a.yml passed for resource x against version 1.36\n"
        "WARN b.yml Couldn't find schema\n"
        "ERROR c.yml did not validate: spec: wrong\n"
        "FATAL no such version\n"
    )
    findings, unknown, passed = validate_findings(output)
    assert [(finding.check, finding.where, finding.message) for finding in findings] == [
        ("schema", "c.yml", "did not validate: spec: wrong"),
        ("schema", "no", "such version"),
    ]
    assert (unknown, passed) == (["b.yml"], 1)


def test_lines_of_another_tool_bear_its_name():
    findings, _unknown, _passed = validate_findings("ERROR c.yml did not validate: wrong\n", "definitions")
    assert str(findings[0]) == "definitions schema: c.yml: did not validate: wrong"


def definition(schema: dict, **version: object) -> dict:
    versions = [{"name": "v1", "served": True, "schema": {"openAPIV3Schema": schema}, **version}]
    return {"spec": {"group": "shop.example", "names": {"kind": "Cart"}, "versions": versions}}


def test_schemas_of_definitions_are_by_version_and_only_of_served_ones():
    assert list(definition_schemas([definition({"type": "object"})])) == [("shop.example/v1", "Cart")]
    assert definition_schemas([definition({"type": "object"}, served=False)]) == {}


CLOSED = {"type": "object", "properties": {"a": {"type": "string"}}}
STRICT = {**CLOSED, "additionalProperties": False}


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        (CLOSED, STRICT),
        ({**CLOSED, "x-kubernetes-preserve-unknown-fields": True}, CLOSED),
        ({"type": "object", "additionalProperties": CLOSED}, {"type": "object", "additionalProperties": STRICT}),
        ({"type": "array", "items": CLOSED}, {"type": "array", "items": STRICT}),
        ({"type": "object", "x-kubernetes-embedded-resource": True, "properties": {}}, {"type": "object", "properties": {}, "additionalProperties": True}),
        ({"type": "string", "nullable": True, "default": "a", "format": "byte"}, {"type": ["string", "null"]}),
        # A field may be called like a keyword.
        (
            {"type": "object", "properties": {"default": {"type": "string", "default": "a"}}},
            {"type": "object", "properties": {"default": {"type": "string"}}, "additionalProperties": False},
        ),
        # Only a condition on fields that stand elsewhere.
        ({"anyOf": [{"properties": {"a": {}}}], "x-kubernetes-int-or-string": True}, {"anyOf": [{"properties": {"a": {}}}]}),
    ],
)
def test_schemas_of_definitions_refuse_what_an_api_server_refuses(schema, expected):
    found = definition_schemas([definition({"type": "object", "properties": {"spec": schema}})])["shop.example/v1", "Cart"]
    assert found["properties"]["spec"] == expected
    assert found["additionalProperties"] is False and {"apiVersion", "kind", "metadata"} <= found["properties"].keys()


def test_report_of_checkov():
    failed = [
        {"check_id": "CKV_K8S_43", "check_name": "Image should use digest", "file_path": "/rendered/host_a/deployment_x.yml", "resource": "Deployment.a.b"}
    ]
    report = {"results": {"failed_checks": failed, "parsing_errors": ["/rendered/host_a/y.yml"]}, "summary": {"passed": 7}}
    findings, passed = checkov_findings(report)
    assert [str(finding) for finding in findings] == [
        "checkov CKV_K8S_43: host_a Deployment.a.b: Image should use digest",
        "checkov unreadable: /rendered/host_a/y.yml: could not be parsed",
    ]
    assert passed == 7


def test_checkov_that_judged_nothing_is_a_finding():
    findings, passed = checkov_findings({"passed": 0, "failed": 0, "resource_count": 0})
    assert [finding.check for finding in findings] == ["nothing"] and passed == 0


def test_report_of_kube_score():
    def check(name, grade, *, skipped=False, comments=None):
        return {"check": {"id": name, "comment": f"about {name}"}, "grade": grade, "skipped": skipped, "comments": comments}

    checks = [
        check("bad", 1, comments=[{"summary": "b"}, {"summary": "a"}, {"summary": "b"}]),
        check("warned", 5),
        check("good", 10),
        check("off", 1, skipped=True),
    ]
    critical, warnings, passed = kube_score_findings([{"object_name": "Pod/a", "checks": checks}, {"object_name": "Pod/b", "checks": None}], "host")
    assert [str(finding) for finding in critical] == ["kube-score bad: host Pod/a: a; b"]
    assert [str(finding) for finding in warnings] == ["kube-score warned: host Pod/a: about warned"]
    assert passed == 1
