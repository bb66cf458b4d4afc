"""Results for people: a table a suite in Markdown, every model in a column and people in the last."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ..errors import DataError
from ..files import read_bytes
from .running import Result
from .suites import SUITES, get_suite

__all__ = ["read_results", "render", "table"]


def read_results(paths: Iterable[Path]) -> list[Result]:
    """The results of `abcllm eval run` in files, and in the folders among them, where other JSON is passed over.

    Raises `DataError` for a file that holds no result, and where there is none at all.
    """
    results: list[Result] = []
    for path in paths:
        for file in sorted(path.glob("*.json")) if path.is_dir() else [path]:
            try:
                result = json.loads(read_bytes(file))
            except ValueError as fault:
                raise DataError(f"not JSON: {fault}", source=str(file)) from None
            if isinstance(result, dict) and isinstance(result.get("suites"), dict):
                results.append(result)
            elif not path.is_dir():
                raise DataError("no result of abcllm eval run", source=str(file))
    if not results:
        raise DataError("there is no result; make one with: abcllm eval run")
    return results


def render(results: Sequence[Result]) -> str:
    """All results as Markdown: for each suite what it measures, the table, and how it was measured."""
    sections = []
    names = [*SUITES, *sorted({name for result in results for name in result["suites"]} - {*SUITES})]
    for name in names:
        measured = [result for result in results if name in result["suites"]]
        if measured:
            lines = [f"### {name}: {get_suite(name).about}", "", _suite_table(name, measured), ""]
            lines += [_how(name, result) for result in measured]
            sections.append("\n".join(lines))
    return "\n\n".join(sections) + "\n"


def table(rows: Sequence[Sequence[object]]) -> str:
    """Rows as a Markdown table; the first row is its head."""
    if not rows:
        return ""
    texts = [[_cell(cell) for cell in row] for row in rows]
    widths = [max(len(row[column]) for row in texts) for column in range(len(texts[0]))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in texts
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)


def _cell(value: object) -> str:
    if value is None:
        return "-"
    return f"{value:,.4g}" if isinstance(value, float) else f"{value:,}" if isinstance(value, int) else str(value)


def _suite_table(name: str, results: Sequence[Result]) -> str:
    rows: list[list[object]] = [["measure", *map(_called, results), "people"]]
    for key, measure in results[0]["suites"][name]["measures"].items():
        found = [result["suites"][name]["measures"].get(key, {}) for result in results]
        people = next((one["human"] for one in found if one.get("human")), None)
        title = f"{measure['title']}, {measure['unit']}" if measure["unit"] else measure["title"]
        rows.append([title, *(_shown(one.get("model")) for one in found), _shown(people)])
    return table(rows)


def _shown(figures: Mapping[str, Any] | None) -> str:
    """`97.3 (95.9-98.2)`: the value, and the interval that holds it with 95 % confidence."""
    return "-" if figures is None else f"{figures['value']:.4g} ({figures['low']:.4g}-{figures['high']:.4g})"


def _how(name: str, result: Result) -> str:
    where, corpus = result["machine"], result["corpus"]
    facts = [f"n = {result['suites'][name]['n']:,}", f"seed {result['seed']}"]
    facts += [f"{key} {value}" for key, value in result["sampling"].items()]
    machine = f"{where['cpu']}, {where['cores']} cores, Python {where['python']}"
    versions = ", ".join(f"{library} {version}" for library, version in result["versions"].items())
    return (
        f"- {_called(result)}{_trained(result)}: {', '.join(facts)}; corpus {corpus['name']} (card "
        f"{corpus['card_sha256'][:12]}); {machine}, {versions}; {result['date']}."
    )


def _called(result: Result) -> str:
    """The model, and what is not usual in how it was asked."""
    sampling = result["sampling"]
    unusual = [] if sampling["guided"] else ["unguided"]
    unusual += [f"{key} {sampling[key]:g}" for key in ("temperature", "top_p") if sampling[key] != 1]
    return ", ".join([result["model"], *unusual])


def _trained(result: Result) -> str:
    facts = [f"{key} {value:,}" for key, value in result.get("training", {}).items()]
    return f" (trained: {', '.join(facts)})" if facts else ""
