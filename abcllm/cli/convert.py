"""Convert tunes between formats, by the suffixes of the two files: from abc and mid, to abc, mid, musicxml, json,
svg, pdf, png, wav, ogg, mp3, flac.

A tune with faults is converted as far as it makes sense; its faults are said, and the exit code is 1.
"""

from __future__ import annotations

import argparse

from .arguments import add_output_arguments

HELP = "to and from other formats, by suffix"
READING = ("metre", "key", "unit", "grid", "voices", "bars")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("input", metavar="IN", help="a file, or - for ABC from standard input")
    parser.add_argument("output", metavar="OUT", help="a file, or - for standard output (with --to)")
    parser.add_argument("--from", dest="source", default="", metavar="FORMAT", help="the format of IN")
    parser.add_argument("--to", dest="target", default="", metavar="FORMAT", help="the format of OUT")
    read = parser.add_argument_group("reading MIDI", "for those who know better than the estimate")
    read.add_argument("--metre", metavar="M", help="the metre, as 6/8")
    read.add_argument("--key", metavar="K", help="the key, as Ador")
    read.add_argument("--unit", metavar="L", help="the unit note length, as 1/8")
    read.add_argument("--grid", metavar="L", help="the shortest note that is told apart, as 1/16")
    read.add_argument("--voices", choices=("1", "2", "auto"), help="in one voice, for two hands, or as it comes")
    read.add_argument("--bars", type=int, metavar="N", help="bars in a line of music")
    parser.add_argument("--transpose", metavar="N", help="by N semitones, or to a key: -2, 5, Bb, Em")
    parser.add_argument("--voice", metavar="ID", help="only this voice")
    parser.add_argument("--unfold", action="store_true", help="write repeats and parts out")
    parser.add_argument("--each", action="store_true", help="a file for each tune: OUT-1.mid, OUT-2.mid, ...")
    add_output_arguments(parser)


def run(options: argparse.Namespace) -> int:
    import sys

    from ..errors import UsageError
    from ..formats import FORMATS, encode, find_format, numbered, save
    from ..notation.transforms import extract_voice, transpose, unfold
    from .inputs import STDIN
    from .scores import Outcome, pick, wanted_key

    if options.output == STDIN and not options.target:
        raise UsageError("say with --to which format standard output is to have")
    target = find_format(options.target or options.output)
    outcome = Outcome(options.json)
    wishes = {name: value for name in READING if (value := getattr(options, name)) is not None}
    book = outcome.read(options.input, options.source, **wishes)
    tunes = pick(book, options.tune)
    changes = options.voice or options.transpose or options.unfold or options.tune is not None
    if options.voice:
        tunes = tuple(extract_voice(tune, options.voice) for tune in tunes)
    if options.transpose:
        tunes = tuple(transpose(tune, **wanted_key(options.transpose)) for tune in tunes)
    if options.unfold:
        tunes = tuple(unfold(tune) for tune in tunes)
    if len(tunes) > 1 and not options.each and target in FORMATS and FORMATS[target].single:
        raise UsageError(
            f"{book.source.name} holds {len(tunes)} tunes, and a file of {FORMATS[target].title} holds one: "
            "choose one with --tune N, or write a file for each with --each"
        )
    if options.output == STDIN:
        for content in encode(tunes if changes else book, target):
            sys.stdout.buffer.write(content.encode() if isinstance(content, str) else content)
    elif options.each:
        for place, tune in enumerate(tunes, 1):
            path = numbered(options.output, place)
            outcome.written += save(tune, path, format=target, overwrite=options.force)
    else:
        whole = tunes if changes else book
        outcome.written += save(whole, options.output, format=target, overwrite=options.force)
    return outcome.close()
