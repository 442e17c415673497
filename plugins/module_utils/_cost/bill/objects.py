# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Objects in a bucket whose lifecycle moves them to an archive and deletes them: GB in each class, requests, transitions, copies in another region."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._cost.bill import data
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.parts import elementwise
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.reading import choice
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.reading import count
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.schedules import MONTH
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.schedules import MOST_DAYS
from ansible_collections.llmops.platform.plugins.module_utils._cost.bill.schedules import number
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import CostError
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Line
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Place
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import Quantity
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import plain

# Provider of the platform that a store belongs to; the others are pods, or somebody else's.
STORES = {"s3": "aws", "azure_blob": "azure", "gcs": "gcp"}
# How many times pods keep an object. Garage: https://garagehq.deuxfleurs.fr/documentation/reference-manual/configuration/ ; SeaweedFS's default replication
# is 000; MinIO's on four drives: https://min.io/docs/minio/linux/operations/concepts/erasure-coding.html
IN_CLUSTER = {"garage": 3, "seaweedfs": 1, "minio": 2}
BASE = {"aws": "aws/s3", "azure": "azure/blob", "gcp": "gcp/gcs"}
FIRST = {"aws": "standard", "azure": "hot", "gcp": "standard"}
# Name in the price table, and days that an object is billed for at least: https://aws.amazon.com/s3/pricing/
ARCHIVES = {"GLACIER": ("glacier-flexible", "glacier", 90), "GLACIER_IR": ("glacier-instant", "glacier-instant", 90)}
ARCHIVES["DEEP_ARCHIVE"] = ("deep-archive", "deep-archive", 180)
RESOURCE = "AWS::S3::Bucket"
MB = 1024


@dataclass(frozen=True)
class Lifecycle:
    """Days until objects move to the archive and until they are deleted; None for never."""

    archive_after: int | None = None
    archive_class: str = "GLACIER"
    expire_after: int | None = None

    def days(self, kept: Fraction) -> Fraction:
        """How long an object is there that is wanted for so long."""
        return kept if self.expire_after is None else min(kept, Fraction(self.expire_after))

    def split(self, kept: Fraction) -> tuple[Fraction, Fraction]:
        """Days that are billed in the first class and in the archive; an archive has a least."""
        days = self.days(kept)
        if self.archive_after is None or days <= self.archive_after:
            return days, Fraction(0)
        return Fraction(self.archive_after), max(days - self.archive_after, Fraction(ARCHIVES[self.archive_class][2]))


def lifecycle(settings: Mapping[str, Any], where: str) -> Lifecycle:
    """Of a bucket. Raises CostError: it deletes before it archives, an unknown class."""
    ends = [
        None if settings.get(key) is None else count(settings[key], f"{where}.{key}", least=1, most=MOST_DAYS)
        for key in ("archive_after_days", "expire_after_days")
    ]
    name = choice(settings.get("archive_class", "GLACIER"), f"{where}.archive_class", ARCHIVES)
    if None not in ends and ends[1] <= ends[0]:
        raise CostError(f"{where}.expire_after_days is {ends[1]}, archive_after_days {ends[0]}; what is deleted first is never archived: name one of them")
    return Lifecycle(ends[0], name, ends[1])


def store(variables: Mapping[str, Any], place: Place) -> str:
    """The provider's, `in_cluster`, or `existing` where somebody else pays. Raises CostError: a provider's store elsewhere than there."""
    name = "object_storage_provider"
    value = choice(variables.get(name), name, (*STORES, *IN_CLUSTER, "existing"))
    if place.provider not in BASE or value == "existing":
        return "existing"
    if value in IN_CLUSTER:
        return "in_cluster"
    if STORES[value] != place.provider:
        raise CostError(f"{name} is {value}, but platform_provider {place.provider}; name its own, a store in the cluster, or existing")
    return place.provider


@dataclass(frozen=True)
class Flow:
    """What goes into a bucket: `gb` and `objects` each `every` so many days, wanted for `kept` days. `writes`: a month, if they are more than objects.
    `least`: GB that are there at any time.
    """

    gb: Quantity
    objects: Quantity
    every: Fraction
    kept: Fraction
    writes: Quantity | None = None
    least: Quantity | None = None
    assumption: str = ""

    def held(self, days: Fraction) -> Quantity:
        """GB there at any time: `gb x days / every`."""
        return data.scaled(self.gb, days / self.every)


def objects(owner: data.Owner, flow: Flow, rules: Lifecycle, *, prefix: str = "", copied: bool = False) -> Iterator[Line]:
    """Lines of one flow. First class `GB a day x days there`, archive `GB a day x days there, or its least`, writes and transitions in thousands.

    `copied`: whether it is sent to a bucket in the standby region: `GB a day x 365 / 12`. `prefix`: of the lines' names.
    """
    provider = owner.place.provider
    base, kind, why = BASE[provider], FIRST[provider], flow.assumption
    thousandth = Decimal("0.001")

    def line(name: str, sku: str, quantity: Quantity, unit: str, **labels: str) -> Line:
        return owner.line(f"{prefix}{name}", f"{base}/{sku}", quantity, unit, usage=True, assumption=why, **labels)

    first, later = rules.split(flow.kept)
    there = flow.held(first)
    yield line(kind, kind, there if flow.least is None else elementwise(max, there, flow.least), "GB-month")
    monthly = data.scaled(flow.objects, MONTH / flow.every)
    yield line("writes", "put", (flow.writes or monthly).times(thousandth), "1k requests")
    if later:
        archive, moved, least = ARCHIVES[rules.archive_class] if provider == "aws" else ("archive", "archive", 0)
        yield line("archive", archive, flow.held(later), "GB-month", days=plain(number(later)), least_days=str(least))
        yield line("transitions", f"transition-{moved}", monthly.times(thousandth), "1k requests")
    if copied:
        yield line("replication", "replication", flow.held(MONTH), "GB")


def bucket_owner(place: Place, component: str, service: str, purpose: str) -> data.Owner:
    return data.Owner(place, component, service, RESOURCE if place.provider == "aws" else "", {"purpose": purpose})
