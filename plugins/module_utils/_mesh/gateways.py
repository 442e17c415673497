# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""The doors: Gateways with their floor of TLS, values of their chart, and the only ways out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._mesh.names import GATEWAY_API
from ansible_collections.llmops.platform.plugins.module_utils._mesh.names import NETWORKING
from ansible_collections.llmops.platform.plugins.module_utils._mesh.names import Named
from ansible_collections.llmops.platform.plugins.module_utils._mesh.names import Objects
from ansible_collections.llmops.platform.plugins.module_utils._mesh.names import gateway_name
from ansible_collections.llmops.platform.plugins.module_utils._mesh.names import gateway_selector
from ansible_collections.llmops.platform.plugins.module_utils._mesh.names import host
from ansible_collections.llmops.platform.plugins.module_utils._mesh.names import object_name
from ansible_collections.llmops.platform.plugins.module_utils._mesh.names import thing

TLS = {"1.2": "TLSV1_2", "1.3": "TLSV1_3"}
# With 1.2 allowed, only what keeps past traffic secret when a key is lost.
CIPHERS = ["ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-RSA-AES256-GCM-SHA384", "ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-RSA-AES128-GCM-SHA256"]


def gateways_manifests(gateways: Named, services: Named) -> Objects:
    """One Gateway for each ingress gateway that a service is attached to; its hosts are theirs."""
    objects: Objects = []
    for key, gateway in sorted(gateways.items()):
        if gateway["kind"] != "ingress":
            continue
        attached = [service for service in services.values() if (service.get("gateways") or {}).get(key)]
        for api, build in (("istio", _gateway), ("gateway", _gateway_of_the_gateway_api)):
            hosts = sorted({name for service in attached if (service.get("api") or "istio") == api for name in (service.get("hosts") or {}).values()})
            if hosts:
                objects.append(build(gateway_name(key, gateway), gateway, hosts))
    return objects


def _gateway(name: str, gateway: Mapping[str, Any], hosts: list[str]) -> dict[str, Any]:
    ports, plain, servers = gateway["ports"], gateway["http"], []
    if plain != "none":
        server: dict[str, Any] = {"port": {"name": "http", "number": ports["http"]["port"], "protocol": "HTTP"}, "hosts": hosts}
        servers.append({**server, "tls": {"httpsRedirect": True}} if plain == "redirect" else server)
    tls = {"mode": "SIMPLE", "credentialName": gateway.get("credential") or f"{name}-tls", "minProtocolVersion": TLS[gateway["tls_minimum_version"]]}
    if gateway["tls_minimum_version"] == "1.2":
        tls["cipherSuites"] = CIPHERS
    servers.append({"port": {"name": "https", "number": ports["https"]["port"], "protocol": "HTTPS"}, "hosts": hosts, "tls": tls})
    return thing(NETWORKING, "Gateway", name, gateway["namespace"], {"selector": gateway_selector(name), "servers": servers})


def _gateway_of_the_gateway_api(name: str, gateway: Mapping[str, Any], hosts: list[str]) -> dict[str, Any]:
    """Listeners on the same pods: the address says that no others are to be started."""
    everywhere = {"namespaces": {"from": "All"}}
    listeners: Objects = []
    for number, hostname in enumerate(hosts):
        common = {"hostname": hostname, "allowedRoutes": everywhere}
        if gateway["http"] == "serve":
            listeners.append({"name": f"http-{number}", "port": gateway["ports"]["http"]["port"], "protocol": "HTTP", **common})
        tls = {
            "mode": "Terminate",
            "certificateRefs": [{"kind": "Secret", "name": gateway.get("credential") or f"{name}-tls"}],
            # The Gateway API has no floor in Istio, which then takes 1.2.
            "options": {"gateway.istio.io/tls-cipher-suites": ",".join(CIPHERS)},
        }
        listeners.append({"name": f"https-{number}", "port": gateway["ports"]["https"]["port"], "protocol": "HTTPS", "tls": tls, **common})
    address = {"type": "Hostname", "value": host(name, gateway["namespace"])}
    spec = {"gatewayClassName": "istio", "addresses": [address], "listeners": listeners}
    return thing(GATEWAY_API, "Gateway", name, gateway["namespace"], spec)


def gateway_releases(gateways: Named, egress_hosts: Named, zones: int, common: Mapping[str, Any]) -> Objects:
    """Releases of the gateways' chart, as role istio installs them."""
    return [
        {
            "name": gateway_name(key, gateway),
            "namespace": gateway["namespace"],
            "chart": "gateway",
            "directory": "gateway",
            "values": {**common, **gateway_values(key, gateway, egress_hosts, zones)},
        }
        for key, gateway in sorted(gateways.items())
    ]


def gateway_values(key: str, gateway: Mapping[str, Any], egress_hosts: Named, zones: int) -> dict[str, Any]:
    """Values of the gateway's chart: one pod a zone at least, never all of them away."""
    name = gateway_name(key, gateway)
    ports = gateway["ports"] if gateway["kind"] == "ingress" else egress_ports(egress_hosts)
    spread = {
        "maxSkew": 1,
        "topologyKey": "topology.kubernetes.io/zone",
        # A pod without room in the zone it belongs to waits: two of three in one zone would be no three zones.
        "whenUnsatisfiable": "DoNotSchedule" if gateway["replicas_min"] >= zones else "ScheduleAnyway",
        "labelSelector": {"matchLabels": gateway_selector(name)},
        "matchLabelKeys": ["pod-template-hash"],
    }
    return {
        "service": {
            # The way out is nobody's way in.
            "type": gateway.get("service_type") or ("LoadBalancer" if gateway["kind"] == "ingress" else "ClusterIP"),
            "annotations": gateway.get("annotations") or {},
            "ports": [
                {"name": "status-port", "port": 15021, "protocol": "TCP", "targetPort": 15021},
                *(
                    {"name": port, "port": entry["port"], "protocol": "TCP", "targetPort": entry.get("target_port", entry["port"])}
                    for port, entry in ports.items()
                ),
            ],
        },
        "autoscaling": {"enabled": True, "minReplicas": gateway["replicas_min"], "maxReplicas": gateway["replicas_max"]},
        "podDisruptionBudget": {"maxUnavailable": 1} if gateway["replicas_min"] > 1 else {},
        "topologySpreadConstraints": [spread],
        "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}},
        "nodeSelector": gateway.get("node_selector") or {},
        "tolerations": [{"key": taint, **entry} for taint, entry in (gateway.get("tolerations") or {}).items()],
    }


def egress_ports(hosts: Named) -> dict[str, dict[str, int]]:
    """Ports of the egress gateway's Service by name."""
    return {f"{hosts[key]['protocol'].lower()}-{hosts[key]['port']}": {"port": hosts[key]["port"]} for key in sorted(hosts)}


def egress(hosts: Named, gateways: Named, namespace: str) -> Objects:
    """The declared hosts outside, and the way to them through the egress gateway where there is one."""
    doors = [(gateway_name(key, gateway), gateway["namespace"]) for key, gateway in sorted(gateways.items()) if gateway["kind"] == "egress"]
    objects: Objects = []
    for key, entry in sorted(hosts.items()):
        name = object_name(key)
        port = {"number": entry["port"], "name": f"{entry['protocol'].lower()}-{entry['port']}", "protocol": entry["protocol"]}
        spec = {"hosts": [entry["host"]], "ports": [port], "resolution": "DNS", "location": "MESH_EXTERNAL"}
        objects.append(thing(NETWORKING, "ServiceEntry", name, namespace, spec))
        for door, place in doors[:1]:
            objects += _through(name, entry, port, door, place, namespace)
    return objects


def _through(name: str, entry: Mapping[str, Any], port: Mapping[str, Any], door: str, place: str, namespace: str) -> Objects:
    """Mesh to gateway, gateway to host."""
    server: dict[str, Any] = {"port": dict(port), "hosts": [entry["host"]]}
    if entry["protocol"] == "TLS":
        # The client's own TLS, seen by its server name only.
        server["tls"] = {"mode": "PASSTHROUGH"}
    gateway = f"{place}/egress-{name}"
    inward = {"destination": {"host": host(door, place), "port": {"number": entry["port"]}}, "weight": 100}
    outward = {"destination": {"host": entry["host"], "port": {"number": entry["port"]}}, "weight": 100}
    kind = {"TLS": "tls", "TCP": "tcp", "HTTP": "http"}[entry["protocol"]]
    matches: list[dict[str, Any]] = [{"gateways": ["mesh"], "port": entry["port"]}, {"gateways": [gateway], "port": entry["port"]}]
    if kind == "tls":
        matches = [{**match, "sniHosts": [entry["host"]]} for match in matches]
    routes = [{"match": [match], "route": [target]} for match, target in zip(matches, (inward, outward), strict=True)]
    spec = {"hosts": [entry["host"]], "gateways": [gateway, "mesh"], kind: routes}
    return [
        thing(NETWORKING, "Gateway", f"egress-{name}", place, {"selector": gateway_selector(door), "servers": [server]}),
        thing(NETWORKING, "VirtualService", f"egress-{name}", namespace, spec),
    ]
