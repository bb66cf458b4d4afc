"""Faults of a tune put right: those with a safe fix by computing, the others by a composer."""

from __future__ import annotations

from collections.abc import Container, Iterator
from random import Random
from typing import Final

from ..analysis.sections import notes_of
from ..backends import Sampling
from ..backends.guiding import TuneGuide
from ..conversation import Conversation, Message
from ..errors import UsageError
from ..metrics import likeness
from ..notation import Severity, Tune, apply_fixes, check, parse
from ..notation.prefix import PrefixReader
from ..notation.tune import TIMED
from ..tasks.wording import wording
from .drafting import Draft, Drafter, Gap
from .rewriting import open_note

__all__ = ["apply_safe_fixes", "mend"]

PASSES: Final = 8
"""A fix may lay another fault bare."""
LENGTHS: Final = ("R201", "R202")
"""A bar lasts too long, or not long enough."""
LEAST_ALIKE: Final = 0.7
MOST_SAID: Final = 3


def apply_safe_fixes(text: str) -> tuple[str, list[str]]:
    """The text with every safe fix applied, and the faults that these removed, each with its code."""
    before = _name_faults(text)
    for _ in range(PASSES):
        text, applied = apply_fixes(text, check(text))
        if not applied:
            break
    after = _name_faults(text)
    return text, [fault for fault in before if fault not in after]


def _name_faults(text: str) -> list[str]:
    return [f"{one.code} ({one.message})" for one in check(text)]


def mend(text: str, drafter: Drafter) -> Draft:
    """The tune of a text, its faults put right by the composer: of some drafts the one that is most like it.

    Bars that are too short are gone on with and those too long are written anew, and all else stays; where something
    else is wrong, the whole is written down anew.

    Raises `UsageError` where there is a fault in its header, `BackendError` where no draft is sound.
    """
    end = text.index("\n", text.index("\nK:") + 1) + 1 if "\nK:" in text else 0
    header = text[:end]
    if not header or PrefixReader(header, exact=True).failed:
        raise UsageError("the fault is in the header of the tune, up to K:, which I cannot guess")
    errors = [one for one in check(text) if one.severity is Severity.ERROR]
    said = "\n".join(f"{one.line}:{one.column}: {one.code}: {one.message}" for one in errors[:MOST_SAID])
    words, random = wording("repair", "en"), Random(drafter.sampling.seed)
    asked = Conversation((Message("user", words.say("ask_checked", random, tune=text.rstrip("\n"), said=said)),))
    tune = parse(text).tunes[0]
    broken = [*notes_of(tune.voices[0].bars)]
    gaps = [*_gaps(text, tune, {one.bar for one in errors if one.code in LENGTHS})]

    def alike(tune: Tune) -> float:
        return likeness([*notes_of(tune.voices[0].bars)], broken)

    def draw(sampling: Sampling) -> str:
        if len(gaps) == len(errors):
            return drafter.fill(asked, text, gaps, sampling)
        return header + "".join(drafter.backend.write_held(asked, TuneGuide(header), sampling))

    return drafter.choose(draw, lambda tune: alike(tune) >= LEAST_ALIKE, lambda draft: alike(draft.tune))


def _gaps(text: str, tune: Tune, numbers: Container[int | None]) -> Iterator[Gap]:
    """What is to be written in the bars of those numbers, so that each is full."""
    full = tune.meter.duration
    for bar in tune.voices[0].bars if full and len(tune.voices) == 1 else ():
        items = [item for item in bar.items if isinstance(item, TIMED)]
        if full is None or bar.number not in numbers or not items:
            continue
        start, stop = items[0].span.start, items[-1].span.end
        closing = text[stop : bar.right.span.end] if bar.right else "\n"
        if bar.duration < full:
            yield Gap(stop, stop, full - bar.duration, closing)
        else:
            yield Gap(start, stop, full, closing, open_note(text, items[0]))
