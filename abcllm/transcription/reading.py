"""A MIDI file to a tune: the one way for commands, formats and data sets."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from ..errors import FormatError
from ..notation.tune import Tune
from .events import MidiMusic, read_events
from .grid import is_quantised
from .performed import read_performed
from .quantised import Wishes, read_quantised
from .score import Score
from .writing import BARS_IN_LINE, write_score

__all__ = ["Reading", "read_tune"]

MOST_NOTES: Final = 60_000
MOST_QUARTERS: Final = 40_000
"""Five hours at two a second: what lasts longer is a damaged file, or no piece."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A tune, whether its MIDI was played without a grid, and what was left out, mended or guessed."""

    tune: Tune
    performed: bool
    notices: tuple[str, ...]


def read_tune(
    data: bytes,
    wishes: Wishes = Wishes(),  # noqa: B008 - a frozen value
    *,
    unit: Fraction | None = None,
    bars_in_line: int = BARS_IN_LINE,
) -> Reading:
    """The tune that a MIDI file holds, whether it was written or played.

    Raises `FormatError` where it cannot be read, or holds more than a piece of music.
    """
    music = read_events(data)
    count = sum(len(track.notes) for track in music.tracks)
    if count > MOST_NOTES:
        raise FormatError(f"{count} notes are more than one piece of music has ({MOST_NOTES})", format="midi")
    last = max(note.offset for track in music.tracks for note in track.notes)
    if last > MOST_QUARTERS * music.resolution:
        raise FormatError(
            f"the last note ends after {last // music.resolution} quarters; a piece has {MOST_QUARTERS} at most",
            format="midi",
        )
    performed = not is_quantised(music)
    score = _score(music, wishes, performed=performed)
    tune = write_score(score, unit=unit, bars_in_line=bars_in_line)
    return Reading(tune, performed, score.notices)


def _score(music: MidiMusic, wishes: Wishes, *, performed: bool) -> Score:
    return read_performed(music, wishes) if performed else read_quantised(music, wishes)
