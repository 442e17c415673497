# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""What the gates of a release found, and what an override does to it."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from typing import Any

ERROR, WARNING, INFO = "error", "warning", "info"
SEVERITIES = (ERROR, WARNING, INFO)
# Gates that a person may overrule. What is wrong in the settings themselves is corrected, not overruled.
GATES = ("error_budget", "freeze", "image", "migration", "staging_first", "version")
SETTINGS = "settings"

Finding = dict[str, Any]


def finding(gate: str, severity: str, what: str, remedy: str = "") -> Finding:
    """One thing that a gate found; only errors stop the release."""
    if severity not in SEVERITIES:
        raise ValueError(f"severity of '{what}' is '{severity}', not one of {', '.join(SEVERITIES)}")
    return {"gate": gate, "severity": severity, "what": what, "remedy": remedy}


def wrong(variable: str, what: str, remedy: str) -> Finding:
    """A setting that cannot be meant."""
    return finding(SETTINGS, ERROR, f"{variable} {what}", remedy)


def unknown_settings(policies: Mapping[str, Any], defaults: Mapping[str, Any]) -> list[Finding]:
    """Gates, and settings of them, that nobody would look at; `defaults`: all that there are. Freezes have names of their own."""
    found = []
    for gate, policy in policies.items():
        if gate not in defaults:
            found.append(wrong(f"release_gates.{gate}", "is no gate", f"Use {', '.join(sorted(defaults))}."))
        elif not isinstance(policy, Mapping):
            raise ValueError(f"release_gates.{gate} is {policy!r}, no map; leave it out for what release_gate_defaults says")
        elif defaults[gate]:
            known = ", ".join(sorted(defaults[gate]))
            found += [wrong(f"release_gates.{gate}.{key}", "is unknown", f"Use {known}.") for key in sorted(set(policy) - set(defaults[gate]))]
    return found


def overruled(findings: Iterable[Mapping[str, Any]], overrides: Any) -> list[Finding]:
    """All findings, worst first; errors of a gate in `overrides` (`{gate: reason}`) become warnings that bear the reason as `override`."""
    if overrides is not None and not isinstance(overrides, Mapping):
        overrides, found = {}, [wrong("release_override", f"is {overrides!r}, no map", "Write release_override: {<gate>: <reason>}.")]
    else:
        overrides, found = dict(overrides or {}), []
    for gate, reason in overrides.items():
        variable = f"release_override.{gate}"
        if gate not in GATES:
            found.append(wrong(variable, "names no gate that can be overruled", f"Use one of {', '.join(GATES)}."))
        elif not isinstance(reason, str) or not reason.strip():
            found.append(wrong(variable, "gives no reason", "Write why, in a sentence: it is recorded with the release."))
    good = {gate: reason.strip() for gate, reason in overrides.items() if gate in GATES and isinstance(reason, str) and reason.strip()}
    used = set()
    for entry in findings:
        if entry["severity"] == ERROR and entry["gate"] in good:
            used.add(entry["gate"])
            found.append({**entry, "severity": WARNING, "override": good[entry["gate"]]})
        else:
            found.append(dict(entry))
    found += [
        finding(gate, INFO, f"release_override.{gate} was not needed, the gate refuses nothing", "Leave it out next time.") for gate in sorted(set(good) - used)
    ]
    return sorted(found, key=lambda entry: SEVERITIES.index(entry["severity"]))


def recorded(findings: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """`{gate: {reason, refused}}` of the overrides that let something pass, for the release's record."""
    found: dict[str, dict[str, Any]] = {}
    for entry in findings:
        if "override" in entry:
            found.setdefault(entry["gate"], {"reason": entry["override"], "refused": []})["refused"].append(entry["what"])
    return dict(sorted(found.items()))


def lines(findings: Iterable[Mapping[str, Any]]) -> list[str]:
    """One line a finding, as they are printed."""
    printed = []
    for entry in findings:
        text = f"{entry['severity']}: {entry['gate']}: {entry['what']}."
        if "override" in entry:
            text += f" Overruled: {entry['override']}"
        elif entry["remedy"]:
            text += f" {entry['remedy']}"
        printed.append(text)
    return printed
