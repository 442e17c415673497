# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""Contradictions in the services of a platform, found before anything is sent."""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

DNS_LABEL = re.compile(r"^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$")
LABEL_VALUE = re.compile(r"^[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$")
# https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
QUANTITY = re.compile(r"^([0-9]+(?:\.[0-9]+)?)(m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?$")
SCALE = {"": 1, "m": Decimal("0.001"), **{unit: 1000**n for n, unit in enumerate("kMGTPE", 1)}, **{f"{unit}i": 1024**n for n, unit in enumerate("KMGTPE", 1)}}


def problems(services: Mapping[str, Any], configurations: Mapping[str, Any], secrets: Mapping[str, Any] | None = None) -> list[str]:
    """All problems of all services, each one sentence that names variable, value and remedy.

    `services`: `{name: service}` with the defaults merged in; `configurations`: `{name: {namespace, data}}`;
    `secrets`: the declared ones by name, None where somebody else makes them.
    """
    found: list[str] = []
    for name, configuration in configurations.items():
        found += _texts(f"application_configurations.{name}.data", configuration.get("data") or {})
    for name, service in services.items():
        where = f"application_services.{name}"
        for check in (_names, _resources, _scaling, _vertical, _disruption, _ports, _outside, _network, _volumes, _user, _shutdown):
            found += [f"{where}.{problem}" for problem in check(name, service)]
        found += _texts(f"{where}.configuration", service.get("configuration") or {})
        found += [
            f"{where}.shared_configurations.{shared}: there is no application_configurations.{shared}; add it or drop the reference"
            for shared in service.get("shared_configurations") or {}
            if shared not in configurations
        ]
        found += [
            f"{where}.secrets.{secret}: there is no key {key!r} in application_secrets.{secret}.keys; add it, or correct the reference"
            for secret, variables in (service.get("secrets") or {}).items()
            for key in variables.values()
            if secrets is not None and key not in ((secrets.get(secret) or {}).get("keys") or {})
        ]
    return found


def quantity(value: Any) -> Decimal | None:
    """A Kubernetes quantity as a number, None if it is none."""
    match = QUANTITY.match(str(value))
    return Decimal(match[1]) * SCALE[match[2] or ""] if match else None


def _texts(where: str, data: Mapping[str, Any]) -> list[str]:
    return [f"{where}.{key} is {value!r}, a ConfigMap holds text only; put it in quotes" for key, value in data.items() if not isinstance(value, str)]


def _names(name: str, service: Mapping[str, Any]) -> Iterator[str]:
    for field, value in (("(name)", name), ("short_name", service.get("short_name") or name), ("namespace", service.get("namespace"))):
        if not DNS_LABEL.match(str(value or "")):
            yield f"{field} is {value!r}; use up to 63 lower-case letters, digits and hyphens, beginning with a letter"
    image = service.get("image") or {}
    if not image.get("repository"):
        yield "image.repository is missing; name the image"
    if not LABEL_VALUE.match(str(image.get("tag") or "")):
        yield f"image.tag is {image.get('tag')!r}; name a version, it also becomes the version label"
    elif str(image["tag"]) == "latest":
        yield "image.tag is 'latest', which says nothing about what runs and cannot be rolled back; name a version"


def _resources(_name: str, service: Mapping[str, Any]) -> Iterator[str]:
    resources = service.get("resources") or {}
    for resource in ("cpu", "memory"):
        request, limit = ((resources.get(part) or {}).get(resource) for part in ("requests", "limits"))
        for part, value in (("requests", request), ("limits", limit)):
            if value is None:
                yield f"resources.{part}.{resource} is missing; every pod states requests and limits"
            elif quantity(value) is None:
                yield f"resources.{part}.{resource} is {value!r}; write a quantity such as 500m or 1Gi"
        amounts = quantity(request), quantity(limit)
        if None not in amounts and amounts[0] > amounts[1]:
            yield f"resources.requests.{resource} is {request}, more than its limit {limit}; raise the limit or lower the request"


def _scaling(_name: str, service: Mapping[str, Any]) -> Iterator[str]:
    scaling = service.get("scaling")
    if not scaling:
        if not isinstance(service.get("replicas"), int) or service["replicas"] < 0:
            yield f"replicas is {service.get('replicas')!r}; give a number, or a scaling range"
        return
    least, most = scaling.get("min"), scaling.get("max")
    if not isinstance(least, int) or not isinstance(most, int) or least < 1:
        yield f"scaling.min and scaling.max are {least!r} and {most!r}; give two numbers, the first at least 1"
    elif least > most:
        yield f"scaling.min is {least}, more than scaling.max {most}; swap them or widen the range"
    if not any(scaling.get(key) for key in ("cpu_percent", "memory_percent", "requests_per_second", "metrics")):
        yield "scaling has no metric; set cpu_percent, memory_percent, requests_per_second or metrics"


def _vertical(_name: str, service: Mapping[str, Any]) -> Iterator[str]:
    vertical, scaling = service.get("vertical") or {}, service.get("scaling") or {}
    if vertical and not vertical.get("mode"):
        yield "vertical.mode is missing; 'Off' gives recommendations only"
    if not vertical or vertical.get("mode") in ("Off", None):
        return
    changes = set(vertical.get("resources") or ("cpu", "memory"))
    for resource in ("cpu", "memory"):
        if resource in changes and scaling.get(f"{resource}_percent"):
            yield (
                f"vertical.mode is {vertical['mode']}, but the autoscaler also scales on {resource}: a larger request lowers the utilisation, "
                f"which removes pods, which raises it again; set vertical.mode to 'Off', or leave {resource} out of vertical.resources or scaling"
            )


def _disruption(_name: str, service: Mapping[str, Any]) -> Iterator[str]:
    budget = service.get("disruption")
    if not budget:
        return
    least, most = budget.get("min_available"), budget.get("max_unavailable")
    if (least is None) == (most is None):
        yield "disruption needs exactly one of min_available and max_unavailable; set the other one to null"
        return
    pods = (service.get("scaling") or {}).get("min") or service.get("replicas") or 0
    if isinstance(least, int) and isinstance(pods, int) and least >= pods:
        yield f"disruption.min_available is {least} of {pods} pods, so no pod could ever be moved and no node be renewed; lower it or raise the number of pods"
    if most == 0:
        yield "disruption.max_unavailable is 0, so no pod could ever be moved and no node be renewed; set at least 1"


def _ports(_name: str, service: Mapping[str, Any]) -> Iterator[str]:
    ports = service.get("ports") or {}
    taken: dict[int, str] = {}
    for port, settings in ports.items():
        number = settings.get("containerPort")
        if not isinstance(number, int) or not 1 <= number <= 65535:
            yield f"ports.{port}.containerPort is {number!r}; give a number from 1 to 65535"
        elif number in taken:
            yield f"ports.{port}.containerPort is {number}, as that of ports.{taken[number]}; give each its own"
        else:
            taken[number] = port
    if ports and not (service.get("service") or {}).get("ports"):
        yield "service.ports is missing, so nobody could reach the container's ports; give each a port"
    for port, settings in ((service.get("service") or {}).get("ports") or {}).items():
        target = settings.get("targetPort", port)
        if isinstance(target, str) and target not in ports:
            yield f"service.ports.{port} leads to port {target!r}, which ports does not name; correct it"
    for probe, settings in (service.get("probes") or {}).items():
        target = next((settings[kind].get("port") for kind in ("httpGet", "tcpSocket", "grpc") if kind in settings), None)
        if isinstance(target, str) and target not in ports:
            yield f"probes.{probe} asks port {target!r}, which ports does not name; correct it"


def _outside(_name: str, service: Mapping[str, Any]) -> Iterator[str]:
    route, ports = service.get("route") or {}, (service.get("service") or {}).get("ports") or {}
    if route and service.get("load_balancer"):
        yield "load_balancer and route are both set, so clients could go around the route's TLS; set one of them to null"
    if route and route.get("kind") not in ("ingress", "http_route"):
        yield f"route.kind is {route.get('kind')!r}; use ingress or http_route"
    if route and route.get("port") not in ports:
        yield f"route.port is {route.get('port')!r}, which service.ports does not name; correct it"
    if route and not any((route.get("hosts") or {}).values()):
        yield "route.hosts is empty; name the host, or set route to null"
    if route.get("kind") == "http_route" and not (route.get("gateway") or {}).get("name"):
        yield "route.gateway.name is missing; name the Gateway that the route hangs on"
    metrics = service.get("metrics") or {}
    if metrics and metrics.get("port") not in ports:
        yield f"metrics.port is {metrics.get('port')!r}, which service.ports does not name; correct it"


def _network(_name: str, service: Mapping[str, Any]) -> Iterator[str]:
    for way in ("from", "to"):
        for name, peer in ((service.get("network") or {}).get(way) or {}).items():
            if not any(peer.get(key) for key in ("namespace", "app", "cidr")):
                yield f"network.{way}.{name} names neither namespace, app nor cidr; name at least one"
            if peer.get("cidr") and (peer.get("namespace") or peer.get("app")):
                yield f"network.{way}.{name} has a cidr beside a namespace or app; keep one of them"
            unknown = [port for port in peer.get("ports") or {} if way == "from" and port not in (service.get("ports") or {})]
            if unknown:
                yield f"network.from.{name}.ports names {', '.join(map(str, unknown))}, which ports does not; correct it"


def _volumes(_name: str, service: Mapping[str, Any]) -> Iterator[str]:
    single = [name for name, volume in (service.get("volumes") or {}).items() if volume.get("access_mode") == "ReadWriteOnce"]
    if not single:
        return
    if service.get("strategy") != "Recreate":
        yield (
            f"strategy is {service.get('strategy')}, but volume {single[0]} has one writer, "
            "so the new pod would wait for the old one for ever; set strategy to Recreate"
        )
    if service.get("scaling") or service.get("replicas") not in (0, 1):
        yield f"volumes.{single[0]} has one writer, but there may be more than one pod; set scaling to null and replicas to 1"


def _user(_name: str, service: Mapping[str, Any]) -> Iterator[str]:
    if service.get("run_as_user") == 0:
        yield "run_as_user is 0, and no container may run as root; set the image's user"


def _shutdown(_name: str, service: Mapping[str, Any]) -> Iterator[str]:
    grace = service.get("grace") or {}
    total, first = grace.get("termination_seconds", 0), grace.get("pre_stop_seconds", 0)
    if total - first < 30:
        yield f"grace leaves {total - first} s for running requests, 30 s are promised; set termination_seconds to at least {first + 30}"
