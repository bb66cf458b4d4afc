"""Faults of a tune put right: those with a safe fix by computing, the others by a composer."""

from __future__ import annotations

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
from ..tasks.wording import wording
from .drafting import Draft, Drafter

__all__ = ["apply_safe_fixes", "mend"]

PASSES: Final = 8
"""A fix may lay another fault bare."""
LEAST_ALIKE: Final = 0.7
MOST_SAID: Final = 3


def apply_safe_fixes(text: str) -> tuple[str, list[str]]:
    """The text with every safe fix applied, and the messages of the faults that these removed."""
    before = [one.message for one in check(text)]
    for _ in range(PASSES):
        text, applied = apply_fixes(text, check(text))
        if not applied:
            break
    after = [one.message for one in check(text)]
    return text, [message for message in before if message not in after]


def mend(text: str, drafter: Drafter) -> Draft:
    """The tune of a text, its faults put right by the composer: of some drafts the one that is most like it.

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
    broken = [*notes_of(parse(text).tunes[0].voices[0].bars)]

    def alike(tune: Tune) -> float:
        return likeness([*notes_of(tune.voices[0].bars)], broken)

    def draw(sampling: Sampling) -> str:
        return header + "".join(drafter.backend.write_held(asked, TuneGuide(header), sampling))

    return drafter.choose(draw, lambda tune: alike(tune) >= LEAST_ALIKE, lambda draft: alike(draft.tune))
