"""Cleaning of tunes: what was written wrong by habit or by a program is repaired, and each repair has a name.

A tune that still has an error after that is refused with the error. Nothing is repaired in silence: the names stand
in the record's tags under `repairs` and are counted in the card.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

from ..analysis.layout import lay_out
from ..errors import DataError
from ..notation import Diagnostic, Severity, Tune, parse, write
from ..notation.diagnostics import apply_fixes
from ..notation.tune import Bar, Field, Item

__all__ = ["Cleaned", "clean", "clean_text"]

PASSES = 4
_TAG = r"</?(?:html|head|body|pre|br|hr|font|div|span|table|tr|td|img)(?:\s+[a-z]+\s*=[^<>\n]*)?\s*/?>"
TAG = re.compile(rf"^[ \t]*(?:{_TAG}[ \t]*)+\n|{_TAG}", re.IGNORECASE | re.MULTILINE)
"""Lines of tags alone, and other tags; not those of one letter: `A<B>c` is music."""
DIRECTIVES = (["score"], ["staves"], ["propagate-accidentals"])
"""Without these the same letters would be other music."""
DIGITS = re.compile(r'"(\d{1,3})"')
PROSE = re.compile(r"^(?![A-Za-z+]:|%|[ \t]*$).*\n", re.MULTILINE)
NO_NUMBER = re.compile(r"\A\s*(?=[A-WYZ]:)")


class Cleaned(NamedTuple):
    """A tune, its text, and the names of the repairs that were made."""

    tune: Tune
    abc: str
    repairs: tuple[str, ...]


def clean(abc: str, fields: str | None, bars_per_line: int = 0) -> Cleaned:
    """The tune of a text, repaired where that is safe.

    `fields` are the names of the fields to keep, in canonical spelling; None leaves the text as it stands but for the
    repairs. With `bars_per_line`, canonical tunes are laid out anew (`analysis.layout`). Raises `DataError` for what
    cannot be trusted: no tune, several tunes, an error that no safe fix removes.
    """
    text, repairs = clean_text(abc)
    book = parse(text)
    for _ in range(PASSES):
        errors = [one for one in book.diagnostics if one.severity is Severity.ERROR]
        text, applied = apply_fixes(text, tuple(errors)) if errors else (text, 0)
        if not applied:
            break
        repairs += sorted({one.code for one in errors if one.fix is not None})
        book = parse(text)
    if errors:
        raise DataError(_told(errors))
    if len(book.tunes) != 1:
        raise DataError(f"{len(book.tunes)} tunes where one belongs" if book.tunes else "no tune")
    tune = book.tunes[0]
    if not any(bar.items for voice in tune.voices for bar in voice.bars):
        raise DataError("no music")
    if fields is not None:
        whole, tune = tune, _kept(tune, frozenset(fields))
        tune = lay_out(tune, bars_per_line=bars_per_line) if bars_per_line else tune
        text = write(tune)
        if tune.voices != whole.voices:  # a field that is gone may have held the bars beside it together
            book = parse(text)
            errors = [one for one in book.diagnostics if one.severity is Severity.ERROR]
            if errors:
                raise DataError(_told(errors))
            tune = book.tunes[0]
    return Cleaned(tune, text, tuple(dict.fromkeys(repairs)))


def clean_text(abc: str) -> tuple[str, list[str]]:
    """The text without what is no music at all, and the names of what was taken out.

    >>> clean_text('X:1\\nK:D\\n"5"DEFG|</html>\\n')
    ('X:1\\nK:D\\nDEFG|\\n', ['html', 'bar numbers'])
    """
    repairs: list[str] = []
    text = abc.replace("\r\n", "\n").replace("\r", "\n")
    if "<" in text and TAG.search(text):
        text = TAG.sub("", text)
        repairs.append("html")
    if numbers := [int(number) for number in DIGITS.findall(text)]:
        text = DIGITS.sub("", text)
        ascending = all(one < other for one, other in pairwise(numbers))
        repairs.append("bar numbers" if ascending and numbers[-1] > 4 else "fingerings")
    header, key, music = text.partition("\nK:")
    if key and PROSE.search(header + "\n"):
        text = PROSE.sub("", header + "\n").rstrip("\n") + key + music
        repairs.append("prose in the header")
    if NO_NUMBER.match(text) and not re.search(r"^X:", text, re.MULTILINE):
        text = "X:1\n" + text.lstrip()
        repairs.append("number")
    return text, repairs


def _told(errors: Iterable[Diagnostic]) -> str:
    first, *more = errors
    others = f" (and {len(more)} more)" if more else ""
    return f"{first.code} line {first.line}: {first.message}{others}"


def _kept(tune: Tune, names: frozenset[str]) -> Tune:
    """The tune, numbered 1, with only the fields of these names; comments go, and directives that change nothing."""
    structural = names | frozenset("XMLKV")

    def is_kept(item: Item) -> bool:
        if not isinstance(item, Field):
            return True
        if item.name in ("%%", "I"):
            return item.text.split(None, 1)[:1] in DIRECTIVES
        return item.name in structural

    def kept_bar(bar: Bar) -> Bar:
        if all(map(is_kept, bar.items)) and not bar.overlays:
            return bar
        overlays = tuple(tuple(filter(is_kept, items)) for items in bar.overlays)
        return replace(bar, items=tuple(filter(is_kept, bar.items)), overlays=overlays)

    return replace(
        tune,
        number=1,
        fields=tuple(filter(is_kept, tune.fields)),
        voices=tuple(replace(voice, bars=tuple(map(kept_bar, voice.bars))) for voice in tune.voices),
        words=tune.words if "W" in names else (),
    )
