# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Dynamic references: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html

They are resolved on the way to the handler only, so that no template, event or change set ever shows a secret.
"""

from __future__ import annotations

import json
import re
from typing import Any

from botocore.exceptions import ClientError

from fake_cloudformation.contract import Context
from fake_cloudformation.contract import ResourceFailed

REFERENCE = re.compile(r"\{\{resolve:(secretsmanager|ssm|ssm-secure):([^}]+)\}\}")


def resolved(context: Context, value: Any) -> Any:
    """Raises ResourceFailed where a reference leads nowhere."""
    if isinstance(value, dict):
        return {key: resolved(context, item) for key, item in value.items()}
    if isinstance(value, list):
        return [resolved(context, item) for item in value]
    if not isinstance(value, str) or "{{resolve:" not in value:
        return value
    return REFERENCE.sub(lambda found: _secret(context, found[2]) if found[1] == "secretsmanager" else _parameter(context, found[2]), value)


def _secret(context: Context, reference: str) -> str:
    # An ARN has colons of its own: six of them before the secret's name.
    parts = reference.split(":")
    length = 7 if reference.startswith("arn:") else 1
    name, rest = ":".join(parts[:length]), [*parts[length:], "", "", "", ""]
    _unused, key, stage, version = rest[:4]
    which = {"VersionStage": stage} if stage else {"VersionId": version} if version else {}
    try:
        text = context.client("secretsmanager").get_secret_value(SecretId=name, **which)["SecretString"]
    except ClientError as error:
        raise ResourceFailed("InvalidRequest", f"Could not find a value associated with JSONKey in SecretString: {error}") from error
    if not key:
        return text
    try:
        return str(json.loads(text)[key])
    except (ValueError, KeyError, TypeError):
        raise ResourceFailed("InvalidRequest", f"Could not find a value associated with JSONKey in SecretString: JSONKey {key} in {name}") from None


def _parameter(context: Context, reference: str) -> str:
    try:
        return context.client("ssm").get_parameter(Name=reference, WithDecryption=True)["Parameter"]["Value"]
    except ClientError as error:
        raise ResourceFailed("InvalidRequest", f"Parameters: [{reference}] cannot be found. ({error})") from error
