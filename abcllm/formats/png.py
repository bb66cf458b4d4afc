"""Tunes as pictures made of dots."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from .page import A4, Page, find_page
from .typeset import engrave_tunes, typeset

if TYPE_CHECKING:
    from ..notation import Tune

__all__ = ["write_png"]


def write_png(tunes: Sequence[Tune], *, page: Page | str = A4, dpi: int = 150) -> list[bytes]:
    """A picture of each tune on white, as high as it is; one that is longer than the page has several.

    Raises `FormatError` where a tune cannot be engraved, `MissingExtra` where verovio or typst is not installed.
    """
    sheet = find_page(page)
    return typeset(engrave_tunes(tunes, sheet), "png", page=sheet, pictures=True, dpi=dpi)
