"""What a chat changes of a tune by itself: its tempo and its title."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from ..notation import Field, Tempo, Tune

__all__ = ["set_tempo", "set_title"]


def set_tempo(tune: Tune, tempo_qpm: float) -> Tune:
    """The tune at so many quarter notes a minute, given in the beat of its metre (a dotted quarter in 6/8).

    Changes of tempo inside the tune stay as they are.
    """
    usual = (Fraction(3, 8) if tune.meter.is_compound else Fraction(1, 4),)
    beats = tune.tempo.beats if tune.tempo is not None and tune.tempo.beats else usual
    per_minute = round(tempo_qpm / float(4 * sum(beats, Fraction(0))), 1)
    tempo = Tempo(beats, per_minute)
    return replace(_with_field(tune, Field("Q", str(tempo), tempo)), tempo=tempo)


def set_title(tune: Tune, title: str) -> Tune:
    """The tune under another first title."""
    return _with_field(tune, Field("T", " ".join(title.split())))


def _with_field(tune: Tune, field: Field) -> Tune:
    """The tune with this header field in the place of the first of its name, else where it belongs."""
    names = [item.name for item in tune.fields]
    if field.name in names:
        at = names.index(field.name)
        return replace(tune, fields=(*tune.fields[:at], field, *tune.fields[at + 1 :]))
    at = 0 if field.name == "T" else names.index("K") if "K" in names else len(names)
    return replace(tune, fields=(*tune.fields[:at], field, *tune.fields[at:]))
