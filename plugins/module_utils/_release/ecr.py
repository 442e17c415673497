# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Amazon ECR: whether an image exists, and the password of its registry."""

from __future__ import annotations

import base64
import re
from typing import Any
from urllib.parse import urlsplit

from ansible_collections.llmops.platform.plugins.module_utils._aws import session as aws
from ansible_collections.llmops.platform.plugins.module_utils._release.reference import Image
from ansible_collections.llmops.platform.plugins.module_utils._release.registry import RegistryError

HOST = re.compile(r"([0-9]{12})\.dkr[.-]ecr(?:-fips)?\.([a-z0-9-]+)\.(?:amazonaws\.com(?:\.cn)?|on\.aws)")
MISSING = ("ImageNotFoundException", "RepositoryNotFoundException")


class Ecr:
    """The registry of one account and region, asked through botocore."""

    def __init__(self, image: Image, timeout: float, session: Any = None) -> None:
        match = HOST.fullmatch(image.host)
        if not match:
            raise ValueError(f"{image.host} is no registry of ECR")
        self._account, self._image = match[1], image
        self._client = aws.new_client(session or aws.new_session(), "ecr", match[2], timeout)

    @property
    def is_real(self) -> bool:
        """Whether the API is Amazon's: a fake has no registry behind the addresses it gives."""
        return (urlsplit(self._client.meta.endpoint_url).hostname or "").endswith((".amazonaws.com", ".amazonaws.com.cn", ".api.aws"))

    def describe(self, reference: str) -> tuple[str, str] | None:
        """`(digest, media type)` of a tag or digest, None if there is none. Raises RegistryError."""
        wanted = {"imageDigest": reference} if reference.startswith("sha256:") else {"imageTag": reference}
        try:
            found = self._client.describe_images(registryId=self._account, repositoryName=self._image.repository, imageIds=[wanted])
        except aws.failures() as error:
            if getattr(error, "response", {}).get("Error", {}).get("Code") in MISSING:
                return None
            raise RegistryError(f"ECR: {aws.said(error)}") from error
        details = found.get("imageDetails") or []
        return (details[0]["imageDigest"], details[0].get("imageManifestMediaType", "")) if details else None

    def credentials(self) -> tuple[str, str]:
        """User and password, good for twelve hours. Raises RegistryError."""
        try:
            answer = self._client.get_authorization_token()
        except aws.failures() as error:
            raise RegistryError(f"ECR: {aws.said(error)}") from error
        user, _colon, password = base64.b64decode(answer["authorizationData"][0]["authorizationToken"]).decode().partition(":")
        return user, password
