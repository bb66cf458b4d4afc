"""What a step left behind: its loss, and how many tensors of the model it moved. Printed as one line of JSON.

Trainers' exit codes are not asked: that of `xtuner train` is 0 even where training crashed.
"""

from __future__ import annotations

import json
from pathlib import Path

import torch
from job import Job, read_job
from safetensors.torch import load_file


def main() -> None:
    job = read_job()
    before, after = load_file(Path(job.model, "model.safetensors")), weights(Path(job.out))
    moved = 0
    for name, tensor in before.items():
        # Adam's first step is as long as the learning rate; what rounding alone does to a tensor is less than half
        moved += name in after and bool(((after[name].float() - tensor).abs().max() > job.rate / 2).item())
    print(json.dumps({"loss": loss(job), "moved": moved, "tensors": len(before)}))


def loss(job: Job) -> float | None:
    """The first loss that a trainer logged, None where it logged none."""
    for path in sorted(Path(job.out).rglob("trainer_state.json")):  # transformers
        for entry in json.loads(path.read_text(encoding="utf-8"))["log_history"]:
            if "loss" in entry:
                return float(entry["loss"])
    for path in sorted(Path(job.out).rglob("scalars.json")):  # mmengine
        for line in path.read_text(encoding="utf-8").splitlines():
            if "loss" in (entry := json.loads(line)):
                return float(entry["loss"])
    return None


def weights(out: Path) -> dict[str, torch.Tensor]:
    """The trained weights by the names of transformers, empty where there are none."""
    for path in sorted(out.rglob("*.safetensors")):
        return dict(load_file(path))
    for path in sorted(out.rglob("iter_1.pth")):  # a trusted file: the step before wrote it
        state = torch.load(path, weights_only=False)["state_dict"]
        return {name.removeprefix("llm."): tensor for name, tensor in state.items()}
    return {}


main()
