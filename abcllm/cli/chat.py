"""Talk with a composer: ask for tunes in plain words, change them, save them, play them.

In a terminal this is a conversation. Without one, lines from standard input are answered like a script; where there
are none, one tune is composed and written as .abc, .mid, .pdf and .wav.
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


def run(options: argparse.Namespace) -> int:
    import sys
    from pathlib import Path

    from ..backends import DEFAULT_BACKEND, get_backend
    from ..chat import Session
    from ..chat.script import run_script, write_one_tune
    from ..errors import UsageError
    from . import FINE, exit_code

    if not Path(options.output).is_dir():
        raise UsageError(f"{options.output} is no folder")
    if options.seed is not None and options.seed < 0:
        raise UsageError(f"--seed takes a whole number from 0, not {options.seed}")
    backend = get_backend(options.model or DEFAULT_BACKEND)
    sampling = backend.choosing(temperature=options.temperature)
    session = Session(backend, seed=options.seed, sampling=sampling, folder=options.output)
    if options.prompt:
        run_script(session, options.prompt, sys.stdout)
    elif sys.stdin.isatty() and sys.stdout.isatty():
        from ..chat.terminal import converse

        converse(session, sys.stdout)
        return FINE
    elif not run_script(session, sys.stdin, sys.stdout):
        write_one_tune(session, sys.stdout)
    return exit_code(session.failures[0]) if session.failures else FINE
