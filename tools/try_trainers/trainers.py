"""The trainers: what each needs installed, which forms it reads, and how it is told to take one step."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

sys.path.append(str(Path(__file__).parent / "inside"))

from job import Job

__all__ = ["INSIDE", "TRAINERS", "Job", "Trainer"]

INSIDE = Path(__file__).parent / "inside"
TORCH = "torch==2.13.0"

Config = dict[str, Any]


class Trainer(NamedTuple):
    """How one trainer is tried.

    `package` is asked for its version, and `pip_calls` bring it into the environment `env`. `reads` has the forms by
    stage. `command` is run in a folder that holds `files`: configurations by name, as JSON, which is YAML too. It
    finds the modules of the folders `modules`.
    """

    package: str
    env: str
    pip_calls: tuple[tuple[str, ...], ...]
    reads: Mapping[str, tuple[str, ...]]
    command: tuple[str, ...]
    files: Callable[[Job], Mapping[str, Config]]
    modules: tuple[Path, ...] = (INSIDE,)


def xtuner_files(job: Job) -> dict[str, Config]:
    """A config of xtuner 0.2.0, with types by their names, for one step of all parameters without an accelerator."""
    map_fn = {"messages": "openai_map_fn", "text": "pretrain_map_fn"}.get(job.form)
    tokenizer = {"type": "transformers.AutoTokenizer.from_pretrained", "pretrained_model_name_or_path": job.model}
    llm = {"type": "transformers.AutoModelForCausalLM.from_pretrained", "pretrained_model_name_or_path": job.model}
    template = {
        "type": "xtuner.dataset.map_fns.template_map_fn_factory",
        "template": "xtuner.utils.PROMPT_TEMPLATE.internlm2_chat",
    }
    rows = {"type": "datasets.load_dataset", "path": "json", "data_files": job.files, "split": f"train[:{job.rows}]"}
    dataset = {
        "type": "xtuner.dataset.process_hf_dataset",
        "dataset": rows,
        "tokenizer": tokenizer,
        "max_length": job.most_tokens,
        "dataset_map_fn": f"xtuner.dataset.map_fns.{map_fn}" if map_fn else None,
        # a row of pre-training is a tune and no answer to anyone
        "template_map_fn": template if job.stage == "sft" else None,
        "remove_unused_columns": True,
        "pack_to_max_length": True,
        "map_num_proc": 1,
    }
    config = {
        "model": {"type": "on_cpu.CpuSupervisedFinetune", "llm": llm},
        "train_dataloader": {
            "batch_size": 2,
            "num_workers": 0,
            "dataset": dataset,
            "sampler": {"type": "mmengine.dataset.DefaultSampler", "shuffle": True},
            "collate_fn": {"type": "xtuner.dataset.collate_fns.default_collate_fn"},
        },
        "optim_wrapper": {
            "type": "mmengine.optim.OptimWrapper",
            "optimizer": {"type": "torch.optim.AdamW", "lr": job.rate},
        },
        "train_cfg": {"type": "xtuner.engine.runner.TrainLoop", "max_iters": 1},
        "default_hooks": {
            "logger": {"type": "mmengine.hooks.LoggerHook", "log_metric_by_epoch": False, "interval": 1},
            "checkpoint": {"type": "mmengine.hooks.CheckpointHook", "by_epoch": False, "interval": 1},
        },
        "log_processor": {"by_epoch": False},
        "randomness": {"seed": 0},
        "work_dir": job.out,
    }
    return {"config.json": config}


def llamafactory_files(job: Job) -> dict[str, Config]:
    """A config of LLaMA-Factory, and the list of data sets that it looks for."""
    shape: Config = {"columns": {"prompt": "text"}}
    if job.form == "messages":
        tags = {"role_tag": "role", "content_tag": "content"}
        tags |= {"user_tag": "user", "assistant_tag": "assistant", "system_tag": "system"}
        shape = {"formatting": "sharegpt", "columns": {"messages": "messages"}, "tags": tags}
    sets = {f"part{at}": {"file_name": name, **shape} for at, name in enumerate(job.files)}
    config = {
        "model_name_or_path": job.model,
        "stage": "sft" if job.form == "messages" else "pt",
        "do_train": True,
        "finetuning_type": "full",
        "template": "chatml",
        "dataset": ",".join(sets),
        "dataset_dir": ".",
        "max_samples": job.rows,
        "cutoff_len": job.most_tokens,
        "output_dir": job.out,
        "max_steps": 1,
        "per_device_train_batch_size": 2,
        "learning_rate": job.rate,
        "logging_steps": 1,
        "report_to": "none",
        "use_cpu": True,
    }
    return {"config.yaml": config, "dataset_info.json": sets}


def axolotl_files(job: Job) -> dict[str, Config]:
    """A config of Axolotl."""
    shape: Config = {"type": "completion", "field": "text"}
    if job.form == "messages":
        shape = {"type": "chat_template", "field_messages": "messages"}
    config = {
        "base_model": job.model,
        "datasets": [{"path": name, "ds_type": "json", "split": f"train[:{job.rows}]", **shape} for name in job.files],
        "chat_template": "tokenizer_default",
        "sequence_len": job.most_tokens,
        "output_dir": job.out,
        "max_steps": 1,
        "micro_batch_size": 2,
        "gradient_accumulation_steps": 1,
        "optimizer": "adamw_torch",
        "lr_scheduler": "constant",
        "learning_rate": job.rate,
        "logging_steps": 1,
        "bf16": False,
        "device": "cpu",
    }
    return {"config.yaml": config}


def no_files(job: Job) -> dict[str, Config]:
    """For a program that reads the job itself."""
    return {}


XTUNER_AND_TRL = (
    ("install", TORCH),  # first and alone: whoever asks for torch later finds it there
    (
        "install", TORCH, "transformers==4.57.6", "trl==1.16.0", "peft==0.21.2", "accelerate==1.15.0",
        "datasets==5.0.1", "bitsandbytes==0.50.2", "sentencepiece==0.2.3", "tiktoken==0.14.0", "einops==0.8.2",
        "mmengine==0.10.6", "openpyxl==3.1.5", "transformers-stream-generator==0.0.5", "loguru==0.7.3",
        "scikit-image==0.26.0",
    ),
    ("install", "--no-deps", "xtuner==0.2.0"),  # it pins older ones, but runs with these
)  # fmt: skip

TRAINERS = {
    "xtuner": Trainer(
        package="xtuner",
        env="xtuner-trl",
        pip_calls=XTUNER_AND_TRL,
        # not messages in pre-training: openai_map_fn leaves out what is said before the first word of the user
        reads={"pretrain": ("xtuner", "text"), "sft": ("xtuner", "messages")},
        command=("xtuner", "train", "config.json"),
        files=xtuner_files,
        modules=(INSIDE, INSIDE.with_name("beside_xtuner"), INSIDE.parents[1] / "beside_xtuner"),
    ),
    "trl": Trainer(
        package="trl",
        env="xtuner-trl",
        pip_calls=XTUNER_AND_TRL,
        reads={"pretrain": ("messages", "text", "arrow"), "sft": ("messages", "arrow")},
        command=("python", str(INSIDE / "trl_step.py")),
        files=no_files,
    ),
    "llamafactory": Trainer(
        package="llamafactory",
        env="llamafactory",
        pip_calls=(
            ("install", TORCH),
            ("install", TORCH, "llamafactory==0.9.5"),
            # they do not load beside a torch for the processor alone, and text needs neither
            ("uninstall", "--yes", "torchvision", "torchaudio"),
        ),
        reads={"pretrain": ("text",), "sft": ("messages",)},
        command=("llamafactory-cli", "train", "config.yaml"),
        files=llamafactory_files,
        modules=(INSIDE, INSIDE.with_name("beside_llamafactory")),
    ),
    "axolotl": Trainer(
        package="axolotl",
        env="axolotl",
        pip_calls=(("install", TORCH), ("install", TORCH, "axolotl==0.19.0")),
        reads={"pretrain": ("text",), "sft": ("messages",)},
        command=("axolotl", "train", "config.yaml"),
        files=axolotl_files,
    ),
}
