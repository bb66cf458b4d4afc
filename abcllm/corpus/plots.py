"""Plots of a built corpus: what it is made of, one PNG a plot and one HTML page with all, self-contained."""

from __future__ import annotations

import base64
import html
import io
import re
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ..conversation import read_conversations
from ..errors import MissingExtra
from ..files import write_atomically
from .card import read_card

__all__ = ["count_tunes", "plot"]

FIELD = re.compile(r"^([KMR]):[ \t]*(\S[^\n%]*?)[ \t]*$", re.MULTILINE)
TUNE = re.compile(r"^X:", re.MULTILINE)
MOST_BARS = 24
LENGTH_STEP = 100


def plot(folder: Path, out: Path) -> list[Path]:
    """Draw the plots of the corpus in `folder` into `out`, and give their paths, the page last.

    Raises `DataError` where there is no corpus, and `MissingExtra` without matplotlib.
    """
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise MissingExtra("plots need the extra 'data' (matplotlib)", extra="data") from None
    card = read_card(folder)
    counts = count_tunes(folder)
    plots: dict[str, tuple[str, Mapping[str, int]]] = {
        "keys": ("keys of the tunes in training", counts["K"]),
        "metres": ("metres of the tunes in training", counts["M"]),
        "rhythms": ("kinds of tunes in training", counts["R"]),
        "lengths": (f"characters of a conversation, in steps of {LENGTH_STEP}", counts["length"]),
        "tasks": ("conversations of each task", _tasks(card)),
        "sources": ("rows written of each source", {name: one["written"] for name, one in card["sources"].items()}),
        "licences": ("rows of each licence", {name: one["rows"] for name, one in card["licences"].items()}),
        "lost": ("rows rejected or dropped, by reason", card["reasons"]),
    }
    pictures: dict[str, bytes] = {}
    for name, (title, numbers) in plots.items():
        if numbers:
            pictures[name] = _bars(Figure, title, numbers, in_order=name == "lengths")
    out.mkdir(parents=True, exist_ok=True)
    paths = [write_atomically(out / f"{name}.png", picture, overwrite=True) for name, picture in pictures.items()]
    page = _page(card, {name: (plots[name][0], picture) for name, picture in pictures.items()})
    return [*paths, write_atomically(out / "index.html", page, overwrite=True)]


def count_tunes(folder: Path) -> dict[str, Counter[str]]:
    """Keys (K), metres (M) and kinds (R) of the tunes in the training files, and the lengths of conversations."""
    counts: dict[str, Counter[str]] = {name: Counter() for name in ("K", "M", "R", "length")}
    form = "messages" if any(folder.glob("*/messages")) else ""
    for path in sorted(folder.glob(f"*/{form}/train-*.jsonl")) if form else []:
        for conversation in read_conversations(path):
            text = "\n".join(message.text for message in conversation.messages)
            counts["length"][str(len(text) // LENGTH_STEP * LENGTH_STEP)] += 1
            if TUNE.search(conversation.messages[-1].text):
                for name, value in dict(FIELD.findall(conversation.messages[-1].text)).items():
                    counts[name][value] += 1
    return counts


def _tasks(card: Mapping[str, Any]) -> Counter[str]:
    tasks: Counter[str] = Counter()
    for splits in card["conversations"].values():
        for one in splits.values():
            for task, languages in one.items():
                tasks[task] += sum(languages.values())
    return tasks


def _bars(figure_type: Callable[..., Any], title: str, numbers: Mapping[str, int], *, in_order: bool) -> bytes:
    if in_order:
        shown = sorted(numbers.items(), key=lambda one: int(one[0]))[: 3 * MOST_BARS]
    else:
        shown = sorted(numbers.items(), key=lambda one: (-one[1], one[0]))
        others = sum(number for _, number in shown[MOST_BARS:])
        shown = shown[:MOST_BARS] + ([("others", others)] if others else [])
    names = [name if len(name) <= 28 else name[:27] + "…" for name, _ in shown]
    values = [value for _, value in shown]
    figure = figure_type(figsize=(8, 4) if in_order else (8, 0.6 + 0.28 * len(shown)), layout="constrained")
    axes = figure.subplots()
    if in_order:
        axes.bar(range(len(values)), values, width=0.9, color="#4878a8")
        step = max(1, len(names) // 12)
        axes.set_xticks(range(0, len(names), step), names[::step])
    else:
        axes.barh(range(len(values)), values, color="#4878a8")
        axes.set_yticks(range(len(names)), names)
        axes.invert_yaxis()
        for at, value in enumerate(values):
            axes.annotate(f" {value:,}", (value, at), va="center", fontsize=8)
        axes.margins(x=0.12)
    axes.set_title(title)
    axes.spines[["top", "right"]].set_visible(False)
    picture = io.BytesIO()
    figure.savefig(picture, format="png", dpi=110, metadata={"Software": None})
    return picture.getvalue()


def _page(card: Mapping[str, Any], plots: Mapping[str, tuple[str, bytes]]) -> str:
    figures = "\n".join(
        f'<figure id="{name}"><img alt="{html.escape(title)}" '
        f'src="data:image/png;base64,{base64.b64encode(picture).decode()}"></figure>'
        for name, (title, picture) in plots.items()
    )
    name = html.escape(str(card["name"]))
    summary = (
        f"{card['rows']:,} rows in, {card['written']:,} written, {card['rejected']:,} rejected, "
        f"{card['dropped']:,} dropped"
    )
    return f"""<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{name}</title>
<style>body{{font:16px/1.5 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}}img{{max-width:100%}}</style>
<h1>{name}</h1><p>{summary}</p>
{figures}
</html>
"""
