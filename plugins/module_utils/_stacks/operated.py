# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""IAM statements for what operations change by API, beside the stacks: off-hours of node groups and databases."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._cost.sleeping import TAG

# Their keys are those by which playbooks/off_hours.yml knows a database of the deployment.
OWN_TAGS = ("platform", "environment")
READING = ("eks:DescribeCluster", "eks:DescribeNodegroup", "eks:ListNodegroups", "rds:DescribeDBInstances")
CHANGING = ("eks:UpdateNodegroupConfig", "rds:StartDBInstance", "rds:StopDBInstance")
TAGGING = ("eks:TagResource", "eks:UntagResource", "rds:AddTagsToResource", "rds:RemoveTagsFromResource")


def off_hours(names: Mapping[str, str], regions: Iterable[str], tags: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """Statements of who runs playbooks/off_hours.yml: changes only to what bears the deployment's tags, and of tags only the one that notes the sleep.

    `names`: `{partition, account}`; `tags`: values of OWN_TAGS. Raises ValueError for a tag without value. Conditions by service:
    https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonrds.html and …/list_amazonelastickubernetesservice.html
    """
    if missing := [name for name in OWN_TAGS if not tags.get(name)]:
        raise ValueError(f"tags has no {' and no '.join(missing)}; without it the policy would reach what belongs to others")
    own = {f"aws:ResourceTag/{name}": tags[name] for name in OWN_TAGS}
    head, here = f"arn:{names['partition']}", sorted(regions)
    things = [f"{head}:{kind}" for region in here for kind in (f"eks:{region}:{names['account']}:nodegroup/*", f"rds:{region}:{names['account']}:db:*")]
    yield {"Sid": "OffHoursRead", "Effect": "Allow", "Action": [*READING], "Resource": "*", "Condition": {"StringEquals": {"aws:RequestedRegion": here}}}
    yield {"Sid": "OffHours", "Effect": "Allow", "Action": [*CHANGING], "Resource": things, "Condition": {"StringEquals": own}}
    only = {"ForAllValues:StringEquals": {"aws:TagKeys": [TAG]}, "StringEquals": own}
    yield {"Sid": "OffHoursNote", "Effect": "Allow", "Action": [*TAGGING], "Resource": things, "Condition": only}
