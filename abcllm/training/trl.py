"""The same corpora through TRL's SFTTrainer, for those without xtuner: `python -m abcllm.training.trl CONFIG.yaml`.

A config says base, corpus and stage, then `lora`, `quantization` and `training` in the words of peft's `LoraConfig`,
transformers' `BitsAndBytesConfig` and TRL's `SFTConfig`.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

import torch
import yaml
from datasets import Dataset
from peft import LoraConfig
from transformers import AutoModelForCausalLM, AutoTokenizer, BitsAndBytesConfig, TrainerCallback
from transformers.trainer_utils import get_last_checkpoint
from transformers.utils import is_flash_attn_2_available
from trl import SFTConfig, SFTTrainer

from ..errors import ConfigError, TrainingError, UsageError
from ..files import read_bytes, write_atomically
from .batches import flatten, stack_rows
from .choices import choose_base, choose_corpus, has_cuda
from .corpora import load_rows
from .launching import LAST
from .record import write_record

__all__ = ["Recipe", "main", "read_config", "rows_of", "settle", "train"]


@dataclass(frozen=True)
class Recipe:
    """A config of this module. Without `lora` all parameters are trained; `quantization` is left out without CUDA.

    `on_cpu`: the base is small enough for a machine without CUDA; another falls back to the model that ships.
    """

    base: str
    corpus: str
    stage: str
    max_length: int
    training: dict[str, Any] = field(default_factory=dict)
    lora: dict[str, Any] | None = None
    quantization: dict[str, Any] | None = None
    on_cpu: bool = False


def read_config(path: Path, settings: Sequence[str] = ()) -> Recipe:
    """The config of a file, with values of it replaced (`training.learning_rate=1e-4`). Raises `ConfigError`."""
    try:
        table = yaml.safe_load(read_bytes(path).decode("utf-8"))
        for setting in settings:
            key, _, value = setting.partition("=")
            *groups, name = key.split(".")
            group = table
            for one in groups:
                group = group.setdefault(one, {})
            group[name] = yaml.safe_load(value)
    except (yaml.YAMLError, UnicodeDecodeError, AttributeError, TypeError) as fault:
        raise ConfigError([f"{path}: not a config: {fault}"]) from None
    if not isinstance(table, dict):
        raise ConfigError([f"{path}: not a config, which is KEY: VALUE in every line"])
    kinds = {"base": str, "corpus": str, "stage": str, "max_length": int}
    known = {one.name for one in fields(Recipe)}
    needed = {one.name for one in fields(Recipe) if one.default is MISSING and one.default_factory is MISSING}
    problems = [f"{path}: {key}: no such key; keys are {', '.join(sorted(known))}" for key in table.keys() - known]
    problems += [f"{path}: {key}: missing" for key in sorted(needed - table.keys())]
    problems += [
        f"{path}: {key}: must be {'a number' if kind is int else 'a text'}, not {table[key]!r}"
        for key, kind in kinds.items()
        if key in table and not isinstance(table[key], kind)
    ]
    if table.get("stage") not in ("pretrain", "sft"):
        problems.append(f"{path}: stage: must be pretrain or sft")
    if problems:
        raise ConfigError(problems)
    return Recipe(**table)


def settle(recipe: Recipe) -> Recipe:
    """The config with the base and the corpus that are taken here (see `choose_base`, `choose_corpus`)."""
    base = choose_base(recipe.base, on_cpu=recipe.on_cpu)
    return replace(recipe, base=base, corpus=choose_corpus(recipe.corpus))


def rows_of(recipe: Recipe) -> tuple[Dataset, Any]:
    """The packed rows that a settled config trains on, and the tokenizer that reads them."""
    rows = load_rows(recipe.corpus, recipe.stage, recipe.base, recipe.max_length)
    return rows, AutoTokenizer.from_pretrained(recipe.base)


def train(recipe: Recipe, folder: Path, resume: str = "") -> None:
    """Train, and leave the model (or its adapter) in `folder`. Raises `TrainingError` where the loss is no number."""
    recipe = settle(recipe)
    rows, tokenizer = rows_of(recipe)
    cuda = has_cuda()
    flash = cuda and is_flash_attn_2_available()
    settings = SFTConfig(
        output_dir=str(folder),
        use_cpu=not cuda,
        bf16=cuda,
        remove_unused_columns=False,
        dataset_kwargs={"skip_prepare_dataset": True},
        logging_nan_inf_filter=False,
        report_to=["tensorboard"],
        **recipe.training,
    )
    trainer = SFTTrainer(
        model=AutoModelForCausalLM.from_pretrained(
            recipe.base,
            dtype=torch.bfloat16 if cuda else torch.float32,
            attn_implementation="flash_attention_2" if flash else "sdpa",
            quantization_config=BitsAndBytesConfig(**recipe.quantization) if recipe.quantization and cuda else None,
        ),
        args=settings,
        train_dataset=rows,
        data_collator=_collator(flash),
        processing_class=tokenizer,
        peft_config=LoraConfig(task_type="CAUSAL_LM", **recipe.lora) if recipe.lora else None,
        callbacks=[_FiniteLoss()],
    )
    known: dict[str, Any] = {
        "base": recipe.base,
        "corpus": recipe.corpus,
        "seed": settings.seed,
        "processes": settings.world_size,
    }
    if trainer.is_world_process_zero():
        folder.mkdir(parents=True, exist_ok=True)
        write_record(folder, **known, losses=[])
    trainer.train(resume_from_checkpoint=_checkpoint(folder) if resume == "last" else resume or None)
    trainer.save_model()
    if trainer.is_world_process_zero():
        write_record(folder, **known, losses=[row["loss"] for row in trainer.state.log_history if "loss" in row])
        write_atomically(folder / LAST, str(folder), overwrite=True)


def _checkpoint(folder: Path) -> str:
    found = get_last_checkpoint(str(folder)) if folder.is_dir() else None
    if found is None:
        raise UsageError(f"{folder} has no checkpoint: there is no run to resume; leave --resume out")
    return str(found)


def _collator(flash: bool) -> Callable[[Sequence[Mapping[str, Sequence[int]]]], dict[str, torch.Tensor]]:
    return (lambda rows: flatten(stack_rows(rows))) if flash else stack_rows


class _FiniteLoss(TrainerCallback):  # type: ignore[misc]
    """Stops at the first logged loss that is no number, before it is saved."""

    def on_log(self, args: Any, state: Any, control: Any, logs: dict[str, Any] | None = None, **_: Any) -> None:
        loss = (logs or {}).get("loss", 0.0)
        if not torch.isfinite(torch.tensor(loss)):
            raise TrainingError(
                f"the loss is {loss} at step {state.global_step}; resume from the last checkpoint with a lower rate "
                "(training.learning_rate=...), or look for broken rows with `abcllm train CONFIG --dry-run`"
            )


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the command line and train: one process of what `abcllm train` launches."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("config", type=Path)
    parser.add_argument("--folder", type=Path, required=True, help="where to")
    parser.add_argument("--resume", default="", help="a checkpoint to go on from, or `last`")
    parser.add_argument("--settings", nargs="*", default=(), help="KEY=VALUE, values of the config to be replaced")
    options = parser.parse_args(arguments)
    train(read_config(options.config, options.settings), options.folder, options.resume)


if __name__ == "__main__":
    main()
