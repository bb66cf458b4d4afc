"""What a run would learn: two batches of a config, as text, what is learned told apart from what is only read."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from datasets import Dataset

from ..errors import ConfigError
from .packing import IGNORED

__all__ = ["preview", "show_rows"]

BATCHES = 2
MOST_TOKENS = 1000
"""Tokens of a row that are shown."""
LEARNED, READ, PLAIN = "\x1b[32m", "\x1b[2m", "\x1b[0m"
"""Green for what is learned, faint for what is only read."""


def preview(config: Path, settings: Sequence[str] = (), *, coloured: bool = False) -> str:
    """The first two batches of a config, with values of it replaced (`KEY=VALUE`). Raises what the run would raise."""
    if config.suffix == ".yaml":
        from .trl import read_config, rows_of, settle

        recipe = settle(read_config(config, settings))
        rows, tokenizer = rows_of(recipe)
        return show_rows(rows, tokenizer.decode, recipe.training["per_device_train_batch_size"], coloured=coloured)
    from mmengine.config import Config, DictAction
    from mmengine.runner import Runner
    from xtuner.registry import BUILDER

    reader = ArgumentParser()
    reader.add_argument("--cfg-options", nargs="*", default={}, action=DictAction)
    recipe = Config.fromfile(str(config))
    recipe.merge_from_dict(reader.parse_args(["--cfg-options", *settings]).cfg_options)
    if "tokenizer" not in recipe:
        raise ConfigError([f"{config}: no `tokenizer` at the top, which is needed to show tokens as text"])
    loader = Runner.build_dataloader(recipe.train_dataloader, seed=recipe.randomness.seed)
    order = [index for batch in _first(iter(loader.batch_sampler)) for index in batch]
    tokenizer = BUILDER.build(recipe.tokenizer)
    return show_rows(loader.dataset, tokenizer.decode, recipe.train_dataloader.batch_size, order, coloured)


def _first(batches: Iterator[Any]) -> list[Any]:
    return [batch for batch, _ in zip(batches, range(BATCHES), strict=False)]


def show_rows(
    rows: Dataset,
    decode: Callable[[list[int]], str],
    batch_size: int,
    order: Sequence[int] | None = None,
    coloured: bool = False,
) -> str:
    """The first two batches of rows (or those of `order`) as text, each text of a row on lines of its own.

    What is learned is green, or stands in ⟦ ⟧ where there are no colours.
    """
    order = range(min(BATCHES * batch_size, len(rows))) if order is None else order
    parts = []
    for place, index in enumerate(order):
        batch, number = divmod(place, batch_size)
        row = rows[index]
        learned = sum(label != IGNORED for label in row["labels"])
        parts.append(f"batch {batch + 1}, row {number + 1}: {len(row['input_ids'])} tokens, {learned} of them learned")
        parts.append(_paint(row, decode, coloured) + ("" if len(row["input_ids"]) <= MOST_TOKENS else " ..."))
    parts.append(f"{len(rows):,} rows in all, of {len(rows[0]['input_ids']):,} tokens")
    return "\n".join(parts)


def _paint(row: dict[str, list[int]], decode: Callable[[list[int]], str], coloured: bool) -> str:
    signs = {True: (LEARNED, PLAIN), False: (READ, PLAIN)} if coloured else {True: ("⟦", "⟧"), False: ("", "")}
    painted, was = "", False
    run: list[int] = []
    columns = [*zip(row["input_ids"], row["labels"], row["position_ids"], strict=True)]
    while columns[-1][1:] == (IGNORED, 0):  # what a row is filled up with
        columns.pop()
    for place, (token, label, position) in enumerate(columns):
        is_learned = label != IGNORED
        starts = position == 0 and place > 0
        if run and (starts or is_learned != was):
            painted += signs[was][0] + decode(run) + signs[was][1]
            run = []
        if starts:
            painted += "\n"
        if place == MOST_TOKENS:
            break
        run, was = [*run, token], is_learned
    return painted + (signs[was][0] + decode(run) + signs[was][1] if run else "")
