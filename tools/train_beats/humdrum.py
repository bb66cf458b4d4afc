"""Humdrum files of piano music as scores with exact beats: the Heritage of Polish Music (Chopin Institute, CC BY 4.0).

Spines may split and join; a line begins where the first of the spines before it has ended. Ornaments, repeats and
what is not `**kern` are passed over.
"""

from __future__ import annotations

import re
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
from scores import PlainScore, lay_beats

__all__ = ["is_for_piano", "read_humdrum"]

Q = Fraction
DURATION = re.compile(r"(\d+)(?:%(\d+))?(\.*)")
PITCH = re.compile(r"([a-gA-G])\1*(#+|-+)?")
STEPS = {"c": 0, "d": 2, "e": 4, "f": 5, "g": 7, "a": 9, "b": 11}
MOST_STAVES = 4


def is_for_piano(path: Path) -> bool:
    """Whether the file says that it is for piano, alone or with a singer, and is none of Chopin's, who is tested."""
    with path.open(encoding="utf-8", errors="replace") as lines:
        head = [line for line, _ in zip(lines, range(80), strict=False)]
    kinds = next((line for line in head if line.startswith("!!!AIN:")), "")
    staves = next((line.split("\t").count("**kern") for line in map(str.strip, head) if line.startswith("**")), 0)
    chopin = any(line.startswith("!!!COM:") and "Chopin" in line for line in head)
    return re.search(r"piano|forte", kinds) is not None and 0 < staves <= MOST_STAVES and not chopin


class _Spine(NamedTuple):
    """A column: whether it holds notes, its part (0 at the top of the page), and where its last note ends."""

    heard: bool
    part: int
    end: Fraction


def read_humdrum(path: Path) -> PlainScore:
    """The score of a file, without its repeats.

    Raises:
        ValueError: the columns of a line are not those of the line before.
    """
    spines: list[_Spine] = []
    notes: list[tuple[Fraction, Fraction, int, int, int]] = []
    tied: dict[tuple[int, int], int] = {}
    lines: list[tuple[Fraction, tuple[int, int]]] = [(Q(0), (4, 4))]
    now, metre, qpm = Q(0), (4, 4), 0.0
    for line in path.read_text("utf-8", errors="replace").splitlines():
        fields = line.split("\t")
        if line.startswith("**"):
            kern = [field == "**kern" for field in fields]
            spines = [_Spine(heard, sum(kern[index + 1 :]), Q(0)) for index, heard in enumerate(kern)]
        elif line.startswith("*"):
            for field in fields:
                if found := re.fullmatch(r"\*M(\d+)/(\d+)", field):
                    metre = int(found[1]), int(found[2])
                elif (found := re.fullmatch(r"\*MM([\d.]+)", field)) and not qpm:
                    qpm = float(found[1])
            spines = _move(spines, fields)
        elif line.startswith("="):
            now = max((spine.end for spine in spines if spine.heard), default=now)
            if now > lines[-1][0]:
                lines.append((now, metre))
            else:
                lines[-1] = now, metre
        elif line and not line.startswith("!") and spines:
            if len(fields) != len(spines):
                raise ValueError(f"{path.name}: a line of {len(fields)} columns where there are {len(spines)}")
            for index, (field, spine) in enumerate(zip(fields, spines, strict=True)):
                if spine.heard and field != ".":
                    end = _sound(field, spine.part, now, notes, tied)
                    spines[index] = spine._replace(end=end)
            ends = [spine.end for spine in spines if spine.heard and spine.end >= now]
            now = min(ends, default=now)
        if len(lines) == 1 and now == 0:
            lines[0] = Q(0), metre
    bars = [(begin, after - begin, metre) for (begin, metre), (after, _) in pairwise(lines)]
    return PlainScore(np.array(sorted(notes), np.float32).reshape(-1, 5), lay_beats(bars), qpm)


def _move(spines: list[_Spine], fields: list[str]) -> list[_Spine]:
    """The columns after a line of interpretations: some split, join or end."""
    after: list[_Spine] = []
    joining = False
    for spine, field in zip(spines, fields, strict=True):
        if field == "*^":
            after += [spine, spine]
        elif field == "*v" and joining:
            after[-1] = after[-1]._replace(end=max(after[-1].end, spine.end))
        elif field != "*-":
            after.append(spine)
        joining = field == "*v"
    return after


def _sound(
    field: str,
    part: int,
    now: Fraction,
    notes: list[tuple[Fraction, Fraction, int, int, int]],
    tied: dict[tuple[int, int], int],
) -> Fraction:
    """Add the notes of one token; where it ends."""
    end = now
    for token in field.split(" "):
        duration, pitch = DURATION.search(token), PITCH.search(token)
        grace = "q" in token or "Q" in token
        if duration is None and not grace:
            continue
        length = Q(0) if grace or duration is None else _length(duration)
        end = max(end, now + length)
        if "r" in token or pitch is None:
            continue
        midi = _midi(pitch)
        before = tied.pop((part, midi), None) if "]" in token or "_" in token else None
        if before is not None:
            onset, held, *rest = notes[before]
            notes[before] = (onset, held + length, rest[0], rest[1], rest[2])
        else:
            before = len(notes)
            notes.append((now, Q(1, 8) if grace else length, midi, part, int(grace)))
        if "[" in token or "_" in token:
            tied[part, midi] = before
    return end


def _length(found: re.Match[str]) -> Fraction:
    """Quarters of a reciprocal value: 4 a quarter, 3%2 two thirds of a whole, 0 a breve, 00 a long."""
    number = Q(1, 2 ** len(found[1])) if set(found[1]) == {"0"} else Q(int(found[1]))
    value = 4 / number * int(found[2] or 1)
    return value * (2 - Q(1, 2 ** len(found[3])))


def _midi(found: re.Match[str]) -> int:
    letter, accidental = found[1], found[2] or ""
    count = len(found[0]) - len(accidental)
    octave = 3 + count if letter.islower() else 4 - count
    raised = len(accidental) if accidental.startswith("#") else -len(accidental)
    return 12 * (octave + 1) + STEPS[letter.lower()] + raised
