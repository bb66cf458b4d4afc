"""The words in an engraved system: found, measured, and freed from music fonts.

Verovio writes the note of a tempo mark and the accidentals of chord symbols as characters of a music font, in the
middle of other text. Viewers that lack the font show an empty box, so these characters become outlines here, and
the words around them are anchored to the outlines: the gaps are right whatever font the words are shown in.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple
from xml.etree import ElementTree

from .engraver import find_verovio

__all__ = ["Words", "free_from_music_fonts", "lift_words"]

MUSIC_FONT = "Leipzig"
BOLD_CLASSES = frozenset({"ending", "fing", "reh", "tempo"})  # as in the style sheet of verovio's SVG
ITALIC_CLASSES = frozenset({"dir", "dynam", "mNum"})
METRONOME_NOTES = range(0xECA0, 0xECB7)
GAP_EM = 0.3  # between a word and the note of a tempo mark


class _Style(NamedTuple):
    """How a piece of text is set. `size` is in the units of the SVG."""

    size: float = 0.0
    bold: bool = False
    italic: bool = False
    music: bool = False


class Words(NamedTuple):
    """Words on one line in one style: `x`, `y` (baseline) and `size` in the units of the SVG.

    `anchor` says which end of the words is at `x`: start, middle or end.
    """

    text: str
    x: float
    y: float
    size: float
    anchor: str
    bold: bool
    italic: bool


class _Run(NamedTuple):
    text: str
    style: _Style


class _Line(NamedTuple):
    """Runs that follow one another, placed as a whole."""

    x: float
    y: float
    anchor: str
    runs: list[_Run]


def free_from_music_fonts(root: ElementTree.Element) -> None:
    """Replace every text of a system by plain `<text>` elements and, for characters of the music font, outlines."""
    for parent, index, style in list(_texts(root, _Style())):
        group = ElementTree.Element("g", {"class": "text"})
        for line in _lines(parent[index], style):
            _set_line(line, group)
        parent[index] = group


def lift_words(root: ElementTree.Element) -> list[Words]:
    """Take the texts out of a system that is free from music fonts, and return them."""
    words = []
    for group in [group for group in root.iter("g") if group.get("class") == "text"]:
        for element in group.findall("text"):
            group.remove(element)
            words.append(
                Words(
                    element.text or "",
                    float(element.get("x", "0")),
                    float(element.get("y", "0")),
                    float(element.get("font-size", "0").removesuffix("px")),
                    element.get("text-anchor", "start"),
                    element.get("font-weight") == "bold",
                    element.get("font-style") == "italic",
                )
            )
    return words


def _texts(element: ElementTree.Element, style: _Style) -> Iterator[tuple[ElementTree.Element, int, _Style]]:
    """Every `<text>`, as its parent and place there, with the style that holds for it."""
    classes = set(element.get("class", "").split())
    if classes & BOLD_CLASSES:
        style = style._replace(bold=True)
    if classes & ITALIC_CLASSES:
        style = style._replace(italic=True)
    if "label" in classes:
        style = style._replace(bold=False)
    for index, child in enumerate(element):
        if child.tag == "text":
            yield element, index, style
        else:
            yield from _texts(child, style)


def _lines(element: ElementTree.Element, style: _Style) -> list[_Line]:
    lines = [_Line(float(element.get("x", "0")), float(element.get("y", "0")), element.get("text-anchor", "start"), [])]

    def walk(node: ElementTree.Element, outer: _Style) -> None:
        own = _styled(node, outer)
        if node is not element and ("x" in node.attrib or "y" in node.attrib):
            last = lines[-1]
            x, y = float(node.get("x", last.x)), float(node.get("y", last.y))
            lines.append(_Line(x, y, node.get("text-anchor", last.anchor), []))
        _add_run(lines[-1].runs, node.text, own)
        for child in node:
            walk(child, own)
            _add_run(lines[-1].runs, child.tail, own)

    walk(element, style)
    return [line for line in lines if any(run.text.strip() for run in line.runs)]


def _styled(node: ElementTree.Element, outer: _Style) -> _Style:
    size, weight, slope, family = (node.get(name) for name in ("font-size", "font-weight", "font-style", "font-family"))
    return _Style(
        float(size.removesuffix("px")) if size else outer.size,
        weight == "bold" if weight else outer.bold,
        slope in ("italic", "oblique") if slope else outer.italic,
        family == MUSIC_FONT if family else outer.music,
    )


def _add_run(runs: list[_Run], text: str | None, style: _Style) -> None:
    if not text or not style.size:
        return
    text = text.replace("\xa0", " ")
    if style.music and not text.strip():  # a space of the music font is wider than a space between words
        style = style._replace(music=False, size=style.size / 2)
    if runs and runs[-1].style == style:
        runs[-1] = _Run(runs[-1].text + text, style)
    else:
        runs.append(_Run(text, style))


def _set_line(line: _Line, group: ElementTree.Element) -> None:
    runs = line.runs
    if len(runs) == 1 and not runs[0].style.music:
        _set_words(runs[0], line.x, line.y, line.anchor, group)
        return
    widths = [_width(run) + _gap(run, after) for run, after in zip(runs, [*runs[1:], None], strict=True)]
    x = line.x - sum(widths) * {"start": 0.0, "middle": 0.5, "end": 1.0}[line.anchor]
    for place, (run, width) in enumerate(zip(runs, widths, strict=True)):
        after = runs[place + 1] if place + 1 < len(runs) else None
        if run.style.music:
            _set_outlines(run, x, line.y, group)
        elif after is not None and after.style.music:
            if place and runs[place - 1].style.music:
                _set_words(run, x + (width - _gap(run, after)) / 2, line.y, "middle", group)
            else:
                _set_words(run, x + width - _gap(run, after), line.y, "end", group)
        else:
            _set_words(run, x, line.y, "start", group)
        x += width


def _gap(run: _Run, after: _Run | None) -> float:
    """The room that a word keeps from the note of a tempo mark behind it."""
    if after is None or run.style.music or not after.style.music or ord(after.text[0]) not in METRONOME_NOTES:
        return 0.0
    return GAP_EM * run.style.size if run.text[-1:].isalnum() or run.text[-1:] in ".,;:!?'\"" else 0.0


def _set_words(run: _Run, x: float, y: float, anchor: str, group: ElementTree.Element) -> None:
    """Blanks at the ends would be dropped, so they become distance."""
    text, style = run.text, run.style
    if anchor == "start":
        x += _width(_Run(text[: len(text) - len(text.lstrip())], style))
    elif anchor == "end":
        x -= _width(_Run(text[len(text.rstrip()) :], style))
    if not text.strip():
        return
    attributes = {"x": f"{x:.0f}", "y": f"{y:.0f}", "font-size": f"{style.size:g}px", "text-anchor": anchor}
    if style.bold:
        attributes["font-weight"] = "bold"
    attributes["font-style"] = "italic" if style.italic else "normal"
    if not style.bold:
        attributes["font-weight"] = "normal"
    ElementTree.SubElement(group, "text", attributes).text = text.strip()


def _set_outlines(run: _Run, x: float, y: float, group: ElementTree.Element) -> None:
    scale = run.style.size / 1000
    for character in run.text:
        if outline := _outline(character):
            place = f"translate({x:.0f} {y:.0f}) scale({scale:.4g} {-scale:.4g})"
            ElementTree.SubElement(group, "path", {"d": outline, "transform": place})
        x += _advances(MUSIC_FONT).get(character, 250.0) * scale


def _width(run: _Run) -> float:
    style = run.style
    if style.music:
        return sum(_advances(MUSIC_FONT).get(character, 250.0) for character in run.text) * style.size / 1000
    face = "Times" + ("-bold" if style.bold else "") + ("-italic" if style.italic else "")
    advances = _advances(f"text/{face}")
    return sum(advances.get(character, 1024.0 if character < "⺀" else 2048.0) for character in run.text) * (
        style.size / 2048
    )


@cache
def _advances(font: str) -> dict[str, float]:
    """Widths of a font's characters in its own units, from the measures that verovio brings along."""

    def measure(glyph: ElementTree.Element, name: str) -> float:
        return float(glyph.get(name, "0"))

    root = ElementTree.parse(find_verovio() / "data" / f"{font}.xml").getroot()
    return {  # where the advance is left out, the right edge stands for it
        chr(int(code, 16)): measure(glyph, "h-a-x") or measure(glyph, "x") + measure(glyph, "w")
        for glyph in root.iter("g")
        if (code := glyph.get("c"))
    }


@cache
def _outline(character: str) -> str:
    """The outline of a character of the music font, y upwards; empty where the font has none."""
    path = find_verovio() / "data" / MUSIC_FONT / f"{ord(character):04X}.xml"
    if not path.is_file():
        return ""
    found = ElementTree.parse(path).getroot().find("path")
    return found.get("d", "") if found is not None else ""
