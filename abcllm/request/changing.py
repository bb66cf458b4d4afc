"""Transposition and tempo, as people ask for them: `up a tone`, `transpose to G`, `slower`, `at 120 bpm`."""

from __future__ import annotations

import re
from typing import Final

from ..notation import Key
from .instructions import MAX_TEMPO_QPM, MIN_TEMPO_QPM, Change, Request, Transpose, Unclear, key_words
from .keys import check_key, read_key
from .measures import read_tempo
from .phrases import NUMBER, match_phrase, read_number

__all__ = ["INTERVALS", "read_tempo_change", "read_transposition"]

NO_TUNE: Final = "There is no tune yet: ask for one first."
NO_TUNE_HINT: Final = 'Try: "a 16-bar jig in D".'
MOST_SEMITONES: Final = 36

INTERVALS: Final = {
    "semitone": 1, "half tone": 1, "half step": 1, "minor second": 1,
    "tone": 2, "whole tone": 2, "step": 2, "whole step": 2, "second": 2, "major second": 2,
    "minor third": 3, "third": 4, "major third": 4, "fourth": 5, "perfect fourth": 5, "tritone": 6,
    "fifth": 7, "perfect fifth": 7, "minor sixth": 8, "sixth": 9, "major sixth": 9,
    "seventh": 10, "minor seventh": 10, "major seventh": 11, "octave": 12,
}  # fmt: skip
_LOOSE: Final = {"second": "major second", "third": "major third", "sixth": "major sixth", "seventh": "minor seventh"}
_NAMES: Final = "|".join(sorted(INTERVALS, key=len, reverse=True))
_INTERVAL: Final = re.compile(rf"(?:by )?(?:(?P<count>an?|another|{NUMBER}) )?(?P<interval>{_NAMES})s?", re.IGNORECASE)

_MOVE: Final = "(transpose|move|shift|take|put|bring|pitch|make|set|go) [<it>]"
_UP: Final = (f"[{_MOVE}] up <rest>", "raise [<it>] <rest>", f"[{_MOVE}] <rest> (up|higher)")
_DOWN: Final = (f"[{_MOVE}] down <rest>", "lower [<it>] <rest>", f"[{_MOVE}] <rest> (down|lower)")
_TO: Final = (
    "(transpose|move|shift|put|bring) [<it>] [up|down] (to|into|in) [the key of] <rest>",
    "(change|set|switch) the key [signature] to <rest>",
    "(change|set|switch) key to <rest>",
    "transpose [<it>] <rest>",
)

_SLOWER: Final = (
    "[(make|take)] [<it>] [still|even] slower [again|still]",
    "slow [<it>] [down]",
    "[(it is|it's|that is|that's)] too fast",
    "(reduce|lower) the (tempo|speed)",
    "[make <it>] slow",
)
_FASTER: Final = (
    "[(make|take)] [<it>] [still|even] (faster|quicker) [again|still]",
    "speed [<it>] up [<it>]",
    "hurry up",
    "[(it is|it's|that is|that's)] too slow",
    "(increase|raise) the (tempo|speed)",
    "[make <it>] fast",
)
_HALF: Final = ("[(make|take) <it>] [at] (half the|half) (tempo|speed)", "half as fast", "twice as slow")
_DOUBLE: Final = ("[(make|take) <it>] [at] (double|twice) [the] (tempo|speed)", "twice as fast")
_DEGREE: Final = re.compile(
    r"\b(?:(?P<little>(?:just )?a (?:little|bit|tad|touch)(?: bit)?|slightly|somewhat)|(?P<much>much|a lot|far|way)) ?",
    re.IGNORECASE,
)
_SET_TEMPO: Final = (
    "[make|take|set|put] [<it>] [to] <rest>",
    "(set|change) the (tempo|speed) to <rest>",
    "(set|change) (tempo|speed) to <rest>",
    "(set|change) the <rest>",
    "<rest>",
)


def read_transposition(text: str, previous: Request | None) -> Transpose | Unclear | None:
    """The transposition that a whole text asks for, or None."""
    for templates, direction in ((_UP, 1), (_DOWN, -1)):
        for template in templates:
            match = match_phrase(text, template)
            if match and (interval := _INTERVAL.fullmatch(match["rest"])):
                return _by_interval(interval, direction)
    if match := match_phrase(text, "transpose [<it>] [by] <signed> [semitones|semitone|half steps]"):
        return _by_semitones(int(match["signed"].replace(" ", "")))
    if match_phrase(text, "(transpose|move|shift) [<it>] [up|down]", "(up|down|higher|lower)"):
        return Unclear("Say to which key, or by how much.", 'Try: "transpose to G", "up a tone", "down a minor third".')
    if match := match_phrase(text, *_TO):
        interval = _INTERVAL.fullmatch(match["rest"])
        return _by_interval(interval, 1) if interval else _to_key(match["rest"], previous)
    return None


def _by_interval(match: re.Match[str], direction: int) -> Transpose | Unclear:
    count, interval = (match["count"] or "a").lower(), match["interval"].lower()
    times = 1 if count in ("a", "an", "another") else read_number(count)
    loose = _LOOSE.get(interval, "")
    return _by_semitones(
        direction * times * INTERVALS[interval], f'"{interval}" is taken as a {loose}' if loose else ""
    )


def _by_semitones(semitones: int, remark: str = "") -> Transpose | Unclear:
    if not 0 < abs(semitones) <= MOST_SEMITONES:
        return Unclear(
            f"A tune is moved by 1 to {MOST_SEMITONES} semitones, not {abs(semitones)}.",
            'Try: "up a tone", "down an octave".',
        )
    return Transpose(semitones, None, (remark,) if remark else ())


def _to_key(words: str, previous: Request | None) -> Transpose | Unclear:
    key = read_key(words)
    if key is None:
        return Unclear(f'"{words}" is no key.', 'Try: "transpose to G", "transpose to B flat", "up a tone".')
    if previous is None:
        return Unclear(NO_TUNE, NO_TUNE_HINT)
    says_mode = key.mode != "major" or "maj" in words.lower()
    if says_mode and key.mode != previous.key.mode:
        return Unclear(
            f"A transposition keeps the mode, and the tune is in {key_words(previous.key)}.",
            f'Say "transpose to {key.tonic}", or "again in {key_words(key)}" for a new tune.',
        )
    target = Key(key.tonic, previous.key.mode)
    trouble = check_key(target)
    return Unclear(f"{trouble}.", 'Try: "transpose to A flat".') if trouble else Transpose(0, target)


def read_tempo_change(text: str, previous: Request | None) -> Change | Unclear | None:
    """The tempo that a whole text asks for, or None."""
    factor = _relative_tempo(text)
    rests = (match["rest"] for template in _SET_TEMPO if (match := match_phrase(text, template)))
    mark = None if factor else next(filter(None, map(read_tempo, rests)), None)
    if not factor and mark is None:
        return None
    if previous is None:
        return Unclear(NO_TUNE, NO_TUNE_HINT)
    tempo_qpm = mark.qpm(previous.meter) if mark else float(round(previous.tempo_qpm * factor))
    if not MIN_TEMPO_QPM <= tempo_qpm <= MAX_TEMPO_QPM:
        return Unclear(
            f"A tune goes at {MIN_TEMPO_QPM:g} to {MAX_TEMPO_QPM:g} quarter notes a minute, not {tempo_qpm:g}.",
            'Try: "at 120 bpm", "slower", "faster".',
        )
    return Change(tempo_qpm)


def _relative_tempo(text: str) -> float:
    """By how much the tempo is to be multiplied; 0 where the text does not say."""
    if match_phrase(text, *_HALF):
        return 0.5
    if match_phrase(text, *_DOUBLE):
        return 2.0
    degree = _DEGREE.search(text)
    step = 1.2 if degree is None else 1.08 if degree["little"] else 1.4
    plain = _DEGREE.sub("", text).strip()
    if match_phrase(plain, *_SLOWER):
        return 1 / step
    return step if match_phrase(plain, *_FASTER) else 0.0
