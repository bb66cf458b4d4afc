"""Bars of a tune written anew, and bars added to it, by a composer; every other bar stays note for note."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Final

from ..analysis.sections import count_bars, find_sections, notes_of
from ..backends.changing import SHORTEST, count_notes
from ..backends.header import word_request
from ..conversation import Conversation, Message
from ..errors import UsageError
from ..metrics import likeness
from ..notation import Bar, Chord, Meter, Note, Tune, parse, write
from ..notation.tune import TIMED, Item, Tuplet
from ..request import How, Request
from .changes import release_slurs
from .drafting import Draft, Drafter, Gap

__all__ = ["check_changeable", "extend", "open_note", "rewrite", "settle"]

PITCH: Final = re.compile(r"[_^=]*[A-Ga-g][,']*")
TIE: Final = re.compile(r"\.?-")
CUT: Final = Fraction(1, 8)
"""A bar is cut at chord symbols that stand on a multiple of this."""
MOST_ALIKE: Final = 0.85
"""Bars that are more like the old ones are not new."""
MOST_ALIKE_PARTS: Final = 0.7
"""So are two parts of one tune."""
BARS_A_LINE: Final = 4


def settle(tune: Tune) -> Draft:
    """The tune as it is written down, with its places in that text."""
    text = write(tune)
    return Draft(text, parse(text).tunes[0])


def check_changeable(tune: Tune) -> None:
    """Raises `UsageError` for a tune of which no part can be written anew."""
    if len(tune.voices) != 1:
        raise UsageError(f"the tune has {len(tune.voices)} voices, and I write in tunes of one")
    if tune.meter.duration is None:
        raise UsageError("the tune has no metre, and I write in bars of a metre")
    if any(isinstance(item, Note | Chord) and item.marks.lyrics for bar in tune.voices[0].bars for item in bar.items):
        raise UsageError("the tune has words under its notes, which would no longer fit")


def rewrite(tune: Tune, places: Sequence[int], how: How, request: Request, drafter: Drafter) -> Draft:
    """The tune with the bars at those places of the first voice written in another way.

    Where they are to be busier or simpler they keep the pitches on strong beats; varied, those they begin with; and
    a part its last note. Chord symbols stay, slurs do not. Raises `UsageError` and `BackendError`.
    """
    check_changeable(tune)
    text, tune = settle(release_slurs(tune, places))
    bars = tune.voices[0].bars
    right = bars[places[-1]].right
    keeps_end = how != "anew" and right is not None and right.is_seam
    strides = (_stride(tune.meter), None) if how in ("busier", "simpler") else (None,)
    outlines = (
        [gap for at in places for gap in _gaps(text, bars, at, how, stride, keeps_end and at == places[-1])]
        for stride in strides
    )
    gaps = next(filter(None, outlines), None)
    if gaps is None:
        raise UsageError(
            "there is nothing to change: these bars are as busy as they can be"
            if how == "busier"
            else "there is nothing to change: these bars are as simple as they can be"
        )
    asked = Conversation((Message("user", word_request(request)),))
    old = [*notes_of(tuple(bars[at] for at in places))]

    def accept(new: Tune) -> bool:
        if not _others_are_kept(tune, new, places):
            return False
        notes = [*notes_of(tuple(new.voices[0].bars[at] for at in places))]
        return notes != old and (how != "anew" or len(places) == 1 or likeness(notes, old) <= MOST_ALIKE)

    return drafter.choose(lambda sampling: drafter.fill(asked, text, gaps, sampling), accept)


def _stride(meter: Meter) -> Fraction | None:
    """How far apart the strong beats are: half a bar, in triple time a beat; None where that is not settled.

    >>> _stride(Meter((6,), 8)), _stride(Meter((3,), 4)), _stride(Meter((7,), 8))
    (Fraction(3, 8), Fraction(1, 4), None)
    """
    count = sum(meter.beats) // (3 if meter.is_compound else 1)
    parts = 2 if count in (2, 4) else 3 if count == 3 else None
    return meter.duration / parts if meter.duration and parts else None


def _gaps(
    text: str, bars: Sequence[Bar], place: int, how: How, stride: Fraction | None, keeps_end: bool
) -> Iterator[Gap]:
    """What of a bar is to be written: all of it, cut at chord symbols and every `stride`, or all but its last note."""
    bar = bars[place]
    groups = [*_groups(bar, stride)]
    if keeps_end and groups and len(groups[-1]) > 1 and not any(map(_is_bound, groups[-1])):
        groups[-1] = groups[-1][:-1]
    end = bar.right.span.end if bar.right else len(text)
    tied = place > 0 and _is_tied(bars[place - 1])
    for at, group in enumerate(groups):
        start, stop = group[0].span.start, group[-1].span.end
        if tie := TIE.match(text, stop):
            stop = tie.end()
        following = groups[at + 1][0].span.start if at + 1 < len(groups) else end
        count = count_notes(text[start:stop])
        lasts = sum((item.duration for item in group if isinstance(item, TIMED)), Fraction(0))
        if (how == "simpler" and count < 2) or (how == "busier" and count * SHORTEST >= lasts):
            continue
        keeps = how != "anew" or (tied and at == 0)
        yield Gap(
            start,
            stop,
            lasts,
            text[stop:following] or "\n",
            open_note(text, group[0]) if keeps else "",
            least=min(count + max(count // 3, 1), int(lasts / SHORTEST)) if how == "busier" else 1,
            most=max(count * 2 // 3, 1) if how == "simpler" else 64,
        )


def _is_bound(item: Item) -> bool:
    """Whether the lengths of others hang on it."""
    return isinstance(item, Tuplet) or bool(getattr(item, "broken", 0))


def open_note(text: str, item: Item) -> str:
    """The pitch of a note as it is written, without its length; nothing for what is no single note."""
    found = PITCH.match(text, item.span.start) if isinstance(item, Note) and not item.broken else None
    return found[0] if found else ""


def _groups(bar: Bar, stride: Fraction | None) -> Iterator[list[Item]]:
    """The music of a bar in stretches, tuplets and dotted pairs kept together.

    They begin with a chord symbol, or where so much has passed.
    """
    group: list[Item] = []
    elapsed = Fraction(0)
    for item in bar.items:
        if not isinstance(item, TIMED):
            if group:
                group.append(item)
            continue
        whole = not group or (elapsed % CUT == 0 and isinstance(group[-1], TIMED) and group[-1].span != item.span)
        begins = item.marks.chord_symbols or (stride and elapsed % stride == 0)
        if group and whole and begins and not getattr(group[-1], "broken", 0):
            yield group
            group = []
        group.append(item)
        elapsed += item.duration
    if group:
        yield group


def _is_tied(bar: Bar) -> bool:
    last = next((item for item in reversed(bar.items) if isinstance(item, TIMED)), None)
    return isinstance(last, Note | Chord) and bool(last.tie)


def _others_are_kept(old: Tune, new: Tune, places: Sequence[int]) -> bool:
    """Whether every other bar has the notes it had, and these last as long as before."""
    before, after = old.voices[0].bars, new.voices[0].bars
    if len(before) != len(after) or any(
        one.duration != other.duration for one, other in zip(before, after, strict=False)
    ):
        return False
    return all(
        [*notes_of((one,))] == [*notes_of((other,))] and one.right == other.right
        for at, (one, other) in enumerate(zip(before, after, strict=True))
        if at not in places
    )


def extend(tune: Tune, bars: int, request: Request, drafter: Drafter) -> Draft:
    """The tune with so many bars more; 0 adds a part as long as the last one, and repeated where that is.

    Raises `UsageError` and `BackendError`.
    """
    check_changeable(tune)
    text, tune = settle(tune)
    last = tune.voices[0].bars[-1]
    full = tune.meter.duration
    if full is None or last.right is None or text[last.right.span.end :].strip():
        raise UsageError("the tune does not end with a bar line, so I cannot go on behind its end")
    pickup = full - last.duration if last.duration < full else Fraction(0)
    sections = find_sections(tune)
    count = bars or sections[-1].full_bars
    repeated = not bars and bool(last.right.ends)
    opened = repeated and any(bar.left is not None and bar.left.starts for bar in sections[-1].bars)
    text = text[: last.right.span.start] + ("||" if last.right.text == "|]" else last.right.text or "|") + "\n"
    text += "|:" if opened else ""
    gaps = []
    for number in range(0 if pickup else 1, count + 1):
        lasts = pickup if number == 0 else full - pickup if number == count else full
        closing = (":|\n" if repeated else "|]\n") if number == count else "|"
        gaps.append(Gap(len(text), len(text), lasts, closing))
        text += closing + ("\n" if closing == "|" and number and number % BARS_A_LINE == 0 else "")
    longer = f"{count_bars(tune) + count}-bar"
    asked = Conversation((Message("user", re.sub(r"\d+-bar", longer, word_request(request), count=1)),))
    parts = [section.notes for section in sections]
    before = len(tune.voices[0].bars)

    def accept(new: Tune) -> bool:
        added = [*notes_of(new.voices[0].bars[before:])]
        return all(likeness(added, [*part]) <= MOST_ALIKE_PARTS for part in parts)

    return drafter.choose(lambda sampling: drafter.fill(asked, text, gaps, sampling), accept)
