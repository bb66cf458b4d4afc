"""Keys: those that are in use, and how near one that was found is to the right one.

The weights of nearness are those of the audio key detection task of MIREX (Music Information Retrieval Evaluation
eXchange, since 2005): the same key 1, a perfect fifth away 0.5, the relative key 0.3, the parallel key 0.2. There, keys
are major or minor; here, keys of any two modes with one signature are relative, and any two on one tonic parallel.
"""

from __future__ import annotations

from typing import Final

from ..notation import Key
from ..notation.theory import STEPS

__all__ = ["key_score", "usual_keys"]

MOST_SIGNS: Final = 5


def key_score(found: Key, wanted: Key) -> float:
    """1 for the same tonic and mode, however spelled; else the weight of what the two keys are to each other.

    >>> key_score(Key("A", "minor"), Key("C")), key_score(Key("D#"), Key("Eb"))
    (0.3, 1.0)
    """
    one, other = found.tonic_pitch_class, wanted.tonic_pitch_class
    if one is None or other is None:
        return float(found.mode == wanted.mode and one == other)
    if found.mode == wanted.mode:
        return {0: 1.0, 5: 0.5, 7: 0.5}.get((one - other) % 12, 0.0)
    if (found.fifths - wanted.fifths) % 12 == 0:
        return 0.3
    return 0.2 if one == other else 0.0


def usual_keys(mode: str) -> list[Key]:
    """The keys of a mode with at most five sharps or flats.

    >>> [str(key) for key in usual_keys("major")]
    ['C', 'Db', 'D', 'Eb', 'E', 'F', 'G', 'Ab', 'A', 'Bb', 'B']
    """
    keys = (Key(step + sign, mode) for step in STEPS for sign in ("b", "", "#"))
    return [key for key in keys if abs(key.fifths) <= MOST_SIGNS]
