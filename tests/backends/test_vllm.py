"""vLLM in this process: what it is asked, by a stand-in of its two names that are used."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from abcllm.backends import Sampling, get_backend
from abcllm.backends.vllm import VllmBackend
from abcllm.conversation import Conversation, Message
from abcllm.errors import BackendError, MissingExtra, ModelNotFound

ASKED = Conversation((Message("user", "A reel?"),))
STAND_IN = '''
from types import SimpleNamespace

class SamplingParams(SimpleNamespace):
    """What is drawn."""

class LLM:
    def __init__(self, model, load_format, trust_remote_code, enable_prefix_caching):
        if model == "gone":
            raise OSError("gone is no model\\nand more")
        assert load_format == "safetensors" and not trust_remote_code
        self.asked = []

    def chat(self, messages, parameters, use_tqdm, add_generation_prompt, continue_final_message):
        assert add_generation_prompt != continue_final_message
        self.asked.append((messages, parameters))
        if any(len(one[-1]["content"]) > 1000 for one in messages):
            raise ValueError("the prompt is too long")
        return [SimpleNamespace(outputs=[SimpleNamespace(text=self.say(one, parameters.seed))]) for one in messages]

    def say(self, messages, seed):
        if messages[-1]["role"] == "user":
            return "X:1\\nM:4/4\\nL:1/4\\nK:D\\nD E F G|A B c d e|"
        return "A8|" if seed < 2 else "A4|]\\n"
'''


@pytest.fixture
def vllm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    (tmp_path / "vllm.py").write_text(STAND_IN)
    monkeypatch.syspath_prepend(tmp_path)
    yield
    sys.modules.pop("vllm", None)


@pytest.mark.usefixtures("vllm")
def test_many_are_asked_at_once() -> None:
    engine = VllmBackend("tiny")
    sampling = Sampling(temperature=0.5, top_p=0.9, seed=3, max_tokens=7, guided=False)
    assert len(engine.generate_all([ASKED] * 3, sampling)) == 3
    ((messages, parameters),) = engine._model.asked
    assert messages == [[{"role": "user", "content": "A reel?"}]] * 3
    assert vars(parameters) == {"temperature": 0.5, "top_p": 0.9, "seed": 3, "max_tokens": 7}


@pytest.mark.usefixtures("vllm")
def test_a_tune_is_held_to_exact_bars() -> None:
    engine = get_backend("vllm:tiny")
    assert "".join(engine.generate(ASKED, Sampling())) == "X:1\nM:4/4\nL:1/4\nK:D\nD E F G|A4|]\n"


@pytest.mark.usefixtures("vllm")
def test_what_goes_wrong_is_said() -> None:
    with pytest.raises(ModelNotFound, match=r"vLLM cannot load gone: gone is no model$"):
        VllmBackend("gone")
    with pytest.raises(BackendError, match="the prompt is too long"):
        list(VllmBackend("tiny").generate(Conversation((Message("user", "A" * 2000),)), Sampling()))


@pytest.mark.skipif(find_spec("vllm") is not None, reason="vLLM is installed")
def test_without_vllm() -> None:
    with pytest.raises(MissingExtra, match="this needs vllm"):
        get_backend("vllm:tiny")
    with pytest.raises(ModelNotFound, match="name a folder"):
        get_backend("vllm")
