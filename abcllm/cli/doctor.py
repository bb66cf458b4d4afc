"""Say what is here and what is not: Python, libraries, optional programs; what each unlocks and how to get it."""

from __future__ import annotations

import argparse
from typing import NamedTuple

HELP = "what is installed, what each piece unlocks, how to get it"


class Piece(NamedTuple):
    """Something abcllm uses. `name` is a distribution on PyPI, or the name of a program."""

    name: str
    unlocks: str
    remedy: str


LIBRARIES = (
    Piece("mido", "MIDI files", "pip install mido"),
    Piece("midirenderer", "sound from MIDI", "pip install midirenderer"),
    Piece("numpy", "sound", "pip install numpy"),
    Piece("onnxruntime", "the neural composer", "pip install onnxruntime"),
    Piece("pretty_midi", "a General MIDI sound font", "pip install pretty_midi"),
    Piece("rapidfuzz", "how alike tunes and answers are", "pip install rapidfuzz"),
    Piece("sentencepiece", "the vocabulary of the neural composer", "pip install sentencepiece"),
    Piece("soundfile", "compressed sound: MP3, Ogg, FLAC", "pip install soundfile"),
    Piece("typst", "pages: SVG, PDF and PNG", "pip install typst"),
    Piece("verovio", "engraving: SVG, PDF and PNG", "pip install verovio"),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print the findings as JSON")
    parser.add_argument("--training", action="store_true", help="examine the training environment, which is optional")


def run(options: argparse.Namespace) -> int:
    import json

    from . import FINE, INSTALL

    if options.training:
        return _examine_training()
    findings = examine()
    if options.json:
        print(json.dumps(findings, indent=2))
    else:
        print(table(findings))
    return INSTALL if any(not row["version"] for row in findings["libraries"]) else FINE


def examine() -> dict[str, list[dict[str, str]]]:
    """What was found, in three groups; an empty `version` (or `path`) means that it is not here."""
    import platform
    import shutil
    import sys
    from importlib.metadata import PackageNotFoundError, version

    from .. import __version__
    from ..player import PLAYERS

    def library(piece: Piece) -> dict[str, str]:
        try:
            found = version(piece.name)
        except PackageNotFoundError:
            found = ""
        return {**piece._asdict(), "version": found}

    player = next((player for player in PLAYERS if shutil.which(player.program)), PLAYERS[0])
    programs = (Piece(player.program, "play without writing a sound file", player.remedy),)
    return {
        "python": [
            {"name": "abcllm", "version": __version__, "path": __file__.rpartition("abcllm")[0]},
            {"name": "python", "version": platform.python_version(), "path": sys.executable},
        ],
        "libraries": [library(piece) for piece in LIBRARIES],
        "programs": [{**piece._asdict(), "path": shutil.which(piece.name) or ""} for piece in programs],
    }


def _examine_training() -> int:
    import sys
    from pathlib import Path

    from ..training.environment import REMEDY, describe_device, find_problems, is_active
    from . import FINE, INSTALL

    problems = find_problems()
    for problem in problems:
        print(f"training: {problem}")
    if problems:
        print(f"mend it: {REMEDY}")
        return INSTALL
    print(f"training: ready; {describe_device()}")
    if not is_active():
        print(f"before `xtuner train`: source {Path(sys.executable).parent / 'activate'}")
    return FINE


def table(findings: dict[str, list[dict[str, str]]]) -> str:
    """The findings for a person: one line a piece, with the remedy where it is missing."""
    lines = [f"{row['name']:12} {row['version']:10} {row['path']}" for row in findings["python"]]
    lines += ["", "Libraries"]
    for row in findings["libraries"]:
        state = row["version"] or "missing"
        lines.append(f"  {row['name']:13} {state:10} {row['unlocks']}" + _remedy(row, not row["version"]))
    lines += ["", "Optional programs"]
    for row in findings["programs"]:
        state = "here" if row["path"] else "not here"
        lines.append(f"  {row['name']:13} {state:10} {row['unlocks']}" + _remedy(row, not row["path"]))
    lines += ["", "Training models is optional and has an environment of its own: abcllm doctor --training"]
    return "\n".join(lines)


def _remedy(row: dict[str, str], missing: bool) -> str:
    return f"; get it: {row['remedy']}" if missing else ""
