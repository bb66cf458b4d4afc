"""Tunes as pictures that keep their sharpness: MusicXML engraved by verovio, tunes typeset as SVG."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple
from xml.etree import ElementTree

from ..errors import FormatError
from .engraver import engrave_systems
from .lettering import Words, free_from_music_fonts, lift_words
from .page import A4, Page, find_page

if TYPE_CHECKING:
    from ..notation import Tune

__all__ = ["System", "engrave", "engrave_apart", "write_svg"]

TIMEOUT_S = 60.0
STAFF_UNITS = 72  # the height of a staff in verovio's units
UNITS_PER_PIXEL = 10  # verovio's inner coordinates are ten times those of its page


class System(NamedTuple):
    """A line of music: its `svg` without words, and the `words` apart. `width` and `height` in the units of the SVG."""

    svg: str
    words: list[Words]
    width: float
    height: float


def engrave(musicxml: str, *, page: Page = A4, timeout_s: float = TIMEOUT_S) -> list[str]:
    """The systems (lines of music) of a score, an SVG each, as wide as `page` within its margins.

    The notes keep verovio's classes and ids, words are `<text>`; title and composer are not in them. Line breaks of
    the score are kept where they leave no line half empty.
    Raises `FormatError` where verovio cannot engrave the score or needs more than `timeout_s` seconds, `MissingExtra`
    where it is not installed.
    """
    return [_text(root) for root in _engraved(musicxml, page, timeout_s)]


def engrave_apart(musicxml: str, *, page: Page = A4, timeout_s: float = TIMEOUT_S) -> list[System]:
    """As `engrave`, with the words taken out of the pictures, to be set by a typesetter."""
    systems = []
    for root in _engraved(musicxml, page, timeout_s):
        words = lift_words(root)
        width, height = (float(size) * UNITS_PER_PIXEL for size in root.get("viewBox", "").split()[2:])
        systems.append(System(_text(root), words, width, height))
    return systems


def write_svg(tunes: Sequence[Tune], *, page: Page | str = A4) -> list[str]:
    """A picture of each tune, as high as it is; one that is longer than the page has several.

    Words are outlines, so that the pictures look the same everywhere.
    Raises `FormatError` where a tune cannot be engraved, `MissingExtra` where verovio or typst is not installed.
    """
    from .typeset import engrave_tunes, typeset

    sheet = find_page(page)
    return [picture.decode() for picture in typeset(engrave_tunes(tunes, sheet), "svg", page=sheet, pictures=True)]


def _engraved(musicxml: str, page: Page, timeout_s: float) -> list[ElementTree.Element]:
    page.check()
    roots = []
    for svg in engrave_systems(musicxml, _options(page), timeout_s=timeout_s):
        # without its namespace the tree is read and written back with plain names
        try:
            root = ElementTree.fromstring(svg.replace(' xmlns="http://www.w3.org/2000/svg"', "", 1))
        except ElementTree.ParseError as fault:
            raise FormatError(f"verovio drew this score with faults: {fault}", format="svg") from fault
        free_from_music_fonts(root)
        _stroke_lines_only(root)
        root.set("xmlns", "http://www.w3.org/2000/svg")
        roots.append(root)
    return roots


def _stroke_lines_only(root: ElementTree.Element) -> None:
    """Verovio's style sheet strokes all shapes, glyphs too; programs that draw no line thinner than a dot blot them."""
    for style in root.iter("style"):
        style.text = re.sub(r"[^{}]*\{stroke:currentColor\}", "", style.text or "")
    for shape in root.iter():
        if shape.get("stroke-width") and not shape.get("stroke"):
            shape.set("stroke", "currentColor")


def _options(page: Page) -> dict[str, object]:
    return {
        "adjustPageHeight": True,
        "breaks": "smart",
        "breaksSmartSb": 0.4,
        "footer": "none",
        "header": "none",
        "lyricWordSpace": 1.8,
        "minLastJustification": 0.6,
        "pageHeight": 60000,
        "pageMarginBottom": 0,
        "pageMarginLeft": 0,
        "pageMarginRight": 0,
        "pageMarginTop": 0,
        "pageWidth": round(page.music_width_mm * STAFF_UNITS / page.staff_mm),
        "smuflTextFont": "none",
        "svgFormatRaw": True,
        "svgRemoveXlink": True,
        "svgViewBox": True,
        "systemMaxPerPage": 1,
        "xmlIdChecksum": True,
    }


def _text(root: ElementTree.Element) -> str:
    return ElementTree.tostring(root, encoding="unicode")
