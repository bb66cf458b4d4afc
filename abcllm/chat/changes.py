"""What a chat changes of a tune by itself: its tempo, title, mode and note lengths, and which of its bars are kept."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Container, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Final

from ..analysis.chords import remove_chords
from ..errors import UsageError
from ..notation import BarLine, Chord, Field, Grace, Meter, Note, Rest, Tempo, Tune, parse, write
from ..notation.spelling import respell_tune
from ..notation.tune import NO_MARKS, Item
from ..request.keys import check_key
from ..tasks.extracts import changes, part

__all__ = ["keep_bars", "release_slurs", "scale_lengths", "set_mode", "set_tempo", "set_title"]

SLUR: Final = re.compile(r"\.?\(")


def set_tempo(tune: Tune, tempo_qpm: float) -> Tune:
    """The tune at so many quarter notes a minute, given in the beat of its metre (a dotted quarter in 6/8).

    Changes of tempo inside the tune stay as they are.
    """
    usual = (Fraction(3, 8) if tune.meter.is_compound else Fraction(1, 4),)
    beats = tune.tempo.beats if tune.tempo is not None and tune.tempo.beats else usual
    per_minute = round(tempo_qpm / float(4 * sum(beats, Fraction(0))), 1)
    tempo = Tempo(beats, per_minute)
    return replace(_with_field(tune, Field("Q", str(tempo), tempo)), tempo=tempo)


def set_title(tune: Tune, title: str) -> Tune:
    """The tune under another first title."""
    return _with_field(tune, Field("T", " ".join(title.split())))


def set_mode(tune: Tune, mode: str) -> Tune:
    """The tune in another mode on the same tonic: degrees of the scale are those of the new one, other notes sound as
    before. Its chord symbols are left out, for they would not fit any more.

    Raises `UsageError` for a tune without a tonic, or one that changes its key.

    >>> write(set_mode(parse("X:1\\nL:1/4\\nM:4/4\\nK:D\\nd f ^g a|d4|]\\n").tunes[0], "minor")).splitlines()[-2:]
    ['K:Dm', 'd f ^g a|d4|]']
    """
    if not tune.key.tonic or tune.key.accidentals:
        raise UsageError(f"the tune is in K:{tune.key}, which has no major and minor")
    if "K" in changes(tune):
        raise UsageError("the tune changes its key, so no one mode can be put in its place")
    key = replace(tune.key, mode=mode)
    if trouble := check_key(key):
        raise UsageError(trouble)
    tune = parse(remove_chords(write(tune))).tunes[0]
    before, after = tune.key.signature, key.signature

    def move(note: Note) -> Note:
        pitch = note.pitch
        if pitch.alter == before.get(pitch.step, 0):
            pitch = pitch._replace(alter=after.get(pitch.step, 0))
        return replace(note, pitch=pitch, accidental=None)

    def moved(item: Item) -> Item:
        if isinstance(item, Note):
            return move(item)
        if isinstance(item, Chord):
            return replace(item, notes=tuple(map(move, item.notes)))
        if isinstance(item, Grace):
            notes = (
                replace(one, notes=tuple(map(move, one.notes))) if isinstance(one, Chord) else move(one)
                for one in item.notes
            )
            return replace(item, notes=tuple(notes))
        return item

    voices = tuple(
        replace(
            voice,
            bars=tuple(
                replace(
                    bar,
                    items=tuple(map(moved, bar.items)),
                    overlays=tuple(tuple(map(moved, overlay)) for overlay in bar.overlays),
                )
                for bar in voice.bars
            ),
        )
        for voice in tune.voices
    )
    renamed = replace(_with_field(tune, Field("K", str(key), key)), key=key, voices=voices)
    return parse(write(respell_tune(renamed))).tunes[0]


def scale_lengths(tune: Tune, factor: Fraction) -> Tune:
    """The tune with all its notes `factor` times as long, metre and tempo mark with them: it sounds as before.

    Raises `UsageError` where the metre cannot be written.

    >>> tune = parse("X:1\\nL:1/16\\nM:2/4\\nQ:1/4=90\\nK:C\\nC4 D2E2|]\\n").tunes[0]
    >>> print(write(scale_lengths(tune, Fraction(2))))
    X:1
    L:1/8
    M:4/4
    Q:1/2=90
    K:C
    C4 D2E2|]
    <BLANKLINE>
    """
    if all(item.name != "L" for item in tune.fields):
        tune = _with_field(tune, Field("L", str(tune.unit_length), tune.unit_length))
    text = write(tune)
    tune = parse(text).tunes[0]
    inside = (item for voice in tune.voices for bar in voice.bars for item in bar.items if isinstance(item, Field))
    fields = sorted({item.span: item for item in (*tune.fields, *inside)}.items(), reverse=True)
    for (start, end), item in fields:
        if (scaled := _scaled(item, factor)) is not None:
            at = text.index(":", start, end) + 1
            text = text[:at] + text[at:end].replace(item.text, scaled, 1) + text[end:]
    return parse(text).tunes[0]


def _scaled(item: Field, factor: Fraction) -> str | None:
    """What the field says of lengths that are `factor` times as long; None where it says nothing of lengths."""
    value = item.value
    if isinstance(value, Fraction):
        return f"{(value * factor).numerator}/{(value * factor).denominator}"
    if isinstance(value, Tempo) and value.beats:
        return str(replace(value, beats=tuple(beat * factor for beat in value.beats)))
    if isinstance(value, Meter) and value.duration is not None:
        if value.duration * factor == 1 and sum(value.beats) in (2, 4):
            return "4/4"
        unit = value.unit / factor if value.duration != 1 or factor > 1 else Fraction(4)
        if unit.denominator != 1 or unit > 64:
            raise UsageError(f"the metre {value} cannot be written with notes {factor} times as long")
        beats = (2,) if unit == 4 and value.duration == 1 and factor < 1 else value.beats
        return f"{'+'.join(map(str, beats))}/{unit}" if len(beats) == 1 else f"({'+'.join(map(str, beats))})/{unit}"
    return None


def keep_bars(tune: Tune, places: Sequence[int]) -> Tune:
    """The tune with those bars of the first voice alone, and with the pickup before them.

    Raises `UsageError` where they do not stand by themselves.
    """
    if len(tune.voices) != 1:
        raise UsageError(f"the tune has {len(tune.voices)} voices, and I cut tunes of one")
    bars = [tune.voices[0].bars[at] for at in places]
    before = tune.voices[0].bars[places[0] - 1] if places[0] else None
    if before is not None and tune.meter.duration and 0 < 2 * before.duration <= tune.meter.duration:
        bars.insert(0, before)
    last = bars[-1].right
    if last is None or not last.ends:
        bars[-1] = replace(bars[-1], right=BarLine("|]"))
    kept = part(tune, bars)
    if kept is None:
        raise UsageError("these bars do not stand by themselves: a repeat or an ending goes over their edge")
    return kept


def release_slurs(tune: Tune, places: Container[int]) -> Tune:
    """The tune without slurs that begin or end in those bars of the first voice.

    >>> tune = parse("X:1\\nL:1/4\\nM:3/4\\nK:C\\n(CDE|F)(GA)|B(cd)|]\\n").tunes[0]
    >>> write(release_slurs(tune, [0])).splitlines()[-1]
    'CDE|F(GA)|B(cd)|]'
    """
    voice = tune.voices[0]
    opens: dict[tuple[int, int], str] = defaultdict(str)
    closes: dict[tuple[int, int], int] = defaultdict(int)
    begun: list[tuple[tuple[int, int], str]] = []
    for at, bar in enumerate(voice.bars):
        for index, item in enumerate(bar.items):
            marks = getattr(item, "marks", NO_MARKS)
            begun += [((at, index), sign) for sign in SLUR.findall(marks.opens)]
            for _ in range(marks.closes):
                place, sign = begun.pop() if begun else ((at, index), "")
                if at not in places and place[0] not in places:
                    opens[place] += sign
                    closes[at, index] += 1
    for place, sign in begun:
        opens[place] += sign if place[0] not in places else ""

    def released(item: Item, place: tuple[int, int]) -> Item:
        if not isinstance(item, Note | Chord | Rest | Grace):
            return item
        return replace(item, marks=replace(item.marks, opens=opens[place], closes=closes[place]))

    bars = (
        replace(bar, items=tuple(released(item, (at, index)) for index, item in enumerate(bar.items)))
        for at, bar in enumerate(voice.bars)
    )
    return replace(tune, voices=(replace(voice, bars=tuple(bars)), *tune.voices[1:]))


def _with_field(tune: Tune, field: Field) -> Tune:
    """The tune with this header field in the place of the first of its name, else where it belongs."""
    names = [item.name for item in tune.fields]
    if field.name in names:
        at = names.index(field.name)
        return replace(tune, fields=(*tune.fields[:at], field, *tune.fields[at + 1 :]))
    at = 0 if field.name == "T" else names.index("K") if "K" in names else len(names)
    return replace(tune, fields=(*tune.fields[:at], field, *tune.fields[at:]))
