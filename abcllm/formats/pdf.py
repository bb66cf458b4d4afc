"""Tunes as PDF: one tune, or a tunebook with as many tunes on a page as fit, page numbers and bookmarks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from .page import A4, Page, find_page
from .typeset import engrave_tunes, typeset

if TYPE_CHECKING:
    from ..notation import Tune

__all__ = ["write_pdf"]


def write_pdf(tunes: Sequence[Tune], *, page: Page | str = A4, title: str = "", author: str = "") -> bytes:
    """A PDF of all `tunes`, in their order.

    `title` and `author` are what the file says of itself; the first title and the composers where they are not given.
    Raises `FormatError` where a tune cannot be engraved, `MissingExtra` where verovio or typst is not installed.
    """
    sheet = find_page(page)
    composers = dict.fromkeys(composer for tune in tunes for composer in tune.texts("C"))
    titles = [tune.title for tune in tunes if tune.title]
    return typeset(
        engrave_tunes(tunes, sheet),
        "pdf",
        page=sheet,
        title=title or next(iter(titles), ""),
        authors=[author] if author else list(composers),
    )[0]
