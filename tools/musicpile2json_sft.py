#!/usr/bin/env python
"""MusicPile-sft to conversations for SFT, in xtuner's JSON lines, as they stand but for their marks.

    python tools/musicpile2json_sft.py FOLDER_OF_MUSICPILE_SFT OUT [--workers N]

The same as `abcllm data build` with a plan of one source.
"""

from __future__ import annotations

import sys

from converting import convert

if __name__ == "__main__":
    sys.exit(convert(__doc__ or "", "musicpile_sft", sft={"dialogue": 1}))
