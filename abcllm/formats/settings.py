"""What is in force at each place of a voice: how far it is moved, how loud, how fast, in which key and metre.

It is read in the order of the text, not of playing: where a repeat goes back, the settings of that place are in force
again, as a player who looks at the page takes them. Sources: ABC standard 2.1, sections 3.1.8, 4.6, 4.14; the
directives `%%MIDI program`, `%%MIDI channel`, `%%MIDI transpose` are those of abc2midi.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Final, NamedTuple

from ..notation.playing_order import Step
from ..notation.theory import Clef, Key, Meter, Tempo
from ..notation.tune import NO_MARKS, Chord, Field, Grace, Note, Tune, Voice

__all__ = ["DEFAULT_QPM", "Settings", "accented", "settings_of", "tempo_qpm"]

DEFAULT_QPM: Final = Fraction(120)
DEFAULT_VELOCITY: Final = 90
VELOCITY_OF: Final = {
    "pppp": 20, "ppp": 30, "pp": 45, "p": 60, "mp": 75, "mf": 90, "f": 105, "ff": 120, "fff": 127, "ffff": 127,
}  # fmt: skip
ACCENTS: Final = {"accent": 16, "marcato": 24, "^": 24, "sfz": 30}
# Quarter notes a minute of the usual words, where Q: gives no number.
QPM_OF_WORD: Final = {
    "larghissimo": 40, "grave": 44, "largo": 50, "larghetto": 62, "lento": 56, "adagio": 66, "adagietto": 72,
    "andante": 76, "andantino": 88, "moderato": 104, "allegretto": 112, "allegro": 132, "vivace": 152, "vivo": 152,
    "presto": 176, "prestissimo": 200,
}  # fmt: skip
FASTEST_QPM, SLOWEST_QPM = Fraction(2000), Fraction(4)
OCTAVES_OF_MARK: Final = {"": 0, "+8": 1, "-8": -1, "+15": 2, "-15": -2}


class Settings(NamedTuple):
    """What is in force at one place. `shift` is in semitones, `qpm` quarter notes a minute, `program` of MIDI (or -1).

    `channel` is that of `%%MIDI channel`, 1 to 16, or 0 where none was named.
    """

    shift: int
    velocity: int
    qpm: Fraction
    meter: Meter
    key: Key
    program: int = -1
    channel: int = 0


def tempo_qpm(tempo: Tempo | None, before: Fraction = DEFAULT_QPM) -> Fraction:
    """Quarter notes a minute of a tempo; `before` where it says nothing that could be counted."""
    if tempo is None:
        return before
    if tempo.per_minute is not None:
        exact = sum(tempo.beats, Fraction(0)) * 4 * Fraction(str(tempo.per_minute))
        return min(max(exact, SLOWEST_QPM), FASTEST_QPM)
    for word in f"{tempo.before} {tempo.after}".lower().replace(",", " ").split():
        if word in QPM_OF_WORD:
            return Fraction(QPM_OF_WORD[word])
    return before


def settings_of(tune: Tune, voice: Voice, row: Sequence[Step]) -> list[Settings]:
    """The settings at every step of a voice; most steps share one object."""
    reader = _Reader(tune, voice)
    result = []
    for step in row:
        reader.read(step)
        result.append(reader.now)
    return result


def accented(velocity: int, decorations: Sequence[str]) -> int:
    """The velocity of a note with these decorations."""
    return min(127, velocity + max((ACCENTS.get(name, 0) for name in decorations), default=0))


class _Reader:
    """Follows the settings of one voice through its text."""

    def __init__(self, tune: Tune, voice: Voice) -> None:
        self.octave = self.mark = self.transpose = self.midi_transpose = 0
        self.take_clef(tune.key.clef)
        self.take_clef(voice.clef)
        self.now = Settings(0, DEFAULT_VELOCITY, tempo_qpm(tune.tempo), tune.meter, tune.key)
        if voice.clef.name.startswith("perc"):
            self.now = self.now._replace(channel=10)
        for item in tune.fields:
            self.take_directive(item)
        self.update()

    def read(self, step: Step) -> None:
        item = step.item
        if isinstance(item, Field):
            self.take_field(item)
        elif isinstance(item, Note | Chord) and item.marks is not NO_MARKS:
            for name in item.marks.decorations:
                if name in VELOCITY_OF:
                    self.now = self.now._replace(velocity=VELOCITY_OF[name])
        elif isinstance(item, Grace):
            return

    def take_field(self, item: Field) -> None:
        value = item.value
        if isinstance(value, Key):
            self.take_clef(value.clef)
            self.now = self.now._replace(key=value)
        elif isinstance(value, Meter):
            self.now = self.now._replace(meter=value)
        elif isinstance(value, Tempo):
            self.now = self.now._replace(qpm=tempo_qpm(value, self.now.qpm))
        else:
            self.take_directive(item)
        self.update()

    def take_clef(self, clef: Clef) -> None:
        """A clef replaces of the one before what it names."""
        if clef.name or clef.octave_mark:
            self.mark = OCTAVES_OF_MARK.get(clef.octave_mark, 0)
        self.octave = clef.octave or self.octave
        self.transpose = clef.transpose or self.transpose

    def take_directive(self, item: Field) -> None:
        """`%%MIDI program 41` and its like; a channel before the number of a program is passed over."""
        if item.name not in ("%%", "I"):
            return
        words = item.text.replace("=", " ", 1).split()
        if len(words) < 3 or words[0] != "MIDI" or not words[-1].lstrip("+-").isdecimal() or len(words[-1]) > 4:
            return
        number = int(words[-1])
        if words[1] == "program" and 0 <= number < 128:
            self.now = self.now._replace(program=number)
        elif words[1] == "channel" and 1 <= number <= 16:
            self.now = self.now._replace(channel=number)
        elif words[1] == "transpose" and abs(number) <= 96:
            self.midi_transpose = number
        elif words[1] == "rtranspose" and abs(number) <= 96:
            self.midi_transpose += number

    def update(self) -> None:
        shift = 12 * (self.octave + self.mark) + self.transpose + self.midi_transpose
        if shift != self.now.shift:
            self.now = self.now._replace(shift=shift)
