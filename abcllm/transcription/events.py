"""A MIDI file as notes in ticks, with its tempos, metres and keys.

A track of several channels is several tracks. Drums (channel 10) are left out. A note that is never released ends with
its track; a note that is released at once is taken for a very short one; of notes struck twice at one moment the longer
is kept. What was left out or mended is said in `notices`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict, deque
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise, zip_longest
from typing import Final, NamedTuple

from ..errors import FormatError
from ..notation.source import decode
from ..notation.theory import Key, Meter
from .smf import META, Message, read_chunks

__all__ = ["MidiMusic", "MidiNote", "MidiTrack", "read_events"]

DEFAULT_QPM: Final = 120.0
DRUMS: Final = 9
SUSTAIN: Final = 64
TRACK_NAME, LYRIC, TEMPO, METER, KEY = 0x03, 0x05, 0x51, 0x58, 0x59
MAJORS: Final = ("Cb", "Gb", "Db", "Ab", "Eb", "Bb", "F", "C", "G", "D", "A", "E", "B", "F#", "C#")
MINORS: Final = ("Ab", "Eb", "Bb", "F", "C", "G", "D", "A", "E", "B", "F#", "C#", "G#", "D#", "A#")


class MidiNote(NamedTuple):
    """A note: first tick, tick of its end, pitch 0-127, velocity 1-127."""

    onset: int
    offset: int
    pitch: int
    velocity: int


class MidiTrack(NamedTuple):
    """The notes of one channel of one track, in order of onset and pitch.

    `pedals` are (tick, value 0-127) of the sustain pedal, `lyrics` (tick, text).
    """

    name: str
    channel: int
    program: int
    notes: tuple[MidiNote, ...]
    pedals: tuple[tuple[int, int], ...] = ()
    lyrics: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class MidiMusic:
    """What a file holds. `resolution` is in ticks a quarter note; `tempos` are (tick, quarters a minute), from 0 on.

    `meters` and `keys` are those that the file states, in order, none where it states none.
    """

    resolution: int
    tracks: tuple[MidiTrack, ...]
    tempos: tuple[tuple[int, float], ...]
    meters: tuple[tuple[int, Meter], ...] = ()
    keys: tuple[tuple[int, Key], ...] = ()
    title: str = ""
    notices: tuple[str, ...] = ()

    def seconds(self, ticks: Iterable[int]) -> list[float]:
        """When those ticks come, in seconds from the start."""
        places = [tick for tick, _ in self.tempos]
        lengths = [60 / (qpm * self.resolution) for _, qpm in self.tempos]
        elapsed = [0.0]
        for (begin, end), length in zip(pairwise(places), lengths, strict=False):
            elapsed.append(elapsed[-1] + (end - begin) * length)
        found = []
        for tick in ticks:
            at = bisect_right(places, tick) - 1
            found.append(elapsed[at] + (tick - places[at]) * lengths[at])
        return found


def read_events(data: bytes) -> MidiMusic:
    """The music of a MIDI file.

    Raises `FormatError` where it is none, where its tracks are songs of their own (format 2), where time is counted in
    frames of film (SMPTE), and where there is no note in it, or only drums.
    """
    chunks = read_chunks(data)
    if chunks.format == 2:
        raise FormatError("a MIDI file of format 2 holds patterns, not a piece; write it as format 1", format="midi")
    if chunks.division & 0x8000:
        raise FormatError("time is counted in frames (SMPTE), not in beats; write it with ticks a beat", format="midi")
    if not chunks.division:
        raise FormatError("the header says 0 ticks a quarter note, so nothing in it has a length", format="midi")
    reader = _Reader()
    for number, messages in enumerate(chunks.tracks):
        reader.track(number, messages)
    if not reader.tracks:
        raise FormatError(
            "there are only drums in this MIDI file" if reader.drums else "there is no note in this MIDI file",
            format="midi",
        )
    return MidiMusic(
        chunks.division,
        tuple(reader.tracks),
        _tempos(reader.tempos),
        _meters(reader.meters, chunks.division),
        tuple(sorted(reader.keys.items(), key=lambda change: change[0])),
        reader.title,
        (*chunks.faults, *reader.notices()),
    )


def _tempos(stated: dict[int, float]) -> tuple[tuple[int, float], ...]:
    first = stated.get(0) or DEFAULT_QPM
    kept = [(0, first)]
    kept += [(tick, qpm) for tick, qpm in sorted(stated.items()) if tick and qpm]
    return tuple(kept)


def _meters(stated: dict[int, Meter], resolution: int) -> tuple[tuple[int, Meter], ...]:
    """The metres, but those of one beat that are no pickup: programs write 1/4 for a click that nobody barred."""
    changes = sorted(stated.items())
    kept = []
    for (tick, meter), following in zip_longest(changes, changes[1:]):
        bar = resolution * 4 * meter.beats[0] // meter.unit
        if meter.beats[0] > 1 or (following is not None and following[0] - tick == bar):
            kept.append((tick, meter))
    return tuple(kept)


class _Reader:
    """Collects tracks, and what holds for all of them."""

    def __init__(self) -> None:
        self.tracks: list[MidiTrack] = []
        self.tempos: dict[int, float] = {}
        self.meters: dict[int, Meter] = {}
        self.keys: dict[int, Key] = {}
        self.title = ""
        self.drums = self.stuck = self.doubled = 0

    def notices(self) -> list[str]:
        told = [
            (self.drums, "notes of drums were left out"),
            (self.stuck, "notes are never released; they end with their track"),
            (self.doubled, "notes are struck twice at one moment; they were taken once"),
        ]
        return [f"{count} {text}" for count, text in told if count]

    def track(self, number: int, messages: tuple[Message, ...]) -> None:
        name = ""
        sounding: dict[tuple[int, int], deque[tuple[int, int]]] = defaultdict(deque)
        notes: dict[int, list[MidiNote]] = defaultdict(list)
        programs: dict[int, int] = {}
        pedals: dict[int, list[tuple[int, int]]] = defaultdict(list)
        lyrics: list[tuple[int, str]] = []
        for tick, status, first, second, data in messages:
            kind, channel = status & 0xF0, status & 0x0F
            if status == META:
                if first == TRACK_NAME:
                    name = name or _text(data)
                elif first == LYRIC:
                    lyrics.append((tick, _text(data)))
                else:
                    self.meta(tick, first, data)
            elif kind == 0x90 and second:
                sounding[channel, first].append((tick, second))
            elif kind in (0x80, 0x90):
                if struck := sounding.get((channel, first)):
                    onset, velocity = struck.popleft()
                    notes[channel].append(MidiNote(onset, max(tick, onset + 1), first, velocity))
            elif kind == 0xC0:
                programs.setdefault(channel, first)
            elif kind == 0xB0 and first == SUSTAIN:
                pedals[channel].append((tick, second))
        last = messages[-1].tick if messages else 0
        for (channel, pitch), struck in sounding.items():
            notes[channel] += [MidiNote(onset, max(last, onset + 1), pitch, velocity) for onset, velocity in struck]
            self.stuck += len(struck) if channel != DRUMS else 0
        self.drums += len(notes.pop(DRUMS, ()))
        if number == 0:
            self.title = name
        for channel, own in sorted(notes.items()):
            program = programs.get(channel, 0)
            self.tracks.append(
                MidiTrack(name, channel, program, self.single(own), tuple(pedals[channel]), tuple(lyrics))
            )

    def meta(self, tick: int, kind: int, data: bytes) -> None:
        """Tempo, metre and key; the first that is said of a moment holds. What makes no sense is passed over."""
        if kind == TEMPO and len(data) == 3 and any(data):
            self.tempos.setdefault(tick, 60_000_000 / int.from_bytes(data, "big"))
        elif kind == METER and len(data) >= 2 and data[0] and data[1] <= 6:
            self.meters.setdefault(tick, Meter((data[0],), 2 ** data[1]))
        elif kind == KEY and len(data) >= 2:
            fifths = int.from_bytes(data[:1], "big", signed=True)
            if -7 <= fifths <= 7 and data[1] <= 1:
                names, mode = (MINORS, "minor") if data[1] else (MAJORS, "major")
                self.keys.setdefault(tick, Key(names[fifths + 7], mode))

    def single(self, notes: list[MidiNote]) -> tuple[MidiNote, ...]:
        """The notes in order, each pitch once at each moment."""
        longest: dict[tuple[int, int], MidiNote] = {}
        for note in notes:
            place = note.onset, note.pitch
            known = longest.get(place)
            if known is None or note.offset > known.offset:
                longest[place] = note
        self.doubled += len(notes) - len(longest)
        return tuple(sorted(longest.values(), key=lambda note: (note.onset, note.pitch)))


def _text(data: bytes) -> str:
    """Text without control characters, on one line."""
    text, _ = decode(data)
    return " ".join("".join(character if character.isprintable() else " " for character in text).split())
