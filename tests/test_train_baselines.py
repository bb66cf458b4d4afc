"""tools/train_baselines: vocabularies that lose nothing, probabilities that add up to one, batches of every text."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from math import exp, log
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.evaluation.given import tune

TOOL = Path(__file__).resolve().parents[1] / "tools" / "train_baselines"
TEXTS = [tune(number) for number in range(12)]


@pytest.fixture(autouse=True, scope="module")
def _tool() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(TOOL))
        yield
    for name in ("symbols", "kneser_ney", "networks", "training"):
        sys.modules.pop(name, None)


@pytest.fixture(scope="module")
def symbols(_tool: None) -> ModuleType:
    return __import__("symbols")


@pytest.fixture(scope="module")
def kneser_ney(_tool: None) -> ModuleType:
    return __import__("kneser_ney")


@pytest.fixture(scope="module")
def vocabularies(symbols: ModuleType) -> tuple[Any, ...]:
    return symbols.characters(TEXTS), symbols.folk_tokens(TEXTS * 20)


@given(st.text(max_size=40))
def test_any_text_comes_back(symbols: ModuleType, vocabularies: tuple[Any, ...], text: str) -> None:
    for made in vocabularies:
        said = text.encode(errors="ignore").decode()
        numbers = made.encode(TEXTS[0] + said)
        assert made.decode(numbers) == TEXTS[0] + said
        assert symbols.END not in numbers
        assert max(numbers) < made.size


def test_folk_tokens_are_those_of_the_music(symbols: ModuleType) -> None:
    made = symbols.folk_tokens(["M:6/8\nK:D\n|:^c'2 d3/2(3efg e//:|2 A,2::z|]\n"] * 100)
    numbers = made.encode("M:6/8\nK:D\n|:^c'2 d3/2(3efg e//:|2 A,2::z|]\n")
    assert [made.decode([number]) for number in numbers] == [
        "M:6/8\n", "K:D\n", "|:", "^c'", "2", " ", "d", "3/2", "(3", "e", "f", "g", " ", "e", "//", ":|2", " ", "A,",
        "2", "::", "z", "|]", "\n",
    ]  # fmt: skip


@pytest.mark.parametrize("order", [1, 2, 5])
def test_what_may_follow_has_a_probability_of_one(symbols: ModuleType, kneser_ney: ModuleType, order: int) -> None:
    made = symbols.characters(TEXTS)
    model = kneser_ney.KneserNey(made, TEXTS, order)
    for before in ("", "X:1\nT:", "|:CDEG|", "nothing like it", "é"):
        line = [symbols.END] * order + made.encode(before)
        total = sum(model.likely(np.array([*line, after]))[-1] for after in range(made.size))
        assert total == pytest.approx(1)


def test_single_symbols_as_by_hand(symbols: ModuleType, kneser_ney: ModuleType) -> None:
    """Counts of a 5, b 5, c 5, d 5, end 1; counts of none are held for one, so D1 is 1 - 2/3, and D3 3 - 4/3."""
    made = symbols.characters(["abcd" * 5])
    model = kneser_ney.KneserNey(made, ["abcd" * 5], 1)
    first, third = 1 - 2 / 3, 3 - 4 / 3
    left = (first + 4 * third) / 21
    assert exp(model.log_likelihood("")) == pytest.approx((1 - first) / 21 + left / made.size)
    assert model.log_likelihood("a") == pytest.approx(
        log((5 - third) / 21 + left / made.size) + log((1 - first) / 21 + left / made.size)
    )


@pytest.mark.parametrize("order", [1, 3, 9])
def test_nothing_is_impossible(symbols: ModuleType, kneser_ney: ModuleType, order: int) -> None:
    for texts in (TEXTS[:1], TEXTS[:1] * 5, TEXTS):
        model = kneser_ney.KneserNey(symbols.characters(texts), texts, order)
        assert all(np.isfinite(model.log_likelihood(text)) for text in (*TEXTS, "", "é?"))


def test_more_context_tells_more_of_what_was_learned(symbols: ModuleType, kneser_ney: ModuleType) -> None:
    made = symbols.characters(TEXTS)
    found = [kneser_ney.KneserNey(made, TEXTS, order).log_likelihood(TEXTS[3]) for order in (1, 3, 6)]
    assert found == sorted(found)
    assert np.isfinite(kneser_ney.KneserNey(made, TEXTS, 6).log_likelihood("在 \U0001f3b6 nowhere"))


def test_batches_of_whole_texts_hold_every_text_once(symbols: ModuleType) -> None:
    torch = pytest.importorskip("torch")
    training = __import__("training")
    lines = [list(range(1, 2 + at * 7 % 90)) for at in range(200)]
    found: list[list[int]] = []
    for read, told in training.whole_texts(lines, 3):
        assert read.shape == told.shape
        assert read.numel() <= training.BATCH
        for row, after in zip(read.tolist(), told.tolist(), strict=True):
            kept = [number for number in after if number != training.IGNORED]
            assert row[0] == symbols.END
            assert row[1 : len(kept)] == kept[:-1]
            assert kept[-1] == symbols.END
            found.append(kept[:-1])
    assert sorted(found) == sorted(lines)
    again = [read for read, _ in training.whole_texts(lines, 3)]
    assert all(torch.equal(one, other) for one, (other, _) in zip(again, training.whole_texts(lines, 3), strict=True))


@pytest.mark.parametrize("longest", [3, 90, 700])
def test_streams_hold_every_text_once_and_read_on(symbols: ModuleType, longest: int) -> None:
    torch = pytest.importorskip("torch")
    training = __import__("training")
    lines = [list(range(1, 2 + at * 7 % longest)) for at in range(200)]
    batches = list(training.streams(lines, 3))
    read, told = (torch.cat(parts, 1).flatten() for parts in zip(*batches, strict=True))
    kept = told != training.IGNORED
    assert all(batch.shape[1] <= training.WINDOW and (ends != training.IGNORED).any() for batch, ends in batches)
    assert read[0] == symbols.END
    assert torch.equal(read[kept][1:], told[kept][:-1])
    found: list[list[int]] = [[]]
    for number in told[kept].tolist():
        if number == symbols.END:
            found.append([])
        else:
            found[-1].append(number)
    assert sorted(found[:-1]) == sorted(lines)
    assert not found[-1]


def test_an_lstm_remembers_what_it_read_before(symbols: ModuleType) -> None:
    torch = pytest.importorskip("torch")
    networks, made = __import__("networks"), symbols.characters(TEXTS)
    torch.manual_seed(0)
    network = networks.FolkRnn(made.size)
    whole, pieces = (networks.NetworkScorer(network, made, longest).log_likelihood(TEXTS[0]) for longest in (999, 16))
    assert pieces == pytest.approx(whole, rel=1e-5)
    both = networks.NetworkScorer(network, made, 9999, before=TEXTS[1]).log_likelihood(TEXTS[0])
    line = torch.tensor([networks.END, *made.encode(TEXTS[1]), networks.END, *made.encode(TEXTS[0]), networks.END])
    with torch.no_grad():
        said = network(line[None, :-1])[0][0].log_softmax(1)
    first = len(made.encode(TEXTS[1])) + 1
    assert both == pytest.approx(float(said[range(first, len(line) - 1), line[first + 1 :]].sum()), rel=1e-5)


def test_an_lstm_hears_through_all_its_layers_from_the_beginning(symbols: ModuleType) -> None:
    """What stands five symbols back moves the logits by more than a hundredth; with torch's own weights by 0.0008."""
    torch = pytest.importorskip("torch")
    networks = __import__("networks")
    torch.manual_seed(0)
    network = networks.FolkRnn(300).eval()
    lines = torch.randint(0, 300, (2, 6))
    lines[1, 1:] = lines[0, 1:]
    with torch.no_grad():
        one, other = network(lines)[0][:, -1]
    assert (one - other).abs().mean() > 0.01


def test_a_network_learns_and_goes_on_from_its_checkpoint(symbols: ModuleType, tmp_path: Path) -> None:
    torch = pytest.importorskip("torch")
    training, networks, made = __import__("training"), __import__("networks"), symbols.characters(TEXTS)
    torch.manual_seed(0)

    class Bigrams(torch.nn.Sequential):  # type: ignore[misc, name-defined]
        def forward(self, numbers: Any, memory: None = None) -> tuple[Any, None]:
            return super().forward(numbers), None

    def begin() -> tuple[Any, Any]:
        network = Bigrams(torch.nn.Embedding(made.size, 32), torch.nn.Linear(32, made.size))
        return network, torch.optim.AdamW(network.parameters(), lr=0.05)

    network, optimiser = begin()
    lines = [made.encode(text) for text in TEXTS]
    before = networks.NetworkScorer(network, made, 64).log_likelihood(TEXTS[0])
    said: list[str] = []
    options = {"seed": 0, "checkpoint": tmp_path / "checkpoint.pt", "say": said.append}
    done = training.train(network, lines, training.whole_texts, optimiser, minutes=0.01, **options)
    after = networks.NetworkScorer(network, made, 64).log_likelihood(TEXTS[0])
    assert done["steps"] > 1
    assert after > before
    again, optimiser = begin()
    assert (
        training.train(again, lines, training.whole_texts, optimiser, minutes=0.01, **options)["steps"] == done["steps"]
    )
    assert networks.NetworkScorer(again, made, 64).log_likelihood(TEXTS[0]) == after
    assert any(words.startswith("goes on after") for words in said)


def test_a_llama_of_the_same_size_whatever_the_vocabulary() -> None:
    pytest.importorskip("torch")
    pytest.importorskip("transformers")
    networks = __import__("networks")
    sizes = [networks.parameters(networks.make_llama(size, None, 64)) for size in (4096, 300)]
    assert abs(sizes[0] - sizes[1]) < 600_000
