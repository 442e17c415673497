#!/usr/bin/python
# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of container_image_info; the work is done by the action plugin of the same name."""

from __future__ import annotations

DOCUMENTATION = r"""
module: container_image_info
short_description: Whether an image exists in its registry, and whether it is signed
version_added: 1.0.0
author: llmops.platform contributors (@llmops)
description:
  - Asks a registry for one manifest by the OCI distribution API, with the token that the registry asks for, and compares its content with its digest.
  - Amazon ECR is asked by its own API, which needs C(botocore) and AWS credentials.
  - A registry that does not answer, refuses or contradicts itself is part of the answer (RV(problem)), not a failure.
  - Nothing is written and no layer is fetched.
  - Busy registries (429, with C(Retry-After) up to O(timeout)) and server errors are asked again, three times in all.
requirements:
  - botocore, for images in Amazon ECR
  - cosign, for O(signature=verified)
options:
  image:
    description:
      - The image, C([registry/]repository:tag) or C([registry/]repository@sha256:...).
      - Without a registry it is one of Docker Hub, as for C(docker pull).
    type: str
    required: true
  signature:
    description:
      - V(none) does not look for signatures, V(present) looks for them by cosign's tag and by the referrers API.
      - V(verified) also has the program C(cosign) verify that of the digest with O(cosign_key).
    type: str
    choices: [none, present, verified]
    default: none
  cosign_key:
    description: What C(cosign verify --key) takes, a file with a public key or the address of a key management service.
    type: str
  transparency_log:
    description: Whether cosign must find the signature in the public transparency log. Signatures of a private infrastructure are not there.
    type: bool
    default: true
  username:
    description: User of the registry. Wins over O(docker_config).
    type: str
  password:
    description: Password of the user, or a token.
    type: str
  docker_config:
    description:
      - Docker's configuration file with C(auths), C(credHelpers) and C(credsStore).
      - If not given, C(config.json) in E(DOCKER_CONFIG) or in C(~/.docker) where it exists; without it nobody logs in.
    type: path
  ca_path:
    description: File with the certificates that may have signed the registry's.
    type: path
  plain_http:
    description: Ask without TLS. Refused unless the registry is on this machine's loopback.
    type: bool
    default: false
  timeout:
    description: Seconds that the registry may take for one answer.
    type: float
    default: 10.0
extends_documentation_fragment:
  - llmops.platform.api_action
"""

EXAMPLES = r"""
- name: Look whether the version was pushed
  llmops.platform.container_image_info:
    image: registry.example.com/shop/cart:2.0.0
    docker_config: /home/me/.docker/config.json
  register: image

- name: Have its signature verified
  llmops.platform.container_image_info:
    image: 123456789012.dkr.ecr.us-east-1.amazonaws.com/shop/cart:2.0.0
    signature: verified
    cosign_key: awskms:///alias/release
  register: image
"""

RETURN = r"""
image:
  description: The image in full.
  returned: success
  type: dict
  sample: {registry: registry.example.com, repository: shop/cart, tag: 2.0.0, digest: ""}
exists:
  description: Whether the registry has it, null if that is unknown.
  returned: success
  type: bool
  sample: true
digest:
  description: Digest of the manifest. That of a registry asked by HTTP was computed from what it served.
  returned: success
  type: str
  sample: "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
media_type:
  description: What the manifest is.
  returned: success
  type: str
  sample: application/vnd.oci.image.index.v1+json
problem:
  description: Why RV(exists) is unknown, or null.
  returned: success
  type: str
  sample: null
signatures:
  description: Signatures that were found, by whomever. C(found_by) is V(tag) or V(referrers).
  returned: success
  type: list
  elements: dict
  sample:
    - {digest: "sha256:60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752", media_type: application/vnd.oci.image.manifest.v1+json, found_by: tag}
verified:
  description: Whether cosign verified one, null if it was not asked.
  returned: success
  type: bool
  sample: true
signature_problem:
  description: Why signatures could not be looked for or verified, or null.
  returned: success
  type: str
  sample: null
"""
