"""What a licence lets one do, as classes that a corpus can be filtered by.

The classes stand in order: who accepts one accepts all before it. A licence is named as its publisher names it,
with the SPDX identifier where there is one.
"""

from __future__ import annotations

from enum import IntEnum

from .errors import UnknownName

__all__ = ["LicenceClass", "classify"]


class LicenceClass(IntEnum):
    """From the freest to the least: what must be kept in mind when text under it is passed on or trained on."""

    PUBLIC_DOMAIN = 0
    """No conditions (public domain, CC0)."""
    PERMISSIVE = 1
    """Name the author (MIT, Apache, BSD, CC BY)."""
    SHARE_ALIKE = 2
    """Pass on under the same licence (CC BY-SA, GPL)."""
    NON_COMMERCIAL = 3
    """Research and private use only (CC BY-NC, "academic purposes"), or no changed copies (CC BY-ND)."""
    UNKNOWN = 4
    """No licence is stated, or nobody has checked."""

    @property
    def label(self) -> str:
        """The name in files and on the command line: `share-alike`."""
        return self.name.lower().replace("_", "-")

    @classmethod
    def read(cls, label: str) -> LicenceClass:
        """The class of that label. Raises `UnknownName`."""
        for member in cls:
            if member.label == label:
                return member
        raise UnknownName("licence class", label, [member.label for member in cls])


_MARKS = (
    (LicenceClass.NON_COMMERCIAL, ("-nc", "-nd", "non-commercial", "noncommercial", "academic", "research use")),
    (LicenceClass.SHARE_ALIKE, ("-sa", "gpl", "odbl")),
    (LicenceClass.PERMISSIVE, ("mit", "apache", "bsd", "cc-by", "isc")),
    (LicenceClass.PUBLIC_DOMAIN, ("cc0", "public domain", "pddl", "unlicense")),
)


def classify(licence: str) -> LicenceClass:
    """The class of a licence by its name; what is not known by name is `UNKNOWN`.

    >>> [classify(name).label for name in ("CC0-1.0", "MIT", "CC BY 4.0", "CC-BY-NC-SA-4.0", "ask the author")]
    ['public-domain', 'permissive', 'permissive', 'non-commercial', 'unknown']
    """
    name = licence.lower().replace("cc by", "cc-by")
    for licence_class, marks in _MARKS:
        if any(mark in name for mark in marks):
            return licence_class
    return LicenceClass.UNKNOWN
