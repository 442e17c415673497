# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""The secrets that a deployment's store holds, as their template renders them: never a value, only how the service makes one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._encryption.keys import ROLE
from ansible_collections.llmops.platform.plugins.module_utils._encryption.keys import camel

# https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html: a hyphen and six characters at the end would look like those of an ARN.
PATH = re.compile(r"[A-Za-z0-9/_+=.@-]{1,512}")
ARN_END = re.compile(r"-[A-Za-z0-9]{6}$")
SERVICE = re.compile(r"[a-z][a-z0-9-]*")
STORE = "aws_secrets_manager"
OPTIONS = {"path", "property", "generate", "length", "attributes", "description", "replicate", "readers", "services", "rotation_days", "rotation_window"}
LITERAL = re.compile(r"value|password|passwd|secret|token|private|credential|api_?key|^key$", re.IGNORECASE)
LENGTH = range(32, 129)
ROTATION_DAYS = range(1, 1001)
DAY = "mon|tue|wed|thu|fri|sat|sun"
WINDOW = re.compile(rf"({DAY}):([01][0-9]|2[0-3]):[0-5][0-9]-({DAY}):([01][0-9]|2[0-3]):[0-5][0-9]")


def secret_entries(references: Mapping[str, Any], stores: Mapping[str, Any], declared: Mapping[str, Any], settings: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Each secret as `{name, id, path, properties, generated, length, attributes, description, replica_regions, primary, readers, services, rotation_days,
    rotation_window}`, in the order of the names; `generated` is the property whose value the service makes once, or empty: then somebody puts it there.

    `references`, `stores`: as external_secrets_secrets and external_secrets_stores; those kept elsewhere than in Secrets Manager are left out.
    `declared`: as encryption_secrets. `settings`: {platform, environment, region, primary_region, replica_regions: [..], rotation_days, rotation_window}.
    `primary`: whether this region makes it (elsewhere it arrives as a replica). Raises ValueError naming variable, secret and remedy.
    """
    wanted = _referenced(references, stores, f"{settings['platform']}/{settings['environment']}/")
    for name, options in declared.items():
        _judge(name, options)
        entry = wanted.setdefault(name, {"path": options.get("path"), "properties": set()})
        if options.get("path", entry["path"]) != entry["path"]:
            raise ValueError(
                f"encryption_secrets.{name}.path is {options['path']!r}, but external_secrets_secrets reads it at {entry['path']!r}; make them one"
            )
    found, paths, ids = [], {}, {}
    for name, entry in sorted(wanted.items()):
        path = entry["path"]
        if not isinstance(path, str) or not PATH.fullmatch(path) or ARN_END.search(path):
            raise ValueError(f"encryption_secrets.{name}.path is {path!r}; give up to 512 of A-Z, a-z, 0-9, /_+=.@-, not ending in a hyphen and six characters")
        for known, value, what in ((paths, path, "the path"), (ids, camel(name), "the name in the template")):
            if value in known:
                raise ValueError(f"encryption_secrets: {known[value]} and {name} are one secret, {what} of both is {value!r}; drop one of them")
            known[value] = name
        found.append(
            {
                "name": name,
                "id": camel(name),
                "path": path,
                **_content(name, entry["properties"], declared.get(name, {})),
                **_place(declared.get(name, {}), settings),
            }
        )
    return found


def _referenced(references: Mapping[str, Any], stores: Mapping[str, Any], prefix: str) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for secret, entry in references.items():
        if (stores.get(entry["store"]) or {}).get("provider") != STORE:
            continue
        for key, source in entry["keys"].items():
            path = source["path"]
            name = re.sub(r"[^a-z0-9]+", "_", path.removeprefix(prefix).lower()).strip("_")
            known = found.setdefault(name, {"path": path, "properties": set()})
            if known["path"] != path:
                raise ValueError(f"external_secrets_secrets.{secret}.keys.{key}.path {path!r} and {known['path']!r} would both be called {name}; rename one")
            known["properties"] |= {source["property"]} if source.get("property") else set()
    return found


def _judge(name: str, options: Any) -> None:
    where = f"encryption_secrets.{name}"
    if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", name):
        raise ValueError(f"{where}: give the secret a name of lower-case letters, digits and single _, beginning with a letter")
    if not isinstance(options, Mapping):
        # Not shown: it may be the very secret.
        raise ValueError(f"{where} is no map; a value is never written here, the store generates it or somebody puts it there")
    for key in sorted(set(options) - OPTIONS):
        if LITERAL.search(key):
            raise ValueError(
                f"{where}.{key}: a value is never written here; leave it out and the store generates it, or say generate: false and put it there by hand"
            )
        raise ValueError(f"{where}.{key} is unknown; a secret has {', '.join(sorted(OPTIONS))}")
    for key, value in (options.get("attributes") or {}).items():
        if LITERAL.search(key) or not isinstance(value, str):
            raise ValueError(f"{where}.attributes.{key}: attributes are what may be public, such as a user name, as strings; the secret part is generated")
    for option, allowed, unit in (("length", LENGTH, "characters"), ("rotation_days", ROTATION_DAYS, "days")):
        if option in options and (not isinstance(options[option], int) or isinstance(options[option], bool) or options[option] not in allowed):
            raise ValueError(f"{where}.{option} is {options[option]!r}; give {allowed[0]} to {allowed[-1]} {unit}")
    if "rotation_window" in options and not WINDOW.fullmatch(str(options["rotation_window"])):
        raise ValueError(f"{where}.rotation_window is {options['rotation_window']!r}; give it as sun:03:00-sun:05:00")
    for reader in (options.get("readers") or {}).values():
        if not isinstance(reader, str) or not ROLE.fullmatch(reader):
            raise ValueError(f"{where}.readers has {reader!r}; give names of IAM roles, without the ARN, * for any rest")
    for service in options.get("services") or {}:
        if not SERVICE.fullmatch(service):
            raise ValueError(f"{where}.services has {service!r}; give the first part of the service's principal, such as kafka")


def _content(name: str, properties: set[str], options: Mapping[str, Any]) -> dict[str, Any]:
    attributes = dict(options.get("attributes") or {})
    open_ones = sorted(properties - set(attributes))
    generate = options.get("generate", True)
    generated = options.get("property") or (open_ones[0] if open_ones else "password")
    if generate and [one for one in open_ones if one != generated]:
        raise ValueError(
            f"encryption_secrets.{name}: {', '.join(open_ones)} are read of it and one value can be generated; "
            "give the public ones as attributes, say generate: false, or take a path for each"
        )
    if generated in attributes:
        raise ValueError(f"encryption_secrets.{name}.property {generated!r} is an attribute too; take it out of the attributes")
    return {
        "properties": sorted(properties | set(attributes) | ({generated} if generate else set())),
        "generated": generated if generate else "",
        "length": options.get("length", 40),
        "attributes": dict(sorted(attributes.items())),
        "description": options.get("description") or "",
    }


def _place(options: Mapping[str, Any], settings: Mapping[str, Any]) -> dict[str, Any]:
    regions = sorted(settings["replica_regions"]) if options.get("replicate", True) else []
    return {
        "replica_regions": regions,
        "primary": settings["region"] not in regions,
        "readers": sorted((options.get("readers") or {}).values()),
        "services": sorted(name for name, yes in (options.get("services") or {}).items() if yes),
        "rotation_days": options.get("rotation_days", settings["rotation_days"]),
        "rotation_window": options.get("rotation_window", settings["rotation_window"]),
    }


def secret_policy(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Resource policy of a secret: nobody of another account reads it, only `readers` where there are any, and the services that need it do."""
    outside = {"StringNotEquals": {"aws:PrincipalAccount": {"Ref": "AWS::AccountId"}}, "Bool": {"aws:PrincipalIsAWSService": "false"}}
    statements = [_deny("DenyOtherAccounts", outside)]
    if entry["readers"]:
        roles = [{"Fn::Sub": f"arn:${{AWS::Partition}}:iam::${{AWS::AccountId}}:role/{name}"} for name in entry["readers"]]
        statements.append(_deny("DenyOtherReaders", {"ArnNotLike": {"aws:PrincipalArn": roles}, "Bool": {"aws:PrincipalIsAWSService": "false"}}))
    if entry["services"]:
        services = {"Service": [f"{name}.amazonaws.com" for name in entry["services"]]}
        statements.append(
            {
                "Sid": "ReadByServices",
                "Effect": "Allow",
                "Principal": services,
                "Action": ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"],
                "Resource": "*",
            }
        )
    return {"Version": "2012-10-17", "Statement": statements}


def _deny(sid: str, condition: Mapping[str, Any]) -> dict[str, Any]:
    return {"Sid": sid, "Effect": "Deny", "Principal": {"AWS": "*"}, "Action": ["secretsmanager:GetSecretValue"], "Resource": "*", "Condition": dict(condition)}
