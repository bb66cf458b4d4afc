"""The child process in which verovio runs: scores come in on standard input, systems go out on standard output.

`engraver` runs this file by its path, names the folder that holds verovio, and kills the process where it takes too
long; nothing of abcllm is imported here. A request is one line of JSON, `{"musicxml": text, "options": {...}}`; an
answer is one, `{"systems": [svg, ...]}` or `{"error": text}`. What verovio itself prints goes nowhere, since the
real standard output is kept for the answers.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from typing import Any, TextIO

MEMORY_LIMIT_BYTES = 4 << 30


def main() -> None:
    with contextlib.suppress(ImportError, OSError, ValueError):  # not on Windows, and macOS refuses
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT_BYTES, MEMORY_LIMIT_BYTES))
    with open(os.dup(0), encoding="utf-8") as requests, open(os.dup(1), "w", encoding="utf-8") as answers:
        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nowhere, stream)
        serve(requests, answers)


def serve(requests: TextIO, answers: TextIO) -> None:
    sys.path.append(sys.argv[1])
    import verovio

    verovio.enableLog(verovio.LOG_OFF)
    for line in requests:
        request = json.loads(line)
        answers.write(json.dumps(engrave(verovio.toolkit(), request["musicxml"], request["options"])) + "\n")
        answers.flush()


def engrave(toolkit: Any, musicxml: str, options: dict[str, Any]) -> dict[str, Any]:
    toolkit.setOptions(options)
    if not toolkit.loadData(musicxml):
        return {"error": "it is not MusicXML that verovio can read"}
    return {"systems": [toolkit.renderToSVG(page) for page in range(1, toolkit.getPageCount() + 1)]}


if __name__ == "__main__":
    main()
