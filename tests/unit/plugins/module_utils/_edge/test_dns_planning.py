# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Records as data: what is taken, what is refused, and how they differ."""

from __future__ import annotations

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._edge import ownership
from ansible_collections.llmops.platform.plugins.module_utils._edge.errors import EdgeError
from ansible_collections.llmops.platform.plugins.module_utils._edge.planning import Zone
from ansible_collections.llmops.platform.plugins.module_utils._edge.planning import changes
from ansible_collections.llmops.platform.plugins.module_utils._edge.planning import rows
from ansible_collections.llmops.platform.plugins.module_utils._edge.records import at_cloudflare
from ansible_collections.llmops.platform.plugins.module_utils._edge.records import canonical

ZONE, OWNER = "example.com", "shop/production"


def a(name="api.example.com", *values, **more):
    return {"name": name, "type": "A", "values": list(values) or ["192.0.2.1"], **more}


def region(name, way, identifier=None, **more):
    return a("api.example.com", set_identifier=identifier or name, failover=way, **more)


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (a("api.other.org"), "not in zone example.com"),
        (a("api.notexample.com"), "not in zone"),
        (a("-bad.example.com"), "no host name"),
        (a("a.*.example.com"), "no host name"),
        (a("api.example.com", "host.example.org"), "goes into a CNAME"),
        (a("api.example.com", "2001:db8::1"), "IP version 6"),
        ({"name": "example.com", "type": "CNAME", "values": ["x.example.org"]}, "top of a zone"),
        ({"name": "x.example.com", "type": "CNAME", "values": ["a.org", "b.org"]}, "one value"),
        ({"name": "x.example.com", "type": "A"}, "either `values` or `alias`"),
        ({"name": "x.example.com", "type": "TXT", "alias": {"name": "b.org"}}, "type A or AAAA"),
        ({"name": "x.example.com", "type": "SPF", "values": ["x"]}, "unknown type"),
        ({"name": "x.example.com", "type": "TXT", "values": ["x" * 256]}, "at most 255"),
        (a(failover="primary"), "set_identifier"),
        (a(set_identifier="one"), "set_identifier"),
        (a(set_identifier="one", failover="first"), "primary or secondary"),
        (a(set_identifier="a,b", failover="primary"), "set_identifier"),
    ],
)
def test_what_is_no_record_is_refused_with_its_name(entry, said):
    with pytest.raises(EdgeError, match=said):
        canonical([entry], ZONE)


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        ([a(), a()], "declared twice"),
        ([a(), {"name": "api.example.com", "type": "CNAME", "values": ["b.org"]}], "stands alone"),
        ([a(), region("one", "primary")], "routed the same way"),
        ([region("one", "primary"), a(set_identifier="two", region="us-west-2")], "routed the same way"),
    ],
)
def test_what_cannot_stand_together_is_refused(entries, said):
    with pytest.raises(EdgeError, match=said):
        canonical(entries, ZONE)


def test_the_same_record_is_written_in_many_ways():
    one = canonical([a("API.example.com.", "192.0.2.2", "192.0.2.1")], ZONE)
    assert one == canonical([a("api.example.com", "192.0.2.1", "192.0.2.2", "192.0.2.1")], ZONE)
    text = {"name": "t.example.com", "type": "TXT"}
    assert canonical([{**text, "values": ['"a" "b"']}], ZONE) == canonical([{**text, "values": ["ab"]}], ZONE)


def test_cloudflare_gets_the_primary_alone_and_a_cname_for_an_alias():
    alias = {"name": "example.com", "type": "A", "alias": {"name": "lb.example.org"}, "set_identifier": "one", "failover": "primary"}
    found = at_cloudflare(canonical([alias, {**alias, "set_identifier": "two", "failover": "secondary", "alias": {"name": "other.org"}}], ZONE))
    assert list(found) == [("example.com", "CNAME", "")]
    assert found["example.com", "CNAME", ""]["values"] == ["lb.example.org"]
    with pytest.raises(EdgeError, match="no routing by region"):
        at_cloudflare(canonical([a(set_identifier="one", region="us-east-1")], ZONE))


def zone(*entries, owner=OWNER, marked=True):
    records = canonical(entries, ZONE)
    marks: dict = {}
    for name, kind, identifier in records if marked else ():
        marks.setdefault((name, kind), []).append(ownership.mark_value(owner, identifier))
    return Zone(records, marks)


def actions(found):
    return [(step.action, *step.key) for step in found.steps]


def test_nothing_differs():
    entries = [region("one", "primary"), region("two", "secondary")]
    found = changes(canonical(entries, ZONE), zone(*entries), OWNER, purge=True)
    assert (found.steps, found.marks, found.conflicts) == ([], [], [])


def test_a_switch_changes_the_sets_and_no_mark():
    before = zone(region("one", "primary"), region("two", "secondary"))
    found = changes(canonical([region("one", "secondary"), region("two", "primary")], ZONE), before, OWNER, purge=True)
    assert actions(found) == [("update", "api.example.com", "A", "one"), ("update", "api.example.com", "A", "two")]
    assert found.steps[0].fields == ["failover: primary → secondary"]
    assert found.marks == []


def test_a_record_brings_its_mark_and_takes_it_away():
    made = changes(canonical([a()], ZONE), Zone({}, {}), OWNER, purge=True)
    assert made.marks == [("_llmops-a.api.example.com", [], [ownership.mark_value(OWNER, "")])]
    gone = changes({}, zone(a()), OWNER, purge=True)
    assert actions(gone) == [("delete", "api.example.com", "A", "")]
    assert gone.marks == [("_llmops-a.api.example.com", [ownership.mark_value(OWNER, "")], [])]
    assert rows(gone, "Route 53")[0]["action"] == "destroy"


@pytest.mark.parametrize("there", [zone(a(), marked=False), zone(a(), owner="other/production")])
def test_what_is_not_ours_is_neither_changed_nor_deleted(there):
    assert changes({}, there, OWNER, purge=True).steps == []
    wanted = canonical([a("api.example.com", "198.51.100.1")], ZONE)
    found = changes(wanted, there, OWNER, purge=True)
    assert found.steps == []
    assert "A api.example.com (192.0.2.1)" in found.conflicts[0]
    assert "take_over" in found.conflicts[0]
    # The same value makes it no more ours.
    assert changes(canonical([a()], ZONE), there, OWNER, purge=True).conflicts
    taken = changes(wanted, there, OWNER, purge=True, take_over=["api.example.com"])
    assert [step.note for step in taken.steps] == ["taken over"]
    assert taken.marks[0][2] == [ownership.mark_value(OWNER, "")]


def test_anothers_set_beside_ours_stays():
    there = zone(region("one", "primary"))
    others = zone(region("two", "secondary"), owner="other/x")
    both = Zone({**there.records, **others.records}, {("api.example.com", "A"): [v for z in (there, others) for m in z.marks.values() for v in m]})
    found = changes({}, both, OWNER, purge=True)
    assert actions(found) == [("delete", "api.example.com", "A", "one")]
    assert found.marks[0][2] == [ownership.mark_value("other/x", "two")]


def test_a_change_of_routing_replaces_what_is_ours_even_without_purge():
    found = changes(canonical([region("one", "primary")], ZONE), zone(a()), OWNER, purge=False)
    assert actions(found) == [("create", "api.example.com", "A", "one"), ("delete", "api.example.com", "A", "")]
    conflict = changes(canonical([region("one", "primary")], ZONE), zone(a(), marked=False), OWNER, purge=False)
    assert conflict.conflicts


def test_a_cname_of_somebody_else_is_in_the_way():
    there = zone({"name": "api.example.com", "type": "CNAME", "values": ["b.org"]}, marked=False)
    assert "CNAME api.example.com (b.org)" in changes(canonical([a()], ZONE), there, OWNER, purge=True).conflicts[0]


def test_without_purge_nothing_goes():
    assert changes({}, zone(a()), OWNER, purge=False).steps == []


def test_a_mark_whose_record_was_deleted_by_hand_goes_with_the_rest():
    left = Zone({}, {("api.example.com", "A"): [ownership.mark_value(OWNER, ""), ownership.mark_value("other/x", "two")]})
    found = changes({}, left, OWNER, purge=True)
    assert found.marks[0][2] == [ownership.mark_value("other/x", "two")]
    assert rows(found, "Route 53")[0]["what"] == "DNS TXT _llmops-a.api.example.com at Route 53"


@pytest.mark.parametrize("name", ["*.example.com", "example.com", "a-b.c_d.example.com"])
def test_a_mark_says_what_it_marks(name):
    assert ownership.marked(ownership.mark_name(name, "CNAME")) == (name, "CNAME")


@pytest.mark.parametrize("owner", ["", "Shop/Production", "a,b", "a b", "x" * 64])
def test_an_owner_that_cannot_stand_in_a_mark(owner):
    with pytest.raises(EdgeError, match="owner"):
        ownership.check_owner(owner)
