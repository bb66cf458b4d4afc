"""What can be asked of a composer: a tune (`Request`), or something to be done with the tune that is there."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, TypeAlias

from ..notation import Key, Meter
from ..notation.fields import parse_key, parse_meter
from .rhythms import RHYTHMS, usual_rhythm

__all__ = [
    "MAX_BARS",
    "MAX_TEMPO_QPM",
    "MIN_TEMPO_QPM",
    "Ask",
    "Change",
    "Compose",
    "Extend",
    "Find",
    "Harmonise",
    "Help",
    "How",
    "Instruction",
    "Keep",
    "Open",
    "Play",
    "Quit",
    "Recall",
    "Recast",
    "Remode",
    "Rename",
    "Repair",
    "Request",
    "Rescale",
    "Reseed",
    "Resemble",
    "Retry",
    "Rewrite",
    "Save",
    "Show",
    "Steps",
    "Stretch",
    "Switch",
    "Thanks",
    "Transpose",
    "Unclear",
    "Undo",
    "key_words",
]

MAX_BARS = 256
MIN_TEMPO_QPM, MAX_TEMPO_QPM = 20.0, 600.0

JIG = RHYTHMS["jig"]
JIG_KEY, JIG_METER = parse_key(JIG.major), parse_meter(JIG.meters[0])


@dataclass(frozen=True, slots=True)
class Request:
    """The tune that is wanted, all of it settled.

    `rhythm` is a key of `RHYTHMS`, or empty for a tune in an unusual metre; `bars` are those written, repeats not
    counted twice; `tempo_qpm` is in quarter notes a minute. An empty `title` and a `seed` of None leave the choice
    to whoever composes; `variant` counts how often another tune for the same request was asked for.
    """

    rhythm: str = JIG.name
    key: Key = JIG_KEY
    meter: Meter = JIG_METER
    bars: int = 16
    tempo_qpm: float = JIG.tempo_qpm
    title: str = ""
    seed: int | None = None
    variant: int = 0

    @classmethod
    def for_rhythm(cls, rhythm: str, *, minor: bool = False, bars: int = 16) -> Request:
        """The usual tune of a rhythm.

        >>> str(Request.for_rhythm("waltz", minor=True))
        'a 16-bar waltz in A minor, 3/4, 130 quarter notes a minute'
        """
        usual = RHYTHMS[rhythm]
        key = parse_key(usual.minor if minor else usual.major)
        return cls(rhythm, key, parse_meter(usual.meters[0]), bars, usual.tempo_qpm)

    @classmethod
    def for_meter(cls, meter: Meter, *, minor: bool = False) -> Request:
        """The commonest kind of tune in a metre; a tune of no rhythm where the metre is unusual."""
        rhythm = usual_rhythm(str(meter))
        usual = cls.for_rhythm(rhythm or "reel", minor=minor)
        tempo_qpm = usual.tempo_qpm if rhythm else 120.0
        return cls(rhythm, usual.key, meter, usual.bars, tempo_qpm)

    def __str__(self) -> str:
        """The request in plain English; `read_request` reads it back."""
        what = f"a {self.bars}-bar {self.rhythm or 'tune'} in {key_words(self.key)}, {self.meter}"
        if self.bars in (8, 11, 18) or 80 <= self.bars <= 89:
            what = f"an{what[1:]}"
        called = f', called "{self.title}"' if self.title else ""
        return f"{what}, {self.tempo_qpm:g} quarter notes a minute{called}"


def key_words(key: Key) -> str:
    """A key as it is spoken of.

    >>> key_words(Key("Bb", "dorian")), key_words(Key("", "none"))
    ('Bb dorian', 'no key')
    """
    return f"{key.tonic} {key.mode}" if key.tonic else {"none": "no key"}.get(key.mode, key.mode)


@dataclass(frozen=True, slots=True)
class Compose:
    """Compose a tune. `remarks` say what was settled for the asker; `passed_over` are words not understood."""

    request: Request
    remarks: tuple[str, ...] = ()
    passed_over: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """Set the tempo of the tune that is there."""

    tempo_qpm: float


@dataclass(frozen=True, slots=True)
class Transpose:
    """Transpose the tune that is there: to `key`, or by `semitones` where `key` is None."""

    semitones: int = 0
    key: Key | None = None
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rename:
    """Give the tune another title."""

    title: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some bars, counted as musicians do: `first` to `last`, or a `part`; from 1, and from the end below 0.

    Where all are 0, the whole tune.
    """

    first: int = 0
    last: int = 0
    part: int = 0

    def __str__(self) -> str:
        """The stretch in words.

        >>> str(Stretch(5, 8)), str(Stretch(part=-1)), str(Stretch())
        ('bars 5 to 8', 'the last part', 'the tune')
        """
        if self.part:
            return "the last part" if self.part < 0 else f"part {self.part}"
        if self.first < 0:
            return "the last bar" if self.first == -1 else f"the last {-self.first} bars"
        if self.first:
            return f"bar {self.first}" if self.first == self.last else f"bars {self.first} to {self.last}"
        return "the tune"


How: TypeAlias = Literal["anew", "busier", "simpler", "varied"]


@dataclass(frozen=True, slots=True)
class Rewrite:
    """Write some bars of the tune in another way; the others stay."""

    how: How = "anew"
    where: Stretch = Stretch()


@dataclass(frozen=True, slots=True)
class Extend:
    """Go on behind the end of the tune for so many bars; 0: for one part more."""

    bars: int = 0


@dataclass(frozen=True, slots=True)
class Keep:
    """Leave out what does not belong to these bars."""

    where: Stretch


@dataclass(frozen=True, slots=True)
class Harmonise:
    """Put chord symbols over the tune."""


@dataclass(frozen=True, slots=True)
class Recast:
    """Make the tune one of another kind: a key of `RHYTHMS`."""

    rhythm: str


@dataclass(frozen=True, slots=True)
class Remode:
    """Put the tune in another mode on the same tonic."""

    mode: str


@dataclass(frozen=True, slots=True)
class Rescale:
    """Multiply all lengths of notes, and the metre with them."""

    factor: Fraction


@dataclass(frozen=True, slots=True)
class Repair:
    """Put the faults of the tune right; where `is_computed`, only those for which there is a safe fix."""

    is_computed: bool = False


@dataclass(frozen=True, slots=True)
class Find:
    """Bring a tune of the library by its name."""

    name: str


@dataclass(frozen=True, slots=True)
class Resemble:
    """Write a tune that is like one of the library: like that of a `name`, or like the tune that is there."""

    name: str = ""


@dataclass(frozen=True, slots=True)
class Save:
    """Save the tune: as `format` (`pdf`, `midi`, ...; `all` for every one), to `path` where one was given."""

    format: str = "abc"
    path: str = ""


@dataclass(frozen=True, slots=True)
class Play:
    """Let the tune be heard."""


@dataclass(frozen=True, slots=True)
class Show:
    """Show the tune once more."""


@dataclass(frozen=True, slots=True)
class Undo:
    """Go back to the tune before."""


@dataclass(frozen=True, slots=True)
class Retry:
    """Do once more what was done last, with other chances."""


@dataclass(frozen=True, slots=True)
class Switch:
    """Take another composer: `NAME` or `NAME:WHERE`; an empty name asks which there are."""

    model: str = ""


@dataclass(frozen=True, slots=True)
class Open:
    """Go on with a saved conversation, or with the tune of a file."""

    name: str


@dataclass(frozen=True, slots=True)
class Recall:
    """Say which conversations are saved."""


@dataclass(frozen=True, slots=True)
class Reseed:
    """Use this seed for the tunes to come; None only asks for the one in use."""

    seed: int | None = None


@dataclass(frozen=True, slots=True)
class Ask:
    """Answer a question.

    About the tune: its key, meter, bars, tempo, title, rhythm, range, chords, notes, parts, faults, all of it; or the
    seed. `about` music itself: an interval (`D F#`), a chord (`Dm7`), a scale, a relative key, signs (`E dorian`).
    """

    kind: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class Help:
    """Say what can be asked for."""


@dataclass(frozen=True, slots=True)
class Thanks:
    """A kind word, which asks for nothing."""


@dataclass(frozen=True, slots=True)
class Quit:
    """End the conversation."""


@dataclass(frozen=True, slots=True)
class Unclear:
    """Not understood: `text` says what and why, `hint` what could be said instead."""

    text: str
    hint: str


@dataclass(frozen=True, slots=True)
class Steps:
    """Several instructions, one after the other ("a jig in D, and save it as pdf")."""

    steps: tuple[Instruction, ...]


Instruction: TypeAlias = (
    Compose | Change | Transpose | Rename | Rewrite | Extend | Keep | Harmonise | Recast | Remode | Rescale | Repair
    | Find | Resemble | Save | Play | Show | Undo | Retry | Switch | Open | Recall | Reseed | Ask | Help | Thanks | Quit
    | Unclear | Steps
)  # fmt: skip
