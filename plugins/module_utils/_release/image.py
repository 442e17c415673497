# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Gate image: the image exists, is what was asked for, and is signed where a policy wants that."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._release.findings import ERROR
from ansible_collections.llmops.platform.plugins.module_utils._release.findings import INFO
from ansible_collections.llmops.platform.plugins.module_utils._release.findings import WARNING
from ansible_collections.llmops.platform.plugins.module_utils._release.findings import Finding
from ansible_collections.llmops.platform.plugins.module_utils._release.findings import finding
from ansible_collections.llmops.platform.plugins.module_utils._release.findings import wrong

CHECKS = ("registry", "none")
SIGNATURES = ("none", "present", "verified")


def settings_problems(policy: Mapping[str, Any]) -> list[Finding]:
    """What in `release_gates.image` cannot be meant."""
    found = []
    for key, choices in (("check", CHECKS), ("signature", SIGNATURES)):
        if policy.get(key) not in choices:
            found.append(wrong(f"release_gates.image.{key}", f"is {policy.get(key)!r}", f"Use one of {', '.join(choices)}."))
    if policy.get("signature") == "verified" and not policy.get("cosign_key"):
        found.append(
            wrong("release_gates.image.cosign_key", "is missing, signature is verified", "Name the public key: a file, or what cosign takes as --key.")
        )
    if policy.get("check") == "none" and policy.get("signature") in ("present", "verified"):
        remedy = "Set check to registry, or signature to none."
        found.append(wrong("release_gates.image.signature", f"is {policy['signature']}, but check is none, so no registry is asked", remedy))
    return found


def judge(policy: Mapping[str, Any], image: str, answer: Mapping[str, Any]) -> list[Finding]:
    """`answer`: result of module container_image_info, not looked at where `check` is none."""
    if problems := settings_problems(policy):
        return problems
    if policy["check"] == "none":
        return [finding("image", INFO, f"nobody asked whether {image} exists, release_gates.image.check is none")]
    if answer.get("exists") is False:
        remedy = "Push the image, or correct release_version or the service's image.repository."
        return [finding("image", ERROR, f"{image} does not exist: {answer.get('problem') or 'its registry does not know it'}", remedy)]
    if not answer.get("exists") or answer.get("problem"):
        remedy = "Repair the access (release_gates.image.docker_config, .ca_path), or overrule it with release_override.image and a reason."
        return [finding("image", ERROR, f"whether {image} exists is unknown: {answer.get('problem') or 'the registry was not asked'}", remedy)]
    return [finding("image", INFO, f"{image} exists, {answer.get('digest')}"), *_signature(policy, image, answer)]


def _signature(policy: Mapping[str, Any], image: str, answer: Mapping[str, Any]) -> list[Finding]:
    wanted, signatures = policy["signature"], answer.get("signatures") or []
    if wanted == "none":
        return [finding("image", INFO, f"nobody looked for a signature of {image}, release_gates.image.signature is none")]
    if answer.get("signature_problem"):
        remedy = "Sign the image with cosign, correct release_gates.image, or overrule it with release_override.image and a reason."
        return [finding("image", ERROR, f"the signature of {image} is not {wanted}: {answer['signature_problem']}", remedy)]
    if wanted == "verified":
        if not answer.get("verified"):
            return [finding("image", ERROR, f"the signature of {image} was not verified", "Look at what container_image_info returned.")]
        return [finding("image", INFO, f"the signature of {image} was verified with {policy['cosign_key']}")]
    if not signatures:
        remedy = "Sign it: cosign sign --key <key> <image>@<digest>."
        return [finding("image", ERROR, f"{image} bears no signature, release_gates.image.signature is present", remedy)]
    ways = ", ".join(sorted({signature["found_by"] for signature in signatures}))
    remedy = "Set release_gates.image.signature to verified: a signature that is only present may be anybody's."
    return [finding("image", WARNING, f"{image} bears {len(signatures)} signature(s), found by {ways}, which nobody verified", remedy)]
