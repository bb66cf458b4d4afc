"""Packed rows as tensors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch

from .packing import IGNORED

__all__ = ["flatten", "stack_rows"]


def stack_rows(rows: Sequence[Mapping[str, Sequence[int]]]) -> dict[str, torch.Tensor]:
    """`input_ids`, `labels` and `position_ids`, each (rows, tokens) int64; shorter rows are filled up.

    There is no mask: attention is kept within texts by their positions. What comes first in a text is not learned, for
    nothing foretells it but the text before.
    """
    longest = max(len(row["input_ids"]) for row in rows)

    def column(name: str, filler: int) -> torch.Tensor:
        return torch.tensor([[*row[name], *[filler] * (longest - len(row[name]))] for row in rows])

    ids, labels, positions = column("input_ids", 0), column("labels", IGNORED), column("position_ids", 0)
    return {"input_ids": ids, "labels": labels.masked_fill(positions == 0, IGNORED), "position_ids": positions}


def flatten(batch: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """All rows in one, (1, rows * tokens): in it alone does flash-attention tell texts apart by their positions."""
    return {name: column.reshape(1, -1) for name, column in batch.items()}
