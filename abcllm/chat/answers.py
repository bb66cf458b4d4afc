"""What is said of a tune: a line that sums it up, and answers to questions about it, all computed from its notes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import chain

from ..analysis.sections import count_bars
from ..notation import Chord, Diagnostic, Note, Pitch, Source, Tempo, Tune
from ..request import Request, key_words

__all__ = ["answer", "summarize", "tell_differences", "tell_faults"]

BEATS = {
    Fraction(1): "whole note",
    Fraction(3, 2): "dotted whole note",
    Fraction(1, 2): "half note",
    Fraction(3, 4): "dotted half note",
    Fraction(1, 4): "quarter note",
    Fraction(3, 8): "dotted quarter note",
    Fraction(1, 8): "eighth note",
    Fraction(3, 16): "dotted eighth note",
}
TOLD_FAULTS = 5


def summarize(tune: Tune) -> str:
    """One line: title, kind, key, metre, length, tempo."""
    bars = count_bars(tune)
    kind = f"{tune.rhythm} in {key_words(tune.key)}" if tune.rhythm else key_words(tune.key)
    parts = [kind, str(tune.meter), f"{bars} bar{'s' * (bars != 1)}", _tempo_words(tune.tempo)]
    return f"{tune.title or 'Untitled'}: {', '.join(part for part in parts if part)}."


def _tempo_words(tempo: Tempo | None) -> str:
    if tempo is None:
        return ""
    words = " ".join(filter(None, (tempo.before, tempo.after)))
    if tempo.per_minute is None:
        return words
    beat = BEATS.get(sum(tempo.beats, Fraction(0)), f"{sum(tempo.beats, Fraction(0))} note")
    return f"{words} {beat} = {tempo.per_minute:g}".strip()


def answer(kind: str, tune: Tune, faults: Iterable[Diagnostic], source: Source) -> str:
    """The answer to a question of that kind (`Ask.kind`)."""
    if kind == "key":
        signature = tune.key.fifths
        sign = f"{abs(signature)} {'sharp' if signature > 0 else 'flat'}{'s' * (abs(signature) != 1)}"
        return f"{key_words(tune.key)} ({sign if signature else 'no sharps or flats'})."
    if kind == "meter":
        return f"{tune.meter}."
    if kind == "bars":
        return f"{count_bars(tune)} as written, repeats counted once."
    if kind == "tempo":
        return f"{_tempo_words(tune.tempo)}." if tune.tempo else "The tune says no tempo."
    if kind == "title":
        return tune.title or "It has no title."
    if kind == "rhythm":
        return f"A {tune.rhythm}." if tune.rhythm else "The tune does not say."
    if kind == "range":
        return _range(tune)
    if kind == "faults":
        return "\n".join(tell_faults(faults, source)) or "It is valid: no fault was found."
    return summarize(tune)


def _range(tune: Tune) -> str:
    pitches = sorted(_pitches(tune), key=lambda pitch: pitch.midi)
    if not pitches:
        return "It has no notes."
    low, high = pitches[0], pitches[-1]
    return f"From {low.name} to {high.name}, {high.midi - low.midi} semitones (middle C is C4)."


def _pitches(tune: Tune) -> Iterator[Pitch]:
    for bar in chain.from_iterable(voice.bars for voice in tune.voices):
        for item in chain(bar.items, *bar.overlays):
            if isinstance(item, Note):
                yield item.pitch
            elif isinstance(item, Chord):
                yield from (note.pitch for note in item.notes)


def tell_faults(faults: Iterable[Diagnostic], source: Source) -> list[str]:
    """What is wrong with a tune, as `check` says it; the first few."""
    told = [fault.render(source) for fault in faults]
    more = [f"... and {len(told) - TOLD_FAULTS} more"] if len(told) > TOLD_FAULTS else []
    return told[:TOLD_FAULTS] + more


def tell_differences(request: Request, tune: Tune) -> list[str]:
    """Where a tune is not what was asked for."""
    pairs = (
        ("metre", str(request.meter), str(tune.meter), request.meter.fraction == tune.meter.fraction),
        ("key", key_words(request.key), key_words(tune.key), request.key.signature == tune.key.signature),
        ("length", f"{request.bars} bars", f"{count_bars(tune)} bars", request.bars == count_bars(tune)),
    )
    return [f"asked for the {what} {asked}, and it has {got}" for what, asked, got, same in pairs if not same]
