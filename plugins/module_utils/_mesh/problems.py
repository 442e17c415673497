# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""What contradicts itself in the mesh's variables: one sentence each, with the variable and the remedy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Mapping
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._mesh.names import gateway_name
from ansible_collections.llmops.platform.plugins.module_utils._mesh.policies import callers

COOKIE_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
# Go's regular expressions know none of these.
NOT_IN_RE2 = re.compile(r"\(\?[=!<]|\\[1-9]|\(\?P=|[*+?}]\+")
BALANCING = ("least_request", "round_robin", "consistent_hash")
FLOORS = ("1.2", "1.3")


def problems(settings: Mapping[str, Any]) -> list[str]:
    """`settings`: those of `policies`, and cookie, load_balancing (the global ones), declared (services without their defaults), egress_hosts, mode, cni,
    revision, default_revision, shared_trust, ca."""
    return [
        *_choices(settings),
        *_services(settings),
        *_gateways(settings),
        *_authorization(settings),
        *_egress(settings),
        *_installation(settings),
    ]


def _choices(settings: Mapping[str, Any]) -> Iterator[str]:
    if settings["cookie"] and settings["load_balancing"] != "consistent_hash":
        yield (
            f"istio_load_balancing is {settings['load_balancing']} and istio_load_balancing_cookie is set: sessions are kept by cookie or requests are spread, "
            "not both; set istio_load_balancing to consistent_hash, or remove the cookie"
        )


def _services(settings: Mapping[str, Any]) -> Iterator[str]:
    for name, service in sorted(settings["services"].items()):
        where = f"istio_services.{name}"
        missing = [key for key in ("namespace", "port") if not service.get(key)]
        if missing:
            yield f"{where} has no {' and no '.join(missing)}; name those of the Kubernetes Service {name}"
            continue
        if not settings["namespaces"].get(service["namespace"]):
            yield f"{where}.namespace is {service['namespace']}, which is not in istio_namespaces; add it there, or take the service out of the mesh"
        yield from _attachment(where, service, settings["gateways"])
        yield from _balancing(where, service, settings["declared"].get(name) or {})
        yield from _canary(where, service)


def _attachment(where: str, service: Mapping[str, Any], gateways: Mapping[str, Any]) -> Iterator[str]:
    attached = [key for key, on in (service.get("gateways") or {}).items() if on]
    for key in attached:
        if key not in gateways:
            yield f"{where}.gateways names {key}, which is not in istio_gateways ({', '.join(gateways) or 'none'}); correct it"
        elif gateways[key]["kind"] != "ingress":
            yield f"{where}.gateways names {key}, whose kind is {gateways[key]['kind']}; requests come in by a gateway of kind ingress"
        elif service.get("api") == "gateway" and gateways[key]["tls_minimum_version"] == "1.3":
            yield (
                f"{where}.api is gateway, and istio_gateways.{key}.tls_minimum_version is 1.3: Istio takes no floor of TLS from the Gateway API; "
                "set the service's api to istio, or the floor to 1.2"
            )
    if attached and not service.get("hosts"):
        yield f"{where} has gateways and no hosts; name the host names by which clients reach it"
    path = service.get("path") or "/"
    if not path.startswith("/"):
        yield f"{where}.path is {path}; a path begins with /"


def _balancing(where: str, service: Mapping[str, Any], declared: Mapping[str, Any]) -> Iterator[str]:
    balancing = service["load_balancing"]
    if balancing not in BALANCING:
        yield f"{where}.load_balancing is {balancing}; use one of {', '.join(BALANCING)}"
    if balancing != "consistent_hash" and declared.get("cookie"):
        yield (
            f"{where} has a cookie and load_balancing {balancing}: it keeps sessions by cookie or spreads requests, not both; "
            "set load_balancing to consistent_hash, or remove the cookie"
        )
    if balancing == "consistent_hash" and not (service.get("cookie") or {}).get("name"):
        yield f"{where}.load_balancing is consistent_hash without a cookie; set {where}.cookie or istio_load_balancing_cookie"


def _canary(where: str, service: Mapping[str, Any]) -> Iterator[str]:
    canary = service.get("canary") or {}
    unknown = sorted(set(canary) - {"header", "cookie", "cohort"})
    if unknown:
        yield f"{where}.canary has {', '.join(unknown)}; it takes header, cookie and cohort. Weights belong to release_schedule, they are no part of the route"
    for key, needed in (("header", ("name", "value")), ("cookie", ("name", "value")), ("cohort", ("header", "regex"))):
        entry = canary.get(key)
        if not entry:
            continue
        missing = [part for part in needed if not str(entry.get(part) or "")]
        if missing:
            yield f"{where}.canary.{key} has no {' and no '.join(missing)}; both {' and '.join(needed)} are needed"
            continue
        name = entry["header"] if key == "cohort" else entry["name"]
        if not (COOKIE_NAME if key == "cookie" else HEADER_NAME).fullmatch(str(name)):
            yield f"{where}.canary.{key} names {name!r}, which no {'cookie' if key == 'cookie' else 'header'} can be called; correct it"
        if key == "header" and not isinstance(entry["value"], str):
            yield f"{where}.canary.header.value is {entry['value']!r}, no text; put it in quotes"
        if key == "cohort" and (why := regex_problem(str(entry["regex"]))):
            yield f"{where}.canary.cohort.regex {entry['regex']!r} is refused: {why}"


def regex_problem(pattern: str) -> str:
    """Why Envoy's RE2 would not take a pattern, empty where it would."""
    if NOT_IN_RE2.search(pattern):
        return "the proxies' regular expressions (RE2) know no look-around, back references or possessive repeats; write it without"
    try:
        re.compile(pattern)
    except re.error as error:
        return f"{error}; correct it"
    return ""


def _gateways(settings: Mapping[str, Any]) -> Iterator[str]:
    names: dict[str, str] = {}
    for key, gateway in sorted(settings["gateways"].items()):
        where = f"istio_gateways.{key}"
        if gateway["tls_minimum_version"] not in FLOORS:
            yield f'{where}.tls_minimum_version is {gateway["tls_minimum_version"]}; use "1.2" or "1.3", older ones are broken'
        if gateway["replicas_min"] > gateway["replicas_max"]:
            yield f"{where}.replicas_min is {gateway['replicas_min']}, more than replicas_max {gateway['replicas_max']}; correct one of them"
        name = gateway_name(key, gateway)
        if name in names:
            yield f"{where} and istio_gateways.{names[name]} both are called {name}; give one of them another name"
        names[name] = key


def _authorization(settings: Mapping[str, Any]) -> Iterator[str]:
    accounts = callers(settings["services"], settings["gateways"])
    for key, rule in sorted(settings["authorization"].items()):
        where = f"istio_authorization.{key}"
        if "to" in rule and not any((rule["to"] or {}).values()):
            yield f"{where}.to names no service; name those that may be called, or leave it out for the whole namespace"
        if not settings["namespaces"].get(rule.get("namespace")):
            yield f"{where}.namespace is {rule.get('namespace')}, which is not in istio_namespaces; correct it"
        for name, on in (rule.get("to") or {}).items():
            if on and (settings["services"].get(name) or {}).get("namespace") != rule.get("namespace"):
                yield f"{where}.to names {name}, which is no service of namespace {rule.get('namespace')} in istio_services; correct it or declare the service"
        for name, on in (rule.get("from") or {}).items():
            if on and name not in accounts:
                yield f"{where}.from names {name}, which is neither in istio_services nor a gateway ({', '.join(sorted(accounts)) or 'none'}); correct it"
        if bool(rule.get("from")) == bool(rule.get("from_namespace")):
            yield f"{where} needs either from (services and gateways) or from_namespace, and not both"


def _egress(settings: Mapping[str, Any]) -> Iterator[str]:
    seen: dict[tuple[str, int], str] = {}
    plain: dict[int, str] = {}
    for key, entry in sorted(settings["egress_hosts"].items()):
        where = f"istio_egress_hosts.{key}"
        place = (str(entry["host"]).lower().rstrip("."), entry["port"])
        if place in seen:
            yield f"{where} is {place[0]}:{place[1]}, as istio_egress_hosts.{seen[place]} is already; remove one of them"
        seen.setdefault(place, key)
        if entry["protocol"] == "TCP":
            if entry["port"] in plain:
                yield (
                    f"{where} and istio_egress_hosts.{plain[entry['port']]} are both TCP on port {entry['port']}: without names in it the egress gateway "
                    "cannot tell them apart; use protocol TLS, or another port"
                )
            plain.setdefault(entry["port"], key)
        if entry["protocol"] not in ("TLS", "TCP", "HTTP"):
            yield f"{where}.protocol is {entry['protocol']}; use TLS, TCP or HTTP"


def _installation(settings: Mapping[str, Any]) -> Iterator[str]:
    if settings["mode"] == "ambient" and not settings["cni"]:
        yield "istio_mode is ambient and istio_cni is false; ambient needs the node agent, set istio_cni to true"
    if settings["default_revision"] and not settings["revision"]:
        yield "istio_default_revision is set and istio_revision is empty; an installation without revisions has no other default"
    if settings["shared_trust"] and settings["ca"]["source"] == "self_signed":
        yield (
            "istio_shared_trust is true and istio_ca.source is self_signed: each region would make a root of its own, and none trusts another; "
            "use existing_secret or external_secret with intermediates of one root"
        )
