"""A tune made one of another kind, by a composer: the note on every strong beat stays, what is between is new."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from ..backends.header import word_request, write_header
from ..conversation import Conversation, Message
from ..notation import Bar, Meter, Note, Tune
from ..notation.fields import parse_meter
from ..request import RHYTHMS, Request
from .drafting import Draft, Drafter, Gap
from .rewriting import check_changeable, open_note, settle

__all__ = ["recast", "request_for"]


def request_for(request: Request, rhythm: str) -> Request:
    """What the tune is when it is of that kind: in the usual metre and tempo, its key and length kept."""
    usual = RHYTHMS[rhythm]
    return replace(request, rhythm=rhythm, meter=parse_meter(usual.meters[0]), tempo_qpm=usual.tempo_qpm)


def recast(tune: Tune, request: Request, drafter: Drafter) -> Draft:
    """The tune as `request` (see `request_for`) has it, bar by bar. Raises `UsageError` and `BackendError`."""
    check_changeable(tune)
    old, tune = settle(tune)
    bars = tune.voices[0].bars
    full = request.meter.duration or Fraction(1)
    before = tune.meter.duration or full
    text = write_header(request, tune.title)
    gaps: list[Gap] = []
    pickup = Fraction(0)
    for place, bar in enumerate(bars):
        if not bar.duration:
            continue
        follows = place == 0 or bars[place - 1].duration < before
        is_pickup = bar.duration < before and follows and bar.duration <= before / 2
        if is_pickup:
            lasts = pickup = min(bar.duration, full / 2)
        else:
            lasts = full - (pickup or min(before - bar.duration, full / 2)) if bar.duration < before else full
        text += "|:" if bar.left is not None and bar.left.starts else ""
        text += f"[{','.join(map(str, bar.endings))} " if bar.endings else ""
        beats = [("", Fraction(0))] if is_pickup else [*_beats(old, bar, before, tune.meter, request.meter)]
        end = bar.right.text if bar.right else "|]"
        for at, (opening, begins) in enumerate(beats):
            until = beats[at + 1][1] if at + 1 < len(beats) else lasts
            closing = end if at + 1 == len(beats) else " "
            gaps.append(Gap(len(text), len(text), until - begins, closing, opening))
            text += closing
        text += "\n" if bar.line_end or place == len(bars) - 1 else ""
    asked = Conversation((Message("user", word_request(request)),))
    return drafter.choose(lambda sampling: drafter.fill(asked, text, gaps, sampling), lambda new: True)


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
