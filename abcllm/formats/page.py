"""The paper that scores are printed on."""

from __future__ import annotations

from typing import NamedTuple

from ..errors import FormatError, UnknownName

__all__ = ["A4", "PAGES", "Page", "find_page"]


class Page(NamedTuple):
    """A sheet, in millimetres. `staff_mm` is the height of a staff of five lines: it sets the size of the music."""

    width_mm: float = 210.0
    height_mm: float = 297.0
    margin_mm: float = 15.0
    staff_mm: float = 6.35

    @property
    def music_width_mm(self) -> float:
        """The width between the margins."""
        return self.width_mm - 2 * self.margin_mm

    def check(self) -> None:
        """Raise `FormatError` where no music fits on the sheet."""
        if not (40 <= self.width_mm <= 2000 and 40 <= self.height_mm <= 2000):
            raise FormatError(f"a page measures 40 to 2000 mm, not {self.width_mm:g} x {self.height_mm:g}")
        if not 0 <= self.margin_mm <= min(self.width_mm, self.height_mm) / 4:
            raise FormatError(f"a margin of {self.margin_mm:g} mm leaves no room for music; take at most a quarter")
        if not 2 <= self.staff_mm <= self.music_width_mm / 10:
            raise FormatError(f"a staff {self.staff_mm:g} mm high does not fit; take 2 to {self.music_width_mm / 10:g}")


A4 = Page()
PAGES = {
    "a4": A4,
    "a5": Page(148.0, 210.0, 12.0, 5.5),
    "letter": Page(215.9, 279.4, 15.0, 6.35),
}


def find_page(page: Page | str) -> Page:
    """A sheet by its name, or itself. Raises `UnknownName`, and `FormatError` where no music fits on it.

    >>> find_page("A4").width_mm
    210.0
    """
    if isinstance(page, str):
        if page.lower() not in PAGES:
            raise UnknownName("page", page, list(PAGES))
        page = PAGES[page.lower()]
    page.check()
    return page
