"""Transcribe: sound, or a list of the notes that are heard, to a tune in ABC.

A record with a sound asks by it. Any other is played (`formats.performance`), repeats unfolded, and its notes are
listed as `name:onset:duration` in quarter notes, a line for each voice.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Final, TypeAlias

from ..analysis.keys import key_score
from ..conversation import Conversation, Message
from ..errors import FormatError
from ..formats.performance import perform
from ..metrics import is_valid, likeness, overlap
from ..notation import Tune
from ..record import Record
from ..reply import read_reply
from .material import converse, dice, reference_tune, tune_of
from .names import call_pitch
from .wording import wording

__all__ = ["KIND", "VERSION", "build", "grade"]

VERSION: Final = 1
KIND: Final = "sft"
MOST_NOTES: Final = 400
SHORT_DECIMALS: Final = 8
Heard: TypeAlias = list[tuple[int, Fraction, Fraction]]
"""MIDI number, onset and duration of each note, in whole notes."""


def build(record: Record, seed: int, language: str = "en") -> Conversation | None:
    """Ask for the tune that is heard. None for one without a note, or, where notes are listed, with more than 400."""
    tune = tune_of(record)
    if tune is None or not any(_voices(tune)):
        return None
    random = dice(record, "transcribe", seed)
    words = wording("transcribe", language)
    answer = words.say("answer", random, tune=record.abc.rstrip("\n"))
    if record.audio:
        ask = words.say("ask_sound", random)
        said = converse(record, "transcribe", VERSION, seed, language, ask, answer)
        parts = ({"type": "audio", "audio": record.audio}, {"type": "text", "text": ask})
        return replace(said, messages=(Message("user", parts), *said.messages[1:]))
    voices = _voices(tune)
    if sum(map(len, voices)) > MOST_NOTES:
        return None
    listed = "\n".join(
        " ".join(f"{call_pitch(midi)}:{_quarters(onset)}:{_quarters(duration)}" for midi, onset, duration in voice)
        for voice in voices
    )
    ask = words.say("ask_notes", random, notes=listed)
    return converse(record, "transcribe", VERSION, seed, language, ask, answer)


def grade(conversation: Conversation, reply: str) -> dict[str, float]:
    """How alike what is heard of the two tunes is: notes in order, notes with their onsets, metre, key; and valid.

    `key` is the weighted score of `analysis.keys`.
    """
    read = read_reply(reply)
    scores = dict.fromkeys(("valid", "notes", "onsets", "meter", "key"), 0.0)
    if not read.tunes:
        return scores
    wanted, tune = reference_tune(conversation), read.tunes[0]
    aim, heard = _flat(wanted), _flat(tune)
    return {
        "valid": is_valid(read),
        "notes": likeness([(midi, length) for midi, _, length in heard], [(midi, length) for midi, _, length in aim]),
        "onsets": overlap([note[:2] for note in heard], [note[:2] for note in aim]),
        "meter": float(tune.meter.beats == wanted.meter.beats and tune.meter.unit == wanted.meter.unit),
        "key": key_score(tune.key, wanted.key),
    }


def _quarters(time: Fraction) -> str:
    """Whole notes in quarter notes: a decimal where it ends soon (`2.25`), else a fraction (`1/3`)."""
    quarters = time * 4
    return f"{float(quarters)}".removesuffix(".0") if SHORT_DECIMALS % quarters.denominator == 0 else str(quarters)


def _flat(tune: Tune) -> Heard:
    return [note for voice in _voices(tune) for note in voice]


def _voices(tune: Tune) -> list[Heard]:
    """The notes of each voice as they are heard; none where the tune is too long to be played."""
    try:
        notes = perform(tune).notes
    except FormatError:
        return []
    voices: list[Heard] = [[] for _ in tune.voices]
    for note in notes:
        if not note.grace:
            voices[note.voice].append((note.midi, note.onset, note.duration))
    return voices
