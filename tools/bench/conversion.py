"""MIDI to ABC: our reader beside midi2abc, lytk and music21, on quantised files, chorales and performances.

The measures of each file are kept in `.peers/conversion_files.tsv`.

`--data` is a folder with `midi/` (asap, bach_chorales, ceol_rince, giantmidi_eval, nottingham, pop909) and `tunes/`
(collections in JSON lines). Each part is a sample of `--n` files (`--performances` where people play), drawn with
`--seed`:

folk       Nottingham and Ceol Rince MIDI against the ABC from which it was made: notes, key, metre, first bar line,
           bars, repeats (recovered where no more music is printed than in the reference, but for part of a bar).
           Only the first voice is compared, and only files that play the notes of their ABC: in others repeats go
           elsewhere, hornpipes swing, or ties are struck again.
roundtrip  tunes of `data/` as MIDI, converted, and as MIDI again: notes must be the same from the first on (grace
           notes of the tune left out).
chorales   Bach's chorales as MIDI: share of the notes that are still with the other notes of their voice.
performed  ASAP performances against their scores: MV2H (non-aligned).
beats      ours alone: beats and downbeats at 70 ms of ASAP's performances and of POP909's songs, which were played to
           a click that is not where the beats are.
triples    GiantMIDI-Piano's evaluation pieces: a performance and its transcription against the score (a MIDI file, as
           our reader reads it).
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import resource
import zipfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from csv import DictReader
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from random import Random
from statistics import fmean, median
from typing import Any

import mido
from converters import Conversion, by_us, converters
from record import RESULTS, ROOT, command, keep

from abcllm.evaluation.alignment import score_unaligned
from abcllm.evaluation.bars import compare_bars, repeats_of
from abcllm.evaluation.mv2h import Score
from abcllm.evaluation.notes import Agreement, TimedNote, compare_beats, compare_notes
from abcllm.evaluation.tunes import music_of
from abcllm.formats.midi import write_midi
from abcllm.formats.musicxml_reading import read_musicxml
from abcllm.formats.performance import perform
from abcllm.notation import Tune, parse
from abcllm.notation.transforms import extract_voice

PARTS = ("folk", "roundtrip", "chorales", "performed", "beats", "triples")
TABLES = (
    "nottingham",
    "ceol_rince",
    "roundtrip",
    "chorales",
    "asap",
    "asap beats",
    "pop909 beats",
    "maestro_performance",
    "giantmidi_transcription",
)
PROGRAMS = ("ours", "midi2abc", "lytk", "music21")
MIDDLES = ("CPU ms",)
Results = dict[str, list[dict[str, Any]]]
SECONDS_OF_WHOLE = 2
ORDER = re.compile(r"^Y:", re.MULTILINE)  # the order of parts as the Nottingham collection writes it
PLAYED_ALIKE = 0.99


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data", metavar="FOLDER")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=list(PARTS), metavar="PART")
    parser.add_argument("--programs", nargs="+", default=list(PROGRAMS), metavar="PROGRAM")
    parser.add_argument("--n", type=int, default=100, help="files of each part (0: all)")
    parser.add_argument("--performances", type=int, default=20, help="files of the parts with performances (0: all)")
    parser.add_argument("--seed", type=int, default=0)


def run(args: argparse.Namespace) -> int:
    bench = Bench(args.data, converters(args.programs), args.n, args.performances, args.seed)
    told = ROOT / ".peers" / "conversion_files.tsv"
    told.parent.mkdir(exist_ok=True)
    for part in args.parts:
        for name, results in getattr(bench, part)():
            keep_slice(name, {program: means(files) for program, files in results.items()}, args.seed)
            with told.open("a", encoding="utf-8") as out:
                for program, files in results.items():
                    out.writelines(f"{name}\t{program}\t{file.pop('name')}\t{json.dumps(file)}\n" for file in files)
    return 0


def means(files: list[dict[str, Any]]) -> dict[str, float]:
    """The mean of each measure over the files in which it could be taken, and how many files there are."""
    found: dict[str, float] = {"files": len(files)}
    for measure in dict.fromkeys(measure for file in files for measure in file if measure != "name"):
        values = [file[measure] for file in files if measure in file]
        middle = median(values) if measure in MIDDLES else fmean(values)
        found[f"{measure} (median)" if measure in MIDDLES else measure] = round(middle, 4)
    return found


def keep_slice(part: str, measured: dict[str, dict[str, float]], seed: int) -> None:
    """Keep what was measured beside what was before, of other parts and by other programs."""
    path = RESULTS / "conversion.json"
    slices = json.loads(path.read_text(encoding="utf-8")).get("slices", {}) if path.exists() else {}
    known = slices.setdefault(part, {"commands": {}, "measures": {}})
    known["measures"] |= measured
    known["commands"] |= dict.fromkeys(measured, command())
    slices = {name: slices[name] for name in TABLES if name in slices}
    programs = [name for name in PROGRAMS if any(name in one["measures"] for one in slices.values())]
    rows: list[list[Any]] = [["part", "measure", *programs]]
    for name, one in slices.items():
        columns = [one["measures"].get(program, {}) for program in programs]
        rows += [
            [name, measure, *(column.get(measure) for column in columns)]
            for measure in dict.fromkeys(measure for column in columns for measure in column)
        ]
    commands = dict.fromkeys(line for one in slices.values() for line in one["commands"].values())
    files = sum(max(column["files"] for column in one["measures"].values()) for one in slices.values())
    keep("conversion", n=int(files), seed=seed, slices=slices, rows=rows, command="`; `".join(commands))


class Bench:
    """Reads the data and converts it with every program."""

    def __init__(
        self,
        data: Path,
        programs: dict[str, Callable[[bytes], Conversion]],
        n: int,
        performances: int,
        seed: int,
    ) -> None:
        self.midi, self.tunes, self.programs = data / "midi", data / "tunes", programs
        self.n, self.performances, self.seed = n, performances, seed

    def sample(self, things: list[Any], n: int) -> list[Any]:
        """So many, or all (0), drawn at random, in their order."""
        if not n or len(things) <= n:
            return things
        return [things[place] for place in sorted(Random(self.seed).sample(range(len(things)), n))]

    def convert(self, data: bytes, file: str) -> Iterator[tuple[str, Conversion, dict[str, Any]]]:
        """What each program makes of a file, with the measures that hold for every part."""
        for name, convert in self.programs.items():
            start = cpu_s()
            made = convert(data)
            values: dict[str, Any] = {"name": file, "CPU ms": 1000 * (cpu_s() - start)}
            yield name, made, values | {"converted": made.tune is not None, "valid and exact": made.exact}

    # -- parts ---------------------------------------------------------------------------------------------

    def folk(self) -> Iterator[tuple[str, Results]]:
        for collection in ("nottingham", "ceol_rince"):
            folder = self.midi / collection
            tunes = {row["id"]: row["abc"] for row in self.rows(collection)}
            with (folder / "index.csv").open(encoding="utf-8") as lines:
                index = [row for row in DictReader(lines) if row["tune_id"] in tunes]
            results: Results = defaultdict(list)
            with zipfile.ZipFile(folder / "midi.zip") as archive:
                for row in self.sample(index, self.n):
                    book = parse(ORDER.sub("P:", tunes[row["tune_id"]]))
                    data = archive.read(row["midi"])
                    if len(book.tunes) != 1 or any(found.severity == "error" for found in book.diagnostics):
                        continue
                    if compare_notes(at_one_tempo(book.tunes[0]), first_track(data)).f1 < PLAYED_ALIKE:
                        continue
                    for name, made, values in self.convert(data, row["midi"]):
                        results[name].append(values | against(book.tunes[0], made.tune))
            yield collection, results

    def rows(self, collection: str) -> Iterator[dict[str, Any]]:
        with gzip.open(self.tunes / collection / "tunes.jsonl.gz", "rt", encoding="utf-8") as lines:
            yield from map(json.loads, lines)

    def roundtrip(self) -> Iterator[tuple[str, Results]]:
        books = [parse(path.read_text(encoding="utf-8")) for path in sorted((ROOT / "data").glob("*/tunes.abc"))]
        results: Results = defaultdict(list)
        for tune in self.sample([tune for book in books for tune in book.tunes if len(tune.voices) == 1], self.n):
            data = write_midi(tune, graces=False)
            before = events(data)
            if not before:
                continue
            for name, made, values in self.convert(data, tune.title):
                after = events(write_midi(made.tune)) if made.tune else []
                values["notes identical"] = before == after
                if has_pickup(tune):
                    values["first bar line right (pickup)"] = begins_alike(tune, made.tune)
                results[name].append(values)
        yield "roundtrip", results

    def chorales(self) -> Iterator[tuple[str, Results]]:
        results: Results = defaultdict(list)
        with zipfile.ZipFile(self.midi / "bach_chorales" / "scores.zip") as archive:
            for entry in self.sample(sorted(name for name in archive.namelist() if name.endswith(".mxl")), self.n):
                tune = read_musicxml(archive.read(entry), entry).tunes[0]
                for name, made, values in self.convert(write_midi(tune), entry):
                    if made.tune is not None:
                        values["voices kept"] = voices_kept(tune, made.tune)
                        values["bars identical"] = compare_bars(tune, made.tune).recall
                    results[name].append(values)
        yield "chorales", results

    def performed(self) -> Iterator[tuple[str, Results]]:
        with (self.midi / "asap" / "index.csv").open(encoding="utf-8") as lines:
            index = self.sample(list(DictReader(lines)), self.performances)
        results: Results = defaultdict(list)
        for row in index:
            folder = self.midi / "asap" / row["folder"]
            reference = music_of(read_musicxml((folder / row["score_xml"]).read_bytes(), row["folder"]).tunes[0])
            data = (folder / row["performance"]).read_bytes()
            length_s = mido.MidiFile(file=BytesIO(data)).length
            for name, made, values in self.convert(data, f"{row['folder']}/{row['performance']}"):
                values |= mv2h(score_unaligned(reference, music_of(made.tune)) if made.tune else None)
                values["times faster than real time"] = 1000 * length_s / values["CPU ms"]
                results[name].append(values)
        yield "asap", results

    def beats(self) -> Iterator[tuple[str, Results]]:
        folder = self.midi / "asap"
        results: Results = defaultdict(list)
        with (folder / "index.csv").open(encoding="utf-8") as lines:
            for row in self.sample(list(DictReader(lines)), self.n):
                text = (folder / row["folder"] / row["performance_annotations"]).read_text(encoding="utf-8")
                marked = [line.split("\t") for line in text.splitlines() if line.strip()]
                every = [float(fields[0]) for fields in marked]
                down = [float(fields[0]) for fields in marked if fields[2].startswith("db")]
                data = (folder / row["folder"] / row["performance"]).read_bytes()
                name = f"{row['folder']}/{row['performance']}"
                results["ours"].append({"name": name, **beats_against(data, every, down)})
        yield "asap beats", results
        results = defaultdict(list)
        with zipfile.ZipFile(self.midi / "pop909" / "pop909.zip") as archive:
            for entry in self.sample(sorted(name for name in archive.namelist() if name.endswith(".mid")), self.n):
                table = archive.read(entry.rsplit("/", 1)[0] + "/beat_midi.txt").decode()
                marked = [line.split() for line in table.splitlines() if line.strip()]
                every = [float(fields[0]) for fields in marked]
                down = [float(fields[0]) for fields in marked if float(fields[2])]
                results["ours"].append({"name": entry, **beats_against(archive.read(entry), every, down)})
        yield "pop909 beats", results

    def triples(self) -> Iterator[tuple[str, Results]]:
        folders = [path for path in sorted((self.midi / "giantmidi_eval").iterdir()) if path.is_dir()]
        for kind in ("maestro_performance", "giantmidi_transcription"):
            results: Results = defaultdict(list)
            for folder in folders[: self.performances or None]:
                score = by_us((folder / "score.mid").read_bytes()).tune
                if score is None:
                    continue
                reference = music_of(score)
                for name, made, values in self.convert((folder / f"{kind}.mid").read_bytes(), folder.name):
                    values |= mv2h(score_unaligned(reference, music_of(made.tune)) if made.tune else None)
                    results[name].append(values)
            yield kind, results


def cpu_s() -> float:
    """CPU seconds of this process and of the programs that it has started."""
    usages = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


# -- measures ------------------------------------------------------------------------------------------------


def against(reference: Tune, made: Tune | None) -> dict[str, float]:
    """How near a conversion comes to the tune from which the file was made."""
    if made is None:
        return {"onset F1": 0, "key": 0, "metre": 0, "bars identical": 0}
    first, ours = extract_voice(made, made.voices[0].id), extract_voice(reference, reference.voices[0].id)
    values: dict[str, float] = {
        "onset F1": compare_notes(at_one_tempo(ours), at_one_tempo(first)).f1,
        "key": (reference.key.tonic, reference.key.mode) == (made.key.tonic, made.key.mode),
        "key signature": reference.key.signature == made.key.signature,
        "metre": (reference.meter.duration, reference.meter.beats) == (made.meter.duration, made.meter.beats),
        "bars identical": compare_bars(ours, first).recall,
    }
    if has_pickup(reference):
        values["first bar line right (pickup)"] = begins_alike(reference, made)
    if wanted := repeats_of(ours):
        values["repeats recovered"] = printed(first) < printed(ours) + (ours.meter.duration or 1)
        values["repeat signs the same"] = wanted == repeats_of(first)
    return values


def printed(tune: Tune) -> Fraction:
    """How long the music is that stands on the page: less than is played, the more repeats are found."""
    return sum((bar.duration for voice in tune.voices[:1] for bar in voice.bars), Fraction(0))


def at_one_tempo(tune: Tune) -> list[TimedNote]:
    """The notes of a tune from the first on, a quarter note half a second long."""
    notes = [note for note in perform(tune).notes if not note.grace]
    start = notes[0].onset if notes else Fraction(0)
    return [
        TimedNote(
            float((note.onset - start) * SECONDS_OF_WHOLE), float((note.end - start) * SECONDS_OF_WHOLE), note.midi
        )
        for note in notes
    ]


def first_track(data: bytes) -> list[TimedNote]:
    """The notes of the first track that has any, from its first note on, a quarter note half a second long."""
    from peers import read_midi

    file = mido.MidiFile(file=BytesIO(data), clip=True)
    for track in file.tracks:
        alone = mido.MidiFile(type=0, ticks_per_beat=file.ticks_per_beat, tracks=[track])
        stream = BytesIO()
        alone.save(file=stream)
        if notes := read_midi(stream.getvalue()):
            start = notes[0][0]
            return [
                TimedNote((onset - start) / 2, (onset - start + length) / 2, pitch) for onset, pitch, length in notes
            ]
    return []


def has_pickup(tune: Tune) -> bool:
    return bool(tune.voices[0].bars) and tune.voices[0].bars[0].number == 0


def begins_alike(reference: Tune, made: Tune | None) -> bool:
    """Whether the first bar line stands at the same time."""
    if made is None or not made.voices or not made.voices[0].bars:
        return False
    return first_line(reference) == first_line(made)


def first_line(tune: Tune) -> Fraction:
    """From the first note to the next bar line: rests before it are not in MIDI."""
    played = perform(tune)
    start = min((note.onset for note in played.notes if not note.grace), default=Fraction(0))
    return next((bar.onset - start for bar in played.bars if bar.onset > start), Fraction(0))


def events(data: bytes) -> list[tuple[float, int, float]]:
    """Onset (from the first note on), pitch and length in quarter notes of all notes of a file."""
    from peers import read_midi

    notes = read_midi(data) or []
    start = min((onset for onset, _, _ in notes), default=0.0)
    return [(round(onset - start, 3), pitch, round(length, 3)) for onset, pitch, length in notes]


def voices_kept(reference: Tune, made: Tune) -> float:
    """Share of the reference's notes that stand in the voice in which most notes of their own voice stand."""
    where: dict[tuple[Fraction, int], list[int]] = defaultdict(list)
    for note in perform(made).notes:
        where[note.onset, note.midi].append(note.voice * 16 + note.layer)
    found: dict[int, Counter[int]] = defaultdict(Counter)
    total = 0
    for note in perform(reference).notes:
        total += 1
        places = where[note.onset, note.midi]
        if places:
            common = [place for place in places if found[note.voice][place]]
            place = max(common or places, key=lambda place: found[note.voice][place])
            places.remove(place)
            found[note.voice][place] += 1
    taken: set[int] = set()
    kept = 0
    pairs = sorted(((n, voice, place) for voice, c in found.items() for place, n in c.items()), reverse=True)
    placed: set[int] = set()
    for count, voice, place in pairs:
        if voice not in placed and place not in taken:
            placed.add(voice)
            taken.add(place)
            kept += count
    return kept / total if total else 0.0


def mv2h(found: Score | None) -> dict[str, float]:
    """The five parts and their mean, in percent."""
    values = found._asdict() if found else dict.fromkeys(Score._fields, 0.0)
    values["MV2H"] = found.mv2h if found else 0.0
    return {name.replace("_", "-"): 100 * value for name, value in values.items()}


def beats_against(data: bytes, every: list[float], down: list[float]) -> dict[str, float]:
    """F1 of the beats and downbeats (seconds) that our reader finds, against those that were marked."""
    from abcllm.transcription.beat_features import PerformedNote
    from abcllm.transcription.beats import follow_beats
    from abcllm.transcription.events import read_events
    from abcllm.transcription.stated_beats import find_stated_beats

    music = read_events(data)
    notes = sorted(
        PerformedNote(begin, max(end - begin, 0.0), note.pitch, note.velocity)
        for track in music.tracks
        for begin, end, note in zip(
            music.seconds(note.onset for note in track.notes),
            music.seconds(note.offset for note in track.notes),
            track.notes,
            strict=True,
        )
    )
    stated = find_stated_beats(music, notes)
    beats = stated[0] if stated else follow_beats(notes)
    found = beats.times_s.tolist()
    first = [time for time, place in zip(found, beats.places.tolist(), strict=True) if place == 0]
    agreements: dict[str, Agreement] = {
        "beat F1": compare_beats(every, found),
        "downbeat F1": compare_beats(down, first),
    }
    return {name: agreement.f1 for name, agreement in agreements.items()}
