# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Kubeconfig to connection. Read by ourselves: client libraries cost a second to import and leave key files behind."""

from __future__ import annotations

import base64
import hashlib
import ipaddress
import json
import os
import ssl
import subprocess
import tempfile
from dataclasses import dataclass
from dataclasses import field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ansible.module_utils.common.yaml import yaml_load

from ansible_collections.llmops.platform.plugins.module_utils._k8s.errors import KubernetesError

IN_CLUSTER = Path("/var/run/secrets/kubernetes.io/serviceaccount")


@dataclass(frozen=True)
class Connection:
    """Where a cluster is and who we are there. Holds secrets: never print it."""

    server: str
    kubeconfig: str = ""
    context: str = ""
    namespace: str = "default"
    ca: bytes = b""
    verify: bool = True
    server_name: str = ""
    proxy: str = ""
    headers: dict[str, str] = field(default_factory=dict, repr=False)
    certificate: bytes = field(default=b"", repr=False)
    key: bytes = field(default=b"", repr=False)

    def tls(self) -> ssl.SSLContext:
        """A TLS context; client keys touch the disk for a moment only, in a folder of mode 0700."""
        context = ssl.create_default_context(cadata=self.ca.decode("ascii") if self.ca else None)
        if not self.verify:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        if self.certificate:
            with tempfile.TemporaryDirectory(prefix="llmops-") as folder:
                pair = Path(folder) / "pair.pem"
                pair.touch(mode=0o600)
                pair.write_bytes(self.certificate + b"\n" + self.key)
                context.load_cert_chain(pair)
        return context

    @property
    def ca_sha256(self) -> str:
        """Fingerprint of the first certificate of the authority, empty if the system's authorities are trusted."""
        if not self.ca:
            return ""
        start, end = b"-----BEGIN CERTIFICATE-----", b"-----END CERTIFICATE-----"
        first = self.ca[self.ca.index(start) : self.ca.index(end) + len(end)].decode("ascii")
        return hashlib.sha256(ssl.PEM_cert_to_DER_cert(first)).hexdigest()


def is_loopback(server_url: str) -> bool:
    """Whether the URL can only mean this machine: 127.0.0.0/8, ::1 or localhost."""
    try:
        host = urlsplit(server_url).hostname or ""
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def load(kubeconfig: str | None = None, context: str | None = None) -> Connection:
    """The connection a kubeconfig describes (option, else KUBECONFIG, else ~/.kube/config, else the pod's own account).

    Raises KubernetesError that names the file and the remedy.
    """
    paths = paths_of(kubeconfig)
    if not paths:
        return _in_cluster()
    return resolve(merged(paths), os.pathsep.join(map(str, paths)), context)


def paths_of(kubeconfig: str | None) -> list[Path]:
    """The files that `load` reads, empty where the pod's own account counts."""
    given = kubeconfig or os.environ.get("KUBECONFIG") or ""
    paths = [Path(part).expanduser() for part in given.split(os.pathsep) if part]
    if not paths:
        paths = [Path("~/.kube/config").expanduser()]
        if not paths[0].exists() and (IN_CLUSTER / "token").exists():
            return []
    return paths


def resolve(config: dict[str, Any], kubeconfig: str, context: str | None) -> Connection:
    """Pick context, cluster and user out of a merged kubeconfig; see `load`."""
    name, cluster, user, namespace = selected(config, kubeconfig, context)
    if not cluster.get("server"):
        raise KubernetesError(f"the cluster of context {name!r} in {kubeconfig} has no 'server'; add the address of its API server")
    headers, certificate, key = _credentials(user, cluster, kubeconfig)
    return Connection(
        server=cluster["server"].rstrip("/"),
        kubeconfig=kubeconfig,
        context=name,
        namespace=namespace,
        ca=_bytes(cluster, "certificate-authority"),
        verify=not cluster.get("insecure-skip-tls-verify", False),
        server_name=cluster.get("tls-server-name") or "",
        proxy=cluster.get("proxy-url") or "",
        headers=headers,
        certificate=certificate,
        key=key,
    )


def selected(config: dict[str, Any], kubeconfig: str, context: str | None) -> tuple[str, dict[str, Any], dict[str, Any], str]:
    """Name of the context, its cluster, its user ({} for none) and its namespace."""
    name = context or config.get("current-context") or ""
    chosen = _named(config, "contexts", "context", name, kubeconfig, "set option 'context' to one of")
    cluster = _named(config, "clusters", "cluster", chosen.get("cluster"), kubeconfig, "the context must name one of")
    user = _named(config, "users", "user", chosen.get("user"), kubeconfig, "the context must name one of") if chosen.get("user") else {}
    return name, cluster, user, chosen.get("namespace") or "default"


def merged(paths: list[Path]) -> dict[str, Any]:
    """kubectl's rule for several files: the first to name a thing wins. Relative paths are relative to their file."""
    result: dict[str, Any] = {}
    found = [path for path in paths if path.exists()]
    if not found:
        raise KubernetesError(
            f"kubeconfig {', '.join(map(str, paths))} does not exist; set option 'kubeconfig' (cluster_kubeconfig of the deployment) to the cluster's"
        )
    for path in found:
        try:
            document = yaml_load(path.read_bytes())
        except Exception as error:  # pylint: disable=broad-exception-caught  # PyYAML's own classes cannot be imported everywhere
            raise KubernetesError(f"kubeconfig {path} cannot be read ({' '.join(str(error).split())}); correct the file") from error
        if not isinstance(document, dict):
            raise KubernetesError(
                f"kubeconfig {path} is empty or no kubeconfig; set option 'kubeconfig' (cluster_kubeconfig of the deployment) to the cluster's"
            )
        result.setdefault("current-context", document.get("current-context"))
        result["current-context"] = result["current-context"] or document.get("current-context")
        for section, inner in (("clusters", "cluster"), ("users", "user"), ("contexts", "context")):
            for item in document.get(section) or []:
                body = dict(item.get(inner) or {})
                for option in ("certificate-authority", "client-certificate", "client-key", "tokenFile"):
                    if body.get(option):
                        body[option] = str(path.parent / body[option])
                body["base"] = str(path.parent)
                result.setdefault(section, {}).setdefault(item.get("name"), body)
    return result


def _named(config: dict, section: str, inner: str, name: str | None, kubeconfig: str, remedy: str) -> dict[str, Any]:
    items = config.get(section) or {}
    if name not in items:
        known = ", ".join(sorted(str(item) for item in items)) or "(none)"
        raise KubernetesError(f"kubeconfig {kubeconfig} has no {inner} {name!r}; {remedy}: {known}")
    return items[name]


def _bytes(section: dict[str, Any], option: str) -> bytes:
    if section.get(f"{option}-data"):
        return base64.b64decode(section[f"{option}-data"])
    if section.get(option):
        try:
            return Path(section[option]).read_bytes()
        except OSError as error:
            raise KubernetesError(f"{option} {section[option]} of the kubeconfig cannot be read ({error.strerror}); correct the path") from error
    return b""


def _credentials(user: dict[str, Any], cluster: dict[str, Any], kubeconfig: str) -> tuple[dict[str, str], bytes, bytes]:
    certificate, key = _bytes(user, "client-certificate"), _bytes(user, "client-key")
    if user.get("auth-provider"):
        raise KubernetesError(f"the user in {kubeconfig} has an 'auth-provider', which Kubernetes removed; use an 'exec' plugin or a token")
    token = user.get("token") or (_bytes(user, "tokenFile").decode().strip() if user.get("tokenFile") else "")
    if not token and user.get("exec"):
        status = run_plugin(user["exec"], cluster, user.get("base") or ".")
        token = status.get("token") or ""
        certificate = (status.get("clientCertificateData") or "").encode() or certificate
        key = (status.get("clientKeyData") or "").encode() or key
    if token:
        return {"Authorization": f"Bearer {token}"}, certificate, key
    if user.get("username") and user.get("password"):
        pair = f"{user['username']}:{user['password']}".encode()
        return {"Authorization": f"Basic {base64.b64encode(pair).decode()}"}, certificate, key
    return {}, certificate, key


def run_plugin(plugin: dict[str, Any], cluster: dict[str, Any], base: str) -> dict[str, Any]:
    """Ask a credential plugin (client.authentication.k8s.io), e.g. `aws eks get-token`. Returns its `status`."""
    spec: dict[str, Any] = {"interactive": False}
    if plugin.get("provideClusterInfo"):
        authority = base64.b64encode(_bytes(cluster, "certificate-authority")).decode()
        spec["cluster"] = {"server": cluster.get("server"), "certificate-authority-data": authority}
    request = {"apiVersion": plugin.get("apiVersion"), "kind": "ExecCredential", "spec": spec}
    environment = {**os.environ, "KUBERNETES_EXEC_INFO": json.dumps(request)}
    environment.update({item["name"]: str(item["value"]) for item in plugin.get("env") or []})
    command = str(plugin.get("command"))
    if os.sep in command:
        command = str(Path(base) / command)
    try:
        arguments = [command, *(plugin.get("args") or [])]
        # A credential plugin is not a module's command: there is no AnsibleModule here.
        done = subprocess.run(  # pylint: disable=ansible-bad-function
            arguments, env=environment, capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL, check=False
        )
    except OSError as error:
        hint = plugin.get("installHint") or "install it or correct the kubeconfig"
        raise KubernetesError(f"credential plugin {command} cannot be started ({error.strerror}); {' '.join(hint.split())}") from error
    except subprocess.TimeoutExpired as error:
        raise KubernetesError(f"credential plugin {command} gave no answer within 60 s; run it by hand to see what it waits for") from error
    if done.returncode != 0:
        words = " ".join(done.stderr.split())[-400:]
        raise KubernetesError(f"credential plugin {command} failed with exit status {done.returncode}: {words}; log in again or correct its arguments")
    try:
        status = json.loads(done.stdout)["status"]
    except (ValueError, KeyError, TypeError) as error:
        raise KubernetesError(f"credential plugin {command} printed no ExecCredential with a status; correct its arguments") from error
    return status


def _in_cluster() -> Connection:
    host, port = os.environ.get("KUBERNETES_SERVICE_HOST", ""), os.environ.get("KUBERNETES_SERVICE_PORT", "443")
    if ":" in host:
        host = f"[{host}]"
    return Connection(
        server=f"https://{host}:{port}",
        context="in-cluster",
        namespace=(IN_CLUSTER / "namespace").read_text(encoding="utf-8").strip(),
        ca=(IN_CLUSTER / "ca.crt").read_bytes(),
        headers={"Authorization": f"Bearer {(IN_CLUSTER / 'token').read_text(encoding='utf-8').strip()}"},
    )
