# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of permissions is what the schemas and the templates say."""

from __future__ import annotations

import pytest

pytest.importorskip("cfnlint")

from tests.support import stack_permissions


def test_the_file_is_what_is_generated():
    document = stack_permissions.generated(stack_permissions.types_by_role())
    for file, wanted in ((stack_permissions.FILE, document), (stack_permissions.FOUNDATION, stack_permissions.foundation(document))):
        assert file.read_text(encoding="utf-8") == stack_permissions.text(wanted), "run python -m tests.support.stack_permissions"


@pytest.mark.parametrize(
    ("text", "types"),
    [
        ("Resources:\n  A:\n    Type: AWS::EC2::VPC\n", {"AWS::EC2::VPC"}),
        ('  A:\n    Type: "AWS::S3::Bucket"\n', {"AWS::S3::Bucket"}),
        ("  A:\n    Type: AWS::KMS::{{ 'ReplicaKey' if key.role == 'replica' else 'Key' }}\n", {"AWS::KMS::ReplicaKey", "AWS::KMS::Key"}),
        ("Parameters:\n  A:\n    Type: AWS::EC2::VPC::Id\n  B:\n    Type: String\n", set()),
        ("  B:\n    Type: AWS::SSM::Parameter::Value<String>\n", set()),
    ],
)
def test_types_in_a_template(text, types):
    assert stack_permissions.types_in(text) == types


def test_a_type_without_a_schema_is_said():
    with pytest.raises(LookupError, match="AWS::Moon::Base"):
        stack_permissions.generated({"network": ["AWS::Moon::Base"]})


def test_calls_that_iam_does_not_know_are_left_out():
    known = {"s3": {"Actions": {"putobject": {}}}}
    schema = {"handlers": {"create": {"permissions": ["s3:REST.PUT.OBJECT", "s3:PutObject", "s3:Put*"]}}, "tagging": {"permissions": ["s3:PutObject"]}}
    assert stack_permissions.of_schema(schema, known) == {"create": ["s3:Put*", "s3:PutObject"], "tag": ["s3:PutObject"]}
