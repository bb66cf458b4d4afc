"""The network in PyTorch, its batches and its training; `export` gives the weights as the package reads them."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from performing import Performed, break_chords, coarsen, layer, perform_score
from scores import PlainScore
from torch import Tensor, nn

from abcllm.transcription.beat_features import FEATURE_COUNT, describe_events, gather_events
from abcllm.transcription.beat_network import PERIODS_S

__all__ = ["BeatNetwork", "export", "train"]

WINDOW = 256
NEAR_S = 0.045


class BeatNetwork(nn.Module):
    """Convolutions over neighbouring events, two bidirectional GRUs, one linear layer of outputs."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.enter = nn.Linear(FEATURE_COUNT, width)
        self.convolutions = nn.ModuleList(nn.Conv1d(width, width, 5, padding=2 * d, dilation=d) for d in (1, 2, 4))
        self.recurrent = nn.GRU(width, width, num_layers=2, bidirectional=True, batch_first=True)
        self.leave = nn.Linear(2 * width, 2 + len(PERIODS_S))
        self.drop = nn.Dropout(0.15)

    def forward(self, features: Tensor) -> Tensor:
        x = torch.relu(self.enter(features))
        for convolution in self.convolutions:
            x = x + torch.relu(convolution(x.transpose(1, 2)).transpose(1, 2))
        y, _ = self.recurrent(self.drop(x))
        z: Tensor = self.leave(self.drop(y))
        return z


def label(played: Performed, chance: np.random.Generator) -> tuple[NDArray[np.float32], NDArray[np.float32]] | None:
    """Features and labels (beat, downbeat, period bin, weight) of one window of events."""
    if len(played.notes) < 16:
        return None
    events = gather_events(played.notes[:, 0])
    features = describe_events(events, played.notes)
    times, beats = events.times_s, played.beats
    labels = np.zeros((len(times), 4), np.float32)
    nearest = np.clip(np.searchsorted(times, beats[:, 0]), 1, len(times) - 1)
    nearest -= beats[:, 0] - times[nearest - 1] < times[nearest] - beats[:, 0]
    near = np.abs(times[nearest] - beats[:, 0]) < NEAR_S
    labels[nearest[near], 0] = 1
    labels[nearest[near & (beats[:, 1] > 0)], 1] = 1
    intervals = np.diff(beats[:, 0])
    smooth = np.convolve(np.pad(np.log(intervals), 1, "edge"), [0.25, 0.5, 0.25], "valid")
    index = np.clip(np.searchsorted(beats[:, 0], times, "right") - 1, 0, len(smooth) - 1)
    labels[:, 2] = np.abs(smooth[index][:, None] - np.log(PERIODS_S)).argmin(1)
    labels[:, 3] = (times > beats[0, 0] - 0.05) & (times < beats[-1, 0] + 0.05)
    first = int(chance.integers(0, max(len(times) - WINDOW, 0) + 1))
    cut = slice(first, first + WINDOW)
    padded = np.zeros((WINDOW, FEATURE_COUNT), np.float32), np.zeros((WINDOW, 4), np.float32)
    padded[0][: len(times[cut])], padded[1][: len(times[cut])] = features[cut], labels[cut]
    return padded


def loss_of(out: Tensor, labels: Tensor) -> Tensor:
    weight = labels[..., 3]
    bce = nn.functional.binary_cross_entropy_with_logits
    beat = bce(out[..., 0], labels[..., 0], reduction="none")
    down = bce(out[..., 1], labels[..., 1], reduction="none")
    period = nn.functional.cross_entropy(
        out[..., 2:].transpose(1, 2), labels[..., 2].long(), reduction="none", label_smoothing=0.05
    )
    total: Tensor = ((beat + down + 0.25 * period) * weight).sum() / weight.sum()
    return total


def _density(score: PlainScore) -> float:
    """Onsets a beat. The denser of two scores is performed: concert music is denser than what was printed for homes."""
    return len(np.unique(score.notes[:, 0])) / len(score.beats)


def train(
    scores: Sequence[Sequence[PlainScore]],
    shares: Sequence[float],
    reworked: Sequence[float],
    *,
    width: int,
    minutes: float,
    seed: int,
    batch: int,
    rate: float,
    begin: dict[str, Tensor] | None,
    keep: Callable[[BeatNetwork], None],
) -> BeatNetwork:
    """Train on performances made as they are needed, for so many minutes; `keep` is called now and then.

    Of each kind of scores such a share of all is performed, and such a share of these `reworked`: in broken chords, in
    beats twice as long.
    """
    chance = np.random.default_rng(seed)
    torch.manual_seed(seed)
    network = BeatNetwork(width)
    if begin:
        network.load_state_dict(begin)
    optimiser = torch.optim.AdamW(network.parameters(), lr=rate, weight_decay=1e-3)
    started = time.monotonic()
    step, seen, kept = 0, 0.0, 0.0
    while (gone := (time.monotonic() - started) / 60 / minutes) < 1:
        now = rate * min(1.0, (step + 1) / 50) * (0.5 + 0.5 * np.cos(np.pi * gone)) + 1e-5
        for group in optimiser.param_groups:
            group["lr"] = now
        rows = []
        while len(rows) < batch:
            kind = chance.choice(len(scores), p=shares)
            book = scores[kind]
            chosen = [book[index] for index in chance.integers(len(book), size=8)]
            score = max(chosen[:2], key=_density)
            if len(np.unique(score.notes[:, 3])) == 1:
                score = layer([score, *chosen[2:]], chance)
            if chance.random() < 0.5 * reworked[kind]:
                score = break_chords(score, chance)
            if chance.random() < 0.6 * reworked[kind]:
                score = coarsen(score)
            row = label(perform_score(score, chance), chance)
            if row is not None:
                rows.append(row)
        features = torch.from_numpy(np.stack([row[0] for row in rows]))
        labels = torch.from_numpy(np.stack([row[1] for row in rows]))
        loss = loss_of(network(features), labels)
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        step += 1
        seen = 0.97 * seen + 0.03 * loss.item()
        if step % 50 == 0:
            print(f"{step} steps, {gone:.0%}, loss {seen / (1 - 0.97**step):.4f}", flush=True)
        if gone - kept > 0.2:
            keep(network)
            kept = gone
    keep(network)
    return network


def export(network: BeatNetwork) -> dict[str, NDArray[np.float16]]:
    """The weights by the names that the package reads, in half precision."""
    return {name: value.detach().numpy().astype(np.float16) for name, value in network.state_dict().items()}
