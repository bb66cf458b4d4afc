"""Talk with a composer: ask for tunes in plain words, change them, save them, play them.

In a terminal this is a conversation, which is kept and can be gone on with. Without one, lines from standard input are
answered like a script; where there are none, one tune is composed and written as .abc, .mid, .pdf and .wav.
"""

from __future__ import annotations

import argparse

HELP = "talk with a composer"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("-m", "--model", metavar="MODEL", help="the composer: NAME, NAME:WHERE, or a folder (neural)")
    parser.add_argument("-p", "--prompt", action="append", metavar="TEXT", help="answer this and end; may be repeated")
    parser.add_argument("-o", "--output", default=".", metavar="DIR", help="the folder to save in (the current one)")
    parser.add_argument("--seed", type=int, metavar="N", help="the same seed gives the same tunes")
    parser.add_argument("--temperature", type=float, metavar="T", help="0 plays safe, above 1 is bold")
    parser.add_argument("--library", metavar="DIR", help="tunes (.abc, .jsonl) and notes (.txt, .md) to draw on")
    parser.add_argument(
        "--resume", nargs="?", const="", metavar="NAME", help="go on with a kept conversation, the latest if unnamed"
    )
    parser.add_argument("--conversations", metavar="DIR", help="where they are kept (the state folder of your account)")
    parser.add_argument("--forget", action="store_true", help="keep nothing of this conversation")


def run(options: argparse.Namespace) -> int:
    import sys
    from pathlib import Path

    from ..backends import DEFAULT_BACKEND, get_backend
    from ..chat.desk import Desk, state_folder
    from ..chat.script import run_script, write_one_tune
    from ..chat.shelf import Shelf
    from ..errors import UsageError
    from ..library import Library
    from . import FINE, exit_code

    if not Path(options.output).is_dir():
        raise UsageError(f"{options.output} is no folder")
    if options.seed is not None and options.seed < 0:
        raise UsageError(f"--seed takes a whole number from 0, not {options.seed}")
    library = Library(options.library) if options.library else None
    backend = get_backend(options.model or DEFAULT_BACKEND)
    sampling = backend.choosing(temperature=options.temperature)
    in_terminal = not options.prompt and sys.stdin.isatty() and sys.stdout.isatty()
    keeps = not options.forget and (in_terminal or options.conversations or options.resume is not None)
    shelf = Shelf(Path(options.conversations or state_folder() / "conversations")) if keeps else None
    session = Desk(backend, seed=options.seed, sampling=sampling, folder=options.output, library=library, shelf=shelf)
    if options.resume is not None:
        session.resume(options.resume)
    if options.prompt:
        run_script(session, options.prompt, sys.stdout)
    elif in_terminal:
        from ..chat.terminal import converse

        converse(session, sys.stdout)
        return FINE
    elif not run_script(session, sys.stdin, sys.stdout):
        write_one_tune(session, sys.stdout)
    return exit_code(session.failures[0]) if session.failures else FINE
