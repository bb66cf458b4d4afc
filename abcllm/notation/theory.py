"""Pitches, keys, metres, clefs and tempos: the words of a musician as exact values.

Durations are always fractions of a whole note. Sources: ABC standard 2.1, sections 3.1.6 to 3.1.14 and 4.6.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Final, NamedTuple

from .nodes import node

STEPS: Final = "CDEFGAB"
SEMITONE_OF_STEP: Final = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
FIFTHS_OF_STEP: Final = {"F": -1, "C": 0, "G": 1, "D": 2, "A": 3, "E": 4, "B": 5}
SHARP_ORDER: Final = "FCGDAEB"
ACCIDENTAL_TEXT: Final = {-2: "__", -1: "_", 0: "=", 1: "^", 2: "^^"}
ACCIDENTAL_VALUE: Final = {text: value for value, text in ACCIDENTAL_TEXT.items()}
SIGN_TEXT: Final = {-2: "bb", -1: "b", 0: "", 1: "#", 2: "##"}

# Sharps of the mode's signature, counted from the major key on the same tonic.
MODE_FIFTHS: Final = {
    "major": 0,
    "lydian": 1,
    "mixolydian": -1,
    "dorian": -2,
    "minor": -3,
    "phrygian": -4,
    "locrian": -5,
}
# How each mode is written after the tonic in a canonical K: field.
MODE_SUFFIX: Final = {
    "major": "",
    "minor": "m",
    "mixolydian": "mix",
    "dorian": "dor",
    "phrygian": "phr",
    "lydian": "lyd",
    "locrian": "loc",
}

# Notes in the time of how many, for the tuplets whose time does not depend on the metre (section 4.13).
TUPLET_TIME: Final = {2: 3, 3: 2, 4: 3, 6: 2, 8: 3}


class Pitch(NamedTuple):
    """A spelled pitch that sounds.

    `step` is one of C D E F G A B, `octave` is 4 from middle C to the B above it, `alter` is in semitones.
    """

    step: str
    octave: int
    alter: int = 0

    @property
    def midi(self) -> int:
        """MIDI note number: 60 is middle C. May lie outside 0 to 127 for extreme octaves."""
        return 12 * (self.octave + 1) + SEMITONE_OF_STEP[self.step] + self.alter

    @property
    def abc(self) -> str:
        """The note's letter and octave marks, without an accidental.

        >>> Pitch("C", 6).abc, Pitch("A", 3, -1).abc
        ("c'", 'A,')
        """
        if self.octave >= 5:
            return self.step.lower() + "'" * (self.octave - 5)
        return self.step + "," * (4 - self.octave)

    @property
    def name(self) -> str:
        """Scientific name, as `Eb4`."""
        return f"{self.step}{SIGN_TEXT.get(self.alter, f'({self.alter:+d})')}{self.octave}"


@node
class Clef:
    """A clef with what it does to the notes (ABC 2.1, section 4.6).

    `name` is treble, alto, tenor, bass, perc or none, with the line it stands on where written (`bass3`);
    `octave_mark` is +8, -8, +15, -15 or empty. `octave` and `transpose` (semitones) change what sounds,
    `middle` (a note as in ABC) and `stafflines` only what is seen.
    """

    name: str = ""
    octave_mark: str = ""
    middle: str = ""
    transpose: int = 0
    octave: int = 0
    stafflines: int | None = None

    def __str__(self) -> str:
        parts = [f"clef={self.name}{self.octave_mark}"] if self.name else []
        if self.middle:
            parts.append(f"middle={self.middle}")
        if self.transpose:
            parts.append(f"transpose={self.transpose}")
        if self.octave:
            parts.append(f"octave={self.octave}")
        if self.stafflines is not None:
            parts.append(f"stafflines={self.stafflines}")
        return " ".join(parts)


NO_CLEF: Final = Clef()


@node
class Key:
    """A key: tonic, mode and explicit accidentals (ABC 2.1, section 3.1.14).

    `tonic` is a letter with `#` or `b` (empty for none), `mode` a key of `MODE_FIFTHS`, or `none`, `HP`, `Hp`
    (Highland pipes). `accidentals` are (note letter as written, alteration) pairs; with `explicit` (`exp`)
    they replace the signature of tonic and mode, otherwise they modify it.
    """

    tonic: str = "C"
    mode: str = "major"
    accidentals: tuple[tuple[str, int], ...] = ()
    explicit: bool = False
    clef: Clef = NO_CLEF

    @property
    def fifths(self) -> int:
        """Sharps (positive) or flats (negative) of tonic and mode; explicit accidentals are not counted.

        >>> Key("A", "dorian").fifths
        1
        """
        if self.explicit or not self.tonic or self.mode not in MODE_FIFTHS:
            return {"HP": 0, "Hp": 2}.get(self.mode, 0)
        fifths = FIFTHS_OF_STEP[self.tonic[0]] + MODE_FIFTHS[self.mode]
        return fifths + 7 * (self.tonic.count("#") - self.tonic.count("b"))

    @property
    def signature(self) -> dict[str, int]:
        """Alteration in semitones of each altered step, explicit accidentals included."""
        if self.mode == "HP":
            signature = {"F": 1, "C": 1}
        else:
            fifths = self.fifths
            signature = {}
            for index in range(abs(fifths)):
                step = SHARP_ORDER[index % 7] if fifths > 0 else SHARP_ORDER[6 - index % 7]
                signature[step] = signature.get(step, 0) + (1 if fifths > 0 else -1)
        for letter, alter in self.accidentals:
            signature[letter.upper()] = alter
        return {step: alter for step, alter in signature.items() if alter}

    @property
    def tonic_pitch_class(self) -> int | None:
        """Pitch class 0 to 11 of the tonic, or None where the key has none."""
        if not self.tonic:
            return None
        sign = self.tonic.count("#") - self.tonic.count("b")
        return (SEMITONE_OF_STEP[self.tonic[0]] + sign) % 12

    @property
    def name(self) -> str:
        """What the key is, without clef: `Ador`, `Bb`, `F#m`, `D exp _b ^f`, `none`."""
        base = self.mode if not self.tonic else self.tonic + MODE_SUFFIX[self.mode]
        parts = [base] if base else []
        if self.explicit:
            parts.append("exp")
        parts.extend(ACCIDENTAL_TEXT[alter] + letter for letter, alter in self.accidentals)
        return " ".join(parts)

    def __str__(self) -> str:
        return f"{self.name} {self.clef}" if self.clef != NO_CLEF else self.name


@node
class Meter:
    """A metre (ABC 2.1, section 3.1.6).

    `beats` over `unit`: 6/8 is `((6,), 8)`, (2+3)/8 is `((2, 3), 8)`. `symbol` is `C`, `C|`, `none` or empty.
    """

    beats: tuple[int, ...] = ()
    unit: int = 4
    symbol: str = ""

    @property
    def duration(self) -> Fraction | None:
        """Length of a full bar in whole notes; None for free metre."""
        return Fraction(sum(self.beats), self.unit) if self.beats else None

    @property
    def is_compound(self) -> bool:
        """True for 6/8, 9/8, 12/8 and their like, where (5, (7 and (9 mean 3 in the time (section 4.13)."""
        return len(self.beats) == 1 and self.beats[0] % 3 == 0 and self.beats[0] > 3 and self.unit >= 8

    @property
    def default_unit_length(self) -> Fraction:
        """Unit note length where no L: is given: 1/16 below a metre of 3/4, else 1/8 (section 3.1.7)."""
        duration = self.duration
        return Fraction(1, 16) if duration is not None and duration < Fraction(3, 4) else Fraction(1, 8)

    @property
    def fraction(self) -> str:
        """What is said for it, whatever sign or sum it is written as; `none` for free metre.

        >>> Meter((2,), 2, "C|").fraction, Meter((2, 3), 8).fraction
        ('2/2', '5/8')
        """
        return f"{sum(self.beats)}/{self.unit}" if self.beats else str(self)

    def __str__(self) -> str:
        if self.symbol:
            return self.symbol
        if len(self.beats) == 1:
            return f"{self.beats[0]}/{self.unit}"
        return f"({'+'.join(map(str, self.beats))})/{self.unit}"


FREE_METER: Final = Meter((), 4, "none")


@node
class Tempo:
    """A tempo mark (ABC 2.1, section 3.1.8): `beats` of those lengths together, `per_minute` of them."""

    beats: tuple[Fraction, ...] = ()
    per_minute: float | None = None
    before: str = ""
    after: str = ""

    @property
    def qpm(self) -> float | None:
        """Quarter notes a minute, or None for a tempo in words alone."""
        if self.per_minute is None:
            return None
        return float(sum(self.beats, Fraction(0)) * 4) * self.per_minute

    def __str__(self) -> str:
        parts = [f'"{self.before}"'] if self.before else []
        if self.per_minute is not None:
            beats = " ".join(f"{beat.numerator}/{beat.denominator}" for beat in self.beats)
            parts.append(f"{beats}={self.per_minute:g}")
        if self.after:
            parts.append(f'"{self.after}"')
        return " ".join(parts)
