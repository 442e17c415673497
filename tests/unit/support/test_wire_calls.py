# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the wire proxy takes a request for: service, action, and whether it could change something."""

from __future__ import annotations

import pytest

from tests.support.wire_proxy.calls import call_of

SIGNED = "AWS4-HMAC-SHA256 Credential=AKIA/20260101/{}/{}/aws4_request, SignedHeaders=host, Signature=00"


class Named(dict):
    """Headers, compared without case."""

    def get(self, name, default=None):
        return next((value for key, value in self.items() if key.lower() == name.lower()), default)


@pytest.mark.parametrize(
    ("service", "method", "path", "headers", "body", "protocol", "action", "mutating"),
    [
        ("cloudformation", "POST", "/", {}, b"Action=CreateStack&Version=2010-05-15", "query", "CreateStack", True),
        ("cloudformation", "POST", "/", {}, b"Action=DescribeStacks&Version=2010-05-15", "query", "DescribeStacks", False),
        ("cloudformation", "POST", "/", {}, b"Action=DetectStackDrift&Version=2010-05-15", "query", "DetectStackDrift", False),
        ("cloudformation", "POST", "/", {}, b"Action=ValidateTemplate&Version=2010-05-15", "query", "ValidateTemplate", False),
        ("sts", "POST", "/", {}, b"Action=AssumeRole&Version=2011-06-15", "query", "AssumeRole", False),
        ("ec2", "GET", "/?Action=DescribeVpcs&Version=2016-11-15", {}, b"", "ec2", "DescribeVpcs", False),
        ("kms", "POST", "/", {"X-Amz-Target": "TrentService.ListKeys"}, b"{}", "json", "ListKeys", False),
        ("secretsmanager", "POST", "/", {"X-Amz-Target": "secretsmanager.BatchGetSecretValue"}, b"{}", "json", "BatchGetSecretValue", False),
        ("secretsmanager", "POST", "/", {"X-Amz-Target": "secretsmanager.RotateSecret"}, b"{}", "json", "RotateSecret", True),
        # Getaway would be no read.
        ("some", "POST", "/", {"X-Amz-Target": "some.Getaway"}, b"{}", "json", "Getaway", True),
    ],
)
def test_actions_of_query_and_json(service, method, path, headers, body, protocol, action, mutating):
    call = call_of(method, path, Named({"authorization": SIGNED.format("eu-west-1", service), **headers}), body)
    assert (call.service, call.region, call.protocol, call.action, call.mutating) == (service, "eu-west-1", protocol, action, mutating)


@pytest.mark.parametrize(
    ("service", "method", "path", "action", "mutating"),
    [
        ("eks", "GET", "/clusters/one", "DescribeCluster", False),
        ("eks", "POST", "/clusters", "CreateCluster", True),
        ("eks", "POST", "/clusters/one/updates", "UpdateClusterVersion", True),
        ("es", "POST", "/2021-01-01/opensearch/domain-info", "DescribeDomains", False),
        ("kafka", "GET", "/api/v2/clusters/arn%3Aaws%3Akafka", "DescribeClusterV2", False),
        ("s3", "GET", "/bucket?versioning", "GetBucketVersioning", False),
        ("s3", "GET", "/bucket?list-type=2&prefix=", "ListObjectsV2", False),
        ("s3", "PUT", "/bucket", "CreateBucket", True),
        ("s3", "PUT", "/bucket/journal/one.json", "PutObject", True),
        ("s3", "GET", "/bucket/journal/one.json?x-id=GetObject", "GetObject", False),
        ("s3", "POST", "/bucket?delete", "DeleteObjects", True),
        ("route53", "GET", "/2013-04-01/testdnsanswer", "TestDNSAnswer", False),
    ],
)
def test_operations_of_rest_services(service, method, path, action, mutating):
    pytest.importorskip("botocore")
    call = call_of(method, path, Named({"Authorization": SIGNED.format("us-east-1", service)}), b"")
    assert (call.action, call.mutating) == (action, mutating)


def test_a_service_nobody_knows_is_judged_by_its_method():
    for method, mutating in (("GET", False), ("POST", True)):
        call = call_of(method, "/2030-01-01/things", Named({"Authorization": SIGNED.format("us-east-1", "newservice")}), b"")
        assert (call.service, call.action, call.mutating) == ("newservice", "", mutating)


@pytest.mark.parametrize(
    ("method", "path", "mutating"),
    [
        ("GET", "/api/v1/pods", False),
        ("PATCH", "/api/v1/namespaces/a/configmaps/b?fieldManager=x&force=true", True),
        ("PATCH", "/api/v1/namespaces/a/configmaps/b?dryRun=All&force=true", False),
        ("PATCH", "/api/v1/namespaces/a/configmaps/b?dryRun=", True),
        ("DELETE", "/api/v1/namespaces/a", True),
    ],
)
def test_calls_of_an_api_server(method, path, mutating):
    # A body that happens to look like a form is none.
    call = call_of(method, path, Named({"User-Agent": "llmops-platform/1"}), b"Action=Get")
    assert (call.protocol, call.action, call.mutating, call.user_agent) == ("http", "", mutating, "llmops-platform/1")
