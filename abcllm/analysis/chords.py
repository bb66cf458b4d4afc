"""Chord symbols of a tune: the chart of its bars, how well they fit the melody, and the tune without them.

A text in quotes is a chord symbol where it names a chord (`names_chord`): words such as "Fine" are none. Read is the
first voice that has one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Final, TypeAlias

from ..notation.harmony import names_chord, parse_chord_symbol
from ..notation.tune import Bar, Chord, MultiRest, Note, Rest, Spacer, Tune, Voice

__all__ = ["chart", "chord_tone_share", "chords_by_bar", "progression", "remove_chords", "root_of"]

Carrier: TypeAlias = Note | Chord | Rest | MultiRest | Spacer

HELD: Final = "-"
NO_MUSIC: Final = re.compile(r"[ \t]*(?:[A-Za-z+]:(?![|:\]])|%)")
QUOTED: Final = re.compile(r'\[[A-Za-z]:[^\]\n]*\]|"((?:\\.|[^"\\\n])*)"|%.*')


def chords_by_bar(tune: Tune) -> tuple[tuple[str, ...], ...]:
    """The chord symbols of each bar as they are written, empty where the chord before goes on.

    Pickups and the other bars that are shorter than the metre says are left out where no chord stands in them.

    >>> from abcllm.notation import parse
    >>> chords_by_bar(parse('X:1\\nL:1/4\\nM:2/4\\nK:G\\nD|"G"GB|dB|"C"c"D7"A|"G"G|]\\n').tunes[0])
    (('G',), (), ('C', 'D7'), ('G',))
    """
    voice = _chord_voice(tune)
    if voice is None:
        return ()
    whole = tune.meter.duration or Fraction(0)
    found = [(_chords_of(bar), bar.duration) for bar in voice.bars]
    return tuple(symbols for symbols, duration in found if symbols or duration >= whole)


def progression(tune: Tune) -> tuple[str, ...]:
    """All chord symbols in order."""
    return tuple(symbol for bar in chords_by_bar(tune) for symbol in bar)


def chart(tune: Tune) -> str:
    """The chords as players note them down: bars between lines, `-` where the chord before goes on.

    >>> from abcllm.notation import parse
    >>> chart(parse('X:1\\nL:1/4\\nM:2/4\\nK:G\\n"G"GB|dB|"C"c"D7"A|"G"G2|]\\n').tunes[0])
    '| G | - | C D7 | G |'
    """
    bars = (" ".join(symbols) or HELD for symbols in chords_by_bar(tune))
    return f"| {' | '.join(bars)} |"


def root_of(symbol: str) -> str:
    """The root of a chord symbol: `F#` of `F#m7`; the symbol itself where it has none, as `N.C.`."""
    chord = parse_chord_symbol(symbol)
    return chord.root if chord else symbol


def chord_tone_share(tune: Tune) -> float:
    """How much of the time in which notes sound over a chord they belong to it; 0 where no chord is sounded.

    It is the chord tone ratio of Yeh et al., Automatic melody harmonization with triad chords (2021), by time rather
    than by count. Of notes that sound together the highest counts.
    """
    voice = _chord_voice(tune)
    belonging = total = Fraction(0)
    classes: tuple[int, ...] = ()
    for item in (item for bar in voice.bars for item in _carriers(bar)) if voice else ():
        for symbol in _symbols(item):
            chord = parse_chord_symbol(symbol)
            classes = chord.pitch_classes if chord else ()
        if classes and isinstance(item, Note | Chord):
            pitch = item.pitch.midi if isinstance(item, Note) else max(note.pitch.midi for note in item.notes)
            total += item.duration
            belonging += item.duration if pitch % 12 in classes else 0
    return float(belonging / total) if total else 0.0


def remove_chords(abc: str) -> str:
    """The text of a tune without its chord symbols; nothing else is changed.

    >>> remove_chords('X:1\\nT:"Am"\\nK:Am\\n"Am"A2 "^slow"B2|"E7"e4|]\\n')
    'X:1\\nT:"Am"\\nK:Am\\nA2 "^slow"B2|e4|]\\n'
    """
    return "".join(
        line if NO_MUSIC.match(line) else QUOTED.sub(_without_chord, line) for line in abc.splitlines(keepends=True)
    )


def _without_chord(found: re.Match[str]) -> str:
    text = found.group(1)
    return "" if text is not None and names_chord(text) else found.group()


def _chord_voice(tune: Tune) -> Voice | None:
    return next((voice for voice in tune.voices if any(map(_chords_of, voice.bars))), None)


def _chords_of(bar: Bar) -> tuple[str, ...]:
    return tuple(symbol for item in _carriers(bar) for symbol in _symbols(item))


def _carriers(bar: Bar) -> Iterator[Carrier]:
    return (item for item in bar.items if isinstance(item, Carrier))


def _symbols(item: Carrier) -> Iterator[str]:
    return filter(names_chord, item.marks.chord_symbols)
