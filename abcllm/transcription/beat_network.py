"""The network that hears beats: convolutions over events and two bidirectional gated recurrent layers, in numpy.

It gives each event the log odds that it is a beat and a downbeat, and how likely each beat period is there. Shape
after PM2S (Liu et al., "Performance MIDI-to-score conversion by neural beat tracking", ISMIR 2022); the gates are
those of Cho et al. 2014. The weights were trained on performances made of scores under CC0 and CC BY and in the public
domain (`tools/train_beats`).
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["PERIODS_S", "BeatOdds", "hear_beats"]

PERIODS_S: Final = np.geomspace(0.18, 2.6, 32)
WEIGHTS_PATH: Final = Path(__file__).with_name("beats.npz")
DILATIONS: Final = (1, 2, 4)

Floats = NDArray[np.float32]


class BeatOdds(NamedTuple):
    """For each event: log odds of a beat and of a downbeat, and log likelihoods of the periods `PERIODS_S`."""

    beat: Floats
    downbeat: Floats
    period: Floats


@cache
def _weights() -> dict[str, Floats]:
    with np.load(WEIGHTS_PATH, allow_pickle=False) as kept:
        return {name: kept[name].astype(np.float32) for name in kept.files}


def hear_beats(features: Floats) -> BeatOdds:
    """What the network makes of the features of events in order (`describe_events`)."""
    weights = _weights()
    x = np.maximum(features @ weights["enter.weight"].T + weights["enter.bias"], 0)
    for index, dilation in enumerate(DILATIONS):
        kernel, bias = weights[f"convolutions.{index}.weight"], weights[f"convolutions.{index}.bias"]
        x = x + np.maximum(_convolve(x, kernel, dilation) + bias, 0)
    for layer in (0, 1):
        x = _recur(x, weights, layer)
    out = x @ weights["leave.weight"].T + weights["leave.bias"]
    period = out[:, 2:] - np.logaddexp.reduce(out[:, 2:], axis=1, keepdims=True)
    return BeatOdds(out[:, 0], out[:, 1], period)


def _convolve(x: Floats, kernel: Floats, dilation: int) -> Floats:
    """Same-length convolution over events with a kernel of (out, in, taps)."""
    taps = kernel.shape[2]
    reach = dilation * (taps // 2)
    padded = np.pad(x, ((reach, reach), (0, 0)))
    count = len(x)
    total: Floats = sum(
        (padded[tap * dilation : tap * dilation + count] @ kernel[:, :, tap].T for tap in range(taps)),
        start=np.zeros((count, kernel.shape[0]), np.float32),
    )
    return total


def _recur(x: Floats, weights: dict[str, Floats], layer: int) -> Floats:
    """A bidirectional GRU; both directions are stepped together."""
    names = [f"l{layer}", f"l{layer}_reverse"]
    rows = (x, x[::-1])
    given = np.stack(
        [
            row @ weights[f"recurrent.weight_ih_{name}"].T + weights[f"recurrent.bias_ih_{name}"]
            for row, name in zip(rows, names, strict=True)
        ],
        1,
    )
    matrix = np.stack([weights[f"recurrent.weight_hh_{name}"].T for name in names])
    bias = np.stack([weights[f"recurrent.bias_hh_{name}"] for name in names])
    width = matrix.shape[1]
    state = np.zeros((2, width), np.float32)
    states = np.zeros((len(x), 2, width), np.float32)
    for index, step in enumerate(given):
        inner = np.matmul(state[:, None], matrix)[:, 0] + bias
        gates = 1 / (1 + np.exp(-(step[:, : 2 * width] + inner[:, : 2 * width])))
        fresh = np.tanh(step[:, 2 * width :] + gates[:, :width] * inner[:, 2 * width :])
        state = fresh + gates[:, width:] * (state - fresh)
        states[index] = state
    return np.concatenate([states[:, 0], states[::-1, 1]], 1)
