"""Metre, tempo and length as people say them: `6/8`, `cut time`, `at 120 bpm`, `slow`, `16 bars`."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from ..notation import Meter
from ..notation.fields import FieldFault, parse_meter
from .keys import KEY, PLAIN_END
from .phrases import NUMBER, Phrases, compile_words, read_number

__all__ = ["PACES", "TempoMark", "read_tempo", "take_bars", "take_meters", "take_pace", "take_tempo"]

_SPOKEN_BEATS: Final = "two|three|four|five|six|seven|nine|twelve"
_METER: Final = re.compile(
    r"(?<![\w/.])(?:(?i:in) )?(?P<named>(?i:time signature|meter|metre)(?: (?i:of|is))?[: ]*)?"
    r"(?P<text>\(\d+(?:\+\d+)+\)/\d+|\d{1,4} ?/ ?\d{1,4}|C\|"
    r"|(?(named)C|C(?=,? key of\b|[ -]time\b(?! signature)))|(?i:cut[ -](?:common[ -])?time|alla breve|common[ -]time)"
    rf"|(?i:(?:{_SPOKEN_BEATS})[ -](?:two|four|eight|sixteen)(?:ths?)?(?=[ -]time)))"
    r"(?:[ -](?i:time|meter|metre))?(?![\w/|]| ?=)"
)
_AFTER_A_KEY: Final = re.compile(rf"\bin {KEY} and (?P<text>C){PLAIN_END}")  # a tune in one key "and C"
_NAMED: Final = {
    "cut time": "2/2", "cut common time": "2/2", "alla breve": "2/2", "c|": "2/2", "common time": "4/4", "c": "4/4",
}  # fmt: skip

_A_PART: Final = "(?:parts?|sections?|strains?|phrases?)"
_BARS: Final = re.compile(
    rf"\b({NUMBER})[ -]?(?:bars?|measures?)\b|\bbars?(?: ?[:=] ?| of )({NUMBER})\b", re.IGNORECASE
)
_PARTS: Final = re.compile(
    rf"\b({NUMBER}) {_A_PART} (?:each )?(?:of|with) ({NUMBER}) (?:bars?|measures?)(?: each)?\b"
    rf"|\b({NUMBER}) ({NUMBER})[ -](?:bar|measure) {_A_PART}\b",
    re.IGNORECASE,
)

_BEATS: Final = {
    "whole": 4.0, "semibreve": 4.0, "half": 2.0, "minim": 2.0, "quarter": 1.0, "crotchet": 1.0,
    "eighth": 0.5, "quaver": 0.5,
}  # fmt: skip
_BEAT: Final = rf"(?P<beat>(?:dotted[ -])?(?:{'|'.join(_BEATS)})(?:[ -]?note)?s?|[1-9]/(?:1|2|4|8|16))"
_COUNT: Final = r"(?P<count>\d{1,5}(?:\.\d+)?)"
_TEMPO_WORD: Final = r"(?:a )?(?:tempo|speed|q)(?: of| to| is)? ?[:=]? ?"
_LEAD: Final = rf"(?:\b(?:at|with|to) )?(?:\b{_TEMPO_WORD})?"
# From the surest to the shortest: "quarter = 90", "90 bpm", "90 crotchets a minute", "tempo 90", "at 90".
_TEMPOS: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_LEAD}\b{_BEAT} ?(?:=|is) ?{_COUNT}(?: ?[bq]pm)?\b",
        rf"{_LEAD}\b{_COUNT} ?(?P<unit>[bq]pm|beats)\b(?: (?:per|a|each) min(?:ute)?)?",
        rf"{_LEAD}\b{_COUNT} (?:{_BEAT} )?(?:per|a|each) min(?:ute)?\b",
        rf"\b(?:at (?:a )?)?{_TEMPO_WORD}\b{_COUNT}\b(?! ?/)",
        rf"\bat {_COUNT}\b(?! ?[/-])(?! (?:bars?|measures?)\b)",
    )
)

# What a word makes of the usual tempo.
PACES: Final = {
    "very slow": 0.55, "slow": 0.7, "slowly": 0.7, "slowish": 0.85, "gentle": 0.8, "calm": 0.8, "relaxed": 0.85,
    "moderate": 0.9, "andante": 0.75, "adagio": 0.6, "largo": 0.5, "moderato": 0.9, "leisurely": 0.8, "steady": 0.95,
    "quick": 1.15, "brisk": 1.15, "lively": 1.15, "fast": 1.2, "allegro": 1.15, "energetic": 1.15, "very fast": 1.4,
    "presto": 1.35, "rapid": 1.25, "vivace": 1.25, "very quick": 1.3,
}  # fmt: skip
_PACE: Final = compile_words(*PACES, *(f"{word} {what}" for word in PACES for what in ("tempo", "speed", "pace")))


class TempoMark(NamedTuple):
    """So many beats a minute; `beat` is a beat in quarter notes, None for the beat of the metre."""

    number: float
    beat: float | None

    def qpm(self, meter: Meter) -> float:
        """Quarter notes a minute: the beat of a compound metre is a dotted quarter."""
        beat = self.beat if self.beat is not None else 1.5 if meter.is_compound else 1.0
        return self.number * beat


def take_meters(phrases: Phrases) -> list[Meter]:
    """All metres that are named. Raises `FieldFault` for a metre that cannot be."""
    meters = [_read_meter(match["text"]) for match in phrases.take_all(_METER)]
    if not meters and (match := _AFTER_A_KEY.search(phrases.text)):
        phrases.cut(*match.span("text"))
        meters = [_read_meter(match["text"])]
    return meters


def _read_meter(text: str) -> Meter:
    spoken = text.lower().replace("-", " ")
    if spoken in _NAMED:
        return parse_meter(_NAMED[spoken])
    if text[0].isalpha():
        beats, unit = spoken.split()
        text = f"{read_number(beats)}/{read_number(re.sub('ths?$', '', unit))}"
    meter = parse_meter(text.replace(" ", ""))
    if not meter.beats or max(sum(meter.beats), meter.unit) > 32:
        raise FieldFault(f"{text} is no metre that a tune could be composed in", 0, len(text))
    return meter


def take_bars(phrases: Phrases) -> list[int]:
    """All lengths in bars that are named ("two 8-bar parts" are 16)."""
    parts = [[read_number(group) for group in match.groups() if group] for match in phrases.take_all(_PARTS)]
    return [first * second for first, second in parts] + [
        read_number(match[1] or match[2]) for match in phrases.take_all(_BARS)
    ]


def take_tempo(phrases: Phrases) -> TempoMark | None:
    """The tempo that is given as a number, or None."""
    match = next(filter(None, map(phrases.take, _TEMPOS)), None)
    if match is None:
        return None
    named = match.groupdict()
    if named.get("beat"):
        return TempoMark(float(match["count"]), _beat(match["beat"]))
    return TempoMark(float(match["count"]), 1.0 if (named.get("unit") or "").lower() == "qpm" else None)


def read_tempo(text: str) -> TempoMark | None:
    """The tempo that a whole text names, or None: `120`, `100 bpm`, `quarter = 90`."""
    phrases = Phrases(f"{text} bpm" if re.fullmatch(r"\d{1,5}(?:\.\d+)?", text) else text)
    mark = take_tempo(phrases)
    return mark if not phrases.left_over() else None


def _beat(text: str) -> float:
    if text[0].isdigit():
        numerator, denominator = text.split("/")
        return 4 * int(numerator) / int(denominator)
    words = text.lower().replace("-", " ").split()
    name = next(beat for word in words for beat in _BEATS if word in (beat, f"{beat}s", f"{beat}note", f"{beat}notes"))
    return _BEATS[name] * (1.5 if words[0] == "dotted" else 1.0)


def take_pace(phrases: Phrases) -> tuple[str, float]:
    """The word for a tempo ("slow") and what it makes of the usual one, or nothing and 1."""
    match = phrases.take(_PACE)
    if match is None:
        return "", 1.0
    words = match.group().lower().replace("-", " ")
    word = words if words in PACES else words.rpartition(" ")[0]
    return word, PACES[word]
