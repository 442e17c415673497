# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Resources that no handler makes: their ids and attributes are made up in the right shape, nothing stands behind them."""

from __future__ import annotations

import secrets
import string
from typing import Any

from fake_cloudformation.contract import Made
from fake_cloudformation.model import Place
from fake_cloudformation.schemas import ResourceType


def made(place: Place, stack_name: str, logical_id: str, kind: ResourceType, properties: dict[str, Any]) -> Made:
    service = kind.schema["typeName"].split("::")[1].lower()
    generated = f"{stack_name}-{logical_id}-{''.join(secrets.choice(string.ascii_uppercase + string.digits) for _unused in range(12))}"
    name = kind.name_of(properties)
    if name is None:
        by_arn = any(path.lower().endswith("arn") for path in kind.identifier)
        name = place.arn(f"{kind.schema['typeName'].split('::')[-1].lower()}/{generated}", service) if by_arn else generated
    attributes: dict[str, Any] = {}
    for path in kind.read_only:
        if "*" not in path:
            attributes[path.replace("/", ".")] = _made_up(place, service, name, path, kind)
    return Made(name, {**properties, **attributes})


def _made_up(place: Place, service: str, name: str, path: str, kind: ResourceType) -> Any:
    wanted = kind.of(list(path.split("/"))).get("type")
    if path in kind.identifier:
        return name
    if wanted in ("integer", "number"):
        return 1
    if wanted == "boolean":
        return False
    if wanted == "array":
        return []
    if wanted == "object":
        return {}
    last = path.rpartition("/")[2]
    if last.lower().endswith("arn"):
        return name if name.startswith("arn:") else place.arn(name, service)
    if any(part in last.lower() for part in ("endpoint", "address", "dnsname", "url", "domain")):
        return f"{name.rpartition('/')[2].lower()}.{service}.{place.region}.contract.invalid"
    return f"{name.rpartition('/')[2]}-{last}"
