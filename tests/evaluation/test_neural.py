"""The neural composer under evaluation: asked many at once, and scored."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("onnxruntime")
pytest.importorskip("sentencepiece")

from abcllm.__main__ import main
from abcllm.backends.neural import NeuralBackend
from abcllm.evaluation.suites import Chorus, Scorer, get_suite, suite_names
from tests.evaluation.given import make_corpus, tune
from tests.tiny_models import write_model


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_model(tmp_path_factory.mktemp("models") / "tiny", max_position_embeddings=128)


@pytest.fixture(scope="module")
def backend(folder: Path) -> NeuralBackend:
    return NeuralBackend(str(folder))


def test_it_can_be_asked_everything(backend: NeuralBackend) -> None:
    assert isinstance(backend, Scorer)
    assert isinstance(backend, Chorus)
    assert all(get_suite(name).serves(backend) for name in suite_names())


def test_the_likelihood_of_a_text_is_that_of_its_pieces_one_by_one(backend: NeuralBackend) -> None:
    text = tune(3)[:60]
    ids = [*backend.tokeniser.encode(text), backend.tokeniser.eos_id]
    batch = backend.engine.open()
    stream = batch.begin([backend.tokeniser.bos_id])
    total = 0.0
    for piece in ids:
        logits = stream.logits.astype(np.float64)
        total += logits[piece] - np.logaddexp.reduce(logits)
        batch.step([piece])
    assert backend.log_likelihood(text) == pytest.approx(total, rel=0.02)  # numbers of 8 bits round with what is beside


def test_a_text_longer_than_the_model_reads_is_scored_whole(backend: NeuralBackend) -> None:
    text = tune(3)
    pieces = len(backend.tokeniser.encode(text * 8))
    assert pieces > 3 * 128
    assert backend.log_likelihood(text * 8) < 7 * backend.log_likelihood(text) < 0


def test_from_the_command_to_the_table(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    words = ["-m", f"neural:{folder}", "--corpus", str(make_corpus(corpus)), "-n", "2", "--max-tokens", "60"]
    assert main(["eval", "run", *words, "--suite", "bits", "--suite", "requests", "-o", str(tmp_path / "x.json")]) == 0
    shown = capsys.readouterr().out
    assert "| neural:tiny" in shown
    assert str(tmp_path) not in (tmp_path / "x.json").read_text(encoding="utf-8")
