# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A node group that sleeps by off-hours is no drift; the same change without off-hours is."""

from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._stacks import drifting

STACKS = Path(__file__).parents[5] / "roles" / "cluster" / "tasks" / "stacks.yml"
SIZES = ["NodeGroup.ScalingConfig.DesiredSize", "NodeGroup.ScalingConfig.MinSize"]


class Asleep:
    """CloudFormation's answers for a node group of 2 to 5 nodes that has been scaled to nothing."""

    def __call__(self, _region, _operation, **_arguments):
        return {"StackDriftDetectionId": "1", "DetectionStatus": "DETECTION_COMPLETE"}

    def pages(self, _region, _operation, _result, **_arguments):
        thing = {"LogicalResourceId": "NodeGroup", "ResourceType": "AWS::EKS::Nodegroup", "PhysicalResourceId": "shop/general"}
        differences = [
            {"PropertyPath": f"/ScalingConfig/{name}", "ExpectedValue": value, "ActualValue": "0"} for name, value in (("DesiredSize", "3"), ("MinSize", "2"))
        ]
        yield {**thing, "StackResourceDriftStatus": "MODIFIED", "PropertyDifferences": differences}


@pytest.mark.parametrize(("operated", "status", "left"), [(SIZES, "in sync", 0), (SIZES[:1], "drifted", 1), ([], "drifted", 2)])
def test_what_sleeps_is_operated(operated, status, left):
    (row,) = drifting.detect(Asleep(), "us-east-1", "shop-dev-nodes-general", operated, 0.1)
    assert (row["status"], len(row["properties"])) == (status, left)
    assert (row["note"] == "changed by operations: ScalingConfig.DesiredSize, ScalingConfig.MinSize") is (left == 0)


def test_role_cluster_lists_both_sizes_where_there_are_off_hours():
    text = STACKS.read_text(encoding="utf-8")
    assert f"['{SIZES[0]}'] + (['{SIZES[1]}'] if cluster_off_hours else [])" in text
