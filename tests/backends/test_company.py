"""Answers in company: they are what they are alone, and one that fails or goes leaves the others be."""

from __future__ import annotations

import gc
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from abcllm.backends import Sampling
from abcllm.backends.guiding import Guide
from abcllm.backends.neural import NeuralBackend
from abcllm.backends.neural.company import Company
from abcllm.backends.neural.engine import Engine
from abcllm.backends.writing import Task
from abcllm.conversation import Conversation, Message
from abcllm.errors import ContextFull, GenerationStopped
from abcllm.models.folder import find_model
from abcllm.models.tokeniser import Tokeniser
from tests.tiny_models import CountingBatch, CountingEngine, vocabulary, write_model

pytest.importorskip("sentencepiece")
pytest.importorskip("onnxruntime")

WORDS = ["so it goes on and on, as songs do, and " * 40]  # of which a model that counts finds no end


@pytest.fixture(scope="module")
def tokeniser(tmp_path_factory: pytest.TempPathFactory) -> Tokeniser:
    path = tmp_path_factory.mktemp("vocabulary") / "tokenizer.model"
    path.write_bytes(vocabulary())
    return Tokeniser(path)


@pytest.fixture
def company(tokeniser: Tokeniser) -> Company:
    return Company(CountingEngine(tokeniser, WORDS), tokeniser, seats=3)  # type: ignore[arg-type]


def task(tokeniser: Tokeniser, seed: int, pieces: int = 30) -> Task:
    return Task(tokeniser.encode("so"), Guide(), Sampling(max_tokens=pieces), np.random.default_rng(seed))


def test_in_company_answers_are_what_they_are_alone(tmp_path: Path) -> None:
    backend = NeuralBackend(str(write_model(tmp_path / "tiny")))
    asked = [Conversation((Message("user", f"a jig in {key}"),)) for key in "DGAEBCDG"]
    sampling = Sampling(seed=4, max_tokens=24)
    alone = ["".join(backend.generate(one, sampling)) for one in asked]
    with ThreadPoolExecutor(4) as threads:
        together = [*threads.map(lambda one: "".join(backend.generate(one, sampling)), asked)]
    assert together == alone
    assert len(set(alone)) == 6  # two were asked for twice
    assert backend.company.count == 0


def test_what_was_written_before_changes_nothing(tmp_path: Path) -> None:
    """The beginning of a text that is known comes to the very same numbers as one that is not."""
    engine = Engine(find_model(write_model(tmp_path / "tiny")), threads=1)
    ids = np.random.default_rng(3).integers(3, 1400, 40).tolist()
    batch = engine.open(4)
    first = batch.begin(ids)
    expected = first.logits
    batch.step([5])
    batch.end(first)
    other = batch.begin(ids[:30])
    for piece in ids[30:]:
        batch.step([piece])
    for known in (ids, [*ids[:35], 7, 8, 9], ids):
        again = batch.begin(known)
        if known == ids:
            assert np.array_equal(again.logits, expected)
    assert np.allclose(other.logits, expected, atol=0.1)


def test_seats_are_kept_and_the_rest_wait(company: Company, tokeniser: Tokeniser) -> None:
    expected = ["".join(company.write(task(tokeniser, seed))) for seed in range(7)]
    answers = [company.write(task(tokeniser, seed)) for seed in range(7)]
    said = [[next(answers[0])]]
    seated = []
    for answer in answers[1:]:
        said.append([next(answer)])
        seated.append(len(company._desk.tasks) if company._desk else 0)
    assert max(seated) == company.seats
    for pieces, answer in zip(said, answers, strict=True):
        pieces += answer
    assert ["".join(pieces) for pieces in said] == expected
    assert company.count == 0


def test_who_goes_makes_room(company: Company, tokeniser: Tokeniser) -> None:
    leaving, staying = (company.write(task(tokeniser, seed, 2000)) for seed in (1, 2))
    next(leaving), next(staying)
    assert company.count == 2
    leaving.close()  # type: ignore[attr-defined]
    assert company.count == 1
    next(staying)
    del staying
    gc.collect()
    assert company.count == 0


def test_a_prompt_that_is_too_long_is_one_persons_fault(company: Company, tokeniser: Tokeniser) -> None:
    class Short(CountingEngine):
        def open(self, streams: int = 1, context: int = 0) -> CountingBatch:
            return ShortBatch(self, streams, 64)

    class ShortBatch(CountingBatch):
        def begin(self, ids: Sequence[int]):  # type: ignore[no-untyped-def]
            if len(ids) > self.context:
                raise ContextFull("too long", backend="neural")
            return super().begin(ids)

    company.engine = Short(tokeniser, WORDS)  # type: ignore[assignment]
    expected = "".join(company.write(task(tokeniser, 1)))
    fine = company.write(task(tokeniser, 1))
    begun = next(fine)
    with pytest.raises(ContextFull, match="too long"):
        [*company.write(Task([5] * 65, Guide(), Sampling(), np.random.default_rng(0)))]
    assert begun + "".join(fine) == expected


def test_an_engine_that_fails_is_said_to_all(company: Company, tokeniser: Tokeniser) -> None:
    class Failing(CountingEngine):
        def logits(self, ids: Sequence[int]):  # type: ignore[no-untyped-def]
            if len(ids) > 40:
                raise MemoryError("no room")
            return super().logits(ids)

    sound, company.engine = company.engine, Failing(tokeniser, WORDS)  # type: ignore[assignment]
    first, second = (company.write(task(tokeniser, seed, 2000)) for seed in (1, 2))
    next(first), next(second)
    with pytest.raises(MemoryError):
        "".join(first)
    with pytest.raises(GenerationStopped, match="no room"):
        "".join(second)
    company.engine = sound
    assert "".join(company.write(task(tokeniser, 3)))
