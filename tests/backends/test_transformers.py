"""Models of transformers: a folder answers, guided or not; what must not be loaded is refused."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from abcllm.analysis.control_codes import irishman_codes
from abcllm.analysis.sections import count_bars
from abcllm.backends import Sampling, get_backend
from abcllm.backends.bars import BarGuide
from abcllm.backends.guiding import TuneGuide
from abcllm.backends.transformers import TransformersBackend
from abcllm.backends.writing import Task, write
from abcllm.conversation import Conversation, Message
from abcllm.errors import BackendError, ContextFull, ModelNotFound
from abcllm.reply import read_reply
from abcllm.request import Request

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")

ASKED = Conversation((Message("user", "X:1\nM:2/4\nL:1/4\nK:D\n"),))
TEMPLATE = "{% for message in messages %}{{ message['content'] }}{% endfor %}"


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny Llama that has learnt nothing, with a vocabulary of bytes."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers

    folder = tmp_path_factory.mktemp("tiny")
    signs = sorted(pre_tokenizers.ByteLevel.alphabet())
    backend = Tokenizer(models.BPE({sign: at for at, sign in enumerate([*signs, "<end>"])}, []))
    backend.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    backend.decoder = decoders.ByteLevel()
    tokenizer = transformers.PreTrainedTokenizerFast(tokenizer_object=backend, eos_token="<end>")
    tokenizer.chat_template = TEMPLATE
    tokenizer.save_pretrained(folder)
    torch.manual_seed(5)
    sizes = {"hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2}
    config = transformers.LlamaConfig(
        vocab_size=len(tokenizer), num_key_value_heads=1, max_position_embeddings=256, eos_token_id=256, **sizes
    )
    transformers.LlamaForCausalLM(config).save_pretrained(folder, safe_serialization=True)
    return folder


def test_the_same_seed_gives_the_same_answer(model: Path) -> None:
    engine = get_backend(f"transformers:{model}")
    said = ["".join(engine.generate(ASKED, Sampling(seed=seed, max_tokens=30, guided=False))) for seed in (1, 1, 2)]
    assert said[0] == said[1] != said[2]


def test_logits_are_those_of_the_model(model: Path) -> None:
    """Pieces read one by one, some taken back, give what the model gives for the whole text."""
    engine = TransformersBackend(str(model))
    batch = engine.engine.open(1)
    stream = batch.begin([10, 20, 30])
    batch.step([40])
    batch.step([50])
    del stream.ids[3:]
    batch.step([60])
    with torch.inference_mode():
        whole = engine.model(torch.tensor([[10, 20, 30, 60]])).logits[0, -1].numpy()
    assert stream.ids == [10, 20, 30, 60]
    assert abs(stream.logits - whole).max() < 1e-5


def test_a_tune_is_held_to_exact_bars(model: Path) -> None:
    """Noise of bytes, and yet the tune that begins in it is valid."""
    engine = TransformersBackend(str(model))
    header = ASKED.messages[0].text
    task = Task(
        engine.tokeniser.encode_prompt(ASKED), TuneGuide(header), Sampling(max_tokens=60), np.random.default_rng(1)
    )
    text = header + "".join(write(engine.engine, engine.tokeniser, task))
    assert read_reply(text).valid


def test_a_tune_that_is_asked_for_has_its_header_and_bars(model: Path) -> None:
    request = replace(Request.for_rhythm("jig"), bars=2)
    text = "".join(TransformersBackend(str(model)).compose(request, Sampling(max_tokens=20)))
    reply = read_reply(text)
    assert reply.valid
    assert str(reply.tunes[0].meter) == "6/8"


def test_control_codes_are_kept_to(model: Path) -> None:
    asked = ASKED.add("user", "S:2\nB:2\nE:0\nB:1\n")
    said = "".join(get_backend(f"transformers:{model}").generate(asked, Sampling(seed=4, max_tokens=120)))
    assert irishman_codes(said).bars == (2, 1)
    assert read_reply(said).diagnostics == ()


def test_an_answer_that_has_begun_is_gone_on_with(model: Path) -> None:
    guide = BarGuide(ASKED.messages[0].text + "d2|f2|", 4)
    said = "".join(get_backend(f"transformers:{model}").write_held(ASKED, guide, Sampling(seed=2, max_tokens=120)))
    tune = read_reply(ASKED.messages[0].text + "d2|f2|" + said).tunes[0]
    assert count_bars(tune) == 4


def test_every_byte_can_be_said(model: Path) -> None:
    tokeniser = TransformersBackend(str(model)).tokeniser
    assert sorted(tokeniser.bytes_of(number) for number in range(256)) == [bytes([number]) for number in range(256)]
    assert tokeniser.bytes_of(256) == b""
    assert tokeniser.bytes_of(10_000) == b""


def test_an_adapter_is_read_with_its_base(model: Path, tmp_path: Path) -> None:
    peft = pytest.importorskip("peft")
    base = transformers.AutoModelForCausalLM.from_pretrained(model)
    adapted = peft.get_peft_model(base, peft.LoraConfig(r=2, target_modules=["q_proj"], init_lora_weights=False))
    adapted.save_pretrained(tmp_path)
    plain, tuned = (TransformersBackend(str(folder)) for folder in (model, tmp_path))
    ids = [1, 2, 3]
    assert abs(plain.engine.open(1).begin(ids).logits - tuned.engine.open(1).begin(ids).logits).max() > 1e-6
    assert "".join(tuned.generate(ASKED, Sampling(max_tokens=5, guided=False))) is not None


def test_a_prompt_that_is_too_long(model: Path) -> None:
    asked = Conversation((Message("user", "A" * 300),))
    with pytest.raises(ContextFull, match="300 pieces; 256 are read"):
        list(TransformersBackend(str(model)).generate(asked, Sampling()))


def test_pickles_are_refused(tmp_path: Path) -> None:
    (tmp_path / "pytorch_model.bin").write_bytes(b"")
    with pytest.raises(ModelNotFound, match="as a pickle"):
        get_backend(f"transformers:{tmp_path}")


def test_an_adapter_of_a_base_with_pickles_is_refused(tmp_path: Path) -> None:
    base, adapter = tmp_path / "base", tmp_path / "adapter"
    base.mkdir()
    adapter.mkdir()
    (base / "pytorch_model.bin").write_bytes(b"")
    (adapter / "adapter_model.safetensors").write_bytes(b"")
    (adapter / "adapter_config.json").write_text(json.dumps({"base_model_name_or_path": str(base)}))
    with pytest.raises(ModelNotFound, match="as a pickle"):
        get_backend(f"transformers:{adapter}")
    (adapter / "adapter_config.json").write_text("{}")
    with pytest.raises(ModelNotFound, match="does not name its base"):
        get_backend(f"transformers:{adapter}")


def test_folders_that_hold_no_model(tmp_path: Path) -> None:
    with pytest.raises(ModelNotFound, match="has no weights"):
        get_backend(f"transformers:{tmp_path}")
    (tmp_path / "model.safetensors").write_bytes(b"")
    with pytest.raises(ModelNotFound, match="cannot be loaded"):
        get_backend(f"transformers:{tmp_path}")
    with pytest.raises(ModelNotFound, match="name a folder"):
        get_backend("transformers")


@pytest.mark.skipif(torch.cuda.is_available(), reason="an accelerator is there")
def test_four_bits_want_an_accelerator(model: Path) -> None:
    with pytest.raises(BackendError, match="four bits need an accelerator"):
        get_backend(f"transformers:4bit:{model}")
