"""The door to the engines: names, what every engine can do, and how to choose."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from abcllm import registry
from abcllm.backends import BACKENDS, DEFAULT_BACKEND, Backend, Sampling, get_backend
from abcllm.conversation import Conversation
from abcllm.errors import AbcllmError, ModelNotFound, UnknownName, UsageError
from abcllm.request import Compose, Request, read_request
from tests.tiny_models import write_model


class Echo(Backend):
    """Says what was said to it."""

    name = "echo"

    def generate(self, conversation: Conversation, sampling: Sampling) -> Iterator[str]:
        yield from (message.text for message in conversation.messages)


def test_an_engine_that_only_talks_is_asked_in_words_that_say_everything() -> None:
    request = Request.for_rhythm("slip jig", minor=True)
    said = "".join(Echo().compose(request, Sampling()))
    assert read_request(said) == Compose(request)


@pytest.mark.parametrize("name", BACKENDS)
def test_every_engine_loads_and_knows_its_name(name: str) -> None:
    engine = registry.load(BACKENDS[name])
    assert issubclass(engine, Backend)
    assert engine.name == name


def test_the_default_engine_is_there() -> None:
    assert get_backend().name == DEFAULT_BACKEND


def test_a_folder_alone_names_the_engine_that_runs_it(tmp_path: Path) -> None:
    small = write_model(tmp_path / "small")
    assert get_backend(str(small)).name == "neural"
    with pytest.raises(ModelNotFound, match="there is no folder"):
        get_backend(str(tmp_path / "none"))
    other = tmp_path / "other"
    other.mkdir()
    (other / "config.json").write_text('{"model_type": "gpt2"}')
    with pytest.raises(AbcllmError, match="other"):
        get_backend(str(other))


def test_an_unknown_engine_is_said_with_its_like() -> None:
    with pytest.raises(UnknownName, match="did you mean ngram"):
        get_backend("n-gram")


@pytest.mark.parametrize(
    "values", [{"temperature": -1}, {"temperature": 99}, {"top_p": 0}, {"top_p": 1.1}, {"max_tokens": 0}], ids=str
)
def test_choosing_that_makes_no_sense_is_refused(values: dict[str, float]) -> None:
    with pytest.raises(UsageError, match=next(iter(values))):
        Sampling(**values)  # type: ignore[arg-type]
