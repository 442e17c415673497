# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Encryption: keys of KMS and entries of the secret store, with the calls of both."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._cloudwatch.durations import seconds
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.parts import used
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.reading import components
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.reading import layered
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.usage import declared
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import HOURS
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import CostError
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Line
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Place
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import fixed
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import ranged
from ansible_collections.llmops.platform.plugins.module_utils._encryption.keys import key_entries
from ansible_collections.llmops.platform.plugins.module_utils._encryption.secrets import STORE
from ansible_collections.llmops.platform.plugins.module_utils._encryption.secrets import secret_entries

TEN_THOUSANDTH = Decimal("0.0001")
# Each of the first two rotations adds the price of a version: https://aws.amazon.com/kms/pricing/
ROTATIONS = 2


def lines(variables: Mapping[str, Any], place: Place) -> list[Line]:
    """Keys: 1 each, replicas of another region's too; 3 at most, as the first two rotations add 1 each. Secrets: 1 each, replicas too.

    Calls: cost_usage.secrets_requests, else `keys read x 730 / hours between readings` where the operator fetches them; each is a call of KMS as well.
    Raises CostError naming the variable.
    """
    if place.provider != "aws":
        return []
    settings = _settings(variables, place)
    try:
        return [*_keys(variables, place, settings), *_secrets(variables, place, settings)]
    except ValueError as error:
        raise CostError(str(error)) from error


def _settings(variables: Mapping[str, Any], place: Place) -> dict[str, Any]:
    regions = variables.get("platform_regions") or {}
    replicas = variables.get("encryption_replica_regions")
    if replicas is None:
        replicas = {"standby": regions["standby"]} if variables.get("encryption_replicate_to_standby") and "standby" in regions else {}
    return {
        "platform": place.platform,
        "environment": place.environment,
        "region": place.region,
        "primary_region": variables.get("encryption_primary_region") or regions.get("primary", place.region),
        "replica_regions": list(replicas.values()),
        "rotation_days": variables.get("encryption_secret_rotation_days", 90),
        "rotation_window": variables.get("encryption_secret_rotation_window", "sun:03:00-sun:05:00"),
    }


def _keys(variables: Mapping[str, Any], place: Place, settings: Mapping[str, Any]) -> list[Line]:
    wanted = layered(variables, "encryption_keys")
    entries = key_entries(
        wanted,
        aliases={name: name for name in wanted},
        region=place.region,
        primary_region=settings["primary_region"],
        replica_regions=settings["replica_regions"],
    )
    found = []
    for entry in entries:
        resource = "AWS::KMS::ReplicaKey" if entry["role"] == "replica" else "AWS::KMS::Key"
        why = f"in its first {entry['rotation_days']} days; each of the first {ROTATIONS} rotations adds as much again"
        labels = {"usage": ", ".join(entry["usages"]), "role": entry["role"]}
        number = ranged(1, 1, 1 + ROTATIONS)
        found.append(Line(place, "encryption", "keys", entry["name"], "aws/kms/key", number, "key-month", resource, assumption=why, labels=labels))
    return found


def _secrets(variables: Mapping[str, Any], place: Place, settings: Mapping[str, Any]) -> list[Line]:
    references = variables.get("encryption_secret_references", variables.get("external_secrets_secrets")) or {}
    stores = variables.get("encryption_secret_stores", variables.get("external_secrets_stores")) or {}
    entries = secret_entries(references, stores, layered(variables, "encryption_secrets"), settings)
    # A replica has the price of a secret: https://aws.amazon.com/secrets-manager/pricing/
    own = sum(entry["primary"] for entry in entries)
    found = [
        Line(place, "encryption", "secrets", name, "aws/secrets/secret", fixed(number), "secret-month", resource, labels={"secrets": str(number)})
        for name, number, resource in (("secrets", own, "AWS::SecretsManager::Secret"), ("replicas", len(entries) - own, ""))
        if number
    ]
    read = [key for entry in references.values() if (stores.get(entry["store"]) or {}).get("provider") == STORE for key in entry["keys"]]
    calls, why = _calls(variables, len(read))
    extra = {"otherwise": calls, "why": why} if calls is not None else {}
    called = [("keys", "kms_requests", "aws/kms/requests-10k")]
    if entries or "secrets_requests" in declared(variables):
        called.append(("secrets", "secrets_requests", "aws/secrets/requests-10k"))
    for service, figure, sku in called:
        found.append(used(place, "encryption", service, "calls", sku, "10k requests", variables, figure, factor=TEN_THOUSANDTH, **extra))
    return found


def _calls(variables: Mapping[str, Any], read: int) -> tuple[Decimal | None, str]:
    """Calls of the operator that fetches secrets in a month; None where it does not."""
    every = variables.get("external_secrets_refresh_interval")
    fetched = variables.get("platform_secret_delivery", "external_secrets") == "external_secrets" and "external_secrets" in components(variables)
    if not fetched or not every or not read:
        return None, ""
    period = seconds(str(every), "external_secrets_refresh_interval")
    return read * HOURS * 3600 / period, f"{read} entries read every {every}"
