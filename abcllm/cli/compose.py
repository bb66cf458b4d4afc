"""Compose tunes: print them as ABC, or write files in the formats of their suffixes.

    abcllm compose "a 16-bar jig in D"
    abcllm compose "a slow waltz in A minor" -o waltz.pdf -o waltz.mid
    abcllm compose --rhythm reel --key Edor --bars 32 -n 10 -o reels.abc

An option wins over the words. Every tune is checked; exit code 1 says that one has a fault.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..chat.version import Version
    from ..notation import Tune
    from ..request import Request

HELP = "a new tune, from words or options"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("words", nargs="*", metavar="REQUEST", help='what is wanted: "a 16-bar jig in D"')
    parser.add_argument("-o", "--output", action="append", default=[], metavar="OUT", help="a file; may be repeated")
    parser.add_argument("--rhythm", metavar="NAME", help="jig, reel, waltz, ...")
    parser.add_argument("--key", metavar="KEY", help="D, Am, Bb, Edor, ...")
    parser.add_argument("--meter", metavar="METER", help="6/8, 4/4, C|, ...")
    parser.add_argument("--bars", type=int, metavar="N", help="how many bars")
    parser.add_argument("--tempo", type=float, metavar="QPM", help="quarter notes per minute")
    parser.add_argument("--title", metavar="TEXT", help="the title")
    parser.add_argument("--seed", type=int, metavar="N", help="the same seed gives the same tune")
    parser.add_argument("--temperature", type=float, metavar="T", help="0 plays safe, above 1 is bold")
    parser.add_argument("-n", "--number", type=int, default=1, metavar="N", help="how many tunes")
    parser.add_argument("-m", "--model", metavar="MODEL", help="the composer: NAME, NAME:WHERE, or a folder (neural)")
    parser.add_argument("-f", "--force", action="store_true", help="replace files that exist")
    parser.add_argument("--json", action="store_true", help="say as JSON what was composed, written and found")


def run(options: argparse.Namespace) -> int:
    import json
    import sys
    from dataclasses import replace

    from ..backends import DEFAULT_BACKEND, get_backend
    from ..chat.answers import summarize
    from ..chat.session import draw_seed
    from ..errors import UsageError
    from ..formats import find_format
    from . import FAULTS, FINE

    if options.number < 1:
        raise UsageError(f"-n takes a whole number from 1, not {options.number}")
    for path in options.output:
        find_format(path)  # a suffix that nothing writes is said before anything is composed
    request, remarks = wanted_request(options)
    for remark in remarks:
        print(f"({remark})", file=sys.stderr)
    first_seed = draw_seed() if request.seed is None else request.seed
    backend = get_backend(options.model or DEFAULT_BACKEND)
    sampling = backend.choosing(temperature=options.temperature)
    prints = not options.output and not options.json
    versions: list[Version] = []
    right, rows = 0, []
    for number in range(1, options.number + 1):
        seed = first_seed + number - 1
        pieces = backend.compose(replace(request, seed=seed), replace(sampling, seed=seed))
        version = read_tune(pieces, request, number, prints)
        right += version.is_right
        for line in version.complaints:
            print(line, file=sys.stderr)
        if options.number == 1:
            print(f"{summarize(version.tune)} Seed {seed}.", file=sys.stderr)
        if options.json:
            found = [fault.as_dict() for fault in version.faults]
            rows.append({"seed": seed, "abc": version.source.text, "diagnostics": found})
        if options.output:
            versions.append(version)
    written = write_files([version.tune for version in versions], options.output, options.force)
    if options.json:
        row = {"request": str(request), "remarks": remarks, "tunes": rows, "written": written}
        print(json.dumps(row, indent=2, ensure_ascii=False))
    else:
        for path in written:
            print(f"wrote {path}", file=sys.stderr)
    return FINE if right == options.number else FAULTS


def wanted_request(options: argparse.Namespace) -> tuple[Request, list[str]]:
    """The request of words and options together, and what is to be said of how it was read."""
    from dataclasses import replace

    from ..errors import UnknownName, UsageError
    from ..notation.fields import FieldFault, parse_key, parse_meter
    from ..request import MAX_BARS, MAX_TEMPO_QPM, MIN_TEMPO_QPM, RHYTHMS, Compose, Unclear, read_request
    from ..request.rhythms import find_rhythm

    try:
        key = parse_key(options.key) if options.key else None
        meter = f"in {parse_meter(options.meter)}" if options.meter else ""
    except FieldFault as fault:
        raise UsageError(f"{fault.message}; {fault.hint}" if fault.hint else fault.message) from None
    if options.rhythm and not find_rhythm(options.rhythm):
        raise UnknownName("rhythm", options.rhythm, list(RHYTHMS))
    if options.bars is not None and not 1 <= options.bars <= MAX_BARS:
        raise UsageError(f"--bars takes 1 to {MAX_BARS}, not {options.bars}")
    if options.tempo is not None and not MIN_TEMPO_QPM <= options.tempo <= MAX_TEMPO_QPM:
        raise UsageError(f"--tempo takes {MIN_TEMPO_QPM:g} to {MAX_TEMPO_QPM:g}, not {options.tempo:g}")
    if options.seed is not None and options.seed < 0:
        raise UsageError(f"--seed takes a whole number from 0, not {options.seed}")
    words = " ".join(options.words)
    wish = read_request(
        f"a {options.rhythm or 'tune'} {meter}, {words}" if options.rhythm or meter else words or "a jig"
    )
    if isinstance(wish, Unclear):
        raise UsageError(f"{wish.text} {wish.hint}")
    if not isinstance(wish, Compose):
        raise UsageError(f'"{words}" asks for more than a tune; say only which tune, and with -o where to save it')
    given = {"key": key, "bars": options.bars, "tempo_qpm": options.tempo, "title": options.title, "seed": options.seed}
    request = replace(wish.request, **{name: value for name, value in given.items() if value is not None})
    passed_over = [f"not understood, and passed over: {', '.join(wish.passed_over)}"] if wish.passed_over else []
    return request, [*wish.remarks, *passed_over]


def read_tune(pieces: Iterator[str], request: Request, number: int, prints: bool) -> Version:
    """The tune that comes in pieces, under that reference number; printed as it comes where it is to be printed."""
    import re
    import sys

    from ..chat.version import Version

    text = ""
    if prints and number == 1:
        for piece in pieces:
            text += piece
            sys.stdout.write(piece)
            sys.stdout.flush()
    else:
        text = re.sub(r"^X:\s*\d+", f"X:{number}", "".join(pieces), count=1)
        if prints:
            sys.stdout.write(f"\n{text}")
    return Version.read(text, request, f"tune {number}")


def write_files(tunes: list[Tune], outputs: list[str], force: bool) -> list[str]:
    """Save the tunes to each file; where a format holds one tune a file, to numbered files."""
    from ..formats import FORMATS, find_format, numbered, save

    written = []
    for path in outputs:
        form = FORMATS.get(find_format(path))
        if form is not None and form.single and len(tunes) > 1:
            for number, tune in enumerate(tunes, 1):
                written += save(tune, numbered(path, number), overwrite=force)
        else:
            written += save(tunes, path, overwrite=force)
    return [str(path) for path in written]
