"""Keys as people say them: `D`, `in A minor`, `E flat major`, `F#m`, `the key of g dorian`."""

from __future__ import annotations

import re
from typing import Final

from ..notation import Key
from ..notation.theory import STEPS
from .phrases import Phrases
from .rhythms import rhythm_words

__all__ = ["KEY", "MODE", "PLAIN_END", "check_key", "read_key", "take_keys", "take_mode"]

_MODES: Final = {
    "major": "major", "maj": "major", "ionian": "major",
    "minor": "minor", "min": "minor", "m": "minor", "aeolian": "minor",
    "dorian": "dorian", "dor": "dorian",
    "mixolydian": "mixolydian", "mixo": "mixolydian", "mix": "mixolydian",
    "phrygian": "phrygian", "phr": "phrygian",
    "lydian": "lydian", "lyd": "lydian",
    "locrian": "locrian", "loc": "locrian",
}  # fmt: skip
_WRITTEN: Final = "|".join(sorted((mode for mode in _MODES if mode != "m"), key=len, reverse=True))
_FULL: Final = "|".join(sorted((mode for mode in _MODES if len(mode) > 4), key=len, reverse=True))

_SIGN: Final = r"(?:[ -]?(?P<sign>sharp|flat|#)|(?P<b>b))?"
MODE: Final = rf"(?:[ -]?(?P<mode>(?i:{_WRITTEN})|m)(?![\w']))?"
_END: Final = r"(?![\w'/|#+])"
PLAIN_END: Final = rf"(?![ -](?:sharp|flat|(?i:{_WRITTEN})\b)){_END}"
"""What follows a key of one letter."""
TONIC: Final = rf"(?P<tonic>[A-Ga-g]){_SIGN}(?!\w*')"
KEY: Final = rf"{TONIC}{MODE}{_END}"

_AFTER_A_WORD: Final = re.compile(
    rf"\b(?i:in(?: the)?(?: key of)?|key(?: signature)?(?: of| is|:| =)?|from|to|into|on) (?:the )?{KEY}"
)
_WITH_A_MODE: Final = re.compile(
    rf"(?<!\bI )\b(?P<tonic>[A-Ga-g]){_SIGN}(?:[ -]?(?P<mode>(?i:{_WRITTEN}))|(?P<m>m)){_END}"
)
_WITH_A_SIGN: Final = re.compile(rf"\b(?P<tonic>[A-G])(?:[ -](?P<sign>sharp|flat)|(?P<b>b)|(?P<hash>#)){_END}")
_ALONE: Final = re.compile(r"(?<![\w'])(?P<tonic>[B-G])(?![\w'/|#+&])")
_A_BEFORE_A_RHYTHM: Final = re.compile(
    rf"(?:(?<=[Aa] )|(?<=[Aa]n ))(?P<tonic>A)(?= (?i:{'|'.join(map(re.escape, rhythm_words()))}|tune|melody|piece)\b)"
)
_MODE_ALONE: Final = re.compile(
    rf"\b(?i:(?:in )?(?:an? |the )?(?P<mode>{_FULL})(?: key| mode| scale| tonality)?)(?![\w'])"
)


def read_key(text: str) -> Key | None:
    """The key that a whole text names, or None.

    >>> str(read_key("e flat minor")), str(read_key("Bb")), read_key("h")
    ('Ebm', 'Bb', None)
    """
    match = re.fullmatch(rf"(?:(?i:the )?(?i:key of ))?{KEY}", text.strip())
    return _key_of(match) if match else None


def take_keys(phrases: Phrases) -> list[tuple[Key, bool]]:
    """All keys that are named, each with whether its mode was named too.

    A lower-case `a` is the key only where nothing else can be meant: "in a", "in a minor", "a flat major"; "a minor
    waltz" is a waltz in minor.
    """
    found = []
    for pattern in (_AFTER_A_WORD, _WITH_A_MODE, _WITH_A_SIGN, _A_BEFORE_A_RHYTHM, _ALONE):
        while match := _search(pattern, phrases.text):
            found.append((match.start(), _key_of(match), bool(_groups(match, "mode", "m"))))
            phrases.cut(match.start(), match.end())
    return [(key, with_mode) for _, key, with_mode in sorted(found, key=lambda entry: entry[0])]


def _search(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    return next((match for match in pattern.finditer(text) if not _is_article(match)), None)


def _is_article(match: re.Match[str]) -> bool:
    """Whether the tonic is the article "a" rather than the note."""
    if match.group("tonic").upper() != "A" or _groups(match, "sign", "b", "hash"):
        return False
    text, after = match.string, match.string[match.end() :]
    if match.re is _AFTER_A_WORD:
        if not _groups(match, "mode"):
            return match.group("tonic") == "a" and bool(re.match(r"[ -]\w", after))
        return match.group("tonic") == "a" and bool(re.match(r" (?:key|mode|scale)\b", after, re.IGNORECASE))
    if match.re is _WITH_A_MODE and match.group()[1] in " -":  # "Ador" is no "a"
        starts = not text[: match.start()].strip("\0 ")
        return bool(after.strip("\0 ,.")) and (
            match.group("tonic") == "a" or (starts and match.group("mode").islower())
        )
    return False


def take_mode(phrases: Phrases) -> str:
    """The mode that is named without a tonic ("in minor", "a dorian jig"), or nothing."""
    match = phrases.take(_MODE_ALONE)
    return _MODES[match.group("mode").lower()] if match else ""


def check_key(key: Key) -> str:
    """Why a key cannot be written with at most seven sharps or flats, or nothing where it can.

    >>> check_key(Key("G#")), check_key(Key("Ab"))
    ('G# major would need 8 sharps; Ab major sounds the same', '')
    """
    fifths = key.fifths
    if abs(fifths) <= 7:
        return ""
    spellings = (Key(step + sign, key.mode) for step in STEPS for sign in ("", "#", "b"))
    equal = (other for other in spellings if other.tonic_pitch_class == key.tonic_pitch_class)
    same = min(equal, key=lambda other: abs(other.fifths))
    sign = "sharps" if fifths > 0 else "flats"
    return f"{key.tonic} {key.mode} would need {abs(fifths)} {sign}; {same.tonic} {same.mode} sounds the same"


def _key_of(match: re.Match[str]) -> Key:
    sign = _groups(match, "sign", "b", "hash").lower()
    mode = _groups(match, "mode", "m")
    tonic = match.group("tonic").upper() + {"sharp": "#", "#": "#", "flat": "b", "b": "b"}.get(sign, "")
    return Key(tonic, _MODES[mode.lower()] if mode else "major")


def _groups(match: re.Match[str], *names: str) -> str:
    return next((match[name] for name in names if name in match.re.groupindex and match[name]), "")
