"""Engraved systems: all words are there, none is cut off, and no music font is needed to see them."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from abcllm.errors import FormatError, UnknownName
from abcllm.formats.page import A4, PAGES, Page, find_page
from abcllm.formats.svg import engrave, engrave_apart

SCORES = Path(__file__).with_name("scores")
NAMES = ("lead_sheet", "hymn", "jig", "quartet")
SVG = "{http://www.w3.org/2000/svg}"


def score(name: str) -> str:
    return (SCORES / f"{name}.musicxml").read_text(encoding="utf-8")


def words_of(name: str) -> list[str]:
    return [words.text for system in engrave_apart(score(name)) for words in system.words]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("lead_sheet", ["Slowly", "= 72", "D", "A7", "Bm", "G/B", "Em7", "F", "ø7", "The", "wa", "ter", "o'er,"]),
        ("hymn", ["Choir", "= 96", "A", "'Twas", "grace!"]),
        ("jig", ["= 120", "1", "2", "rall."]),
        ("quartet", ["Violin I", "Violoncello", "Allegro ma non troppo (", "= 60)"]),
    ],
)
def test_words_are_there(name: str, expected: list[str]) -> None:
    found = {word.rstrip(".") for word in words_of(name)}  # some releases of verovio print endings as "1."
    missing = [word for word in expected if word.rstrip(".") not in found]
    assert missing == []


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_cut_off(name: str) -> None:
    for system in engrave_apart(score(name)):
        for words in system.words:
            assert 0 <= words.x <= system.width, words
            assert words.size * 0.5 <= words.y <= system.height, words


@pytest.mark.parametrize("name", NAMES)
def test_no_music_font_is_needed(name: str) -> None:
    for picture in engrave(score(name)):
        assert "Leipzig" not in picture
        assert "@font-face" not in picture
        texts = "".join(ElementTree.fromstring(picture).itertext())
        assert not [letter for letter in texts if "\ue000" <= letter <= "\uf8ff"]


def test_the_note_of_a_tempo_mark_stands_between_the_words() -> None:
    root = ElementTree.fromstring(engrave(score("lead_sheet"))[0])
    tempo = next(group for group in root.iter(f"{SVG}g") if "tempo" in group.get("class", ""))
    before, note, after = (part for part in tempo.iter() if part.tag in (f"{SVG}text", f"{SVG}path"))
    assert (before.text, before.get("text-anchor"), before.get("font-weight")) == ("Slowly", "end", "bold")
    assert (after.text, after.get("text-anchor")) == ("= 72", "start")
    left = float(note.get("transform", "").partition("(")[2].split()[0])
    assert float(before.get("x", "")) < left < float(after.get("x", ""))


def test_the_accidental_of_a_chord_symbol_stands_behind_its_root() -> None:
    root = ElementTree.fromstring(engrave(score("lead_sheet"))[0])
    symbols = [group for group in root.iter(f"{SVG}g") if group.get("class") == "harm"]
    parts = [[part.tag.removeprefix(SVG) for part in symbol.iter() if part.tag != f"{SVG}g"] for symbol in symbols]
    assert parts.count(["text", "path", "text"]) == 2


def test_glyphs_have_no_strokes() -> None:
    root = ElementTree.fromstring(engrave(score("jig"))[0])
    glyphs = [path for defs in root.iter(f"{SVG}defs") for path in defs.iter(f"{SVG}path")]
    assert glyphs
    assert not [path for path in glyphs if path.get("stroke")]
    assert all("stroke:currentColor" not in (style.text or "") for style in root.iter(f"{SVG}style"))
    lines = [path for path in root.iter(f"{SVG}path") if path.get("stroke-width")]
    assert lines
    assert all(path.get("stroke") == "currentColor" for path in lines)


def test_a_wider_page_has_fewer_systems() -> None:
    wide = Page(width_mm=600.0)
    assert len(engrave(score("quartet"), page=wide)) < len(engrave(score("quartet")))


def test_the_size_of_the_staff_is_kept() -> None:
    for page in PAGES.values():
        system = engrave_apart(score("jig"), page=page)[0]
        assert system.width * page.staff_mm / 720 == pytest.approx(page.music_width_mm, abs=0.2)


def test_pages_are_found_by_name_and_checked() -> None:
    assert find_page("Letter").width_mm == 215.9
    assert find_page(A4) is A4
    with pytest.raises(UnknownName, match="a4"):
        find_page("a44")
    for page in (Page(width_mm=1), Page(height_mm=1e9), Page(margin_mm=80), Page(margin_mm=-1), Page(staff_mm=60)):
        with pytest.raises(FormatError):
            find_page(page)
