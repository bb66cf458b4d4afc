"""A model in another form: the Llama that every program reads, InternLM2, one ONNX file, or one for llama.cpp.

What is written is a new folder that is whole or not there.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex
from typing import Any, Final, Literal, TypeAlias, cast, get_args

from ..errors import BackendError, FileError
from .folder import VOCABULARY, ModelFolder
from .gguf_file import write_gguf
from .graph import build_graph
from .internlm2 import internlm2_config, internlm2_tensors, llama_config, llama_tensors
from .llama import Llama
from .weights import WEIGHTS, Dtype, open_weights, write_weights

__all__ = ["FORMS", "Form", "export_model", "new_folder"]

Form: TypeAlias = Literal["llama", "internlm2", "onnx", "gguf"]
FORMS: Final[tuple[str, ...]] = get_args(Form)
CONFIG: Final = "config.json"
VOCABULARY_CONFIG: Final = "tokenizer_config.json"
CARRIED: Final = (
    *("tokenizer.model", "tokenizer.json", "special_tokens_map.json", "added_tokens.json", "chat_template.jinja"),
    *("generation_config.json", "README.md", "LICENSE"),
)


def export_model(folder: ModelFolder, form: Form, out: Path) -> Path:
    """Write the model to the new folder `out`, with its vocabulary, in the precision it is stored in.

    ONNX has 8 bits, GGUF 16. An InternLM2 can be read too. Raises `FileError` where `out` is there already,
    `BackendError`, and what `write_gguf` raises.
    """
    where = str(folder.path / CONFIG)
    weights = open_weights(folder.path)
    is_internlm2 = folder.config.get("model_type") == "internlm2"
    config = llama_config(folder.config, where) if is_internlm2 else dict(folder.config)
    llama = Llama.from_config(config, where)
    tensors = llama_tensors(weights, llama) if is_internlm2 else weights
    if not is_internlm2:
        llama.check(weights, str(folder.path))
    with new_folder(out) as work:
        if form == "onnx":
            (work / "model.onnx").write_bytes(build_graph(llama, tensors).to_bytes(embedded=True))
        elif form == "gguf":
            write_gguf(work / "model.gguf", folder.name, llama, tensors, folder.path / VOCABULARY)
        else:
            dtype = cast(Dtype, weights.dtype(next(iter(weights))))
            if form == "internlm2":
                write_weights(work / WEIGHTS, internlm2_tensors(tensors, llama), dtype)
                config = internlm2_config(config)
            else:
                write_weights(work / WEIGHTS, {name: tensors[name] for name in llama.shapes()}, dtype)
        (work / CONFIG).write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
        _carry(folder.path, work)
    return out


@contextmanager
def new_folder(out: Path) -> Iterator[Path]:
    """A folder to write into, which takes the name `out` when all is written, and is removed where that fails.

    Raises `FileError` where `out` is there already, and where writing is impossible.
    """
    if out.exists():
        raise FileError(f"{out} exists already; name a folder that does not", path=str(out))
    work = out.with_name(f".{out.name}.{token_hex(4)}.tmp")
    try:
        work.mkdir(parents=True)
        yield work
        os.replace(work, out)
    except OSError as fault:
        raise FileError(f"cannot write {out}: {fault.strerror}", path=str(out)) from None
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _carry(source: Path, out: Path) -> None:
    """Copy the vocabulary and what is said of the model; code is never carried."""
    for name in CARRIED:
        if (source / name).is_file():
            shutil.copyfile(source / name, out / name)
    path = source / VOCABULARY_CONFIG
    if path.is_file():
        try:
            config: dict[str, Any] = json.loads(path.read_bytes())
        except ValueError as fault:
            raise BackendError(f"cannot read {path}: {fault}") from None
        if config.pop("auto_map", None):
            config["tokenizer_class"] = "LlamaTokenizer"
        (out / VOCABULARY_CONFIG).write_text(json.dumps(config, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
