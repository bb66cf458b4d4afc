"""A tiny model, a small corpus, and runs of trainers in processes of their own, each made once for all tests."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 300
STEPS = 8

Shared = Callable[[str, Callable[[Path], None]], Path]
Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Shared:
    """`shared(name, make)` is a folder that `make` has filled, once for all workers."""
    pytest.importorskip("xtuner", reason="the training environment is not installed: make train-env")
    from filelock import FileLock

    base = tmp_path_factory.getbasetemp()
    root = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base

    def share(name: str, make: Callable[[Path], None]) -> Path:
        folder = root / "shared" / name
        folder.parent.mkdir(exist_ok=True)
        with FileLock(root / "shared" / f"{name}.lock"):
            if not folder.exists():
                make(folder)
        return folder

    return share


@pytest.fixture(scope="session")
def tiny_base(shared: Shared) -> Path:
    """A model of 0.1 M parameters with a byte-level vocabulary, as a Hugging Face folder."""
    return shared("tiny_base", make_tiny_base)


def make_tiny_base(folder: Path) -> None:
    import torch
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    marks = ["<unk>", "<s>", "</s>", "<|im_start|>", "<|im_end|>"]
    pieces = Tokenizer(models.BPE())
    pieces.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    pieces.decoder = decoders.ByteLevel()
    tunes = (ROOT / "data" / "ryans_mammoth" / "tunes.abc").read_text(encoding="utf-8")[:40_000]
    trainer = trainers.BpeTrainer(
        vocab_size=512,
        special_tokens=marks,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    pieces.train_from_iterator(tunes.splitlines(keepends=True), trainer)
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=pieces, bos_token="<s>", eos_token="</s>", unk_token="<unk>", pad_token="</s>"
    )
    tokenizer.add_special_tokens({"additional_special_tokens": marks[3:]})
    tokenizer.save_pretrained(folder)
    torch.manual_seed(0)
    shape = LlamaConfig(
        vocab_size=512,
        hidden_size=64,
        intermediate_size=128,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        bos_token_id=1,
        eos_token_id=2,
        pad_token_id=2,
    )
    LlamaForCausalLM(shape).save_pretrained(folder)


@pytest.fixture(scope="session")
def corpus(shared: Shared) -> Path:
    """The sample corpus."""
    from abcllm.corpus import build_corpus

    return shared("corpus", lambda folder: void(build_corpus(ROOT / "configs" / "corpus" / "sample.toml", folder)))


def void(_: object) -> None:
    """Nothing, of something."""


@pytest.fixture(scope="session")
def trained_by(tiny_base: Path, corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """`trained_by("xtuner", "train", ...)` runs a command in the environment, with the tiny base and the sample."""
    cache = tmp_path_factory.mktemp("cache")

    def run(*words: str | Path, **variables: str) -> subprocess.CompletedProcess[str]:
        environment = {
            **os.environ,
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "ABCLLM_BASE_MODEL": str(tiny_base),
            "ABCLLM_DATA": str(corpus),
            "HF_HOME": str(cache),
            "HF_HUB_OFFLINE": "1",
            "OMP_NUM_THREADS": "1",
            "CUDA_VISIBLE_DEVICES": "",
            **variables,
        }
        return subprocess.run(
            [str(word) for word in words],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )

    return run


@pytest.fixture(scope="session")
def short() -> list[str]:
    """The options that make a run of `STEPS` steps of it, with a checkpoint half way."""
    return [
        "--cfg-options",
        f"train_cfg.max_iters={STEPS}",
        f"param_scheduler.0.end={STEPS}",
        f"default_hooks.checkpoint.interval={STEPS // 2}",
        "train_dataloader.dataset.max_length=256",
        "custom_hooks.3.max_new_tokens=8",
    ]


@pytest.fixture(scope="session")
def sft_run(shared: Shared, trained_by: Run, short: list[str]) -> Path:
    """What `xtuner train configs/imelodist_sft.py` leaves."""

    def make(folder: Path) -> None:
        said = trained_by("xtuner", "train", "configs/imelodist_sft.py", "--work-dir", folder, *short)
        assert (folder / "last_checkpoint").exists(), said.stdout[-3000:] + said.stderr[-3000:]

    return shared("sft_run", make)
