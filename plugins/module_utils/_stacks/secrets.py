# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""No secret stands in a template or in a plan."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from collections.abc import Mapping
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._stacks.templates import Template
from ansible_collections.llmops.platform.plugins.module_utils._stacks.templates import walk

# Properties that are secrets in every type that has them (resource references of RDS, ElastiCache, MQ, Secrets Manager, OpenSearch, Cognito).
PROPERTIES = frozenset(
    (
        "AccessToken", "ApiKey", "AuthToken", "BasicAuthPassword", "ClientSecret", "MasterPassword", "MasterUserPassword", "OauthToken", "Passphrase",
        "Password", "Passwords", "PreSharedKey", "PrivateKey", "SecretAccessKey", "SecretBinary", "SecretString", "TdeCredentialPassword",
    )
)  # fmt: skip
# Environment variables of functions, builds and tasks have names of their own.
VARIABLE = re.compile(
    r"(?:^|\.)(?:Environment|EnvironmentVariables|Variables)\.(?:[^.]+\.)*[^.]*(?:passw(?:or)?d|secret|token|(?:api|private)_?key)$", re.IGNORECASE
)
LOOKS = {
    "a private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----"),
    "an AWS access key": re.compile(r"(?<![A-Z0-9])(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Z0-9])"),
    "a token of GitHub": re.compile(r"(?<![A-Za-z0-9])(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{40})"),
    "a token of Slack": re.compile(r"(?<![A-Za-z0-9])xox[abprs]-[A-Za-z0-9-]{10}"),
    "a JSON web token": re.compile(r"(?<![A-Za-z0-9])eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\."),
    "an address with a password": re.compile(r"[a-z][a-z0-9+]{1,20}://[^/\s:@{}$]{1,64}:[^/\s@{}$]{1,128}@"),
}
REFERENCE = re.compile(r"\{\{resolve:([^:}]*):?((?:\$\{[^}]*\}|[^}])*)")
ARN_REGION = re.compile(r"arn:[^:]*:secretsmanager:(\$\{[^}]*\}|[^:]*)")
WHOLE = re.compile(r"\{\{resolve:secretsmanager:[^{}]*(?:\$\{[^}]*\}[^{}]*)*\}\}")
REMEDY = "give {{resolve:secretsmanager:<secret>:SecretString:<key>}}, or let the service keep the password"


def _referred(value: Any) -> bool:
    """Whether the value comes from Secrets Manager in every case."""
    if isinstance(value, str):
        return bool(WHOLE.fullmatch(value))
    if isinstance(value, list):
        return bool(value) and all(map(_referred, value))
    if not isinstance(value, Mapping) or len(value) != 1:
        return False
    ((function, argument),) = value.items()
    if function == "Fn::Sub":
        return _referred(argument[0] if isinstance(argument, list) and argument else argument)
    if function == "Fn::Join" and isinstance(argument, list) and len(argument) == 2 and isinstance(argument[1], list) and isinstance(argument[0], str):
        return bool(WHOLE.fullmatch(argument[0].join(part if isinstance(part, str) else "x" for part in argument[1])))
    if function == "Fn::If" and isinstance(argument, list) and len(argument) == 3:
        return all(map(_referred, argument[1:]))
    return value == {"Ref": "AWS::NoValue"}


def _resolved_elsewhere(text: str, region: str) -> Iterator[str]:
    for service, rest in REFERENCE.findall(text):
        if service != "secretsmanager":
            yield f"resolves {service!r}; only Secrets Manager is allowed, {REMEDY}"
        elif rest.startswith("arn:"):
            match = ARN_REGION.match(rest)
            named = match.group(1) if match else ""
            if named not in (region, "${AWS::Region}"):
                yield f"resolves a secret of region {named or 'unknown'}; a stack reads only those of its own region {region}, replicate the secret"


def _is_secret(path: str) -> bool:
    words = [word for word in path.split(".") if not word.isdigit()]
    return (bool(words) and words[-1] in PROPERTIES) or bool(VARIABLE.search(path))


def _looks_like(text: str) -> str:
    return next((what for what, pattern in LOOKS.items() if pattern.search(text)), "")


def problems(template: Template, region: str, literals: Mapping[str, str]) -> list[str]:
    """Literal secrets in the template or in literal parameters, and references that are not Secrets Manager's of this region. Never holds the value."""
    found = []
    for path, value in walk(template.body):
        if isinstance(value, str):
            what = _looks_like(value)
            if what:
                found.append(f"{path} holds {what}; take it out of the repository and of its history, and {REMEDY}")
            found += [f"{path} {words}" for words in _resolved_elsewhere(value, region)]
    for name, resource in template.resources.items():
        for path, value in walk(resource.get("Properties") or {}):
            if _is_secret(path) and not path.rpartition(".")[2].isdigit() and value is not None and not _referred(value):
                found.append(f"Resources.{name}.Properties.{path} is a literal secret; {REMEDY}")
    for name, declared in template.parameters.items():
        if str(declared.get("NoEcho", "")).lower() == "true" and "Default" in declared and not _referred(declared["Default"]):
            found.append(f"parameter {name} has NoEcho and a Default, which everyone can read in the template; {REMEDY}")
    for name, value in literals.items():
        hidden = str(template.parameters.get(name, {}).get("NoEcho", "")).lower() == "true"
        what = _looks_like(value) or ("a secret (the template says NoEcho)" if hidden and not _referred(value) else "")
        if what:
            found.append(f"parameter {name} holds {what}; {REMEDY}")
        found += [f"parameter {name} {words}" for words in _resolved_elsewhere(value, region)]
    return found


def fingerprint(value: Any) -> str:
    """`sha256:` and eight hex digits."""
    text = value if isinstance(value, str) else json.dumps(value, sort_keys=True, default=str)
    return f"sha256:{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"


def shown(path: str, value: Any) -> Any:
    """The value for a plan: a fingerprint where the property is a secret or the value looks like one, in maps and lists too. References stay readable."""
    if isinstance(value, str) and _looks_like(value):
        return fingerprint(value)
    if value is not None and not isinstance(value, bool) and _is_secret(path) and not _referred(value):
        return fingerprint(value)
    if isinstance(value, Mapping):
        return {key: shown(f"{path}.{key}" if path else str(key), inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [shown(f"{path}.{number}", inner) for number, inner in enumerate(value)]
    return value
