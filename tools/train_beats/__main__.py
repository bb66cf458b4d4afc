"""Train the beat tracker: python tools/train_beats LIEDER [--minutes 60] [--out beats.npz]

LIEDER is a checkout of OpenScore/Lieder (CC0), whose songs give most of the performances; the books of ABC of `data/`
give the rest. Needs PyTorch, which the package itself does without. Nothing of a test set is read.
"""

from __future__ import annotations

import argparse
import pickle
import sys
from pathlib import Path

import numpy as np
import torch

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[1])]

from network import BeatNetwork, export, train  # noqa: E402
from scores import PlainScore, read_abc, read_musescore  # noqa: E402

DATA = HERE.parents[1] / "data"
FEWEST_NOTES = 30
SHARES = {"lieder": 0.72, "hymns": 0.05, "folk": 0.23}


def read_scores(lieder: Path) -> dict[str, list[PlainScore]]:
    """All scores to learn from, by kind; kept beside the songs, for reading takes half a minute."""
    kept = lieder / "scores.pkl"
    if not kept.exists():
        songs = [read_musescore(path) for path in sorted(lieder.rglob("*.mscx")) if _is_musescore_3(path)]
        books = {path.parent.name: list(read_abc(path)) for path in sorted(DATA.glob("*/tunes.abc"))}
        hymns = books.pop("open_hymnal", [])
        folk = [score for book in books.values() for score in book]
        found = {"lieder": songs, "hymns": hymns, "folk": folk}
        kept.write_bytes(
            pickle.dumps({name: [s for s in rows if len(s.notes) >= FEWEST_NOTES] for name, rows in found.items()})
        )
    scores: dict[str, list[PlainScore]] = pickle.loads(kept.read_bytes())
    return scores


def _is_musescore_3(path: Path) -> bool:
    return 'museScore version="3' in path.open(encoding="utf-8").read(200)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("lieder", type=Path)
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

    scores = read_scores(options.lieder)
    names = [name for name in SHARES if scores[name]]
    shares = np.array([SHARES[name] for name in names])
    train(
        [scores[name] for name in names],
        list(shares / shares.sum()),
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
