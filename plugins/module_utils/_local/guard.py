# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""The guard: nothing that runs in environment `local` may reach anything but this machine."""

from __future__ import annotations

from collections.abc import Mapping

from ansible_collections.llmops.platform.plugins.module_utils._k8s.connection import is_loopback

# What botocore reads and what each must be so that no profile, instance role or configured endpoint leads elsewhere.
REQUIRED = {
    "AWS_CONFIG_FILE": "/dev/null",
    "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
    "AWS_EC2_METADATA_DISABLED": "true",
}
FORBIDDEN = (
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
    "AWS_SESSION_TOKEN",
    "AWS_ROLE_ARN",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
)


def aws_environment(endpoint: str) -> dict[str, str]:
    """Environment variables under which AWS calls can reach only the fake at `endpoint`; its keys are no secret."""
    return {"AWS_ENDPOINT_URL": endpoint, "AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local", "AWS_REGION": "us-east-1", **REQUIRED}


def problems(endpoints: Mapping[str, str], environment: Mapping[str, str]) -> list[str]:
    """Why `local` may not start; empty when it may.

    `endpoints`: `{what: URL}` of everything this run will talk to. `environment`: as the tasks will see it.
    """
    found = [f"{what} is {url}, which is not on this machine" for what, url in endpoints.items() if not is_loopback(url)]
    found += [f"environment variable {name} must be {value} in environment local" for name, value in REQUIRED.items() if environment.get(name) != value]
    found += [f"environment variable {name} is set; unset it, environment local uses no account" for name in FORBIDDEN if environment.get(name)]
    for name, value in environment.items():
        if name.startswith("AWS_ENDPOINT_URL") and not is_loopback(value):
            found.append(f"environment variable {name} is {value}, which is not on this machine; unset it")
    if not environment.get("AWS_ENDPOINT_URL"):
        found.append("environment variable AWS_ENDPOINT_URL is not set; without it AWS calls would leave this machine")
    return found
