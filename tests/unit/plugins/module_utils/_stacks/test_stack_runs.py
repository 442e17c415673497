# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whole runs of a graph against a cloud in memory: what is called, what becomes of each stack, what people are told."""

from __future__ import annotations

import json

import pytest

pytest.importorskip("botocore")

from botocore import exceptions

from ansible_collections.llmops.platform.plugins.module_utils._aws.session import AwsError
from ansible_collections.llmops.platform.plugins.module_utils._stacks.errors import StackError
from ansible_collections.llmops.platform.plugins.module_utils._stacks.locking import LockHeld
from ansible_collections.llmops.platform.plugins.module_utils._stacks.running import RunFailed
from ansible_collections.llmops.platform.plugins.module_utils._stacks.stateful import stack_policy
from tests.support.stack_graphs import CHAIN
from tests.support.stack_graphs import REGION
from tests.support.stack_graphs import A
from tests.support.stack_graphs import B
from tests.support.stack_graphs import C
from tests.support.stack_graphs import actions
from tests.support.stack_graphs import bucket
from tests.support.stack_graphs import dependent
from tests.support.stack_graphs import stack
from tests.support.stack_graphs import template
from tests.support.stack_graphs import topic


def failed(machine, graph, **more):
    with pytest.raises(RunFailed) as caught:
        machine.run(graph, **more)
    return caught.value


def test_a_graph_is_created_in_order_and_then_costs_three_reads_a_stack(machine):
    first = machine.run(CHAIN)
    assert first["changed"] and actions(first) == dict.fromkeys("abc", "created")
    assert first["stacks"][B]["outputs"] == {"TopicArn": "b-Topic"}
    assert machine.cloud.stacks[REGION, "c"]["_parameters"] == {"Arn": "b-Topic"}
    machine.cloud.calls.clear()
    second = machine.run(CHAIN)
    assert not second["changed"] and actions(second) == dict.fromkeys("abc", "unchanged")
    assert machine.cloud.mutating() == [] and second["mutating_calls"] == 0
    assert machine.cloud.count("DescribeStacks", "GetTemplate", "GetStackPolicy") == 9
    assert second["calls"] == 10  # and who calls


def test_check_mode_changes_nothing_and_tells_the_truth(machine):
    planned = machine.run(CHAIN, check=True)
    assert planned["changed"] and actions(planned) == dict.fromkeys("abc", "created")
    assert machine.cloud.mutating() == [] and machine.cloud.stacks == {}
    assert {step["action"] for step in planned["plan"]} == {"create"}
    machine.run(CHAIN)
    again = machine.run(CHAIN, check=True)
    assert not again["changed"] and again["plan"] == []


def test_a_change_is_planned_by_a_change_set_that_does_not_stay(machine):
    machine.run(CHAIN)
    changed = CHAIN | stack("a", template({"Topic": topic("other")}, outputs={"TopicArn": {"Ref": "Topic"}}))
    planned = machine.run(changed, check=True)
    assert actions(planned) == {"a": "updated", "b": "unchanged", "c": "unchanged"}
    assert [step["action"] for step in planned["plan"]] == ["update"]
    assert machine.cloud.stacks[REGION, "a"]["_sets"] == {} and machine.cloud.count("ExecuteChangeSet") == 3
    real = machine.run(changed)
    assert actions(real) == {"a": "updated", "b": "unchanged", "c": "unchanged"}
    assert not machine.run(changed)["changed"]


def test_a_comment_is_no_change_as_cloudformation_would_never_take_it(machine):
    machine.run(CHAIN)
    machine.cloud.calls.clear()
    commented = CHAIN | {A: {**CHAIN[A], "template": f"# a comment\n{CHAIN[A]['template']}"}}
    assert not machine.run(commented)["changed"] and machine.cloud.mutating() == []
    assert machine.run(commented, check=True)["plan"] == []


def test_a_change_of_the_template_only_in_outputs_is_made(machine):
    machine.run(stack("a"))
    more = stack("a", template({"Topic": topic()}, outputs={"TopicArn": {"Ref": "Topic"}, "Other": {"Ref": "Topic"}}), tags={"platform": "new"})
    assert actions(machine.run(more)) == {"a": "updated"}
    assert machine.cloud.stacks[REGION, "a"]["_tags"] == {"platform": "new"}


def test_deletion_goes_backwards_and_twice_is_once(machine):
    machine.run(CHAIN)
    assert actions(machine.run(CHAIN, check=True, state="absent")) == dict.fromkeys("abc", "deleted")
    assert machine.cloud.count("DeleteStack") == 0
    result = machine.run(CHAIN, state="absent")
    assert actions(result) == dict.fromkeys("abc", "deleted")
    assert [arguments["StackName"] for _region, operation, arguments in machine.cloud.calls if operation == "DeleteStack"] == ["c", "b", "a"]
    machine.cloud.calls.clear()
    again = machine.run(CHAIN, state="absent")
    assert not again["changed"] and machine.cloud.mutating() == []


def test_stacks_without_an_order_run_at_the_same_time(machine):
    most = []

    def watch(*_):
        made = [found for found in machine.cloud.stacks.values() if found["StackStatus"] == "CREATE_IN_PROGRESS"]
        most.append(len(made))
        # None gets ready before all were begun, however slow a thread is; a run that makes one at a time ends after so many polls.
        if max(most) < 3 and len(most) < 5000:
            for found in made:
                found["_pending"].insert(0, lambda: None)

    machine.cloud.hook = watch
    machine.run(stack("a") | stack("b") | stack("c"))
    assert max(most) == 3


PROTECTED = stack("a", template({"Data": bucket("one")}), protection=True, policy=stack_policy())
REPLACED = {A: {**PROTECTED[A], "template": template({"Data": bucket("two")})}}


def test_protection_and_policy_are_set_and_put_back(machine):
    machine.run(PROTECTED)
    there = machine.cloud.stacks[REGION, "a"]
    assert there["EnableTerminationProtection"] is True and json.loads(there["_policy"]) == PROTECTED[A]["policy"]
    there |= {"EnableTerminationProtection": False, "_policy": json.dumps({"Statement": []})}
    assert actions(machine.run(PROTECTED)) == {"a": "updated"}
    assert there["EnableTerminationProtection"] is True and json.loads(there["_policy"]) == PROTECTED[A]["policy"]
    assert machine.cloud.count("ExecuteChangeSet") == 1


def test_a_replacement_of_data_is_refused_and_only_that_branch_stops(machine):
    graph = PROTECTED | stack("b", needs=[A]) | stack("c")
    machine.run(graph)
    changed = graph | REPLACED | stack("b", template({"Topic": topic("x")}), needs=[A]) | stack("c", template({"Topic": topic("x")}))
    error = failed(machine, changed)
    assert actions(error.result) == {"a": "refused", "b": "blocked", "c": "updated"}
    assert "allow.replace" in str(error) and "a/Data" in str(error)
    assert machine.cloud.stacks[REGION, "a"]["_sets"] == {} and "two" not in machine.cloud.stacks[REGION, "a"]["_template"]
    planned = failed(machine, changed, check=True)
    assert "refuse" in {step["action"] for step in planned.result["plan"]}


def test_an_allowance_opens_the_policy_for_one_execution_only(machine):
    machine.run(PROTECTED)
    seen = []
    machine.cloud.hook = lambda _region, operation, _arguments: operation == "ExecuteChangeSet" and seen.append(machine.cloud.stacks[REGION, "a"]["_policy"])
    result = machine.run(REPLACED, allow={"replace": ["a/Data"]})
    assert actions(result) == {"a": "updated"}
    assert json.loads(seen[0]) != PROTECTED[A]["policy"]
    assert json.loads(machine.cloud.stacks[REGION, "a"]["_policy"]) == PROTECTED[A]["policy"]


def test_deleting_protected_data_needs_the_stacks_name(machine):
    machine.run(PROTECTED)
    error = failed(machine, PROTECTED, state="absent")
    assert "allow.delete: ['a']" in str(error) and machine.cloud.count("DeleteStack") == 0
    result = machine.run(PROTECTED, state="absent", allow={"delete": ["a", "a/Data"]})
    assert actions(result) == {"a": "deleted"}
    assert any("Data (AWS::S3::Bucket)" in line and "stay" in line for line in machine.said)


def test_a_failed_creation_is_kept_and_gone_on_with(machine):
    machine.cloud.broken["Topic"] = "Topic limit exceeded (Service: Sns, Status Code: 400)"
    error = failed(machine, CHAIN)
    assert actions(error.result) == {"a": "failed", "b": "blocked", "c": "blocked"}
    assert "Topic limit exceeded" in str(error) and error.result["stacks"][A]["status"] == "CREATE_FAILED"
    machine.cloud.broken.clear()
    assert actions(machine.run(CHAIN)) == {"a": "updated", "b": "created", "c": "created"}
    assert machine.cloud.count("DeleteStack") == 0


def test_a_failed_update_is_rolled_back_and_said(machine):
    machine.run(stack("a"))
    machine.cloud.broken["Topic"] = "no such key"
    error = failed(machine, stack("a", template({"Topic": topic("x")})))
    assert error.result["stacks"][A]["status"] == "UPDATE_ROLLBACK_COMPLETE" and "no such key" in str(error)
    machine.cloud.broken.clear()
    assert actions(machine.run(stack("a", template({"Topic": topic("x")})))) == {"a": "updated"}


def test_a_one_way_change_is_not_rolled_back(machine):
    machine.run(stack("a", one_way=True))
    machine.cloud.broken["Topic"] = "no"
    error = failed(machine, stack("a", template({"Topic": topic("x")}), one_way=True))
    assert error.result["stacks"][A]["status"] == "UPDATE_FAILED"


def test_a_rollback_that_failed_is_continued_and_skips_by_allowance_only(machine):
    machine.run(stack("a"))
    changed = stack("a", template({"Topic": topic("x")}))
    machine.cloud.broken["Topic"], machine.cloud.stuck = "no", {"Topic"}
    assert failed(machine, changed).result["stacks"][A]["status"] == "UPDATE_ROLLBACK_FAILED"
    machine.cloud.broken.clear()
    error = failed(machine, changed)
    assert "allow.skip: ['a/<LogicalId>']" in str(error)
    assert actions(machine.run(changed, allow={"skip": ["a/Topic"]})) == {"a": "updated"}
    assert [arguments.get("ResourcesToSkip") for _r, operation, arguments in machine.cloud.calls if operation == "ContinueUpdateRollback"] == [None, ["Topic"]]


@pytest.mark.parametrize("status", ["REVIEW_IN_PROGRESS", "ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "DELETE_FAILED"])
def test_remains_of_a_creation_are_deleted_and_the_stack_is_created(machine, status):
    machine.cloud.add(REGION, "a", stack("a")[A]["template"] if status != "REVIEW_IN_PROGRESS" else "", status)
    assert actions(machine.run(stack("a"))) == {"a": "created"}
    assert machine.cloud.count("DeleteStack") == 1


def test_remains_under_protection_are_deleted_by_name_only(machine):
    machine.cloud.add(REGION, "a", stack("a")[A]["template"], "ROLLBACK_FAILED", EnableTerminationProtection=True)
    assert "allow.delete: ['a']" in str(failed(machine, stack("a")))
    assert actions(machine.run(stack("a"), allow={"delete": ["a"]})) == {"a": "created"}


def test_what_nobody_can_continue_is_left_alone(machine):
    machine.cloud.add(REGION, "a", stack("a")[A]["template"], "IMPORT_ROLLBACK_FAILED")
    assert "only a person" in str(failed(machine, stack("a")))
    assert machine.cloud.mutating() == []


def test_an_operation_of_somebody_else_is_followed_not_started(machine):
    found = machine.cloud.add(REGION, "a", stack("a")[A]["template"], "CREATE_IN_PROGRESS")
    found["_tags"] = {"platform": "test"}
    machine.cloud.steps = 3
    machine.cloud._start(found, "CREATE", [{"LogicalResourceId": "Topic", "ResourceType": "AWS::SNS::Topic"}], "theirs", False)
    result = machine.run(stack("a"))
    assert actions(result) == {"a": "unchanged"} and machine.cloud.mutating() == []


def test_an_interrupted_call_is_picked_up_under_its_token(machine):
    """Killed between the execution and the end: the next run follows, and creates nothing twice."""
    machine.cloud.after["ExecuteChangeSet"] = [exceptions.ConnectionClosedError(endpoint_url="http://x")]
    result = machine.run(stack("a"))
    assert actions(result) == {"a": "created"}
    executed = [arguments["ClientRequestToken"] for _r, operation, arguments in machine.cloud.calls if operation == "ExecuteChangeSet"]
    assert len(executed) == 2 and len(set(executed)) == 1
    assert sum(event["ResourceStatus"] == "CREATE_IN_PROGRESS" for event in machine.cloud.stacks[REGION, "a"]["_events"]) == 1


def test_lost_answers_of_creating_a_change_set_do_not_duplicate(machine):
    machine.cloud.after["CreateChangeSet"] = [exceptions.ReadTimeoutError(endpoint_url="http://x")]
    assert actions(machine.run(stack("a"))) == {"a": "created"}
    assert len(machine.cloud.stacks) == 1


def test_two_runs_at_once_are_refused_before_any_change(machine):
    machine.new(stack("a"), name="ann")._keeper.begin()
    with pytest.raises(LockHeld, match="ann@bastion"):
        machine.run(stack("a"), name="bob")
    assert machine.cloud.stacks == {}
    machine.dead.add("ann")
    assert actions(machine.run(stack("a"), name="bob")) == {"a": "created"}


STATE = stack("state", template({"Bucket": topic()}, outputs={"StateBucketName": "the-bucket"}))
STATE_OUTPUT = {"stack": f"{REGION}/state", "output": "StateBucketName"}


def test_lock_and_journal_move_to_the_bucket_as_soon_as_there_is_one(machine):
    graph = STATE | stack("a", needs=[f"{REGION}/state"])
    machine.run(graph, state_bucket=STATE_OUTPUT)
    keys = sorted(machine.cloud.objects)
    assert [key.split("/")[3] for key in keys] == ["journal", "outputs", "outputs"]
    assert not any("lock" in key for key in keys)
    entries = json.loads(machine.cloud.objects[keys[0]][0])["entries"]
    assert entries[0]["stack"] == f"{REGION}/state" and json.loads(machine.cloud.objects[keys[0]][0])["how"] == "done"
    put = next(number for number, call in enumerate(machine.cloud.calls) if call[1] == "PutObject")
    created = [call[2]["StackName"] for call in machine.cloud.calls[:put] if call[1] == "CreateChangeSet"]
    assert created == ["state"]
    machine.cloud.calls.clear()
    machine.run(graph, state_bucket=STATE_OUTPUT)
    assert machine.cloud.mutating() == []


def test_the_lock_in_the_bucket_holds_for_stacks_that_do_not_need_it(machine):
    graph = STATE | stack("a")
    machine.run(graph, state_bucket=STATE_OUTPUT)
    first = machine.new(graph, name="ann", state_bucket=STATE_OUTPUT)
    first._look(must_be=False)
    first._keeper.begin()
    machine.cloud.calls.clear()
    with pytest.raises(LockHeld, match="ann@bastion"):
        machine.run(graph | stack("a", template({"Topic": topic("x")})), name="bob", state_bucket=STATE_OUTPUT)
    assert machine.cloud.mutating() == ["PutObject"]
    first._keeper.end("done")


def test_a_silent_region_blocks_what_needs_more_than_its_last_outputs(machine):
    west = stack("w", region="us-west-2") | stack("v", region="us-west-2")
    graph = STATE | west | dependent("a", "us-west-2/w") | stack("c")
    machine.run(graph, state_bucket=STATE_OUTPUT)
    machine.cloud.silent["us-west-2"] = exceptions.EndpointConnectionError(endpoint_url="http://x")
    changed = graph | stack("c", template({"Topic": topic("x")})) | stack("d", needs=["us-west-2/never"]) | stack("never", region="us-west-2")
    error = failed(machine, changed, state_bucket=STATE_OUTPUT)
    assert actions(error.result) == {"state": "unchanged", "w": "blocked", "v": "blocked", "never": "blocked", "a": "unchanged", "c": "updated", "d": "blocked"}
    assert "us-west-2 does not answer" in str(error)
    with pytest.raises(RunFailed) as given:
        machine.run(changed, state_bucket=STATE_OUTPUT, unreachable_regions=["us-west-2"])
    assert "us-east-1/d blocked" in str(given.value) and "us-west-2/w blocked" not in str(given.value)
    del changed[f"{REGION}/d"]
    assert not machine.run(changed, state_bucket=STATE_OUTPUT, unreachable_regions=["us-west-2"])["changed"]


def test_an_unknown_region_is_named(machine):
    error = failed(machine, stack("a") | stack("w", region="us-wets-2"), known=frozenset({REGION}))
    assert "no region of AWS is called us-wets-2" in str(error) and actions(error.result) == {"a": "created", "w": "blocked"}


def test_the_run_returns_when_what_is_awaited_is_done(machine):
    machine.cloud.steps = 3
    slow = stack("b", needed_for=["data"]) | dependent("c", B, needed_for=["data"])

    def hold(_region, operation, arguments):
        if operation == "DescribeStackEvents" and "/b/" in arguments["StackName"]:
            machine.cloud.stacks[REGION, "b"]["_pending"].insert(0, lambda: None)

    machine.cloud.hook = hold
    result = machine.run(stack("a") | slow, wait_for="cluster")
    assert actions(result) == {"a": "created", "b": "followed", "c": "followed"}
    assert "not begun" in result["stacks"][C]["cause"]
    machine.cloud.hook = lambda *_: None
    later = machine.run(stack("a") | slow, state="followed")
    assert actions(later) == {"a": "unchanged", "b": "unchanged", "c": "created"}


def test_a_run_that_is_told_to_end_begins_nothing_more_and_closes_the_journal(machine):
    machine.cloud.steps = 500
    run = machine.new(CHAIN)

    def end(_region, operation, _arguments):
        if operation == "DescribeStackEvents":
            run._schedule.interrupt()

    machine.cloud.hook = end
    with pytest.raises(RunFailed, match=r"told to end.*us-east-1/a.*goes on where this one ended"):
        run.run(False)
    assert machine.cloud.count("ExecuteChangeSet") == 1
    written = json.loads(next((machine.directory / "hub" / "dev" / "journal").iterdir()).read_bytes())
    assert written["how"] == "interrupted" and not (machine.directory / "hub" / "dev" / "lock.json").exists()
    machine.cloud.hook, machine.cloud.stacks[REGION, "a"]["_pending"][:500] = lambda *_: None, []
    machine.cloud.steps = 1
    assert actions(machine.run(CHAIN)) == {"a": "unchanged", "b": "created", "c": "created"}


def test_a_deadline_is_said_and_nothing_is_cancelled(machine):
    machine.cloud.steps = 10_000
    error = failed(machine, stack("a"), timeout_minutes=0.05 / 60)
    assert "still in progress after its deadline" in str(error) and machine.cloud.stacks[REGION, "a"]["StackStatus"] == "CREATE_IN_PROGRESS"


def test_live_figures_are_sent_at_an_update_only(machine):
    text = template({"Topic": topic({"Ref": "Size"})}, ("Size",))
    observed = {"Size": {"observed": {"create": "3", "resource": "Topic", "property": "Scaling.Size", "minimum": "3", "maximum": "10"}}}
    machine.run(stack("a", text, parameters=observed))
    machine.cloud.actual["Topic"] = {"Scaling": {"Size": 7}}
    assert not machine.run(stack("a", text, parameters=observed))["changed"]
    changed = template({"Topic": topic({"Ref": "Size"}), "More": topic("more")}, ("Size",))
    machine.run(stack("a", changed, parameters=observed))
    assert machine.cloud.stacks[REGION, "a"]["_parameters"] == {"Size": "7"}


def test_a_wrong_account_and_a_bad_reference_are_refused_before_any_change(machine):
    wrong = {A: {**stack("a")[A], "account": "999999999999"}}
    with pytest.raises(AwsError, match="999999999999"):
        machine.run(wrong)
    with pytest.raises(StackError, match="us-east-1/nowhere is referred to"):
        machine.run(dependent("b", f"{REGION}/nowhere"))
    assert machine.cloud.mutating() == []


def test_a_cycle_is_refused_before_any_call(machine):
    with pytest.raises(StackError, match="us-east-1/a"):
        machine.run(stack("a", needs=[B]) | stack("b", needs=[A]))
    assert machine.cloud.calls == []


def test_resources_are_adopted_compared_and_then_updated(machine):
    text = template({"Data": bucket("one"), "Topic": topic()}, outputs={"Name": {"Ref": "Data"}})
    graph = stack("a", text, protection=True, policy=stack_policy())
    imports = {"a": {"Data": {"BucketName": "one"}}}
    planned = machine.run(graph, state="adopted", imports=imports, check=True)
    assert any("taken into the stack" in step["note"] for step in planned["plan"]) and machine.cloud.mutating() == []
    assert actions(machine.run(graph, state="adopted", imports=imports)) == {"a": "updated"}
    kinds = [arguments["ChangeSetType"] for _r, operation, arguments in machine.cloud.calls if operation == "CreateChangeSet"]
    assert kinds == ["IMPORT", "UPDATE"]
    assert any("terraform state rm" in line for line in machine.said)
    assert not machine.run(graph, state="adopted", imports=imports)["changed"]


def test_an_adopted_resource_that_differs_is_not_updated(machine):
    machine.cloud.drift["a", "Data"] = [{"PropertyPath": "/BucketName", "ExpectedValue": "one", "ActualValue": "two", "DifferenceType": "NOT_EQUAL"}]
    graph = stack("a", template({"Data": bucket("one"), "Topic": topic()}), protection=True, policy=stack_policy())
    error = failed(machine, graph, state="adopted", imports={"a": {"Data": {"BucketName": "one"}}})
    assert "BucketName is two, not one" in str(error) and machine.cloud.count("ExecuteChangeSet") == 1


def test_deletion_protection_of_a_resource_is_taken_off_by_name_only(machine):
    database = {"Type": "AWS::RDS::DBInstance", "Properties": {"DBInstanceIdentifier": "db"}}
    machine.cloud.broken["Db"] = "Cannot delete protected DB Instance, please disable deletion protection and try again."
    machine.cloud.add(REGION, "a", template({"Db": database}), "ROLLBACK_FAILED")
    error = failed(machine, stack("a"))
    assert "a/Db" in str(error) and machine.cloud.count("ModifyDBInstance", "DeleteStack") == 0
    assert actions(machine.run(stack("a"), allow={"delete": ["a/Db"]})) == {"a": "created"}
    assert machine.cloud.count("ModifyDBInstance") == 1


def test_a_failure_before_any_change_has_changed_nothing(machine):
    machine.cloud.add(REGION, "b", stack("b")[B]["template"], "IMPORT_ROLLBACK_FAILED")
    assert failed(machine, stack("b")).result["changed"] is False
