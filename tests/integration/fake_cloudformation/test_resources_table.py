# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of resource types against AWS's own schemas, and the way between properties and arguments."""

from __future__ import annotations

import pytest

pytest.importorskip("moto.server")
pytest.importorskip("boto3")
pytest.importorskip("cfnlint")

from botocore.exceptions import ClientError
from botocore.session import get_session
from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER
from fake_cloudformation.resources import errors
from fake_cloudformation.resources import handler_of
from fake_cloudformation.resources import rows
from fake_cloudformation.resources import shapes
from fake_cloudformation.resources import supported
from fake_cloudformation.resources import table_text
from fake_cloudformation.resources.table import Call

# Attributes that nothing here can have a value for, and why.
WITHOUT = {
    "AWS::EC2::VPC": {"VpcEncryptionControl"},
    "AWS::EC2::VPCCidrBlock": {"Ipv6AddressAttribute", "IpSource"},
    "AWS::EC2::Subnet": {"BlockPublicAccessStates"},
    "AWS::EC2::NatGateway": {"AutoProvisionZones", "AutoScalingIps", "RouteTableId"},  # regional gateways
    "AWS::EKS::PodIdentityAssociation": {"ExternalId"},  # roles in other accounts
}
# moto keeps no tags of dashboards; CloudFormation has none for managed policies.
UNTAGGED = ("AWS::CloudWatch::Dashboard", "AWS::IAM::ManagedPolicy")
THIN = ("AWS::RDS::", "AWS::ElastiCache::", "AWS::MSK::", "AWS::OpenSearchService::", "AWS::AmazonMQ::")


def schema(type_name):
    return PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", type_name).schema


def top(schema, key):
    return {path.split("/")[2] for path in schema.get(key, [])}


@pytest.mark.parametrize("type_name", supported())
def test_every_attribute_and_property_named_is_one_of_awss(type_name):
    found, row = schema(type_name), rows()[type_name]
    own = {key for part in row.parts for key in part.properties} | {row.tagging.property if row.tagging else "Tags"}
    assert own | set(row.live) <= set(found["properties"]) | {"Tags"}, "a row names a property that the type does not have"
    if not type_name.startswith(THIN):
        missing = top(found, "readOnlyProperties") - set(row.attributes) - WITHOUT.get(type_name, set()) - own
        missing -= {"CertificateAuthority", "KubernetesNetworkConfig", "MetadataConfiguration", "MetadataTableConfiguration"}
        assert not missing, f"Fn::GetAtt knows no {sorted(missing)}"
    if found.get("tagging", {}).get("taggable") and "/properties/Tags" in str(found.get("tagging")):
        assert row.tagging or type_name in UNTAGGED, f"{type_name} is taggable"


@pytest.mark.parametrize("type_name", supported())
def test_every_call_is_an_operation_with_such_arguments(type_name):
    row = rows()[type_name]
    calls = [row.create_by, row.find, row.delete_by, row.update_by, *row.live.values(), *row.attributes.values()]
    for call in [*calls, *(part.put for part in row.parts), *(part.remove for part in row.parts)]:
        if isinstance(call, Call):
            shape = get_session().get_service_model(call.service or row.service).operation_model(call.operation).input_shape
            members = {name.lower() for name in (shape.members if shape else ())}
            named = {call.renames.get(name, name) for name in call.takes or ()} | set(call.given)
            assert {name.lower() for name in named} <= members, f"{call.operation} takes no such argument"


def test_a_type_without_a_row_is_a_record():
    assert handler_of("AWS::Nothing::AtAll") is None and "AWS::Nothing::AtAll" not in supported()
    assert len(supported()) >= 45 and all(name in table_text() for name in supported())


@pytest.mark.parametrize(
    ("declared", "live", "wanted"),
    [
        (True, "true", True),
        ("3", 3, "3"),
        ("3", 4, 4),
        (80, 80.0, 80),
        ({"A": 1}, {"a": 1, "b": 2}, {"A": 1}),
        ({"A": 1}, '{"A": 1}', {"A": 1}),
        ({"A": 1}, '{"A": 2}', {"A": 2}),
        ('{"a":1}', '{"a": 1}', '{"a":1}'),
        (["b", "a"], ["a", "b"], ["b", "a"]),
        (["a", "a"], ["a"], ["a"]),
        ([{"K": 1}], [{"k": 1, "other": 2}, {"k": 3}], [{"K": 1}, {"K": 3}]),
        ({"A": 1}, shapes.Whole(A=1, B=2), {"A": 1, "B": 2}),
        ({"A": {"B": 1}}, {"a": None}, {}),
    ],
)
def test_a_live_value_takes_the_declared_form(declared, live, wanted):
    assert shapes.like(declared, live) == wanted


def test_arguments_take_the_models_names_and_types():
    shape = get_session().get_service_model("eks").operation_model("CreateNodegroup").input_shape
    given = {"ClusterName": "a", "ScalingConfig": {"MinSize": "1"}, "Labels": {"K": "v"}, "Unknown": 1, "DiskSize": 20}
    assert shapes.arguments(shape, given) == {"clusterName": "a", "scalingConfig": {"minSize": 1}, "labels": {"K": "v"}, "diskSize": 20}


@pytest.mark.parametrize(
    ("code", "status", "wanted"),
    [
        ("VpcLimitExceeded", 400, "ServiceLimitExceeded"),
        ("EntityAlreadyExists", 409, "AlreadyExists"),
        ("InvalidPermission.Duplicate", 400, "AlreadyExists"),
        ("InvalidSubnetID.NotFound", 400, "NotFound"),
        ("DeleteConflict", 409, "ResourceConflict"),
        ("BucketNotEmpty", 409, "GeneralServiceException"),
        ("DependencyViolation", 400, "InvalidRequest"),
        ("ThrottlingException", 400, "Throttling"),
        ("500", 500, "ServiceInternalError"),
    ],
)
def test_a_services_error_gets_a_handlers_code(code, status, wanted):
    answer = {"Error": {"Code": code, "Message": "No."}, "ResponseMetadata": {"HTTPStatusCode": status, "RequestId": "1"}}
    error = ClientError(answer, "DoIt")
    error.service_name = "Ec2"
    failed = errors.refusal(error)
    assert failed.code == wanted and (status == 500 or (failed.message.startswith("No. (Service: Ec2; Status Code: ") and code in failed.message))
