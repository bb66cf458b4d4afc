"""A tune made one of another kind, or one that is like it: notes on strong beats stay, a composer writes the others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Final

from ..analysis.sections import find_sections
from ..backends.header import word_request, write_header
from ..conversation import Conversation, Message
from ..errors import UsageError
from ..metrics import likeness
from ..notation import Bar, Meter, Note, Tune, extract_voice
from ..notation.fields import parse_meter
from ..request import RHYTHMS, Request
from .drafting import Draft, Drafter, Gap
from .rewriting import check_changeable, open_note, settle

__all__ = ["imitate", "recast", "request_for"]

SELDOM: Final = 2
LEAST_NEW: Final = 0.7
"""A part that is more like one of the tune that it follows is no new tune."""


def request_for(request: Request, rhythm: str) -> Request:
    """What the tune is when it is of that kind: in the usual metre and tempo, its key and length kept."""
    usual = RHYTHMS[rhythm]
    return replace(request, rhythm=rhythm, meter=parse_meter(usual.meters[0]), tempo_qpm=usual.tempo_qpm)


def recast(tune: Tune, request: Request, drafter: Drafter) -> Draft:
    """The tune as `request` (see `request_for`) has it, bar by bar. Raises `UsageError` and `BackendError`."""
    asked = Conversation((Message("user", word_request(request)),))
    text, gaps = _outline(tune, request, tune.title, every=1)
    return drafter.choose(lambda sampling: drafter.fill(asked, text, gaps, sampling), lambda new: True)


def imitate(tune: Tune, request: Request, title: str, drafter: Drafter) -> Draft:
    """Another tune in the way of one: as long, in its metre, on the notes with which every second bar begins.

    The tune itself is not shown to the composer, for a small one only copies it. Raises `UsageError` and
    `BackendError`.
    """
    tune = extract_voice(tune, tune.voices[0].id)
    text, gaps = _outline(tune, request, title, every=SELDOM)
    theme = [[*section.notes] for section in find_sections(tune)]
    asked = Conversation((Message("user", word_request(request)),))

    def accept(new: Tune) -> bool:
        parts = [[*section.notes] for section in find_sections(new)]
        return all(likeness(part, other) <= LEAST_NEW for part in parts for other in theme)

    return drafter.choose(lambda sampling: drafter.fill(asked, text, gaps, sampling), accept)


def _outline(tune: Tune, request: Request, title: str, *, every: int) -> tuple[str, list[Gap]]:
    """The header and bar lines of the new tune, with a gap for all that is to be written.

    Every bar (`every` 1), or every second one, begins with the note that it has in the tune.
    """
    check_changeable(tune)
    old, tune = settle(tune)
    bars = tune.voices[0].bars
    full = request.meter.duration
    before = tune.meter.duration
    if full is None or before is None:
        raise UsageError("a tune without a metre cannot be written anew, bar by bar")
    text = write_header(request, title)
    gaps: list[Gap] = []
    pickup = Fraction(0)
    for place, bar in enumerate(bars):
        if not bar.duration:
            continue
        is_pickup = 2 * bar.duration <= before and (place == 0 or bars[place - 1].duration < before)
        missing = min(before - bar.duration, full / 2) if bar.duration < before else Fraction(0)
        if is_pickup:
            lasts = pickup = min(bar.duration, full / 2)
            beats = [("", Fraction(0))]
        else:
            lasts = full - (pickup or missing if missing else missing)
            strong = _beats(old, bar, before, tune.meter, request.meter)
            beats = [(opening, begins) for opening, begins in strong if begins < lasts]  # a last bar may be short
        if every > 1 and bar.right is not None and not bar.right.is_seam:
            beats = [(beats[0][0] if place % every else "", Fraction(0))]
        text += "|:" if bar.left is not None and bar.left.starts else ""
        text += f"[{','.join(map(str, bar.endings))} " if bar.endings else ""
        for at, (opening, begins) in enumerate(beats):
            last = at + 1 == len(beats)
            closing = (bar.right.text if bar.right else "|]") if last else " "
            gaps.append(Gap(len(text), len(text), (lasts if last else beats[at + 1][1]) - begins, closing, opening))
            text += closing
        text += "\n" if bar.line_end or place == len(bars) - 1 else ""
    return text, gaps


def _beats(text: str, bar: Bar, before: Fraction, meter: Meter, new: Meter) -> Iterator[tuple[str, Fraction]]:
    """The pitch on each strong beat that both metres have, and when the beat begins in the new one.

    Metres of two or four beats have the half of the bar in common; of others the first beat alone counts. Where a part
    ends, its last pitch stands on the last strong beat.
    """
    full = new.duration or before
    halves = _is_even(meter) and _is_even(new)
    yield _note_at(text, bar, Fraction(0)), Fraction(0)
    if bar.right is None or bar.right.is_seam:
        last = [item for item in bar.items if isinstance(item, Note)][-1:]
        yield open_note(text, last[0]) if last else "", full / 2 if _is_even(new) else full * 2 / 3
    elif halves:
        yield _note_at(text, bar, before / 2), full / 2


def _is_even(meter: Meter) -> bool:
    beats = sum(meter.beats)
    return beats in (2, 4, 6, 12) and beats // (3 if meter.is_compound else 1) in (2, 4)


def _note_at(text: str, bar: Bar, when: Fraction) -> str:
    """The pitch of the note that begins then; nothing where none does."""
    now = Fraction(0)
    for item in bar.items:
        if now == when and isinstance(item, Note):
            return open_note(text, item)
        now += getattr(item, "duration", Fraction(0))
    return ""
