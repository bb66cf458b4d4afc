"""Composing: a form is chosen, then each new bar is written gesture by gesture under the eyes of the prefix reader.

Every candidate is offered to a `PrefixReader` in its exact mode, so the tune is valid ABC with exact bars by
construction; what fits is drawn by the model.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Final
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from ...errors import BackendError
from ...notation import Meter
from ...notation.prefix import PrefixReader
from ...notation.theory import STEPS
from ...request import Request
from .. import Sampling
from ..header import UNIT, write_header
from ..titles import make_title
from .forms import Form, GestureBar, Role, bar_role, plain_form
from .melody import Gesture, Speller
from .model import HISTORY, PLACES_PER_WHOLE, START, NgramModel, Place, Style, pitch_code

CENTRE: Final = 34  # diatonic number of B4, around which melodies lie
LOWEST: Final = 25  # G3, the lowest string of a fiddle
HIGHEST: Final = 42  # C6
BARS_A_LINE: Final = 4
CANDIDATES: Final = 24
NUCLEUS: Final = 0.97  # beyond it lie the accidents of the training tunes


class Composer:
    """Writes one tune for a request."""

    def __init__(self, model: NgramModel, request: Request, sampling: Sampling) -> None:
        self.model = model
        self.request = request
        self.sampling = sampling
        seed = sampling.seed if request.seed is None else request.seed
        self.random = np.random.default_rng([seed, request.variant, crc32(str(request).encode())])
        self.full = request.meter.duration or Fraction(1)
        self.style = Style(request.rhythm, style_meter(request.meter))
        self.reader = PrefixReader(exact=True)
        tonic = STEPS.index(request.key.tonic[0]) if request.key.tonic else 0
        octave = min(range(2, 7), key=lambda o: abs(7 * o + tonic + 3 - CENTRE))
        self.speller = Speller(request.key, 7 * octave + tonic, UNIT)
        self.history: list[int] = [START] * HISTORY
        self.beat = _beat(request.meter)
        self.tied: int | None = None

    def write(self) -> Iterator[str]:
        """The tune's text, piece by piece. Raises `BackendError` where no music fits."""
        form = self.choose_form()
        title = self.request.title.strip() or make_title(self.random, self.request.rhythm)
        yield self.say(write_header(self.request, title))
        written: dict[int, GestureBar] = {}
        repeated = len(form.parts) > 1
        for number, part in enumerate(form.parts):
            last_part = number == len(form.parts) - 1
            if repeated:
                yield self.say("|:")
            if form.pickup:
                yield from self.write_bar(Role.PICKUP, form.pickup, self.full - form.pickup, None)
                yield self.say("|")
            for index, bar in enumerate(part):
                role = bar_role(index, len(part))
                closing = role == Role.CLOSING
                size = self.full - form.pickup if closing else self.full
                model_bar = written.get(bar)
                pieces: list[Gesture] = []
                yield from self.write_bar(role, size, Fraction(0), model_bar, pieces, last_part and closing)
                if not closing or not form.pickup:
                    written.setdefault(bar, tuple(pieces))
                if not closing:
                    yield self.say("|" + ("\n" if index % BARS_A_LINE == BARS_A_LINE - 1 else ""))
            yield self.say((":|" if repeated else "|]") + "\n")
        if not self.reader.complete:
            raise BackendError("the tune could not be brought to an end", backend="ngram")

    def say(self, text: str) -> str:
        """Feed the prefix reader and give the text on."""
        if not self.reader.feed(text):
            raise BackendError(f"{text!r} cannot follow {self.reader.line!r}", backend="ngram")
        return text

    def choose_form(self) -> Form:
        """The form of a training tune of this kind and number of bars, or a plain one."""
        for same_rhythm in (True, False):
            forms = [
                form
                for style, known in self.model.forms.items()
                if style.meter == self.style.meter and (style.rhythm == self.style.rhythm or not same_rhythm)
                for form in known
                if form.bars == self.request.bars and all(len(part) >= 4 for part in form.parts)
            ]
            if forms:
                return forms[int(self.random.integers(len(forms)))]
        return plain_form(self.request.bars)

    # -- one bar -------------------------------------------------------------------------------------------

    def write_bar(
        self,
        role: Role,
        size: Fraction,
        start: Fraction,
        again: GestureBar | None,
        pieces: list[Gesture] | None = None,
        final: bool = False,
    ) -> Iterator[str]:
        """A bar of that size: what stood there before if it fits, new gestures otherwise."""
        self.speller.begin_bar()
        elapsed = Fraction(0)
        planned = list(again or ())
        while elapsed < size:
            gesture = self.next_planned(planned, size - elapsed, elapsed, final)
            if gesture is None:
                planned = []
                gesture = self.draw(role, start + elapsed, size - elapsed, elapsed, final)
            text = self.separator(elapsed) + self.speller.spell(gesture)
            yield self.say(text)
            self.remember(gesture)
            if pieces is not None:
                pieces.append(gesture)
            elapsed += gesture.duration

    def next_planned(
        self, planned: list[Gesture], left: Fraction, elapsed: Fraction, final: bool
    ) -> Gesture | None:  # fmt: skip
        """The next gesture of a bar that is said again, as long as it fits."""
        if not planned:
            return None
        gesture = planned.pop(0)
        usable = self.usable(left, final=final)[self.model.token_of[str(gesture)]]
        return gesture if usable and self.fits(gesture, elapsed) else None

    def draw(self, role: Role, place: Fraction, left: Fraction, elapsed: Fraction, final: bool) -> Gesture:
        """A gesture drawn from the model among those that fit."""
        model, sampling = self.model, self.sampling
        where = Place(self.style, self.request.key.mode, role, place, tuple(self.history[-HISTORY:]))
        probabilities = model.predict(where)
        for required in (self.usable(left, final=final), self.usable(left, final=False)):
            weights = probabilities * required
            if not weights.any():
                continue
            order = self.choices(weights, sampling)
            for token in order:
                gesture = model.gestures[token]
                if gesture is not None and self.fits(gesture, elapsed):
                    return gesture
        raise BackendError(f"nothing fits into the {left} of a whole note that is left of a bar", backend="ngram")

    def choices(self, weights: NDArray[np.float64], sampling: Sampling) -> list[int]:
        """Candidates in the order in which they are tried."""
        ranked = np.argsort(-weights, kind="stable")
        ranked = ranked[weights[ranked] > 0]
        if sampling.temperature == 0:
            return [int(token) for token in ranked[:CANDIDATES]]
        chances = weights[ranked] / weights.sum()
        nucleus = int(np.searchsorted(np.cumsum(chances), min(sampling.top_p, NUCLEUS))) + 1
        likely = ranked[:nucleus]
        heat = weights[likely] ** (1 / sampling.temperature)
        heat = heat / heat.sum()
        drawn = self.random.choice(likely, size=min(CANDIDATES, len(likely)), replace=False, p=heat)
        return [int(token) for token in drawn] + [int(token) for token in ranked[nucleus:]]

    def usable(self, left: Fraction, *, final: bool) -> NDArray[np.bool_]:
        """Which tokens have room, stay in range, go on with a tie, and (at the end) come to rest on the tonic."""
        traits, tonic = self.model.traits, self.speller.tonic
        room = int(left * PLACES_PER_WHOLE)
        usable = (traits.ticks > 0) & (traits.ticks <= room)
        usable &= (traits.lowest >= LOWEST - tonic) & (traits.highest <= HIGHEST - tonic)
        if self.tied is not None:
            usable &= traits.first == self.tied
        if final:
            usable &= ~traits.tied & ((traits.ticks < room) | traits.rests_on_tonic)
        return usable

    def fits(self, gesture: Gesture, elapsed: Fraction) -> bool:
        """Whether the prefix reader lets the gesture stand here."""
        return self.reader.allows(self.separator(elapsed) + self.speller.copy().spell(gesture))

    def remember(self, gesture: Gesture) -> None:
        self.history.append(self.model.token_of[str(gesture)])
        last = gesture.tones[-1]
        self.tied = pitch_code(last.step, last.alter) if last.tied and last.step is not None else None

    def separator(self, elapsed: Fraction) -> str:
        """A space where a beat begins: beams show the beat."""
        return " " if elapsed and (elapsed / self.beat).denominator == 1 else ""


def style_meter(meter: Meter) -> str:
    """The metre under which tunes are counted together: C, C| and 2/2 are 4/4."""
    text = str(meter)
    return "4/4" if text in ("C", "C|", "2/2") else text


def _beat(meter: Meter) -> Fraction:
    if meter.is_compound:
        return Fraction(3, meter.unit)
    if meter.duration == 1:
        return Fraction(1, 2)
    return Fraction(1, 4) if meter.unit <= 4 else Fraction(1, meter.unit)
