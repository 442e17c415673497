# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Whether an API server answers, how fast, and what we may do there."""

from __future__ import annotations

import time
from collections.abc import Iterable
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._k8s.client import Client
from ansible_collections.llmops.platform.plugins.module_utils._k8s.connection import load
from ansible_collections.llmops.platform.plugins.module_utils._k8s.credentials import describe
from ansible_collections.llmops.platform.plugins.module_utils._k8s.errors import ApiError
from ansible_collections.llmops.platform.plugins.module_utils._k8s.errors import KubernetesError

REVIEWS = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"
ALL_NAMESPACES = "*"


def cluster_access(kubeconfig: str | None, context: str | None, permissions: Mapping[str, Mapping[str, Any]], timeout: float) -> dict[str, Any]:
    """`{credentials, api, permissions, problem}`; what cannot be read is `problem`, in words, and what comes after it is empty."""
    found: dict[str, Any] = {"credentials": None, "api": None, "permissions": [], "problem": None}
    try:
        found["credentials"] = describe(kubeconfig, context)
        connection = load(kubeconfig, context)
    # ValueError: what should be base64 or a certificate is none.
    except (KubernetesError, ValueError) as error:
        return {**found, "problem": {"stage": "credentials", "message": str(error)}}
    client = Client(connection, "cluster_access_info", timeout=timeout)
    try:
        # The first request opens the connection: the second one is what each later call will take.
        client.get("/version")
        begin = time.monotonic()
        version = client.get("/version")["gitVersion"].removeprefix("v")
        milliseconds = round((time.monotonic() - begin) * 1000, 1)
        found["api"] = {"server": connection.server, "version": version, "milliseconds": milliseconds}
        with ThreadPoolExecutor(max_workers=8) as pool:
            found["permissions"] = list(pool.map(lambda asked: _review(client, asked), questions(permissions)))
    except ApiError as error:
        message = f"{connection.server} refuses {connection.kubeconfig}: {error.message} ({error.status}); correct the credentials"
        return {**found, "problem": {"stage": "api", "message": message}}
    except KubernetesError as error:
        return {**found, "problem": {"stage": "api", "message": str(error)}}
    finally:
        client.close()
    return found


def questions(permissions: Mapping[str, Mapping[str, Any]]) -> Iterable[dict[str, str]]:
    """Each verb of each entry `{resource[.group][/subresource]: {verbs, namespace}}`."""
    for name, entry in permissions.items():
        kind, _slash, subresource = name.partition("/")
        resource, _dot, group = kind.partition(".")
        for verb in entry["verbs"]:
            asked = {"verb": verb, "group": group, "resource": resource, "subresource": subresource}
            yield {**asked, "name": name, "namespace": entry.get("namespace") or ALL_NAMESPACES}


def _review(client: Client, asked: Mapping[str, str]) -> dict[str, Any]:
    # It creates nothing that is kept: the answer is the object that is sent back. No namespace in it means all of them.
    attributes = {key: asked[key] for key in ("verb", "group", "resource", "subresource") if asked[key]}
    if asked["namespace"] != ALL_NAMESPACES:
        attributes["namespace"] = asked["namespace"]
    body = {"apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectAccessReview", "spec": {"resourceAttributes": attributes}}
    status = client.request("POST", REVIEWS, body=body).get("status") or {}
    words = status.get("reason") or status.get("evaluationError") or ""
    return {"name": asked["name"], "verb": asked["verb"], "namespace": asked["namespace"], "allowed": bool(status.get("allowed")), "reason": words}
