"""Questions about pitch, each with its answer computed: intervals, chords, scales, signatures, keys, transposition.

A kind takes a random generator, a language and the notes of a tune (perhaps none), and gives a `Question`, or None
where these notes do not serve.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random
from typing import Final, NamedTuple, TypeAlias

from ..notation import Key, Note, Pitch
from ..notation.theory import ACCIDENTAL_TEXT, MODE_FIFTHS, SIGN_TEXT, STEPS
from ..notation.transposition import Interval
from .choices import Question
from .names import call_key

__all__ = ["PITCH_KINDS", "Kind", "as_abc"]

Kind: TypeAlias = Callable[[Random, str, Sequence[Sequence[Note]]], "Question | None"]


class _Named(NamedTuple):
    """An interval with its names."""

    en: str
    zh: str
    interval: Interval


INTERVALS: Final = (
    _Named("minor second", "小二度", Interval(1, -5)),
    _Named("major second", "大二度", Interval(2, 2)),
    _Named("minor third", "小三度", Interval(3, -3)),
    _Named("major third", "大三度", Interval(4, 4)),
    _Named("perfect fourth", "纯四度", Interval(5, -1)),
    _Named("augmented fourth", "增四度", Interval(6, 6)),
    _Named("diminished fifth", "减五度", Interval(6, -6)),
    _Named("perfect fifth", "纯五度", Interval(7, 1)),
    _Named("minor sixth", "小六度", Interval(8, -4)),
    _Named("major sixth", "大六度", Interval(9, 3)),
    _Named("minor seventh", "小七度", Interval(10, -2)),
    _Named("major seventh", "大七度", Interval(11, 5)),
    _Named("octave", "纯八度", Interval(12, 0)),
)
CHORDS: Final = {
    "": "major third, perfect fifth",
    "m": "minor third, perfect fifth",
    "dim": "minor third, diminished fifth",
    "sus4": "perfect fourth, perfect fifth",
    "sus2": "major second, perfect fifth",
    "6": "major third, perfect fifth, major sixth",
    "7": "major third, perfect fifth, minor seventh",
    "maj7": "major third, perfect fifth, major seventh",
    "m7": "minor third, perfect fifth, minor seventh",
    "m7b5": "minor third, diminished fifth, minor seventh",
}
"""Intervals over the root by the suffix of the chord symbol."""

DEGREES: Final = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh")
DEGREES_ZH: Final = "一二三四五六七"
WRONG: Final = 3
MOST_SIGNS: Final = 6


def as_abc(pitch: Pitch) -> str:
    """A note in ABC under no signature.

    >>> as_abc(Pitch("F", 5, 1)), as_abc(Pitch("B", 3, -1))
    ('^f', '_B,')
    """
    return (ACCIDENTAL_TEXT[pitch.alter] if pitch.alter else "") + pitch.abc


def _row(pitches: Sequence[Pitch]) -> str:
    """Notes in one bar: a sign holds until another stands before the same letter."""
    signs: dict[str, int] = {}
    row = []
    for pitch in pitches:
        sign = "" if signs.get(pitch.step, 0) == pitch.alter else ACCIDENTAL_TEXT[pitch.alter]
        signs[pitch.step] = pitch.alter
        row.append(sign + pitch.abc)
    return " ".join(row)


def _name(pitch: Pitch) -> str:
    return pitch.step + SIGN_TEXT[pitch.alter]


def _root(random: Random, octave: int = 4) -> Pitch:
    return Pitch(random.choice(STEPS), octave, random.choice((-1, 0, 0, 0, 1)))


def _is_usual(*pitches: Pitch) -> bool:
    return all(abs(pitch.alter) <= 1 for pitch in pitches)


def _others(random: Random, right: str, every: Sequence[str], count: int = WRONG) -> tuple[str, ...]:
    """Wrong options: some of `every` that differ from the right one."""
    return tuple(random.sample(sorted({one for one in every if one != right}), count))


def _usual_key(random: Random, *modes: str) -> Key:
    keys = (Key(step + sign, mode) for mode in modes for step in STEPS for sign in ("", "b", "#"))
    return random.choice([key for key in keys if abs(key.fifths) <= MOST_SIGNS])


def _scale(key: Key) -> list[Pitch]:
    start = STEPS.index(key.tonic[0])
    steps = STEPS[start:] + STEPS[:start]
    return [Pitch(step, 4, key.signature.get(step, 0)) for step in steps]


def _name_interval(random: Random, language: str, bars: Sequence[Sequence[Note]]) -> Question | None:
    """Two notes in ABC: which interval?"""
    named, low = random.choice(INTERVALS), _root(random)
    high = named.interval.move(low)
    if not _is_usual(high):
        return None
    right = named.en if language == "en" else named.zh
    every = [one.en if language == "en" else one.zh for one in INTERVALS]
    return Question("interval", {"low": as_abc(low), "high": as_abc(high)}, (right,), _others(random, right, every))


def _reach_note(random: Random, language: str, bars: Sequence[Sequence[Note]]) -> Question | None:
    """A note and an interval: which note is that far above?"""
    named, low = random.choice(INTERVALS), _root(random)
    high = named.interval.move(low)
    nearby = [one.interval.move(low) for one in INTERVALS]
    if not _is_usual(high):
        return None
    right = as_abc(high)
    wrong = _others(random, right, [as_abc(one) for one in nearby if _is_usual(one)])
    values = {"note": as_abc(low), "interval": named.en if language == "en" else named.zh}
    return Question("note_above", values, (right,), wrong)


def _chord(root: Pitch, suffix: str) -> list[Pitch]:
    by_name = {one.en: one.interval for one in INTERVALS}
    return [root, *(by_name[name].move(root) for name in CHORDS[suffix].split(", "))]


def _name_chord(random: Random, language: str, bars: Sequence[Sequence[Note]]) -> Question | None:
    """A chord in ABC: which chord symbol?"""
    suffix, root = random.choice(list(CHORDS)), _root(random)
    notes = _chord(root, suffix)
    if not _is_usual(*notes):
        return None
    right = _name(root) + suffix
    wrong = _others(random, right, [_name(root) + other for other in CHORDS])
    return Question("chord_symbol", {"chord": f"[{''.join(map(as_abc, notes))}]"}, (right,), wrong)


def _spell_chord(random: Random, language: str, bars: Sequence[Sequence[Note]]) -> Question | None:
    """A chord symbol: which notes?"""
    suffix, root = random.choice(list(CHORDS)), _root(random)
    spelled = {other: _chord(root, other) for other in CHORDS}
    usual = {other: " ".join(map(_name, notes)) for other, notes in spelled.items() if _is_usual(*notes)}
    if suffix not in usual or len(usual) <= WRONG:
        return None
    right = usual[suffix]
    wrong = _others(random, right, list(usual.values()))
    return Question("chord_notes", {"symbol": _name(root) + suffix}, (right,), wrong)


def _spell_scale(random: Random, language: str, bars: Sequence[Sequence[Note]]) -> Question | None:
    """A key: which notes has its scale?"""
    key = _usual_key(random, *MODE_FIFTHS)
    scales = {mode: _scale(Key(key.tonic, mode)) for mode in MODE_FIFTHS}
    usual = {mode: " ".join(map(_name, notes)) for mode, notes in scales.items() if _is_usual(*notes)}
    if key.mode not in usual or len(usual) <= WRONG:
        return None
    right = usual[key.mode]
    wrong = _others(random, right, list(usual.values()))
    return Question("scale", {"key": call_key(key, language)}, (right,), wrong)


def _count_signs(random: Random, language: str, bars: Sequence[Sequence[Note]]) -> Question | None:
    """A key: how many sharps or flats?"""
    key = _usual_key(random, *MODE_FIFTHS)
    every = [_signs(fifths, language) for fifths in range(-MOST_SIGNS, MOST_SIGNS + 1)]
    right = _signs(key.fifths, language)
    return Question("signature", {"key": call_key(key, language)}, (right,), _others(random, right, every))


def _signs(fifths: int, language: str) -> str:
    count = abs(fifths)
    if language == "zh":
        return f"{count}个{'升' if fifths > 0 else '降'}号" if fifths else "没有升降号"
    sign = "sharp" if fifths > 0 else "flat"
    return f"{count} {sign}{'s' if count > 1 else ''}" if fifths else "no sharps or flats"


def _find_relative(random: Random, language: str, bars: Sequence[Sequence[Note]]) -> Question | None:
    """A key: which key of the other mode has the same signature?"""
    key = _usual_key(random, "major", "minor")
    other = "minor" if key.mode == "major" else "major"
    keys = [Key(step + sign, other) for step in STEPS for sign in ("", "b", "#")]
    right = next(call_key(one, language) for one in keys if one.fifths == key.fifths)
    every = [call_key(one, language) for one in keys if abs(one.fifths) <= MOST_SIGNS]
    return Question("relative", {"key": call_key(key, language)}, (right,), _others(random, right, every))


def _find_degree(random: Random, language: str, bars: Sequence[Sequence[Note]]) -> Question | None:
    """A key and a degree: which note?"""
    key, at = _usual_key(random, "major", "minor", "dorian", "mixolydian"), random.randrange(1, 7)
    names = list(map(_name, _scale(key)))
    degree = DEGREES[at] if language == "en" else DEGREES_ZH[at]
    values = {"key": call_key(key, language), "degree": degree}
    return Question("degree", values, (names[at],), _others(random, names[at], names))


def _name_pitch(random: Random, language: str, bars: Sequence[Sequence[Note]]) -> Question | None:
    """A pitch by its scientific name: how is it written in ABC?"""
    pitch = _root(random, random.randrange(2, 7))
    same = [Pitch(pitch.step, octave, pitch.alter) for octave in range(2, 7)]
    right = as_abc(pitch)
    return Question("pitch_in_abc", {"pitch": pitch.name}, (right,), _others(random, right, list(map(as_abc, same))))


def _transpose_fragment(random: Random, language: str, bars: Sequence[Sequence[Note]]) -> Question | None:
    """A few notes and an interval: how do they sound that much higher?"""
    notes = [note.pitch for bar in bars[:2] for note in bar][:6] or [_root(random) for _ in range(5)]
    moved = {one: [one.interval.move(pitch) for pitch in notes] for one in INTERVALS}
    usual = {one: _row(pitches) for one, pitches in moved.items() if _is_usual(*pitches)}
    if not _is_usual(*notes) or len(usual) <= WRONG:
        return None
    named = random.choice(list(usual))
    values = {"notes": _row(notes), "interval": named.en if language == "en" else named.zh}
    return Question("transposition", values, (usual[named],), _others(random, usual[named], list(usual.values())))


def _pick_scale_notes(random: Random, language: str, bars: Sequence[Sequence[Note]]) -> Question | None:
    """A key: which of these notes belong to its scale? Several are right."""
    key = _usual_key(random, "major", "minor")
    inside = list(map(_name, _scale(key)))
    sounding = {pitch.midi % 12 for pitch in _scale(key)}
    every = [Pitch(step, 4, alter) for step in STEPS for alter in (-1, 0, 1)]
    outside = [_name(pitch) for pitch in every if pitch.midi % 12 not in sounding]
    count = random.randrange(1, 4)
    return Question("scale_members", {"key": call_key(key, language)}, tuple(random.sample(inside, count)),
                    tuple(random.sample(outside, 5 - count)))  # fmt: skip


PITCH_KINDS: Final[tuple[Kind, ...]] = (
    _name_interval, _reach_note, _name_chord, _spell_chord, _spell_scale, _count_signs, _find_relative, _find_degree,
    _name_pitch, _transpose_fragment, _pick_scale_notes,
)  # fmt: skip
