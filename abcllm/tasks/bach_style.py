"""Bach style: a piece as Johann Sebastian Bach set it is wanted, in so many voices, in a key and a metre."""

from __future__ import annotations

import re
from fractions import Fraction
from itertools import combinations
from math import comb
from typing import Final

from ..analysis.sections import notes_of
from ..conversation import Conversation
from ..metrics import is_valid
from ..notation import Tune, Voice
from ..record import Record
from ..reply import read_reply
from .material import converse, dice, reference_tune, tune_of
from .wording import wording

__all__ = ["KIND", "VERSION", "build", "grade"]

VERSION: Final = 1
KIND: Final = "sft"
BACH: Final = re.compile(r"\bBach\b", re.IGNORECASE)
OTHERS: Final = re.compile(
    r"\b(?:C\.? ?P\.? ?E|W\.? ?F|J\.? ?C|J\.? ?C\.? ?F)\.? *Bach\b|\b(?:Emanuel|Friedemann|Christian|Christoph)\b"
    r"|\badapted from\b",
    re.IGNORECASE,
)
TAGS: Final = ("composer", "artist", "author")


def build(record: Record, seed: int, language: str = "en") -> Conversation | None:
    """Ask for a piece in Bach's style. None where neither C: nor a tag says that the record's is his."""
    tune = tune_of(record)
    if tune is None or not _is_bach(record, tune):
        return None
    random = dice(record, "bach_style", seed)
    words = wording("bach_style", language)
    count = len(tune.voices)
    ask = words.say("ask" if count > 1 else "ask_alone", random, key=tune.key, meter=tune.meter.fraction, count=count)
    answer = words.say("answer", random, tune=record.abc.rstrip("\n"))
    return converse(record, "bach_style", VERSION, seed, language, ask, answer)


def grade(conversation: Conversation, reply: str) -> dict[str, float]:
    """Whether the piece is valid, has the voices, key and metre that were asked for, and leads its voices as well.

    `leading` is the share of moves of two voices that are no parallel fifths or octaves, measured by that of the
    reference; pairs of voices that are missing are counted as if they moved in parallel throughout.
    """
    read = read_reply(reply)
    if not read.tunes:
        return {"valid": 0.0, "voices": 0.0, "key": 0.0, "meter": 0.0, "leading": 0.0}
    wanted, tune = reference_tune(conversation), read.tunes[0]
    count, asked = len(tune.voices), len(wanted.voices)
    present = min(1.0, comb(count, 2) / comb(asked, 2)) if asked > 1 else 1.0
    independence = _independence(wanted)
    return {
        "valid": is_valid(read),
        "voices": min(count, asked) / max(count, asked),
        "key": float(tune.key == wanted.key),
        "meter": float(tune.meter.fraction == wanted.meter.fraction),
        "leading": min(1.0, present * _independence(tune) / independence) if independence else present,
    }


def _independence(tune: Tune) -> float:
    """The share of moves of two voices at once that are not parallel in a unison, a fifth or an octave."""
    sung = [_pitches(voice) for voice in tune.voices]
    onsets = sorted({onset for pitches in sung for onset in pitches})
    moves = parallels = 0
    now: list[int | None] = [None] * len(sung)
    for onset in onsets:
        before, now = now, [pitches.get(onset, held) for pitches, held in zip(sung, now, strict=True)]
        for (low, low_to), (high, high_to) in combinations(zip(before, now, strict=True), 2):
            if low is None or high is None or low_to is None or high_to is None or low == low_to or high == high_to:
                continue
            moves += 1
            interval = abs(high - low) % 12
            parallels += interval in (0, 7) and low_to - low == high_to - high
    return 1 - parallels / moves if moves else 1.0


def _pitches(voice: Voice) -> dict[Fraction, int | None]:
    """What a voice sings from each onset on, None for a rest."""
    start = Fraction(0)
    pitches: dict[Fraction, int | None] = {}
    for bar in voice.bars:
        now = start
        for pitch, duration in notes_of((bar,)):
            pitches[now] = None if pitch < 0 else pitch
            now += duration
        start += bar.duration
    return pitches


def _is_bach(record: Record, tune: Tune) -> bool:
    tagged = (record.tags.get(name) for name in TAGS)
    names = [*tune.texts("C"), *(str(value) for value in tagged if value)]
    return any(BACH.search(name) and not OTHERS.search(name) for name in names)
