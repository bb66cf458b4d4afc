"""A tune as it stands in a conversation: its text, read and checked, with what was asked for."""

from __future__ import annotations

from dataclasses import dataclass

from ..analysis.sections import count_bars
from ..errors import BackendError
from ..formats.performance import perform
from ..notation import Diagnostic, Severity, Source, Tune, check, parse
from ..reply import read_reply
from ..request import Request
from ..request.rhythms import RHYTHMS, find_rhythm
from .answers import tell_differences, tell_faults

__all__ = ["Version", "request_of"]


@dataclass(frozen=True, slots=True)
class Version:
    """A tune, its text, what it was asked to be, what was found wrong with it, and what was done to read it."""

    tune: Tune
    source: Source
    request: Request
    faults: tuple[Diagnostic, ...]
    repairs: tuple[Diagnostic, ...] = ()

    @classmethod
    def read(cls, text: str, request: Request | None = None, name: str = "the tune") -> Version:
        """Read and check the text of a tune, or an answer that has one in it; what was asked is what it is, if None.

        Raises `BackendError` where no tune is there.
        """
        reply = read_reply(text)
        if not reply.tunes:
            raise BackendError(f"{name}: what was composed holds no tune")
        if reply.prose or reply.repairs:
            text = reply.book.source.slice(reply.tunes[0].span)
        source = Source(text if text.endswith("\n") else f"{text}\n", name)
        tune = parse(source).tunes[0]
        return cls(tune, source, request or request_of(tune), check(source), reply.repairs)

    @property
    def complaints(self) -> list[str]:
        """What is to be said: where it is not what was asked for, and its faults."""
        return self.complaints_after(None)

    def complaints_after(self, before: Version | None) -> list[str]:
        """The complaints that there were not before."""
        known = {(fault.code, fault.message) for fault in before.faults} if before else ()
        differed = tell_differences(before.request, before.tune) if before else ()
        faults = [
            fault
            for fault in self.faults
            if fault.severity is not Severity.INFO and (fault.code, fault.message) not in known
        ]
        told = [line for line in tell_differences(self.request, self.tune) if line not in differed]
        return [*told, *tell_faults(faults, self.source)]

    @property
    def is_right(self) -> bool:
        """Whether it has no error and is what was asked for."""
        errors = any(fault.severity is Severity.ERROR for fault in self.faults)
        return not errors and not tell_differences(self.request, self.tune)


def request_of(tune: Tune) -> Request:
    """What a tune would have been asked to be, so that "again" and "slower" mean something."""
    found = find_rhythm(tune.rhythm) if tune.rhythm else ""
    rhythm = found if found in RHYTHMS else ""
    usual = tune.tempo is None and rhythm
    tempo_qpm = float(RHYTHMS[rhythm].tempo_qpm if usual else perform(tune).tempos[0][1])
    return Request(rhythm, tune.key, tune.meter, max(count_bars(tune), 1), tempo_qpm, tune.title)
