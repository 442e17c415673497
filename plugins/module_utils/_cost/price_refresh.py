# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""The price files with what the Price List says today. Pure but for what is handed in: nothing is written here."""

from __future__ import annotations

import os
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from pathlib import Path
from typing import Any

from ansible_collections.llmops.platform.plugins.module_utils._cost import price_files
from ansible_collections.llmops.platform.plugins.module_utils._cost.lines import CostError
from ansible_collections.llmops.platform.plugins.module_utils._cost.price_queries import query
from ansible_collections.llmops.platform.plugins.module_utils._cost.prices import EVERYWHERE
from ansible_collections.llmops.platform.plugins.module_utils._cost.prices import Prices
from ansible_collections.llmops.platform.plugins.module_utils._cost.prices import table
from ansible_collections.llmops.platform.plugins.module_utils._cost.pricing_api import PricingError
from ansible_collections.llmops.platform.plugins.module_utils._cost.pricing_api import Refused

Ask = Callable[[str, str], Mapping[str, Any]]
AMOUNT = ("usd", "tiers")
# Not read: the table is made of the files beside it.
PREVIOUS = "previous"


@dataclass
class Refreshed:
    """`texts`: by path, those before and after. `rows`: what was asked, {sku, region, change, before, after}. `kept`: SKUs that nobody can ask for."""

    texts: dict[Path, tuple[str, str]] = field(default_factory=dict)
    rows: list[dict[str, Any]] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def changed(self) -> list[Path]:
        return [path for path, (before, after) in self.texts.items() if before != after]


def refresh(directory: str | Path, ask: Ask, skus: Iterable[str], regions: Iterable[str]) -> Refreshed:
    """Asks for each SKU in each region; no SKU: all that can be asked for. A problem is collected, so that one run names them all.

    Raises CostError for a table that is wrong before or after, and for SKUs that the table does not have or nobody can ask for.
    """
    known = price_files.load(directory)
    named = list(skus)
    found, wanted = Refreshed(), _wanted(known, named, list(regions))
    if not named:
        asked = {sku for sku, region in wanted}
        found.kept = sorted({price.sku for price in known.all() if price.sku.startswith("aws/")} - asked)
    answers = _answers(wanted, ask, found)
    records = []
    for path in price_files.files(directory):
        comments, content = price_files.read(path)
        before = path.read_text(encoding="utf-8")
        after = price_files.render(comments, _renewed(content, answers, found))
        found.texts[path] = (before, after)
        records += price_files.expanded(content)
    table(records)
    found.rows.sort(key=lambda row: (row["sku"], row["region"]))
    return found


def difference(refreshed: Refreshed) -> list[dict[str, str]]:
    """What `--diff` shows, a file each."""
    return [
        {"before_header": str(path), "after_header": str(path), "before": refreshed.texts[path][0], "after": refreshed.texts[path][1]}
        for path in refreshed.changed
    ]


def _wanted(known: Prices, skus: list[str], regions: list[str]) -> list[tuple[str, str]]:
    names = {price.sku for price in known.all()}
    for sku in skus:
        if sku not in names:
            near = ", ".join(known.near(sku))
            raise CostError(f"{sku} is not in the table, so nobody knows its service and unit; near: {near}")
    for region in regions:
        known.find("aws/ec2/t3.medium", region)
    found = [(sku, region) for sku in (dict.fromkeys(skus) or sorted(names)) for region in dict.fromkeys(regions)]
    unknown = [f"{sku} in {region}" for sku, region in found if query(sku, region) is None]
    if unknown and skus:
        raise CostError(f"{', '.join(unknown)}: it is not known how to ask the Price List for it; keep its record by hand")
    return [(sku, region) for sku, region in found if query(sku, region) is not None]


def _answers(wanted: list[tuple[str, str]], ask: Ask, found: Refreshed) -> dict[tuple[str, str], Mapping[str, Any]]:
    answers: dict[tuple[str, str], Mapping[str, Any]] = {}
    for sku, region in wanted:
        try:
            answers[sku, region] = ask(sku, region)
        except Refused as error:
            found.problems.append(str(error))
            break
        except PricingError as error:
            found.problems.append(str(error))
    return answers


def _renewed(content: dict[str, Any], answers: dict[tuple[str, str], Mapping[str, Any]], found: Refreshed) -> dict[str, Any]:
    """The content with its records replaced, in place; regions that are new come after the SKU's last record."""
    common, sources = content.get("common") or {}, content.setdefault("sources", {}) or {}
    records, last = content["prices"], {}
    for index, (record, full) in enumerate(zip(records, price_files.expanded(content), strict=True)):
        last[record["sku"]] = index
        if full["region"] == EVERYWHERE:
            continue
        answer = answers.pop((record["sku"], full["region"]), None)
        if answer:
            own = {key: value for key, value in record.items() if key not in (*AMOUNT, "from", "source", "reference", "as_of", "strength")}
            records[index] = _record(own, answer, sources)
            _told(found, full, answer)
    for sku, region in sorted(answers, key=lambda key: (-last.get(key[0], -1), key[1])):
        if sku in last:
            answer = answers.pop((sku, region))
            model = {key: value for key, value in records[last[sku]].items() if key in ("sku", "service", "unit")}
            own = {"sku": model.pop("sku"), **({"region": region} if region != common.get("region") else {}), **model}
            records.insert(last[sku] + 1, _record(own, answer, sources))
            _told(found, {"sku": sku, "region": region}, answer)
    used = {record.get("from") for record in records}
    content["sources"] = {name: source for name, source in sources.items() if name in used}
    return content


def _record(own: Mapping[str, Any], answer: Mapping[str, Any], sources: dict[str, Any]) -> dict[str, Any]:
    """A record of a source that all answers of one day share; what tells the answers apart stays with the record."""
    name = f"price-list-{answer['as_of']}"
    sources[name] = {key: answer[key] for key in ("source", "as_of", "strength")}
    return {**own, **{key: answer[key] for key in AMOUNT if key in answer}, "reference": answer["reference"], "from": name}


def _told(found: Refreshed, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    old, new = ({key: record[key] for key in AMOUNT if key in record} or None for record in (before, after))
    change = "added" if old is None else "same" if _amounts(old) == _amounts(new) else "changed"
    found.rows.append({"sku": before["sku"], "region": before["region"], "change": change, "before": old, "after": new})


def _amounts(amount: Mapping[str, Any]) -> Any:
    """Comparable: 0.10 is 0.1."""
    record = {
        "sku": "aws/any/thing",
        "region": EVERYWHERE,
        "service": "-",
        "unit": "-",
        "source": "-",
        "reference": "-",
        "as_of": "2000-01-01",
        "strength": "C",
    }
    return table([{**record, **amount}]).all()[0].tiers


def printed(refreshed: Refreshed) -> list[str]:
    """The difference in lines for people: what changed and by how much, or that nothing did."""
    rows = [row for row in refreshed.rows if row["change"] != "same"]
    lines = [f"{row['change']} {row['sku']} in {row['region']}: {_short(row['before'])} -> {_short(row['after'])}" for row in rows]
    return [*lines, f"{len(refreshed.rows)} asked, {len(rows)} other than before, {len(refreshed.kept)} kept as nobody knows how to ask for them"]


def _short(amount: Mapping[str, Any] | None) -> str:
    if amount is None:
        return "none"
    if "usd" in amount:
        return f"{amount['usd']} USD"
    return "tiers " + ", ".join(f"{tier['usd']} to {tier.get('up_to', 'any')}" for tier in amount["tiers"])


def write(refreshed: Refreshed) -> None:
    """Replaces what changed; each file is whole at any moment, and what it was is in `previous`. Raises CostError."""
    for path in refreshed.changed:
        before, after = refreshed.texts[path]
        try:
            kept = path.parent / PREVIOUS
            kept.mkdir(exist_ok=True)
            _replace(kept / path.name, before)
            _replace(path, after)
        except OSError as error:
            raise CostError(f"{path} cannot be replaced: {error.strerror}") from error


def _replace(path: Path, text: str) -> None:
    new = path.with_name(f".{path.name}.new")
    new.write_text(text, encoding="utf-8")
    os.replace(new, path)
