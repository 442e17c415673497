# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The services of the five platforms, seen by their API servers."""

from __future__ import annotations

import json

import pytest

MARKETPLACE, HUB, COPILOT = "llm_marketplace_local_primary", "connector_hub_local_primary", "copilot_agent_local_primary"
WORKFLOW, CLOUD = "workflow_platform_local_primary", "cloudtolocalllm_local_primary"
MESH = (MARKETPLACE, COPILOT, WORKFLOW)

# host, namespace, service, pods, (port, container port), autoscaler (name, min, max), budget (name, min available, max unavailable)
SERVICES = [
    *((MARKETPLACE, "llm-marketplace", name, 3, (3001, 3001), (f"{name}-hpa", 3, 200), (f"{name}-pdb", 2, None)) for name in ("publishing", "discovery")),
    *((MARKETPLACE, "llm-marketplace", name, 3, (3001, 3001), (f"{name}-hpa", 3, 200), (f"{name}-pdb", 2, None)) for name in ("consumption", "admin")),
    (HUB, "llm-connector-hub", "llm-connector-hub", 3, (80, 3000), ("llm-connector-hub-hpa", 3, 10), ("llm-connector-hub-pdb", 2, None)),
    (HUB, "llm-connector-hub", "redis", 1, (6379, 6379), None, None),
    (COPILOT, "llm-copilot", "llm-copilot-agent", 3, (80, 3000), ("llm-copilot-agent-hpa", 3, 20), ("llm-copilot-agent-pdb", 2, None)),
    (WORKFLOW, "application", "bff-service", 3, (8080, 8080), ("bff-hpa", 3, 10), ("bff-pdb", 2, None)),
    (WORKFLOW, "application", "llm-agent-service", 3, (8080, 8080), ("llm-agent-hpa", 3, 20), ("llm-agent-pdb", 2, None)),
    (
        WORKFLOW,
        "application",
        "workflow-orchestrator-service",
        3,
        (8080, 8080),
        ("workflow-orchestrator-hpa", 3, 10),
        ("workflow-orchestrator-pdb", None, 1),
    ),
    *(
        (WORKFLOW, "application", f"{name}-service", 3, (8080, 8080), (f"{name}-hpa", 3, 10), (f"{name}-pdb", 2, None))
        for name in ("validation", "notification", "audit-logging", "file-storage")
    ),
    (CLOUD, "cloudtolocalllm", "web", 2, (80, 8080), ("web-hpa", 2, 4), ("web-pdb", 1, None)),
    (CLOUD, "cloudtolocalllm", "api-backend", 2, (80, 8080), ("api-backend-hpa", 2, 4), ("api-backend-pdb", 1, None)),
]
each_service = pytest.mark.parametrize(
    ("name", "namespace", "service", "pods", "ports", "autoscaler", "budget"), SERVICES, ids=[f"{row[0].partition('_local')[0]}-{row[2]}" for row in SERVICES]
)


@each_service
def test_deployment(objects, name, namespace, service, pods, ports, autoscaler, budget):
    deployment = objects(name, "deployments", namespace)[service]
    assert deployment["status"]["availableReplicas"] == pods
    strategy = deployment["spec"]["strategy"]
    assert strategy == ({"type": "Recreate"} if pods == 1 else {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}})
    pod = deployment["spec"]["template"]["spec"]
    container = pod["containers"][0]
    assert set(container["resources"]) == {"requests", "limits"}
    assert {probe for probe in container if probe.endswith("Probe")} == {"livenessProbe", "readinessProbe", "startupProbe"}
    assert pod["securityContext"]["runAsNonRoot"] and container["securityContext"]["readOnlyRootFilesystem"]
    assert pod["terminationGracePeriodSeconds"] > 30 and container["lifecycle"]["preStop"]["sleep"]["seconds"] == 5
    assert [term["podAffinityTerm"]["topologyKey"] for term in pod["affinity"]["podAntiAffinity"]["preferredDuringSchedulingIgnoredDuringExecution"]] == [
        "kubernetes.io/hostname",
        "topology.kubernetes.io/zone",
    ]
    assert pod["topologySpreadConstraints"][0]["whenUnsatisfiable"] == "DoNotSchedule"


@each_service
def test_pods_are_spread_over_the_zones(objects, name, namespace, service, pods, ports, autoscaler, budget):
    nodes = objects(name, "nodes")
    found = [pod for pod in objects(name, "pods", namespace).values() if pod["metadata"]["labels"]["app"] == service]
    zones = {nodes[pod["spec"]["nodeName"]]["metadata"]["labels"]["topology.kubernetes.io/zone"] for pod in found}
    assert len(found) == pods
    assert len(zones) == min(pods, 3)


@each_service
def test_service(objects, name, namespace, service, pods, ports, autoscaler, budget):
    spec = objects(name, "services", namespace)[service]["spec"]
    pod = objects(name, "deployments", namespace)[service]["spec"]["template"]["spec"]["containers"][0]
    assert (spec["ports"][0]["port"], pod["ports"][0]["containerPort"]) == ports
    assert spec["sessionAffinity"] == ("ClientIP" if name == COPILOT else "None")
    slices = [s for s in objects(name, "endpointslices", namespace).values() if s["metadata"]["labels"]["kubernetes.io/service-name"] == service]
    # Where there is a mesh, pods have no address: it would send requests to where nobody answers.
    assert sum(len(s["endpoints"] or []) for s in slices) == (0 if name in MESH else pods)


@each_service
def test_autoscaler_and_budget(objects, name, namespace, service, pods, ports, autoscaler, budget):
    autoscalers, budgets = objects(name, "horizontalpodautoscalers", namespace), objects(name, "poddisruptionbudgets", namespace)
    targets = {item["spec"]["scaleTargetRef"]["name"] for item in autoscalers.values()}
    if autoscaler is None:
        assert service not in targets
        return
    spec = autoscalers[autoscaler[0]]["spec"]
    assert (spec["scaleTargetRef"]["name"], spec["minReplicas"], spec["maxReplicas"]) == (service, *autoscaler[1:])
    targets = {metric["resource"]["name"]: metric["resource"]["target"]["averageUtilization"] for metric in spec["metrics"] if metric["type"] == "Resource"}
    assert targets == {"cpu": 70, "memory": 80}
    spec = budgets[budget[0]]["spec"]
    assert (spec.get("minAvailable"), spec.get("maxUnavailable")) == budget[1:]
    assert budgets[budget[0]]["status"]["disruptionsAllowed"] >= 1


def test_the_agent_scales_by_its_queue(objects):
    spec = objects(WORKFLOW, "horizontalpodautoscalers", "application")["llm-agent-hpa"]["spec"]
    external = next(metric["external"] for metric in spec["metrics"] if metric["type"] == "External")
    assert external["metric"] == {"name": "rabbitmq_queue_messages", "selector": {"matchLabels": {"queue": "llm-agent-tasks"}}}
    assert external["target"] == {"type": "AverageValue", "averageValue": "10"}
    assert spec["behavior"]["scaleDown"]["stabilizationWindowSeconds"] == 300
    assert spec["behavior"]["scaleUp"]["selectPolicy"] == "Max"


def test_redis_of_the_hub_has_its_volume(objects):
    claim = objects(HUB, "persistentvolumeclaims", "llm-connector-hub")["redis-data"]
    assert claim["status"]["phase"] == "Bound"
    volume = objects(HUB, "persistentvolumes")[claim["spec"]["volumeName"]]
    pod = next(pod for pod in objects(HUB, "pods", "llm-connector-hub").values() if pod["metadata"]["labels"]["app"] == "redis")
    zone = objects(HUB, "nodes")[pod["spec"]["nodeName"]]["metadata"]["labels"]["topology.kubernetes.io/zone"]
    assert volume["spec"]["nodeAffinity"]["required"]["nodeSelectorTerms"][0]["matchExpressions"][0]["values"] == [zone]


NAMESPACES = [
    (MARKETPLACE, "llm-marketplace", "enabled", "restricted"),
    (HUB, "llm-connector-hub", "enabled", "restricted"),
    (COPILOT, "llm-copilot", "enabled", "restricted"),
    (CLOUD, "cloudtolocalllm", "enabled", "restricted"),
    (WORKFLOW, "application", "enabled", "restricted"),
    (WORKFLOW, "data", "enabled", "baseline"),
    (WORKFLOW, "infrastructure", "enabled", "restricted"),
    (WORKFLOW, "observability", "disabled", "baseline"),
    (WORKFLOW, "istio-system", "disabled", None),
    (WORKFLOW, "argocd", "disabled", None),
]


@pytest.mark.parametrize(("name", "namespace", "injection", "security"), NAMESPACES)
def test_namespaces(objects, name, namespace, injection, security):
    labels = objects(name, "namespaces")[namespace]["metadata"]["labels"]
    assert labels["name"] == namespace
    assert labels["istio-injection"] == injection
    assert labels.get("pod-security.kubernetes.io/enforce") == security


def test_services_of_the_marketplace_share_a_versioned_configuration(objects):
    names = [name for name in objects(MARKETPLACE, "configmaps", "llm-marketplace") if name.startswith("marketplace-config-")]
    assert len(names) == 1
    for deployment in objects(MARKETPLACE, "deployments", "llm-marketplace").values():
        assert deployment["spec"]["template"]["spec"]["containers"][0]["envFrom"] == [{"configMapRef": {"name": names[0]}}]


@pytest.mark.parametrize(("name", "namespace"), [row[:2] for row in NAMESPACES if row[3]])
def test_namespaces_are_closed_and_limited(objects, name, namespace):
    policies = objects(name, "networkpolicies", namespace)
    assert policies["default-deny"]["spec"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    assert policies["allow-dns"]["spec"]["egress"][0]["ports"] == [{"protocol": "UDP", "port": 53}, {"protocol": "TCP", "port": 53}]
    assert objects(name, "resourcequotas", namespace)["quota"]["spec"]["hard"]["pods"] == "1k"
    assert {limit["type"] for limit in objects(name, "limitranges", namespace)["limits"]["spec"]["limits"]} == {"Pod", "PersistentVolumeClaim"}


def test_a_pod_without_requests_and_limits_is_refused(kubectl):
    pod = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "bare", "namespace": "application"},
        "spec": {
            "securityContext": {"runAsNonRoot": True, "runAsUser": 1001, "seccompProfile": {"type": "RuntimeDefault"}},
            "containers": [
                {"name": "a", "image": "example.invalid/a:1", "securityContext": {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}}
            ],
        },
    }
    refused = kubectl(WORKFLOW, "create", "--dry-run=server", "-f", "-", stdin=json.dumps(pod))
    assert "No limit is specified" in refused.stderr
    pod["spec"]["containers"][0]["resources"] = {"requests": {"cpu": "10m", "memory": "16Mi"}, "limits": {"cpu": "10m", "memory": "16Mi"}}
    assert kubectl(WORKFLOW, "create", "--dry-run=server", "-f", "-", stdin=json.dumps(pod)).returncode == 0
    pod["spec"]["hostNetwork"] = True
    assert 'violates PodSecurity "restricted' in kubectl(WORKFLOW, "create", "--dry-run=server", "-f", "-", stdin=json.dumps(pod)).stderr


def test_classes(objects):
    storage = objects(MARKETPLACE, "storageclasses")
    assert set(storage) == {"fast-ssd", "standard-ssd", "shared-filesystem"}
    default = {name for name, item in storage.items() if item["metadata"]["annotations"]["storageclass.kubernetes.io/is-default-class"] == "true"}
    assert default == {"standard-ssd"}
    assert {"platform-critical", "platform-standard", "platform-batch"} <= set(objects(MARKETPLACE, "priorityclasses"))
    roles = objects(MARKETPLACE, "clusterroles")
    for name in ("llmops-viewer", "llmops-operator", "llmops-debugger"):
        assert "secrets" not in {resource for rule in roles[name]["rules"] for resource in rule["resources"]}


@each_service
def test_only_what_is_listed_reaches_a_service(objects, name, namespace, service, pods, ports, autoscaler, budget):
    policy = objects(name, "networkpolicies", namespace)[service]["spec"]
    assert policy["podSelector"] == {"matchLabels": {"app": service}}
    assert policy["policyTypes"] == ["Ingress", "Egress"]
    for rule in policy.get("ingress", []):
        assert rule["from"] and {port["port"] for port in rule["ports"]} == {ports[1]}


def test_routes_secrets_and_metrics(objects):
    (ingress,) = objects(HUB, "ingresses", "llm-connector-hub").values()
    assert ingress["metadata"]["annotations"]["cert-manager.io/cluster-issuer"] == "self_signed"
    assert objects(HUB, "services", "llm-connector-hub")["llm-connector-hub-headless"]["spec"]["clusterIP"] == "None"
    route = objects(COPILOT, "httproutes.gateway.networking.k8s.io", "llm-copilot")["llm-copilot-agent-ingress"]
    assert route["spec"]["rules"][0]["backendRefs"][0]["port"] == 80
    secret = objects(COPILOT, "secrets", "llm-copilot")["llm-copilot-secrets"]
    assert set(secret["data"]) == {"DATABASE_PASSWORD", "REDIS_PASSWORD", "JWT_SECRET"}
    assert len(set(secret["data"].values())) == 3
    scaler = objects(WORKFLOW, "verticalpodautoscalers", "application")["llm-agent-vpa"]
    assert scaler["spec"]["updatePolicy"]["updateMode"] == "Off"
    monitor = objects(HUB, "servicemonitors", "llm-connector-hub")["llm-connector-hub"]
    assert monitor["spec"]["endpoints"] == [{"port": "http", "path": "/metrics", "interval": "15s"}]
    pods = [metric["pods"] for metric in objects(MARKETPLACE, "hpa", "llm-marketplace")["admin-hpa"]["spec"]["metrics"] if metric["type"] == "Pods"]
    assert pods[0]["metric"] == {"name": "http_requests_per_second"}
