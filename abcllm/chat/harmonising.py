"""Chord symbols over a tune, by a composer; its notes are kept sign by sign."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Final

from ..analysis.chords import chord_tone_share, progression, remove_chords
from ..backends import Sampling
from ..backends.changing import CARRIER, ChordGuide
from ..conversation import Conversation, Message
from ..errors import UsageError
from ..notation import Chord, Field, Note, Rest, Tune, parse, write
from ..notation.harmony import parse_chord_symbol
from ..notation.tune import Ending, LineBreak
from ..tasks.wording import wording
from .drafting import Draft, Drafter

__all__ = ["harmonise"]

LEAST_FIT: Final = 0.5
"""Chords to which the melody belongs for less of the time are no harmony."""


def harmonise(tune: Tune, drafter: Drafter) -> Draft:
    """The tune with chords, one a bar at least: of some drafts the one whose chords fit best.

    Chords that it had before are left out. Raises `UsageError` and `BackendError`.
    """
    if len(tune.voices) != 1:
        raise UsageError(f"the tune has {len(tune.voices)} voices, and I put chords over tunes of one")
    text = remove_chords(write(tune)).rstrip("\n") + "\n"
    start = text.index("\n", text.index("\nK:") + 1) + 1
    header, music = text[:start], text[start:]
    due = {place - start for place in _first_notes(text, parse(text).tunes[0])}
    ask = wording("harmonise", "en").say("ask", Random(drafter.sampling.seed), tune=text.rstrip("\n"))
    asked = Conversation((Message("user", ask),))

    def draw(sampling: Sampling) -> str:
        return header + "".join(drafter.backend.write_held(asked, ChordGuide(header, music, due), sampling))

    def accept(new: Tune) -> bool:
        return len(progression(new)) >= len(due) and chord_tone_share(new) >= LEAST_FIT

    def judge(draft: Draft) -> tuple[bool, float]:
        last = parse_chord_symbol(progression(draft.tune)[-1])
        at_home = last is not None and last.pitch_classes[0] == draft.tune.key.tonic_pitch_class
        return at_home, chord_tone_share(draft.tune)

    return drafter.choose(draw, accept, judge)


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
