# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Names of stacks and of the AWS resources in them: computed, so that no role has to read another's variables."""

from __future__ import annotations

import hashlib
import re

# {kind: longest name}. Limits by the API reference of each service; those of `SUFFIXED` are unique in the world (S3) or in an account over all regions (IAM).
LIMITS = {
    "alarm": 255,
    "alias": 250,  # 256 with the prefix alias/, which the template writes
    "backup_vault": 50,
    "bucket": 63,
    "cache_policy": 128,
    "cluster": 100,
    "dashboard": 255,
    "elasticache": 40,
    "elasticache_group": 255,
    "iam": 64,
    "key": 250,
    "launch_template": 128,
    "load_balancer": 32,
    "log_group": 512,
    "mq": 50,
    "msk": 64,
    "nodegroup": 63,
    "opensearch": 28,
    "queue": 80,
    "rds": 63,
    "rds_group": 255,
    "repository": 256,
    "secret": 512,
    "security_group": 255,
    "stack": 128,
    "target_group": 32,
    "topic": 256,
    "trail": 128,
    "web_acl": 128,
}
SUFFIXED = ("bucket", "iam")
# Kinds whose thing may have parts: secret orders/database, repository web/api.
PATHS = ("alias", "log_group", "repository", "secret")
DIGEST = 6
WORD = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def _part(what: str, value: str, *, path: bool = False) -> str:
    """The value as part of a name. Refused rather than repaired: two repaired values could be one name."""
    if not isinstance(value, str):
        raise ValueError(f"{what} is {value!r}; give a string (quote an account number)")
    text = value.replace("_", "-")
    if not all(WORD.fullmatch(word) for word in (text.split("/") if path else [text])):
        raise ValueError(f"{what} is {value!r}; give lower-case letters a-z, digits and single '-' or '_' between them")
    return text


def aws_name(thing: str, kind: str, platform: str, environment: str, region: str = "", account: str = "") -> str:
    """`<platform>-<environment>-<thing>`, buckets and IAM names with `-<account>-<region>`.

    `kind` is a key of `LIMITS`. A name over the limit is cut and ends in six hex digits of the SHA-256 of the whole (account and region stay readable).
    Names begin with a letter where the platform does, hold no two hyphens in a row and none at the end, as RDS and ElastiCache ask.
    Raises ValueError: unknown kind, a part with characters that are not in all services' names, account or region missing for a bucket or IAM name.
    """
    if kind not in LIMITS:
        raise ValueError(f"kind is {kind!r}; it is one of {', '.join(sorted(LIMITS))}")
    head = "-".join((_part("platform", platform), _part("environment", environment), _part("thing", thing, path=kind in PATHS)))
    if not head[0].isalpha():
        raise ValueError(f"platform is {platform!r}; names of databases and stacks begin with a letter")
    tail = ""
    if kind in SUFFIXED:
        if not account or not region:
            raise ValueError(f"a name of kind {kind} ends in account and region, so that it is unique; give both (thing {thing!r})")
        tail = f"-{_part('account', account)}-{_part('region', region)}"
    if len(head) + len(tail) <= LIMITS[kind]:
        return head + tail
    digest = hashlib.sha256(f"{head}{tail}".encode()).hexdigest()[:DIGEST]
    return f"{head[: LIMITS[kind] - len(tail) - DIGEST - 1].rstrip('-/')}-{digest}{tail}"
