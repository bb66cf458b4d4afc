"""What keys, metres and kinds of tunes are called in English and Chinese, and which of them an answer names."""

from __future__ import annotations

import re
from typing import Final

from ..notation import Key
from ..request.chinese import translate
from ..request.instructions import key_words
from ..request.keys import take_keys
from ..request.phrases import Phrases, normalize
from ..request.rhythms import rhythm_words

__all__ = [
    "call_key", "call_pitch", "call_rhythm", "find_keys", "find_meters", "find_numbers", "find_rhythms",
]  # fmt: skip

MODES_ZH: Final = {
    "major": "大调",
    "minor": "小调",
    "dorian": "多利亚调式",
    "mixolydian": "混合利底亚调式",
    "phrygian": "弗里几亚调式",
    "lydian": "利底亚调式",
    "locrian": "洛克里亚调式",
}
SIGNS_ZH: Final = {"#": "升", "b": "降", "": ""}
RHYTHMS_ZH: Final = {
    "jig": "吉格舞曲",
    "slip jig": "滑步吉格舞曲",
    "reel": "里尔舞曲",
    "hornpipe": "号笛舞曲",
    "polka": "波尔卡",
    "waltz": "圆舞曲",
    "march": "进行曲",
    "strathspey": "斯特拉斯佩舞曲",
    "slide": "slide 舞曲",
    "mazurka": "玛祖卡舞曲",
    "air": "慢板乐曲",
    "barndance": "barndance 舞曲",
    "schottische": "肖蒂什舞曲",
    "polska": "波尔斯卡舞曲",
    "minuet": "小步舞曲",
    "engelska": "engelska 舞曲",
    "song": "歌曲",
    "hymn": "赞美诗",
}
PITCH_CLASSES: Final = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")
METER: Final = re.compile(r"(?<![\d/])(\d{1,2})/(\d{1,2})(?![\d/])")
NUMBER: Final = re.compile(r"(?<![\d/.])\d+(?![\d/]|\.\d)")
COMMON_TIME: Final = re.compile(r"\bC\|?\s+(?:time|met(?:re|er))\b")
SPOKEN_KEYS: Final = re.compile(r"\bK:\s*([A-G][#b]?)")


def call_key(key: Key, language: str) -> str:
    """The key's name: `Bb major`, or `降B大调`.

    >>> call_key(Key("F#", "dorian"), "en"), call_key(Key("F#", "dorian"), "zh")
    ('F# dorian', '升F多利亚调式')
    """
    if language == "en" or not key.tonic:
        return key_words(key)
    return f"{SIGNS_ZH[key.tonic[1:]]}{key.tonic[0]}{MODES_ZH[key.mode]}"


def call_pitch(midi: int) -> str:
    """The note of a MIDI number by letter, sharp and octave; 60 is `C4`.

    >>> call_pitch(60), call_pitch(70)
    ('C4', 'A#4')
    """
    return f"{PITCH_CLASSES[midi % 12]}{midi // 12 - 1}"


def call_rhythm(rhythm: str, language: str) -> str:
    """The name of a kind of tune; one without a Chinese name keeps its own."""
    return RHYTHMS_ZH.get(rhythm, rhythm) if language == "zh" else rhythm


def find_keys(text: str) -> list[Key]:
    """The keys that a text names, in order.

    >>> [str(key) for key in find_keys("Not G major; it is in A dorian.")], str(find_keys("降E大调。")[0])
    (['G', 'Ador'], 'Eb')
    """
    for mode, chinese in sorted(MODES_ZH.items(), key=lambda pair: -len(pair[1])):
        text = text.replace(chinese, f" {mode} ")
    text = SPOKEN_KEYS.sub(r" key of \1", COMMON_TIME.sub("", text))
    return [key for key, _ in take_keys(Phrases(normalize(translate(text))))]


def find_meters(text: str) -> list[tuple[int, int]]:
    """The metres that a text names, in order; `C` and `C|` only where they stand after `M:`.

    >>> find_meters("6/8, and not M:C|")
    [(6, 8), (2, 2)]
    """
    text = re.sub(r"M:\s*C\|", "2/2", text)
    text = re.sub(r"M:\s*C\b", "4/4", text)
    return [(int(beats), int(unit)) for beats, unit in METER.findall(text)]


def find_rhythms(text: str) -> list[str]:
    """The kinds of tunes that a text names, in order.

    >>> find_rhythms("A slip jig, not a waltz"), find_rhythms("这是一首波尔卡")
    (['slip jig', 'waltz'], ['polka'])
    """
    words = rhythm_words()
    pattern = rf"\b(?:{'|'.join(map(re.escape, words))})\b"
    return [words[found] for found in re.findall(pattern, translate(text).lower().replace("-", " "))]


def find_numbers(text: str) -> list[int]:
    """The whole numbers of a text, in order, those in metres and decimals left out.

    >>> find_numbers("It has 16 bars of 6/8, 2.5 minutes")
    [16]
    """
    return [int(number[-9:]) for number in NUMBER.findall(text)]
