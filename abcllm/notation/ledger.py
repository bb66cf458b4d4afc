"""Bar arithmetic: does each bar of a voice last as long as its metre says?

The reader tells the ledger each bar as it closes; the ledger answers with faults. It keeps a handful of numbers,
so it can be copied at any moment (a generator does). The rules:

* No bar is longer than the metre (R201).
* A shorter bar stands at a seam: at the start or end of the tune, of a section, of a repeat or of a variant
  ending. Elsewhere it is an error (R202).
* A short bar at the end of a section is completed by the pickup that begins the section, the repeat or the tune,
  or by the one that follows (R203, a warning).

Source: ABC standard 2.1, sections 3.1.6, 4.8 and 4.9; usage of printed tune books.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from .lengths import Ticks, duration_of, ticks_of
from .theory import Meter


@dataclass(frozen=True, slots=True)
class BarFault:
    """A fault of one bar: its catalogue code, the bar's number and place, and what to say."""

    code: str
    bar: int
    span: tuple[int, int]
    message: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class ClosedBar:
    """A bar as the ledger sees it: `start_seam` and `end_seam` say that a section may begin or end there."""

    number: int
    ticks: Ticks
    span: tuple[int, int]
    start_seam: bool
    end_seam: bool
    is_ending: bool = False
    repeats_before: bool = False
    is_last: bool = False


def spell(ticks: Ticks, meter: Meter) -> str:
    """A length as a player counts it: in the metre's own unit where that is exact (`9/8`, not `1 1/8`)."""
    duration = duration_of(ticks)
    units = duration * meter.unit
    if units.denominator == 1:
        return f"{units.numerator}/{meter.unit}"
    return f"{duration.numerator}/{duration.denominator}"


class Ledger:
    """The running account of one voice."""

    __slots__ = (
        "first_pickup",
        "owed",
        "owed_bar",
        "repeat_pickup",
        "section_pickup",
        "short",
        "split_bar",
        "volta_pickup",
    )

    def __init__(self) -> None:
        self.first_pickup: Ticks = 0
        self.repeat_pickup: Ticks = 0
        self.section_pickup: Ticks = 0
        self.volta_pickup: Ticks = 0
        self.owed: Ticks = 0
        self.owed_bar: tuple[ClosedBar, Meter] | None = None
        self.short: tuple[ClosedBar, Meter] | None = None
        self.split_bar: Ticks | None = None

    def copy(self) -> Ledger:
        other = object.__new__(Ledger)
        for name in Ledger.__slots__:
            setattr(other, name, getattr(self, name))
        return other

    def close(self, bar: ClosedBar, meter: Meter, full: Ticks, *, first: bool) -> list[BarFault]:
        """Account for a bar; `full` is the metre's bar in ticks. Faults may be those of the bar before."""
        faults = self.settle(bar.start_seam)
        if faults and self.split_bar is not None and self.split_bar + bar.ticks == full:
            first_half = faults[0]
            message = f"bars {first_half.bar} and {bar.number} together last {meter}: a bar line splits one bar in two"
            return [BarFault("R202", first_half.bar, first_half.span, message, "remove the bar line between them")]
        if bar.ticks > full:
            excess = spell(bar.ticks - full, meter)
            faults.append(
                BarFault(
                    "R201",
                    bar.number,
                    bar.span,
                    f"bar {bar.number} lasts {spell(bar.ticks, meter)} but the metre is {meter}",
                    f"remove {excess} from it, or write [M:{spell(bar.ticks, meter)}] before it",
                )
            )
            self.forgive()
        elif bar.ticks == full:
            faults += self._demand(0)
            self._begin(bar, 0, first)
        elif bar.start_seam and not (bar.end_seam and self._completes(bar, full)):
            if bar.is_last and not first and self.owed != bar.ticks:
                faults += self._demand(0)
                self._begin(bar, bar.ticks, first)
                self.owed, self.owed_bar = full - bar.ticks, (bar, meter)
            else:
                faults += self._demand(bar.ticks)
                self._begin(bar, bar.ticks, first)
        elif bar.end_seam:
            self._end(bar, meter, full)
        else:
            self.short = bar, meter
        return faults

    def settle(self, at_seam: bool) -> list[BarFault]:
        """Decide on a short bar before a plain bar line, now that it is known whether a seam follows it."""
        self.split_bar = None
        if self.short is None:
            return []
        (bar, meter), self.short = self.short, None
        self.split_bar = None if at_seam else bar.ticks
        full = _full(meter)
        if at_seam:
            self._end(bar, meter, full)
            return []
        missing = spell(full - bar.ticks, meter)
        return [
            BarFault(
                "R202",
                bar.number,
                bar.span,
                f"bar {bar.number} lasts {spell(bar.ticks, meter)} but the metre is {meter}",
                f"add {missing} to it, or write [M:{spell(bar.ticks, meter)}] before it",
            )
        ]

    def finish(self) -> list[BarFault]:
        """The voice is over: what is still owed is a fault."""
        return self.settle(True) + self._demand(0)

    def forgive(self) -> None:
        """A bar could not be read: expect nothing of its neighbours."""
        self.owed, self.owed_bar, self.short = 0, None, None

    def split(self, ticks: Ticks) -> None:
        """A variant ending begins in mid-bar, `ticks` after the bar line: each ending completes that bar."""
        self.volta_pickup = ticks

    def _completes(self, bar: ClosedBar, full: Ticks) -> bool:
        pickups = (self.section_pickup, self.repeat_pickup, self.first_pickup, self.volta_pickup)
        return any(pickup and bar.ticks + pickup == full for pickup in pickups)

    def _begin(self, bar: ClosedBar, pickup: Ticks, first: bool) -> None:
        if first:
            self.first_pickup = pickup
        if bar.start_seam and not bar.is_ending:
            self.section_pickup = pickup
            if bar.repeats_before or first:
                self.repeat_pickup = pickup

    def _end(self, bar: ClosedBar, meter: Meter, full: Ticks) -> None:
        if not self._completes(bar, full):
            self.owed, self.owed_bar = full - bar.ticks, (bar, meter)

    def _demand(self, given: Ticks) -> list[BarFault]:
        """The section's last bar waits for `owed`; the next one begins with a pickup of `given`."""
        owed, owing = self.owed, self.owed_bar
        self.owed, self.owed_bar = 0, None
        if owing is None or owed == given:
            return []
        bar, meter = owing
        return [
            BarFault(
                "R203",
                bar.number,
                bar.span,
                f"bar {bar.number} lasts {spell(bar.ticks, meter)} and no pickup completes it to {meter}",
                f"add {spell(owed, meter)} to it",
            )
        ]


def _full(meter: Meter) -> Ticks:
    return ticks_of(meter.duration or Fraction(0))
