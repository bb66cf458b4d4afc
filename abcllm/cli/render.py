"""Print tunes: SVG, PDF or PNG, by the suffix of OUT. Several tunes make one tunebook.

A tune with faults is printed as far as it makes sense; its faults are said, and the exit code is 1.
"""

from __future__ import annotations

import argparse

from .arguments import add_output_arguments

HELP = "svg, pdf, png"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", metavar="FILE", help="tunes, or -")
    parser.add_argument("-o", "--output", metavar="OUT", help="the file to write (FILE with the suffix .pdf)")
    parser.add_argument("--page", default="a4", metavar="SIZE", help="the paper: a4, a5 or letter")
    add_output_arguments(parser)


def run(options: argparse.Namespace) -> int:
    from pathlib import Path

    from ..errors import UsageError
    from ..formats import find_format, save
    from .inputs import STDIN
    from .scores import Outcome, pick

    if not options.output and (len(options.files) > 1 or options.files[0] == STDIN):
        raise UsageError("say with -o which file to write")
    output = options.output or str(Path(options.files[0]).with_suffix(".pdf"))
    target = find_format(output)
    if target not in ("svg", "pdf", "png"):
        raise UsageError(f"scores are printed as .svg, .pdf or .png, not {Path(output).suffix}; see abcllm convert")
    outcome = Outcome(options.json)
    tunes = tuple(tune for path in options.files for tune in pick(outcome.read(path), options.tune))
    outcome.written += save(tunes, output, overwrite=options.force, page=options.page)
    return outcome.close()
