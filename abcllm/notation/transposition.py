"""The same tune higher or lower.

A tune moves as a whole by one interval: so many semitones, and so many places on the line of fifths
(... Bb F C G D A E B F# ...), which decides how its notes are spelled. Signatures, printed accidentals and chord
symbols move by the same interval, so each note keeps the accidental that its author printed, or the lack of one.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Final, NamedTuple

from ..errors import UsageError
from .fields import FieldFault, parse_key
from .harmony import respell_chords
from .spelling import respell_tune
from .theory import ACCIDENTAL_TEXT, FIFTHS_OF_STEP, MODE_FIFTHS, SEMITONE_OF_STEP, SHARP_ORDER, STEPS, Key, Pitch
from .tune import Bar, BarLine, Chord, Field, Grace, Item, Marks, MultiRest, Note, Rest, Spacer, Tune, Voice

MOST_SEMITONES: Final = 96
MODES_WITH_FLATS: Final = frozenset(("minor", "phrygian", "locrian"))


def transpose(
    tune: Tune, semitones: int | None = None, *, key: str | Key | None = None, octave: int = 0
) -> Tune:  # fmt: skip
    """The tune so many semitones higher (negative: lower), or in another key; `octave` adds whole octaves.

    By semitones, the new key is the one with the fewest accidentals (of six sharps and six flats, sharps in major,
    flats in minor), measured over all keys of the tune. `key` names the new tonic (`Bb`), perhaps with the mode that
    the tune has (`Bbm`); it is reached the nearest way, and spelled as named. HP, `none` and explicit signatures have
    no other tonic or name to go to: the accidentals of the new signature are written after them (`K:none ^f ^c`).

    There and back is identity: `transpose(transpose(tune, n), -n) == tune` for every tune in a key of at most five
    flats or six sharps (six flats and five sharps in minor); one in a rarer spelling, as C# major, comes back in its
    common one (Db), sounding the same. Where notes would need more than two sharps or flats, the enharmonic key is
    taken; where that does not help (a tune that has both `^^c` and `__c`, say), they are respelled one by one and
    come back so.

    Raises `UsageError` unless exactly one of `semitones` and `key` is given, and for a key that the tune cannot have.

    >>> from .parser import parse
    >>> tune = transpose(parse("X:1\\nL:1/4\\nM:3/4\\nK:D\\nF ^G c|]\\n").tunes[0], 3)
    >>> str(tune.key), [(note.accidental, note.pitch.name) for note in tune.voices[0].bars[0].items]
    ('F', [(None, 'A4'), (0, 'B4'), (None, 'E5')])
    """
    if (semitones is None) == (key is None):
        raise UsageError("say by how many semitones to transpose, or to which key, and not both")
    interval = _simplest(tune, (semitones or 0) + 12 * octave) if key is None else _interval_to(tune, key, octave)
    if abs(interval.semitones) > MOST_SEMITONES:
        raise UsageError(f"a tune is transposed by at most {MOST_SEMITONES} semitones, not {interval.semitones}")
    if interval == UNISON:
        return tune
    enharmonic = interval.respelled(-1 if interval.fifths > 0 else 1)
    for choice in (interval, enharmonic):
        mover = _Mover(choice)
        moved = mover.tune(tune)
        if not mover.strained:
            return moved
    return respell_tune(_Mover(interval).tune(tune))


class Interval(NamedTuple):
    """A distance: how many semitones it sounds, and how many fifths it is on the line of fifths."""

    semitones: int
    fifths: int

    @property
    def steps(self) -> int:
        """Letters from one note to the other, octaves included."""
        return 4 * self.fifths + 7 * ((self.semitones - 7 * self.fifths) // 12)

    def respelled(self, turns: int) -> Interval:
        """The interval that sounds the same and is spelled a diminished second wider or narrower."""
        return Interval(self.semitones, self.fifths + 12 * turns)

    def move(self, pitch: Pitch) -> Pitch:
        octave, index = divmod(STEPS.index(pitch.step) + self.steps, 7)
        step = STEPS[index]
        rise = 12 * octave + SEMITONE_OF_STEP[step] - SEMITONE_OF_STEP[pitch.step]
        return Pitch(step, pitch.octave + octave, pitch.alter + self.semitones - rise)

    def move_name(self, step: str, alter: int) -> tuple[str, int]:
        """A note's letter and sign, without its octave."""
        moved = self.move(Pitch(step, 4, alter))
        return moved.step, moved.alter


UNISON: Final = Interval(0, 0)


def _sharps(key: Key) -> int:
    """Sharps of a key's whole signature less its flats: what grows by one with every fifth."""
    return key.fifths if _is_tonal(key) and not key.accidentals else sum(key.signature.values())


def _is_tonal(key: Key) -> bool:
    return bool(key.tonic) and key.mode in MODE_FIFTHS and not key.explicit


def _simplest(tune: Tune, semitones: int) -> Interval:
    """The interval of so many semitones that brings all keys of the tune, taken together, nearest to no accidental."""
    if semitones % 12 == 0:
        return Interval(semitones, 0)
    sharps = [_sharps(tune.key)]
    for voice in tune.voices:
        for bar in voice.bars:
            sharps += [
                _sharps(item.value) for item in bar.items if isinstance(item, Field) and isinstance(item.value, Key)
            ]
    centre = min(sharps) + max(sharps)  # twice the middle, to stay whole
    place = (centre + 14 * semitones) % 24
    if place > 12 or (place == 12 and tune.key.mode in MODES_WITH_FLATS):
        place -= 24
    return Interval(semitones, (place - centre) // 2)


def _interval_to(tune: Tune, key: str | Key, octave: int) -> Interval:
    """The interval from the tune's tonic to that of `key`."""
    if not tune.key.tonic:
        raise UsageError(f"the tune has no tonic (K:{tune.key}); transpose it by semitones")
    try:
        target = parse_key(key) if isinstance(key, str) else key
    except FieldFault as fault:
        raise UsageError(f"{key!r} is no key to transpose to: {fault}; {fault.hint}") from None
    if not target.tonic:
        raise UsageError(f"{str(key)!r} has no tonic; name one, as Bb")
    names_mode = isinstance(key, Key) or key.strip() != target.tonic
    if names_mode and target.mode != tune.key.mode:
        raise UsageError(
            f"the tune is in {tune.key.name}, and transposing keeps its mode ({tune.key.mode}, not {target.mode}); "
            f"name the tonic alone: {target.tonic}"
        )
    old, new = (FIFTHS_OF_STEP[k.tonic[0]] + 7 * (k.tonic.count("#") - k.tonic.count("b")) for k in (tune.key, target))
    semitones = (7 * (new - old) + 5) % 12 - 5
    return Interval(semitones + 12 * octave, new - old)


class _Mover:
    """Moves all parts of a tune; `strained` says that some note or key could not keep its spelling."""

    def __init__(self, interval: Interval) -> None:
        self.interval = interval
        self.strained = False
        self.pitch = cache(self._pitch)
        self.key = cache(self._key)

    def tune(self, tune: Tune) -> Tune:
        fields = tuple(self.field(item) for item in tune.fields)
        return replace(tune, fields=fields, key=self.key(tune.key), voices=tuple(map(self.voice, tune.voices)))

    def voice(self, voice: Voice) -> Voice:
        return replace(voice, bars=tuple(map(self.bar, voice.bars)))

    def bar(self, bar: Bar) -> Bar:
        overlays = tuple(tuple(map(self.item, overlay)) for overlay in bar.overlays)
        left, right = self.line(bar.left), self.line(bar.right)
        return replace(bar, items=tuple(map(self.item, bar.items)), overlays=overlays, left=left, right=right)

    def line(self, line: BarLine | None) -> BarLine | None:
        if line is None or not line.marks.chord_symbols:
            return line
        return replace(line, marks=self.marks(line.marks))

    def item(self, item: Item) -> Item:
        if isinstance(item, Note):
            return self.note(item)
        if isinstance(item, Field):
            return self.field(item)
        if isinstance(item, Chord):
            return self.chord(item)
        if isinstance(item, Grace):
            notes = tuple(self.chord(note) if isinstance(note, Chord) else self.note(note) for note in item.notes)
            return replace(item, notes=notes)
        if isinstance(item, Rest | MultiRest | Spacer) and item.marks.chord_symbols:
            return replace(item, marks=self.marks(item.marks))
        return item

    def chord(self, chord: Chord) -> Chord:
        return replace(chord, notes=tuple(map(self.note, chord.notes)), marks=self.marks(chord.marks))

    def note(self, note: Note) -> Note:
        pitch = self.pitch(note.pitch)
        return Note(
            pitch,
            note.duration,
            note.written,
            None if note.accidental is None else pitch.alter,
            note.tie,
            note.joined,
            note.broken,
            self.marks(note.marks),
            note.span,
        )

    def marks(self, marks: Marks) -> Marks:
        if not marks.chord_symbols:
            return marks
        names = tuple(respell_chords(text, self.interval.move_name) for text in marks.chord_symbols)
        return replace(marks, chord_symbols=names)

    def field(self, item: Field) -> Field:
        if not isinstance(item.value, Key):
            return item
        key = self.key(item.value)
        return replace(item, text=str(key), value=key)

    def _pitch(self, pitch: Pitch) -> Pitch:
        moved = self.interval.move(pitch)
        if abs(moved.alter) > 2:
            self.strained = True
            turns = -1 if moved.alter > 0 else 1
            while abs(moved.alter) > 2:
                moved = Interval(0, 12 * turns).move(moved)
        return moved

    def _key(self, key: Key) -> Key:
        if self.interval.fifths == 0:
            return key
        if not _is_tonal(key):
            return self._other_key(key)
        step, alter = self.interval.move_name(key.tonic[0], key.tonic.count("#") - key.tonic.count("b"))
        accidentals = tuple(self._accidental(letter, value) for letter, value in key.accidentals)
        if abs(alter) > 1 or any(abs(value) > 2 for _, value in accidentals):
            self.strained = True
            return self._other_key(replace(key, tonic="", mode="none", accidentals=tuple(key.signature.items())))
        tonic = step + ("#" if alter > 0 else "b" if alter else "")
        return replace(key, tonic=tonic, accidentals=accidentals)

    def _accidental(self, letter: str, alter: int) -> tuple[str, int]:
        step, alter = self.interval.move_name(letter.upper(), alter)
        return step if letter.isupper() else step.lower(), alter

    def _other_key(self, key: Key) -> Key:
        """A key without a signature to go to: what the new one needs is written after it.

        The author's accidentals come first, in their order, then those that the move brings; naturals at the end that
        say nothing are left out.
        """
        base = replace(key, accidentals=()).signature
        whole = dict.fromkeys(STEPS, 0) | key.signature
        moved = dict(self.interval.move_name(step, alter) for step, alter in whole.items())
        if any(alter not in ACCIDENTAL_TEXT for alter in moved.values()):
            self.strained = True
            moved = {step: alter for step, alter in moved.items() if alter in ACCIDENTAL_TEXT}
        listed = [self._accidental(letter, 0)[0] for letter, _ in key.accidentals]
        differing = [step for step in SHARP_ORDER if moved.get(step, base.get(step, 0)) != base.get(step, 0)]
        sharps = [step for step in differing if moved[step] > 0]
        flats = [step for step in reversed(differing) if moved[step] <= 0]
        added = [step.lower() for step in sharps + flats if step not in {letter.upper() for letter in listed}]
        letters = [letter for letter in listed + added if letter.upper() in moved]
        while letters and letters[-1].upper() not in differing:
            letters.pop()
        accidentals = tuple((letter, moved[letter.upper()]) for letter in letters)
        tonic = key.tonic
        if tonic:
            step, alter = self.interval.move_name(tonic[0], tonic.count("#") - tonic.count("b"))
            if abs(alter) > 1:
                self.strained = True
                step, alter = Interval(0, -12 if alter > 0 else 12).move_name(step, alter)
            tonic = step + ("#" if alter > 0 else "b" if alter < 0 else "")
        return replace(key, tonic=tonic, accidentals=accidentals)
