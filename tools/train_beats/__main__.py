"""Train the beat tracker: python tools/train_beats LIEDER POLISH [--minutes 60] [--out beats.npz]

Performances are made of three kinds of scores: LIEDER is a checkout of OpenScore/Lieder (Gotham and Jonas; CC0), POLISH
one of pl-wnifc/humdrum-polish-scores (the Heritage of Polish Music in Open Access, Fryderyk Chopin Institute; CC BY
4.0), of which the piano music is read that is not by Chopin; the books of ABC of `data/` are the third. Needs PyTorch,
which the package itself does without. Nothing of a test set is read.
"""

from __future__ import annotations

import argparse
import pickle
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[1])]

from humdrum import is_for_piano, read_humdrum  # noqa: E402
from network import BeatNetwork, export, train  # noqa: E402
from scores import PlainScore, read_abc, read_musescore  # noqa: E402

DATA = HERE.parents[1] / "data"
REWORKED = {"piano": 0.25, "lieder": 0.65, "hymns": 0.65, "folk": 0.65}
"""How many are given other textures and beats, for they are not what is played at the piano."""
FEWEST_NOTES = 30
FEWEST_BEATS = 8
SHARES = {"piano": 0.55, "lieder": 0.25, "hymns": 0.04, "folk": 0.16}


def read_scores(lieder: Path, polish: Path) -> dict[str, list[PlainScore]]:
    """All scores to learn from, by kind; kept beside the piano music, for reading takes a minute or two."""
    kept = polish / "scores.pkl"
    if not kept.exists():
        songs = [read_musescore(path) for path in sorted(lieder.rglob("*.mscx")) if _is_musescore_3(path)]
        piano = list(_read_piano(polish))
        books = {path.parent.name: list(read_abc(path)) for path in sorted(DATA.glob("*/tunes.abc"))}
        hymns = books.pop("open_hymnal", [])
        folk = [score for book in books.values() for score in book]
        found = {"piano": piano, "lieder": songs, "hymns": hymns, "folk": folk}
        kept.write_bytes(
            pickle.dumps({name: [s for s in rows if len(s.notes) >= FEWEST_NOTES] for name, rows in found.items()})
        )
    scores: dict[str, list[PlainScore]] = pickle.loads(kept.read_bytes())
    return scores


def _read_piano(polish: Path) -> Iterator[PlainScore]:
    for path in sorted(polish.rglob("*.krn")):
        if is_for_piano(path):
            try:
                score = read_humdrum(path)
            except ValueError as fault:
                print(fault, file=sys.stderr)
                continue
            if len(score.beats) >= FEWEST_BEATS:
                yield score


def _is_musescore_3(path: Path) -> bool:
    return 'museScore version="3' in path.open(encoding="utf-8").read(200)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("lieder", type=Path)
    parser.add_argument("polish", type=Path)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--width", type=int, default=96)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--rate", type=float, default=2e-3, help="learning rate at the start")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--begin", type=Path, help="a state to begin with")
    parser.add_argument("--out", type=Path, default=Path("beats.npz"))
    options = parser.parse_args()
    torch.set_num_threads(1)

    def keep(network: BeatNetwork) -> None:
        np.savez_compressed(options.out, **export(network))
        torch.save(network.state_dict(), options.out.with_suffix(".pt"))

    scores = read_scores(options.lieder, options.polish)
    names = [name for name in SHARES if scores[name]]
    shares = np.array([SHARES[name] for name in names])
    train(
        [scores[name] for name in names],
        list(shares / shares.sum()),
        [REWORKED[name] for name in names],
        width=options.width,
        minutes=options.minutes,
        seed=options.seed,
        rate=options.rate,
        batch=options.batch,
        begin=torch.load(options.begin) if options.begin else None,
        keep=keep,
    )


if __name__ == "__main__":
    main()
