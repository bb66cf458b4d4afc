"""Copies: how much of what is composed stands in the tunes that were trained on.

Four measures, from a whole tune to a phrase, each beside the same for held-out tunes of people (M21 of the field):

* the whole melody is one of the training set, in whatever key and unit (`analysis.melody`, identity);
* a training tune shares 80 % of it: 1 - Levenshtein/longer of the pitch classes of all notes, from the `do` of the key;
* it would be taken for a setting of a training tune, or for a part of one (`analysis.families`). The corpus is split by
  these families, so that of held-out tunes hardly any is;
* runs of `RUN` notes, about two bars of a reel, that stand in some training tune.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import ClassVar, Final, NamedTuple

import numpy as np
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cdist

from ...analysis.families import group_melodies
from ...analysis.melody import Melody, read_melody
from ..estimates import Pair, ratio
from ..held_out import HeldOut
from . import Estimates, Measure
from .asked import AskingSuite, Example

__all__ = ["Copies"]

OVERLAP: Final = 0.8
RUN: Final = 12
BATCH: Final = 100


class Copies(AskingSuite):
    """The answers of the suite `compose`, against the training split."""

    about: ClassVar[str] = "how much of what is composed stands in the tunes that were trained on"
    measures: ClassVar = {
        "whole": Measure("melody of a training tune, note for note"),
        "overlap": Measure(f"{OVERLAP:.0%} of the notes as in a training tune"),
        "family": Measure("a setting of a training tune, or a part of one"),
        "runs": Measure(f"runs of {RUN} notes that stand in a training tune"),
    }

    def measure(self, examples: Sequence[Example], held_out: HeldOut) -> Estimates:
        known = _known(held_out)
        melodies = [read_melody(tune) for one in examples for tune in one.reply.tunes[:1]]
        melodies = [melody for melody in melodies if melody.identity]
        pairs = {
            "whole": [Pair(melody.identity in known.identities) for melody in melodies],
            "overlap": [Pair(near) for near in _overlapping(melodies, known.melodies)],
            "family": [Pair(near) for near in _related(melodies, known.melodies)],
            "runs": [_count_runs(melody, known.runs) for melody in melodies],
        }
        return {name: ratio(found) for name, found in pairs.items()}


class _Known(NamedTuple):
    """The training tunes: their melodies, identities, and all runs of notes in them."""

    melodies: list[Melody]
    identities: frozenset[int]
    runs: frozenset[str]


@lru_cache(maxsize=1)
def _known(held_out: HeldOut) -> _Known:
    distinct = {melody.identity: melody for melody in map(read_melody, held_out.training_tunes()) if melody.identity}
    melodies = [*distinct.values()]
    return _Known(melodies, frozenset(distinct), frozenset(run for melody in melodies for run in _runs(melody)))


def _runs(melody: Melody) -> Iterable[str]:
    return (melody.notes[at : at + RUN] for at in range(len(melody.notes) - RUN + 1))


def _count_runs(melody: Melody, known: frozenset[str]) -> Pair:
    runs = [run in known for run in _runs(melody)]
    return Pair(sum(runs), len(runs))


def _overlapping(melodies: Sequence[Melody], known: Sequence[Melody]) -> list[bool]:
    theirs = [melody.notes for melody in known]
    near: list[bool] = []
    for at in range(0, len(melodies), BATCH):
        ours = [melody.notes for melody in melodies[at : at + BATCH]]
        alike = cdist(
            ours, theirs, scorer=Levenshtein.normalized_similarity, score_cutoff=OVERLAP - 1e-6, dtype=np.float32
        )
        near += [bool(row.any()) for row in alike]
    return near


def _related(melodies: Sequence[Melody], known: Sequence[Melody]) -> list[bool]:
    families = group_melodies([*known, *melodies])
    return np.isin(families[len(known) :], families[: len(known)]).tolist() if len(families) else []
