"""Note values: how long each note of a bar is written, where it is tied, what is a tuplet and what is beamed.

Times are whole numbers of ticks, `whole` of them a whole note. A length that one note head with at most two dots can
show is written as one note, also across a beat, as players of tunes do; any other is cut at its strongest place in the
bar and tied. Times that no halving of the whole note reaches are tuplets: `p` notes in the time of the greatest power
of two below `p`. Where no tuplet can be found, the length stands as a plain fraction, which ABC allows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise, takewhile
from math import lcm
from typing import Final, NamedTuple

from ..notation.beaming import BeamGroups, beat_length
from ..notation.theory import Meter

__all__ = ["Frame", "Piece", "Value", "write_values"]

FINEST: Final = 128
MOST_IN_TUPLET: Final = 15
LONGEST: Final = 4
ODD_PARTS: Final = (1, 3, 7)


class Piece(NamedTuple):
    """What sounds in one layer from `start` to `end`: no pitches are a rest. `tied` are those that sound on after it.

    `symbols` are chord symbols over it, `graces` the pitches of grace notes before it.
    """

    start: int
    end: int
    pitches: tuple[int, ...] = ()
    tied: tuple[int, ...] = ()
    symbols: tuple[str, ...] = ()
    graces: tuple[int, ...] = ()


class Value(NamedTuple):
    """A note, chord or rest as it is written. `tuplet` is (p, q, r) where one begins here.

    `joined` is False where a space stands before it; `tied` are the pitches that are tied to the next.
    """

    piece: Piece
    duration: Fraction
    written: Fraction
    tied: tuple[int, ...]
    joined: bool
    begins: bool
    tuplet: tuple[int, int, int] | None = None


class Frame(NamedTuple):
    """A bar: `origin` is where it would begin were it full, `levels` the lengths of its parts, the longest first."""

    origin: int
    whole: int
    meter: Meter

    @property
    def levels(self) -> tuple[int, ...]:
        return _levels(self.meter, self.whole)


@lru_cache(maxsize=256)
def _levels(meter: Meter, whole: int) -> tuple[int, ...]:
    beats, unit = sum(meter.beats) or 4, meter.unit
    full = whole * beats // unit
    levels = [full]
    beat = beat_length(meter, whole)
    half = full // 2
    if half > beat and half % beat == 0:
        levels.append(half)
    levels.append(beat)
    step = beat // 3 if meter.is_compound or (beats == 3 and unit >= 8) else beat // 2
    finest = max(whole // FINEST, 1)
    while step >= finest:
        levels.append(step)
        step //= 2
    return tuple(levels)


def write_values(pieces: Sequence[Piece], frame: Frame) -> list[Value]:
    """The pieces of one bar, which follow each other without a gap, as notes and rests."""
    values: list[Value] = []
    later: set[int] = set()
    groups = BeamGroups(frame.meter, frame.whole, [(p.start - frame.origin, p.end - frame.origin) for p in pieces])
    last_group = -1
    at = 0
    while at < len(pieces):
        span = _tuplet(pieces, at, frame)
        if _is_far_fetched(span, pieces, at, frame) and (unit := _odd_unit(pieces[at:], frame)) is not None:
            cut = [*pieces[:at], *_cut(pieces[at:], unit)]
            begin = at + (cut[at].start < unit[0])
            if not _is_far_fetched(_tuplet(cut, begin, frame), cut, begin, frame):
                later |= {piece.start for piece in cut} - {piece.start for piece in pieces}
                pieces = cut
                span = _tuplet(pieces, at, frame)
        group = groups.find(pieces[at].start - frame.origin)
        joined = group == last_group
        last_group = group
        if span is None:
            written = _plain(pieces[at], frame)
            at += 1
        else:
            written = _in_tuplet(pieces[at : span.stop], span, frame.whole)
            at = span.stop
            last_group = groups.find(pieces[at - 1].start - frame.origin)
        values += [written[0]._replace(joined=joined), *written[1:]]
        if span is not None and len(written) > 1 and span.ends_beat:
            last_group = -1
    return [value._replace(begins=value.begins and value.piece.start not in later) for value in values]


def _plain(piece: Piece, frame: Frame) -> list[Value]:
    lengths = list(_split(piece.start - frame.origin, piece.end - frame.origin, frame.levels, frame.whole))
    values = []
    for number, length in enumerate(lengths):
        duration = Fraction(length, frame.whole)
        tied = piece.tied if number == len(lengths) - 1 else piece.pitches
        values.append(Value(piece, duration, duration, tied, bool(number), number == 0))
    return values


def _split(start: int, end: int, levels: tuple[int, ...], whole: int) -> Iterator[int]:
    """The lengths that stand for a time, cut where the metre is strongest."""
    if _is_simple(end - start, whole):
        yield end - start
        return
    for level, length in enumerate(levels):
        first = (start // length + 1) * length
        if first < end:
            last = (end - 1) // length * length
            stronger = start % (levels[level - 1] if level else length) == 0
            cut = last if stronger else first
            yield from _split(start, cut, levels, whole)
            yield from _split(cut, end, levels, whole)
            return
    yield end - start


@lru_cache(maxsize=4096)
def _is_simple(length: int, whole: int) -> bool:
    value = Fraction(length, whole)
    top, bottom = value.numerator, value.denominator
    if bottom & (bottom - 1):
        return False
    while top % 2 == 0:
        top //= 2
    return top in ODD_PARTS and value <= LONGEST


def _is_far_fetched(span: _Span | None, pieces: Sequence[Piece], first: int, frame: Frame) -> bool:
    """Whether there is no tuplet, or one that lasts more than two beats, or one of which there is hardly a note."""
    if span is None:
        return True
    length = pieces[span.stop - 1].end - pieces[first].start
    return length > 2 * beat_length(frame.meter, frame.whole) or 2 * (span.stop - first) < span.p


def _odd_unit(pieces: Sequence[Piece], frame: Frame) -> tuple[int, int] | None:
    """The part of a bar that the first pieces divide in three, five, ...: where they end no halving of it leads.

    The first of them must have begun with it or before.
    """
    finest = max(frame.whole // FINEST, 1)
    ends = [piece.end - frame.origin for piece in takewhile(lambda piece: (piece.end - frame.origin) % finest, pieces)]
    beat = beat_length(frame.meter, frame.whole)
    if not ends or (pieces[0].start - frame.origin) % finest:
        return None
    for length in (level for level in frame.levels if level <= beat):
        first = ends[0] // length * length
        parts = [Fraction(end - first, length) for end in ends]
        if pieces[0].start - frame.origin <= first and all(part < 1 and part.denominator % 2 for part in parts):
            return frame.origin + first, frame.origin + first + length
    return None


def _cut(pieces: Sequence[Piece], edges: tuple[int, int]) -> Iterator[Piece]:
    """The pieces, cut and tied at those times."""
    for piece in pieces:
        times = [piece.start, *(edge for edge in edges if piece.start < edge < piece.end), piece.end]
        for start, end in pairwise(times):
            first, last = start == piece.start, end == piece.end
            yield Piece(
                start,
                end,
                piece.pitches,
                piece.tied if last else piece.pitches,
                piece.symbols if first else (),
                piece.graces if first else (),
            )


class _Span(NamedTuple):
    """Pieces up to `stop` are a tuplet of `p` in the time of `q`."""

    stop: int
    p: int
    q: int
    ends_beat: bool


def _tuplet(pieces: Sequence[Piece], first: int, frame: Frame) -> _Span | None:
    """The tuplet that begins with a piece, if one does."""
    whole, origin = frame.whole, frame.origin
    finest = max(whole // FINEST, 1)
    start = pieces[first].start - origin
    if frame.meter.is_compound and (span := _duplet(pieces, first, frame)) is not None:
        return span
    if start % finest or (pieces[first].end - origin) % finest == 0:
        return None
    beat = (
        frame.levels[2]
        if len(frame.levels) > 2 and frame.levels[1] > beat_length(frame.meter, whole)
        else frame.levels[1]
    )
    best: tuple[tuple[bool, bool, int], _Span] | None = None
    for stop in range(first + 1, min(first + 2 * MOST_IN_TUPLET, len(pieces)) + 1):
        end = pieces[stop - 1].end - origin
        length = end - start
        if length > whole:
            break
        if end % finest or not _is_simple(length, whole):
            continue
        span = _fit(pieces[first:stop], length, stop, end % beat == 0, whole)
        if span is None:
            continue
        cost = (start % length != 0, stop - first != span.p and length < beat, length)
        if best is None or cost < best[0]:
            best = cost, span
    return best[1] if best else None


def _duplet(pieces: Sequence[Piece], first: int, frame: Frame) -> _Span | None:
    """Two or four equal notes that fill a beat of three."""
    beat = beat_length(frame.meter, frame.whole)
    if (pieces[first].start - frame.origin) % beat:
        return None
    length = pieces[first].end - pieces[first].start
    for p in (2, 4):
        own = pieces[first : first + p]
        if length * p == beat and len(own) == p and all(piece.end - piece.start == length for piece in own):
            return _Span(first + p, p, 3, True)
    return None


def _fit(pieces: Sequence[Piece], length: int, stop: int, ends_beat: bool, whole: int) -> _Span | None:
    """How the pieces fill that length as a tuplet; None where they do not, or need none."""
    parts = 1
    for piece in pieces:
        share = Fraction(piece.end - piece.start, length).denominator
        parts = lcm(parts, share)
        if parts > 8 * MOST_IN_TUPLET:
            return None
    p = parts
    while p % 2 == 0:
        p //= 2
    if not 3 <= p <= MOST_IN_TUPLET:
        return None
    q = 1 << (p.bit_length() - 1)
    if not all(_is_simple((piece.end - piece.start) * p, whole * q) for piece in pieces):
        return None
    return _Span(stop, p, q, ends_beat)


def _in_tuplet(pieces: Sequence[Piece], span: _Span, whole: int) -> list[Value]:
    values = []
    for number, piece in enumerate(pieces):
        duration = Fraction(piece.end - piece.start, whole)
        tuplet = (span.p, span.q, len(pieces)) if number == 0 else None
        values.append(Value(piece, duration, duration * span.p / span.q, piece.tied, bool(number), True, tuplet))
    return values
