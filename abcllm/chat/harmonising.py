"""Chord symbols over a tune, by a composer; its notes are kept sign by sign."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterator, Sequence
from fractions import Fraction
from random import Random
from typing import Final

from ..analysis.chords import chord_tone_share, progression, remove_chords
from ..analysis.sections import notes_of
from ..backends import Backend, Sampling
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
MOST_AT_ONCE: Final = 500
"""Signs of music."""
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

    def draw(sampling: Sampling) -> str:
        return header + "".join(
            _write_chords(
                drafter.backend, header, music[begin:end], {at - begin for at in due}, offers, begin, sampling
            )
            for begin, end in _stretches(music)
        )

    def judge(draft: Draft) -> tuple[bool, float]:
        last = parse_chord_symbol(progression(draft.tune)[-1])
        at_home = last is not None and last.pitch_classes[0] == draft.tune.key.tonic_pitch_class
        return at_home, chord_tone_share(draft.tune)

    return drafter.choose(draw, lambda new: len(progression(new)) >= len(due), judge)


def _write_chords(
    backend: Backend,
    header: str,
    music: str,
    due: Collection[int],
    offers: Callable[[int], Collection[str]],
    begin: int,
    sampling: Sampling,
) -> str:
    """Some lines of a tune with chords; `due` is counted from their beginning, `offers` from that of the music."""
    ask = wording("harmonise", "en").say("ask", Random(sampling.seed), tune=(header + music).rstrip("\n"))
    guide = ChordGuide(header, music, due, lambda at: offers(begin + at))
    return "".join(backend.write_held(Conversation((Message("user", ask),)), guide, sampling))


def _stretches(music: str) -> Iterator[tuple[int, int]]:
    """Whole lines, as many as a composer has before it at a time.

    >>> [*_stretches("A" * 300 + "\\n" + "B" * 300 + "\\n" + "C\\n")]
    [(0, 301), (301, 604)]
    """
    begin = end = 0
    for line in music.splitlines(keepends=True):
        if end > begin and end + len(line) - begin > MOST_AT_ONCE:
            yield begin, end
            begin = end
        end += len(line)
    yield begin, end


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
    begins = 0
    for bar in tune.voices[0].bars:
        begins = max(begins, bar.left.span.end if bar.left else 0)
        ends = [begins, *(item.span.end for item in bar.items if isinstance(item, Field | Ending | Rest | LineBreak))]
        begins = bar.right.span.end if bar.right else bar.span.end
        first = next((item for item in bar.items if isinstance(item, Note | Chord)), None)
        if first is None or 2 * bar.duration < full:
            continue
        start = max(end for end in ends if end <= first.span.start)
        carriers = (found.span() for found in CARRIER.finditer(text, start, first.span.end))
        yield from (begin for begin, end in carriers if begin <= first.span.start < end)
