"""The feature cases of ABC 2.1: each a small tune and what must be heard.

`features.jsonl` holds one case a line: `id`, `abc`, and `voices`, each a list of [[MIDI pitches], quarter notes];
no pitch is a rest. Compared are onsets (to 0.06 of a quarter) and pitches over all voices together, repeats played
out, ties joined, grace notes left out.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from abcllm.formats.performance import perform
from abcllm.notation import Tune, parse

CASES = Path(__file__).with_name("features.jsonl")
TOLERANCE = 0.06


@dataclass(frozen=True)
class Feature:
    """One case."""

    id: str
    abc: str
    expected: tuple[tuple[float, int], ...]


def read_features(path: Path = CASES) -> Iterator[Feature]:
    for line in path.read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        events = []
        for voice in case["voices"]:
            onset = 0.0
            for pitches, quarters in voice:
                events += [(onset, pitch) for pitch in pitches]
                onset += quarters
        yield Feature(case["id"], case["abc"], tuple(sorted(events)))


def heard(tune: Tune) -> list[tuple[float, int]]:
    """(onset in quarters, MIDI pitch) of all notes but grace notes, in order."""
    return sorted((float(note.onset * 4), note.midi) for note in perform(tune).notes if not note.grace)


def is_right(feature: Feature) -> bool:
    """Whether our reading of the case is the expected one."""
    tunes = parse(feature.abc).tunes
    return len(tunes) == 1 and same_events(heard(tunes[0]), feature.expected)


def same_events(ours: list[tuple[float, int]], expected: tuple[tuple[float, int], ...]) -> bool:
    """Equal but for rounding of onsets."""
    if len(ours) != len(expected):
        return False
    remaining = list(expected)
    for onset, pitch in ours:
        match = next((e for e in remaining if e[1] == pitch and abs(e[0] - onset) <= TOLERANCE), None)
        if match is None:
            return False
        remaining.remove(match)
    return True
