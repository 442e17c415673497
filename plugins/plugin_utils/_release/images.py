# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""What registries say of one image."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from ansible.module_utils.common.parameters import remove_values

from ansible_collections.llmops.platform.plugins.module_utils._release import credentials
from ansible_collections.llmops.platform.plugins.module_utils._release import ecr
from ansible_collections.llmops.platform.plugins.module_utils._release import reference
from ansible_collections.llmops.platform.plugins.module_utils._release.registry import Registry
from ansible_collections.llmops.platform.plugins.module_utils._release.registry import RegistryError
from ansible_collections.llmops.platform.plugins.plugin_utils._release import programs


def look(arguments: dict[str, Any]) -> dict[str, Any]:
    """The result of module container_image_info. Raises InvalidReference and AwsError."""
    image = reference.parse(arguments["image"])
    parts = {"registry": image.host, "repository": image.repository, "tag": image.tag, "digest": image.digest}
    result: dict[str, Any] = {"image": parts, "exists": None, "digest": "", "media_type": "", "problem": None}
    result |= {"signatures": [], "verified": None, "signature_problem": None}
    secrets: set[str] = set()
    try:
        registry = (_Ecr if ecr.HOST.fullmatch(image.host) else _Http)(image, arguments, secrets)
        result |= registry.manifest()
    except (RegistryError, credentials.CredentialsError) as error:
        result["problem"] = str(error)
    if result["exists"] and arguments["signature"] != "none":
        try:
            result["signatures"] = registry.signatures(result["digest"])
            if arguments["signature"] == "verified":
                result["verified"] = False
                _verify(image, result["digest"], registry.credentials, arguments)
                result["verified"] = True
        except (RegistryError, programs.CosignError) as error:
            result["signature_problem"] = str(error)
    # A registry may repeat what it was told.
    return remove_values(result, secrets)


def _verify(image: reference.Image, digest: str, login: tuple[str, str] | None, arguments: dict[str, Any]) -> None:
    if not arguments["cosign_key"]:
        raise programs.CosignError("option cosign_key is missing; name the public key")
    programs.verify(
        f"{image.name}@{digest}",
        arguments["cosign_key"],
        host=image.host,
        credentials=login,
        plain_http=arguments["plain_http"],
        ca_path=arguments["ca_path"],
        transparency_log=arguments["transparency_log"],
        # cosign asks registry, log and key service in turn.
        timeout=max(60.0, 6 * arguments["timeout"]),
    )


class _Http:
    """Any registry."""

    def __init__(self, image: reference.Image, arguments: dict[str, Any], secrets: set[str]) -> None:
        self.credentials = _credentials(image, arguments)
        if self.credentials and len(self.credentials[1]) > 3:
            secrets.add(self.credentials[1])
        self._image = image
        self._registry = Registry(image, self.credentials, **{key: arguments[key] for key in ("plain_http", "ca_path", "timeout")})

    def manifest(self) -> dict[str, Any]:
        found = self._registry.manifest(self._image.reference)
        return {"exists": True, "digest": found.digest, "media_type": found.media_type} if found else {"exists": False}

    def signatures(self, digest: str) -> list[dict[str, str]]:
        return self._registry.signatures(digest)


class _Ecr:
    """Amazon's: the image by its own API, signatures by that of the registry, to which it gives a password."""

    def __init__(self, image: reference.Image, arguments: dict[str, Any], secrets: set[str]) -> None:
        self._ecr, self._image, self._arguments, self._secrets = ecr.Ecr(image, arguments["timeout"]), image, arguments, secrets
        self.credentials: tuple[str, str] | None = None

    def manifest(self) -> dict[str, Any]:
        found = self._ecr.describe(self._image.reference)
        return {"exists": True, "digest": found[0], "media_type": found[1]} if found else {"exists": False}

    def signatures(self, digest: str) -> list[dict[str, str]]:
        if self._ecr.is_real:
            self.credentials = self._ecr.credentials()
            self._secrets.add(self.credentials[1])
            return Registry(self._image, self.credentials, **{key: self._arguments[key] for key in ("ca_path", "timeout")}).signatures(digest)
        signed = self._ecr.describe(f"{digest.replace(':', '-')}.sig")
        return [{"digest": signed[0], "media_type": signed[1], "found_by": "tag"}] if signed else []


def _credentials(image: reference.Image, arguments: dict[str, Any]) -> tuple[str, str] | None:
    if arguments["username"]:
        return arguments["username"], arguments["password"] or ""
    given = arguments["docker_config"]
    file = Path(given) if given else Path(os.environ.get("DOCKER_CONFIG") or Path.home() / ".docker") / "config.json"
    if not given and not file.exists():
        return None
    try:
        found = credentials.of_config(file.read_text(encoding="utf-8"), image.host)
        return programs.ask_helper(found, image.host, arguments["timeout"]) if isinstance(found, str) else found
    except (OSError, UnicodeDecodeError) as error:
        raise credentials.CredentialsError(f"{file} cannot be read: {getattr(error, 'strerror', None) or error}; correct docker_config") from error
    except credentials.CredentialsError as error:
        raise credentials.CredentialsError(f"{file} {error}") from error
