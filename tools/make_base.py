"""Make an untrained model from a built corpus: python tools/make_base.py CORPUS --out FOLDER [--shape small]

The folder is what `configs/abcllm_small_pretrain.py` begins with.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from abcllm.training.base_model import SHAPES, make_base
from abcllm.training.corpora import find_files, read_corpus


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--out", type=Path, default=Path("models/small_base"))
    parser.add_argument("--shape", choices=SHAPES, default="small")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    texts = (
        message.text
        for conversation in read_corpus(find_files(str(options.corpus), "sft"))
        for message in conversation.messages
    )
    make_base(options.out, texts, SHAPES[options.shape], seed=options.seed)
    print(options.out)


if __name__ == "__main__":
    main()
