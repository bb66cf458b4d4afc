"""Programs that turn MIDI into ABC: ours, midi2abc, lytk, and music21 by way of MusicXML.

midi2abc is started, never linked (the package `abcmidi` of Debian, or the wheel of symusic); lytk and music21 come
from PyPI. A program that is not installed is left out; one that fails or takes too long gives no tune.
"""

from __future__ import annotations

import contextlib
import importlib.util
import io
import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from abcllm import registry
from abcllm.errors import AbcllmError
from abcllm.formats import FORMATS
from abcllm.formats.musicxml_reading import read_musicxml
from abcllm.notation import Tune, Tunebook, parse

PATIENCE_S = 60


class Conversion(NamedTuple):
    """What a program made of a file: its tune (None for none), and whether it is valid and every bar exact."""

    tune: Tune | None
    exact: bool


NOTHING = Conversion(None, False)
FAULTS_OF_BARS = frozenset(("R203",))


def judge(book: Tunebook) -> Conversion:
    """The first tune of a book, and whether nothing is wrong with it."""
    if not book.tunes or not any(voice.bars for voice in book.tunes[0].voices):
        return NOTHING
    faults = [found for found in book.diagnostics if found.severity == "error" or found.code in FAULTS_OF_BARS]
    return Conversion(book.tunes[0], not faults)


def by_us(data: bytes) -> Conversion:
    """The reader of this package."""
    try:
        return judge(registry.load(FORMATS["midi"].reader)(data, "file.mid"))
    except AbcllmError:
        return NOTHING


def midi2abc_program() -> str | None:
    """Where midi2abc is."""
    if found := shutil.which("midi2abc"):
        return found
    spec = importlib.util.find_spec("symusic")
    program = Path(spec.origin).parent / "bin" / "midi2abc" if spec and spec.origin else None
    return str(program) if program is not None and program.exists() else None


def by_midi2abc(data: bytes) -> Conversion:
    """midi2abc as it comes, without options."""
    program = midi2abc_program()
    if program is None:
        return NOTHING
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file.mid"
        path.write_bytes(data)
        try:
            run = subprocess.run([program, str(path)], capture_output=True, timeout=PATIENCE_S, check=False)
        except subprocess.TimeoutExpired:
            return NOTHING
    return judge(parse(run.stdout.decode("utf-8", "replace")))


def by_lytk(data: bytes) -> Conversion:
    """lytk, from MIDI to its own document to ABC."""
    import lytk

    try:
        return judge(parse(lytk.to_abc(lytk.from_midi_bytes(data))))
    except (lytk.LytkError, ValueError, TypeError, RuntimeError):
        return NOTHING


def by_music21(data: bytes) -> Conversion:
    """music21's reading (it quantises), written as MusicXML and brought to ABC by our reader."""
    import music21

    try:
        with warnings.catch_warnings(), contextlib.redirect_stderr(io.StringIO()):
            warnings.simplefilter("ignore")
            score = music21.converter.parseData(data, format="midi")
            exported = music21.musicxml.m21ToXml.GeneralObjectExporter(score).parse()
        return judge(read_musicxml(exported, "file.musicxml"))
    except (
        AbcllmError,
        music21.exceptions21.Music21Exception,
        ValueError,
        TypeError,
        KeyError,
        IndexError,
        AttributeError,
    ):
        return NOTHING


def converters(names: list[str]) -> dict[str, Callable[[bytes], Conversion]]:
    """The programs of these names that are here."""
    there = {"ours": True, "midi2abc": midi2abc_program() is not None}
    there |= {name: importlib.util.find_spec(name) is not None for name in ("lytk", "music21")}
    every = {"ours": by_us, "midi2abc": by_midi2abc, "lytk": by_lytk, "music21": by_music21}
    return {name: every[name] for name in names if there.get(name)}
