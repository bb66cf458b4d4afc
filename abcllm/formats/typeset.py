"""Tunes set on paper by typst: titles, systems of engraved music, words, page numbers.

One template, `tunebook.typ`, serves PDF, PNG and SVG, so that a tune looks the same in all of them.
"""

from __future__ import annotations

import base64
import json
import re
import warnings
from collections.abc import Iterable, Sequence
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, cast

from ..errors import FormatError, MissingExtra
from .page import A4, Page
from .svg import STAFF_UNITS, UNITS_PER_PIXEL, System, engrave_apart

if TYPE_CHECKING:
    from ..notation import Tune

__all__ = ["FONTS", "Score", "engrave_tunes", "missing_letters", "typeset"]

FONTS = ("Libertinus Serif", "New Computer Modern")
DPI_RANGE = (20, 1200)
FIRST_UNSURE = "\u0530"  # the bundled fonts have all before it that music is titled with


class Score(NamedTuple):
    """A tune to be set: what stands above the music (`left` and `right` under the titles), the music, its words."""

    titles: tuple[str, ...]
    left: str
    right: tuple[str, ...]
    systems: list[System]
    words: tuple[str, ...] = ()


def engrave_tunes(tunes: Sequence[Tune], page: Page) -> list[Score]:
    """Engrave tunes. Raises `FormatError` that names the tune where verovio cannot."""
    from .musicxml import write_musicxml

    scores = []
    for place, tune in enumerate(tunes, 1):
        try:
            systems = engrave_apart(write_musicxml(tune), page=page)
        except FormatError as fault:
            name = f"tune {place}" + (f" ({tune.title})" if tune.title else "")
            raise FormatError(f"{name}: {fault}", format=fault.format, lost=fault.lost) from fault
        origin = tuple(f"({text})" for text in tune.texts("O")[:1])
        scores.append(Score(tune.titles, tune.rhythm, (*tune.texts("C"), *origin), systems, tune.words))
    return scores


def typeset(
    scores: Sequence[Score],
    kind: Literal["pdf", "png", "svg"],
    *,
    page: Page = A4,
    pictures: bool = False,
    title: str = "",
    authors: Sequence[str] = (),
    dpi: int = 150,
) -> list[bytes]:
    """Files of `kind`: one PDF, or a PNG or SVG for each page.

    A tune that fits on what is left of a page stands there, else it begins the next one; with `pictures` each tune
    has pages of its own, cut to its height. `title` and `authors` are for the file's own data, `dpi` for PNG.
    Raises `MissingExtra` where typst is not installed, `FormatError` where it fails.
    """
    if find_spec("typst") is None:
        raise MissingExtra("printing needs typst: pip install typst", extra="typst")
    if not DPI_RANGE[0] <= dpi <= DPI_RANGE[1]:
        raise FormatError(f"pictures have {DPI_RANGE[0]} to {DPI_RANGE[1]} dots per inch, not {dpi}", format=kind)
    import typst

    _warn_of_missing_letters(scores)
    book = {
        "authors": list(authors),
        "fonts": FONTS,
        "page": {"width": page.width_mm, "height": page.height_mm, "margin": page.margin_mm, "staff": page.staff_mm},
        "pictures": pictures,
        "title": title,
        "tunes": [_plain(score) for score in scores],
        "unit": page.staff_mm / STAFF_UNITS / UNITS_PER_PIXEL,
    }
    template = Path(__file__).with_name("tunebook.typ").read_bytes()
    try:
        files: object = typst.compile(template, format=kind, ppi=float(dpi), sys_inputs={"book": json.dumps(book)})
    except typst.TypstError as fault:
        raise FormatError(f"typst could not set the pages: {fault}", format=kind) from fault
    pages = cast(list[bytes], files if isinstance(files, list) else [files])  # one page comes alone
    return [_open_images(svg.decode()).encode() for svg in pages] if kind == "svg" else pages


def missing_letters(texts: Iterable[str]) -> str:
    """The letters for which no font is here: they are shown as empty boxes.

    Latin, Greek and Cyrillic come with typst; Chinese, Japanese or Korean need a font of the system.
    """
    import typst

    letters = {letter for text in texts for letter in text if letter >= FIRST_UNSURE and not letter.isspace()}
    if not letters:
        return ""
    probe = b"#set text(font: json(bytes(sys.inputs.fonts)))\n#for letter in sys.inputs.letters [#letter ]"
    inputs = {"fonts": json.dumps(FONTS), "letters": "".join(sorted(letters))}
    try:
        typst.compile(
            probe, format="pdf", pdf_standards="a-2b", sys_inputs=inputs
        )  # which refuses letters without shape
    except typst.TypstError as fault:
        refused = re.findall(r'the text `"(?:\\u\{(\w+)\}|(.))"` could not be displayed', fault.diagnostic)
        return "".join(sorted(letters & {chr(int(code, 16)) if code else letter for code, letter in refused}))
    return ""


def _warn_of_missing_letters(scores: Sequence[Score]) -> None:
    texts = [text for score in scores for text in (*score.titles, score.left, *score.right, *score.words)]
    texts += [words.text for score in scores for system in score.systems for words in system.words]
    if missing := missing_letters(texts):
        shown = missing if len(missing) <= 12 else f"{missing[:12]}... ({len(missing)} letters)"
        warnings.warn(
            f"no font is installed that has {shown}: they are printed as empty boxes. Install a font of that script "
            "(on Debian and Ubuntu, for Chinese, Japanese and Korean: apt-get install fonts-noto-cjk)",
            stacklevel=3,
        )


def _plain(score: Score) -> dict[str, Any]:
    systems = [system._asdict() | {"words": [words._asdict() for words in system.words]} for system in score.systems]
    return score._asdict() | {"systems": systems}


def _open_images(svg: str) -> str:
    """An SVG whose embedded SVG images are parts of it, so that every program shows them and can change them."""
    places = count(1)

    def opened(image: re.Match[str]) -> str:
        inner = base64.b64decode(image[1]).decode()
        if name := re.search(r' id="(\w+)"', inner):  # its own names end with it; each image gets its own
            inner = inner.replace(name[1], f"{name[1]}-{next(places)}")
        return inner.replace("<svg", f"<svg{image[2]}", 1)

    return re.sub(r'<image xlink:href="data:image/svg\+xml;base64,([^"]*)"([^>]*)/>', opened, svg)
