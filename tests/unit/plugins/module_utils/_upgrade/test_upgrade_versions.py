# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Versions, ways and skew, and the table of removed APIs."""

from __future__ import annotations

import datetime
import re

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._upgrade import removals
from ansible_collections.llmops.platform.plugins.module_utils._upgrade import support
from ansible_collections.llmops.platform.plugins.module_utils._upgrade import versions


@pytest.mark.parametrize(("version", "minor"), [("1.36", 36), ("v1.36.3", 36), ("1.36.3-eks-4f1b2c", 36), ("v1.31+", 31), (" 1.9 ", 9)])
def test_the_minor_of_a_version(version, minor):
    assert versions.minor_of(version, "x") == minor


@pytest.mark.parametrize("version", ["", "36", "2.1", "1", "one", None, "1.x"])
def test_what_is_no_version_is_named(version):
    with pytest.raises(ValueError, match=r"to is .* no version of Kubernetes such as 1.36; quote it"):
        versions.minor_of(version, "to")


WAYS = [
    (36, 37, [37], None),
    (36, 36, [], None),
    (34, 37, [35, 36, 37], "to is 1.37, which skips 1.35, 1.36: .* upgrade to 1.35 first"),
    (36, 38, [37, 38], "to is 1.38, which skips 1.37"),
    (36, 35, [], "to is 1.35, lower than the 1.36 that runs: Kubernetes has no way down; set the version to 1.36 or 1.37"),
]


@pytest.mark.parametrize(("now", "to", "way", "problem"), WAYS)
def test_one_minor_at_a_time_and_never_down(now, to, way, problem):
    assert versions.way(now, to) == way
    found = versions.way_problems(now, to)
    assert len(found) == (problem is not None)
    assert all(re.search(problem, line) for line in found)


KUBELETS = [
    (36, 36, ""),
    (33, 36, ""),
    (32, 36, "kubelet 1.32 is 4 minors older than the control plane's 1.36, 3 are supported"),
    (37, 36, "kubelet 1.37 is newer than the control plane's 1.36"),
    (24, 26, ""),
    (24, 27, "kubelet 1.24 is 3 minors older than the control plane's 1.27, 2 are supported"),
    (25, 28, ""),
]


@pytest.mark.parametrize(("kubelet", "server", "said"), KUBELETS)
def test_the_skew_policy_of_kubelets(kubelet, server, said):
    assert versions.kubelet_problem(kubelet, server) == said


@pytest.mark.parametrize(
    ("kubectl", "now", "after", "supported"),
    [("1.36.3", 0, -1, True), ("v1.37.0", 1, 0, True), ("1.35.1", -1, -2, False), ("1.38.0", 2, 1, False)],
)
def test_the_skew_of_kubectl_before_and_after(kubectl, now, after, supported):
    assert versions.kubectl_skew(kubectl, 36, 37) == {"version": kubectl, "now": now, "after": after, "supported": supported}


def test_a_kubectl_that_nobody_knows_is_not_judged():
    assert versions.kubectl_skew(None, 36, 37) is None


# As the deprecation guide says it; the last ones as k8s.io/api 0.37.1 does.
REMOVED = [
    (16, "extensions/v1beta1", "Deployment", "apps/v1"),
    (22, "networking.k8s.io/v1beta1", "Ingress", "networking.k8s.io/v1"),
    (22, "extensions/v1beta1", "Ingress", "networking.k8s.io/v1"),
    (22, "rbac.authorization.k8s.io/v1beta1", "RoleBinding", "rbac.authorization.k8s.io/v1"),
    (25, "policy/v1beta1", "PodDisruptionBudget", "policy/v1"),
    (25, "policy/v1beta1", "PodSecurityPolicy", ""),
    (25, "batch/v1beta1", "CronJob", "batch/v1"),
    (25, "autoscaling/v2beta1", "HorizontalPodAutoscaler", "autoscaling/v2"),
    (26, "autoscaling/v2beta2", "HorizontalPodAutoscaler", "autoscaling/v2"),
    (27, "storage.k8s.io/v1beta1", "CSIStorageCapacity", "storage.k8s.io/v1"),
    (29, "flowcontrol.apiserver.k8s.io/v1beta2", "FlowSchema", "flowcontrol.apiserver.k8s.io/v1beta3"),
    (32, "flowcontrol.apiserver.k8s.io/v1beta3", "FlowSchema", "flowcontrol.apiserver.k8s.io/v1"),
    (34, "admissionregistration.k8s.io/v1beta1", "ValidatingAdmissionPolicy", "admissionregistration.k8s.io/v1"),
    (37, "networking.k8s.io/v1beta1", "ServiceCIDR", "networking.k8s.io/v1"),
    (37, "storage.k8s.io/v1beta1", "VolumeAttributesClass", "storage.k8s.io/v1"),
]


@pytest.mark.parametrize(("minor", "api", "kind", "replacement"), REMOVED)
def test_a_removal_counts_for_the_step_that_does_it(minor, api, kind, replacement):
    wanted = removals.Removal(api, kind, minor, replacement)
    assert wanted in removals.between(minor - 1, minor)
    assert wanted not in removals.between(minor, 99)
    assert wanted not in removals.between(0, minor - 1)


def test_no_api_is_removed_twice_and_every_row_is_whole():
    rows = removals.between(0, 99)
    assert len({(row.api, row.kind) for row in rows}) == len(rows) > 80
    for row in rows:
        assert row.api.count("/") == 1 and row.kind[0].isupper() and row.replacement != row.api
        assert row.replacement.count("/") == (1 if row.replacement else 0)


def test_the_groups_where_objects_are_read_today():
    assert removals.Removal("extensions/v1beta1", "Ingress", 22, "networking.k8s.io/v1").groups == ("networking.k8s.io", "extensions")


TODAY = datetime.date(2026, 11, 21)
LIFE = {"1.34": {"end_of_life": "2026-12-02", "extended": "2027-12-02"}, "1.36": {"end_of_life": datetime.date(2027, 8, 2)}}
LIVES = [
    ({"1.36": {"end_of_life": "2027-08-02", "extended": None}}, "1.36", [], []),
    ({"1.35": {"end_of_life": None, "extended": None}}, "1.35", [], ["nothing says until when Kubernetes 1.35"]),
    ({"1.34": {"end_of_life": "2026-12-02", "extended": "2027-12-02"}}, "1.34", [], ["standard support until 2026-12-02 only, 11 days"]),
    ({"1.33": {"end_of_life": "2026-07-29", "extended": "2027-07-29"}}, "1.33", [], ["past its standard support (2026-07-29), in extended support"]),
    ({"1.31": {"end_of_life": "2025-11-26", "extended": "2026-11-20"}}, "1.31", ["Kubernetes 1.31 is past its end of life (on 2026-11-20)"], []),
]


@pytest.mark.parametrize(("rows", "to", "problems", "warnings"), LIVES)
def test_a_version_to_go_to_must_be_supported(rows, to, problems, warnings):
    now = {"1.30": {"end_of_life": "2030-01-01", "extended": None}}
    found = support.findings("1.30", to, now | rows, TODAY)
    for said, wanted in zip(found, (problems, warnings), strict=True):
        assert len(said) == len(wanted) and all(part in line for part, line in zip(wanted, said, strict=True)), said


def test_a_step_on_the_way_may_be_past_its_end_of_life():
    rows = {minor: {"end_of_life": "2025-01-01", "extended": None} for minor in ("1.30", "1.31")}
    problems, warnings = support.findings("1.30", "1.31", rows, TODAY, accepted=True)
    assert not problems and len(warnings) == 2


def test_what_eks_says_counts_before_the_table():
    assert support.support("1.34", LIFE, {}) == {"end_of_life": "2026-12-02", "extended": "2027-12-02", "source": "end_of_life"}
    assert support.support("1.34", LIFE, {"1.34": {"end_of_life": "2026-11-30"}}) == {"end_of_life": "2026-11-30", "extended": None, "source": "eks"}
    assert support.support("1.36", LIFE, {})["end_of_life"] == "2027-08-02"
    assert support.support("1.99", LIFE, {"1.99": {"offered": True}}) == {"end_of_life": None, "extended": None, "source": None}
    with pytest.raises(ValueError, match=r"end_of_life of 1.40 is 'soon'"):
        support.support("1.40", {"1.40": {"end_of_life": "soon"}}, {})
