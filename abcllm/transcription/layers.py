"""The notes of one part as layers: streams of chords and single notes in which nothing overlaps.

Notes that begin and end together are a chord. Each chord goes to the layer that is free and was last near its pitch,
so that the highest layer keeps the melody. Source of the thought: Chew and Wu, Separating voices in polyphonic music:
a contig mapping approach, 2004: voices leap little and seldom cross.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from .score import ScoreNote

__all__ = ["Layer", "Sound", "find_layers"]


@dataclass(slots=True)
class Sound:
    """Notes that begin and end together. `graces` are the pitches of grace notes before them."""

    onset: Fraction
    end: Fraction
    pitches: list[int]
    graces: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Layer:
    """One stream, in order of time."""

    sounds: list[Sound] = field(default_factory=list)

    def has_room(self, sound: Sound) -> bool:
        """Whether nothing else sounds while that would."""
        at = bisect_left(self.sounds, sound.end, key=_onset)
        return not at or self.sounds[at - 1].end <= sound.onset

    @property
    def free(self) -> Fraction:
        return self.sounds[-1].end if self.sounds else Fraction(0)


def find_layers(notes: Iterable[ScoreNote], most: int) -> tuple[list[Layer], int]:
    """At most `most` layers, and how many notes had to be shortened to fit into them.

    The highest comes first, those with few notes last.
    """
    layers: list[Layer] = []
    cut = 0
    for sound in _sounds(notes):
        free = [layer for layer in layers if layer.free <= sound.onset]
        if free:
            best = min(free, key=lambda layer: abs(layer.sounds[-1].pitches[-1] - sound.pitches[-1]))
            best.sounds.append(sound)
        elif len(layers) < most:
            layers.append(Layer([sound]))
        else:
            cut += _squeeze(layers, sound)
    layers = _fewest(layers)
    busiest = max((len(layer.sounds) for layer in layers), default=0)
    layers.sort(key=lambda layer: (len(layer.sounds) * 2 < busiest, -_height(layer)))
    return layers, cut


def _fewest(layers: Sequence[Layer]) -> list[Layer]:
    """The same sounds in fewer layers: those of a sparse layer go where another is silent, if one is."""
    kept = sorted(layers, key=lambda layer: len(layer.sounds))
    for place, layer in enumerate(kept):
        left = []
        for sound in layer.sounds:
            room = next((other for other in reversed(kept[place + 1 :]) if other.has_room(sound)), None)
            if room is None:
                left.append(sound)
            else:
                insort(room.sounds, sound, key=_onset)
        layer.sounds = left
    return [layer for layer in kept if layer.sounds]


def _onset(sound: Sound) -> Fraction:
    return sound.onset


def _height(layer: Layer) -> float:
    return sum(sound.pitches[-1] for sound in layer.sounds) / len(layer.sounds)


def _sounds(notes: Iterable[ScoreNote]) -> list[Sound]:
    """Chords in order: of those that begin together the highest first. Notes without length are grace notes."""
    ordered = sorted(notes, key=lambda note: (note.onset, note.onset + note.duration, note.pitch))
    sounds: list[Sound] = []
    graces: dict[Fraction, list[int]] = {}
    for note in notes:
        if not note.duration:
            graces.setdefault(note.onset, []).append(note.pitch)
    for note in ordered:
        if not note.duration:
            continue
        end = note.onset + note.duration
        if sounds and sounds[-1].onset == note.onset and sounds[-1].end == end:
            if note.pitch not in sounds[-1].pitches:
                sounds[-1].pitches.append(note.pitch)
        else:
            sounds.append(Sound(note.onset, end, [note.pitch]))
    sounds.sort(key=lambda sound: (sound.onset, -sound.pitches[-1]))
    for sound in sounds:
        sound.graces = graces.pop(sound.onset, [])
    return sounds


def _squeeze(layers: Sequence[Layer], sound: Sound) -> int:
    """Make room for a sound: join one that begins with it, or end the one that has sounded longest."""
    for layer in layers:
        last = layer.sounds[-1]
        if last.onset == sound.onset:
            last.pitches = sorted({*last.pitches, *sound.pitches})
            return len(sound.pitches)
    layer = min(layers, key=lambda one: one.sounds[-1].onset)
    cut = len(layer.sounds[-1].pitches)
    layer.sounds[-1].end = sound.onset
    layer.sounds.append(sound)
    return cut
