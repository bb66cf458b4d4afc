"""Find every fault of tunes: where it is, what is there, what was expected, what to do.

FILE is an .abc file, `-` for standard input, a folder (walked for .abc, .jsonl and .jsonl.gz), or a collection of
one JSON object a line with the text of a tune under "abc". The exit code is 1 where an error was found.
"""

from __future__ import annotations

import argparse

HELP = "faults with place, cause and remedy"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="*", metavar="FILE", help="tunes, folders of tunes, collections, or -")
    parser.add_argument("--explain", metavar="CODE", help="say what a code means, with an example, and stop")
    parser.add_argument("--fix", action="store_true", help="apply the safe fixes (standard input: print the result)")
    parser.add_argument("--format", choices=("text", "json", "github"), default="text", help="how to say it")
    parser.add_argument("--json", action="store_const", const="json", dest="format", help="short for --format json")
    parser.add_argument(
        "--least", choices=("error", "warning", "info"), default="info", help="the least severity to print one by one"
    )
    parser.add_argument("-q", "--quiet", action="store_true", help="print the summary only")
    parser.add_argument("--jobs", type=int, metavar="N", help="processes (as many as there are cores)")


def run(options: argparse.Namespace) -> int:
    import os
    import sys

    from ..errors import UsageError
    from ..notation import Severity
    from . import FAULTS, FINE
    from .inputs import STDIN, expand, is_collection
    from .survey import survey
    from .verdict import Orders

    if options.explain:
        return _explain(options.explain, options.format == "json")
    if not options.files:
        raise UsageError("name at least one file, or - for standard input")
    if options.jobs is not None and options.jobs < 1:
        raise UsageError("--jobs takes a whole number from 1 on")
    paths = list(expand(options.files))
    if options.fix and any(map(is_collection, paths)):
        raise UsageError("--fix changes .abc files; a collection is not rewritten")
    summary = survey(
        paths,
        Orders(options.format, Severity(options.least), options.fix),
        options.jobs or os.cpu_count() or 1,
        sys.stderr if options.fix and STDIN in paths else sys.stdout,
        quiet=options.quiet,
    )
    return FAULTS if summary.totals["error"] else FINE


def _explain(code: str, as_json: bool) -> int:
    import json
    from dataclasses import asdict

    from ..errors import UnknownName
    from ..notation import CATALOGUE
    from . import FINE

    rule = CATALOGUE.get(code.upper())
    if rule is None:
        raise UnknownName("code", code, sorted(CATALOGUE))
    print(json.dumps(asdict(rule), indent=2, ensure_ascii=False) if as_json else rule.explanation.rstrip("\n"))
    return FINE
