"""What a reader of one voice keeps in mind, and what all voices of a tune share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Self

from . import decorations
from .catalogue import CATALOGUE, Severity
from .diagnostics import Findings, Fix
from .ledger import BarFault, Ledger
from .lengths import Context, Ticks, context, ticks_of
from .nodes import clone
from .source import Span
from .theory import Key, Meter, Pitch
from .tune import NO_MARKS, Bar, BarLine, Chord, Grace, Item, Lyric, Marks, Note, Rest


class Scope:
    """What all voices of a tune share: where faults go, what symbols mean, how far accidentals reach.

    `unmeasured` says that M: or L: could not be read, so that bar lengths mean nothing.
    """

    __slots__ = ("findings", "keep", "locate", "propagate", "symbols", "unmeasured")

    def __init__(self, findings: Findings, *, keep: bool = True) -> None:
        self.findings = findings
        self.keep = keep
        self.locate: Callable[[int], int] | None = None
        self.propagate = "pitch"
        self.unmeasured = False
        self.symbols: dict[str, str] = dict(decorations.DEFAULT_SYMBOLS)


class VoiceState:
    """The state of one voice: key, metre, accidentals of the bar, what is open and what waits for a note."""

    def __init__(self, scope: Scope, identifier: str, key: Key, meter: Meter, unit_length: Fraction) -> None:
        self.scope = scope
        self.id = identifier
        self.bars: list[Bar] = []
        self.items: list[Item] = []
        self.layers: list[tuple[tuple[Item, ...], Ticks]] = []
        self.ticks: Ticks = 0
        self.total: Ticks = 0
        self.left: BarLine | None = None
        self.accidentals: dict[str, int] = {}
        self.ties: tuple[Pitch, ...] = ()
        self.layer_ties: tuple[Pitch, ...] = ()
        self.tie_span = Span(0, 0)
        self.last: Note | Chord | Rest | None = None
        self.slur_end: Note | Chord | Rest | Grace | None = None
        self.broken_base: Note | Chord | Rest | None = None
        self.broken = 0
        self.broken_span = Span(0, 0)
        self.tuplet_left = 0
        self.tuplet = (1, 1)
        self.tuplet_span = Span(0, 0)
        self.joined = False
        self.pending = False
        self.decorations: list[str] = []
        self.chord_symbols: list[str] = []
        self.annotations: list[str] = []
        self.opens = ""
        self.pending_span = Span(0, 0)
        self.slurs: list[tuple[Span, int]] = []
        self.repeat_open: Span | None = None
        self.repeats_before = True
        self.seam = True
        self.ending_here = False
        self.endings: frozenset[int] = frozenset()
        self.rest_bars = 0
        self.faulty = False
        self.faults = 0
        self.number = 0
        self.bar_start = -1
        self.carry: Ticks = 0
        self.has_music = False
        self.has_number = False
        self.line_mark: tuple[int, int] | None = None
        self.lines_under = 0
        self.ledger = Ledger()
        self.set_key(key)
        self.set_meter(meter)
        self.set_unit_length(unit_length)

    def copy(self, scope: Scope) -> Self:
        """An independent reader in the same state."""
        other = object.__new__(type(self))
        other.__dict__.update(self.__dict__)  # what `copy` does, but quicker: a guided generator forks at every step
        other.scope = scope
        other.bars = [*self.bars[:-1], *map(clone, self.bars[-1:])]  # only the last may still be amended
        other.last = _own(self.last)
        other.broken_base = other.last if self.broken_base is self.last else _own(self.broken_base)
        other.slur_end = other.last if self.slur_end is self.last else self.slur_end and clone(self.slur_end)
        other.items = self.items[:]
        other.layers = self.layers[:]
        other.accidentals = self.accidentals.copy()
        other.decorations = self.decorations[:]
        other.chord_symbols = self.chord_symbols[:]
        other.annotations = self.annotations[:]
        other.slurs = self.slurs[:]
        other.ledger = self.ledger.copy()
        return other

    def set_key(self, key: Key) -> None:
        self.key = key
        self.signature = tuple(sorted(key.signature.items()))
        if hasattr(self, "unit_length"):
            self.context: Context = context(self.signature, self.unit_length)

    def set_unit_length(self, unit_length: Fraction) -> None:
        self.unit_length = unit_length
        self.context = context(self.signature, unit_length)

    def set_meter(self, meter: Meter) -> None:
        self.meter = meter
        duration = meter.duration
        self.full: Ticks = 0 if duration is None else ticks_of(duration)

    @property
    def bar_number(self) -> int:
        """The number of the bar that is being read."""
        return self.number + 1

    def report(
        self,
        code: str,
        span: tuple[int, int],
        message: str,
        hint: str = "",
        fix: Fix | None = None,
        bar: int | None = None,
    ) -> None:
        """Say what is wrong, unless the bar is already known to be faulty; `bar` is the one being read, or another."""
        is_error = CATALOGUE[code].severity is Severity.ERROR
        if self.faulty and is_error:
            return
        locate = self.scope.locate
        if locate is not None:
            span, fix = (locate(span[0]), locate(span[1])), None
        bar = self.bar_number if bar is None else bar
        self.scope.findings.report(code, span, message, hint, bar=bar, voice=self.id, fix=fix)
        if is_error:
            self.faulty = True
            self.faults += 1

    def take_marks(self) -> Marks:
        """The decorations, chord symbols, annotations and slurs that wait for a note."""
        if not self.pending:
            return NO_MARKS
        marks = Marks(
            tuple(self.decorations), tuple(self.chord_symbols), tuple(self.annotations), self.opens
        )  # fmt: skip
        self.decorations, self.chord_symbols, self.annotations, self.opens = [], [], [], ""
        self.pending = False
        return marks

    def take_signs(self) -> Marks:
        """What waits for a note except slurs, for something that is no note."""
        opens, self.opens = self.opens, ""
        marks = self.take_marks()
        self.opens, self.pending = opens, bool(opens)
        return marks

    def take_opens(self) -> Marks:
        """The slurs that wait for a note, for the grace notes before it."""
        if not self.opens:
            return NO_MARKS
        marks, self.opens = Marks(opens=self.opens), ""
        self.pending = bool(self.decorations or self.chord_symbols or self.annotations)
        return marks

    def tell(self, faults: list[BarFault]) -> None:
        """Report faults of the ledger."""
        for fault in faults:
            span = fault.span
            if self.scope.locate is not None:
                span = self.scope.locate(span[0]), self.scope.locate(span[1])
            self.scope.findings.report(
                fault.code, span, fault.message, fault.hint, bar=fault.bar, voice=self.id
            )  # fmt: skip
            self.faults += 1


def _own(item: Note | Chord | Rest | None) -> Note | Chord | Rest | None:
    """A copy of a node that may still be amended."""
    if isinstance(item, Chord):
        return replace(item, notes=tuple(clone(note) for note in item.notes))
    return item and clone(item)


def amended(
    marks: Marks, *, closes: int | None = None, lyrics: tuple[Lyric | None, ...] | None = None
) -> Marks:  # fmt: skip
    """Marks with slur ends or syllables added."""
    return Marks(
        marks.decorations,
        marks.chord_symbols,
        marks.annotations,
        marks.opens,
        marks.closes if closes is None else closes,
        marks.lyrics if lyrics is None else lyrics,
    )
