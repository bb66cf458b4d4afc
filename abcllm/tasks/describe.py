"""Describe a tune in sentences, each computed from the music: key, metre, bars, form, range, movement, rhythm."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final

from ..analysis.sections import count_bars, find_sections, notes_of
from ..conversation import Conversation
from ..notation import Chord, Note, Pitch, Tune
from ..notation.tune import Item
from ..record import Record
from ..request.rhythms import find_rhythm
from .extracts import items_of
from .material import answered, converse, dice, tune_of
from .names import call_key, call_rhythm, find_keys, find_meters
from .wording import wording

__all__ = ["KIND", "VERSION", "build", "grade"]

VERSION: Final = 1
KIND: Final = "sft"
STEP_SEMITONES: Final = 2
OCTAVE: Final = 12

JOINTS: Final = {"en": (" ", "\n"), "zh": ("", "\n")}
"""What may stand between two sentences."""
NOTE: Final = re.compile(r"(?<![A-Za-z])([A-G])([#b]{0,2})(-?\d)(?![\d/])")
BARS: Final = re.compile(r"(?<!\d)(\d{1,6})[ -]?(?:written )?(?:bars?\b|measures?\b|(?:个)?小节)")
SECTIONS: Final = re.compile(r"(?<!\d)(?:(\d{1,6}) (?:sections?|parts?)\b|(\d{1,6})(?:个)?(?:段落|部分))")


def build(record: Record, seed: int, language: str = "en") -> Conversation | None:
    """Ask for a description. None for a tune without tonic, metre, or at least two notes."""
    tune = tune_of(record)
    if tune is None or not tune.meter.beats or not tune.key.tonic or tune.key.explicit or tune.key.accidentals:
        return None
    facts = _facts(tune, language)
    if not facts:
        return None
    random = dice(record, "describe", seed)
    words = wording("describe", language)
    said = [words.say(f"say_{rule}", random, **values) for rule, values in facts.items()]
    ask = words.say("ask", random, tune=record.abc.rstrip("\n"))
    return converse(record, "describe", VERSION, seed, language, ask, random.choice(JOINTS[language]).join(said))


def grade(conversation: Conversation, reply: str) -> dict[str, float]:
    """Which of the facts that can be read back are said, and right: key, metre, bars, sections, range."""
    wanted, found = _read(answered(conversation).text), _read(reply)
    return {name: float(found[name] == fact) for name, fact in wanted.items()}


def _facts(tune: Tune, language: str) -> dict[str, dict[str, object]]:
    """The sentences of a description by the names of their rules, each with its values; none without melody."""
    pitches = sorted((pitch for item in items_of(tune) for pitch in _pitches(item)), key=lambda pitch: pitch.midi)
    if len(pitches) < 2:
        return {}
    low, high, sections = pitches[0], pitches[-1], len(find_sections(tune))
    rhythm = find_rhythm(tune.rhythm)
    kind = {"kind": call_rhythm(rhythm, language)} if rhythm else {}
    facts: dict[str, dict[str, object]] = {
        "kind_and_key" if kind else "key": {"key": call_key(tune.key, language), **kind},
        "meter": {"meter": tune.meter.fraction},
        "bars": {"bars": count_bars(tune)},
        "sections" if sections > 1 else "one_section": {"sections": sections},
        "range": {"low": low.name, "high": high.name},
        "wide" if high.midi - low.midi > OCTAVE else "narrow": {},
        _movement(tune): {},
    }
    if _repeats(tune):
        facts["repeats"] = {}
    return facts


def _pitches(item: Item) -> tuple[Pitch, ...]:
    if isinstance(item, Note):
        return (item.pitch,)
    return tuple(note.pitch for note in item.notes) if isinstance(item, Chord) else ()


def _movement(tune: Tune) -> str:
    """Whether most intervals of the first voice are steps of at most a tone, unisons left out."""
    pitches = [pitch for pitch, _ in notes_of(tune.voices[0].bars) if pitch >= 0]
    moves = [abs(after - before) for before, after in pairwise(pitches) if after != before]
    steps = sum(move <= STEP_SEMITONES for move in moves)
    return "stepwise" if steps * 2 >= len(moves) else "leaping"


def _repeats(tune: Tune) -> bool:
    lines = (line for voice in tune.voices for bar in voice.bars for line in (bar.left, bar.right))
    return any(line is not None and (line.ends or line.starts) for line in lines)


def _read(text: str) -> dict[str, object]:
    """The facts that a description states; None for those that it does not."""
    keys, meters, bars, sections = (
        find_keys(NOTE.sub("", text)),
        find_meters(text),
        BARS.search(text),
        SECTIONS.search(text),
    )
    notes = {
        Pitch(step, int(octave), signs.count("#") - signs.count("b")).midi for step, signs, octave in NOTE.findall(text)
    }
    return {
        "key": (keys[0].tonic_pitch_class, keys[0].mode) if keys else None,
        "meter": meters[0] if meters else None,
        "bars": int(bars[1]) if bars else None,
        "sections": int(sections[1] or sections[2]) if sections else None,
        "range": notes or None,
    }
