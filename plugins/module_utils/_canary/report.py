# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""The evidence for people: Markdown, and one HTML page without anything from elsewhere, with the curves as SVG."""

from __future__ import annotations

import html
import math
from typing import Any

WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 640, 220, 56, 28, 12
TITLES = {"promote": "Promote", "roll_back": "Roll back", "inconclusive": "Inconclusive"}
STYLE = """
:root{color-scheme:light dark;--ink:#1b1f24;--paper:#fff;--line:#d0d7de;--a:#0b62d6;--b:#c2410c;--good:#1a7f37;--bad:#cf222e;--wait:#8a6100}
@media(prefers-color-scheme:dark){:root{--ink:#e6edf3;--paper:#0d1117;--line:#30363d;--a:#6cb6ff;--b:#ff9a62;--good:#57ab5a;--bad:#ff7b72;--wait:#d9a72b}}
body{font:15px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper);max-width:62rem;margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse;width:100%}td,th{border-bottom:1px solid var(--line);padding:.3rem .6rem;text-align:left;vertical-align:top}
code{font:13px ui-monospace,monospace;word-break:break-all}svg{width:100%;height:auto}svg text{fill:var(--ink);font:11px system-ui,sans-serif}
.promote{color:var(--good)}.roll_back{color:var(--bad)}.inconclusive{color:var(--wait)}
"""


def shown(value: Any) -> str:
    """A figure, or a dash."""
    if value is None:
        return "-"
    return f"{value:.4g}" if isinstance(value, float) and not value.is_integer() else f"{value:.0f}" if isinstance(value, (int, float)) else str(value)


def rows(evidence: dict[str, Any]) -> list[list[str]]:
    """Metric by metric what was counted and concluded, with a head."""
    if evidence["mode"] != "sequential":
        table = [["metric", "status", "value", "result"]]
        for name, one in sorted(evidence["metrics"].items()):
            table.append(
                [name, one.get("status", ""), shown(one.get("value", one.get("effect"))), str(one.get("phase", one.get("label", one.get("passed", ""))))]
            )
        return table
    table = [["metric", "canary", "stable", "ratio", "confidence sequence", "E harm", "E safety", "dispersion", "still needed", "says"]]
    for name, one in sorted(evidence["metrics"].items()):
        ratio, more = one["ratio"], one.get("needed") or {}
        table.append(
            [
                name + (f" > {one['bound']}" if one["bound"] not in (None, "events") else ""),
                f"{shown(one['canary']['events'])} of {shown(one['canary']['requests'])}",
                f"{shown(one['baseline']['events'])} of {shown(one['baseline']['requests'])}",
                shown(ratio["estimate"]),
                f"{shown(ratio['low'])} to {shown(ratio['high'])}",
                f"{shown(one['e_harm'])} of {shown(one['e_harm_needed'])}",
                f"{shown(one['e_safe'])} of {shown(one['e_safe_needed'])}",
                shown(one["dispersion"]),
                f"promote {shown(more.get('promote'))}, roll back {shown(more.get('roll_back'))}",
                f"{one['verdict']}: {one['reason']}",
            ]
        )
    return table


def _cell(text: str) -> str:
    return text.replace("\\", "\\\\").replace("|", "\\|").replace("\n", " ").replace("<", "&lt;")


def markdown(evidence: dict[str, Any]) -> str:
    """The report as Markdown."""
    target = evidence["target"]
    head, *body = rows(evidence)
    lines = [f"# Canary analysis of {_cell(str(target.get('service')))}: {TITLES[evidence['verdict']]}", ""]
    lines += [_cell(evidence["reason"]) + ("." if evidence["final"] else " (not final)."), ""]
    lines += [f"Look {evidence['look']} at {evidence['time']}, mode {evidence['mode']}, from {evidence['window']['analysis_begin']}.", ""]
    lines += ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(_cell(text) for text in row) + " |" for row in body]
    if evidence["notes"]:
        lines += ["", "## Notes", "", *(f"- {_cell(note)}" for note in evidence["notes"])]
    lines += ["", "## Queries", ""]
    for one in evidence["queries"]:
        lines += [f"- {_cell(one['metric'])}, {one['arm']}, {one['kind']}: {one['status']}{' - ' + _cell(one['message']) if one['message'] else ''}", ""]
        lines += [f"      {one['query']}".replace("\n", " "), ""]
    lines += ["Versions: " + ", ".join(f"{name} {value}" for name, value in sorted(evidence.get("versions", {}).items())), ""]
    return "\n".join(lines)


def _scaled(times: list[float], low: float, high: float):
    """Functions from time and from a figure (on a log scale) to the drawing."""
    span = max(1e-9, times[-1] - times[0])
    bottom, top = math.log10(low), math.log10(high)

    def x(time: float) -> float:
        return LEFT + (time - times[0]) / span * (WIDTH - LEFT - 8)

    def y(value: float) -> float:
        part = (math.log10(min(high, max(low, value))) - bottom) / (top - bottom)
        return HEIGHT - BOTTOM - part * (HEIGHT - BOTTOM - TOP)

    return x, y


def _line(points: list[tuple[float, float]], colour: str) -> str:
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return f'<polyline fill="none" stroke="var(--{colour})" stroke-width="2" points="{path}"/>'


def _level(y: float, text: str) -> str:
    return (
        f'<line x1="{LEFT}" x2="{WIDTH - 8}" y1="{y:.1f}" y2="{y:.1f}" stroke="var(--line)" stroke-dasharray="4 3"/><text x="4" y="{y + 4:.1f}">{text}</text>'
    )


def _svg(title: str, marks: list[str]) -> str:
    name = html.escape(title)
    return f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{name}"><title>{name}</title>{"".join(marks)}</svg>'


def curves(name: str, evidence: dict[str, Any]) -> str:
    """Two drawings of a metric: the ratio with its confidence sequence, and the E-values with what they have to reach."""
    path = [(point["time"], point["metrics"][name]) for point in evidence["path"] if name in point["metrics"]]
    if len(path) < 2:
        return "<p>Curves begin with the second look.</p>"
    one = evidence["metrics"][name]
    times = [time for time, _values in path]
    minutes = (times[-1] - times[0]) / 60
    foot = f'<text x="{LEFT}" y="{HEIGHT - 6}">0</text><text x="{WIDTH - 60}" y="{HEIGHT - 6}">{minutes:.0f} min</text>'
    x, y = _scaled(times, 1 / 16, 16)
    band = [(x(time), y(values[3] or 16)) for time, values in path] + [(x(time), y(values[2] or 1 / 16)) for time, values in reversed(path)]
    polygon = " ".join(f"{a:.1f},{b:.1f}" for a, b in band)
    marks = [f'<polygon fill="var(--a)" opacity=".18" points="{polygon}"/>']
    marks += [_level(y(value), f"{value:g}") for value in (0.25, 1, 4)] + [_level(y(one["harm"]), "harm")]
    marks += [_line([(x(time), y(values[1])) for time, values in path if values[1]], "a"), foot]
    ratio = _svg(f"{name}: ratio of canary to stable with its confidence sequence", marks)
    x, y = _scaled(times, 1e-3, 1e6)
    marks = [_level(y(one["e_harm_needed"]), f"{one['e_harm_needed']:g}"), _level(y(one["e_safe_needed"]), f"{one['e_safe_needed']:g}"), _level(y(1), "1")]
    marks += [_line([(x(time), y(values[4])) for time, values in path], "b"), _line([(x(time), y(values[5])) for time, values in path], "a"), foot]
    return ratio + _svg(f"{name}: E of harm (orange) and of safety (blue), with what each has to reach", marks)


def page(evidence: dict[str, Any]) -> str:
    """The report as one HTML page."""
    safe = html.escape
    head, *body = rows(evidence)
    title = f"Canary analysis of {evidence['target'].get('service')}"
    table = "<tr>" + "".join(f"<th>{safe(text)}</th>" for text in head) + "</tr>"
    table += "".join("<tr>" + "".join(f"<td>{safe(text)}</td>" for text in row) + "</tr>" for row in body)
    parts = [
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{safe(title)}</title>',
        f"<style>{STYLE}</style></head><body>",
        f'<h1>{safe(title)}: <span class="{evidence["verdict"]}">{TITLES[evidence["verdict"]]}</span></h1>',
        f"<p>{safe(evidence['reason'])}{'' if evidence['final'] else ' (not final)'}</p>",
        f"<p>Look {evidence['look']} at {evidence['time']}, mode {evidence['mode']}, from {evidence['window']['analysis_begin']}.</p>",
        f"<table>{table}</table>",
    ]
    if evidence["mode"] == "sequential":
        for name in sorted(evidence["metrics"]):
            parts.append(
                f"<h2>{safe(name)}</h2>{curves(name, evidence)}<p>Above: ratio and confidence sequence. Below: E of harm (orange), of safety (blue).</p>"
            )
    parts += ["<h2>Notes</h2><ul>" + "".join(f"<li>{safe(note)}</li>" for note in evidence["notes"]) + "</ul>"] if evidence["notes"] else []
    queries = ""
    for one in evidence["queries"]:
        cells = (one["metric"], f"{one['arm']} {one['kind']}", f"{one['status']} {one['message']}")
        queries += "<tr>" + "".join(f"<td>{safe(text)}</td>" for text in cells) + f"<td><code>{safe(one['query'])}</code></td></tr>"
    versions = ", ".join(f"{name} {value}" for name, value in sorted(evidence.get("versions", {}).items()))
    parts += [f"<h2>Queries</h2><table>{queries}</table><p>Versions: {safe(versions)}</p></body></html>", ""]
    return "\n".join(parts)
