"""Whether the rows that the trainer's version of `datasets` makes of the files are what stands there: one line of JSON.

It guesses types from the first 10 MB of a file, and makes others fit as well as it can: text in one place and a list
in another become JSON in quotes, which would be trained on without a word.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from job import Job, load_rows, read_job

TRAINED = {"messages": "messages", "xtuner": "conversation", "text": "text"}


def main() -> None:
    job = read_job()
    rows = load_rows(job)
    changed = 0
    if column := TRAINED.get(job.form):
        changed = sum(row != line[column] for row, line in zip(rows[column], read_lines(job), strict=True))
    print(json.dumps({"rows": len(rows), "changed": changed}))


def read_lines(job: Job) -> Iterator[dict[str, Any]]:
    for name in job.files:
        with open(name, encoding="utf-8") as lines:
            yield from map(json.loads, lines)


main()
