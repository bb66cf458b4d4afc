"""Music theory: questions with options, single and multiple choice, whose answers are computed.

The kinds are those of SSMR-Bench (questions made by program on ABC: intervals, chords, scales, bar lines, metres) and
more of their like. The record lends its chance and, where it has plain bars, its music; it need not hold a tune.
"""

from __future__ import annotations

from typing import Final

from ..conversation import Conversation
from ..metrics import overlap
from ..record import Record
from .choices import lay_out, read_choice, read_options
from .material import answered, asked, converse, dice, tune_of
from .theory_pitch import PITCH_KINDS
from .theory_time import TIME_KINDS, plain_bars
from .wording import wording

__all__ = ["KIND", "VERSION", "build", "grade"]

VERSION: Final = 1
KIND: Final = "sft"
KINDS: Final = (*PITCH_KINDS, *TIME_KINDS)
SEVERAL: Final = frozenset(("scale_members", "compound_meters"))
"""Rules of the kinds with any number of right options."""
MOST_DRAWS: Final = 20


def build(record: Record, seed: int, language: str = "en") -> Conversation | None:
    """A question of a random kind. None where no draw gives one."""
    tune = tune_of(record)
    bars = plain_bars(tune) if tune else []
    random = dice(record, "theory", seed)
    words = wording("theory", language)
    drawn = (random.choice(KINDS)(random, language, bars) for _ in range(MOST_DRAWS))
    question = next((one for one in drawn if one is not None), None)
    if question is None:
        return None
    options, letters = lay_out(question, random)
    number = "several" if question.rule in SEVERAL else "one"
    asking = words.say(f"on_{question.rule}", random, **question.values)
    ask = words.say("ask", random, question=asking, options=options, how=words.say(number, random))
    answer = words.say("answer" if len(letters) == 1 else "answers", random, letters=letters, right=question.right[0])
    return converse(record, "theory", VERSION, seed, language, ask, answer)


def grade(conversation: Conversation, reply: str) -> dict[str, float]:
    """Whether exactly the right options are chosen, and how far the choice agrees with them."""
    options = read_options(asked(conversation).text)
    found, wanted = read_choice(reply, options), read_choice(answered(conversation).text, options)
    if not found:
        return {"answer": 0.0, "options": 0.0}
    return {"answer": float(found == wanted), "options": overlap([*found], [*wanted])}
