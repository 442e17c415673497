# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Plain HTTP to one API server: kept connections, credentials of a kubeconfig, retries in one place."""

from __future__ import annotations

import json
import random
import threading
import time
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

from ansible_collections.llmops.platform.plugins.module_utils._k8s.errors import ApiError
from ansible_collections.llmops.platform.plugins.module_utils._k8s.errors import K8sError

try:
    import urllib3
    from kubernetes.config import ConfigException
    from kubernetes.config import kube_config
except ImportError:
    urllib3 = None

AGENT = "llmops-platform/1.0.0 (manifest_set)"
APPLY = "application/apply-patch+yaml"
# An apply, a read and a delete may be repeated without harm; nothing else is ever sent.
REPEATABLE = ("GET", "PATCH", "DELETE")
ATTEMPTS = 5
CONNECT_SECONDS, READ_SECONDS = 5.0, 60.0
DISCOVERY = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"


class Client:
    """One API server. Threads may share it.

    Raises K8sError where the kubeconfig cannot be used or the server cannot be reached, ApiError for its refusals.
    """

    def __init__(self, kubeconfig: str, context: str | None = None, connections: int = 8) -> None:
        if urllib3 is None:
            raise K8sError("the Python package 'kubernetes' is missing for the Python that runs Ansible; install it with pip")
        self._source = (kubeconfig, context)
        self._connections = connections
        self._lock = threading.Lock()
        self._resources: dict[tuple[str, str], dict[str, Any]] | None = None
        self._load()

    def _load(self) -> None:
        kubeconfig, context = self._source
        settings = SimpleNamespace(host="", ssl_ca_cert=None, cert_file=None, key_file=None, verify_ssl=True, tls_server_name=None, proxy=None, api_key={})
        try:
            kube_config.load_kube_config(config_file=kubeconfig, context=context, client_configuration=settings, persist_config=False)
        except (ConfigException, OSError) as error:
            raise K8sError(f"kubeconfig '{kubeconfig}' cannot be used: {error}") from error
        options: dict[str, Any] = {
            "maxsize": self._connections,
            "block": True,
            "cert_reqs": "CERT_REQUIRED" if settings.verify_ssl else "CERT_NONE",
            "ca_certs": settings.ssl_ca_cert,
            "cert_file": settings.cert_file,
            "key_file": settings.key_file,
            "timeout": urllib3.Timeout(connect=CONNECT_SECONDS, read=READ_SECONDS),
            "retries": False,
        }
        if settings.tls_server_name:
            options["server_hostname"] = options["assert_hostname"] = settings.tls_server_name
        self.context = context or kube_config.list_kube_config_contexts(config_file=kubeconfig)[1]["name"]
        self.server = settings.host.rstrip("/")
        self.ca_file = settings.ssl_ca_cert
        self._headers = {"User-Agent": AGENT, "Accept": "application/json"}
        if settings.api_key.get("BearerToken"):
            self._headers["Authorization"] = settings.api_key["BearerToken"]
        self._pool = urllib3.ProxyManager(settings.proxy, **options) if settings.proxy else urllib3.PoolManager(**options)

    def request(self, method: str, path: str, query: dict[str, Any] | None = None, body: Any = None, accept: str | None = None) -> dict[str, Any]:
        """The decoded answer. Resets, time-outs, 429 and 5xx are tried again, with jitter and a bound."""
        url = f"{self.server}{path}" + (f"?{urlencode(query)}" if query else "")
        payload = None if body is None else json.dumps(body).encode()
        renewed = False
        for attempt in range(1, ATTEMPTS + 1):
            headers = {**self._headers, **({"Accept": accept} if accept else {})}
            if payload is not None:
                headers["Content-Type"] = APPLY if method == "PATCH" else "application/json"
            try:
                response = self._pool.request(method, url, body=payload, headers=headers)
            except urllib3.exceptions.HTTPError as error:
                if attempt == ATTEMPTS or method not in REPEATABLE:
                    raise K8sError(f"{self.server} cannot be reached: {_cause(error)}") from error
                time.sleep(pause(attempt, None))
                continue
            if response.status < 300:
                return json.loads(response.data) if response.data else {}
            if response.status == 401 and not renewed:
                # A token of an exec plugin may have expired under a long wait.
                renewed = True
                with self._lock:
                    self._load()
                continue
            if attempt < ATTEMPTS and method in REPEATABLE and (response.status == 429 or response.status >= 500):
                time.sleep(pause(attempt, response.headers.get("Retry-After")))
                continue
            raise ApiError(response.status, _decoded(response.data, response.status))
        raise K8sError(f"{self.server} refuses the credentials of kubeconfig '{self._source[0]}'")

    def resources(self, renew: bool = False) -> dict[tuple[str, str], dict[str, Any]]:
        """What the server serves: `{(apiVersion, kind): {path, plural, namespaced}}`, read once."""
        with self._lock:
            if self._resources is None or renew:
                found: dict[tuple[str, str], dict[str, Any]] = {}
                for root in ("/api", "/apis"):
                    for group in self.request("GET", root, accept=DISCOVERY).get("items", []):
                        found.update(_group(group))
                self._resources = found
            return self._resources

    def path(self, item: dict[str, Any], name: str | None = None) -> str:
        """URL path of an object, or with no `name` of the collection it stands in.

        Raises K8sError where the server does not know the kind, or a namespace is missing.
        """
        key = (item["apiVersion"], item["kind"])
        resource = self.resources().get(key)
        if resource is None:
            raise K8sError(f"{key[1]} of {key[0]} is not known to {self.server}; install its CustomResourceDefinition first, or correct apiVersion and kind")
        namespace = item["metadata"].get("namespace")
        if resource["namespaced"] and not namespace:
            raise K8sError(f"{key[1]} '{item['metadata'].get('name')}' needs metadata.namespace")
        middle = f"/namespaces/{namespace}" if resource["namespaced"] else ""
        return f"{resource['path']}{middle}/{resource['plural']}" + (f"/{name}" if name else "")

    def get(self, item: dict[str, Any]) -> dict[str, Any] | None:
        """The live object, or None."""
        try:
            return self.request("GET", self.path(item, item["metadata"]["name"]))
        except ApiError as error:
            if error.status == 404:
                return None
            raise

    def list(self, item: dict[str, Any], **query: Any) -> list[dict[str, Any]]:
        """All objects of the item's kind and namespace, page by page."""
        found: list[dict[str, Any]] = []
        query = {"limit": 500, **query}
        while True:
            page = self.request("GET", self.path(item), query)
            found += page.get("items") or []
            token = page.get("metadata", {}).get("continue")
            if not token:
                return found
            query["continue"] = token


def pause(attempt: int, retry_after: str | None) -> float:
    """Seconds before the next attempt: what the server asks for, else 0.2, 0.4, 0.8 … s, half of it at random, at most 10 s."""
    if retry_after and retry_after.isdigit():
        return min(float(retry_after), 10.0)
    longest = min(0.2 * 2 ** (attempt - 1), 10.0)
    return longest * (0.5 + random.random() / 2)


def _group(group: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    name = group.get("metadata", {}).get("name", "")
    found = {}
    for version in group.get("versions", []):
        api_version = f"{name}/{version['version']}" if name else version["version"]
        root = f"/apis/{api_version}" if name else f"/api/{api_version}"
        for resource in version.get("resources", []):
            kind = resource.get("responseKind", {}).get("kind")
            if kind:
                found[(api_version, kind)] = {"path": root, "plural": resource["resource"], "namespaced": resource["scope"] == "Namespaced"}
    return found


def _decoded(data: bytes, status: int) -> dict[str, Any]:
    try:
        body = json.loads(data)
        return body if isinstance(body, dict) else {}
    except ValueError:
        return {"message": f"the API server answered {status}: {data[:300].decode(errors='replace')}"}


def _cause(error: Exception) -> str:
    return str(getattr(error, "reason", None) or error)
