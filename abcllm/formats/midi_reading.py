"""MIDI files read as tunes; the work is done by `abcllm.transcription`."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from ..errors import FormatError, UsageError
from ..notation import Tunebook, parse, write
from ..notation.fields import FieldFault, parse_key, parse_meter, parse_unit_length
from ..notation.tune import Field
from ..transcription.quantised import Wishes
from ..transcription.reading import Reading, read_tune
from ..transcription.writing import BARS_IN_LINE

__all__ = ["read_midi", "read_midi_tune"]


def read_midi(
    data: bytes,
    name: str,
    *,
    metre: str = "",
    key: str = "",
    unit: str = "",
    grid: str = "",
    voices: str = "auto",
    bars: int = BARS_IN_LINE,
) -> Tunebook:
    """The tune that a MIDI file holds, as a book of one.

    The options are for those who know better than the estimate: `metre` and `key` as ABC has them (`6/8`, `Ador`),
    `unit` the unit note length (`1/8`), `grid` the shortest note that is told apart (`1/16`), `voices` is `1` (all in
    one voice), `2` (two hands) or `auto`, `bars` is how many stand in a line. What was left out, mended or guessed
    stands in the tune's header as comments.
    Raises `FormatError` where the file cannot be read, `UsageError` for an option that makes no sense.
    """
    reading = read_midi_tune(data, metre=metre, key=key, unit=unit, grid=grid, voices=voices, bars=bars)
    tune = reading.tune
    comments = tuple(Field("%", notice) for notice in reading.notices)
    return parse(write(replace(tune, fields=(*comments, *tune.fields))), name=name)


def read_midi_tune(
    data: bytes,
    *,
    metre: str = "",
    key: str = "",
    unit: str = "",
    grid: str = "",
    voices: str = "auto",
    bars: int = BARS_IN_LINE,
) -> Reading:
    """As `read_midi`: the tune, and what is to be said about it."""
    try:
        wishes = Wishes(
            parse_meter(metre) if metre else None,
            parse_key(key) if key else None,
            parse_unit_length(grid) if grid else None,
            _voices(voices),
        )
        length: Fraction | None = parse_unit_length(unit) if unit else None
    except FieldFault as fault:
        raise UsageError(f"{fault.message}; {fault.hint}" if fault.hint else fault.message) from None
    if wishes.meter is not None and not wishes.meter.duration:
        raise UsageError("a metre without a length cannot be asked for; write 4/4, 6/8, ...")
    if bars < 1:
        raise UsageError(f"a line holds 1 bar at least, and {bars} were asked for")
    try:
        return read_tune(data, wishes, unit=length, bars_in_line=bars)
    except FormatError as fault:
        raise FormatError(str(fault), format="midi") from None


def _voices(text: str) -> int | None:
    if text == "auto":
        return None
    if text in ("1", "2"):
        return int(text)
    raise UsageError(f"voices can be 1, 2 or auto, not {text!r}")
