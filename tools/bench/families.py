"""Tune families, against alignments of all notes: what leaks when tunes are split by family, and what is glued."""

from __future__ import annotations

import argparse
import re
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import combinations
from random import Random

import numpy as np
from corpus import read_corpus
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein
from rapidfuzz.fuzz import partial_ratio
from rapidfuzz.process import cdist
from record import keep

from abcllm.analysis.families import group_melodies
from abcllm.analysis.melody import read_melody
from abcllm.notation import Tune, parse
from abcllm.notation.tune import Chord, Note

CLOSE = (0.9, 0.85, 0.8, 0.75, 0.7)
RELATED = 0.65
ALIGNED = 0.5
SHORTEST = 16
IN_BRACKETS = re.compile(r"\([^)]*\)|[\[\"].*")
NO_LETTER = re.compile(r"[\W\d_]+")
NO_NAME = frozenset(("the", "a", "an", "jig", "reel", "hornpipe", "polka", "waltz", "air", "march", "polska"))


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--tunes", type=int, default=1000, help="tunes that are aligned with all others")
    parser.add_argument("--seed", type=int, default=0)


def all_notes(tune: Tune) -> str:
    """Pitch classes of all notes of the first voice, one letter each: no metre, no lengths, no bars, no key."""
    pitches = [
        item.pitch.midi if isinstance(item, Note) else max(note.pitch.midi for note in item.notes)
        for bar in tune.voices[0].bars
        for item in bar.items
        if isinstance(item, Note | Chord)
    ]
    return "".join(chr(65 + pitch % 12) for pitch in pitches)


def in_every_key(notes: str) -> list[str]:
    return ["".join(chr(65 + (ord(letter) - 65 + key) % 12) for letter in notes) for key in range(12)]


def align(chosen: list[str], every: list[str]) -> NDArray[np.float32]:
    """How alike each chosen row of notes is to every row, in the key in which it is most; 0 below `ALIGNED`."""
    best = np.zeros((len(chosen), len(every)), np.float32)
    for moved in zip(*map(in_every_key, chosen), strict=True):
        found = cdist(
            moved, every, scorer=Levenshtein.normalized_similarity, score_cutoff=ALIGNED - 1e-6, dtype=np.float32
        )
        np.maximum(best, found, out=best)
    return best


def name_of(title: str) -> str:
    """A title without articles, kinds, order and signs; empty for one that names nothing."""
    words = NO_LETTER.sub(" ", IN_BRACKETS.sub("", title.casefold())).split()
    return " ".join(sorted({*words} - NO_NAME))


def pairs_of_a_name(tunes: list[Tune], collections: list[str]) -> list[tuple[int, int]]:
    """Pairs of rows of two collections that have a name in common; names that many tunes have name none."""
    rows: dict[str, list[int]] = {}
    for row, tune in enumerate(tunes):
        if name := name_of(tune.title):
            rows.setdefault(name, []).append(row)
    return [
        pair
        for named in rows.values()
        if len(named) <= 12
        for pair in combinations(named, 2)
        if collections[pair[0]] != collections[pair[1]]
    ]


def likeness(one: str, other: str) -> float:
    return max(Levenshtein.normalized_similarity(moved, other) for moved in in_every_key(one))


def microseconds(tunes: Iterable[Tune], *, variants: bool) -> float:
    """The mean time of reading a melody, the best of three rounds."""
    rounds = []
    chosen = list(tunes)
    for _ in range(3):
        start = time.perf_counter()
        for tune in chosen:
            read_melody(tune, variants=variants)
        rounds.append((time.perf_counter() - start) / len(chosen))
    return round(1e6 * min(rounds), 1)


def part_of(one: str, other: str) -> float:
    return max(partial_ratio(moved, other) for moved in in_every_key(one)) / 100


def share(title: str, of: int, found: int) -> list[object]:
    return [title, of, found, round(100 * found / max(of, 1), 4)]


def against_all(notes: list[str], families: NDArray[np.int64], chosen: list[int]) -> Iterator[list[object]]:
    """Chosen tunes beside every other: near ones in another family, and strangers in the same."""
    alike = align([notes[row] for row in chosen], notes)
    together = families[chosen][:, None] == families[None, :]
    for matrix in (alike, together):
        matrix[np.arange(len(chosen)), chosen] = 0
    for close in CLOSE:
        near = alike >= close
        title = f"sampled tunes that have one {close} alike: it stands in another family"
        yield share(title, int(near.any(axis=1).sum()), int((near & ~together).any(axis=1).sum()))
    at, others = np.nonzero(together)
    related = sum(
        bool(alike[one, other] >= RELATED) or part_of(notes[chosen[one]], notes[other]) >= RELATED
        for one, other in zip(at.tolist(), others.tolist(), strict=True)
    )
    yield share(f"pairs of a family: {RELATED} alike, or one in the other", len(at), related)
    strangers = alike < ALIGNED
    yield share(
        f"pairs less than {ALIGNED} alike: of one family", int(strangers.sum()), int((strangers & together).sum())
    )


def of_a_name(
    tunes: list[Tune], collections: list[str], notes: list[str], families: NDArray[np.int64]
) -> Iterator[list[object]]:
    """Pairs of two collections that have a name in common, by how alike they are."""
    pairs = pairs_of_a_name(tunes, collections)
    scores = [likeness(notes[one], notes[other]) for one, other in pairs]
    for title, least, most in (("0.8 alike or more", 0.8, 1.1), ("0.7 to 0.8", 0.7, 0.8), ("below 0.5", 0.0, 0.5)):
        these = [pair for pair, score in zip(pairs, scores, strict=True) if least <= score < most]
        joined = sum(bool(families[one] == families[other]) for one, other in these)
        yield share(f"pairs of one name in two collections, {title}: of one family", len(these), joined)


def run(args: argparse.Namespace) -> int:
    corpus = list(read_corpus())
    tunes = [parse(row.abc).tunes[0] for row in corpus]
    melodies = [read_melody(tune) for tune in tunes]
    start = time.perf_counter()
    families = group_melodies(melodies)
    seconds = time.perf_counter() - start
    sizes = Counter(Counter(families.tolist()).values())
    notes = [all_notes(tune) for tune in tunes]
    chosen = Random(args.seed).sample([row for row, line in enumerate(notes) if len(line) >= SHORTEST], args.tunes)
    typical = [tune for tune, row in zip(tunes, corpus, strict=True) if 250 < len(row.abc) < 350][:2000]
    in_many = sum(size * count for size, count in sizes.items() if size > 1)
    rows: list[list[object]] = [["measure", "of", "found", "%"]]
    rows.append(share("tunes in a family of more than one", len(tunes), in_many))
    rows.append(share("tunes in the largest family", len(tunes), max(sizes)))
    rows += against_all(notes, families, sorted(chosen))
    rows += of_a_name(tunes, [row.collection for row in corpus], notes, families)
    for title, variants in (("a melody", True), ("only its identity", False)):
        measured = microseconds(typical, variants=variants)
        rows.append([f"microseconds to read {title} (tunes of 250 to 350 letters)", len(typical), measured, None])
    rows.append(["seconds to find the families", len(tunes), round(seconds, 1), None])
    keep("families", n=len(tunes), seed=args.seed, rows=rows, sizes=dict(sorted(sizes.items())))
    return 0
