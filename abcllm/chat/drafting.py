"""Versions of a tune that is to be changed: gaps in its text filled by a composer, some times, and the best taken."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, Final, NamedTuple

from ..analysis.sections import notes_of
from ..backends import Backend, Sampling, Scorer
from ..backends.changing import GapGuide
from ..conversation import Conversation
from ..errors import BackendError, UsageError
from ..notation import Severity, Tune, parse

__all__ = ["Draft", "Drafter", "Gap"]

TRIES: Final = 10
ENOUGH: Final = 4
"""So many drafts that will do are compared."""
HOTTEST: Final = 10.0


class Gap(NamedTuple):
    """Music to be written in the place of `text[start:stop]`; see `GapGuide` for the rest."""

    start: int
    stop: int
    lasts: Fraction
    closing: str
    opening: str = ""
    least: int = 1
    most: int = 64


class Draft(NamedTuple):
    """One version: its text, and the tune in it."""

    text: str
    tune: Tune


@dataclass(frozen=True, slots=True)
class Drafter:
    """Draws versions from a composer; the same `sampling` gives the same ones. Texts in `avoided` are none."""

    backend: Backend
    sampling: Sampling
    avoided: frozenset[str] = frozenset()

    def fill(self, conversation: Conversation, text: str, gaps: Iterable[Gap], sampling: Sampling) -> str:
        """The text with music in its gaps, one after the other; all else stays as it is.

        Nothing where the composer finds nothing for one of them. Raises `BackendError`, and `UsageError` where nothing
        can be written behind what is there.
        """
        written, at = "", 0
        for gap in gaps:
            written += text[at : gap.start]
            guide = GapGuide(written, gap.lasts, gap.closing, gap.opening, least=gap.least, most=gap.most)
            if guide.is_lost:
                raise UsageError(
                    "I cannot go on behind some sign in this tune, as a tie between two pitches; change it first"
                )
            written += gap.opening
            if not guide.is_finished:
                found = "".join(self.backend.write_held(conversation, guide, sampling))
                if not found:
                    return ""
                written += found
            at = gap.stop
        return written + text[at:]

    def choose(
        self,
        write: Callable[[Sampling], str],
        accept: Callable[[Tune], bool],
        prefer: Callable[[Draft], Any] | None = None,
    ) -> Draft:
        """The best of some drafts that are valid and accepted; the more are tried, the bolder they are.

        Without `prefer`, one that ends on the tonic comes before others, then the one that is likeliest for its length.
        Raises `BackendError` where none is.
        """
        drafts: list[Draft] = []
        for number in range(TRIES):
            bolder = min(self.sampling.temperature * (1 + max(number - ENOUGH, 0) / TRIES), HOTTEST)
            text = write(replace(self.sampling, seed=self.sampling.seed * TRIES + number, temperature=bolder))
            if not text or text in self.avoided:
                continue
            book = parse(text)
            faulty = any(one.severity is Severity.ERROR for one in book.diagnostics)
            if len(book.tunes) == 1 and not faulty and accept(book.tunes[0]):
                drafts.append(Draft(text, book.tunes[0]))
            if len(drafts) == ENOUGH:
                break
        if not drafts:
            raise BackendError(
                f"of {TRIES} versions that were tried none is valid and what was asked for; say it again, or otherwise",
                backend=self.backend.name,
            )
        return max(drafts, key=prefer or self._judge)

    def _judge(self, draft: Draft) -> tuple[bool, float]:
        pitches = [pitch for pitch, _ in notes_of(draft.tune.voices[0].bars) if pitch >= 0]
        at_home = bool(pitches) and pitches[-1] % 12 == draft.tune.key.tonic_pitch_class
        if not isinstance(self.backend, Scorer):
            return at_home, 0.0
        return at_home, self.backend.log_likelihood(draft.text) / len(draft.text)
