# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of kinds against AWS's resource schemas and botocore's models of the services."""

from __future__ import annotations

import json

import pytest

pytest.importorskip("cfnlint")
pytest.importorskip("botocore")

import botocore.session
import jmespath

from ansible_collections.llmops.platform.plugins.module_utils._adoption import kinds
from ansible_collections.llmops.platform.plugins.module_utils._adoption import schemas
from tests.support import adoption_schemas
from tests.support import stack_schemas

ROWS = sorted(kinds.KINDS.items())
MUST = {
    "EC2": "InternetGateway NatGateway RouteTable SecurityGroup Subnet VPC VPCEndpoint",
    "ECR": "Repository",
    "EKS": "AccessEntry Addon Cluster Nodegroup",
    "ElastiCache": "ReplicationGroup",
    "IAM": "Role",
    "KMS": "Alias Key",
    "Logs": "LogGroup",
    "MSK": "Cluster",
    "OpenSearchService": "Domain",
    "RDS": "DBInstance DBParameterGroup DBSubnetGroup",
    "Route53": "HostedZone",
    "S3": "Bucket",
}
SCHEMAS = stack_schemas.schemas()
SESSION = botocore.session.Session()


def test_the_table_of_schemas_is_that_of_cfn_lint():
    wanted = adoption_schemas.data()
    assert list(schemas.NO_IMPORT) == wanted.pop("NO_IMPORT"), "run python -m tests.support.adoption_schemas"
    for name, types in wanted.items():
        committed = {kind: paths.split() for kind, paths in getattr(schemas, name).items()}
        assert committed == {kind: paths.split() for kind, paths in types.items()}, "run python -m tests.support.adoption_schemas"


@pytest.mark.parametrize("kind", [f"AWS::{service}::{name}" for service, names in MUST.items() for name in names.split()])
def test_what_platforms_stand_on_can_be_adopted(kind):
    assert kind in kinds.KINDS
    assert kinds.unsupported(kind) == ""


@pytest.mark.parametrize(("kind", "row"), ROWS)
def test_names_and_rules_are_properties_of_the_type(kind, row):
    known = set(SCHEMAS[kind]["properties"]) | {"Tags.Name"}
    used = {part for word in kinds_words(row.name) for part in word.split("|") if not part.startswith(":")}
    used |= {name.removesuffix("?") for rule in row.match for name in rule}
    used |= {path for other, path in row.through if other == kind}
    assert used <= known
    for other, path in row.through:
        assert path in SCHEMAS[other]["properties"]


def kinds_words(template):
    return [part.partition("}")[0] for part in template.split("{")[1:]]


@pytest.mark.parametrize(("kind", "row"), ROWS)
def test_every_kind_is_found_somehow_and_terraform_knows_it(kind, row):
    declarable = not set(kinds.identifier_of(kind)) & set(schemas.READ_ONLY.get(kind, "").split())
    assert row.name or row.match or row.through or declarable
    assert row.terraform and all(one.startswith("aws_") for one in (*row.terraform, *row.parts))


SEARCHES = [(kind, row) for kind, row in ROWS if row.search]


@pytest.mark.parametrize(("kind", "row"), SEARCHES)
def test_listings_are_operations_whose_answers_have_what_is_asked(kind, row):
    search = row.search
    model = SESSION.get_service_model(search.service).operation_model(search.operation)
    item = json.dumps(members(model.output_shape, 6))
    for expression in (search.items, search.id, *search.fields.values(), search.tags or "@", search.system or "@"):
        for word in words(jmespath.compile(expression).parsed):
            assert f'"{word}"' in item or len(word) == 1, word
    for name in (name for rule in row.match for name in rule):
        assert name.removesuffix("?") in search.fields
    assert not row.inside or row.inside in search.fields


def members(shape, depth):
    if shape is None or not depth:
        return {}
    if shape.type_name == "structure":
        return {name: members(inner, depth - 1) for name, inner in shape.members.items()}
    return [members(shape.member, depth - 1)] if shape.type_name == "list" else {}


def words(parsed):
    """Names of fields in a JMESPath."""
    if parsed["type"] == "field":
        yield parsed["value"]
    for child in parsed.get("children", []):
        yield from words(child)


def test_a_type_without_a_reader_is_refused_with_the_reason():
    assert "cannot import" in kinds.unsupported("AWS::IAM::Policy")
    assert "stack_schemas" in kinds.unsupported("AWS::Nobody::Knows")


@pytest.mark.parametrize(
    ("kind", "identifier", "reference"),
    [
        ("AWS::EC2::EIP", "198.51.100.7|eipalloc-1", "198.51.100.7"),
        ("AWS::EC2::VPCCidrBlock", "vpc-cidr-assoc-1|vpc-1", "vpc-cidr-assoc-1"),
        ("AWS::EC2::VPC", "vpc-1", "vpc-1"),
    ],
)
def test_what_ref_gives(kind, identifier, reference):
    assert kinds.physical_id(kind, identifier) == reference
