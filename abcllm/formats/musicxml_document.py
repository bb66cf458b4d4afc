"""A file of MusicXML to a tree of elements: plain or compressed (.mxl), bounded in size, with no entities.

What a file could do to a reader is refused before it costs anything: entity declarations (they can grow without end
or name other files), trees deeper than any score, and archives that unpack to more than `MOST_BYTES`. Scores that are
written measure by measure (`score-timewise`) are turned into parts.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import Final
from xml.etree.ElementTree import Element, ParseError, TreeBuilder
from xml.parsers import expat

from ..errors import FormatError

__all__ = ["MOST_BYTES", "read_document"]

MOST_BYTES: Final = 64 * 2**20
DEEPEST: Final = 64
ZIP_MAGIC: Final = b"PK\x03\x04"
CONTAINER: Final = "META-INF/container.xml"


def read_document(data: bytes, name: str) -> Element:
    """The `score-partwise` element of a file's bytes. Raises `FormatError` that says what is wrong with it."""
    if data[:4] == ZIP_MAGIC:
        data = _unpack(data, name)
    if len(data) > MOST_BYTES:
        raise _fault(name, f"it is longer than {MOST_BYTES // 2**20} MiB")
    root = _parse(data, name)
    if root.tag == "score-timewise":
        return _by_parts(root)
    if root.tag != "score-partwise":
        raise _fault(name, f"its root is <{root.tag}>, not <score-partwise>")
    return root


def _fault(name: str, message: str) -> FormatError:
    return FormatError(f"{name} cannot be read as MusicXML: {message}", format="musicxml")


def _unpack(data: bytes, name: str) -> bytes:
    """The score in a compressed file: the one its container names, else the first that looks like one."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            inside = [entry for entry in archive.namelist() if not entry.endswith("/")]
            if CONTAINER in inside:
                for file in _parse(_member(archive, CONTAINER, name), name).iter():
                    if file.tag.endswith("rootfile") and file.get("full-path") in inside:
                        return _member(archive, file.get("full-path", ""), name)
            for entry in inside:
                if entry.endswith((".xml", ".musicxml")) and not entry.startswith("META-INF/"):
                    return _member(archive, entry, name)
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, OSError) as fault:
        raise _fault(name, f"its archive is damaged ({fault})") from None
    raise _fault(name, "its archive holds no score")


def _member(archive: zipfile.ZipFile, entry: str, name: str) -> bytes:
    with archive.open(entry) as stream:
        content = stream.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise _fault(name, f"{entry} unpacks to more than {MOST_BYTES // 2**20} MiB")
    return content


def _parse(data: bytes, name: str) -> Element:
    """XML to elements, names without their namespace."""
    builder = TreeBuilder()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    depth = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST:
            raise _fault(name, f"its elements stand more than {DEEPEST} deep")
        builder.start(tag.rpartition(":")[2], attributes)

    def end(tag: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(tag.rpartition(":")[2])

    def declare(entity: str, *_: object) -> None:
        raise _fault(name, f"it declares the entity {entity!r}")

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = builder.data
    parser.EntityDeclHandler = declare
    try:
        parser.Parse(data, True)
        return builder.close()
    except (expat.ExpatError, ParseError, ValueError, LookupError) as fault:
        raise _fault(name, f"it is not well-formed XML ({fault})") from None


def _by_parts(timewise: Element) -> Element:
    """The same score part by part."""
    root = Element("score-partwise")
    parts: dict[str, Element] = {}
    for child in timewise:
        if child.tag != "measure":
            root.append(child)
            continue
        for part in child.iter("part"):
            own = parts.setdefault(part.get("id", ""), Element("part", id=part.get("id", "")))
            measure = Element("measure", child.attrib)
            measure.extend(part)
            own.append(measure)
    root.extend(parts.values())
    return root
