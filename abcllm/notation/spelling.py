"""Accidentals that make notes sound as they are meant to.

A reader finds pitches from printed accidentals; `respell` goes the other way. It walks a voice as the reader does
(signature, accidentals of the bar, ties over the bar line) and prints an accidental wherever the note would otherwise
be read as another pitch. What the author printed, courtesy accidentals included, stays where it is right.
Source: ABC standard 2.1, sections 4.2, 4.11 and 11.3 (`propagate-accidentals`).
"""

from __future__ import annotations

from dataclasses import replace

from .theory import Key, Pitch
from .tune import Bar, Chord, Field, Grace, Item, MultiRest, Note, Rest, Tune, Voice


def respell_tune(tune: Tune) -> Tune:
    """The tune with the accidentals that its pitches need."""
    propagate = next((reach for item in tune.fields if (reach := _reach(item))), "pitch")
    return replace(tune, voices=tuple(respell(voice, tune.key, propagate) for voice in tune.voices))


def respell(voice: Voice, key: Key, propagate: str = "pitch") -> Voice:
    """The voice, which begins in `key`, with the accidentals that its pitches need.

    `propagate` says how far an accidental reaches: `pitch` (all octaves of the bar), `octave` or `not`.
    """
    speller = _Speller(key, propagate)
    return replace(voice, bars=tuple(speller.bar(bar) for bar in voice.bars))


def _reach(item: Item) -> str:
    if isinstance(item, Field) and item.name in ("I", "%%"):
        word, _, rest = item.text.partition(" ")
        if word == "propagate-accidentals" and rest.strip() in ("not", "octave", "pitch"):
            return rest.strip()
    return ""


class _Speller:
    """What a reader of the voice keeps in mind."""

    def __init__(self, key: Key, propagate: str) -> None:
        self.signature = key.signature
        self.propagate = propagate
        self.accidentals: dict[str, int] = {}
        self.ties: tuple[Pitch, ...] = ()

    def bar(self, bar: Bar) -> Bar:
        self.accidentals = {}
        items = self.items(bar.items)
        ties = self.ties
        overlays = []
        for overlay in bar.overlays:
            self.accidentals, self.ties = {}, ()
            overlays.append(self.items(overlay))
        self.ties = ties
        return replace(bar, items=items, overlays=tuple(overlays))

    def items(self, items: tuple[Item, ...]) -> tuple[Item, ...]:
        return tuple(self.item(item) for item in items)

    def item(self, item: Item) -> Item:
        if isinstance(item, Note):
            note = self.note(item)
            self.ties = (note.pitch,) if note.tie else ()
            return note
        if isinstance(item, Chord):
            chord = self.group(item)
            self.ties = tuple(note.pitch for note in chord.notes if note.tie or chord.tie)
            return chord
        if isinstance(item, Grace):
            ties, self.ties = self.ties, ()
            accidentals, self.accidentals = self.accidentals, self.accidentals.copy()
            notes = tuple(self.group(note) if isinstance(note, Chord) else self.note(note) for note in item.notes)
            self.ties, self.accidentals = ties, accidentals
            return replace(item, notes=notes)
        if isinstance(item, Rest | MultiRest):
            self.ties = ()
        elif isinstance(item, Field):
            if isinstance(item.value, Key):
                self.signature = item.value.signature
            self.propagate = _reach(item) or self.propagate
        return item

    def group(self, chord: Chord) -> Chord:
        return replace(chord, notes=tuple(self.note(note) for note in chord.notes))

    def note(self, note: Note) -> Note:
        """The note with an accidental where it needs one; an accidental is remembered for the bar."""
        pitch, accidental = note.pitch, note.accidental
        if accidental is None and self.read(pitch) != pitch.alter:
            accidental = pitch.alter
        elif accidental is not None and accidental != pitch.alter:
            accidental = pitch.alter if self.read(pitch) != pitch.alter else None
        if accidental is not None and self.propagate != "not":
            self.accidentals[self.place(pitch)] = accidental
        return note if accidental == note.accidental else replace(note, accidental=accidental)

    def read(self, pitch: Pitch) -> int:
        """The alteration with which the bare note would be read."""
        for tied in self.ties:
            if (tied.step, tied.octave) == (pitch.step, pitch.octave):
                return tied.alter
        return self.accidentals.get(self.place(pitch), self.signature.get(pitch.step, 0))

    def place(self, pitch: Pitch) -> str:
        return pitch.step if self.propagate == "pitch" else f"{pitch.step}{pitch.octave}"
