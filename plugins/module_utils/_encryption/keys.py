# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""The keys of one deployment, as its template renders them."""

from __future__ import annotations

import re
from collections.abc import Collection
from collections.abc import Mapping
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._encryption.policy import key_policy
from ansible_collections.llmops.platform.plugins.module_utils._encryption.usages import DIRECT
from ansible_collections.llmops.platform.plugins.module_utils._encryption.usages import USAGES

NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
# https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html
ALIAS = re.compile(r"[a-zA-Z0-9/_-]+")
ALIAS_LENGTH = 250
# Path and name of an IAM role, with * and ?. No ${...}: it goes through Fn::Sub.
ROLE = re.compile(r"[\w+=,.@/*?-]{1,512}", re.ASCII)
ROTATION_DAYS = range(90, 2561)
OPTIONS = {"usage", "rotation_days", "alias", "description", "multi_region", "users"}


def key_entries(
    keys: Mapping[str, Any],
    *,
    aliases: Mapping[str, str],
    region: str,
    primary_region: str,
    replica_regions: Collection[str],
    administrators: Collection[str] = (),
) -> list[dict[str, Any]]:
    """Each key as `{name, id, alias, usages, description, rotation_days, multi_region, role, policy}`, in the order of the names.

    `keys`: as variable encryption_keys. `aliases`: alias without `alias/` of each key that names none. `role`: `primary` of a multi-Region key, its `replica`,
    or `regional`. A key is a multi-Region one where there are `replica_regions` and something of its usage must be read there, or where it says so.
    Raises ValueError naming variable, key and remedy.
    """
    for name in administrators:
        if not ROLE.fullmatch(str(name)):
            raise ValueError(f"encryption_administrators has {name!r}; give names of IAM roles, without the ARN, * for any rest")
    found, ids = [], {}
    for name, settings in sorted(keys.items()):
        _judge(name, settings)
        identity = camel(name)
        if identity in ids:
            raise ValueError(f"encryption_keys.{name} and encryption_keys.{ids[identity]} would both be called {identity} in the template; rename one")
        ids[identity] = name
        usages = sorted(set(settings["usage"]))
        wanted = bool(settings.get("multi_region", any(USAGES[usage].crosses_regions for usage in usages)))
        role = _role(wanted and bool(replica_regions), region, primary_region, replica_regions)
        alias = settings.get("alias") or aliases[name]
        if len(alias) > ALIAS_LENGTH or not ALIAS.fullmatch(alias) or alias.startswith("aws/"):
            raise ValueError(
                f"encryption_keys.{name}.alias is {alias!r} with {len(alias)} characters; "
                f"give at most {ALIAS_LENGTH} of a-z, A-Z, 0-9, /, _ and -, not beginning with aws/"
            )
        if alias in {entry["alias"] for entry in found}:
            raise ValueError(f"encryption_keys.{name}.alias {alias!r} is another key's too; give each its own")
        found.append(
            {
                "name": name,
                "id": identity,
                "alias": alias,
                "usages": usages,
                "description": settings.get("description") or f"Key for {', '.join(usages)}",
                "rotation_days": settings.get("rotation_days", 365),
                "multi_region": role != "regional",
                "role": role,
                "policy": key_policy(usages, (settings.get("users") or {}).values(), administrators),
            }
        )
    return found


def _role(multi_region: bool, region: str, primary_region: str, replica_regions: Collection[str]) -> str:
    if not multi_region:
        return "regional"
    if region == primary_region:
        return "primary"
    return "replica" if region in replica_regions else "regional"


def camel(name: str) -> str:
    """`orders_database` as CloudFormation's names are written: `OrdersDatabase`."""
    return "".join(part.capitalize() for part in re.split(r"[^A-Za-z0-9]+", name))


def _judge(name: str, settings: Any) -> None:
    where = f"encryption_keys.{name}"
    if not NAME.fullmatch(name) or len(name) > 40:
        raise ValueError(f"{where}: give the key a name of at most 40 lower-case letters, digits and single _, beginning with a letter")
    if not isinstance(settings, Mapping):
        raise ValueError(f"{where} is {settings!r}; give {{usage: [...], rotation_days: 365}}")
    if unknown := sorted(set(settings) - OPTIONS):
        raise ValueError(f"{where}.{unknown[0]} is unknown; a key has {', '.join(sorted(OPTIONS))}")
    usages = settings.get("usage")
    if not isinstance(usages, list | tuple) or not usages:
        raise ValueError(f"{where}.usage is {usages!r}; list what the key encrypts: {', '.join(USAGES)}")
    for usage in usages:
        if usage not in USAGES:
            raise ValueError(f"{where}.usage has {usage!r}; it is one of {', '.join(USAGES)}")
    days = settings.get("rotation_days", 365)
    if isinstance(days, bool) or not isinstance(days, int) or days not in ROTATION_DAYS:
        raise ValueError(f"{where}.rotation_days is {days!r}; give {ROTATION_DAYS[0]} to {ROTATION_DAYS[-1]} days")
    users = settings.get("users") or {}
    direct = sorted(set(usages) & set(DIRECT))
    if direct and not users:
        raise ValueError(f"{where}.users is empty, and nobody could use the key for {direct[0]}; name the IAM roles that may")
    if users and not direct:
        raise ValueError(f"{where}.users is for usages {', '.join(DIRECT)} only; all else comes through services and needs the permission by IAM")
    for user in users.values():
        if not isinstance(user, str) or not ROLE.fullmatch(user):
            raise ValueError(f"{where}.users has {user!r}; give names of IAM roles, without the ARN, * for any rest")
