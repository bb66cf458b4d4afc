"""Words and symbols under the music: w: and s: lines, aligned to the notes of the line above.

Source: ABC standard 2.1, sections 4.15 and 5.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from operator import itemgetter
from typing import Final, NamedTuple

from .decorations import DEFAULT_SYMBOLS, canonical
from .nodes import amend
from .state import amended
from .text import decode_text
from .tune import Bar, Chord, Item, Lyric, Marks, Note


class WordToken(NamedTuple):
    """One thing of a w: line: a syllable, `|` (next bar) or `*` (no syllable), and where it stands."""

    kind: str
    lyric: Lyric | None
    offset: int


MOST_LINES: Final = 100
"""Of words and symbols under one line of music. Real tunes have a dozen; thousands would make a tune of a megabyte one
of gigabytes."""

TOKEN: Final = re.compile(r"\s+|\||\*|_|-|(?:\\-|\\(?!-)|[^\s|*_\-\\])+")
NUMBER: Final = itemgetter(0)
SYMBOL: Final = re.compile(r'\s+|\||\*|!([^!\s]*)!|"([^"]*)"|([.~H-Wh-w])|(\S)')


def read_words(text: str) -> Iterator[WordToken]:
    """The tokens of a w: line.

    >>> [token.lyric.text for token in read_words("Hel-lo my~dear") if token.lyric]
    ['Hel', 'lo', 'my dear']
    """
    pending: tuple[str, int] | None = None
    for match in TOKEN.finditer(text):
        piece, at = match.group(), match.start()
        if piece == "-":
            if pending is not None:
                yield WordToken("syllable", Lyric(pending[0], True), pending[1])
                pending = None
            else:
                yield WordToken("syllable", Lyric("", True), at)
            continue
        if pending is not None:
            yield WordToken("syllable", Lyric(pending[0]), pending[1])
            pending = None
        if piece.isspace():
            continue
        if piece == "|":
            yield WordToken("bar", None, at)
        elif piece == "*":
            yield WordToken("skip", None, at)
        elif piece == "_":
            yield WordToken("hold", Lyric("", False, True), at)
        else:
            pending = decode_text(piece.replace("\\-", "-")).replace("~", " "), at
    if pending is not None:
        yield WordToken("syllable", Lyric(pending[0]), pending[1])


def line_notes(bars: Sequence[Bar], items: Sequence[Item], mark: tuple[int, int]) -> list[tuple[int, Note | Chord]]:
    """The notes and chords since `mark` (bars closed, items in the open bar) with the number of their bar."""
    first_bar, first_item = mark
    notes: list[tuple[int, Note | Chord]] = []
    for index in range(first_bar, len(bars) + 1):
        content = bars[index].items if index < len(bars) else items
        new = content[first_item if index == first_bar else 0 :]
        notes.extend((index, item) for item in new if isinstance(item, Note | Chord))
    return notes


def align_words(text: str, notes: Sequence[tuple[int, Note | Chord]], verse: int) -> int | None:
    """Put the syllables of a w: line under the notes; the offset of the first that found none, else None."""
    at, bar = 0, notes[0][0] if notes else 0
    for token in read_words(text):
        if token.kind == "bar":
            bar += 1
            at = bisect_left(notes, bar, at, key=NUMBER)
            continue
        if at >= len(notes):
            if token.kind == "skip":
                continue
            return token.offset
        bar, note = notes[at]
        at += 1
        if token.lyric is not None:
            lyrics = note.marks.lyrics
            lyrics += (None,) * (verse - len(lyrics))
            amend(note, "marks", amended(note.marks, lyrics=(*lyrics, token.lyric)))
    return None


def align_symbols(text: str, notes: Sequence[tuple[int, Note | Chord]]) -> int | None:
    """Put the decorations, chord symbols and annotations of an s: line on the notes, as `align_words`."""
    at, bar = 0, notes[0][0] if notes else 0
    for match in SYMBOL.finditer(text):
        piece = match.group()
        if piece.isspace():
            continue
        if piece == "|":
            bar += 1
            at = bisect_left(notes, bar, at, key=NUMBER)
            continue
        if at >= len(notes):
            if piece == "*":
                continue
            return match.start()
        bar, note = notes[at]
        at += 1
        if piece == "*":
            continue
        marks = note.marks
        decoration, quoted, short, _ = match.groups()
        if decoration or short:
            name = canonical(decoration) if decoration else DEFAULT_SYMBOLS.get(short, short)
            amend(note, "marks", _with(marks, decorations=(name,)))
        elif quoted is not None and quoted[:1] and quoted[0] in "^_<>@":
            amend(note, "marks", _with(marks, annotations=(quoted,)))
        elif quoted is not None:
            amend(note, "marks", _with(marks, chord_symbols=(quoted,)))
    return None


def _with(
    marks: Marks,
    decorations: tuple[str, ...] = (),
    chord_symbols: tuple[str, ...] = (),
    annotations: tuple[str, ...] = (),
) -> Marks:
    return Marks(
        marks.decorations + decorations,
        marks.chord_symbols + chord_symbols,
        marks.annotations + annotations,
        marks.opens,
        marks.closes,
        marks.lyrics,
    )
