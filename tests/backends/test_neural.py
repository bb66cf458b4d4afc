"""The neural composer: its engine, its draws, and what it writes."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from abcllm.analysis.sections import count_bars
from abcllm.backends import Sampling, get_backend
from abcllm.backends.neural import NeuralBackend
from abcllm.backends.neural.engine import Engine
from abcllm.backends.sampling import candidates
from abcllm.conversation import Conversation, Message
from abcllm.errors import ContextFull, UsageError
from abcllm.models.folder import find_model
from abcllm.notation import check, parse
from abcllm.request import Request
from tests.tiny_models import write_model

pytest.importorskip("sentencepiece")
pytest.importorskip("onnxruntime")

TEXT = np.random.default_rng(3).integers(3, 1400, 60).tolist()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_model(tmp_path_factory.mktemp("models") / "tiny", dtype="BF16")


@pytest.fixture(scope="module")
def engine(folder: Path) -> Engine:
    return Engine(find_model(folder), precision="float32", threads=1)


# -- the engine --------------------------------------------------------------------------------------------


def test_a_text_in_steps_is_the_text_at_once(engine: Engine) -> None:
    expected = engine.read(TEXT)
    batch = engine.open(1, 64)
    stream = batch.begin(TEXT[:20])
    for at in range(20, 60):
        assert np.allclose(stream.logits, expected[at - 1], atol=1e-4)
        batch.step([TEXT[at]])
    assert stream.ids == TEXT


def test_texts_side_by_side_do_not_know_each_other(engine: Engine) -> None:
    texts = [TEXT[:30], TEXT[30:50], TEXT[10:25]]
    batch = engine.open(3, 64)
    streams = [batch.begin(text[:5]) for text in texts]
    for step in range(5, 20):
        if step == 15:
            batch.end(streams.pop(0))
            texts.pop(0)
        order = {stream.row: text for stream, text in zip(streams, texts, strict=True)}
        batch.step([order[row][min(step, len(order[row]) - 1)] for row in range(len(streams))])
        for stream in streams:
            assert np.allclose(stream.logits, engine.read(stream.ids)[-1], atol=1e-4)


def test_a_known_beginning_is_copied_and_changes_nothing(engine: Engine) -> None:
    batch = engine.open(2, 64)
    first = batch.begin(TEXT[:40])
    second = batch.begin([*TEXT[:30], 7, 8, 9])  # the first 30 from the one that is under way
    batch.end(first)
    third = batch.begin([*TEXT[:35], 5])  # the first 35 from the one that ended
    for stream in (second, third):
        assert np.allclose(stream.logits, engine.read(stream.ids)[-1], atol=1e-4)


def test_a_text_may_be_taken_back(engine: Engine) -> None:
    batch = engine.open(1, 64)
    stream = batch.begin(TEXT[:10])
    batch.step([500])
    del stream.ids[10:]
    batch.step([TEXT[10]])
    assert np.allclose(stream.logits, engine.read(TEXT[:11])[-1], atol=1e-4)


def test_what_does_not_fit_is_refused(engine: Engine) -> None:
    batch = engine.open(1, 16)
    with pytest.raises(ContextFull, match="17 pieces; 1 to 16 are read"):
        batch.begin(TEXT[:17])
    with pytest.raises(ContextFull, match="0 pieces"):
        batch.begin([])
    batch.begin(TEXT[:16])
    with pytest.raises(ContextFull, match="17 pieces"):
        batch.step([3])
    with pytest.raises(UsageError, match="as many as there is room for"):
        batch.begin(TEXT[:3])


# -- draws -------------------------------------------------------------------------------------------------

LOGITS = np.log(np.array([0.5, 0.2, 0.2, 0.05, 0.05], np.float32))


def test_every_piece_comes_once() -> None:
    random = np.random.default_rng(0)
    wide = random.normal(size=300).astype(np.float32)
    for sampling in (Sampling(), Sampling(temperature=0), Sampling(top_p=0.5), Sampling(temperature=2, top_p=0.9)):
        assert sorted(candidates(wide, sampling, random)) == list(range(300))


def test_without_heat_the_likeliest_comes_first() -> None:
    assert next(candidates(LOGITS, Sampling(temperature=0), np.random.default_rng(0))) == 0


@pytest.mark.parametrize(
    ("top_p", "nucleus", "refused"),
    [(1, {0, 1, 2, 3, 4}, set()), (1, {0, 1, 2, 3, 4}, {0}), (1, {0, 1, 2, 3, 4}, {0, 3}), (0.85, {0, 1, 2}, {1})],
    ids=str,
)
def test_the_first_accepted_is_a_draw_among_the_accepted(top_p: float, nucleus: set[int], refused: set[int]) -> None:
    """What is tried one by one has the distribution that a mask over all pieces gives."""
    random = np.random.default_rng(1)
    number = 20_000
    drawn = Counter(
        next(piece for piece in candidates(LOGITS, Sampling(top_p=top_p), random) if piece not in refused)
        for _ in range(number)
    )
    chances = np.exp(LOGITS)
    chances[[*refused, *{0, 1, 2, 3, 4} - nucleus]] = 0
    chances /= chances.sum()
    for piece, chance in enumerate(chances):
        assert abs(drawn[piece] / number - chance) < 0.012


@given(st.integers(0, 2**32 - 1), st.floats(0.01, 0.99), st.floats(0.1, 6))
def test_the_nucleus_is_the_likeliest_that_together_have_its_share(seed: int, top_p: float, spread: float) -> None:
    logits = (np.random.default_rng(seed).normal(size=200) * spread).astype(np.float32)
    chances = np.sort(np.exp(logits.astype(np.float64)))[::-1] / np.exp(logits.astype(np.float64)).sum()
    nearest = np.abs(np.cumsum(chances) - top_p).min()
    size = int(np.searchsorted(np.cumsum(chances), top_p)) + 1
    assume(nearest > 1e-5)  # where the sum meets the share, either side is right
    order = [*candidates(logits, Sampling(top_p=top_p), np.random.default_rng(0))]
    assert set(order[:size]) == set(np.argsort(-logits)[:size].tolist())
    assert order[size:] == np.argsort(-logits)[size:].tolist()


def test_the_nucleus_comes_before_all_others() -> None:
    random = np.random.default_rng(2)
    for _ in range(50):
        order = [*candidates(LOGITS, Sampling(top_p=0.85), random)]
        assert set(order[:3]) == {0, 1, 2}


# -- what it writes ----------------------------------------------------------------------------------------


def test_numbers_by_lot_write_valid_tunes(folder: Path) -> None:
    backend = NeuralBackend(str(folder))
    request = Request.for_rhythm("polka", bars=4)
    text = "".join(backend.compose(request, Sampling(seed=5)))
    assert text.startswith("X:1\nT:")
    assert not [fault for fault in check(text) if str(fault.severity) == "error" or fault.code == "R203"]
    tune = parse(text).tunes[0]
    assert (tune.key, tune.meter, count_bars(tune)) == (request.key, request.meter, 4)


def test_the_same_seed_gives_the_same_answer(folder: Path) -> None:
    backend = get_backend(f"neural:{folder}")
    asked = Conversation((Message("user", "a jig in D"),))
    answers = ["".join(backend.generate(asked, Sampling(seed=seed, max_tokens=24))) for seed in (1, 1, 2)]
    assert answers[0] == answers[1] != answers[2]


def test_many_answers_are_those_that_come_one_by_one(folder: Path) -> None:
    backend = NeuralBackend(str(folder))
    asked = [Conversation((Message("user", f"a jig in {key}"),)) for key in "DGA"]
    sampling = Sampling(seed=3, max_tokens=20)
    one_by_one = ["".join(backend.generate(conversation, sampling)) for conversation in asked]
    assert backend.generate_all(asked, sampling, streams=2) == one_by_one


def test_an_answer_keeps_to_its_length_and_to_whole_characters(folder: Path) -> None:
    backend = NeuralBackend(str(folder))
    asked = Conversation((Message("user", "谱写一首曲子"),))
    pieces = [*backend.generate(asked, Sampling(seed=1, temperature=3, max_tokens=60, guided=False))]
    assert len(pieces) <= 61
    assert "\ufffd" not in "".join(pieces)


def test_a_prompt_that_is_too_long_is_said(folder: Path) -> None:
    backend = NeuralBackend(str(folder))
    with pytest.raises(ContextFull, match="1 to 512 are read"):
        [*backend.generate(Conversation((Message("user", "A2 B2|" * 200),)), Sampling())]


def test_it_is_bolder_where_its_tunes_are_held() -> None:
    guided, alone = NeuralBackend.choosing(), NeuralBackend.choosing(guided=False)
    assert guided == NeuralBackend.usual
    assert alone.temperature < guided.temperature
    assert NeuralBackend.choosing(guided=False, temperature=1.5).temperature == 1.5
