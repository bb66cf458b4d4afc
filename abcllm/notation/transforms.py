"""Tunes from tunes: transposed, unfolded, in another unit, one voice of several, several voices in one.

All functions are pure. Their results are tunes as the reader gives them: `parse(write(result)).tunes[0] == result`.
Places (`span`) in results of `unfold`, `change_unit_length`, `extract_voice` and `merge_voices` are those in
`write(result)`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from fractions import Fraction

from ..errors import UnknownName, UsageError
from .fields import FieldFault, parse_unit_length
from .parser import parse
from .reader import voice_definition
from .spelling import respell_tune
from .theory import Key, Meter
from .transposition import transpose
from .tune import TIMED, Bar, Field, Item, Tune, Voice
from .unfolding import unfold_voices
from .writer import write

__all__ = ["change_unit_length", "extract_voice", "merge_voices", "transpose", "unfold"]

SCORES = ("score", "staves")


def unfold(tune: Tune) -> Tune:
    """The tune as it is heard, written out: without repeats, variant endings and an order of parts.

    Key, metre and tempo are restated where a repeat goes back past a change. A section that is sung as often as it
    has verses takes one verse each time. D.C., D.S. and codas are words for players and are not followed.

    Raises `FormatError` where the result would be too long to be played (see `unfolding`).

    >>> tune = unfold(parse("X:1\\nL:1/4\\nM:2/4\\nK:C\\n|:C D|1 E2:|2 F2|]\\n").tunes[0])
    >>> print(write(tune).splitlines()[-1])
    C D|E2||C D|F2|]
    """
    fields: list[Field] = []
    in_header = True
    for item in tune.fields:
        in_header = in_header and item.name != "K"
        if item.name != "P" or not in_header:
            fields.append(item)
    return _settled(respell_tune(replace(tune, fields=tuple(fields), voices=unfold_voices(tune))))


def change_unit_length(tune: Tune, unit_length: Fraction) -> Tune:
    """The same music written in another unit note length, from beginning to end.

    Raises `UsageError` for a unit that L: cannot name.

    >>> tune = change_unit_length(parse("X:1\\nL:1/8\\nM:2/4\\nK:C\\nC2 D E|]\\n").tunes[0], Fraction(1, 4))
    >>> print(write(tune).splitlines()[-1])
    C D/ E/|]
    """
    try:
        unit = parse_unit_length(str(unit_length))
    except FieldFault as fault:
        raise UsageError(f"the unit note length cannot be {unit_length}: {fault}; {fault.hint}") from None
    line = Field("L", f"{unit.numerator}/{unit.denominator}", unit)
    fields = [line if item.name == "L" else item for item in tune.fields]
    if line not in fields:
        at = next((index for index, item in enumerate(fields) if item.name == "K"), len(fields))
        fields.insert(at, line)
    voices = tuple(replace(voice, bars=tuple(map(_without_units, voice.bars))) for voice in tune.voices)
    return _settled(replace(tune, fields=tuple(fields), unit_length=unit, voices=voices))


def _without_units(bar: Bar) -> Bar:
    def kept(items: Iterable[Item]) -> tuple[Item, ...]:
        return tuple(item for item in items if not (isinstance(item, Field) and item.name == "L"))

    return replace(bar, items=kept(bar.items), overlays=tuple(map(kept, bar.overlays)))


def extract_voice(tune: Tune, id: str) -> Tune:
    """The tune with only the voice that is called so in its V: field.

    Tempo marks and labels of parts that stand in another voice are taken along.

    Raises `UnknownName` where the tune has no such voice.
    """
    voices = {voice.id: voice for voice in tune.voices}
    if id not in voices:
        raise UnknownName("voice", id, tuple(voices))
    voice = voices[id]
    for name in ("P", "Q"):
        if not any(_marks(voice, name)):
            elsewhere = [marks for other in tune.voices if (marks := list(_marks(other, name)))]
            voice = _with_marks(voice, elsewhere[0]) if elsewhere else voice
    fields = tuple(item for item in tune.fields if not _is_score(item) and item.name != "V")
    return _settled(_with_voices(replace(tune, fields=fields), (voice,)))


def _marks(voice: Voice, name: str) -> Iterator[tuple[Fraction, Field]]:
    """The fields of that name in a voice, and when they stand there."""
    now = Fraction(0)
    for bar in voice.bars:
        at = now
        for item in bar.items:
            if isinstance(item, Field) and item.name == name:
                yield at, item
            elif isinstance(item, TIMED):
                at += item.duration
        now += bar.duration


def _with_marks(voice: Voice, marks: list[tuple[Fraction, Field]]) -> Voice:
    """The voice with fields put where their time comes."""
    waiting = list(reversed(marks))
    bars = []
    now = Fraction(0)
    for bar in voice.bars:
        items: list[Item] = []
        for item in bar.items:
            while isinstance(item, TIMED) and waiting and waiting[-1][0] <= now:
                items.append(replace(waiting.pop()[1], inline=True))
            items.append(item)
            if isinstance(item, TIMED):
                now += item.duration
        bars.append(replace(bar, items=tuple(items)))
    return replace(voice, bars=tuple(bars))


def merge_voices(tune: Tune, *others: Tune | Voice) -> Tune:
    """A tune with the voices of `tune` and then those of the others, under the header of `tune`.

    A voice whose name is taken gets the next free number; one that begins in another key or metre says so.
    """
    voices = list(tune.voices)
    score = ""
    for other in others:
        for voice in (other,) if isinstance(other, Voice) else other.voices:
            taken = {one.id for one in voices}
            free = next(number for number in map(str, range(1, len(taken) + 2)) if number not in taken)
            added = voice if voice.id not in taken else replace(voice, id=free)
            if isinstance(other, Tune):
                added = _beginning_with(added, tune, other)
            voices.append(added)
            score += f" {added.id}"
    fields = tuple(
        replace(item, text=item.text + score) if _is_score(item) else item for item in tune.fields if item.name != "V"
    )
    return _settled(respell_tune(_with_voices(replace(tune, fields=fields), tuple(voices))))


def _beginning_with(voice: Voice, tune: Tune, other: Tune) -> Voice:
    """A voice of `other` with the key and metre that it brings into `tune`."""
    brought: list[Item] = []
    values: tuple[tuple[str, Key | Meter, Key | Meter], ...] = (
        ("K", other.key, tune.key),
        ("M", other.meter, tune.meter),
    )
    for name, value, here in values:
        if value != here:
            brought.append(Field(name, str(value), value, inline=True))
    if not brought or not voice.bars:
        return voice
    first = voice.bars[0]
    return replace(voice, bars=(replace(first, items=(*brought, *first.items)), *voice.bars[1:]))


def _is_score(item: Field) -> bool:
    return item.name in ("%%", "I") and item.text.split(None, 1)[:1] in ([SCORES[0]], [SCORES[1]])


def _with_voices(tune: Tune, voices: tuple[Voice, ...]) -> Tune:
    """The tune with other voices, and a V: field for each before K:, where there is something to say of one."""
    fields = list(tune.fields)
    if len(voices) > 1 or voices[0].id != "1" or voices[0].properties:
        at = next((index for index, item in enumerate(fields) if item.name == "K"), len(fields))
        fields[at:at] = [Field("V", voice_definition(voice)) for voice in voices]
    return replace(tune, fields=tuple(fields), voices=voices)


def _settled(tune: Tune) -> Tune:
    """The tune as it is read back: bars numbered, joined and closed as the reader does."""
    return parse(write(tune)).tunes[0]
