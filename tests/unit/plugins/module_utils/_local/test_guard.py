# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Environment local never leaves this machine."""

from __future__ import annotations

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._local.guard import aws_environment
from ansible_collections.llmops.platform.plugins.module_utils._local.guard import problems

ENDPOINT = "http://127.0.0.1:21007"
GOOD = aws_environment(ENDPOINT)


@pytest.mark.parametrize("url", [ENDPOINT, "https://localhost:6443", "https://127.8.9.1", "http://[::1]:5000"])
def test_loopback_is_allowed(url):
    assert problems({"the API server": url}, GOOD) == []


@pytest.mark.parametrize(
    "url",
    [
        "https://10.0.0.1:6443",
        "https://A1B2.gr7.us-east-1.eks.amazonaws.com",
        "https://localhost.example.com",
        "https://127.0.0.1.example.com",
        "https://127.0.0.1@evil.example.com/",
        "http://0.0.0.0:80",
        "",
        "not a url",
    ],
)
def test_everything_else_is_refused(url):
    assert problems({"the API server": url}, GOOD) == [f"the API server is {url}, which is not on this machine"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"AWS_PROFILE": "production"}, "AWS_PROFILE is set"),
        ({"AWS_CONFIG_FILE": "/home/me/.aws/config"}, "AWS_CONFIG_FILE must be /dev/null"),
        ({"AWS_EC2_METADATA_DISABLED": "false"}, "AWS_EC2_METADATA_DISABLED must be true"),
        ({"AWS_ENDPOINT_URL_S3": "https://s3.amazonaws.com"}, "AWS_ENDPOINT_URL_S3 is https://s3.amazonaws.com"),
        ({"AWS_ENDPOINT_URL": ""}, "AWS_ENDPOINT_URL is not set"),
        ({"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"}, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS is set"),
        ({"AWS_SESSION_TOKEN": "x"}, "AWS_SESSION_TOKEN is set"),
    ],
)
def test_environment_is_judged(changes, said):
    assert any(said in problem for problem in problems({}, {**GOOD, **changes}))
