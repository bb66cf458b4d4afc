"""The card of a data set: what it is, where it comes from, what one may do with it, and what is known to be wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..licences import LicenceClass, classify

__all__ = ["Info"]


@dataclass(frozen=True, slots=True)
class Info:
    """A data set. `summary` is one line; `files` are the patterns of the files that `records` looks for.

    `licence` holds for rows that say nothing else. `consent` is empty, or says why training on the set needs the
    user's own word (an agreement to sign, a licence that forbids it): a corpus takes such a set only where its plan
    says `consent = true`. `checksums` are SHA-256 by file name, where the publisher's files are known. `rows` is the
    publisher's count. `documented_only` says that no real file was at hand: the form is the one of the documentation.
    """

    name: str
    title: str
    summary: str
    origin: str
    licence: str
    citation: str
    files: tuple[str, ...]
    faults: tuple[str, ...] = ()
    rows: int | None = None
    checksums: Mapping[str, str] = field(default_factory=dict)
    consent: str = ""
    documented_only: bool = False

    @property
    def licence_class(self) -> LicenceClass:
        return classify(self.licence)
