"""What a config leaves open: the base model, the corpus, and what is different where there is no CUDA.

`ABCLLM_BASE_MODEL` and `ABCLLM_DATA` name the first two. Without CUDA, where models of billions of parameters are out
of reach, they fall back to the small model that ships and to a sample of the tunes in `data/`, and say so.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import torch

from ..errors import ModelNotFound, UsageError
from ..models.folder import DEFAULT_MODEL, find_model

__all__ = ["choose_base", "choose_corpus", "find_deepspeed", "has_cuda", "settle"]

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = "sample"


def has_cuda() -> bool:
    """Whether torch finds a CUDA device."""
    return bool(torch.cuda.is_available())


def choose_base(default: str, *, on_cpu: bool = False) -> str:
    """The folder of the model that training starts from: `ABCLLM_BASE_MODEL`, or `default` (a name or a folder).

    `on_cpu`: it is small enough to be trained without CUDA, and nothing takes its place.
    A name is looked for in `models/` of the project, then among the models that ship. Raises `ModelNotFound`.
    """
    name = os.environ.get("ABCLLM_BASE_MODEL", "")
    if not (name or has_cuda() or on_cpu):
        _say(f"no CUDA here: the base is the small model that ships, not {default} (ABCLLM_BASE_MODEL names another)")
        name = DEFAULT_MODEL
    name = name or default
    here = ROOT / "models" / name
    try:
        return str(find_model(here if here.is_dir() else name).path.resolve())
    except ModelNotFound as fault:
        raise ModelNotFound(
            f"{fault}. Training starts from a folder in Hugging Face's form: bring one into models/ with "
            "`abcllm models import`, or name its folder in ABCLLM_BASE_MODEL"
        ) from None


def choose_corpus(default: str) -> str:
    """The corpus to learn from: `ABCLLM_DATA`, or the folder `default`; a folder of `abcllm data build`, or a file.

    Raises `UsageError` where there is none.
    """
    name = os.environ.get("ABCLLM_DATA", "")
    if not name and not has_cuda():
        _say(f"no CUDA here: the corpus is a sample of data/, not {default} (ABCLLM_DATA names another)")
        return SAMPLE
    path = Path(name or default)
    if not path.exists():
        raise UsageError(f"no corpus at {path}; build one with `abcllm data build`, and name it in ABCLLM_DATA")
    return str(path.resolve())


def settle(config: dict[str, Any], *, base: str, corpus: str, on_cpu: bool = False) -> None:
    """Fill in what a config leaves open: base and corpus (see `choose_base`, `choose_corpus`), and what needs CUDA.

    The base is put wherever the config says `pretrained_model_name_or_path`. Without CUDA, processes talk by gloo; and
    where `--deepspeed NAME` was asked for, which xtuner can answer with CUDA only, the settings of `configs/NAME.json`
    (or the file NAME) are put in here, in full precision.
    """
    data = choose_corpus(corpus)
    config["corpus"] = data
    config["train_dataloader"]["dataset"]["path"] = data
    _put(config, "pretrained_model_name_or_path", choose_base(base, on_cpu=on_cpu))
    if has_cuda():
        return
    config["env_cfg"] = {"mp_cfg": {"mp_start_method": "fork"}, "dist_cfg": {"backend": "gloo"}}
    if "--deepspeed" in sys.argv:
        config.update(_deepspeed(sys.argv[sys.argv.index("--deepspeed") + 1], config))
    else:
        config["runner_type"] = "abcllm.training.xtuner.GlooRunner"
        config["model_wrapper_cfg"] = {"type": "MMDistributedDataParallel", "device_ids": None}


def _put(settings: Any, name: str, value: str) -> None:
    """Give every `name` in nested settings this value."""
    if isinstance(settings, dict):
        if name in settings:
            settings[name] = value
        for key, inner in settings.items():
            if key != "__builtins__":
                _put(inner, name, value)
    elif isinstance(settings, list):
        for inner in settings:
            _put(inner, name, value)


def find_deepspeed(name: str) -> Path:
    """The DeepSpeed settings called `deepspeed_zero2`, ..., or a JSON file. Raises `UsageError`."""
    path = next((path for path in (Path(name), ROOT / "configs" / f"{name}.json") if path.is_file()), None)
    if path is None:
        known = ", ".join(sorted(path.stem for path in (ROOT / "configs").glob("deepspeed_*.json")))
        raise UsageError(f"no DeepSpeed settings are called {name}; there are {known}, or the path of a JSON file")
    return path


def _deepspeed(name: str, config: dict[str, Any]) -> dict[str, Any]:
    settings = json.loads(find_deepspeed(name).read_text(encoding="utf-8"))
    settings |= {"fp16": {"enabled": False}, "bf16": {"enabled": False}}
    optim_wrapper = config["optim_wrapper"]
    return {
        "runner_type": "FlexibleRunner",
        "optim_wrapper": {"type": "DeepSpeedOptimWrapper", "optimizer": optim_wrapper["optimizer"]},
        "strategy": {
            "type": "abcllm.training.xtuner.GlooDeepSpeedStrategy",
            "config": settings,
            "train_micro_batch_size_per_gpu": config["train_dataloader"]["batch_size"],
            "gradient_accumulation_steps": optim_wrapper.get("accumulative_counts", 1),
            "gradient_clipping": optim_wrapper["clip_grad"]["max_norm"],
            "exclude_frozen_parameters": True,
        },
    }


def _say(words: str) -> None:
    """Tell the person in front, once for all processes."""
    if os.environ.get("LOCAL_RANK", "0") == "0":
        sys.stderr.write(words + "\n")
