"""The n-gram model: which gesture comes next, counted in the tunes it was trained on.

The model is its training tunes, as arrays of gestures with what is known of each place: metre, kind of tune, mode,
place in the bar, role of the bar, and the gestures before. A prediction narrows these places down, one condition
after the other, and mixes the counts of all stages from the widest to the narrowest with the weights of Witten and
Bell (Witten and Bell, The zero-frequency problem, IEEE Trans. Inf. Theory 37(4), 1991, method C). Nothing is
tabulated beforehand, so contexts of any kind cost nothing on disk.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from .forms import Form, Role, Section, bar_role, form_of
from .melody import Gesture, read_gesture

PLACES_PER_WHOLE: Final = 960
HISTORY: Final = 3
START: Final = 0
NAMES: Final = ("tokens", "places", "styles", "modes", "roles")

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Style:
    """A kind of tune: rhythm (empty where unknown) and metre, in which C and C| are 4/4."""

    rhythm: str
    meter: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where the next gesture will stand."""

    style: Style
    mode: str
    role: Role
    place: Fraction
    history: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Melody:
    """One training tune."""

    style: Style
    mode: str
    sections: tuple[Section, ...]
    full: Fraction


NO_STEP: Final = 999


@dataclass(frozen=True, slots=True)
class Traits:
    """Arrays over the vocabulary: `ticks` (of 1/`PLACES_PER_WHOLE`, -1 where not whole), lowest and highest step,
    the first pitch (`pitch_code`; `NO_STEP` for a rest), whether it comes to rest on the tonic, whether it holds a
    tie.
    """

    ticks: Ints
    lowest: Ints
    highest: Ints
    first: Ints
    rests_on_tonic: NDArray[np.bool_]
    tied: NDArray[np.bool_]

    @classmethod
    def of(cls, gestures: Sequence[Gesture | None]) -> Traits:
        rows = [_traits(gesture) for gesture in gestures]
        numbers = np.array([row[:4] for row in rows], dtype=np.int64).T
        flags = np.array([row[4:] for row in rows], dtype=np.bool_).T
        return cls(*numbers, *flags)


def pitch_code(step: int, alter: int) -> int:
    """One number for a step and its alteration."""
    return 3 * step + alter


def _traits(gesture: Gesture | None) -> tuple[int, int, int, int, bool, bool]:
    if gesture is None:
        return -1, 0, 0, 0, False, False
    ticks = gesture.duration * PLACES_PER_WHOLE
    steps = [tone.step for tone in gesture.tones if tone.step is not None] or [0]
    first, last = gesture.tones[0].step, gesture.tones[-1]
    rests = last.step is not None and last.step % 7 == 0 and not last.alter and not last.tied
    return (
        ticks.numerator if ticks.denominator == 1 else -1,
        min(steps),
        max(steps),
        NO_STEP if first is None else pitch_code(first, gesture.tones[0].alter),
        rests,
        any(tone.tied for tone in gesture.tones),
    )


class NgramModel:
    """Counts over training places. Make one with `train` or `read`."""

    def __init__(
        self,
        arrays: dict[str, NDArray[Any]],
        vocabulary: Sequence[str],
        styles: Sequence[Style],
        modes: Sequence[str],
        forms: dict[Style, list[Form]],
    ) -> None:
        self.arrays = arrays
        self.vocabulary = list(vocabulary)
        self.styles = list(styles)
        self.modes = list(modes)
        self.forms = forms
        self._places: dict[str, Ints] = {}

    @cached_property
    def gestures(self) -> list[Gesture | None]:
        """The gesture of each token; None for the start of a tune."""
        return [read_gesture(text) if text else None for text in self.vocabulary]

    @cached_property
    def traits(self) -> Traits:
        """What decides whether a gesture fits, for all tokens at once."""
        return Traits.of(self.gestures)

    @cached_property
    def token_of(self) -> dict[str, int]:
        """The token of each gesture, by its spelling."""
        return {text: token for token, text in enumerate(self.vocabulary)}

    # -- training and keeping ------------------------------------------------------------------------------

    @classmethod
    def train(cls, melodies: Iterable[Melody]) -> NgramModel:
        """Count the gestures of melodies."""
        vocabulary: dict[str, int] = {"": START}
        styles: dict[Style, int] = {}
        modes: dict[str, int] = {}
        forms: dict[Style, list[Form]] = {}
        rows: list[tuple[int, int, int, int, int]] = []
        for melody in melodies:
            style = styles.setdefault(melody.style, len(styles))
            mode = modes.setdefault(melody.mode, len(modes))
            form = form_of(melody.sections)
            if form is not None:
                forms.setdefault(melody.style, []).append(form)
            rows.extend([(START, 0, style, mode, 0)] * HISTORY)
            for section in melody.sections:
                upbeat = sum((g.duration for g in section.pickup), Fraction(0))
                bars = [(Role.PICKUP, melody.full - upbeat, section.pickup)]
                count = len(section.bars)
                bars += [(bar_role(index, count), Fraction(0), bar) for index, bar in enumerate(section.bars)]
                for role, place, bar in bars:
                    for gesture in bar:
                        token = vocabulary.setdefault(str(gesture), len(vocabulary))
                        rows.append((token, round(place * PLACES_PER_WHOLE), style, mode, int(role)))
                        place += gesture.duration
        columns = np.array(rows, dtype=np.int64).reshape(-1, len(NAMES)).T
        arrays = dict(zip(NAMES, columns, strict=True))
        return cls(arrays, list(vocabulary), list(styles), list(modes), forms)

    def to_bytes(self) -> bytes:
        """The model as a compressed NumPy archive (no pickle in it)."""
        head = {
            "vocabulary": self.vocabulary,
            "styles": [[style.rhythm, style.meter] for style in self.styles],
            "modes": self.modes,
            "forms": [
                [self.styles.index(style), [list(part) for part in form.parts], str(form.pickup)]
                for style, forms in self.forms.items()
                for form in forms
            ],
        }
        buffer = io.BytesIO()
        kept = {
            name: self.arrays[name].astype(np.uint16 if name in ("tokens", "places") else np.uint8) for name in NAMES
        }
        text = json.dumps(head, ensure_ascii=True, separators=(",", ":")).encode()
        np.savez_compressed(buffer, head=np.frombuffer(text, dtype=np.uint8), **kept)  # type: ignore[arg-type]
        return buffer.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> NgramModel:
        """Read what `to_bytes` wrote. Raises `ValueError` for anything else."""
        with np.load(io.BytesIO(data), allow_pickle=False) as archive:
            head = json.loads(archive["head"].tobytes())
            arrays = {name: archive[name].astype(np.int64) for name in NAMES}
        styles = [Style(rhythm, meter) for rhythm, meter in head["styles"]]
        forms: dict[Style, list[Form]] = {}
        for style, parts, pickup in head["forms"]:
            forms.setdefault(styles[style], []).append(Form(tuple(map(tuple, parts)), Fraction(pickup)))
        return cls(arrays, head["vocabulary"], styles, head["modes"], forms)

    # -- prediction ----------------------------------------------------------------------------------------

    def narrow(self, place: Place) -> list[Ints]:
        """Training places that are like `place`, from the widest condition to the narrowest."""
        columns = self.arrays
        tokens = columns["tokens"]
        stages: list[Ints] = []
        current = self._places_of(place.style)
        stages.append(current)

        def keep(like: NDArray[np.bool_]) -> None:
            nonlocal current
            current = current[like]
            stages.append(current)

        keep(columns["places"][current] == round(place.place * PLACES_PER_WHOLE))
        history = place.history[-HISTORY:]
        if history:
            keep(tokens[current - 1] == history[-1])
        rhythm = np.array([style.rhythm == place.style.rhythm for style in self.styles])
        keep(rhythm[columns["styles"][current]])
        mode = self.modes.index(place.mode) if place.mode in self.modes else -1
        keep(columns["modes"][current] == mode)
        keep(columns["roles"][current] == int(place.role))
        for back in range(2, len(history) + 1):
            keep(tokens[current - back] == history[-back])
        return stages

    def _places_of(self, style: Style) -> Ints:
        """All training places of the style's metre; where there is none, all places."""
        if style.meter not in self._places:
            wanted = [index for index, known in enumerate(self.styles) if known.meter == style.meter]
            music = self.arrays["tokens"] != START
            places = np.flatnonzero(music & np.isin(self.arrays["styles"], wanted))
            self._places[style.meter] = places if len(places) else np.flatnonzero(music)
        return self._places[style.meter]

    def predict(self, place: Place) -> NDArray[np.float64]:
        """Probability of each token of the vocabulary at `place`: an array of the vocabulary's size."""
        size = len(self.vocabulary)
        probabilities = np.full(size, 1.0 / size)
        tokens = self.arrays["tokens"]
        for rows in self.narrow(place):
            if len(rows):
                counts = np.bincount(tokens[rows], minlength=size)
                kinds = np.count_nonzero(counts)
                probabilities = (counts + kinds * probabilities) / (len(rows) + kinds)
        probabilities[START] = 0.0
        total: NDArray[np.float64] = probabilities / probabilities.sum()
        return total
