"""The command line: one module per command, each imported only when its help or its work is asked for.

A command module has `HELP` (one line), `add_arguments(parser)` and `run(options) -> int`, and imports the rooms it
needs inside `run`. Laws: `-` is standard input; results go to standard output and talk to standard error; exit code
0 fine, 1 faults found, 2 wrong usage, 3 something to install.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from importlib import import_module

from .. import __version__
from ..errors import AbcllmError, FileError, MissingExtra, UnknownName, UsageError

__all__ = ["COMMANDS", "FAULTS", "FINE", "INSTALL", "INTERRUPTED", "USAGE", "build_parser", "exit_code"]

COMMANDS = (
    "check",
    "format",
    "convert",
    "render",
    "play",
    "compose",
    "chat",
    "serve",
    "mcp",
    "data",
    "train",
    "eval",
    "models",
    "doctor",
)

FINE, FAULTS, USAGE, INSTALL, INTERRUPTED = 0, 1, 2, 3, 130


def build_parser(arguments: Sequence[str] = ()) -> argparse.ArgumentParser:
    """The parser for `arguments`: of all commands, or only of the one that is named first.

    Raises `UnknownName` where the first word is no command.
    """
    parser = argparse.ArgumentParser(
        prog="abcllm",
        description="ABC notation: checked, formatted, converted, printed and played.",
        epilog="Exit codes: 0 fine, 1 faults found, 2 wrong usage, 3 something must be installed first.",
    )
    parser.add_argument("--version", action="version", version=f"abcllm {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    named = tuple(word for word in arguments[:1] if not word.startswith("-"))
    if named and named[0] not in COMMANDS:
        raise UnknownName("command", named[0], COMMANDS)
    for name in named or COMMANDS:
        command = import_module(f"{__name__}.{name}")
        words = command.__doc__ or ""
        subparser = commands.add_parser(
            name, help=command.HELP, description=words, formatter_class=argparse.RawDescriptionHelpFormatter
        )
        command.add_arguments(subparser)
        subparser.set_defaults(run=command.run)
    return parser


def exit_code(fault: AbcllmError) -> int:
    """The exit code that says what kind of fault it is."""
    if isinstance(fault, MissingExtra):
        return INSTALL
    return USAGE if isinstance(fault, UsageError | UnknownName | FileError) else FAULTS
