"""Questions about time, each with its answer computed: metres, lengths, bar lines, bars to be filled.

The kinds have the form of those of `theory_pitch`. Bars are taken from a tune where it has plain ones, else made up.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import accumulate
from random import Random
from typing import Final

from ..notation import Meter, Note, Pitch, Tune
from ..notation.writer import length, spelled
from .choices import Question
from .theory_pitch import Kind

__all__ = ["TIME_KINDS", "plain_bars"]

METERS: Final = tuple(
    Meter((beats,), unit)
    for beats, unit in ((2, 4), (3, 4), (4, 4), (5, 4), (6, 4), (3, 8), (6, 8), (9, 8), (12, 8), (2, 2), (3, 2))
)
UNITS: Final = (Fraction(1, 4), Fraction(1, 8), Fraction(1, 16))
EIGHTH: Final = Fraction(1, 8)
MADE_UP: Final = (Meter((2,), 4), Meter((3,), 4), Meter((4,), 4), Meter((6,), 8), Meter((9,), 8))
LENGTHS: Final = {
    Fraction(1): ("whole note", "全音符"),
    Fraction(3, 4): ("dotted half note", "附点二分音符"),
    Fraction(1, 2): ("half note", "二分音符"),
    Fraction(3, 8): ("dotted quarter note", "附点四分音符"),
    Fraction(1, 4): ("quarter note", "四分音符"),
    Fraction(3, 16): ("dotted eighth note", "附点八分音符"),
    Fraction(1, 8): ("eighth note", "八分音符"),
    Fraction(1, 16): ("sixteenth note", "十六分音符"),
    Fraction(1, 32): ("thirty-second note", "三十二分音符"),
}
COUNTS: Final = {2: ("duple", "二拍子"), 3: ("triple", "三拍子"), 4: ("quadruple", "四拍子")}


def plain_bars(tune: Tune) -> list[list[Note]]:
    """The full bars of the first voice that hold single notes alone, with no tuplet and no broken rhythm."""
    if not tune.voices:
        return []
    return [
        [item for item in bar.items if isinstance(item, Note)]
        for bar in tune.voices[0].bars
        if bar.duration == tune.meter.duration and len(bar.items) > 1
        and all(isinstance(item, Note) and not item.broken and item.written == item.duration for item in bar.items)
    ]  # fmt: skip


def _made_up(random: Random, count: int) -> list[list[Note]]:
    """Bars of some metre in eighths, quarters and dotted quarters."""
    total = random.choice(MADE_UP).duration or Fraction(1)
    bars: list[list[Note]] = []
    for _ in range(count):
        left, bar = total, list[Note]()
        while left:
            most = min(3, int(left / EIGHTH), 3 if len(bar) else 2)
            size = EIGHTH * random.randint(1, most)
            bar.append(Note(Pitch(random.choice("CDEFGAB"), random.choice((4, 5))), size, size))
            left -= size
        bars.append(bar)
    return bars


def _some(random: Random, bars: Sequence[Sequence[Note]], count: int) -> list[Sequence[Note]]:
    """So many bars that follow each other, of those given or made up."""
    if len(bars) < count:
        return [*_made_up(random, count)]
    at = random.randrange(len(bars) - count + 1)
    return list(bars[at : at + count])


def _text(notes: Sequence[Note]) -> str:
    return " ".join(spelled(note) + length(note.written, EIGHTH) for note in notes)


def _total(notes: Sequence[Note]) -> Fraction:
    return sum((note.written for note in notes), Fraction(0))


def _wrong_meters(random: Random, right: Fraction, count: int = 3) -> tuple[str, ...]:
    return tuple(random.sample([meter.fraction for meter in METERS if meter.duration != right], count))


def _meter_of(random: Random, total: Fraction) -> str | None:
    fitting = [meter.fraction for meter in METERS if meter.duration == total]
    return random.choice(fitting) if fitting else None


def _find_time_signature(random: Random, language: str, bars: Sequence[Sequence[Note]]) -> Question | None:
    """Some bars: which metre fits?"""
    chosen = _some(random, bars, 2)
    right = _meter_of(random, _total(chosen[0]))
    if right is None:
        return None
    values = {"music": " | ".join(map(_text, chosen)) + " |"}
    return Question("time_signature", values, (right,), _wrong_meters(random, _total(chosen[0])))


def _place_bar_lines(random: Random, language: str, bars: Sequence[Sequence[Note]]) -> Question | None:
    """Notes without bar lines: where do these stand?"""
    chosen = _some(random, bars, 3)
    notes = [note for bar in chosen for note in bar]
    right = " | ".join(map(_text, chosen)) + " |"
    meter = _meter_of(random, _total(chosen[0]))
    cuts = list(accumulate(map(len, chosen)))[:-1]
    wrong = set[str]()
    for _ in range(30):
        one, two = sorted(random.sample(range(1, len(notes)), 2))
        if [one, two] != cuts:
            wrong.add(" | ".join((_text(notes[:one]), _text(notes[one:two]), _text(notes[two:]))) + " |")
    if meter is None or len(wrong) < 3:
        return None
    values = {"music": _text(notes), "meter": meter}
    return Question("bar_lines", values, (right,), tuple(random.sample(sorted(wrong), 3)))


def _fill_bar(random: Random, language: str, bars: Sequence[Sequence[Note]]) -> Question | None:
    """A bar with a note missing at its end: which note fills it?"""
    bar = _some(random, bars, 1)[0]
    meter, last = _meter_of(random, _total(bar)), bar[-1]
    if meter is None:
        return None
    right = spelled(last) + length(last.written, EIGHTH)
    sizes = {last.written * factor for factor in (Fraction(1, 2), 2, 3, Fraction(3, 2))} - {last.written}
    wrong = [spelled(last) + length(size, EIGHTH) for size in sorted(sizes)]
    values = {"music": _text(bar[:-1]), "meter": meter}
    return Question("missing_note", values, (right,), tuple(random.sample(wrong, 3)))


def _count_bars_of(random: Random, language: str, bars: Sequence[Sequence[Note]]) -> Question | None:
    """Notes without bar lines: how many bars of a metre do they fill?"""
    count = random.randint(1, 4)
    notes = [note for bar in _some(random, bars, count) for note in bar]
    meter = _meter_of(random, _total(notes) / count)
    if meter is None:
        return None
    wrong = tuple(map(str, random.sample([one for one in range(1, 7) if one != count], 3)))
    return Question("how_many_bars", {"music": _text(notes), "meter": meter}, (str(count),), wrong)


def _name_length(random: Random, language: str, bars: Sequence[Sequence[Note]]) -> Question | None:
    """A note under a unit length: how long is it?"""
    size, unit = random.choice(list(LENGTHS)), random.choice(UNITS)
    names = [pair[0 if language == "en" else 1] for pair in LENGTHS.values()]
    right = LENGTHS[size][0 if language == "en" else 1]
    wrong = tuple(random.sample([name for name in names if name != right], 3))
    note = random.choice("CDEFGABcdefgab") + length(size, unit)
    return Question("note_length", {"note": note, "unit": str(unit)}, (right,), wrong)


def _name_meter_kind(random: Random, language: str, bars: Sequence[Sequence[Note]]) -> Question | None:
    """A metre: is it simple or compound, and how many beats has it?"""
    meter = random.choice([meter for meter in METERS if _is_compound(meter) or meter.beats[0] in COUNTS])
    at = 0 if language == "en" else 1
    every = [_kind(compound, count, at) for compound in (False, True) for count in COUNTS]
    compound = _is_compound(meter)
    right = _kind(compound, meter.beats[0] // 3 if compound else meter.beats[0], at)
    wrong = tuple(random.sample([one for one in every if one != right], 3))
    return Question("meter_kind", {"meter": meter.fraction}, (right,), wrong)


def _pick_compound_meters(random: Random, language: str, bars: Sequence[Sequence[Note]]) -> Question | None:
    """Which of these metres are compound? Several are right."""
    compound = [meter.fraction for meter in METERS if _is_compound(meter)]
    simple = [meter.fraction for meter in METERS if not _is_compound(meter)]
    count = random.randrange(1, 4)
    return Question(
        "compound_meters", {}, tuple(random.sample(compound, count)), tuple(random.sample(simple, 5 - count))
    )


def _is_compound(meter: Meter) -> bool:
    return meter.beats[0] > 3 and meter.beats[0] % 3 == 0


def _kind(compound: bool, count: int, at: int) -> str:
    if at:
        return ("复" if compound else "单") + COUNTS[count][at]
    return f"{'compound' if compound else 'simple'} {COUNTS[count][at]}"


TIME_KINDS: Final[tuple[Kind, ...]] = (
    _find_time_signature, _place_bar_lines, _fill_bar, _count_bars_of, _name_length, _name_meter_kind,
    _pick_compound_meters,
)  # fmt: skip
