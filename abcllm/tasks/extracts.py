"""Tunes made smaller: the music without what is said about it, some of its bars, its opening."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Final

from ..analysis.sections import find_sections, notes_of
from ..notation import Bar, Chord, Field, Grace, Key, Meter, Note, Severity, Tune, parse, write
from ..notation.spelling import respell_tune
from ..notation.tune import Item

__all__ = ["bare", "changes", "hide_key", "hide_meter", "items_of", "opening", "part", "sounding"]

MUSICAL: Final = frozenset("MLQKVU")


def bare(tune: Tune, *also: str) -> Tune:
    """The tune with the header fields that its music needs (M, L, Q, K, V, U) and those of the names in `also`.

    The unit length is written out, and nothing else is left that names the tune, its kind or its origin.
    """
    kept = MUSICAL | {*also}
    fields = [item for item in tune.fields if item.name in kept or _is_rule(item)]
    if all(item.name != "L" for item in fields):
        unit = Field("L", str(tune.unit_length), tune.unit_length)
        at = next((index for index, item in enumerate(fields) if item.name == "K"), len(fields))
        fields.insert(at, unit)
    return replace(tune, number=1, fields=tuple(fields), words=())


def _is_rule(item: Field) -> bool:
    return item.name in ("%%", "I") and item.text.startswith("propagate-accidentals")


def changes(tune: Tune) -> frozenset[str]:
    """The names of the fields that stand in the music: `K` where the key changes, `M` where the metre does."""
    return frozenset(item.name for item in items_of(tune) if isinstance(item, Field))


def hide_key(tune: Tune) -> Tune:
    """The bare tune without its key: every sharp and flat stands before its note, and `K:none` in the header."""
    hidden = bare(tune)
    key = Key("", "none", clef=tune.key.clef)
    fields = tuple(replace(item, text=str(key), value=key) if item.name == "K" else item for item in hidden.fields)
    voices = tuple(replace(voice, bars=tuple(map(_without_accidentals, voice.bars))) for voice in hidden.voices)
    return respell_tune(replace(hidden, fields=fields, key=key, voices=voices))


def _without_accidentals(bar: Bar) -> Bar:
    """The bar with no sign before a note, so that those which it needs can be found afresh."""
    overlays = tuple(tuple(map(_unsigned, overlay)) for overlay in bar.overlays)
    return replace(bar, items=tuple(map(_unsigned, bar.items)), overlays=overlays)


def _unsigned(item: Item) -> Item:
    if isinstance(item, Note):
        return _note(item)
    if isinstance(item, Chord):
        return _chord(item)
    if isinstance(item, Grace):
        return replace(item, notes=tuple(_chord(one) if isinstance(one, Chord) else _note(one) for one in item.notes))
    return item


def _note(note: Note) -> Note:
    return note if note.accidental is None else replace(note, accidental=None)


def _chord(chord: Chord) -> Chord:
    return replace(chord, notes=tuple(map(_note, chord.notes)))


def hide_meter(tune: Tune) -> Tune:
    """The bare tune without its metre and tempo; `M:none` says that there is something to be found."""
    hidden = bare(tune)
    free = Meter((), 4, "none")
    fields = tuple(replace(item, text="none", value=free) if item.name == "M" else item
                   for item in hidden.fields if item.name != "Q")  # fmt: skip
    return replace(hidden, fields=fields, meter=free, tempo=None)


def part(tune: Tune, bars: Iterable[Bar]) -> Tune | None:
    """These bars of the first voice under the tune's own header; None where they do not stand by themselves."""
    first = replace(tune.voices[0], bars=tuple(bars))
    book = parse(write(replace(tune, voices=(first,), words=())))
    whole = len(book.tunes) == 1 and not any(one.severity is Severity.ERROR for one in book.diagnostics)
    return book.tunes[0] if whole else None


def opening(tune: Tune, count: int = 2) -> tuple[Bar, ...]:
    """The first `count` full bars of the first voice, with the pickup before them and what divides them."""
    sections = find_sections(tune)
    if not sections:
        return ()
    bars = sections[0].bars
    longest = max(bar.duration for bar in bars)
    pickup = bars[0].duration if bars[0].duration < longest else Fraction(0)
    taken: list[Bar] = []
    for bar in bars:
        if sum((one.duration for one in taken), -pickup) >= count * longest:
            break
        taken.append(bar)
    return tuple(taken)


def items_of(tune: Tune) -> Iterator[Item]:
    """All that stands in the bars of all voices, in order; overlays left out."""
    return (item for voice in tune.voices for bar in voice.bars for item in bar.items)


def sounding(tune: Tune) -> list[tuple[int, Fraction]]:
    """Pitch and length of all that is written, voice after voice (`notes_of`)."""
    return [note for voice in tune.voices for note in notes_of(voice.bars)]
