# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lock, journal and the places where they lie."""

from __future__ import annotations

import datetime
import json
import threading

import pytest

pytest.importorskip("botocore")

from botocore import exceptions

from ansible_collections.llmops.platform.plugins.module_utils._stacks import journal as journaling
from ansible_collections.llmops.platform.plugins.module_utils._stacks.calls import Calls
from ansible_collections.llmops.platform.plugins.module_utils._stacks.journal import Journal
from ansible_collections.llmops.platform.plugins.module_utils._stacks.locking import Lock
from ansible_collections.llmops.platform.plugins.module_utils._stacks.locking import LockHeld
from ansible_collections.llmops.platform.plugins.module_utils._stacks.stores import BucketStore
from ansible_collections.llmops.platform.plugins.module_utils._stacks.stores import FileStore
from tests.support.scripted_cloud import Cloud

DEPLOYMENT = "hub/dev"


@pytest.fixture(params=["bucket", "file"])
def kept(request, tmp_path):
    cloud = Cloud()
    if request.param == "file":
        return cloud, FileStore(tmp_path / "state")
    return cloud, BucketStore(Calls(client_of=cloud.client, sleep=lambda _s: None), "us-east-1", "state", "aws_stacks/hub/dev/")


def lock_of(store, run, **more):
    return Lock(store, DEPLOYMENT, run, {"user": run, "pid": 1}, described=lambda holder: f"{holder['user']}@bastion", **more)


def test_stores_write_only_as_asked(kept):
    _cloud, store = kept
    assert store.read("a") is None
    first = store.write("a", b"1", only_new=True)
    assert first and store.write("a", b"2", only_new=True) is None
    second = store.write("a", b"3", only_over=first)
    assert second and store.write("a", b"4", only_over=first) is None
    assert store.read("a").body == b"3" and store.read("a").age < 5
    store.delete("a")
    assert store.read("a") is None


def test_a_second_run_is_refused_with_the_holder_and_the_remedy(kept):
    _cloud, store = kept
    first, second = lock_of(store, "one"), lock_of(store, "two")
    assert first.take() is None
    with pytest.raises(LockHeld, match=r"one@bastion is changing the stacks of hub/dev .*nothing was changed.*lock\.json ends in"):
        second.take()
    first.give_back()
    assert second.take() is None
    second.give_back()


def test_a_lock_of_a_dead_run_is_taken_over(kept):
    _cloud, store = kept
    lock_of(store, "one").take()
    assert lock_of(store, "two", ended=lambda holder: holder["user"] == "one").take() == "one"


def test_a_lock_without_heartbeat_ends_by_the_stores_clock():
    cloud = Cloud()
    store = BucketStore(Calls(client_of=cloud.client), "us-east-1", "state", "p/")
    store.write("lock.json", json.dumps({"run": "one", "ttl": 60, "holder": {"user": "one"}}).encode())
    body, mark, modified = cloud.objects["p/lock.json"]
    with pytest.raises(LockHeld):
        lock_of(store, "two").take()
    cloud.objects["p/lock.json"] = (body, mark, modified - datetime.timedelta(seconds=61))
    assert lock_of(store, "two").take() == "one"


def test_our_own_lock_whose_answer_was_lost_is_ours(kept):
    cloud, store = kept
    cloud.after["PutObject"] = [exceptions.ConnectionClosedError(endpoint_url="http://x")]
    lock = lock_of(store, "one")
    assert lock.take() is None
    lock.give_back()
    assert store.read("lock.json") is None


def test_who_lost_the_lock_knows(kept):
    _cloud, store = kept
    lock = lock_of(store, "one", ttl=0.09)
    lock.take()
    store.write("lock.json", json.dumps({"run": "thief", "ttl": 60}).encode())
    assert lock.lost.wait(5)
    lock.give_back()
    assert json.loads(store.read("lock.json").body)["run"] == "thief"


def test_the_heartbeat_keeps_the_lock(kept):
    _cloud, store = kept
    lock = lock_of(store, "one", ttl=0.3)
    lock.take()
    mark = store.read("lock.json").mark
    if isinstance(store, BucketStore):
        threading.Event().wait(0.35)
        assert store.read("lock.json").mark != mark
    assert not lock.lost.is_set()
    lock.give_back()


def test_an_intent_is_written_before_the_call_and_its_result_later(kept, tmp_path):
    _cloud, store = kept
    journal = Journal("run1", DEPLOYMENT, tmp_path / "local", print)
    journal.move_to(store)
    number = journal.intend("us-east-1/a", "ExecuteChangeSet", change_set="c")
    written = json.loads(store.read("journal/run1.json").body)
    assert [entry["phase"] for entry in written["entries"]] == ["intent"] and written["ended"] is None
    assert journaling.open_intents(store, "run1")["us-east-1/a"]["change_set"] == "c"
    journal.result(number, "answered")
    journal.close("done")
    written = json.loads(store.read("journal/run1.json").body)
    assert [entry["phase"] for entry in written["entries"]] == ["intent", "result"] and written["how"] == "done"
    assert journaling.open_intents(store, "run1") == {}


def test_a_run_that_changed_nothing_writes_nothing(kept, tmp_path):
    _cloud, store = kept
    journal = Journal("run1", DEPLOYMENT, tmp_path / "local", print)
    journal.move_to(store)
    journal.close("done")
    assert store.read("journal/run1.json") is None


def test_entries_before_the_bucket_are_written_when_there_is_one(kept, tmp_path):
    _cloud, store = kept
    journal = Journal("run1", DEPLOYMENT, tmp_path / "local", print)
    journal.result(journal.intend("us-east-1/state", "CreateChangeSet"), "answered")
    journal.keep_outputs("us-east-1", "early", {"A": "1"})
    journal.move_to(store)
    assert journaling.last_outputs(store, "us-east-1", "early") == {"A": "1"}
    journal.intend("us-east-1/a", "CreateChangeSet")
    assert len(json.loads(store.read("journal/run1.json").body)["entries"]) == 3


def test_many_threads_share_writes(tmp_path):
    cloud = Cloud()
    store = BucketStore(Calls(client_of=cloud.client), "us-east-1", "state", "p/")
    journal = Journal("run1", DEPLOYMENT, tmp_path, print)
    journal.move_to(store)
    threads = [threading.Thread(target=journal.intend, args=(f"s{number}", "X")) for number in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    entries = json.loads(store.read("journal/run1.json").body)["entries"]
    assert sorted(entry["stack"] for entry in entries) == sorted(f"s{number}" for number in range(30))
    assert [entry["number"] for entry in entries] == list(range(1, 31))
    assert cloud.count("PutObject") <= 30


def test_a_bucket_that_is_gone_is_replaced_by_files_and_said(tmp_path):
    cloud, said = Cloud(), []
    store = BucketStore(Calls(client_of=cloud.client, sleep=lambda _s: None), "us-east-1", "state", "p/")
    journal = Journal("run1", DEPLOYMENT, tmp_path, said.append)
    journal.move_to(store)
    journal.intend("us-east-1/a", "CreateChangeSet")
    cloud.silent["us-east-1"] = exceptions.EndpointConnectionError(endpoint_url="http://x")
    journal.intend("us-east-1/b", "CreateChangeSet")
    assert len(json.loads((tmp_path / "journal" / "run1.json").read_bytes())["entries"]) == 2
    assert str(tmp_path) in said[0]


def test_last_outputs_come_back(kept, tmp_path):
    _cloud, store = kept
    journal = Journal("run1", DEPLOYMENT, tmp_path / "local", print)
    journal.move_to(store)
    assert journaling.last_outputs(store, "us-east-1", "a") is None
    journal.keep_outputs("us-east-1", "a", {"VpcId": "vpc-1"})
    assert journaling.last_outputs(store, "us-east-1", "a") == {"VpcId": "vpc-1"}
