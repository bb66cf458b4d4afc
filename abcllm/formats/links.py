"""What reaches over several notes of a voice: ties, slurs and words, found before anything is written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from heapq import heappop, heappush
from typing import NamedTuple

from ..notation.tune import Chord, Grace, Item, Lyric, Marks, MultiRest, Note, Rest

__all__ = ["Links", "SlurEnd", "Syllable", "find_links"]


class SlurEnd(NamedTuple):
    """A slur starts or stops on a note."""

    type: str
    number: int
    dashed: bool


class Syllable(NamedTuple):
    """A syllable to be printed: `syllabic` as in MusicXML, `extend` is start, continue, stop or empty."""

    verse: int
    text: str
    syllabic: str
    extend: str


class Links(NamedTuple):
    """What was found, by the `id` of notes (ties) and of items (slurs, syllables)."""

    tie_starts: set[int]
    tie_stops: set[int]
    slurs: dict[int, list[SlurEnd]]
    syllables: dict[int, list[Syllable]]


def find_links(items: Sequence[Item]) -> Links:
    """The links in one layer of a voice, given all its items in order."""
    links = Links(set(), set(), {}, {})
    _find_ties(items, links)
    _find_slurs(items, links)
    _find_syllables(items, links)
    return links


def _notes(item: Note | Chord) -> tuple[Note, ...]:
    return item.notes if isinstance(item, Chord) else (item,)


def _find_ties(items: Iterable[Item], links: Links) -> None:
    waiting: list[Note] = []
    for item in items:
        if isinstance(item, Note | Chord):
            notes = _notes(item)
            for note in notes:
                before = next((earlier for earlier in waiting if earlier.pitch == note.pitch), None)
                if before is not None:
                    waiting = [earlier for earlier in waiting if earlier is not before]
                    links.tie_starts.add(id(before))
                    links.tie_stops.add(id(note))
            waiting = [note for note in notes if note.tie or item.tie]
        elif isinstance(item, Rest | MultiRest):
            waiting = []


def _marks_of(item: Item) -> list[Marks]:
    """The marks that can open and close slurs, those of inner notes included."""
    if isinstance(item, Note | Rest):
        return [item.marks]
    if isinstance(item, Chord):
        return [item.marks, *(note.marks for note in item.notes)]
    if isinstance(item, Grace):
        inner = [marks for member in item.notes for marks in _marks_of(member)]
        return [item.marks, *inner]
    return []


def _find_slurs(items: Iterable[Item], links: Links) -> None:
    opened: list[tuple[Item, bool]] = []
    pairs: list[tuple[Item, Item, bool]] = []
    for item in items:
        marks = _marks_of(item)
        for mark in marks:
            for index, sign in enumerate(mark.opens):
                if sign == "(":
                    opened.append((item, index > 0 and mark.opens[index - 1] == "."))
        for _ in range(sum(mark.closes for mark in marks)):
            if opened:
                first, dashed = opened.pop()
                if first is not item:
                    pairs.append((first, item, dashed))
    _number_slurs(items, pairs, links)


def _number_slurs(items: Iterable[Item], pairs: Sequence[tuple[Item, Item, bool]], links: Links) -> None:
    """Slurs that are open at the same time get different numbers."""
    starts: dict[int, list[int]] = {}
    stops: dict[int, list[int]] = {}
    for index, (first, last, _) in enumerate(pairs):
        starts.setdefault(id(first), []).append(index)
        stops.setdefault(id(last), []).append(index)
    number_of: dict[int, int] = {}
    free = [1]
    for item in items:
        for index in stops.get(id(item), ()):
            number = number_of.pop(index)
            heappush(free, number)
            links.slurs.setdefault(id(item), []).append(SlurEnd("stop", number, pairs[index][2]))
        for index in reversed(starts.get(id(item), [])):
            number = number_of[index] = heappop(free)
            if not free:
                free.append(number + 1)
            links.slurs.setdefault(id(item), []).append(SlurEnd("start", number, pairs[index][2]))


def _find_syllables(items: Iterable[Item], links: Links) -> None:
    verses: dict[int, list[tuple[Item, Lyric | None]]] = {}
    for item in items:
        if isinstance(item, Note | Chord):
            for verse, lyric in enumerate(item.marks.lyrics, 1):
                verses.setdefault(verse, []).append((item, lyric))
    for verse, sung in verses.items():
        joined = False
        for index, (item, lyric) in enumerate(sung):
            if lyric is None:
                continue
            held_on = index + 1 < len(sung) and _is_held(sung[index + 1][1])
            if lyric.text:
                syllabic = ("middle" if lyric.hyphen else "end") if joined else "begin" if lyric.hyphen else "single"
                syllable = Syllable(verse, lyric.text, syllabic, "start" if held_on else "")
                joined = lyric.hyphen
            elif lyric.hold:
                syllable = Syllable(verse, "", "", "continue" if held_on else "stop")
            else:
                joined = joined or lyric.hyphen
                continue
            links.syllables.setdefault(id(item), []).append(syllable)


def _is_held(lyric: Lyric | None) -> bool:
    return lyric is not None and lyric.hold
