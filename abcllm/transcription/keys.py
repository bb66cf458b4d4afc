"""The key of music without one, or with one that it does not keep.

The notes are compared with what tunes in each mode do: how often each degree sounds, and on which they end
(`tools/fit_profiles.py` makes `keys.json`). Sources: Krumhansl, Cognitive Foundations of Musical Pitch, chapter 4, 1990
(profiles); Temperley, Music and Probability, chapter 4, 2007 (profiles as probabilities).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..notation.theory import FIFTHS_OF_STEP, MODE_FIFTHS, SEMITONE_OF_STEP, Key

__all__ = ["Profile", "find_key", "read_profiles"]

NOTES_HEARD: Final = 60
"""More notes than these tell no more: the notes of a tune are not drawn one by one."""
STATED: Final = 15.0
"""What it counts that the file states a key, and `SIGNATURE` its signs (logarithms); `PLAIN` where it states the C
major that programs write for none."""
PLAIN: Final = 3.0
SIGNATURE: Final = 16.0
MOST_SIGNS: Final = 6


class Profile(NamedTuple):
    """Logarithms of probabilities for a mode: its share, its degrees in semitones over the tonic, the last note."""

    share: float
    degrees: NDArray[np.float64]
    last: NDArray[np.float64]


@lru_cache(maxsize=1)
def read_profiles() -> dict[str, Profile]:
    """The profile of each mode."""
    text = files("abcllm.transcription").joinpath("keys.json").read_text("utf-8")
    return {
        mode: Profile(-table["share"] / 100, np.array(table["degrees"]) / -100, np.array(table["last"]) / -100)
        for mode, table in json.loads(text).items()
    }


def find_key(weights: Sequence[float], last: int, stated: Key | None = None) -> Key:
    """The likeliest key of music in which the pitch classes sound so often (or so long) and that ends on `last`.

    A key that the file states is kept unless the notes speak clearly against it; a major one may stand for a mode of
    its signature, for which MIDI has no sign.
    """
    heard = np.array(weights, dtype=float)
    total = float(heard.sum()) or 1.0
    heard *= min(total, NOTES_HEARD) / total
    best, found = -np.inf, Key()
    for key in _candidates():
        profile = read_profiles()[key.mode]
        tonic = key.tonic_pitch_class or 0
        score = float(np.roll(profile.degrees, tonic) @ heard) + float(profile.last[(last - tonic) % 12])
        score += profile.share
        if stated is not None and (stated.fifths or stated.mode == "minor"):
            score += STATED * (key == stated) + SIGNATURE * (key.fifths == stated.fifths)
        elif stated is not None:
            score += PLAIN * (key.fifths == 0)
        if score > best:
            best, found = score, key
    return found


@lru_cache(maxsize=1)
def _candidates() -> list[Key]:
    """A key on every tonic in every mode that has a profile, spelled with as few signs as can be."""
    keys = []
    for mode in read_profiles():
        for tonic in range(12):
            names = [
                Key(step + sign, mode)
                for step, semitone in SEMITONE_OF_STEP.items()
                for sign, alter in (("", 0), ("#", 1), ("b", -1))
                if (semitone + alter) % 12 == tonic
                and abs(FIFTHS_OF_STEP[step] + 7 * alter + MODE_FIFTHS[mode]) <= MOST_SIGNS
            ]
            keys += names
    return keys
