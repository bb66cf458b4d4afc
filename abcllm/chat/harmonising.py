"""Chord symbols over a tune, by a composer; its notes are kept sign by sign."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence
from fractions import Fraction
from random import Random
from typing import Final

from ..analysis.chords import chord_tone_share, progression, remove_chords
from ..analysis.sections import notes_of
from ..backends import Sampling
from ..backends.changing import CARRIER, ChordGuide
from ..conversation import Conversation, Message
from ..errors import UsageError
from ..notation import Chord, Field, Key, Note, Rest, Tune, parse, write
from ..notation.harmony import parse_chord_symbol, pitch_class
from ..notation.theory import SIGN_TEXT, STEPS
from ..notation.tune import Ending, LineBreak
from ..tasks.wording import wording
from .drafting import Draft, Drafter

__all__ = ["harmonise"]

LEAST_FIT: Final = 0.75
"""How much of the time that the best chord of the key fits another one must fit."""
SCALE: Final = (0, 2, 4, 5, 7, 9, 11)
"""Semitones above the `do` of a key signature."""


def harmonise(tune: Tune, drafter: Drafter) -> Draft:
    """The tune with chords, one a bar at least: of some drafts the one whose chords fit best.

    The composer chooses among chords of the key to which the melody belongs. Chords that were there before are left
    out. Raises `UsageError` and `BackendError`.
    """
    if len(tune.voices) != 1:
        raise UsageError(f"the tune has {len(tune.voices)} voices, and I put chords over tunes of one")
    text = remove_chords(write(tune)).rstrip("\n") + "\n"
    start = text.index("\n", text.index("\nK:") + 1) + 1
    header, music = text[:start], text[start:]
    bare = parse(text).tunes[0]
    due = {place - start for place in _first_notes(text, bare)}
    places = {end - start: symbols for end, symbols in _offers(bare)}
    ends = sorted(places)

    def offers(at: int) -> Collection[str]:
        return places[ends[bisect_right(ends, at)]]

    ask = wording("harmonise", "en").say("ask", Random(drafter.sampling.seed), tune=text.rstrip("\n"))
    asked = Conversation((Message("user", ask),))

    def draw(sampling: Sampling) -> str:
        return header + "".join(drafter.backend.write_held(asked, ChordGuide(header, music, due, offers), sampling))

    def judge(draft: Draft) -> tuple[bool, float]:
        last = parse_chord_symbol(progression(draft.tune)[-1])
        at_home = last is not None and last.pitch_classes[0] == draft.tune.key.tonic_pitch_class
        return at_home, chord_tone_share(draft.tune)

    return drafter.choose(draw, lambda new: len(progression(new)) >= len(due), judge)


def _offers(tune: Tune) -> Iterator[tuple[int, list[str]]]:
    """Where each note ends, and the chords to which what sounds from it to the end of its bar belongs."""
    chords = {symbol: chord.pitch_classes for symbol in _symbols(tune.key) if (chord := parse_chord_symbol(symbol))}
    for bar in tune.voices[0].bars:
        items = [item for item in bar.items if isinstance(item, Note | Chord)]
        notes = [note for note in notes_of((bar,)) if note[0] >= 0]
        is_pickup = 2 * bar.duration < (tune.meter.duration or 0)
        for at, item in enumerate(items):
            fit = {symbol: _share(notes[at:], classes) for symbol, classes in chords.items()}
            best = max(fit.values())
            yield item.span.end, [symbol for symbol in fit if fit[symbol] >= LEAST_FIT * best and not is_pickup]


def _symbols(key: Key) -> Iterator[str]:
    """The major and minor chords of the key, and those on its fifth that lead to the tonic."""
    do = 7 * key.fifths
    scale = {(do + step) % 12 for step in SCALE}
    fifth = None if key.tonic_pitch_class is None else (key.tonic_pitch_class + 7) % 12
    for step in STEPS:
        root = step + SIGN_TEXT[key.signature.get(step, 0)]
        leads = pitch_class(root) == fifth and key.mode in ("major", "minor")
        for suffix in ("", "m", "7"):
            chord = parse_chord_symbol(root + suffix)
            is_own = chord is not None and suffix != "7" and set(chord.pitch_classes) <= scale
            if is_own or (leads and suffix != "m"):
                yield root + suffix


def _share(notes: Sequence[tuple[int, Fraction]], classes: tuple[int, ...]) -> Fraction:
    """For how long what sounds belongs to a chord."""
    return sum((length for pitch, length in notes if pitch % 12 in classes), Fraction(0))


def _first_notes(text: str, tune: Tune) -> Iterator[int]:
    """Where in the text the first note of each bar begins, pickups left out."""
    full = tune.meter.duration or 0
    for bar in tune.voices[0].bars:
        first = next((item for item in bar.items if isinstance(item, Note | Chord)), None)
        if first is None or 2 * bar.duration < full:
            continue
        before = [item.span.end for item in bar.items if isinstance(item, Field | Ending | Rest | LineBreak)]
        start = max([bar.span.start, *(end for end in before if end <= first.span.start)])
        if found := CARRIER.search(text, start, first.span.end):
            yield found.start()
