"""Short ways to read a tune in a test, and to say what came out of it."""

from __future__ import annotations

from fractions import Fraction

from abcllm.notation import Chord, Note, Rest, Tune, Tunebook, check, parse
from abcllm.notation.tune import Item, MultiRest

HEADER = "X:1\nT:t\nM:4/4\nL:1/4\nK:C\n"


def whole(text: str) -> str:
    """A body with the usual header before it; a whole tune stays as it is."""
    return text if text.startswith(("X:", "T:", "%abc", "Just", "\n")) else HEADER + text


def read(text: str) -> Tunebook:
    return parse(whole(text))


def tune_of(text: str) -> Tune:
    return read(text).tunes[0]


def codes(text: str) -> list[str]:
    """All codes that `check` finds."""
    return [diagnostic.code for diagnostic in check(whole(text))]


def items(tune: Tune, voice: int = 0) -> list[Item]:
    return [item for bar in tune.voices[voice].bars for item in bar.items]


def notes(tune: Tune, voice: int = 0) -> list[Note]:
    """The notes of a voice, those of chords one by one, grace notes left out."""
    found: list[Note] = []
    for item in items(tune, voice):
        found += item.notes if isinstance(item, Chord) else [item] if isinstance(item, Note) else []
    return found


def heard(text: str, voice: int = 0) -> str:
    """Pitches and lengths in quarters: `C4 D4/2 [E4 G4] z/4 F4/(1/2)`."""
    words = []
    for item in items(tune_of(text), voice):
        if isinstance(item, Note):
            words.append(item.pitch.name + _length(item.duration))
        elif isinstance(item, Chord):
            words.append(f"[{' '.join(note.pitch.name for note in item.notes)}]" + _length(item.duration))
        elif isinstance(item, Rest):
            words.append(("z" if item.visible else "x") + _length(item.duration))
        elif isinstance(item, MultiRest):
            words.append(f"Z{item.bars}" + _length(item.duration))
    return " ".join(words)


def _length(duration: Fraction) -> str:
    quarters = duration * 4
    return "" if quarters == 1 else f"/{quarters}" if quarters.denominator == 1 else f"/({quarters})"
