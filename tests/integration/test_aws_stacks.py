# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""aws_stacks against the fake CloudFormation: as operators run it, and whole graphs in this process."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytest.importorskip("moto")
pytest.importorskip("cfnlint")

import botocore.session
import psutil

from ansible_collections.llmops.platform.plugins.module_utils._stacks.calls import Calls
from ansible_collections.llmops.platform.plugins.module_utils._stacks.keeping import Who
from ansible_collections.llmops.platform.plugins.module_utils._stacks.locking import LockHeld
from ansible_collections.llmops.platform.plugins.module_utils._stacks.running import Run
from ansible_collections.llmops.platform.plugins.module_utils._stacks.running import RunFailed
from ansible_collections.llmops.platform.plugins.module_utils._stacks.stateful import stack_policy
from tests.support.modules import ROOT
from tests.support.modules import run_module
from tests.support.stack_graphs import CHAIN
from tests.support.stack_graphs import REGION
from tests.support.stack_graphs import A
from tests.support.stack_graphs import B
from tests.support.stack_graphs import bucket
from tests.support.stack_graphs import dependent
from tests.support.stack_graphs import stack
from tests.support.stack_graphs import template
from tests.support.stack_graphs import topic
from tests.support.stack_runs import arguments

OTHER = template({"Topic": topic("other")}, outputs={"TopicArn": {"Ref": "Topic"}})


class Runner:
    def __init__(self, directory: Path) -> None:
        self.directory, self.said = directory, []
        self.dead: set[str] = set()

    def arguments(self, graph, **more):
        return arguments(self.directory, graph, **{"deployment": "hub/dev", **more})

    def new(self, graph, name="ann", **more):
        who = Who({"user": name, "pid": 1}, lambda holder: holder["user"] in self.dead, lambda holder: f"{holder['user']}@bastion")
        return Run(self.arguments(graph, **more), Calls(botocore.session.Session()), who, self.said.append)

    def run(self, graph, check=False, **more):
        return self.new(graph, **more).run(check)

    def fails(self, graph, **more):
        with pytest.raises(RunFailed) as caught:
            self.run(graph, **more)
        return caught.value


@pytest.fixture
def runner(aws, tmp_path):
    return Runner(tmp_path / "state")


def actions(result):
    return {key.split("/")[1]: row["action"] for key, row in result["stacks"].items()}


def client(service="cloudformation", region=REGION):
    return botocore.session.Session().create_client(service, region_name=region)


def status_of(name):
    return client().describe_stacks(StackName=name)["Stacks"][0]["StackStatus"]


def waiting_sets(name):
    """Change sets that somebody could still execute."""
    return [one["ChangeSetName"] for one in client().list_change_sets(StackName=name)["Summaries"] if one["ExecutionStatus"] == "AVAILABLE"]


def test_twelve_steps_as_operators_run_them(aws, tmp_path):
    """Create, change, delete, each planned and real, first and again; and the deletion of what is absent."""
    graph = stack("a")
    changed = stack("a", OTHER)

    def run(stacks, check=False, **more):
        arguments = {"deployment": "hub/dev", "state_directory": str(tmp_path / "state"), "poll_seconds": 0.5, "stacks": stacks, **more}
        result = run_module("aws_stacks", arguments, check)
        assert not result["failed"], result.get("msg")
        return result

    def seen(result):
        return result["changed"], result["stacks"][A]["action"], sorted({step["action"] for step in result["plan"]})

    assert seen(run(graph, check=True)) == (True, "created", ["create"])
    assert client("sns").list_topics()["Topics"] == []
    assert seen(run(graph))[:2] == (True, "created")
    assert len(client("sns").list_topics()["Topics"]) == 1
    assert seen(run(graph, check=True)) == (False, "unchanged", [])
    again = run(graph)
    assert seen(again)[:2] == (False, "unchanged") and (again["calls"], again["mutating_calls"]) == (4, 0)
    assert seen(run(changed, check=True)) == (True, "updated", ["update"])
    assert waiting_sets("a") == []
    assert seen(run(changed))[:2] == (True, "updated")
    assert seen(run(changed, check=True)) == (False, "unchanged", [])
    assert seen(run(changed))[:2] == (False, "unchanged")
    assert seen(run(changed, check=True, state="absent")) == (True, "deleted", ["destroy"])
    assert status_of("a") == "UPDATE_COMPLETE"
    assert seen(run(changed, state="absent"))[:2] == (True, "deleted")
    assert client("sns").list_topics()["Topics"] == []
    assert seen(run(changed, check=True, state="absent"))[:2] == (False, "unchanged")
    assert seen(run(changed, state="absent"))[:2] == (False, "unchanged")


def test_a_graph_passes_outputs_on_and_unchanged_costs_three_reads_a_stack(runner):
    first = runner.run(CHAIN)
    assert actions(first) == dict.fromkeys("abc", "created")
    assert first["stacks"][B]["outputs"]["TopicArn"].startswith("arn:aws:sns:")
    second = runner.run(CHAIN)
    assert (second["changed"], second["calls"], second["mutating_calls"]) == (False, 3 * 3 + 1, 0)


def test_wall_time_is_the_longest_chain(runner, aws):
    runner.run(stack("warm"))
    aws.steer("settings", {"seconds": {"AWS::SNS::Topic": 4.0, "default": 0}})
    begin = time.monotonic()
    runner.run(CHAIN | stack("d") | stack("e") | stack("f"))
    took = time.monotonic() - begin
    print(f"chain of 3 x 4 s, 6 stacks: {took:.1f} s")
    assert took < 24 * 0.9


def test_a_failed_creation_is_kept_and_gone_on_with(runner, aws):
    aws.steer("faults", [{"stack": "a", "resource": "Topic", "on": "create", "message": "Topic limit exceeded", "code": "ServiceLimitExceeded", "times": 1}])
    error = runner.fails(CHAIN)
    assert "Topic limit exceeded" in str(error) and actions(error.result) == {"a": "failed", "b": "blocked", "c": "blocked"}
    assert status_of("a") == "CREATE_FAILED"
    assert actions(runner.run(CHAIN)) == {"a": "updated", "b": "created", "c": "created"}


def test_a_failed_update_is_rolled_back_and_a_failed_rollback_continued(runner, aws):
    two = template({"Topic": topic("one"), "Second": topic("one")})
    changed = template({"Topic": topic("two"), "Second": {**topic("two"), "DependsOn": "Topic"}})
    runner.run(stack("a", two))
    aws.steer("faults", [{"stack": "a", "resource": "Second", "on": "update", "message": "no such thing", "code": "InvalidRequest", "times": 1}])
    assert "no such thing" in str(runner.fails(stack("a", changed)))
    assert status_of("a") == "UPDATE_ROLLBACK_COMPLETE"
    faults = [{"stack": "a", "resource": "Second", "on": "update", "message": "no such thing", "code": "InvalidRequest", "times": 1}]
    aws.steer("faults", [*faults, {"stack": "a", "resource": "Topic", "on": "rollback", "message": "cannot go back", "code": "InvalidRequest", "times": 2}])
    runner.fails(stack("a", changed))
    assert status_of("a") == "UPDATE_ROLLBACK_FAILED"
    assert "allow.skip" in str(runner.fails(stack("a", changed)))
    assert actions(runner.run(stack("a", changed), allow={"skip": ["a/Topic"]})) == {"a": "updated"}


@pytest.mark.parametrize("rollback_fails", [False, True])
def test_remains_of_a_creation_by_others_are_deleted(runner, aws, rollback_fails):
    faults = [{"stack": "a", "resource": "Topic", "on": "create", "message": "no", "code": "InvalidRequest", "times": 1}]
    if rollback_fails:
        faults.append({"stack": "a", "resource": "First", "on": "delete", "message": "not now", "code": "InvalidRequest", "times": 1})
    aws.steer("faults", faults)
    text = template({"First": topic("f"), "Topic": {**topic(), "DependsOn": "First"}})
    client().create_stack(StackName="a", TemplateBody=text)
    deadline = time.monotonic() + 60
    while status_of("a") not in ("ROLLBACK_COMPLETE", "ROLLBACK_FAILED") and time.monotonic() < deadline:
        time.sleep(0.3)
    assert status_of("a") == ("ROLLBACK_FAILED" if rollback_fails else "ROLLBACK_COMPLETE")
    assert actions(runner.run(stack("a", text))) == {"a": "created"}


def test_a_shell_in_review_is_replaced(runner):
    client().create_change_set(StackName="a", ChangeSetName="by-hand", ChangeSetType="CREATE", TemplateBody=OTHER)
    assert status_of("a") == "REVIEW_IN_PROGRESS"
    assert actions(runner.run(stack("a"))) == {"a": "created"}


DATA = stack("a", template({"Data": bucket("hub-dev-one")}), protection=True, policy=stack_policy())
REPLACED = {A: {**DATA[A], "template": template({"Data": bucket("hub-dev-two")})}}


def test_replacing_data_is_refused_allowed_by_name_and_the_policy_closed_again(runner):
    runner.run(DATA)
    assert client().describe_stacks(StackName="a")["Stacks"][0]["EnableTerminationProtection"] is True
    error = runner.fails(REPLACED | stack("b", needs=[A]))
    assert actions(error.result) == {"a": "refused", "b": "blocked"} and "allow.replace" in str(error)
    assert waiting_sets("a") == []
    assert actions(runner.run(REPLACED, allow={"replace": ["a/Data"]})) == {"a": "updated"}
    assert json.loads(client().get_stack_policy(StackName="a")["StackPolicyBody"]) == stack_policy()


def test_an_allowance_left_open_is_closed(runner):
    runner.run(DATA)
    client().set_stack_policy(StackName="a", StackPolicyBody=json.dumps(stack_policy(("Data",))))
    assert actions(runner.run(DATA)) == {"a": "updated"}
    assert json.loads(client().get_stack_policy(StackName="a")["StackPolicyBody"]) == stack_policy()
    assert not runner.run(DATA)["changed"]


def test_protected_stacks_are_deleted_by_name_only_and_data_stays(runner):
    runner.run(DATA)
    assert "allow.delete: ['a']" in str(runner.fails(DATA, state="absent"))
    assert actions(runner.run(DATA, state="absent", allow={"delete": ["a"]})) == {"a": "deleted"}
    assert [one["Name"] for one in client("s3").list_buckets()["Buckets"]] == ["hub-dev-one"]


def test_what_exists_is_adopted(runner):
    client("s3").create_bucket(Bucket="hub-dev-one")
    graph = stack("a", template({"Data": bucket("hub-dev-one"), "Topic": topic()}), protection=True, policy=stack_policy())
    imports = {"a": {"Data": {"BucketName": "hub-dev-one"}}}
    assert actions(runner.run(graph, state="adopted", imports=imports)) == {"a": "updated"}
    assert status_of("a") == "UPDATE_COMPLETE"
    assert not runner.run(graph)["changed"]


def test_the_rest_is_followed_by_a_later_run(runner, aws):
    runner.run(stack("warm"))
    aws.steer("settings", {"seconds": {"AWS::SNS::Topic": 0, "AWS::SQS::Queue": 15.0, "default": 0}})
    slow = stack("b", template({"Queue": {"Type": "AWS::SQS::Queue"}}, outputs={"TopicArn": {"Ref": "Queue"}}), needed_for=["data"])
    graph = stack("a") | slow | dependent("c", B, needed_for=["data"])
    first = runner.run(graph, wait_for="cluster")
    assert actions(first) == {"a": "created", "b": "followed", "c": "followed"}
    assert actions(runner.run(graph, state="followed")) == {"a": "unchanged", "b": "unchanged", "c": "created"}


def test_a_silent_region_blocks_its_stacks_and_the_rest_goes_on(runner, aws):
    graph = stack("a") | stack("w", region="us-west-2") | dependent("d", "us-west-2/w")
    runner.run(stack("a"))
    aws.steer("regions", {"unreachable": ["us-west-2"]})
    error = runner.fails(graph | stack("a", OTHER))
    assert actions(error.result) == {"a": "updated", "w": "blocked", "d": "blocked"}


def test_throttling_is_survived(runner, aws):
    for action in ("CreateChangeSet", "DescribeStackEvents", "DescribeStacks"):
        aws.steer("throttle", {"action": action, "times": 3, "code": "Throttling"})
    assert actions(runner.run(stack("a"))) == {"a": "created"}


STATE_TEMPLATE = template({"Bucket": bucket("hub-dev-state")}, outputs={"StateBucketName": {"Ref": "Bucket"}})
STATE = stack("state", STATE_TEMPLATE, protection=True, policy=stack_policy())
STATE_OUTPUT = {"stack": f"{REGION}/state", "output": "StateBucketName"}


def test_two_runs_at_once_and_the_journal_in_the_bucket(runner):
    graph = STATE | stack("a", needs=[f"{REGION}/state"])
    runner.run(graph, state_bucket=STATE_OUTPUT)
    keys = [one["Key"] for one in client("s3").list_objects_v2(Bucket="hub-dev-state")["Contents"]]
    assert any("/journal/" in key for key in keys) and not any("lock" in key for key in keys)
    first = runner.new(graph, name="ann", state_bucket=STATE_OUTPUT)
    first._look(must_be=False)
    first._keeper.begin()
    with pytest.raises(LockHeld, match="ann@bastion"):
        runner.run(graph | stack("b"), name="bob", state_bucket=STATE_OUTPUT)
    assert client().list_stacks(StackStatusFilter=["CREATE_COMPLETE"])["StackSummaries"].__len__() == 2
    first._keeper.end("done")
    assert actions(runner.run(graph | stack("b"), name="bob", state_bucket=STATE_OUTPUT))["b"] == "created"


def test_a_change_by_hand_is_drift(runner):
    runner.run(stack("a"))
    arn = client("sns").list_topics()["Topics"][0]["TopicArn"]
    client("sns").set_topic_attributes(TopicArn=arn, AttributeName="DisplayName", AttributeValue="by hand")
    result = run_module("aws_stacks_info", {"stacks": {"one": {"name": "a", "region": REGION}, "none": {"name": "x", "region": REGION}}, "drift": True})
    assert result["stacks"]["none"] == {"exists": False, "status": "", "stack_id": "", "outputs": {}, "parameters": {}, "tags": {}, "drift": []}
    row = result["stacks"]["one"]["drift"][0]
    assert row["status"] == "drifted" and [one["path"] for one in row["properties"]] == ["DisplayName"]
    assert len(result["plan"]) == 1


CHAIN_AND_STATE = STATE | {key: {**one, "needs": [f"{REGION}/state"]} for key, one in CHAIN.items()}


@pytest.fixture
def begun(runner, aws, tmp_path):
    """ansible-playbook in the middle of a graph whose resources take three seconds each, and its arguments."""
    runner.run(stack("warm"))
    aws.steer("settings", {"seconds": {"AWS::SNS::Topic": 3.0, "default": 0}})
    arguments = runner.arguments(CHAIN_AND_STATE, state_bucket=STATE_OUTPUT)
    book = [{"hosts": "localhost", "gather_facts": False, "connection": "local", "tasks": [{"llmops.platform.aws_stacks": arguments}]}]
    (tmp_path / "book.json").write_text(json.dumps(book), encoding="utf-8")
    command = [str(Path(sys.executable).parent / "ansible-playbook"), "-i", "localhost,", str(tmp_path / "book.json")]
    environment = {**os.environ, "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg")}
    process = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 90
    while not topics_under_way() and time.monotonic() < deadline:
        time.sleep(0.1)
    yield process, arguments
    process.kill()
    process.wait()


def topics_under_way():
    found = client().list_stacks(StackStatusFilter=["CREATE_IN_PROGRESS"])["StackSummaries"]
    return [one["StackName"] for one in found if one["StackName"] != "state"]


def converges(runner, arguments):
    result = run_module("aws_stacks", arguments)
    assert not result["failed"], result.get("msg")
    assert {row["status"] for row in result["stacks"].values()} == {"CREATE_COMPLETE"}
    assert len(client("sns").list_topics()["Topics"]) == 4
    assert not runner.run(CHAIN_AND_STATE, state_bucket=STATE_OUTPUT)["changed"]


@pytest.mark.parametrize("after", [0.0, 4.0])
def test_a_killed_run_is_gone_on_with_by_the_same_run_again(runner, begun, after):
    process, arguments = begun
    time.sleep(after)
    for child in psutil.Process(process.pid).children(recursive=True):
        child.kill()
    process.kill()
    process.wait()
    converges(runner, arguments)


def test_a_run_that_is_told_to_end_closes_its_journal_and_gives_the_lock_back(runner, begun):
    process, arguments = begun
    store = client("s3")
    keys = [one["Key"] for one in store.list_objects_v2(Bucket="hub-dev-state")["Contents"]]
    assert any(key.endswith("lock.json") for key in keys)
    process.send_signal(signal.SIGTERM)
    process.wait()
    deadline = time.monotonic() + 20
    while any(key.endswith("lock.json") for key in keys) and time.monotonic() < deadline:
        time.sleep(0.3)
        keys = [one["Key"] for one in store.list_objects_v2(Bucket="hub-dev-state")["Contents"]]
    journal = next(key for key in keys if "/journal/" in key)
    assert not any(key.endswith("lock.json") for key in keys)
    assert json.loads(store.get_object(Bucket="hub-dev-state", Key=journal)["Body"].read())["how"] == "interrupted"
    converges(runner, arguments)
