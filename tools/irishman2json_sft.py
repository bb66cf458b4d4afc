#!/usr/bin/env python
"""IrishMAN to conversations for SFT, in xtuner's JSON lines, in English and Chinese.

    python tools/irishman2json_sft.py FOLDER_OF_IRISHMAN OUT [--workers N]

For people who come from IMelodist: the same as `abcllm data build` with a plan of one source. Of each sound tune one
or two tasks are made: composing in a key and metre, to control codes, to chords, going on, harmonising, ...
"""

from __future__ import annotations

import sys

from converting import convert

TASKS = {
    "compose": 0.4,
    "codes_to_tune": 0.4,
    "continue_tune": 0.2,
    "chords_to_tune": 0.2,
    "harmonise": 0.1,
    "find_key": 0.1,
    "find_form": 0.1,
    "find_motif": 0.1,
}

if __name__ == "__main__":
    sys.exit(convert(__doc__ or "", "irishman", sft=TASKS))
