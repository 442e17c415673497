# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Observed figures, tokens and deadlines."""

from __future__ import annotations

import re
from itertools import product

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._stacks.deadlines import DEADLINES
from ansible_collections.llmops.platform.plugins.module_utils._stacks.deadlines import seconds_for
from ansible_collections.llmops.platform.plugins.module_utils._stacks.errors import StackError
from ansible_collections.llmops.platform.plugins.module_utils._stacks.model import Observed
from ansible_collections.llmops.platform.plugins.module_utils._stacks.observed import observed_value
from ansible_collections.llmops.platform.plugins.module_utils._stacks.tokens import OPERATIONS
from ansible_collections.llmops.platform.plugins.module_utils._stacks.tokens import change_set_name
from ansible_collections.llmops.platform.plugins.module_utils._stacks.tokens import request_token


@pytest.mark.parametrize(
    ("minimum", "maximum", "live", "expected"),
    [
        ("3", "10", None, "4"),
        ("3", "10", "7", "7"),
        ("3", "10", "3", "3"),
        ("3", "10", "1", "3"),
        ("3", "10", "12", "10"),
        ("100", "", "99.5", "100"),
        ("", "10", "9", "9"),
        ("9", "10", "10", "10"),
        ("", "", "gp3", "gp3"),
    ],
)
def test_observed(minimum: str, maximum: str, live: str | None, expected: str) -> None:
    assert observed_value(Observed("4", "Nodes", "ScalingConfig.DesiredSize", minimum, maximum), live) == expected


@pytest.mark.parametrize(
    ("minimum", "maximum", "live", "words"),
    [
        ("3", "10", "many", "the live value of Nodes.Size is 'many'"),
        ("3", "10", "nan", "the live value"),
        ("3", "10", "", "the live value"),
        ("low", "", "3", "minimum of Nodes.Size is 'low'"),
        ("", "inf", "3", "maximum of Nodes.Size is 'inf'"),
        ("5", "3", "4", "minimum 5 of Nodes.Size is above its maximum 3"),
    ],
)
def test_observed_refused(minimum: str, maximum: str, live: str, words: str) -> None:
    with pytest.raises(StackError, match=words):
        observed_value(Observed("4", "Nodes", "Size", minimum, maximum), live)


def test_tokens_differ_by_everything_and_by_nothing_else() -> None:
    keys, digests, values, attempts = (
        ("us-east-1/a", "us-east-1/b"),
        ("0" * 64, "1" * 64),
        ({}, {"A": "b"}, {"A": "c"}, {"Ab": ""}, {"A": "ü", "B": "c"}),
        (1, 2),
    )
    asked = list(product(keys, OPERATIONS, digests, values, attempts))
    tokens = [request_token(*one) for one in asked]
    assert len(set(tokens)) == len(asked) == len({change_set_name(token) for token in tokens})
    assert all(re.fullmatch(r"[a-zA-Z][-a-zA-Z0-9]{0,127}", name) for token in tokens for name in (token, change_set_name(token)))
    assert request_token("a", "create", "d", {"A": "1", "B": "2"}, 1) == request_token("a", "create", "d", {"B": "2", "A": "1"}, 1)


def test_an_unknown_operation_has_no_token() -> None:
    with pytest.raises(ValueError, match="operation is 'make'"):
        request_token("a", "make", "d", {}, 1)


@pytest.mark.parametrize(
    ("types", "operation", "minutes"),
    [
        ([], "create", 40),
        (["AWS::EC2::VPC"], "update", 40),
        (["AWS::EC2::VPC", "AWS::MSK::Cluster"], "create", 140),
        (["AWS::MSK::Cluster"], "delete", 140),
        (["AWS::MSK::Cluster", "AWS::EKS::Cluster"], "update", 1460),
    ],
)
def test_deadlines(types: list[str], operation: str, minutes: int) -> None:
    assert seconds_for(types, operation) == minutes * 60


def test_deadlines_have_sources_and_none_ends_before_the_default() -> None:
    assert all(source and create >= 20 and update >= 20 for create, update, source in DEADLINES.values())
    with pytest.raises(ValueError, match="operation is 'stop'"):
        seconds_for([], "stop")
