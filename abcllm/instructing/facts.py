"""Facts that follow from metadata without a model: each with a name, and the words and numbers that belong to it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, Final, TypeAlias

from ..notation.theory import SIGN_TEXT, STEPS, Key

__all__ = ["Facts", "read_facts"]

Facts: TypeAlias = dict[str, dict[str, str]]

PACES: Final = ((60, "very slow"), (80, "slow"), (112, "moderate"), (140, "lively"), (1000, "fast"))
METRES: Final = {2: "duple", 3: "triple", 4: "quadruple"}
QUALITIES: Final = {"": " major", "maj": " major", "min": " minor", "m": " minor", "7": "7", "min7": " minor 7",
                    "maj7": " major 7"}  # fmt: skip
KEY = re.compile(r"([A-Ga-g])\s*(#|b|♯|♭|sharp|flat)?\s*:?\s*(major|minor|maj|min|m)?", re.IGNORECASE)
SIGNS: Final = {"♯": "#", "sharp": "#", "♭": "b", "flat": "b"}
NO_VOICE = re.compile(r"\b(no|without) (voices?|vocals?|singers?|singing)\b|\binstrumental\b", re.IGNORECASE)
VOICE = re.compile(r"\b(voice|vocals?|vocalist|singer|singing|sings|choir|rap(per|ping)?)\b", re.IGNORECASE)
PACE = re.compile(r"\b(tempo|paced?)\b", re.IGNORECASE)


def read_facts(metadata: Mapping[str, Any]) -> Facts:
    """All facts of the metadata by name, in the order in which one would tell them.

    >>> read_facts({"tempo_in_beats_per_minute_madmom": 92.3})["tempo"]
    {'bpm': '92', 'pace': 'moderate'}
    """
    facts: Facts = {}
    for reader in (_genre, _aspects, _tempo, _metre, _key, _chords, _sounds):
        facts |= dict(reader(metadata))
    return facts


Found: TypeAlias = Iterator[tuple[str, dict[str, str]]]


def _genre(metadata: Mapping[str, Any]) -> Found:
    if genre := metadata.get("track.genre_top"):
        yield "genre", {"genre": str(genre)}
    others = [str(one) for one in metadata.get("track.genres_all", ()) if one != metadata.get("track.genre_top")]
    if others:
        yield "genres", {"genres": _listed(others)}


def _aspects(metadata: Mapping[str, Any]) -> Found:
    aspects = [str(one) for one in metadata.get("aspect_list", ())]
    if not aspects:
        return
    yield "aspects", {"aspects": _listed(aspects)}
    voices = [one for one in aspects if VOICE.search(one) and not NO_VOICE.search(one)]
    if voices:
        yield "voice", {"voice": _listed(voices)}
    elif any(NO_VOICE.search(one) for one in aspects):
        yield "no_voice", {}
    if pace := next((one for one in aspects if PACE.search(one)), ""):
        yield "pace", {"pace": pace}


def _tempo(metadata: Mapping[str, Any]) -> Found:
    bpm = metadata.get("tempo_in_beats_per_minute_madmom")
    if isinstance(bpm, int | float) and 20 <= bpm <= 400:
        yield "tempo", {"bpm": f"{bpm:.0f}", "pace": next(pace for most, pace in PACES if bpm <= most)}
        beats = _beats_of_bar(metadata)
        if beats:
            yield "bar_length", {"bpm": f"{bpm:.0f}", "beats": str(beats), "bar_s": f"{60 / bpm * beats:.1f}"}
        yield "half_speed", {"bpm": f"{bpm:.0f}", "half": f"{bpm / 2:.0f}", "double": f"{bpm * 2:.0f}"}


def _metre(metadata: Mapping[str, Any]) -> Found:
    beats = _beats_of_bar(metadata)
    if beats in METRES:
        yield "metre", {"beats": str(beats), "metre": METRES[beats]}


def _beats_of_bar(metadata: Mapping[str, Any]) -> int:
    return max((int(one["beat_number"]) for one in metadata.get("downbeats_madmom", ())), default=0)


def _key(metadata: Mapping[str, Any]) -> Found:
    found = KEY.fullmatch(str(metadata.get("key", "")).strip())
    if found is None:
        return
    letter, sign, mode = found.groups()
    tonic = letter.upper() + SIGNS.get((sign or "").lower(), sign or "")
    key = Key(tonic, "minor" if (mode or "") == "m" or (mode or "").lower().startswith("min") else "major")
    if abs(key.fifths) > 7:
        return
    yield "key", {"key": f"{key.tonic} {key.mode}"}
    yield "scale", {"key": f"{key.tonic} {key.mode}", "scale": " ".join(_scale(key))}
    step = 2 if key.mode == "minor" else 5
    other = "major" if key.mode == "minor" else "minor"
    yield "relative", {"key": f"{key.tonic} {key.mode}", "relative": f"{_scale(key)[step]} {other}"}


def _scale(key: Key) -> list[str]:
    """The seven notes of a major or natural minor key, upwards from the tonic."""
    at = STEPS.index(key.tonic[0])
    return [step + SIGN_TEXT[key.signature.get(step, 0)] for step in STEPS[at:] + STEPS[:at]]


def _chords(metadata: Mapping[str, Any]) -> Found:
    chords = [(float(one["end"]) - float(one["start"]), _chord_name(str(one["chord"])))
              for one in metadata.get("chords", ()) if one["chord"] not in ("N", "X")]  # fmt: skip
    if not chords:
        return
    lengths: defaultdict[str, float] = defaultdict(float)
    for length_s, name in chords:
        lengths[name] += length_s
    yield "first_chord", {"chord": chords[0][1]}
    if len(lengths) < 2:
        return
    yield "chords", {"chords": _listed([*lengths]), "count": str(len(lengths))}
    yield "longest_chord", {"chord": max(lengths, key=lambda name: lengths[name])}
    change = next(((one, other) for (_, one), (_, other) in pairwise(chords) if one != other), None)
    if change:
        yield "next_chord", {"chord": change[0], "next": change[1]}


def _chord_name(symbol: str) -> str:
    """`A:min` in words: A minor."""
    root, _, quality = symbol.partition(":")
    return root + QUALITIES.get(quality, f" {quality}")


def _sounds(metadata: Mapping[str, Any]) -> Found:
    if labels := metadata.get("labels"):
        yield "sounds", {"sounds": "; ".join(map(str, labels))}
    events = metadata.get("events", ())
    if len({str(one["event"]) for one in events}) > 1:
        first, last = events[0], events[-1]
        yield "first_sound", {"sound": str(first["event"]), "at_s": f"{float(first['start']):.1f}"}
        if last["event"] != first["event"]:
            yield "last_sound", {"sound": str(last["event"]), "at_s": f"{float(last['start']):.1f}"}


def _listed(names: Sequence[str]) -> str:
    """`one, two and three`."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
