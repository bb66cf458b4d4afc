"""The values of information fields: K, M, L, Q, V, P and what clefs say.

Each `parse_...` takes the text after the colon and gives the value, or raises `FieldFault` that says what is
wrong, where in that text, and what would be right. Sources: ABC standard 2.1, sections 3.1.6 to 3.1.14, 4.6, 7.1.
"""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache
from typing import Final

from .theory import ACCIDENTAL_VALUE, FREE_METER, NO_CLEF, Clef, Key, Meter, Tempo

MAX_UNIT: Final = 512
MAX_BEATS: Final = 256

MODES: Final = {
    "": "major",
    "maj": "major",
    "ion": "major",
    "m": "minor",
    "min": "minor",
    "aeo": "minor",
    "mix": "mixolydian",
    "dor": "dorian",
    "phr": "phrygian",
    "lyd": "lydian",
    "loc": "locrian",
}
CLEF_NAMES: Final = frozenset("treble alto tenor bass perc none auto".split())  # noqa: SIM905
CLEF_PATTERN: Final = re.compile(r"(treble|alto|tenor|bass|perc|none|auto|[GCF])(\d?)([+-]8|[+-]15)?$")
CLEF_OF_LETTER: Final = {"G": "treble", "C": "alto", "F": "bass"}
PROPERTY: Final = re.compile(r'([A-Za-z_][\w-]*)\s*=\s*("(?:[^"\\]|\\.)*"|\S+)|(\S+)')
KEY_HEAD: Final = re.compile(r"([A-G])([#b]?)\s*")
KEY_MODE: Final = re.compile(r"[A-Za-z]+")
KEY_ACCIDENTAL: Final = re.compile(r"(\^\^?|__?|=)([A-Ga-g])")


class FieldFault(ValueError):
    """A field's text that cannot be read: characters `start` to `end` of it, why, and what to do."""

    def __init__(self, message: str, start: int, end: int, hint: str = "") -> None:
        super().__init__(message)
        self.message, self.start, self.end, self.hint = message, start, end, hint


@lru_cache(maxsize=4096)
def parse_key(text: str) -> Key:
    """Read the text of a K: field.

    >>> str(parse_key("E minor")), str(parse_key("D exp _b _e ^f"))
    ('Em', 'D exp _b _e ^f')
    """
    body = text.strip()
    offset = text.find(body) if body else 0
    if not body:
        raise FieldFault("the key is empty", 0, len(text), "write K:C, K:Gm, K:Ador or K:none")
    tonic, mode, explicit, at = "", "none", False, 0
    pipes = re.match(r"(HP|Hp|none)\b\s*", body)
    head = KEY_HEAD.match(body)
    if pipes:
        mode, at = pipes.group(1), pipes.end()
    elif (head and not CLEF_PATTERN.match(body.split()[0])) or (head and len(body.split()[0]) == 1):
        tonic, mode, at = head.group(1) + head.group(2), "major", head.end()
        word = KEY_MODE.match(body, at)
        if word and not _is_property(body, word) and word.group() != "exp" and word.group() not in CLEF_NAMES:
            name = word.group().lower()
            short = name if name == "m" else name[:3]
            if short not in MODES or (len(name) > 3 and not _is_mode_name(name)):
                raise FieldFault(
                    f"{word.group()!r} is no mode",
                    offset + word.start(),
                    offset + word.end(),
                    "modes are m, maj, min, dor, mix, phr, lyd, loc, ion and aeo, in any case",
                )
            mode, at = MODES[short], word.end()
    accidentals: list[tuple[str, int]] = []
    clef_parts: dict[str, str] = {}
    while at < len(body):
        if body[at].isspace():
            at += 1
            continue
        accidental = KEY_ACCIDENTAL.match(body, at)
        if accidental:
            accidentals.append((accidental.group(2), ACCIDENTAL_VALUE[accidental.group(1)]))
            at = accidental.end()
            continue
        if body.startswith("exp", at) and not body[at + 3 : at + 4].isalpha():
            explicit, at = True, at + 3
            continue
        part = PROPERTY.match(body, at)
        if part is None:
            raise FieldFault(f"{body[at:]!r} is not understood", offset + at, offset + len(body))
        if part.group(1):
            clef_parts[part.group(1).lower()] = part.group(2).strip('"')
        elif CLEF_PATTERN.match(part.group(3)):
            clef_parts["clef"] = part.group(3)
        else:
            raise FieldFault(
                f"{body!r} is no key" if not tonic and mode == "none" and not pipes else f"{part.group()!r} is no key",
                offset + (at if tonic or pipes else 0),
                offset + part.end(),
                "write a tonic and a mode, as K:D, K:Bb, K:F#m, K:Ador, or K:none",
            )
        at = part.end()
    clef = read_clef(clef_parts, text)
    if not tonic and mode == "none" and not pipes and (clef_parts or accidentals or explicit):
        # K:clef=bass alone, or accidentals alone: key of no signature (section 3.1.14).
        return Key("", "none" if not clef_parts or accidentals else "", tuple(accidentals), explicit, clef)
    return Key(tonic, mode, tuple(accidentals), explicit, clef)


def _is_property(body: str, word: re.Match[str]) -> bool:
    """`clef=bass` rather than a mode with an accidental after it, as in `K:Dmix=c`."""
    return body.startswith("=", word.end()) and (body[word.start() - 1].isspace() or len(word.group()) > 3)


def _is_mode_name(name: str) -> bool:
    full = ("major", "minor", "ionian", "aeolian", "mixolydian", "dorian", "phrygian", "lydian", "locrian")
    return any(word.startswith(name) or name.startswith(word) for word in full)


def read_clef(parts: dict[str, str], text: str = "") -> Clef:
    """The clef that the properties of a K: or V: field describe."""
    name = octave_mark = ""
    written = parts.get("clef", "")
    if written:
        match = CLEF_PATTERN.match(written)
        if match is None:
            at = max(text.find(written), 0)
            raise FieldFault(
                f"{written!r} is no clef", at, at + len(written), "clefs are treble, alto, tenor, bass, perc and none"
            )
        name = CLEF_OF_LETTER.get(match.group(1), match.group(1)) + match.group(2)
        octave_mark = match.group(3) or ""
    numbers: dict[str, int] = {}
    for key in ("transpose", "t", "octave", "stafflines"):
        if key in parts:
            try:
                numbers[key] = int(parts[key])
            except ValueError:
                at = max(text.find(parts[key]), 0)
                raise FieldFault(
                    f"{key}={parts[key]} is not a whole number", at, at + len(parts[key]), f"write {key}=-2, say"
                ) from None
            if abs(numbers[key]) > 96:
                at = max(text.find(parts[key]), 0)
                raise FieldFault(f"{key}={parts[key]} is out of range", at, at + len(parts[key]))
    clef = Clef(
        name,
        octave_mark,
        parts.get("middle", parts.get("m", "")),
        numbers.get("transpose", numbers.get("t", 0)),
        numbers.get("octave", 0),
        numbers.get("stafflines"),
    )
    return NO_CLEF if clef == NO_CLEF else clef


@lru_cache(maxsize=1024)
def parse_meter(text: str) -> Meter:
    """Read the text of an M: field.

    >>> str(parse_meter("(2+3)/8")), str(parse_meter("C|")), parse_meter("C|").duration
    ('(2+3)/8', 'C|', Fraction(1, 1))
    """
    body = text.strip()
    if body in ("C", "c"):
        return Meter((4,), 4, "C")
    if body in ("C|", "c|"):
        return Meter((2,), 2, "C|")
    if body.lower() in ("none", ""):
        return FREE_METER
    match = re.fullmatch(r"\(?\s*(\d+(?:\s*\+\s*\d+)*)\s*\)?\s*/\s*(\d+)", body)
    if match is None:
        raise FieldFault(
            f"{body!r} is no metre", 0, len(text.rstrip()), "write M:4/4, M:6/8, M:C, M:C|, M:(2+3)/8 or M:none"
        )
    beats = tuple(int(part[:9]) for part in re.split(r"\s*\+\s*", match.group(1)))
    unit = int(match.group(2)[:9])
    if not 0 < unit <= MAX_UNIT or unit & (unit - 1) or not 0 < sum(beats) <= MAX_BEATS or 0 in beats:
        raise FieldFault(
            f"a metre of {body} cannot be played", 0, len(text.rstrip()), "the lower number is 1, 2, 4, 8, 16, ... 512"
        )
    return Meter(beats, unit)


@lru_cache(maxsize=256)
def parse_unit_length(text: str) -> Fraction:
    """Read the text of an L: field, as `1/8`."""
    body = text.strip()
    match = re.fullmatch(r"(\d+)\s*(?:/\s*(\d+))?", body)
    if match is None:
        raise FieldFault(f"{body!r} is no note length", 0, len(text.rstrip()), "write L:1/8 or L:1/4")
    numerator, denominator = int(match.group(1)[:9]), int((match.group(2) or "1")[:9])
    if not 0 < denominator <= MAX_UNIT or not 0 < numerator <= 16:
        raise FieldFault(f"a note length of {body} cannot be written", 0, len(text.rstrip()), "write L:1/8 or L:1/4")
    return Fraction(numerator, denominator)


TEMPO: Final = re.compile(
    r'\s*(?:"((?:[^"\\]|\\.)*)")?\s*'
    r"(?:((?:\d+/\d+\s*|[Cc]\d*(?:/\d+)?\s*|\d+\s*(?==))*)(=)?\s*(?:ca\.?\s*)?(\d+(?:\.\d+)?)?(?:\s*-\s*\d+)?)?"
    r'\s*(?:"((?:[^"\\]|\\.)*)")?\s*$'
)


@lru_cache(maxsize=1024)
def parse_tempo(text: str, unit_length: Fraction = Fraction(1, 8)) -> Tempo:
    """Read the text of a Q: field; `Q:120` counts unit note lengths, as in older versions (section 10.1).

    >>> str(parse_tempo('"Allegro" 1/4=120'))
    '"Allegro" 1/4=120'
    """
    match = TEMPO.match(text)
    if match is None or not text.strip():
        raise FieldFault(
            f"{text.strip()!r} is no tempo", 0, max(len(text.rstrip()), 1), 'write Q:1/4=120 or Q:"Allegro" 1/4=120'
        )
    before, beat_text, equals, number, after = match.groups()
    beats: list[Fraction] = []
    for beat in re.findall(r"\d+/\d+|[Cc]\d*(?:/\d+)?|\d+", beat_text or ""):
        if beat[0] in "Cc":
            factor = beat[1:]
            scale = (
                Fraction("1" + factor if factor.startswith("/") else factor or "1") if factor != "/0" else Fraction(0)
            )
            beats.append(unit_length * scale)
        else:
            numerator, _, denominator = beat.partition("/")
            beats.append(
                Fraction(int(numerator[:9]), int(denominator[:9] or 1)) if int(denominator or 1) else Fraction(0)
            )
    per_minute = float(number[:12]) if number else None
    if (bool(equals) != bool(beats)) or (equals and per_minute is None) or not all(0 < b <= 8 for b in beats):
        raise FieldFault(f"{text.strip()!r} is no tempo", 0, len(text.rstrip()), "write Q:1/4=120")
    if per_minute is not None and not beats:
        beats = [unit_length]
    if per_minute is not None and not 0 < per_minute <= 10000:
        raise FieldFault(f"{number} beats a minute cannot be played", 0, len(text.rstrip()), "write Q:1/4=120")
    return Tempo(tuple(beats), per_minute, before or "", after or "")


def parse_voice(text: str) -> tuple[str, dict[str, str], Clef]:
    """Read the text of a V: field: the voice's id, its properties in order, and its clef (section 7.1)."""
    body = text.strip()
    identifier, _, rest = body.partition(" ")
    if not identifier:
        raise FieldFault("the voice has no name", 0, max(len(text), 1), "write V:1 or V:Tenor clef=bass")
    properties: dict[str, str] = {}
    for match in PROPERTY.finditer(rest):
        if match.group(1):
            value = match.group(2)
            properties[match.group(1)] = value[1:-1] if value.startswith('"') else value
        elif CLEF_PATTERN.match(match.group(3)):
            properties["clef"] = match.group(3)
        elif match.group(3) not in ("up", "down", "merge"):
            at = text.find(match.group(3))
            raise FieldFault(
                f"{match.group(3)!r} is no property of a voice",
                at,
                at + len(match.group(3)),
                'properties are written name="Tenor", clef=bass, octave=-1, transpose=-2 and the like',
            )
        else:
            properties["stem" if match.group(3) != "merge" else "merge"] = match.group(3)
    return identifier, properties, read_clef({k.lower(): v for k, v in properties.items()}, text)


def parse_parts(text: str, limit: int = 10_000) -> tuple[str, ...]:
    """Unfold a playing order: `A2(BA)2` gives A A B A B A (section 3.1.9)."""
    at = 0
    body = text

    def sequence(depth: int) -> list[str]:
        nonlocal at
        parts: list[str] = []
        while at < len(body):
            char = body[at]
            if char == "(" and depth < 32:
                at += 1
                group = sequence(depth + 1)
                if at >= len(body) or body[at] != ")":
                    raise FieldFault("a bracket is not closed", at, at + 1, "write P:A2(BA)2")
                at += 1
            elif char.isalpha():
                group = [char]
                at += 1
            elif char in ". \t,":
                at += 1
                continue
            else:
                break
            digits = re.compile(r"\d+").match(body, at)
            if digits:
                at = digits.end()
                group = group * min(int(digits.group()[:6]), limit // len(group) + 1)
            parts += group
            if len(parts) > limit:
                raise FieldFault(f"more than {limit} parts", 0, len(text), "write a shorter order")
        return parts

    order = sequence(0)
    if at < len(body) or not order:
        raise FieldFault(f"{text.strip()!r} is no order of parts", at, max(len(text), 1), "write P:AABB or P:A2(BA)2")
    return tuple(order)
