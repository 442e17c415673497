# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An import takes in what has no guards yet; nothing else may."""

from __future__ import annotations

import pytest

pytest.importorskip("botocore")

from ansible_collections.llmops.platform.plugins.module_utils._stacks.errors import StackError
from ansible_collections.llmops.platform.plugins.module_utils._stacks.model import read_graph
from ansible_collections.llmops.platform.plugins.module_utils._stacks.stateful import stack_policy
from tests.support.stack_graphs import stack
from tests.support.stack_graphs import template

TEXT = template({"Data": {"Type": "AWS::S3::Bucket", "DeletionPolicy": "Retain", "Properties": {"BucketName": "hub-dev-data"}}})


def graph(text):
    return stack("a", text, protection=True, policy=stack_policy())


def test_what_is_imported_needs_no_guards_yet():
    assert list(read_graph(graph(TEXT), imported=lambda _stack: ["Data"])) == ["us-east-1/a"]


@pytest.mark.parametrize(("text", "names"), [(TEXT, []), (TEXT, ["Other"]), (TEXT.replace("Retain", "Delete"), ["Data"])])
def test_all_else_does(text, names):
    with pytest.raises(StackError, match="RetainExceptOnCreate"):
        read_graph(graph(text), imported=lambda _stack: names)
