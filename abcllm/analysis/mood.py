"""The mood of a tune, by a plain rule: how bright its mode is, and how busy its music.

Mood is a place in the plane of valence and arousal (Russell, A circumplex model of affect, 1980), of which four
quarters are told apart. Valence is read from the mode and arousal from the speed of events, the two cues that
listeners to melodies rely on most (Gagnon and Peretz, Mode and tempo relative contributions to "happy-sad" judgements,
2003): major, lydian and mixolydian are bright, the other modes dark; `BUSY` onsets a second and more are busy.

| | busy | quiet |
|---|---|---|
| bright | happy | calm |
| dark | restless | sad |
"""

from __future__ import annotations

from fractions import Fraction
from typing import Final, Literal, TypeAlias

from ..notation.tune import Chord, Note, Tune

__all__ = ["MOODS", "Mood", "find_mood", "onsets_per_second"]

Mood: TypeAlias = Literal["happy", "calm", "restless", "sad"]
MOODS: Final[tuple[Mood, ...]] = ("happy", "calm", "restless", "sad")

BRIGHT: Final = frozenset(("major", "lydian", "mixolydian"))
BUSY: Final = 3.0
USUAL_QPM: Final = 120.0


def find_mood(tune: Tune, usual_qpm: float = USUAL_QPM) -> Mood | None:
    """The mood of a tune; None where it has no key or no note.

    `usual_qpm` is the tempo, in quarter notes a minute, of a tune whose Q: field gives none.

    >>> from abcllm.notation import parse
    >>> slow, fast = parse("X:1\\nL:1/4\\nQ:60\\nK:Am\\nA c e2|]\\n\\nX:2\\nL:1/8\\nQ:400\\nK:A\\nA c e2|]\\n").tunes
    >>> find_mood(slow), find_mood(fast)
    ('sad', 'happy')
    """
    if not tune.key.tonic:
        return None
    speed = onsets_per_second(tune, usual_qpm)
    if not speed:
        return None
    if tune.key.mode in BRIGHT:
        return "happy" if speed >= BUSY else "calm"
    return "restless" if speed >= BUSY else "sad"


def onsets_per_second(tune: Tune, usual_qpm: float = USUAL_QPM) -> float:
    """Notes and chords a second in the first voice, as written; the first tempo holds to the end."""
    qpm = (tune.tempo.qpm if tune.tempo else None) or usual_qpm
    onsets = 0
    quarters = Fraction(0)
    for bar in tune.voices[0].bars if tune.voices else ():
        onsets += sum(isinstance(item, Note | Chord) for item in bar.items)
        quarters += bar.duration * 4
    return onsets * qpm / (60 * float(quarters)) if quarters else 0.0
