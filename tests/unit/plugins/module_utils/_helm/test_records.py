# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Helm's records of releases."""

from __future__ import annotations

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._helm import records
from ansible_collections.llmops.platform.plugins.module_utils._k8s.errors import KubernetesError

RELEASE = {
    "name": "demo",
    "version": 3,
    "info": {"status": "pending-upgrade", "first_deployed": "2026-01-01T00:00:00Z"},
    "manifest": "kind: ConfigMap",
    "hooks": [{"manifest": "kind: Job"}],
    "chart": {"metadata": {"name": "demo", "version": "1.2.3"}},
}


def secret(release=None, number=3, **more):
    release = release or RELEASE
    labels = {"owner": "helm", "name": "demo", "status": release["info"]["status"], **more}
    metadata = {"name": f"sh.helm.release.v1.demo.v{number}", "namespace": "a", "labels": labels, "creationTimestamp": "2026-01-01T00:00:00Z"}
    return {"type": records.TYPE, "metadata": metadata, "data": {"release": records.encode({**release, "version": number})}}


class Client:
    def __init__(self, *secrets):
        self.secrets = list(secrets)
        self.sent = []

    def pages(self, path, **query):
        assert path == "/api/v1/namespaces/a/secrets"
        assert query == {"labelSelector": "owner=helm,name=demo"}
        yield self.secrets, 0

    def request(self, *words):
        self.sent.append(words)


def test_a_revision_is_read():
    found = records.revision(secret())
    assert (found.number, found.status, found.chart, found.manifest, found.hooks) == (3, "pending-upgrade", "demo-1.2.3", "kind: ConfigMap", ["kind: Job"])
    assert found.modified == 1767225600.0


def test_the_time_of_the_last_change_counts():
    assert records.revision(secret(modifiedAt="1767229200")).modified == 1767229200.0


def test_history_is_ordered_by_number_and_leaves_out_what_is_no_release():
    client = Client(secret(number=10), secret(number=9), {"type": "Opaque", "metadata": {"name": "x"}})
    assert [found.number for found in records.history(client, "a", "demo")] == [9, 10]


@pytest.mark.parametrize("data", ["", "bm90aGluZw==", records.encode({"version": 1})], ids=["empty", "no gzip", "no status"])
def test_an_unreadable_record_is_named(data):
    with pytest.raises(KubernetesError, match=r"Secret a/sh\.helm\.release\.v1\.demo\.v3 .* cannot be read"):
        records.revision({**secret(), "data": {"release": data}})


def test_a_stuck_revision_is_marked_failed_and_keeps_all_else():
    client = Client()
    records.set_free(client, "a", records.revision(secret()))
    method, path, _query, body, _type = client.sent[0]
    assert (method, path) == ("PATCH", "/api/v1/namespaces/a/secrets/sh.helm.release.v1.demo.v3")
    assert body["metadata"] == {"labels": {"status": "failed"}}
    after = records.decode(body["data"]["release"])
    assert after["info"].pop("description").startswith("Marked failed: it was pending-upgrade")
    assert after == {**RELEASE, "info": {**RELEASE["info"], "status": "failed"}}
