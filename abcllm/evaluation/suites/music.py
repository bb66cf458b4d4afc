"""Music: does what is composed sound like the held-out tunes, as far as counting can tell?

Pitches, steps, lengths and forms of the answers are compared with those of the validation split, and so are those of
the test split: two samples of one tradition differ too, and that is the value to reach. Only valid tunes are heard
(M11-M17 of the field). The smaller a divergence, the better; all other figures are best where people's are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from itertools import pairwise
from typing import ClassVar, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ...analysis.form import find_letters
from ...analysis.melody import read_melody
from ...analysis.sections import notes_of
from ...metrics import divergence, entropy, in_scale, overlap_area
from ...notation import Tune, parse
from ..bars import bar_contents, repeats_of
from ..estimates import Estimate, Pair, bootstrap, ratio
from ..held_out import HeldOut
from . import Estimates, Measure
from .asked import AskingSuite, Example

__all__ = ["Music"]

WIDEST: Final = 12
"""Wider steps than an octave count as one."""

Counts: TypeAlias = "Counter[Hashable]"
Table: TypeAlias = NDArray[np.float64]


class Music(AskingSuite):
    """The answers of the suite `compose`, beside tunes of people."""

    about: ClassVar[str] = "pitches, steps, lengths, forms and repetition, beside tunes of people"
    measures: ClassVar = {
        "pitches": Measure("divergence of pitch classes above the tonic's do", "bits"),
        "steps": Measure("divergence of steps between notes", "bits"),
        "lengths": Measure("divergence of note lengths", "bits"),
        "forms": Measure("forms (AABB and the like) in common"),
        "repeats": Measure("tunes with a repeat sign"),
        "again": Measure("bars that stood in the tune before"),
        "entropy": Measure("entropy of the pitch classes of a tune", "bits"),
        "scale": Measure("notes in the scale that holds most of them"),
    }

    def measure(self, examples: Sequence[Example], held_out: HeldOut) -> Estimates:
        tunes = [one.reply.tunes[0] for one in examples if one.is_valid]
        theirs = [tune for record in held_out.valid for tune in parse(record.abc).tunes]
        pitches = [_pitch_classes(tune) for tune in tunes]
        pairs = {
            "repeats": [Pair(any(repeat.ends for repeat in repeats_of(tune))) for tune in tunes],
            "again": [_said_again(tune) for tune in tunes],
            "entropy": [Pair(entropy([*counts.values()])) for counts in pitches if counts],
            "scale": [Pair(in_scale([counts[name] for name in range(12)])) for counts in pitches if counts],
        }
        return {
            "pitches": _compare(pitches, [*map(_pitch_classes, theirs)], divergence),
            "steps": _compare([*map(_steps, tunes)], [*map(_steps, theirs)], divergence),
            "lengths": _compare([*map(_lengths, tunes)], [*map(_lengths, theirs)], divergence),
            "forms": _compare([*map(_form, tunes)], [*map(_form, theirs)], overlap_area),
            **{name: ratio(found) for name, found in pairs.items()},
        }


def _compare(ours: list[Counts], theirs: list[Counts], measure: Callable[[Table, Table], Table]) -> Estimate | None:
    """A measure of two distributions, what is counted added up over the tunes of each side."""
    names = sorted({name for counts in (*ours, *theirs) for name in counts}, key=repr)
    if not ours or not names:
        return None
    table = np.array([[counts[name] for name in names] for counts in ours], np.float64)
    reference = np.array([[counts[name] for name in names] for counts in theirs], np.float64).sum(axis=0)
    return bootstrap(lambda weights: measure(weights @ table, reference), len(ours))


def _pitch_classes(tune: Tune) -> Counts:
    return Counter(ord(letter) - ord("A") for letter in read_melody(tune).notes)


def _notes(tune: Tune) -> list[tuple[int, Hashable]]:
    return [note for note in notes_of(tune.voices[0].bars) if note[0] >= 0] if tune.voices else []


def _steps(tune: Tune) -> Counts:
    pitches = [pitch for pitch, _ in _notes(tune)]
    return Counter(max(-WIDEST - 1, min(WIDEST + 1, after - before)) for before, after in pairwise(pitches))


def _lengths(tune: Tune) -> Counts:
    return Counter(length for _, length in _notes(tune))


def _form(tune: Tune) -> Counts:
    return Counter(["".join(find_letters(tune))])


def _said_again(tune: Tune) -> Pair:
    """The bars, as they are printed, whose content an earlier one has."""
    bars = bar_contents(tune, unfolded=False)
    return Pair(len(bars) - len({*bars}), len(bars))
