"""One voice played: its steps in playing order, with ties joined and times added up."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Final

from ..notation.playing_order import BarStart, Labels, Step, playing_order
from ..notation.theory import Pitch
from ..notation.tune import Chord, Grace, Item, Lyric, Marks, MultiRest, Note, Rest, Tune, Voice
from .settings import Settings, accented, settings_of
from .sounding import PlayedBar, PlayedVoice, SoundingNote

__all__ = ["in_midi_range", "play_voice"]

GRACE_DURATION: Final = Fraction(1, 32)
SHORT: Final = frozenset(("staccato", "wedge"))


def play_voice(tune: Tune, index: int, row: Sequence[Step], labels: Labels, *, graces: bool = False) -> PlayedVoice:
    """The voice `index` of a tune as it is heard. With `graces` they take their time from the note that follows."""
    player = _Player(tune, tune.voices[index], index, row, graces=graces)
    for first, last in playing_order(tune, row, labels):
        for place in range(first, last):
            player.play(place)
    return player.finish()


def in_midi_range(midi: int) -> int:
    """The same note, moved by octaves until MIDI has it."""
    if midi < 0:
        return midi % 12
    return midi if midi < 128 else 116 + (midi - 116) % 12


class _Sound:
    """A note that may still be prolonged by a tie."""

    __slots__ = ("accent", "bar", "duration", "grace", "layer", "lyric", "midi", "note", "onset", "short")

    def __init__(self, note: Note, onset: Fraction, duration: Fraction, midi: int) -> None:
        self.note, self.onset, self.duration, self.midi = note, onset, duration, midi
        self.grace = self.short = False
        self.layer = self.bar = self.accent = 0
        self.lyric: Lyric | None = None


class _Player:
    """Walks the steps of a voice and keeps the time."""

    def __init__(self, tune: Tune, voice: Voice, index: int, row: Sequence[Step], *, graces: bool) -> None:
        self.row, self.index, self.steal = row, index, graces
        self.settings = settings_of(tune, voice, row)
        self.now = Fraction(0)
        self.sounds: list[_Sound] = []
        self.ties: dict[int, list[_Sound]] = {}
        self.waiting: list[Note] = []
        self.times_played: dict[int, int] = {}
        self.layer = 0
        self.bar = 0
        self.current: Settings | None = None
        self.shift = self.velocity = 0
        channel = next((settings.channel for settings in self.settings if settings.channel), 0)
        self.played = PlayedVoice([], [], [], [], [], [], [], channel, self.now)

    def play(self, place: int) -> None:
        """What stands at that place of the row."""
        item, _, self.bar = self.row[place]
        self.take_settings(self.settings[place])
        marks: Marks | None = getattr(item, "marks", None)
        if marks is not None and marks.chord_symbols:
            self.played.chord_symbols.extend((self.now, text) for text in marks.chord_symbols)
        if isinstance(item, BarStart):
            bar = item.bar
            self.played.bars.append(PlayedBar(self.now, bar.number, bar.duration, self.settings[place].meter))
            for self.layer, overlay in enumerate(bar.overlays, 1):
                self.play_overlay(overlay)
            self.layer = 0
        elif isinstance(item, Note | Chord | Grace | Rest | MultiRest):
            self.now = self.play_item(item, self.now, place)

    def take_settings(self, settings: Settings) -> None:
        """Note what has changed."""
        old, self.current = self.current, settings
        if settings is old:
            return
        self.shift, self.velocity = settings.shift, settings.velocity
        played = self.played
        if old is None or old.qpm != settings.qpm:
            played.tempos.append((self.now, settings.qpm))
        if old is None or old.meter != settings.meter:
            played.meters.append((self.now, settings.meter))
        if old is None or old.key != settings.key:
            played.keys.append((self.now, settings.key))
        if settings.program >= 0 and (old is None or old.program != settings.program):
            played.programs.append((self.now, settings.program))

    def play_overlay(self, items: Sequence[Item]) -> None:
        now, kept, self.waiting = self.now, self.waiting, []
        for item in items:
            if isinstance(item, Note | Chord | Grace | Rest | MultiRest):
                now = self.play_item(item, now, -1)
        self.waiting = kept

    def play_item(self, item: Note | Chord | Grace | Rest | MultiRest, now: Fraction, place: int) -> Fraction:
        """Sound an item at `now`; returns when the next begins."""
        if isinstance(item, Grace):
            for member in item.notes:
                self.waiting.extend(member.notes if isinstance(member, Chord) else (member,))
            return now
        if isinstance(item, Note):
            self.play_notes((item,), item.marks, bool(item.tie), now, place)
        elif isinstance(item, Chord):
            self.play_notes(item.notes, item.marks, bool(item.tie), now, place)
        else:
            self.ties[self.layer] = [
                sound for sound in self.ties.get(self.layer, ()) if sound.onset + sound.duration > now
            ]
        return now + item.duration

    def play_notes(self, notes: Sequence[Note], marks: Marks, tied: bool, now: Fraction, place: int) -> None:
        """The notes of a chord, or one note, with the grace notes before them."""
        delay = self.play_graces(now, min(note.duration for note in notes))
        lyric = self.syllable(marks, place)
        before = self.ties.get(self.layer, [])
        held: list[_Sound] = []
        for note in notes:
            midi = in_midi_range(note.pitch.midi + self.shift)
            sound = _tied_to(before, note, midi, now)
            if sound is not None:
                before.remove(sound)
                sound.duration = now + note.duration - sound.onset
            else:
                sound = _Sound(note, now + delay, note.duration - delay, midi)
                sound.layer, sound.bar, sound.lyric = self.layer, self.bar, lyric
                names = marks.decorations + note.marks.decorations if note.marks is not marks else marks.decorations
                sound.accent = accented(self.velocity, names)
                sound.short = bool(names) and not SHORT.isdisjoint(names)
                self.sounds.append(sound)
                lyric = None
            if tied or note.tie:
                held.append(sound)
        self.ties[self.layer] = held + [sound for sound in before if sound.onset + sound.duration > now]

    def play_graces(self, now: Fraction, room: Fraction) -> Fraction:
        """The grace notes that wait; returns how much later the main note begins."""
        if not self.waiting:
            return Fraction(0)
        each = min(GRACE_DURATION, room / 2 / len(self.waiting))
        for place, note in enumerate(self.waiting):
            onset = now + each * place if self.steal else now
            sound = _Sound(note, onset, each, in_midi_range(note.pitch.midi + self.shift))
            sound.grace, sound.layer, sound.bar = True, self.layer, self.bar
            sound.accent = self.velocity
            self.sounds.append(sound)
        delay = each * len(self.waiting) if self.steal else Fraction(0)
        self.waiting = []
        return delay

    def syllable(self, marks: Marks, place: int) -> Lyric | None:
        """The syllable of the verse that is sung this time: the first time the first, then the second, ..."""
        if not marks.lyrics or place < 0:
            return None
        time = self.times_played[place] = self.times_played.get(place, 0) + 1
        return marks.lyrics[min(time, len(marks.lyrics)) - 1]

    def finish(self) -> PlayedVoice:
        self.played.notes.extend(
            SoundingNote(
                self.index,
                sound.onset,
                sound.duration,
                sound.midi,
                sound.accent,
                sound.grace,
                sound.layer,
                sound.bar,
                sound.note,
                sound.lyric,
                sound.short,
            )
            for sound in self.sounds
        )
        return self.played._replace(end=self.now)


def _tied_to(waiting: Sequence[_Sound], note: Note, midi: int, now: Fraction) -> _Sound | None:
    """The sound that a note prolongs: one of its pitch, or one that it follows without an accidental of its own.

    The latter is a note of a second ending, tied to before the first: in the text it does not follow the tie.
    """
    reaching = [sound for sound in waiting if sound.onset + sound.duration >= now]
    for sound in reaching:
        if sound.midi == midi:
            return sound
    if note.accidental is None:
        for sound in reaching:
            if _place(sound.note.pitch) == _place(note.pitch):
                return sound
    return None


def _place(pitch: Pitch) -> tuple[str, int]:
    return pitch.step, pitch.octave
