"""A causal language model of Hugging Face's transformers: a folder, a LoRA adapter's folder, or a name on the hub.

`transformers:FOLDER`; `transformers:4bit:FOLDER` loads the weights in four bits (nf4), where an accelerator is there.
Weights as pickles and code that comes with a model are refused: to load them is to run what is in them. Answers are
chosen here, piece by piece from the logits, by what also writes for the shipped model, so that guidance is the same.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Final
from zlib import crc32

import numpy as np

from ..conversation import Conversation, Message
from ..errors import BackendError, ContextFull, MissingExtra, ModelNotFound
from ..request import Request
from . import Backend, Sampling
from .counts import drop_counts
from .forms import guide_answer
from .guiding import Guide
from .resampling import tune_begun, wording
from .sampling import Floats
from .writing import Stream, Task, write

__all__ = ["TransformersBackend"]

FOUR_BITS: Final = "4bit:"
ADAPTER: Final = "adapter_config.json"
TURN_ENDS: Final = ("<|im_end|>", "<|eot_id|>", "<end_of_turn>", "<|end|>")
"""Marks that end an answer, whether or not the model says so."""
CONTEXT: Final = 2048
"""Where a model does not say how much it reads."""


class TransformersBackend(Backend):
    """Answers with the model `where`. Raises `ModelNotFound`, `MissingExtra` and `BackendError`."""

    name = "transformers"

    def __init__(self, where: str = "") -> None:
        four_bits, where = where.startswith(FOUR_BITS), where.removeprefix(FOUR_BITS)
        if not where:
            raise ModelNotFound("name a folder or a model: transformers:FOLDER", backend=self.name)
        base = _check_folder(where) or where
        try:
            import torch
            from transformers import AutoModelForCausalLM, AutoTokenizer
        except ImportError as missing:
            raise MissingExtra(f"this needs {missing.name}: pip install 'abcllm[train]'", extra="train") from None
        on_gpu = torch.cuda.is_available()
        if four_bits and not on_gpu:
            raise BackendError("four bits need an accelerator, and there is none here", backend=self.name)
        options: dict[str, Any] = {"dtype": torch.bfloat16 if on_gpu else torch.float32}
        if four_bits:
            options["quantization_config"] = _four_bits(torch)
        try:
            model = AutoModelForCausalLM.from_pretrained(
                base, use_safetensors=True, trust_remote_code=False, **options
            )  # fmt: skip
            if base != where:
                model = _with_adapter(model, where)
            tokenizer = AutoTokenizer.from_pretrained(_tokenizer_home(where, base), trust_remote_code=False)
        except (OSError, ValueError, KeyError) as fault:
            raise ModelNotFound(f"{where} cannot be loaded: {str(fault).splitlines()[0]}", backend=self.name) from None
        self.model = model.eval() if four_bits or not on_gpu else model.to("cuda").eval()
        self.tokeniser = _Tokeniser(tokenizer, model)
        self.engine = _Engine(self.model)

    def generate(self, conversation: Conversation, sampling: Sampling) -> Iterator[str]:
        guide = guide_answer(conversation, sampling)
        if guide.text:
            yield guide.text
        yield from self.write_held(conversation, guide, sampling)

    def compose(self, request: Request, sampling: Sampling) -> Iterator[str]:
        guide = tune_begun(request, sampling)
        yield guide.text
        yield from self.write_held(Conversation((Message("user", wording(request)),)), guide, sampling)

    def write_held(self, conversation: Conversation, guide: Guide, sampling: Sampling) -> Iterator[str]:
        prompt = [*self.tokeniser.encode_prompt(conversation), *self.tokeniser.encode(guide.text)]
        random = np.random.default_rng([sampling.seed, crc32(np.array(prompt, np.int32).tobytes())])
        pieces = write(self.engine, self.tokeniser, Task(prompt, guide, sampling, random))
        return drop_counts(pieces, guide.text)


class _Tokeniser:
    """What the writing of answers wants to know of a vocabulary."""

    def __init__(self, tokenizer: Any, model: Any) -> None:
        self.tokenizer = tokenizer
        self.size = len(tokenizer)
        ends = model.generation_config.eos_token_id
        known = tokenizer.get_vocab()
        marks = [known[mark] for mark in TURN_ENDS if mark in known]
        ends = [*(ends if isinstance(ends, list) else [ends]), tokenizer.eos_token_id, *marks]
        ends = [end for end in ends if end is not None] or [-1]
        self.end_id, self.eos_id = ends[-1], ends[0]

    def encode_prompt(self, conversation: Conversation) -> list[int]:
        """The pieces that come before the answer, laid out as the model's chat template says."""
        messages = [{"role": message.role, "content": message.text} for message in conversation.messages]
        if self.tokenizer.chat_template:
            ids = self.tokenizer.apply_chat_template(messages, add_generation_prompt=True, return_dict=False)
        else:
            ids = self.tokenizer("\n\n".join(message["content"] for message in messages) + "\n\n")["input_ids"]
        return [int(piece) for piece in ids]

    def encode(self, text: str) -> list[int]:
        """The pieces of a text that goes on."""
        return [int(piece) for piece in self.tokenizer(text, add_special_tokens=False)["input_ids"]]

    def bytes_of(self, number: int) -> bytes:
        """The bytes that a piece stands for; none for marks."""
        if number in self._marks:
            return b""
        piece = self.tokenizer.convert_ids_to_tokens(number)
        if piece is None:
            return b""
        if self._byte_of is not None:
            known = all(sign in self._byte_of for sign in piece)
            return bytes(self._byte_of[sign] for sign in piece) if known else str(piece).encode()
        if len(piece) == 6 and piece.startswith("<0x") and piece.endswith(">"):
            return bytes([int(piece[3:5], 16)])
        return str(piece).replace("▁", " ").encode()

    @cached_property
    def _marks(self) -> frozenset[int]:
        added = self.tokenizer.added_tokens_decoder
        return frozenset({*self.tokenizer.all_special_ids, *(at for at, token in added.items() if token.special)})

    @cached_property
    def _byte_of(self) -> dict[str, int] | None:
        """The bytes that signs stand for in vocabularies of bytes (GPT-2's way); None for those of SentencePiece."""
        backend = getattr(self.tokenizer, "backend_tokenizer", None)
        if backend is not None and "ByteLevel" not in str(backend.decoder):
            return None
        if backend is None and not hasattr(self.tokenizer, "byte_decoder"):
            return None
        shown = [*range(33, 127), *range(161, 173), *range(174, 256)]
        hidden = [number for number in range(256) if number not in shown]
        return {**{chr(n): n for n in shown}, **{chr(256 + at): n for at, n in enumerate(hidden)}}


class _Engine:
    """One text at a time through the model."""

    def __init__(self, model: Any) -> None:
        self.model = model

    def open(self, streams: int) -> _Batch:
        return _Batch(self.model)


class _Batch:
    """The text under way, with the keys and values of what was read."""

    def __init__(self, model: Any) -> None:
        self.model = model
        self.context = int(getattr(model.config, "max_position_embeddings", CONTEXT))
        self.live: list[Stream] = []
        self.cache: Any = None

    def begin(self, ids: Sequence[int]) -> Stream:
        """Read the prompt. Raises `ContextFull`."""
        if not 0 < len(ids) < self.context:
            raise ContextFull(f"the text has {len(ids):,} pieces; {self.context:,} are read", backend="transformers")
        stream = Stream(0, list(ids), self._run(ids))
        self.live = [stream]
        return stream

    def step(self, pieces: Sequence[int]) -> None:
        """Read one piece more; what was taken back since is forgotten."""
        (stream,) = self.live
        self.cache.crop(len(stream.ids))
        stream.logits = self._run(pieces)
        stream.ids += pieces

    def end(self, stream: Stream) -> None:
        """The text is over."""
        self.live = []
        self.cache = None

    def _run(self, ids: Sequence[int]) -> Floats:
        """What the model expects after new pieces: logits (vocabulary,)."""
        import torch

        with torch.inference_mode():
            given = torch.tensor([list(ids)], device=self.model.device)
            found = self.model(input_ids=given, past_key_values=self.cache, use_cache=True)
        self.cache = found.past_key_values
        logits: Floats = found.logits[0, -1].float().cpu().numpy()
        return logits


def _check_folder(where: str) -> str:
    """The base model of a LoRA adapter's folder, else nothing. Raises `ModelNotFound` for folders without weights."""
    folder = Path(where)
    if not folder.is_dir():
        return ""
    is_adapter = (folder / ADAPTER).is_file()
    if not any(folder.glob("*.safetensors")):
        pickles = sorted(path.name for end in ("bin", "pt", "pth") for path in folder.glob(f"*.{end}"))
        if pickles:
            raise ModelNotFound(
                f"{folder} has its weights as a pickle ({pickles[0]}), and to load one is to run what is in it; "
                "convert them to safetensors",
                backend="transformers",
            )
        raise ModelNotFound(f"{folder} has no weights (*.safetensors)", backend="transformers")
    if not is_adapter:
        return ""
    try:
        base = json.loads((folder / ADAPTER).read_bytes())["base_model_name_or_path"]
    except (OSError, ValueError, LookupError, TypeError):
        raise ModelNotFound(f"{folder / ADAPTER} does not name its base model", backend="transformers") from None
    if Path(base).is_dir():
        _check_folder(base)
    return str(base)


def _with_adapter(model: Any, folder: str) -> Any:
    try:
        from peft import PeftModel
    except ImportError:
        raise MissingExtra("adapters need peft: pip install 'abcllm[train]'", extra="train") from None
    return PeftModel.from_pretrained(model, folder).merge_and_unload()


def _four_bits(torch: Any) -> Any:
    from transformers import BitsAndBytesConfig

    return BitsAndBytesConfig(
        load_in_4bit=True,
        bnb_4bit_quant_type="nf4",
        bnb_4bit_use_double_quant=True,
        bnb_4bit_compute_dtype=torch.bfloat16,
    )


def _tokenizer_home(where: str, base: str) -> str:
    """Where the vocabulary is: with the adapter, if it has its own."""
    return where if Path(where, "tokenizer_config.json").is_file() else base
