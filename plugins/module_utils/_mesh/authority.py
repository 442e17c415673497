# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""The mesh's certificate authority: whether what istiod is given is a chain, is its own, and lasts."""

from __future__ import annotations

import base64
import binascii
import datetime
from collections.abc import Mapping
from typing import Any

KEYS = ("ca-cert.pem", "ca-key.pem", "cert-chain.pem", "root-cert.pem")


def _decoded(data: Mapping[str, str], name: str) -> bytes:
    return base64.b64decode(data[name], validate=True)


def authority_problems(data: Mapping[str, str], secret: str, now: datetime.datetime, warn_days: int) -> tuple[list[str], list[str]]:
    """`(problems, warnings)` of the `data` of Secret cacerts. Nothing of the key is ever in a sentence."""
    # ansible-core itself needs it; imported late, as only a mesh with a certificate authority of its own does here.
    from cryptography import x509
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.serialization import Encoding
    from cryptography.hazmat.primitives.serialization import PublicFormat
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    missing = [name for name in KEYS if not data.get(name)]
    if missing:
        return [f"{secret} has no {', '.join(missing)}; istiod needs {', '.join(KEYS)}"], []
    try:
        (issuer,), chain, roots = (x509.load_pem_x509_certificates(_decoded(data, name)) for name in ("ca-cert.pem", "cert-chain.pem", "root-cert.pem"))
        key = load_pem_private_key(_decoded(data, "ca-key.pem"), password=None)
    except (ValueError, TypeError, binascii.Error):
        return [f"{secret} holds something that is no certificate or no unencrypted key in PEM, or more than one certificate in ca-cert.pem; write it anew"], []
    found, warned = [], []
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    if public != issuer.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo):
        found.append(f"{secret}: ca-key.pem is not the key of ca-cert.pem; write both from one issue")
    try:
        authority = issuer.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        authority = False
    if not authority:
        found.append(f"{secret}: ca-cert.pem may sign nothing (no basic constraint CA); issue an intermediate authority")
    if not _leads_to(issuer, [*chain, *roots], roots, InvalidSignature):
        found.append(f"{secret}: ca-cert.pem leads to no certificate of root-cert.pem; put the intermediates into cert-chain.pem, in order")
    for name, certificate in (("ca-cert.pem", issuer), *(("root-cert.pem", root) for root in roots)):
        days = (certificate.not_valid_after_utc - now).days
        subject = certificate.subject.rfc4514_string()
        if certificate.not_valid_after_utc <= now:
            found.append(
                f"{secret}: {name} ({subject}) has expired on {certificate.not_valid_after_utc:%Y-%m-%d}; rotate it, docs/runbooks/mesh_ca.md says how"
            )
        elif days < warn_days:
            warned.append(f"{secret}: {name} ({subject}) expires in {days} days; rotate it, docs/runbooks/mesh_ca.md says how")
    return found, warned


def _leads_to(certificate: Any, known: list[Any], roots: list[Any], wrong: type[Exception]) -> bool:
    """Whether signatures lead from a certificate to one of the roots."""
    for _step in range(len(known) + 1):
        if certificate in roots:
            return True
        issuer = next((entry for entry in known if entry != certificate and _signed(certificate, entry, wrong)), None)
        if issuer is None:
            return False
        certificate = issuer
    return False


def _signed(certificate: Any, issuer: Any, wrong: type[Exception]) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, wrong):
        return False
    return True


def rotation_problems(live: Mapping[str, str], wanted: Mapping[str, str], secret: str, retire_roots: bool) -> list[str]:
    """What speaks against replacing the authority in one step: proxies that do not know the new root would refuse all others."""
    from cryptography import x509
    from cryptography.exceptions import InvalidSignature

    def issued(data: Mapping[str, str], roots: set[Any]) -> bool:
        issuer = x509.load_pem_x509_certificate(_decoded(data, "ca-cert.pem"))
        return _leads_to(issuer, [*x509.load_pem_x509_certificates(_decoded(data, "cert-chain.pem")), *roots], list(roots), InvalidSignature)

    before, after = (set(x509.load_pem_x509_certificates(_decoded(data, "root-cert.pem"))) for data in (live, wanted))
    found = []
    if before - after and not (retire_roots and issued(live, after)):
        found.append(
            f"{secret}: the new root-cert.pem lacks a root that is trusted today. Hand out both roots, then the new issuer; after a day of that "
            "(the longest certificate of a workload), take the old root out with istio_ca_retire_roots"
        )
    if not issued(wanted, before):
        found.append(f"{secret}: the new ca-cert.pem leads to no root that is trusted today; hand out both roots with the old issuer before it")
    return found
