#!/usr/bin/env python
"""IrishMAN to continued pre-training data in xtuner's JSON lines, one line a tune: {"conversation": [{... "output"}]}.

    python tools/irishman2json_increment.py FOLDER_OF_IRISHMAN OUT [--check] [--workers N]

For people who come from IMelodist: the same as `abcllm data build` with a plan of one source. Each tune stands with its
control codes, recomputed. `--check` leaves out tunes with errors, twins, and splits off families for validation.
"""

from __future__ import annotations

import sys

from converting import convert

if __name__ == "__main__":
    sys.exit(convert(__doc__ or "", "irishman", pretrain={"control_codes": 1}, quick=True))
