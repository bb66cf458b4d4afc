"""One step of training, as the driver orders it: read from the environment variable TRY_TRAINERS."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from datasets import Dataset

__all__ = ["Job", "load_rows", "read_job"]


class Job(NamedTuple):
    """Train the model in the folder `model` on the first `rows` of `files`, and leave what came of it in `out`.

    `stage` is `pretrain` or `sft`, `form` one of those that `abcllm data build` writes.
    """

    stage: str
    form: str
    files: list[str]
    rows: int
    model: str
    out: str
    rate: float = 1e-3
    most_tokens: int = 256


def read_job() -> Job:
    """The job that this process was given."""
    return Job(**json.loads(os.environ["TRY_TRAINERS"]))


def load_rows(job: Job, most: int | None = None) -> Dataset:
    """The rows of all files, or the first of them, read as all the trainers read them."""
    from datasets import Dataset, concatenate_datasets, load_dataset

    if job.form == "arrow":
        rows = concatenate_datasets([Dataset.from_file(name) for name in job.files])
    else:
        rows = load_dataset("json", data_files=job.files, split="train")
    return rows if most is None else rows.select(range(min(most, len(rows))))
