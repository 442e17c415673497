# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Where images are kept: server and prefix by provider, and the repositories that a platform's services need."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

PROVIDERS = ("ecr", "acr", "gcr", "docker_hub", "oci", "existing")
# https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html
NAME = re.compile(r"(?:[a-z0-9]+(?:[._-][a-z0-9]+)*/)*[a-z0-9]+(?:[._-][a-z0-9]+)*")
LENGTH = range(2, 257)
# https://learn.microsoft.com/azure/container-registry/container-registry-get-started-portal
ACR_NAME = re.compile(r"[a-z0-9]{5,50}", re.IGNORECASE)
OPTIONS = {"keep_images", "immutable_tags"}


def server(provider: str, name: str, account: str, region: str) -> str:
    """Host of the registry. Raises ValueError naming the variable for what cannot be computed of these."""
    if provider == "ecr":
        return f"{account}.dkr.ecr.{region}.amazonaws.com{'.cn' if region.startswith('cn-') else ''}"
    if provider == "acr":
        if not ACR_NAME.fullmatch(name):
            raise ValueError(f"registry_name is {name!r}; Azure's registry has 5 to 50 letters and digits")
        return f"{name.lower()}.azurecr.io"
    if provider == "gcr":
        return f"{region}-docker.pkg.dev"
    if provider == "docker_hub":
        return "docker.io"
    if provider in PROVIDERS:
        raise ValueError(f"registry_server is not set, and of provider {provider} it cannot be computed; name the host of the registry")
    raise ValueError(f"registry_provider is {provider!r}; it is one of {', '.join(PROVIDERS)}")


def prefix(provider: str, name: str, platform: str, environment: str) -> str:
    """What stands before each image's name. At ECR each environment has repositories of its own, also where all share one account."""
    if provider == "ecr":
        return f"{platform}-{environment}".replace("_", "-")
    if provider in ("docker_hub", "gcr"):
        if not name:
            raise ValueError(
                f"registry_name is empty; name the {'organisation' if provider == 'docker_hub' else 'project and repository, as project/repository'}"
            )
        return name
    return ""


def repositories(services: Mapping[str, Any], common: Mapping[str, Any], more: Mapping[str, Any], settings: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The platform's own repositories as `{image, name, uri, id, services, keep_images, immutable_tags}`, in the order of the images.

    `services`, `common`: as application_services and application_services_common; an image that names its registry is somebody else's, unless it is this one.
    `more`: as registry_repositories, `{image: {keep_images, immutable_tags}}`. `settings`: `{provider, server, prefix, keep_images, immutable_tags}`.
    Raises ValueError naming variable, image and remedy.
    """
    users: dict[str, list[str]] = {image: [] for image in more}
    for service, entry in services.items():
        image = {**(common.get("image") or {}), **(entry.get("image") or {})}.get("repository")
        if not image:
            raise ValueError(f"application_services.{service}.image.repository is missing; name the image")
        own = _own(str(image), settings["server"], settings["prefix"])
        if own is not None:
            users.setdefault(own, []).append(service)
    found, ids = [], {}
    for image, names in sorted(users.items()):
        options = more.get(image) or {}
        _judge(image, options)
        name = f"{settings['prefix']}/{image}" if settings["prefix"] else image
        if settings["provider"] == "ecr" and (not NAME.fullmatch(name) or len(name) not in LENGTH):
            raise ValueError(
                f"repository {name!r} of {', '.join(names) or 'registry_repositories'}: ECR takes {LENGTH[0]} to {LENGTH[-1]} lower-case letters and digits "
                "with single '.', '_', '-' or '/' between them; rename the image or registry_prefix"
            )
        identity = "".join(part.capitalize() for part in re.split(r"[^A-Za-z0-9]+", image)) + "Repository"
        if identity in ids:
            raise ValueError(f"repositories {ids[identity]!r} and {image!r} would both be called {identity} in the template; rename one")
        ids[identity] = image
        found.append(
            {
                "image": image,
                "name": name,
                "uri": f"{settings['server']}/{name}",
                "id": identity,
                "services": sorted(names),
                "keep_images": options.get("keep_images", settings["keep_images"]),
                "immutable_tags": options.get("immutable_tags", settings["immutable_tags"]),
            }
        )
    return found


def _own(image: str, host: str, before: str) -> str | None:
    """The image without registry and prefix; None if another registry's. A first part with a dot or a port is a host, as Docker reads it."""
    first, _slash, rest = image.partition("/")
    if rest and ("." in first or ":" in first or first == "localhost"):
        return rest.removeprefix(f"{before}/") if first == host else None
    return image


def _judge(image: str, options: Any) -> None:
    where = f"registry_repositories.{image}"
    if not isinstance(options, Mapping) or set(options) - OPTIONS:
        raise ValueError(f"{where} is {options!r}; give {{keep_images: 30, immutable_tags: true}}, either or none of them")
    keep = options.get("keep_images", 1)
    if isinstance(keep, bool) or not isinstance(keep, int) or keep < 1:
        raise ValueError(f"{where}.keep_images is {keep!r}; give a number of images, at least 1")
