"""Write tunes in canonical ABC: the same music, spelled one way.

Prints the result, or with -w rewrites each file in place. A text that cannot be read whole is left as it is, since
what is not read cannot be written back: `abcllm check` says what is wrong with it. Bars of the wrong length are read
whole, and formatted.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .inputs import Document

HELP = "canonical ABC"
READ_WHOLE = frozenset({"R201", "R202", "V401"})  # errors that lose nothing of the text


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", metavar="FILE", help="tunes, folders of tunes, or -")
    action = parser.add_mutually_exclusive_group()
    action.add_argument("-w", "--write", action="store_true", help="rewrite the files in place")
    action.add_argument("--check", action="store_true", help="change nothing, name the files that would change")
    action.add_argument("--diff", action="store_true", help="change nothing, show what would change")
    parser.add_argument("--json", action="store_true", help="say as JSON which files are canonical")


def run(options: argparse.Namespace) -> int:
    import json
    import sys

    from ..errors import FormatError, NotationError, UsageError
    from ..files import write_atomically
    from . import FAULTS, FINE
    from .inputs import STDIN, expand, is_collection, read_document

    paths = [path for path in expand(options.files) if not is_collection(path) or path in options.files]
    if refused := [path for path in paths if is_collection(path)]:
        raise UsageError(f"{refused[0]} is a collection; only ABC files are formatted")
    if options.write and STDIN in paths:
        raise UsageError("-w rewrites files; standard input cannot be rewritten")
    faults, rows = 0, []
    for path in paths:
        document = read_document(path)
        try:
            canonical = format_text(document)
        except (FormatError, NotationError) as fault:
            faults += 1
            print(f"error: {document.name} is left as it is:\n{fault}", file=sys.stderr)
            rows.append({"name": document.name, "canonical": False, "readable": False})
            continue
        changes = canonical != document.text
        rows.append({"name": document.name, "canonical": not changes, "readable": True})
        if options.write:
            if changes:
                write_atomically(path, document.encode(canonical), overwrite=True)
                print(f"formatted {path}", file=sys.stderr)
        elif options.check:
            faults += changes
            if changes and not options.json:
                print(f"would format {document.name}")
        elif options.diff:
            faults += changes
            sys.stdout.writelines(_diff(document, canonical))
        elif not options.json:
            sys.stdout.write(canonical)
    if options.json:
        print(json.dumps({"files": rows}, indent=2, ensure_ascii=False))
    return FAULTS if faults else FINE


def format_text(document: Document) -> str:
    """The canonical form of a text.

    Raises `NotationError` where it cannot be read whole, and `FormatError` where the canonical form would not be read
    as the same music (which would be our fault: the text is left alone).
    """
    from ..errors import FormatError, NotationError
    from ..notation import Severity, parse, write

    book = parse(document.text, name=document.name)
    lost = [d for d in book.diagnostics if d.severity is Severity.ERROR and d.code not in READ_WHOLE]
    if lost:
        raise NotationError(lost, book.source)
    canonical = write(book)
    if parse(canonical, name=document.name).tunes != book.tunes:
        raise FormatError(f"{document.name}: the canonical form would not say the same; please report this tune")
    return canonical


def _diff(document: Document, canonical: str) -> list[str]:
    from difflib import unified_diff

    before, after = document.text.splitlines(keepends=True), canonical.splitlines(keepends=True)
    return list(unified_diff(before, after, document.name, f"{document.name} (canonical)"))
