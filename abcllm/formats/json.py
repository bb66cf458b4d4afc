"""Tunes as events in JSON: every note that is heard, with its time, and what the tune says of itself.

A file is `{"format": "abcllm events", "version": 1, "tunes": [...]}`. A tune has

* `number`, `titles`, `composers`, `rhythm`, `origin`, `words` (of W:), `key`, `meter`, `unit_length`: as written;
* `duration` and `duration_s`: its length with repeats played;
* `voices`: `id`, `name`, `clef`; a note's `voice` counts them from 0;
* `tempos` (`qpm`: quarter notes a minute), `meters`, `keys`: what is in force from an `onset` on, the first at 0;
* `bars`: the bars of the longest voice as they are played, with their printed `number` (a pickup is 0);
* `notes`, in order of onset: `voice`, `layer` (0, or the overlay), `bar`, `onset`, `duration`, `midi` (60 is middle C),
  `velocity`, `pitch` (as written: what sounds differs from it under `transpose=` and the like), `grace`, and `lyric`
  where a syllable is sung. Grace notes take no time of the note that they adorn.

`onset` and `duration` are exact fractions of a whole note as text (`"3/8"`); `..._quarters` and `..._s` are the same in
quarter notes and seconds. Bar lines, endings, slurs, ties and decorations are lost: a tune cannot be read back.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from ..notation.tune import Tune
from .performance import Performance, SoundingNote, perform

__all__ = ["VERSION", "events", "write_json"]

VERSION = 1


def write_json(tunes: Tune | Sequence[Tune], *, tempo_qpm: float | None = None) -> str:
    """The events of tunes as JSON text. `tempo_qpm` replaces the first tempo of each.

    Raises `FormatError` where repeats make a tune too long to be played.
    """
    chosen = (tunes,) if isinstance(tunes, Tune) else tuple(tunes)
    written = ",\n".join(_spread(events(tune, tempo_qpm=tempo_qpm)) for tune in chosen)
    return f'{{"format": "abcllm events", "version": {VERSION}, "tunes": [\n{written}\n]}}\n'


def events(tune: Tune, *, tempo_qpm: float | None = None) -> dict[str, Any]:
    """One tune as plain values, ready for JSON."""
    played = perform(tune, tempo_qpm=tempo_qpm)
    return {
        "number": tune.number,
        "titles": list(tune.titles),
        "composers": list(tune.texts("C")),
        "rhythm": tune.rhythm,
        "origin": list(tune.texts("O")),
        "words": list(tune.words),
        "key": str(tune.key),
        "meter": str(tune.meter),
        "unit_length": str(tune.unit_length),
        "duration": str(played.duration),
        "duration_s": _rounded(played.seconds(played.duration)),
        "voices": [{"id": voice.id, "name": voice.name, "clef": voice.clef.name or "treble"} for voice in tune.voices],
        "tempos": [{**_time(played, onset), "qpm": _rounded(float(qpm))} for onset, qpm in played.tempos],
        "meters": [{**_time(played, onset), "meter": str(meter)} for onset, meter in played.meters],
        "keys": [{**_time(played, onset), "key": key.name} for onset, key in played.keys],
        "bars": [{**_time(played, bar.onset), "number": bar.number} for bar in played.bars],
        "notes": [_event(played, note) for note in played.notes],
    }


def _spread(values: dict[str, Any]) -> str:
    """JSON of a tune with one value, or one event, a line."""
    lines = []
    for name, value in values.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            text = "[\n  " + ",\n  ".join(json.dumps(event, ensure_ascii=False) for event in value) + "]"
        else:
            text = json.dumps(value, ensure_ascii=False)
        lines.append(f'"{name}": {text}')
    return "{" + ",\n ".join(lines) + "}"


def _event(played: Performance, note: SoundingNote) -> dict[str, Any]:
    onset_s = played.exact_seconds(note.onset)
    event: dict[str, Any] = {
        "voice": note.voice,
        "layer": note.layer,
        "bar": note.bar,
        **_time(played, note.onset),
        "duration": str(note.duration),
        "duration_quarters": _rounded(float(note.duration * 4)),
        "duration_s": _rounded(float(played.exact_seconds(note.end) - onset_s)),
        "midi": note.midi,
        "velocity": note.velocity,
        "pitch": note.note.pitch.name if note.note is not None else "",
        "grace": note.grace,
    }
    if note.lyric is not None and (note.lyric.text or note.lyric.hold):
        event["lyric"] = {"text": note.lyric.text, "hyphen": note.lyric.hyphen, "hold": note.lyric.hold}
    return event


def _time(played: Performance, onset: Fraction) -> dict[str, Any]:
    return {
        "onset": str(onset),
        "onset_quarters": _rounded(float(onset * 4)),
        "onset_s": _rounded(played.seconds(onset)),
    }


def _rounded(value: float) -> float:
    """Microseconds, and as fine a part of a quarter note, are enough."""
    return round(value, 6)
