"""Tunes as MIDI files: a track for tempo and metre, then a track for each voice.

Format 1. The resolution is the smallest of `RESOLUTIONS` (ticks a quarter note) in which every onset is exact, so
that triplets, septuplets and 1/64 notes fall where they belong; shorter fractions are rounded, each from the start of
the tune, so that no error grows. Notes last as long as they are written, staccato ones half of it. A
pickup has a metre of its own, so that the bars of other programs begin where those of the tune do.

Lost on the way: what is only seen, spelling, decorations but dynamics, accents and staccato, which ending is which.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from ..errors import FormatError
from ..notation.theory import Key, Meter
from ..notation.tune import Tune
from .performance import Performance, SoundingNote, perform

if TYPE_CHECKING:
    from mido import MidiFile, MidiTrack

__all__ = ["RESOLUTIONS", "write_midi"]

RESOLUTIONS: Final = (480, 3360, 10080, 20160)
PERCUSSION: Final = 9
MELODIC_CHANNELS: Final = tuple(channel for channel in range(16) if channel != PERCUSSION)
LONGEST_TICKS: Final = 2**28 - 1
NUMBERS_OF_KEY: Final = range(-7, 8)


def write_midi(
    tunes: Tune | Sequence[Tune], *, chords: bool = False, graces: bool = True, tempo_qpm: float | None = None
) -> bytes:
    """One tune as a MIDI file, repeats unfolded.

    `chords` adds a track that accompanies from the chord symbols. Grace notes are played shortly and take their time
    from the note that follows; without `graces` they are left out. `tempo_qpm` replaces the first tempo.
    Raises `FormatError` for more than one tune, and where repeats make it too long.
    """
    chosen = (tunes,) if isinstance(tunes, Tune) else tuple(tunes)
    if len(chosen) != 1:
        raise FormatError(f"a file of MIDI holds one tune, and there are {len(chosen)}", format="midi")
    performance = perform(chosen[0], chords=chords, graces=graces, tempo_qpm=tempo_qpm)
    file = _build(performance, chosen[0].title, graces=graces)
    stream = io.BytesIO()
    file.save(file=stream)
    return stream.getvalue()


def _build(performance: Performance, title: str, *, graces: bool) -> MidiFile:
    import mido

    notes = [note for note in performance.notes if graces or not note.grace]
    resolution = _resolution(notes)
    if performance.duration * 4 * resolution > LONGEST_TICKS:
        raise FormatError("the tune is too long for a MIDI file", format="midi")
    file = mido.MidiFile(type=1, ticks_per_beat=resolution, charset="utf-8")
    writer = _TrackWriter(resolution)
    file.tracks.append(writer.conductor(performance, title))
    channels = _channels(performance)
    for voice in range(len(performance.voices)):
        own = [note for note in notes if note.voice == voice]
        file.tracks.append(writer.voice(performance, own, voice, channels[voice]))
    return file


def _resolution(notes: Iterable[SoundingNote]) -> int:
    """Ticks a quarter note in which the notes' times are whole numbers, or nearly so."""
    denominators = {time.denominator for note in notes for time in (note.onset * 4, note.duration * 4)}
    for resolution in RESOLUTIONS:
        if all(resolution % denominator == 0 for denominator in denominators):
            return resolution
    return RESOLUTIONS[-1]


def _channels(performance: Performance) -> list[int]:
    """A channel for each voice, from 0: its own choice, else the next free one; many voices share."""
    taken = {channel - 1 for channel in performance.channels if channel}
    free = [channel for channel in MELODIC_CHANNELS if channel not in taken] or list(MELODIC_CHANNELS)
    channels: list[int] = []
    given = 0
    for channel in performance.channels:
        if channel:
            channels.append(channel - 1)
        else:
            channels.append(free[given % len(free)])
            given += 1
    return channels


class _TrackWriter:
    """Writes tracks in ticks of one resolution."""

    def __init__(self, resolution: int) -> None:
        self.resolution = resolution

    def ticks(self, onset: Fraction) -> int:
        return round(onset * 4 * self.resolution)

    def track(self, events: list[tuple[int, int, object]], end: int) -> MidiTrack:
        """A track of (tick, rank at that tick, message), in order."""
        import mido

        track = mido.MidiTrack()
        now = 0
        for tick, _, message in sorted(events, key=lambda event: event[:2]):
            track.append(message.copy(time=tick - now))  # type: ignore[attr-defined]
            now = tick
        track.append(mido.MetaMessage("end_of_track", time=max(end - now, 0)))
        return track

    def conductor(self, performance: Performance, title: str) -> MidiTrack:
        """Title, tempos, metres and keys."""
        import mido

        events: list[tuple[int, int, object]] = []
        if title:
            events.append((0, 0, mido.MetaMessage("track_name", name=_plain(title))))
        for onset, meter in _meters_as_barred(performance):
            if (numbers := _numbers_of_meter(meter)) is not None:
                beats, unit = numbers
                clicks = 36 if meter.is_compound and unit == 8 else max(96 // unit, 1)
                signature = mido.MetaMessage(
                    "time_signature", numerator=beats, denominator=unit, clocks_per_click=clicks
                )
                events.append((self.ticks(onset), 1, signature))
        for onset, key in performance.keys:
            if (name := _name_of_key(key)) is not None:
                events.append((self.ticks(onset), 2, mido.MetaMessage("key_signature", key=name)))
        for onset, qpm in performance.tempos:
            events.append((self.ticks(onset), 3, mido.MetaMessage("set_tempo", tempo=round(60_000_000 / qpm))))
        return self.track(events, self.ticks(performance.duration))

    def voice(self, performance: Performance, notes: Sequence[SoundingNote], voice: int, channel: int) -> MidiTrack:
        """One voice: its name, programs, notes and syllables."""
        import mido

        events: list[tuple[int, int, object]] = [
            (0, 0, mido.MetaMessage("track_name", name=_plain(performance.voices[voice])))
        ]
        for onset, own, program in performance.programs:
            if own == voice:
                events.append((self.ticks(onset), 2, mido.Message("program_change", channel=channel, program=program)))
        for begin, stop, note in self.spans(notes):
            struck = mido.Message("note_on", channel=channel, note=note.midi, velocity=note.velocity)
            events.append((begin, 4, struck))
            events.append((stop, 1, mido.Message("note_off", channel=channel, note=note.midi, velocity=64)))
        for note in notes:
            if note.lyric is not None and note.lyric.text:
                text = note.lyric.text + ("-" if note.lyric.hyphen else " ")
                events.append((self.ticks(note.onset), 3, mido.MetaMessage("lyrics", text=_plain(text))))
        return self.track(events, self.ticks(performance.duration))

    def spans(self, notes: Sequence[SoundingNote]) -> list[tuple[int, int, SoundingNote]]:
        """First and last tick of each note; one ends at the latest where its key is struck again."""
        sounding: dict[int, int] = {}
        spans: list[tuple[int, int, SoundingNote]] = []
        for note in notes:
            begin = self.ticks(note.onset)
            length = note.duration / 2 if note.staccato else note.duration
            stop = max(self.ticks(note.onset + length), begin + 1)
            last = sounding.get(note.midi)
            if last is not None and spans[last][1] > begin:
                earlier, end, other = spans[last]
                if earlier == begin:  # struck by two layers at once: one key, as long as the longer
                    spans[last] = earlier, max(end, stop), other
                    continue
                spans[last] = earlier, begin, other
                stop = max(stop, end)
            sounding[note.midi] = len(spans)
            spans.append((begin, stop, note))
        return spans


def _meters_as_barred(performance: Performance) -> list[tuple[Fraction, Meter]]:
    """The metres, with one of its own for a pickup: programs count bars from the start of the file."""
    meters = list(performance.meters)
    pickup = performance.bars[1].onset if len(performance.bars) > 1 else Fraction(0)
    unit = max(pickup.denominator, 4)
    full = meters[0][1].duration
    if full is None or not 0 < pickup < full or unit & (unit - 1) or (len(meters) > 1 and meters[1][0] <= pickup):
        return meters
    short = Meter((int(pickup * unit),), unit)
    return [(Fraction(0), short), (pickup, meters[0][1]), *meters[1:]]


def _plain(text: str) -> str:
    """Text without line ends."""
    return " ".join(text.split("\n"))


def _numbers_of_meter(meter: Meter) -> tuple[int, int] | None:
    """Numerator and denominator as MIDI can hold them."""
    if meter.symbol == "C|":
        return 2, 2
    beats = sum(meter.beats)
    return (beats, meter.unit) if 0 < beats < 256 else None


def _name_of_key(key: Key) -> str | None:
    """The key as MIDI can hold it: by sharps or flats, major or minor; other modes by their signature."""
    if key.fifths not in NUMBERS_OF_KEY:
        return None
    majors = ("Cb", "Gb", "Db", "Ab", "Eb", "Bb", "F", "C", "G", "D", "A", "E", "B", "F#", "C#")
    minors = ("Abm", "Ebm", "Bbm", "Fm", "Cm", "Gm", "Dm", "Am", "Em", "Bm", "F#m", "C#m", "G#m", "D#m", "A#m")
    return (minors if key.mode == "minor" else majors)[key.fifths + 7]
