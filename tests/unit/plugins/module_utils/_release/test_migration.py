# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Migrations: which Jobs are made, when they may run, and what is said of those that failed."""

from __future__ import annotations

import pytest

from ansible_collections.llmops.platform.plugins.module_utils._release import migration

POD = {
    "serviceAccountName": "cart",
    "automountServiceAccountToken": False,
    "priorityClassName": "platform-standard",
    "terminationGracePeriodSeconds": 40,
    "securityContext": {"runAsNonRoot": True, "runAsUser": 1001, "seccompProfile": {"type": "RuntimeDefault"}},
    "affinity": {"podAntiAffinity": {}},
    "topologySpreadConstraints": [{"maxSkew": 1}],
    "volumes": [{"name": "data", "persistentVolumeClaim": {"claimName": "cart-data"}}, {"name": "tmp", "emptyDir": {}}],
    "containers": [
        {
            "name": "cart",
            "image": "registry.example.com:5000/shop/cart:1.9.0",
            "command": ["serve"],
            "args": ["--port", "8080"],
            "ports": [{"containerPort": 8080}],
            "envFrom": [{"configMapRef": {"name": "cart-0123456789"}}],
            "env": [{"name": "DATABASE_URL", "valueFrom": {"secretKeyRef": {"name": "cart-database", "key": "url"}}}, {"name": "MODE", "value": "serve"}],
            "resources": {"requests": {"cpu": "250m"}},
            "readinessProbe": {"httpGet": {}},
            "lifecycle": {"preStop": {"sleep": {"seconds": 5}}},
            "securityContext": {"allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]}},
            "volumeMounts": [{"name": "data", "mountPath": "/data"}, {"name": "tmp", "mountPath": "/tmp"}],
        }
    ],
}
LIVE = {"metadata": {"name": "cart", "namespace": "shop"}, "spec": {"replicas": 3, "template": {"spec": POD}}, "status": {"replicas": 3}}
EXPAND, CONTRACT = {"expand": {"command": ["migrate", "up"]}}, {"contract": {"command": ["migrate", "finish"]}}


def job(version: str = "2.0.0", kind: str = "expand", state: str = "Complete", service: str = "cart") -> dict:
    labels = {migration.KIND_LABEL: kind, "app.kubernetes.io/version": version}
    conditions = (
        [{"type": state, "status": "True", "reason": "BackoffLimitExceeded", "message": "Job has reached the specified backoff limit"}] if state else []
    )
    metadata = {"name": migration.name(service, version, kind), "labels": labels}
    return {"apiVersion": "batch/v1", "kind": "Job", "metadata": metadata, "spec": {}, "status": {"conditions": conditions}}


@pytest.mark.parametrize(
    ("declared", "live", "jobs", "expected"),
    [
        ({}, LIVE, [], ["info"]),
        (EXPAND, LIVE, [], ["info"]),
        ({**EXPAND, **CONTRACT}, LIVE, [job()], ["info"]),
        (EXPAND, LIVE, [job(state="Failed")], ["error"]),
        # Of another version: nothing to this one.
        (EXPAND, LIVE, [job("1.9.0", state="Failed")], ["info"]),
        (EXPAND, {}, [], ["error", "info"]),
        (EXPAND, LIVE, [job("1.9.0", "contract", state="")], ["info", "error"]),
        (EXPAND, LIVE, [job("1.9.0", "contract", state="Failed")], ["info", "warning"]),
        (EXPAND, LIVE, [job("1.9.0", "contract")], ["info"]),
    ],
)
def test_gate(declared, live, jobs, expected):
    found = migration.judge(declared, "cart", "2.0.0", live, jobs)
    assert [entry["severity"] for entry in found] == expected
    assert {entry["gate"] for entry in found} == {"migration"}


@pytest.mark.parametrize(
    ("declared", "what"),
    [
        (CONTRACT, "release_migrations.cart.contract is declared without expand"),
        ({"expand": {}}, "expand.command is None"),
        ({"expand": {"command": "migrate up"}}, "expand.command is 'migrate up'"),
        ({"expand": {"command": []}}, "expand.command is []"),
        ({"expand": {"command": ["migrate", 1]}}, "expand.command is"),
        ({"expand": {"command": ["up"], "timeout": 0}}, "expand.timeout is 0"),
        ({"expand": {"command": ["up"], "timeout": True}}, "expand.timeout is True"),
        ({"expand": {"command": ["up"], "image": "x"}}, "expand.image is unknown"),
        ({"before": {"command": ["up"]}, **EXPAND}, "release_migrations.cart.before is no kind"),
        (["up"], "release_migrations.cart is ['up'], no map"),
    ],
)
def test_settings(declared, what):
    [found] = migration.judge(declared, "cart", "2.0.0", LIVE, [])
    assert (found["gate"], found["severity"]) == ("settings", "error")
    assert what in found["what"]


@pytest.mark.parametrize("service", ["cart", "a-service-with-a-name-of-almost-sixty-three-characters-indeed"])
@pytest.mark.parametrize("version", ["2.0.0", "v2.0.0-rc.1.with.many.more.identifiers", "1.0.0_A"])
def test_names_are_label_values_and_differ(service, version):
    names = {migration.name(service, version, kind) for kind in migration.KINDS}
    assert len(names | {migration.name(service, "2-0-0", "expand")}) == 3
    for name in names:
        assert len(name) <= 63 and name == migration.name(service, version, "expand" if "-expand-" in name else "contract")
        assert all(part.isalnum() for part in name.split("-"))


def made(policy=None, **settings) -> list[dict]:
    base = {"service": "cart", "version": "2.0.0", "kind": "expand", "image": "r/cart:2.0.0", "migration": EXPAND["expand"], "part_of": "llm_marketplace"}
    return migration.manifests({**base, **settings}, LIVE, policy)


def test_the_job_is_the_services_pod_that_ends():
    [found] = made()
    spec, pod = found["spec"], found["spec"]["template"]["spec"]
    assert (spec["backoffLimit"], spec["activeDeadlineSeconds"], pod["restartPolicy"]) == (0, 600, "Never")
    assert (pod["serviceAccountName"], pod["securityContext"]) == ("cart", POD["securityContext"])
    assert not {"affinity", "topologySpreadConstraints", "terminationGracePeriodSeconds"} & set(pod)
    [container], [running] = pod["containers"], POD["containers"]
    assert (container["image"], container["command"]) == ("r/cart:2.0.0", ["migrate", "up"])
    assert not {"args", "ports", "readinessProbe", "lifecycle"} & set(container)
    assert all(container[key] == running[key] for key in ("envFrom", "env", "resources", "securityContext"))
    assert [volume["name"] for volume in pod["volumes"]] == [mount["name"] for mount in container["volumeMounts"]] == ["tmp"]


def test_the_job_gets_no_traffic_of_the_service():
    labels = made(migration={**EXPAND["expand"], "labels": {"app": "cart", "database": "client"}})[0]["spec"]["template"]["metadata"]["labels"]
    assert labels["app"] == "cart-migration" and labels["database"] == "client"
    assert labels["app.kubernetes.io/part-of"] == "llm-marketplace"


def test_own_figures_of_a_migration():
    own = {"command": ["up"], "timeout": 60, "env": {"MODE": "migrate"}, "resources": {"limits": {"cpu": "1"}}}
    spec = made(migration=own)[0]["spec"]
    container = spec["template"]["spec"]["containers"][0]
    assert spec["activeDeadlineSeconds"] == 60 and container["resources"] == own["resources"]
    assert [(entry["name"], entry.get("value")) for entry in container["env"]] == [("DATABASE_URL", None), ("MODE", "migrate")]


def test_the_job_may_call_what_the_service_may_call_and_nobody_calls_it():
    egress = [{"to": [{"ipBlock": {"cidr": "10.0.0.0/8"}}]}]
    policy, _job = made({"spec": {"egress": egress, "ingress": [{}]}})
    assert policy["spec"] == {"podSelector": {"matchLabels": {migration.LABEL: "cart"}}, "policyTypes": ["Ingress", "Egress"], "egress": egress}


def test_what_runs_is_not_changed_by_looking_at_it():
    before = repr(LIVE)
    made(migration={**EXPAND["expand"], "env": {"MODE": "x"}})
    assert repr(LIVE) == before


def deployment(version: str, replicas: int, running: int | None = None, name: str = "cart") -> dict:
    spec = {"replicas": replicas, "template": {"spec": {"containers": [{"image": f"registry.example.com:5000/shop/cart:{version}"}]}}}
    return {"metadata": {"name": name}, "spec": spec, "status": {"replicas": replicas if running is None else running}}


NOW, PROMOTED = "2026-11-21T12:00:00Z", {"phase": "promoted", "version": "2.0.0"}


@pytest.mark.parametrize(
    ("state", "deployments", "jobs", "problem"),
    [
        (PROMOTED, [deployment("2.0.0", 3)], [job()], None),
        (PROMOTED, [deployment("2.0.0", 3), deployment("1.9.0", 0, name="cart-canary")], [job()], None),
        ({**PROMOTED, "warm_until": "2026-11-21T12:00:00Z"}, [deployment("2.0.0", 3)], [job()], None),
        ({**PROMOTED, "warm_until": "2026-11-21T12:00:01Z"}, [deployment("2.0.0", 3)], [job()], "stays warm until 2026-11-21T12:00:01Z"),
        ({**PROMOTED, "warm_until": "soon"}, [deployment("2.0.0", 3)], [job()], "no date and time"),
        (None, [deployment("2.0.0", 3)], [job()], "does not say that 2.0.0 is promoted (there is none)"),
        ({"phase": "progressing", "version": "2.0.0"}, [deployment("2.0.0", 3)], [job()], "it says 2.0.0, progressing"),
        ({"phase": "rolled_back", "version": "2.0.0"}, [deployment("1.9.0", 3)], [job()], "rolled_back"),
        ({"phase": "promoted", "version": "1.9.0"}, [deployment("1.9.0", 3)], [job()], "it says 1.9.0, promoted"),
        # Somebody set it back by hand, or old pods have not gone yet.
        (PROMOTED, [deployment("1.9.0", 3)], [job()], "cart still has 3 pod(s) of 1.9.0"),
        (PROMOTED, [deployment("2.0.0", 3), deployment("1.9.0", 0, 2, "cart-canary")], [job()], "cart-canary still has 2 pod(s) of 1.9.0"),
        (PROMOTED, [deployment("2.0.0", 3)], [], "has not completed"),
        (PROMOTED, [deployment("2.0.0", 3)], [job(state="Failed")], "has not completed"),
    ],
)
def test_contract(state, deployments, jobs, problem):
    found = migration.contract_problems(state, "cart", "2.0.0", deployments, jobs, NOW)
    assert (found == []) if problem is None else (len(found) == 1 and problem in found[0]), found


@pytest.mark.parametrize(("state", "expected"), [("Complete", "done"), ("Failed", "failed"), ("", "running")])
def test_state(state, expected):
    assert migration.state([job(state=state)], job()["metadata"]["name"]) == expected
    assert migration.state([job(state=state)], "another") == "absent"


def test_a_failure_is_told_in_the_pods_words():
    ended = {"terminated": {"exitCode": 1, "reason": "Error", "message": 'ERROR: relation "items"\n does not exist'}}
    pod = {"metadata": {"name": "cart-expand-x"}, "status": {"phase": "Failed", "containerStatuses": [{"name": "migration", "state": ended}]}}
    said = migration.failure([job(state="Failed")], [pod], job()["metadata"]["name"])
    for words in ("backoff limit", "ended with exit status 1", 'ERROR: relation "items" does not exist', "delete the Job and release again"):
        assert words in said
    assert "has not finished" in migration.failure([job(state="")], [], job()["metadata"]["name"])
    assert "the Job is gone" in migration.failure([], [], "x")


@pytest.mark.parametrize(
    ("image", "version"), [("shop/cart:1", "1"), ("r:5000/cart", ""), (f"r:5000/cart:1@sha256:{'a' * 64}", "1"), (f"cart@sha256:{'a' * 64}", ""), ("", "")]
)
def test_deployed_version(image, version):
    assert migration.deployed_version({"spec": {"template": {"spec": {"containers": [{"image": image}]}}}}) == version
    assert migration.deployed_version({}) == migration.deployed_version(None) == ""
