# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Lifecycle and access of repositories at ECR."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

ACCOUNT = re.compile(r"[0-9]{12}")
ARN = re.compile(r"arn:aws[a-z-]*:iam::[0-9]{12}:(root|(role|user)/[\w+=,.@/-]{1,512})", re.ASCII)
# https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html: countNumber is at most that of images in a repository.
COUNT = range(1, 100_001)


def lifecycle_policy(keep: int, untagged_days: int) -> str:
    """JSON text: untagged images go after `untagged_days`, of all others the newest `keep` stay. Raises ValueError for a number below one."""
    for name, number in (("registry_keep_images", keep), ("registry_untagged_days", untagged_days)):
        if isinstance(number, bool) or not isinstance(number, int) or number not in COUNT:
            raise ValueError(f"{name} is {number!r}; give a number from {COUNT[0]} to {COUNT[-1]}")
    expire = {"type": "expire"}
    untagged = {"countNumber": untagged_days, "countType": "sinceImagePushed", "countUnit": "days", "tagStatus": "untagged"}
    rules = [
        {"action": expire, "description": f"Untagged ones go after {untagged_days} days", "rulePriority": 1, "selection": untagged},
        # The rule for any image comes last, or ECR refuses the policy.
        {
            "action": expire,
            "description": f"The newest {keep} stay",
            "rulePriority": 2,
            "selection": {"countNumber": keep, "countType": "imageCountMoreThan", "tagStatus": "any"},
        },
    ]
    return json.dumps({"rules": rules}, sort_keys=True)


def repository_policy(principals: Mapping[str, Any]) -> dict[str, Any]:
    """Who of other accounts may pull; empty if nobody. `principals`: accounts (twelve digits) or ARNs of IAM roles and users, by any name."""
    found = []
    for name, principal in principals.items():
        if isinstance(principal, str) and ACCOUNT.fullmatch(principal):
            found.append({"Fn::Sub": f"arn:${{AWS::Partition}}:iam::{principal}:root"})
        elif isinstance(principal, str) and ARN.fullmatch(principal):
            found.append(principal)
        else:
            raise ValueError(f"registry_pull_principals.{name} is {principal!r}; give an account (twelve digits, quoted) or the ARN of a role or user")
    if not found:
        return {}
    actions = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
    return {"Version": "2012-10-17", "Statement": [{"Sid": "Pull", "Effect": "Allow", "Principal": {"AWS": found}, "Action": actions}]}
