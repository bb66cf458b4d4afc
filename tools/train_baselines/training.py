"""Training a network on texts for so many minutes, with checkpoints from which it goes on."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import count
from pathlib import Path
from random import Random
from typing import TypeAlias

import torch
from symbols import END
from torch import Tensor, nn

__all__ = ["LONGEST", "Batching", "streams", "train", "whole_texts"]

Batches: TypeAlias = Iterator[tuple[Tensor, Tensor]]
"""What is read and what is foretold, (texts, symbols)."""
Batching: TypeAlias = Callable[[Sequence[Sequence[int]], int], Batches]
"""Batches of texts in numbers, by a seed."""

LONGEST = 2048
"""Texts read one by one are cut to so many symbols."""
BATCH = 2048
"""Symbols in a batch, those included that fill up shorter texts."""
POOL = 512
"""Texts that are sorted by length, so that batches are full."""
STREAMS, WINDOW = 64, 32
"""Streams side by side, and the symbols of each in a batch: as many rows as use a CPU well."""
WARM_UP, FALL = 0.02, 0.4
CHECKPOINT_S = 120
IGNORED = -100


def whole_texts(lines: Sequence[Sequence[int]], seed: int) -> Batches:
    """All texts once, each from its beginning, in an order of chance: for a network that sees one batch at a time."""
    random = Random(seed)
    order = random.sample(range(len(lines)), len(lines))
    found: list[list[int]] = []
    for start in range(0, len(order), POOL):
        pool = sorted(order[start : start + POOL], key=lambda row: len(lines[row]))
        while pool:
            rows = [pool.pop()]
            longest = min(len(lines[rows[0]]) + 1, LONGEST)
            while pool and (len(rows) + 1) * longest <= BATCH:
                rows.append(pool.pop())
            found.append(rows)
    random.shuffle(found)
    for rows in found:
        cut = [[END, *lines[row], END][: LONGEST + 1] for row in rows]
        longest = max(map(len, cut)) - 1
        read = torch.full((len(cut), longest), END)
        told = torch.full((len(cut), longest), IGNORED)
        for at, line in enumerate(cut):
            read[at, : len(line) - 1] = torch.tensor(line[:-1])
            told[at, : len(line) - 1] = torch.tensor(line[1:])
        yield read, told


def streams(lines: Sequence[Sequence[int]], seed: int) -> Batches:
    """All texts once, one after the other in an order of chance, as streams of which each batch reads on: for a network
    that remembers the batch before.
    """
    joined = [END]
    for row in Random(seed).sample(range(len(lines)), len(lines)):
        joined += [*lines[row], END]
    width = -(-(len(joined) - 1) // STREAMS)
    read, told = torch.full((STREAMS * width,), END), torch.full((STREAMS * width,), IGNORED)
    read[: len(joined) - 1] = torch.tensor(joined[:-1])
    told[: len(joined) - 1] = torch.tensor(joined[1:])
    yield from zip(read.view(STREAMS, -1).split(WINDOW, 1), told.view(STREAMS, -1).split(WINDOW, 1), strict=True)


def train(
    network: nn.Module,
    lines: Sequence[Sequence[int]],
    batches: Batching,
    optimiser: torch.optim.Optimizer,
    *,
    minutes: float,
    seed: int,
    checkpoint: Path,
    say: Callable[[str], None],
) -> dict[str, float | int]:
    """Train until the minutes are over, those before a checkpoint included; how much was read, and the last loss.

    On a CPU they are minutes of its work, so that a busy machine changes nothing; with CUDA, of the clock.

    The learning rates rise to those of the optimiser for the first 2 % of the time, and fall to nothing in a straight
    line for the last 40 %.
    A network gives logits and what it remembers, which it is given with the next batch.
    """
    device = next(network.parameters()).device
    rates = [group["lr"] for group in optimiser.param_groups]
    state = {"spent_s": 0.0, "symbols": 0, "steps": 0, "epoch": 0, "batch": 0, "loss": 0.0}
    if checkpoint.exists():
        kept = torch.load(checkpoint, map_location=device, weights_only=True)
        network.load_state_dict(kept["network"])
        optimiser.load_state_dict(kept["optimiser"])
        state = kept["state"]
        say(f"goes on after {state['spent_s'] / 60:.1f} minutes")
    clock = time.process_time if device.type == "cpu" else time.monotonic
    before_s, started_s = state["spent_s"], clock()
    saved_s = started_s
    network.train()
    for epoch in count(int(state["epoch"])):
        memory = None
        for number, (read, told) in enumerate(batches(lines, seed + epoch)):
            if epoch == state["epoch"] and number < state["batch"]:
                continue
            state["spent_s"] = before_s + clock() - started_s
            share = state["spent_s"] / (60 * minutes)
            if share >= 1:
                _keep(checkpoint, network, optimiser, state)
                return state
            for group, rate in zip(optimiser.param_groups, rates, strict=True):
                group["lr"] = rate * min(share / WARM_UP, 1.0, (1 - share) / FALL)
            with torch.autocast(device.type, torch.bfloat16):
                logits, memory = network(read.to(device), memory)
            loss = nn.functional.cross_entropy(
                logits.flatten(0, 1).float(), told.to(device).flatten(), ignore_index=IGNORED
            )
            if not torch.isfinite(loss):
                raise SystemExit(f"the loss is {loss.item()} at step {state['steps']}; try a lower rate")
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            smooth = min(0.95, state["steps"] / (state["steps"] + 1))
            state["loss"] = smooth * state["loss"] + (1 - smooth) * loss.item()
            state["steps"] += 1
            state["symbols"] += int((told != IGNORED).sum())
            state |= {"epoch": epoch, "batch": number + 1}
            if state["steps"] % 20 == 0:
                say(f"{state['spent_s'] / 60:.1f} minutes, {state['symbols']:,} symbols, {state['loss']:.3f} nats each")
            if clock() - saved_s > CHECKPOINT_S:
                _keep(checkpoint, network, optimiser, state)
                saved_s = clock()
    return state


def _keep(
    checkpoint: Path, network: nn.Module, optimiser: torch.optim.Optimizer, state: dict[str, float | int]
) -> None:
    temporary = checkpoint.with_suffix(".tmp")
    torch.save({"network": network.state_dict(), "optimiser": optimiser.state_dict(), "state": state}, temporary)
    os.replace(temporary, checkpoint)
