# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Records of a zone at Cloudflare."""

from __future__ import annotations

from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._edge import ownership
from ansible_collections.llmops.platform.plugins.module_utils._edge.cloudflare import VARIABLE
from ansible_collections.llmops.platform.plugins.module_utils._edge.cloudflare import Client
from ansible_collections.llmops.platform.plugins.module_utils._edge.cloudflare import CloudflareError
from ansible_collections.llmops.platform.plugins.module_utils._edge.errors import EdgeError
from ansible_collections.llmops.platform.plugins.module_utils._edge.errors import Unclear
from ansible_collections.llmops.platform.plugins.module_utils._edge.planning import Changes
from ansible_collections.llmops.platform.plugins.module_utils._edge.planning import Zone
from ansible_collections.llmops.platform.plugins.module_utils._edge.records import TYPES
from ansible_collections.llmops.platform.plugins.module_utils._edge.records import Key
from ansible_collections.llmops.platform.plugins.module_utils._edge.records import Record
from ansible_collections.llmops.platform.plugins.module_utils._edge.records import at_cloudflare
from ansible_collections.llmops.platform.plugins.module_utils._edge.records import unquoted
from ansible_collections.llmops.platform.plugins.module_utils._edge.records import value_of

# Changes in one batch on the free plan ("Batch record changes", Cloudflare's documentation), which is done as a whole.
BATCH = 200
PER_PAGE = 500
# The record is there already, or another that excludes it; a record to be changed is gone.
OVERTAKEN = (81053, 81057, 81058, 81044)


class CloudflareZone:
    """A zone by its name."""

    name = "Cloudflare"

    def __init__(self, client: Client, zone: str, zone_id: str = "") -> None:
        self._client, self._zone, self._id = client, zone, zone_id
        # Ids of the marks' values by name.
        self._marks: dict[str, dict[str, str]] = {}

    def zone_id(self) -> str:
        """Raises EdgeError: no such zone, or none that the token may see, which Cloudflare does not tell apart."""
        if not self._id:
            found = [one for one in self._client.pages("/zones", "Zone:Read", name=self._zone, per_page=50) if one["name"] == self._zone]
            if not found:
                raise EdgeError(
                    f"Cloudflare shows no zone {self._zone}: it is not there, or the token (variable edge_cloudflare_token, or environment variable "
                    f"{VARIABLE}) lacks Zone:Read for it; give it Zone:Read and DNS:Edit, or correct edge_zone"
                )
            if found[0].get("paused"):
                raise EdgeError(f"zone {self._zone} is paused at Cloudflare; resume it there")
            self._id = found[0]["id"]
        return self._id

    def read(self, owner: str) -> Zone:
        """All records, those of others beside ours told apart by their comments."""
        ours: dict[Key, Record] = {}
        others: dict[Key, Record] = {}
        self._marks = {}
        for raw in self._client.pages(f"/zones/{self.zone_id()}/dns_records", "DNS:Edit", per_page=PER_PAGE):
            name, kind = raw["name"].lower(), raw["type"]
            if ownership.is_mark(name, kind):
                self._marks.setdefault(name, {})[unquoted(raw["content"])] = raw["id"]
                continue
            group = ours if raw.get("comment") == ownership.comment(owner) else others
            _add(group, (name, kind, ""), raw)
        by_key = {ownership.marked(name): sorted(values) for name, values in self._marks.items()}
        alone = {key: record for key, record in others.items() if key not in ours}
        return Zone({**ours, **alone}, by_key, {key: record for key, record in others.items() if key in ours or self._marked(key, by_key, owner)})

    @staticmethod
    def _marked(key: Key, marks: dict[tuple[str, str], list[str]], owner: str) -> bool:
        """A mark of ours beside a record without our comment: the record is not the one that we made."""
        return ownership.owners(marks.get(key[:2], [])).get("") == owner

    def resolved(self, records: dict[Key, Record]) -> dict[Key, Record]:
        """As Cloudflare has it."""
        return at_cloudflare(records)

    def apply(self, changes: Changes, owner: str) -> list[str]:
        """Write the steps and their marks. Raises Unclear where no answer came, or somebody else was faster."""
        said = ownership.comment(owner)
        by_mark: dict[str, list[dict[str, list[dict[str, Any]]]]] = {}
        for step in changes.steps:
            by_mark.setdefault(ownership.mark_name(*step.key[:2]), []).append(_operations(step.before, step.after, said))
        for name, before, after in changes.marks:
            gone = [{"id": self._marks[name][value]} for value in before if value not in after]
            made = [{"type": "TXT", "name": name, "content": f'"{value}"', "ttl": ownership.TTL, "comment": said} for value in after if value not in before]
            by_mark.setdefault(name, []).append({"deletes": gone, "posts": made})
        for batch in _batches(list(by_mark.values())):
            try:
                self._client.post(f"/zones/{self.zone_id()}/dns_records/batch", batch, "DNS:Edit")
            except CloudflareError as error:
                if set(error.codes) & set(OVERTAKEN):
                    raise Unclear(str(error)) from error
                raise
        return []

    def wait(self, ids: list[str], timeout: float, poll: float = 5.0) -> None:
        """Cloudflare's name servers have a change within seconds; there is nothing to ask."""


def _add(group: dict[Key, Record], key: Key, raw: dict[str, Any]) -> None:
    try:
        value = value_of(key[1], raw["content"], "") if key[1] in TYPES else raw["content"]
    except EdgeError:
        value = raw["content"]
    empty = {"set_identifier": "", "alias": None, "failover": None, "region": None, "weight": None, "health_check_id": None}
    record = group.setdefault(
        key, {"name": key[0], "type": key[1], **empty, "ttl": raw["ttl"], "values": [], "proxied": bool(raw.get("proxied")), "handles": {}}
    )
    record["values"] = sorted({*record["values"], value})
    record["handles"][value] = raw["id"]
    # One record that differs makes the whole differ.
    if (raw["ttl"], bool(raw.get("proxied"))) != (record["ttl"], record["proxied"]):
        record["ttl"] = -1


def _operations(before: Record | None, after: Record | None, said: str) -> dict[str, list[dict[str, Any]]]:
    """Deletes, patches and posts that turn one record set into another. An id that is there is kept."""
    left = dict((before or {}).get("handles") or {})
    found: dict[str, list[dict[str, Any]]] = {"deletes": [], "patches": [], "posts": []}
    values = (after or {}).get("values") or []
    reused = {value: left.pop(value) for value in values if value in left}
    for value in values:
        content = f'"{value}"' if after["type"] == "TXT" else value
        body: dict[str, Any] = {"content": content, "ttl": after["ttl"], "comment": said}
        if after["type"] in ("A", "AAAA", "CNAME"):
            body["proxied"] = after["proxied"]
        handle = reused.get(value) or (left.pop(next(iter(left))) if left else "")
        if handle:
            found["patches"].append({"id": handle, **body})
        else:
            found["posts"].append({"type": after["type"], "name": after["name"], **body})
    found["deletes"] = [{"id": handle} for handle in left.values()]
    return found


def _batches(groups: list[list[dict[str, list[dict[str, Any]]]]]) -> list[dict[str, list[dict[str, Any]]]]:
    """Joined up to the limit; a record and its mark stay together."""
    found: list[dict[str, list[dict[str, Any]]]] = []
    held = BATCH + 1
    for group in groups:
        size = sum(len(items) for operations in group for items in operations.values())
        if held + size > BATCH:
            found.append({})
            held = 0
        for operations in group:
            for verb, items in operations.items():
                if items:
                    found[-1].setdefault(verb, []).extend(items)
        held += size
    return [batch for batch in found if batch]
