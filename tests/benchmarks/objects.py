# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The objects of the benchmark of manifest_set: mixed kinds, the same ones each time."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

PER_CENT = 100


def objects(size: int, namespace: str, *, changed: bool = False) -> list[dict[str, Any]]:
    """`size` objects. `changed`: every hundredth (at least one) has another value than before."""
    made = [_KINDS[number % len(_KINDS)](f"item-{number:05d}", number) for number in range(size)]
    for number, body in enumerate(made):
        revision = "2" if changed and number % PER_CENT == 0 else "1"
        labels = {"app.kubernetes.io/part-of": "benchmark", "app.kubernetes.io/name": body["metadata"]["name"]}
        body["metadata"].update(namespace=namespace, labels=labels, annotations={"benchmark/revision": revision})
    return made


def _object(api_version: str, kind: str, name: str, **body: Any) -> dict[str, Any]:
    return {"apiVersion": api_version, "kind": kind, "metadata": {"name": name}, **body}


def _text(number: int, length: int) -> str:
    """Text that looks random and is not, so that nothing compresses better than real settings do."""
    return hashlib.shake_128(str(number).encode()).hexdigest(length // 2)


def _config_map(name: str, number: int) -> dict[str, Any]:
    return _object("v1", "ConfigMap", name, data={"LOG_LEVEL": "info", "PORT": "3001", "ENDPOINT": f"http://{_text(number, 12)}.example.invalid"})


def _secret(name: str, number: int) -> dict[str, Any]:
    return _object("v1", "Secret", name, type="Opaque", data={"password": base64.b64encode(_text(number, 32).encode()).decode()})


def _service_account(name: str, _number: int) -> dict[str, Any]:
    return _object("v1", "ServiceAccount", name, automountServiceAccountToken=False)


def _service(name: str, _number: int) -> dict[str, Any]:
    ports = [{"name": "http", "port": 80, "targetPort": 3001, "protocol": "TCP"}]
    return _object("v1", "Service", name, spec={"type": "ClusterIP", "selector": {"app": name}, "ports": ports})


def _pod(name: str) -> dict[str, Any]:
    container = {
        "name": "main",
        "image": f"registry.example.invalid/{name}:1.0.0",
        "ports": [{"name": "http", "containerPort": 3001, "protocol": "TCP"}],
        "env": [{"name": "LOG_LEVEL", "value": "info"}, {"name": "NODE_ENV", "value": "production"}],
        "resources": {"requests": {"cpu": "500m", "memory": "512Mi"}, "limits": {"cpu": "1000m", "memory": "1Gi"}},
        "readinessProbe": {"httpGet": {"path": "/health", "port": "http"}, "periodSeconds": 10},
        "securityContext": {"allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]}},
    }
    return {"containers": [container], "securityContext": {"runAsNonRoot": True, "runAsUser": 1000}}


def _deployment(name: str, _number: int) -> dict[str, Any]:
    # No pods: what is compared are the tools, not the scheduler.
    template = {"metadata": {"labels": {"app": name}}, "spec": _pod(name)}
    return _object("apps/v1", "Deployment", name, spec={"replicas": 0, "selector": {"matchLabels": {"app": name}}, "template": template})


def _cron_job(name: str, _number: int) -> dict[str, Any]:
    job = {"template": {"spec": {**_pod(name), "restartPolicy": "Never"}}}
    return _object("batch/v1", "CronJob", name, spec={"suspend": True, "schedule": "0 3 * * *", "jobTemplate": {"spec": job}})


def _role(name: str, _number: int) -> dict[str, Any]:
    return _object("rbac.authorization.k8s.io/v1", "Role", name, rules=[{"apiGroups": [""], "resources": ["configmaps"], "verbs": ["get", "list", "watch"]}])


def _role_binding(name: str, number: int) -> dict[str, Any]:
    group = "rbac.authorization.k8s.io"
    role = {"apiGroup": group, "kind": "Role", "name": f"item-{number - 1:05d}"}
    return _object(f"{group}/v1", "RoleBinding", name, roleRef=role, subjects=[{"apiGroup": group, "kind": "Group", "name": "readers"}])


def _network_policy(name: str, _number: int) -> dict[str, Any]:
    ingress = [{"from": [{"podSelector": {"matchLabels": {"app": "gateway"}}}], "ports": [{"port": 3001, "protocol": "TCP"}]}]
    return _object(
        "networking.k8s.io/v1", "NetworkPolicy", name, spec={"podSelector": {"matchLabels": {"app": name}}, "policyTypes": ["Ingress"], "ingress": ingress}
    )


def _budget(name: str, _number: int) -> dict[str, Any]:
    return _object("policy/v1", "PodDisruptionBudget", name, spec={"minAvailable": 1, "selector": {"matchLabels": {"app": name}}})


# A RoleBinding follows the Role that it names.
_KINDS = (
    _config_map,
    _secret,
    _service_account,
    _service,
    _deployment,
    _role,
    _role_binding,
    _network_policy,
    _budget,
    _config_map,
    _cron_job,
)
