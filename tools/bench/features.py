"""The 130 feature cases of ABC 2.1, ours and the other programs'."""

from __future__ import annotations

import argparse
import sys

from peers import play_all
from record import ROOT, keep

sys.path.append(str(ROOT / "tests"))

from conformance.features import Feature, is_right, read_features, same_events

LENIENT = ("grace/", "macro/", "tuplet/tuplet_grace", "tempo/Q_mid")  # ornaments and tempos move the onsets

LATE = 1.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--failed", action="store_true", help="name the cases that each program gets wrong")


def right(notes: list[list[float]] | None, feature: Feature) -> bool:
    """Whether a peer's notes are those expected; in grace cases its ornaments do not count."""
    if notes is None:
        return False
    events = sorted((onset, round(pitch)) for onset, pitch, _ in notes)
    if same_events(events, feature.expected):
        return True
    return feature.id.startswith(LENIENT) and all(
        any(pitch == other and abs(onset - at) <= LATE for at, other in events) for onset, pitch in feature.expected
    )


def run(args: argparse.Namespace) -> int:
    features = [feature for feature in read_features() if not feature.id.startswith("scope/")]
    played = play_all({feature.id: feature.abc for feature in features}, "features", batch=1)
    rows: list[list[object]] = [["program", "right", "of"]]
    wrong = {"abcllm": [feature.id for feature in features if not is_right(feature)]}
    for name in ("abc2midi", "abc2svg", "abcjs"):
        wrong[name] = [feature.id for feature in features if not right(played[feature.id].get(name), feature)]
    rows += [[name, len(features) - len(ids), len(features)] for name, ids in wrong.items()]
    keep("features", n=len(features), rows=rows, wrong=wrong)
    if args.failed:
        for name, ids in wrong.items():
            print(name, ", ".join(ids) or "-")
    return 0
