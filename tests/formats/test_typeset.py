"""Pages: tunes share them like in a printed book, none is divided that fits, and all words are letters."""

from __future__ import annotations

import struct
import warnings
from pathlib import Path
from xml.etree import ElementTree

import pytest

from abcllm.errors import FormatError, MissingExtra
from abcllm.formats import typeset as room
from abcllm.formats.page import A4, Page
from abcllm.formats.svg import engrave_apart
from abcllm.formats.typeset import Score, missing_letters, typeset

SCORES = Path(__file__).with_name("scores")
NO_LETTER = "\u2fe0"  # a place of Unicode where no letter will be


def tune(name: str, title: str = "A Tune", *, page: Page = A4, words: tuple[str, ...] = ()) -> Score:
    musicxml = (SCORES / f"{name}.musicxml").read_text(encoding="utf-8")
    return Score((title,), "jig", ("Trad.", "(Ireland)"), engrave_apart(musicxml, page=page), words)


def size(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", png[16:24])
    return width, height


def test_pdf_says_what_it_is() -> None:
    (pdf,) = typeset([tune("jig")], "pdf", title="Fifty Jigs", authors=["O'Carolan", "Trad."])
    assert pdf.startswith(b"%PDF-")
    assert b"Fifty Jigs" in pdf
    assert b"O'Carolan" in pdf
    assert typeset([tune("jig")], "pdf", title="Fifty Jigs", authors=["O'Carolan", "Trad."]) == [pdf]


def test_short_tunes_share_a_page() -> None:
    assert len(typeset([tune("jig")] * 3, "png", dpi=40)) == 1
    pages = typeset([tune("jig")] * 13, "png", dpi=40)
    assert 2 <= len(pages) <= 4
    assert {size(page) for page in pages} == {(331, 468)}


def test_a_tune_that_fits_is_not_divided() -> None:
    """Two quartets are higher than a page, so that the second begins the next one."""
    alone, both = typeset([tune("quartet")], "png", dpi=40), typeset([tune("quartet")] * 2, "png", dpi=40)
    assert (len(alone), len(both)) == (1, 2)


def test_a_tune_longer_than_a_page_goes_on_overleaf() -> None:
    long = tune("quartet")
    long = long._replace(systems=long.systems * 8, words=("A verse.",) * 80)
    assert len(typeset([long], "png", dpi=40)) >= 5


def test_a_system_higher_than_the_page_is_made_smaller() -> None:
    flat = Page(width_mm=210.0, height_mm=60.0, margin_mm=10.0)
    pages = typeset([tune("quartet", page=flat)], "png", page=flat, dpi=40)
    assert len(pages) == 2


def test_pictures_are_as_high_as_their_tune() -> None:
    jig, quartet = typeset([tune("jig"), tune("quartet")], "png", pictures=True, dpi=100)
    assert size(jig)[0] == size(quartet)[0] == 827
    assert 200 < size(jig)[1] < size(quartet)[1] < 1169
    long = tune("quartet")
    assert len(typeset([long._replace(systems=long.systems * 3)], "png", pictures=True, dpi=40)) >= 2


@pytest.mark.parametrize("dpi", [0, 19, 1201, 10**9])
def test_absurd_resolutions_are_refused(dpi: int) -> None:
    with pytest.raises(FormatError, match="20 to 1200"):
        typeset([tune("jig")], "png", dpi=dpi)


def test_svg_needs_no_font_and_has_no_name_twice() -> None:
    (svg,) = typeset([tune("jig", words=("One verse.",))], "svg", pictures=True)
    root = ElementTree.fromstring(svg)
    tags = [element.tag.rpartition("}")[2] for element in root.iter()]
    assert "text" not in tags
    assert "image" not in tags
    assert "foreignObject" not in tags
    names = [name for element in root.iter() if (name := element.get("id"))]
    assert len(names) == len(set(names))
    link = "{http://www.w3.org/1999/xlink}href"
    used = {name[1:] for element in root.iter() if (name := element.get("href") or element.get(link))}
    assert used
    assert used <= set(names)
    assert [element for element in root.iter() if element.get("class") == "note"]


def test_titles_are_text_not_markup() -> None:
    title = "#panic(1) $x$ *b* _i_ <label> @ref \\ [x] // & \"quoted\" 'n'"
    score = tune("jig", title, words=("#import", "= no heading"))._replace(left=title, right=(title,))
    assert typeset([score], "pdf", title=title, authors=[title])


def test_a_tune_without_anything_is_still_a_page() -> None:
    assert len(typeset([Score((), "", (), [])], "pdf")) == 1
    assert len(typeset([Score((), "", (), [], ("Only words.",))], "png", pictures=True)) == 1


def test_letters_without_a_font_are_found_and_said() -> None:
    assert missing_letters(["Ördög Ελλάς Жига ♯♭ – “x”"]) == ""
    assert missing_letters(["a" + NO_LETTER, "b"]) == NO_LETTER
    with pytest.warns(UserWarning, match="no font is installed that has " + NO_LETTER):
        typeset([tune("jig", "x" + NO_LETTER)], "pdf")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        typeset([tune("lead_sheet")], "pdf")


def test_missing_typst_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    score = tune("jig")
    monkeypatch.setattr(room, "find_spec", lambda name: None)
    with pytest.raises(MissingExtra, match="pip install typst"):
        typeset([score], "pdf")
