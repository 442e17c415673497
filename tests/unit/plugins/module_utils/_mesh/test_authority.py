# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The certificate authority of a mesh."""

from __future__ import annotations

import base64
import datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from ansible_collections.llmops.platform.plugins.module_utils._mesh.authority import authority_problems
from ansible_collections.llmops.platform.plugins.module_utils._mesh.authority import rotation_problems

NOW = datetime.datetime(2026, 6, 1, tzinfo=datetime.UTC)


class Authority:
    """A certificate with its key, issued by another one or by itself."""

    def __init__(self, name, issuer=None, days=3650, ca=True):
        self.key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        builder = x509.CertificateBuilder(
            issuer_name=issuer.certificate.subject if issuer else subject,
            subject_name=subject,
            public_key=self.key.public_key(),
            serial_number=x509.random_serial_number(),
            not_valid_before=NOW - datetime.timedelta(days=400),
            not_valid_after=NOW + datetime.timedelta(days=days),
        ).add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        self.certificate = builder.sign((issuer or self).key, hashes.SHA256())


def pem(*authorities):
    return base64.b64encode(b"".join(entry.certificate.public_bytes(serialization.Encoding.PEM) for entry in authorities)).decode()


def data(issuer, chain, roots, key=None):
    private = (key or issuer).key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return {"ca-cert.pem": pem(issuer), "ca-key.pem": base64.b64encode(private).decode(), "cert-chain.pem": pem(*chain), "root-cert.pem": pem(*roots)}


ROOT = Authority("root")
MIDDLE = Authority("middle", ROOT)
ISSUER = Authority("issuer", MIDDLE)
OTHER = Authority("other")
OTHER_ISSUER = Authority("other issuer", OTHER)
ANOTHER = Authority("another", MIDDLE)
ENDED = Authority("ended", ROOT, days=-1)
LEAF = Authority("leaf", ROOT, ca=False)
GOOD = data(ISSUER, [ISSUER, MIDDLE], [ROOT])


def judged(secret):
    return authority_problems(secret, "Secret istio-system/cacerts", NOW, 60)


@pytest.mark.parametrize("secret", [GOOD, data(ROOT, [ROOT], [ROOT]), data(ISSUER, [ISSUER, MIDDLE], [OTHER, ROOT])], ids=["chain", "root itself", "two roots"])
def test_an_authority_that_holds(secret):
    assert judged(secret) == ([], [])


@pytest.mark.parametrize(
    ("secret", "words"),
    [
        ({}, "has no ca-cert.pem, ca-key.pem, cert-chain.pem, root-cert.pem"),
        ({**GOOD, "ca-key.pem": ""}, "has no ca-key.pem"),
        ({**GOOD, "ca-key.pem": "bm90aGluZw=="}, "no unencrypted key"),
        ({**GOOD, "root-cert.pem": "!"}, "no certificate"),
        ({**GOOD, "ca-cert.pem": pem(ISSUER, MIDDLE)}, "more than one certificate in ca-cert.pem"),
        (data(ISSUER, [ISSUER, MIDDLE], [ROOT], key=OTHER), "ca-key.pem is not the key of ca-cert.pem"),
        (data(ISSUER, [ISSUER], [ROOT]), "leads to no certificate of root-cert.pem"),
        (data(ISSUER, [ISSUER, MIDDLE], [OTHER]), "leads to no certificate of root-cert.pem"),
        (data(LEAF, [LEAF], [ROOT]), "may sign nothing"),
        (data(ENDED, [ENDED], [ROOT]), "has expired on 2026-05-31"),
    ],
    ids=["nothing", "no key", "broken key", "broken root", "two issuers", "another key", "gap", "another root", "no authority", "expired"],
)
def test_an_authority_that_does_not(secret, words):
    (found,), _warned = judged(secret)
    assert words in found
    assert "PRIVATE" not in found


def test_an_end_that_comes_near_is_a_warning():
    near = Authority("near", ROOT, days=30)
    found, (warned,) = judged(data(near, [near], [ROOT]))
    assert found == []
    assert "expires in 30 days" in warned


BOTH = data(ISSUER, [ISSUER, MIDDLE], [ROOT, OTHER])
NEW_ISSUER = data(OTHER_ISSUER, [OTHER_ISSUER], [ROOT, OTHER])
NEW_ONLY = data(OTHER_ISSUER, [OTHER_ISSUER], [OTHER])


@pytest.mark.parametrize(
    ("live", "wanted", "retire", "words"),
    [
        (GOOD, data(ANOTHER, [ANOTHER, MIDDLE], [ROOT]), False, []),
        (GOOD, BOTH, False, []),
        (BOTH, NEW_ISSUER, False, []),
        (NEW_ISSUER, NEW_ONLY, True, []),
        (NEW_ISSUER, NEW_ONLY, False, ["lacks a root that is trusted today"]),
        (BOTH, NEW_ONLY, True, ["lacks a root that is trusted today"]),
        (GOOD, NEW_ISSUER, False, ["leads to no root that is trusted today"]),
        (GOOD, NEW_ONLY, True, ["lacks a root", "leads to no root"]),
    ],
    ids=["new issuer of one root", "both roots", "issuer of the new root", "old root out", "not asked for", "too early", "root unknown", "at once"],
)
def test_a_rotation_goes_in_steps(live, wanted, retire, words):
    found = rotation_problems(live, wanted, "Secret istio-system/cacerts-next", retire)
    assert len(found) == len(words), found
    assert all(word in sentence for word, sentence in zip(words, found, strict=True))
