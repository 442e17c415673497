# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Who is told of alarms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._cloudwatch.naming import identity

# How each protocol's endpoint begins or what is in it: https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html
PROTOCOLS = {
    "email": (lambda endpoint: "@" in endpoint.strip("@"), "an address"),
    "email-json": (lambda endpoint: "@" in endpoint.strip("@"), "an address"),
    "https": (lambda endpoint: endpoint.startswith("https://"), "an address that begins with https://"),
    "lambda": (lambda endpoint: endpoint.startswith("arn:") and ":lambda:" in endpoint, "the ARN of a function"),
    "sms": (lambda endpoint: endpoint.startswith("+") and endpoint[1:].isdigit(), "a number such as +4930123456"),
    "sqs": (lambda endpoint: endpoint.startswith("arn:") and ":sqs:" in endpoint, "the ARN of a queue"),
}


def subscriptions(entries: Mapping[str, Any]) -> list[dict[str, str]]:
    """`[{id, name, protocol, endpoint}]`. `entries`: as cloudwatch_subscriptions. Raises ValueError naming variable and remedy."""
    found, ids = [], {}
    for name, entry in sorted(entries.items()):
        where = f"cloudwatch_subscriptions.{name}"
        if not isinstance(entry, Mapping) or set(entry) != {"protocol", "endpoint"}:
            raise ValueError(f"{where} is {entry!r}; give {{protocol, endpoint}}")
        protocol, endpoint = entry["protocol"], entry["endpoint"]
        if protocol not in PROTOCOLS:
            raise ValueError(f"{where}.protocol is {protocol!r}; it is one of {', '.join(PROTOCOLS)}")
        judged, wanted = PROTOCOLS[protocol]
        if not isinstance(endpoint, str) or not judged(endpoint):
            raise ValueError(f"{where}.endpoint is {endpoint!r}; {protocol} needs {wanted}")
        found.append({"id": identity(name, "Subscription", "cloudwatch_subscriptions", ids), "name": name, "protocol": protocol, "endpoint": endpoint})
    return found
