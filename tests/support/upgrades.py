# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A cluster at the fake EKS whose nodes are simulated on a real API server, its stacks, and role upgrade in a playbook of its own."""

from __future__ import annotations

import json
import os
import subprocess
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._stacks.stateful import stack_policy
from tests.support.modules import ROOT
from tests.support.programs import program
from tests.support.proxied_aws import ProxiedAws
from tests.support.stack_graphs import ACCOUNT
from tests.support.stack_graphs import GUARDS
from tests.support.stack_graphs import REGION
from tests.support.stack_graphs import stack
from tests.support.stack_graphs import template
from tests.support.stacks import kill

ROLE = f"arn:aws:iam::{ACCOUNT}:role/cluster"
PLATFORM, CLUSTER, NAMESPACE = "upgrading", "upgrading-test", "upgrading"
PREFIX = "upgrading-local"
GROUP_LABEL, OURS_LABEL = "eks.amazonaws.com/nodegroup", "upgrading"
CORDON = "llmops.platform/cordoned-by"
PLAY = [
    {
        "name": "Upgrade",
        "hosts": "localhost",
        "connection": "local",
        "gather_facts": False,
        "environment": "{{ aws_environment }}",
        "module_defaults": {"group/llmops.platform.k8s": {"kubeconfig": "{{ kubeconfig }}"}},
        "roles": [{"role": "llmops.platform.upgrade"}],
    }
]


def graph(minor: str, digests: Mapping[str, str], subnets: list[str], sizes: Mapping[str, int]) -> dict[str, Any]:
    """As role cluster cuts it: control plane, add-ons before, a stack for each node group, add-ons after. `digests` by pool."""
    name, version = {"Ref": "Name"}, {"Ref": "Version"}
    properties = {"Name": name, "RoleArn": ROLE, "Version": version, "ResourcesVpcConfig": {"SubnetIds": subnets}, "DeletionProtection": True}
    cluster = {"Type": "AWS::EKS::Cluster", **GUARDS, "Properties": properties}
    values = {"Name": {"value": CLUSTER}, "Version": {"value": minor}}
    text = template({"Cluster": cluster}, ("Name", "Version"), {"ClusterName": {"Ref": "Cluster"}, "Version": version})
    key = f"{REGION}/{PREFIX}-cluster"
    found = stack(f"{PREFIX}-cluster", text, parameters=values, one_way=True, protection=True, policy=stack_policy())
    of_cluster = {"stack": key, "output": "ClusterName"}

    def addon(thing: str, which: str, build: str) -> dict[str, Any]:
        properties = {"AddonName": which, "AddonVersion": f"v{minor}.0-eksbuild.{build}", "ClusterName": {"Ref": "ClusterName"}}
        text = template({"Addon": {"Type": "AWS::EKS::Addon", "Properties": properties}}, ("ClusterName",))
        return stack(f"{PREFIX}-{thing}", text, parameters={"ClusterName": of_cluster})

    found |= addon("cluster-addons", "kube-proxy", "1")
    for pool, digest in digests.items():
        properties = {
            "NodegroupName": f"{pool}-{digest}",
            "ClusterName": {"Ref": "ClusterName"},
            "NodeRole": ROLE,
            "Subnets": subnets,
            "InstanceTypes": ["m6i.large"],
            "ScalingConfig": {"MinSize": 1, "MaxSize": 9, "DesiredSize": {"Ref": "DesiredSize"}},
            "Version": version,
        }
        observed = {"create": str(sizes[pool]), "resource": "Group", "property": "ScalingConfig.DesiredSize", "minimum": "1", "maximum": "9"}
        text = template(
            {"Group": {"Type": "AWS::EKS::Nodegroup", "Properties": properties}},
            ("ClusterName", "DesiredSize", "Version"),
            {"NodegroupName": {"Fn::GetAtt": ["Group", "NodegroupName"]}},
        )
        parameters = {"ClusterName": of_cluster, "DesiredSize": {"observed": observed}, "Version": {"value": minor}}
        found |= stack(f"{PREFIX}-nodes-{pool}-{digest}", text, parameters=parameters, operated=["Group.ScalingConfig.DesiredSize"])
    return found | addon("cluster-addons-nodes", "coredns", "1")


class Nodes:
    """What EKS does: a group's nodes join the API server, and leave it when the group is deleted. Looks every half second while it is open."""

    def __init__(self, fake: ProxiedAws, api: Api) -> None:
        self._fake, self._api = fake, api
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._error: Exception | None = None

    def __enter__(self) -> Nodes:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._stop.set()
        self._thread.join(60)
        if self._error:
            raise self._error

    def _run(self) -> None:
        try:
            while not self._stop.wait(0.5):
                self.follow()
        except Exception as error:
            self._error = error

    def follow(self) -> None:
        """Once."""
        eks = self._fake.client("eks", REGION)
        wanted = {}
        if CLUSTER in eks.list_clusters()["clusters"]:
            for group in eks.list_nodegroups(clusterName=CLUSTER)["nodegroups"]:
                size = eks.describe_nodegroup(clusterName=CLUSTER, nodegroupName=group)["nodegroup"]["scalingConfig"]["desiredSize"]
                wanted |= {f"upgrading-{group}-{number}": group for number in range(size)}
        there = self._api.nodes()
        self._api.apply(*[node(name, group) for name, group in wanted.items() if name not in there])
        gone = sorted(there.keys() - wanted.keys())
        if gone:
            self._api.kubectl("delete", "node", *gone, "--wait=false", "--ignore-not-found")
            for name in gone:
                selector = f"--field-selector=spec.nodeName={name}"
                self._api.kubectl("delete", "pods", "-n", NAMESPACE, selector, "--force", "--grace-period=0", "--ignore-not-found")


def node(name: str, group: str) -> dict[str, Any]:
    """Ours alone: a taint keeps the platform's own pods away."""
    size = {"cpu": "8", "memory": "32Gi", "pods": "50"}
    figures = {f"local.llmops.platform/{key}": value for key, value in {**size, "disk": "50Gi", "address": "10.250.0.1"}.items()}
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {
            "name": name,
            "labels": {GROUP_LABEL: group, OURS_LABEL: "true", "kubernetes.io/hostname": name},
            "annotations": {"kwok.x-k8s.io/node": "fake", **figures},
        },
        "spec": {"taints": [{"key": OURS_LABEL, "effect": "NoSchedule"}]},
        "status": {"capacity": size, "allocatable": size},
    }


def deployment(name: str, replicas: int, **pod: Any) -> dict[str, Any]:
    labels = {"app": name}
    spec = {
        "nodeSelector": {OURS_LABEL: "true"},
        "tolerations": [{"key": OURS_LABEL, "operator": "Exists"}],
        "terminationGracePeriodSeconds": 1,
        "containers": [{"name": "web", "image": "registry.example.com/web:1", "resources": {"requests": {"cpu": "1"}}}],
        **pod,
    }
    body = {"replicas": replicas, "selector": {"matchLabels": labels}, "template": {"metadata": {"labels": labels}, "spec": spec}}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": name, "namespace": NAMESPACE}, "spec": body}


def budget(name: str, least: int) -> dict[str, Any]:
    spec = {"minAvailable": least, "selector": {"matchLabels": {"app": name}}}
    return {"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": {"name": name, "namespace": NAMESPACE}, "spec": spec}


class Api:
    """The API server, asked past the project's own client."""

    def __init__(self, kubeconfig: Path) -> None:
        self.kubeconfig = kubeconfig

    def kubectl(self, *words: str, stdin: Any = None) -> str:
        command = [str(ROOT / ".local" / "bin" / "kubectl"), "--kubeconfig", str(self.kubeconfig), *words]
        done = subprocess.run(command, capture_output=True, text=True, check=False, input=json.dumps(stdin) if stdin else None)
        if done.returncode:
            raise AssertionError(f"kubectl {' '.join(words)}: {done.stderr}")
        return done.stdout

    def apply(self, *manifests: Mapping[str, Any]) -> None:
        if manifests:
            self.kubectl("apply", "-f", "-", stdin={"apiVersion": "v1", "kind": "List", "items": list(manifests)})

    def get(self, *words: str) -> list[dict[str, Any]]:
        return json.loads(self.kubectl("get", *words, "-o", "json"))["items"]

    def nodes(self) -> dict[str, dict[str, Any]]:
        return {one["metadata"]["name"]: one for one in self.get("nodes", "-l", OURS_LABEL)}

    def cordoned(self) -> dict[str, str]:
        """Cordoned nodes of ours, and whose cordon it is."""
        return {name: one["metadata"].get("annotations", {}).get(CORDON, "") for name, one in self.nodes().items() if one["spec"].get("unschedulable")}

    def pods(self) -> dict[str, str]:
        """The node of each pod."""
        return {one["metadata"]["name"]: one["spec"].get("nodeName", "") for one in self.get("pods", "-n", NAMESPACE)}

    def ready(self, name: str) -> int:
        return json.loads(self.kubectl("get", "deployment", name, "-n", NAMESPACE, "-o", "json"))["status"].get("readyReplicas", 0)

    def wait(self, told: str, condition: Any, seconds: float = 90) -> None:
        """Until `condition()` is true. Raises AssertionError."""
        deadline = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > deadline:
                raise AssertionError(f"{told}: {self.pods()}, cordoned {self.cordoned()}")
            time.sleep(0.3)


class Upgrades:
    """Runs of role upgrade below `folder`."""

    def __init__(self, folder: Path, fake: ProxiedAws, api: Api) -> None:
        self._folder, self._fake, self._api, self._number = folder, fake, api, 0

    def start(self, graphs: Mapping[str, Any], to: str, *words: str, **variables: Any) -> subprocess.Popen[str]:
        self._number += 1
        play, extra = (self._folder / f"{self._number}.{kind}.json" for kind in ("play", "extra"))
        play.write_text(json.dumps(PLAY), encoding="utf-8")
        common = {
            "platform_name": PLATFORM,
            "platform_environment": "local",
            "platform_region": REGION,
            "platform_regions": {"primary": REGION},
            "platform_account": ACCOUNT,
            "platform_tags": {"platform": "test"},
            "stacks_poll_seconds": 1,
            "upgrade_provider": "aws",
            "upgrade_cluster_name": CLUSTER,
            "upgrade_to": to,
            "upgrade_graphs": graphs,
            "upgrade_inspect": False,
            # The API server is of one version, and simulated kubelets say none.
            "upgrade_check_versions": False,
            "upgrade_health_timeout": 90,
            "upgrade_nodes_timeout": 60,
            "upgrade_drain_timeout": 60,
            "aws_environment": self._fake.environment,
            "kubeconfig": str(self._api.kubeconfig),
        }
        extra.write_text(json.dumps({**common, **variables}), encoding="utf-8")
        environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        environment["ANSIBLE_CONFIG"] = str(ROOT / "ansible.cfg")
        return subprocess.Popen(
            [program("ansible-playbook"), "-i", "localhost,", "--extra-vars", f"@{extra}", *words, str(play)],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def run(self, graphs: Mapping[str, Any], to: str, *words: str, **variables: Any) -> tuple[bool, str]:
        """Whether it ended well, and what it printed with all white space as one."""
        running = self.start(graphs, to, *words, **variables)
        try:
            output = running.communicate(timeout=500)[0]
        except subprocess.TimeoutExpired:
            kill(running)
            raise
        return running.returncode == 0, " ".join(output.replace("\\n", " ").split())
