"""One step of training, as the driver orders it: read from the environment variable TRY_TRAINERS."""

from __future__ import annotations

import json
import os
from typing import NamedTuple

__all__ = ["Job", "read_job"]


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
