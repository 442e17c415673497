# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""A certificate of ACM that DNS validates: requested once, found again by its tags, awaited with a deadline."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from collections.abc import Mapping
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._edge import lookup
from ansible_collections.llmops.platform.plugins.module_utils._edge.errors import EdgeError
from ansible_collections.llmops.platform.plugins.module_utils._edge.records import host_name
from ansible_collections.llmops.platform.plugins.module_utils._stacks.calls import Calls
from ansible_collections.llmops.platform.plugins.module_utils._stacks.retrying import CallError

# Tag by which a later run knows the certificate.
TAG = "llmops.platform/certificate"
LIVING = ("PENDING_VALIDATION", "ISSUED")
# Names in one certificate without a higher quota (ACM User Guide, "Quotas").
NAMES = 10
FAILURES = {
    "CAA_ERROR": 'a CAA record of the domain does not allow amazon.com; add one with `0 issue "amazon.com"`',
    "DOMAIN_NOT_ALLOWED": "ACM does not give certificates for this domain",
    "DOMAIN_VALIDATION_DENIED": "the domain is on a list of unsafe ones",
    "NO_AVAILABLE_CONTACTS": "validation is by e-mail; delete the certificate, this one goes by DNS",
}


class Certificates:
    """In one region. `ask(name, type)` looks at public DNS; `sleep` and `clock` are given by tests."""

    def __init__(
        self,
        calls: Calls,
        region: str,
        ask: Callable[[str, str], list[str]],
        sleep: Callable[[float], Any] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._calls, self._region, self._ask, self._sleep, self._clock = calls, region, ask, sleep, clock

    def _call(self, operation: str, **arguments: Any) -> dict[str, Any]:
        return self._calls(self._region, operation, "acm", **arguments)

    def find(self, name: str, names: list[str]) -> dict[str, Any] | None:
        """The newest living certificate of this name, one that is issued first; what fails or expired is not found."""
        found = []
        for summary in self._summaries():
            if summary.get("DomainName") != names[0]:
                continue
            arn = summary["CertificateArn"]
            tags = {tag["Key"]: tag.get("Value") for tag in self._call("ListTagsForCertificate", CertificateArn=arn).get("Tags") or []}
            if tags.get(TAG) != name:
                continue
            one = self._call("DescribeCertificate", CertificateArn=arn)["Certificate"]
            if sorted(one.get("SubjectAlternativeNames") or []) == sorted(names):
                found.append(one)
        living = [one for one in found if one["Status"] in LIVING]
        return max(living, key=lambda one: (one["Status"] == "ISSUED", str(one.get("CreatedAt"))), default=None)

    def _summaries(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        token: dict[str, str] = {}
        while True:
            answer = self._call("ListCertificates", CertificateStatuses=list(LIVING), MaxItems=100, **token)
            found += answer.get("CertificateSummaryList") or []
            if not answer.get("NextToken"):
                return found
            token = {"NextToken": answer["NextToken"]}

    def request(self, name: str, names: list[str], tags: Mapping[str, str]) -> dict[str, Any]:
        """A new one. The token makes that a request whose answer was lost is not made twice (within an hour)."""
        token = hashlib.sha256(f"{name} {' '.join(names)}".encode()).hexdigest()[:32]
        given = [{"Key": key, "Value": value} for key, value in sorted({**tags, TAG: name}.items())]
        others = {"SubjectAlternativeNames": names} if len(names) > 1 else {}
        answer = self._call("RequestCertificate", DomainName=names[0], ValidationMethod="DNS", IdempotencyToken=token, Tags=given, **others)
        return self._with_records(answer["CertificateArn"], len(names))

    def _with_records(self, arn: str, number: int) -> dict[str, Any]:
        """ACM names the validation records a few seconds after the request."""
        for attempt in range(20):
            found = self._call("DescribeCertificate", CertificateArn=arn)["Certificate"]
            if len(records_of(found)) and all(one.get("ResourceRecord") for one in found.get("DomainValidationOptions") or []):
                return found
            self._sleep(min(5.0, 0.5 * 2**attempt))
        raise EdgeError(f"ACM named no validation records of {arn} for {number} names within a minute and a half; run again, it is not requested twice")

    def delete(self, arn: str) -> None:
        """Raises EdgeError while something still uses it."""
        try:
            self._call("DeleteCertificate", CertificateArn=arn)
        except CallError as error:
            if error.code != "ResourceInUseException":
                raise
            users = self._call("DescribeCertificate", CertificateArn=arn)["Certificate"].get("InUseBy") or []
            raise EdgeError(f"certificate {arn} is in use by {', '.join(users) or 'something'}; take that away first") from error

    def wait(self, arn: str, timeout: float, poll: float) -> dict[str, Any]:
        """The issued certificate. Raises EdgeError: it failed, or the deadline passed, with the records that public DNS does not have."""
        deadline = self._clock() + timeout
        while True:
            found = self._call("DescribeCertificate", CertificateArn=arn)["Certificate"]
            if found["Status"] == "ISSUED":
                return found
            if found["Status"] != "PENDING_VALIDATION":
                reason = found.get("FailureReason") or "no reason given"
                remedy = FAILURES.get(reason, "correct the cause, then run again: a new one is requested")
                raise EdgeError(f"certificate {arn} is {found['Status']} ({reason}); {remedy}")
            if self._clock() >= deadline:
                raise EdgeError(self._missing(found, timeout))
            self._sleep(poll)

    def _missing(self, found: Mapping[str, Any], timeout: float) -> str:
        lines, unseen = [], 0
        for record in records_of(found):
            try:
                values = self._ask(record["name"], "CNAME")
            except lookup.NoAnswer as error:
                lines.append(f"  {record['name']} CNAME {record['values'][0]}: public DNS could not be asked ({error})")
                continue
            if record["values"][0] not in values:
                unseen += 1
                instead = f"public DNS has {', '.join(values)}" if values else "public DNS has nothing there"
                lines.append(f"  {record['name']} CNAME {record['values'][0]}: {instead}")
        head = f"certificate {found['CertificateArn']} of {found['DomainName']} was not validated within {timeout:.0f} s"
        if not lines:
            return f"{head}, though public DNS has all its records; ACM looks again by itself, run again later: it is not requested twice"
        remedy = "is the zone delegated to the name servers that have these records? Run again then: it is not requested twice"
        return "\n".join([f"{head}; {'missing' if unseen else 'not seen'}:", *lines, remedy])


def names_of(domain: str, alternatives: list[str]) -> list[str]:
    """All names, the first in front, each once. Raises EdgeError."""
    names = list(dict.fromkeys([host_name(domain, "domain"), *(host_name(name, "alternative name") for name in sorted(alternatives))]))
    if len(names) > NAMES:
        raise EdgeError(f"a certificate for {names[0]} with {len(names)} names; ACM takes {NAMES}: use a wildcard, or several certificates")
    if len(names[0]) > 64:
        raise EdgeError(f"domain {names[0]} has {len(names[0])} characters; the first name of a certificate has at most 64")
    return names


def records_of(found: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The validation records as module dns_records takes them. Names that share one (a domain and its wildcard) have it once."""
    records = {}
    for option in found.get("DomainValidationOptions") or []:
        if raw := option.get("ResourceRecord"):
            name = raw["Name"].lower().removesuffix(".")
            records[name] = {"name": name, "type": raw["Type"], "values": [raw["Value"].lower().removesuffix(".")], "ttl": 300}
    return [records[name] for name in sorted(records)]


def told(found: Mapping[str, Any] | None) -> dict[str, Any]:
    """What the module returns of it."""
    if found is None:
        return {"arn": "", "status": "absent", "records": []}
    return {"arn": found["CertificateArn"], "status": found["Status"].lower(), "records": records_of(found)}
