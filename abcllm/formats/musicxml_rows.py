"""Parts of MusicXML to rows: which voices of a staff become voices of the tune, and what each has in every measure.

The voice that plays most on a staff is its row; another becomes a row of its own where it plays in half of the
measures or ties over a bar line, else it is an overlay of the bars in which it plays. Chord symbols that fall where
no note begins are set over invisible rests of an overlay.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

from ..notation.theory import Clef, Key, Meter
from .musicxml_events import Event, Measure, Sign
from .musicxml_layers import ROUNDING, fill, straighten

__all__ = ["Row", "find_lengths", "lay_rows", "number_verses"]

HALF: Final = 0.5
MOST_ROWS: Final = 4
"""Voices of a staff that are rows; more would not be legible, and are overlays."""


@dataclass(slots=True)
class Row:
    """One voice of the tune: `bars` has for each measure its layers, of which all but the first are overlays.

    `changes` are keys, clefs and transpositions of each measure. `part` and `staff` say where it stood (from 0, 1).
    """

    part: int
    staff: int
    bars: list[list[list[Event]]] = field(default_factory=list)
    changes: list[list[tuple[Fraction, Key | Clef | int]]] = field(default_factory=list)


def find_lengths(parts: Sequence[Sequence[Measure]]) -> list[Fraction]:
    """How long each measure lasts: as long as the longest of its parts, or as its metre says where all rest."""
    lengths: list[Fraction] = []
    full: Fraction | None = None
    for index in range(max(map(len, parts), default=0)):
        own = [part[index] for part in parts if index < len(part)]
        for measure in own:
            measure.layers = {voice: straighten(events) for voice, events in measure.voices.items()}
            for onset, _, value in measure.changes:
                if isinstance(value, Meter) and not onset:
                    full = value.duration
        ends = [layer[-1] for measure in own for layers in measure.layers.values() for layer in layers]
        length = max((last.end for last in ends if not last.whole), default=Fraction(0))
        if full is not None and abs(length - full) < ROUNDING and any(last.inexact for last in ends):
            length = full
        rests = [last.duration for last in ends if last.whole]
        if not length and rests:
            length = max(rests) if full is None else full
        lengths.append(length)
    return lengths


def lay_rows(part: Sequence[Measure], index: int, lengths: Sequence[Fraction]) -> list[Row]:
    """The rows of one part, staff by staff."""
    layers = [_layers(measure) for measure in part]
    staves = sorted({staff for found in layers for staff, _ in found} or {1})
    rows: list[Row] = []
    for staff in staves:
        voices = _voices_of(layers, staff)
        own = [Row(index, staff) for _ in voices]
        for place, length in enumerate(lengths):
            here = layers[place] if place < len(layers) else {}
            measure = part[place] if place < len(part) else Measure()
            _lay_measure(own, voices, {v: found for (s, v), found in here.items() if s == staff}, length)
            _place_signs([row.bars[-1] for row in own], measure.signs, staff, staves, length)
            changes = [
                (onset, value)
                for onset, where, value in measure.changes
                if where in (0, staff) and not isinstance(value, Meter)
            ]
            for row in own:
                row.changes.append(changes)
        rows += own
    return rows


def number_verses(rows: Sequence[Row]) -> None:
    """Number the verses of each row from the first, however the file counts them."""
    for row in rows:
        events = [event for bar in row.bars for event in bar[0]]
        used = sorted({verse for event in events for verse in event.lyrics})
        place = {verse: index for index, verse in enumerate(used)}
        for event in events:
            event.lyrics = {place[verse]: lyric for verse, lyric in event.lyrics.items()}


def _layers(measure: Measure) -> dict[tuple[int, str], list[list[Event]]]:
    """What each voice does in a measure, by the staff on which it has most of its notes."""
    found: dict[tuple[int, str], list[list[Event]]] = {}
    for voice, layers in measure.layers.items():
        events = measure.voices[voice]
        staves = Counter(event.staff for event in events if event.members) or Counter(e.staff for e in events)
        if staves:
            found[staves.most_common(1)[0][0], voice] = layers
    return found


def _voices_of(layers: Sequence[dict[tuple[int, str], list[list[Event]]]], staff: int) -> list[str]:
    """The voices of a staff that become rows, in the order in which they appear."""
    played: Counter[str] = Counter()
    tied: set[str] = set()
    order: dict[str, None] = {}
    for measure in layers:
        for (where, voice), found in measure.items():
            if where != staff or not found:
                continue
            order.setdefault(voice)
            played[voice] += any(event.members for event in found[0])
            if any(member.tied for member in found[0][-1].members):
                tied.add(voice)
    if not order:
        return [""]
    enough = HALF * len(layers)
    first, *others = sorted(order, key=lambda voice: -played[voice])
    chosen = [first, *(voice for voice in others if voice in tied or played[voice] >= enough)]
    return sorted(chosen[:MOST_ROWS], key=_number)


def _number(voice: str) -> tuple[int, str]:
    return (int(voice), "") if voice.isascii() and voice.isdigit() else (10**6, voice)


def _lay_measure(
    rows: Sequence[Row], voices: Sequence[str], found: dict[str, list[list[Event]]], length: Fraction
) -> None:
    spare = [layer for voice, layers in found.items() for layer in (layers[1:] if voice in voices else layers)]
    spare = [layer for layer in spare if any(event.members for event in layer)]
    used = [found[voice][0] if found.get(voice) else [] for voice in voices]
    if not any(event.members for layer in used for event in layer) and spare:
        used[0] = spare.pop(0)
    for number, (row, layer) in enumerate(zip(rows, used, strict=True)):
        is_main = number == 0
        bar = [fill(layer, length, visible=is_main and not any(used) and not spare)]
        if is_main:
            bar += [fill(other, length, visible=False) for other in spare]
        row.bars.append(bar)


def _place_signs(
    bars: Sequence[list[list[Event]]], signs: Sequence[Sign], staff: int, staves: Sequence[int], length: Fraction
) -> None:
    """Hang what stands over the music on the events under it."""
    between: list[Sign] = []
    for sign in signs:
        if sign.staff != staff and (sign.staff in staves or staff != staves[0]):
            continue
        layers = [bar[0] for bar in bars]
        layers.sort(key=lambda layer: not (sign.voice and layer and layer[0].voice == sign.voice))
        if sign.kind == "after":
            ended = [event for layer in layers for event in layer if event.end == sign.onset]
            before = ended or [event for event in layers[0] if event.end <= sign.onset] or layers[0]
            if before:
                (ended[0] if ended else before[-1]).decorations.append(str(sign.value))
            continue
        here = next((event for layer in layers for event in layer if event.onset == sign.onset), None)
        if here is None and sign.kind == "chord" and sign.onset < length:
            between.append(sign)
            continue
        here = here or next((event for event in layers[0] if event.onset > sign.onset), None)
        here = here or (layers[0][-1] if layers[0] else None)
        if here is None:
            continue
        if sign.kind == "chord":
            here.chord_symbols.append(str(sign.value))
        elif sign.kind == "annotation":
            here.annotations.append(str(sign.value))
        elif sign.kind == "decoration":
            here.decorations.append(str(sign.value))
    if between:
        bars[0].append(_symbols_between(between, staff, length))


def _symbols_between(signs: Sequence[Sign], staff: int, length: Fraction) -> list[Event]:
    """A layer of invisible rests with chord symbols over them."""
    onsets = sorted({Fraction(0), *(sign.onset for sign in signs)})
    layer: list[Event] = []
    for onset, end in zip(onsets, [*onsets[1:], length], strict=True):
        rest = Event(onset, end - onset, "", staff, visible=False)
        rest.chord_symbols = [str(sign.value) for sign in signs if sign.onset == onset]
        layer.append(rest)
    return layer
