"""There and back: writing, transposing, MusicXML."""

from __future__ import annotations

import argparse
import warnings
from collections import Counter
from random import Random

from corpus import read_corpus
from record import keep

from abcllm.formats.musicxml import write_musicxml
from abcllm.notation import Tune, parse, write
from abcllm.notation.transforms import transpose
from abcllm.notation.tune import Chord, Note


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--every", type=int, default=1, metavar="N", help="take every Nth tune")
    parser.add_argument("--musicxml", type=int, default=600, help="tunes to read back with music21")
    parser.add_argument("--seed", type=int, default=0)


def sounding(tune: Tune) -> Counter[int]:
    """MIDI pitches of all notes as written, repeats not unfolded, grace notes and overlays included."""
    counts: Counter[int] = Counter()
    for voice in tune.voices:
        for bar in voice.bars:
            for item in (*bar.items, *(item for layer in bar.overlays for item in layer)):
                if isinstance(item, Note):
                    counts[item.pitch.midi] += 1
                elif isinstance(item, Chord):
                    counts.update(note.pitch.midi for note in item.notes)
    return counts


def kept_by_music21(tunes: list[Tune]) -> tuple[int, int, int]:
    """(notes written, notes that music21 read, tunes with all of them) through MusicXML."""
    from music21 import converter

    written = found = whole = 0
    for tune in tunes:
        expected = sounding(tune)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            score = converter.parse(write_musicxml(tune), format="musicxml")
        read: Counter[int] = Counter()
        for item in score.recurse().notes:
            if item.duration.isGrace or not hasattr(item, "pitches"):
                continue
            for note in getattr(item, "notes", (item,)) if item.isChord else (item,):
                read[note.pitch.midi] += 1
        written += sum(expected.values())
        found += sum((expected & read).values())
        whole += not expected - read
    return written, found, whole


def run(args: argparse.Namespace) -> int:
    chosen_rows = [row for index, row in enumerate(read_corpus()) if index % args.every == 0]
    tunes = [tune for row in chosen_rows for tune in parse(row.abc).tunes]
    same = sum(parse(write(tune)).tunes == (tune,) for tune in tunes)
    rows: list[list[object]] = [["there and back", "equal", "of", "%"]]
    rows.append(["parse(write(tune)) == tune", same, len(tunes), round(100 * same / len(tunes), 3)])
    for semitones in (1, -2, 5, 7):
        back = sum(transpose(transpose(tune, semitones), -semitones) == tune for tune in tunes)
        rows.append([f"transposed by {semitones:+d} and back", back, len(tunes), round(100 * back / len(tunes), 3)])
    chosen = Random(args.seed).sample(tunes, min(args.musicxml, len(tunes)))
    written, found, whole = kept_by_music21(chosen)
    rows.append(["notes kept: MusicXML read by music21", found, written, round(100 * found / written, 3)])
    rows.append(["tunes with every note", whole, len(chosen), round(100 * whole / len(chosen), 3)])
    keep("roundtrip", n=len(tunes), seed=args.seed, rows=rows)
    return 0
