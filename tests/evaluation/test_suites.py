"""What each suite asks and measures, by models whose faults are known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest

from abcllm.backends import Sampling
from abcllm.conversation import Conversation
from abcllm.errors import BackendError, DataError, UnknownName
from abcllm.evaluation.held_out import HeldOut
from abcllm.evaluation.suites import SUITES, Judgement, Settings, get_suite, suite_names
from abcllm.evaluation.suites.asked import AskingSuite, questions
from abcllm.notation import parse, transpose, write
from abcllm.record import Record
from abcllm.request import Request
from tests.evaluation.given import Coin, Parrot, tune

FULL = "X:1\nT:Mine\nR:polka\nM:2/4\nL:1/8\nK:A\n|:CDEG|D2FA|E2GB|F2Ac:|\nGABd|A2ce|B2df|cdeg|]\n"


def judged(name: str, answers: Sequence[str], held_out: HeldOut, seed: int = 0) -> Judgement:
    """The judgement of a suite over so many answers, given in turn."""
    left = list(answers)
    model = Parrot(lambda conversation, sampling: left.pop(0))
    settings = Settings(len(answers), seed)
    suite = get_suite(name)
    return suite.judge([*suite.ask(model, held_out, settings, 0)], held_out, settings)


def value(judgement: Judgement, name: str) -> float | None:
    found = judgement.model[name]
    return None if found is None else found.value


def references(task: str, held_out: HeldOut, n: int, seed: int = 0) -> list[str]:
    return [one.messages[-1].text for one in questions(task, held_out, Settings(n, seed))]


def test_every_suite_loads_and_says_what_it_measures() -> None:
    assert suite_names() == sorted(SUITES)
    for name in SUITES:
        suite = get_suite(name)
        assert suite.about
        assert suite.measures
    with pytest.raises(UnknownName, match="did you mean compose"):
        get_suite("compos")


@pytest.mark.parametrize("name", sorted(set(SUITES) - {"bits"}))
def test_a_model_that_answers_as_people_did_is_measured_as_they_are(name: str, held_out: HeldOut) -> None:
    suite = get_suite(name)
    assert isinstance(suite, AskingSuite)
    judgement = judged(name, references(suite.task, held_out, 3), held_out)
    assert judgement.model == judgement.human
    assert judgement.model.keys() == suite.measures.keys()


@pytest.mark.parametrize("name", sorted(set(SUITES) - {"bits"}))
@pytest.mark.parametrize("answer", ["", "I would rather not.", "X:1\nT:no key\n", "X:1\nK:C\n", "\0�é"])
def test_a_model_that_gives_no_music_is_measured_too(name: str, answer: str, held_out: HeldOut) -> None:
    judgement = judged(name, [answer] * 3, held_out)
    for measure in {"valid", "all", "sections", "whole", "again"} & judgement.model.keys():
        assert not value(judgement, measure), measure


def test_questions_are_each_tune_in_turn_and_by_turns_in_two_languages(held_out: HeldOut) -> None:
    asked = [*questions("compose", held_out, Settings(7, seed=3))]
    assert [one.meta["language"] for one in asked] == ["en", "zh"] * 3 + ["en"]
    assert {one.meta["record"] for one in asked[:3]} == {"9", "10", "11"}
    assert [one.meta["record"] for one in asked[:3]] == [one.meta["record"] for one in asked[3:6]]
    assert len({one.messages[0].text for one in asked}) == 7
    assert asked[:4] == [*questions("compose", held_out, Settings(4, seed=3))]
    assert asked[:4] != [*questions("compose", held_out, Settings(4, seed=4))]


def test_a_task_that_no_tune_serves(held_out: HeldOut) -> None:
    with pytest.raises(DataError, match=r"of no tune of .* can the task lyrics_to_tune be made"):
        [*questions("lyrics_to_tune", held_out, Settings(3))]


def test_each_answer_has_a_seed_of_its_own_and_the_settings_of_all(held_out: HeldOut) -> None:
    model = Parrot(lambda conversation, sampling: FULL)
    settings = Settings(4, 2, Sampling(temperature=0.5, top_p=0.9, guided=False, max_tokens=77))
    [*get_suite("compose").ask(model, held_out, settings, 0)]
    seeds = [sampling.seed for _, sampling in model.asked]
    assert len({*seeds}) == 4
    assert all(replace(sampling, seed=0) == settings.sampling for _, sampling in model.asked)
    assert all([one.role for one in conversation.messages] == ["user"] for conversation, _ in model.asked)


def test_a_fault_of_the_model_is_an_empty_answer(held_out: HeldOut) -> None:
    def answer(conversation: Conversation, sampling: Sampling) -> str:
        raise BackendError("out of breath")

    rows = [*get_suite("compose").ask(Parrot(answer), held_out, Settings(2), 0)]
    assert [(row["answer"], row["fault"]) for row in rows] == [("", "out of breath")] * 2


def test_a_model_that_answers_many_at_once_is_asked_so(held_out: HeldOut) -> None:
    class Choir(Parrot):
        def generate_all(self, conversations: Sequence[Conversation], sampling: Sampling) -> list[str]:
            if any("4" in one.messages[-1].text and strict for one in conversations):
                raise BackendError("one is too much")
            together.append(len(conversations))
            return [one.messages[-1].text for one in conversations]

        def compose_all(self, requests: Sequence[Request], sampling: Sampling) -> list[str]:
            return [str(request) for request in requests]

    for strict in (False, True):
        together: list[int] = []
        rows = [
            *get_suite("compose").ask(Choir(lambda one, sampling: one.messages[-1].text), held_out, Settings(70), 0)
        ]
        assert [row["answer"] for row in rows] == [row["asked"] for row in rows]
        assert len(rows) == 70
        assert together == ([] if strict else [64, 6])


def test_requests_are_what_the_tune_is(held_out: HeldOut) -> None:
    class Listener(Parrot):
        def compose(self, request: Request, sampling: Sampling) -> Iterator[str]:
            heard.append(request)
            yield FULL

    heard: list[Request] = []
    suite = get_suite("requests")
    rows = [*suite.ask(Listener(lambda one, sampling: ""), held_out, Settings(3), 0)]
    assert {(one.rhythm, str(one.meter), one.bars) for one in heard} == {("polka", "2/4", 8)}
    assert {str(one.key) for one in heard} == {"C", "G", "F"}
    assert len({one.seed for one in heard}) == 3
    judgement = suite.judge(rows, held_out, Settings(3))
    assert (value(judgement, "valid"), value(judgement, "bars"), value(judgement, "key")) == (1, 1, 0)


def test_compose_counts_what_is_wrong(held_out: HeldOut) -> None:
    right = references("compose", held_out, 4)
    bars = 8
    long_bar = right[1].replace("|]", "C2|]")
    other_key = write(transpose(parse(right[2][right[2].index("X:") :]).tunes[0], semitones=2))
    judgement = judged("compose", [right[0], long_bar, other_key, "no"], held_out)
    assert value(judgement, "valid") == 0.5
    assert value(judgement, "key") == 0.5
    assert value(judgement, "meter") == 0.75
    assert value(judgement, "bars") == 0.5  # beside a bar too long, the others of its section are too short to count
    assert value(judgement, "all") == 0.25
    assert value(judgement, "bar_errors") == pytest.approx(1 / (3 * bars))


def test_a_bar_that_nothing_completes_is_wrong_though_the_tune_is_valid(held_out: HeldOut) -> None:
    judgement = judged("compose", [FULL.replace("cdeg|]", "cde|]")], held_out)
    assert (value(judgement, "valid"), value(judgement, "bar_errors")) == (1, 1 / 8)


def test_codes_are_those_of_the_answer(held_out: HeldOut) -> None:
    right = references("codes_to_tune", held_out, 3)
    other_bars = right[1].replace("|]", "|C2EG|C2EG|]")
    judgement = judged("codes", [right[0], other_bars, "no"], held_out)
    assert value(judgement, "sections") == pytest.approx(2 / 3)
    assert value(judgement, "bars") == 0.5
    likeness = judgement.model["likeness"]
    assert likeness is not None
    assert likeness.n == 2


def test_copies_are_found_in_every_key_and_unit(held_out: HeldOut) -> None:
    copied = parse(tune(2)).tunes[0]
    moved = write(transpose(copied, semitones=5)).replace("T:Number 2", "T:All my own work")
    changed = tune(2).replace("|]", "|]").replace("L:1/8", "L:1/16").replace("M:2/4", "M:1/4")
    half_new = tune(2)[: tune(2).index(":|")] + ":|\nG4|F4|E4|C4|]\n"
    judgement = judged("copies", [moved, changed, half_new, FULL], held_out)
    whole = judgement.model["whole"]
    assert whole is not None
    assert (whole.value, whole.n) == (0.5, 4)
    assert value(judgement, "overlap") == 0.5
    runs = value(judgement, "runs")
    assert runs is not None
    assert 0.5 < runs < 1


def test_music_of_another_kind_is_farther_away(held_out: HeldOut) -> None:
    near = judged("music", references("compose", held_out, 3), held_out)
    far = judged("music", ["X:1\nM:4/4\nL:1/1\nK:C\n^F|^F|^F|^F|]\n"] * 3, held_out)
    for name in ("pitches", "steps", "lengths"):
        close, distant = value(near, name), value(far, name)
        assert close is not None
        assert distant is not None
        assert close < distant
    assert value(far, "entropy") == 0
    assert value(far, "again") == 0.75
    assert value(far, "repeats") == 0
    assert value(near, "repeats") == 1


def test_bits_are_of_texts_and_their_ends(held_out: HeldOut) -> None:
    suite = get_suite("bits")
    assert suite.serves(Coin(2))
    assert not suite.serves(Parrot(lambda conversation, sampling: ""))
    rows = [*suite.ask(Coin(4), held_out, Settings(100), 0)]
    characters = sum(len(text) for text in held_out.texts("valid"))
    found = suite.judge(rows, held_out, Settings(100)).model["bits"]
    assert found is not None
    assert found.value == pytest.approx(2 * (characters + 3) / characters)
    assert found.n == 3


def test_a_record_without_a_tune_is_passed_over(held_out: HeldOut) -> None:
    kept = held_out.test[:]
    try:
        held_out.test.append(Record("12", "mine", "CC0-1.0", kept[0].place, abc="X:1\nK:C\nnot a tune\n"))
        assert {one.meta["record"] for one in questions("compose", held_out, Settings(6))} == {"9", "10", "11"}
    finally:
        held_out.test[:] = kept


def test_a_text_cannot_be_impossible(held_out: HeldOut) -> None:
    class Stubborn:
        def log_likelihood(self, text: str) -> float:
            return float("-inf")

    with pytest.raises(BackendError, match="holds a text for impossible"):
        [*get_suite("bits").ask(Stubborn(), held_out, Settings(1), 0)]
