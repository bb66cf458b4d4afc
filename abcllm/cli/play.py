"""Make tunes heard: by a program that plays sound, or as a sound file with -o.

A tune with faults is played as far as it makes sense; its faults are said, and the exit code is 1.
"""

from __future__ import annotations

import argparse

from .arguments import add_output_arguments

HELP = "sound it, or write a sound file"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="a tune, or -")
    parser.add_argument(
        "-o", "--output", metavar="OUT", help="write a sound file instead of playing: .wav, .ogg, .mp3, .flac"
    )
    parser.add_argument("--tempo", type=float, metavar="QPM", help="quarter notes per minute")
    parser.add_argument("--soundfont", metavar="FILE", help="another sound font (.sf2)")
    add_output_arguments(parser)


def run(options: argparse.Namespace) -> int:
    import tempfile
    from pathlib import Path

    from ..errors import UsageError
    from ..formats import save
    from ..player import find_player, play_file
    from .scores import Outcome, pick

    if options.tempo is not None and not 10 <= options.tempo <= 1000:
        raise UsageError(f"--tempo takes 10 to 1000 quarter notes per minute, not {options.tempo:g}")
    player = None if options.output else find_player()
    wishes = {"tempo_qpm": options.tempo, "soundfont": options.soundfont}
    sound = {name: value for name, value in wishes.items() if value is not None}
    outcome = Outcome(options.json)
    book = outcome.read(options.file)
    tunes = pick(book, options.tune)
    if player is None:
        if len(tunes) > 1:
            raise UsageError(f"{book.source.name} holds {len(tunes)} tunes: choose one with --tune N")
        outcome.written += save(tunes, options.output, overwrite=options.force, **sound)
        return outcome.close()
    with tempfile.TemporaryDirectory() as folder:
        for place, tune in enumerate(tunes, 1):
            (path,) = save(tune, Path(folder, f"{place}.wav"), **sound)
            play_file(player, path)
    return outcome.close()
