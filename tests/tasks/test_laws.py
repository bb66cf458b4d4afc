"""What holds for every task: the same words for the same dice, full marks for the reference, few for other words."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abcllm.conversation import Conversation
from abcllm.record import Place, Record
from abcllm.sources.abc import split_book
from abcllm.tasks import LANGUAGES, TASKS, Language, get_task
from tests.strategies import broken_texts, tune_texts

DATA = Path(__file__).resolve().parents[2] / "data"
PER_COLLECTION = 7
SEEDS = 250
PROSE = (
    "",
    "   \n\n",
    "I am sorry, but I cannot do that. A good tune needs time, and a quiet room.",
    "Here is what you asked for:\n\nX: it goes up and then down, twice.\n\nEnjoy!",
    "很抱歉，这首曲子我不会。",
)
HARMONISED = """X:1
T:Over Four Chords
R:reel
M:4/4
L:1/8
K:D
|:"D"A2FA dAFA|"G"B2GB dBGB|"D"A2FA dAFA|"A7"E2EF E4:|
|:"Bm"fefd BdBd|"Em"gfed "A7"cABc|"Bm"fefd BdBd|"A7"cABc "D"d4:|
"""
CHORALE = """X:2
T:Four Bars for Four Voices
C:J. S. Bach
M:4/4
L:1/4
V:S
V:A
V:T clef=bass
V:B clef=bass
K:G
[V:S]G A B c|d c B2|A B A2|G4|]
w:Sing a song of four bars, and sing it well and long
[V:A]D F G G|G F G2|F G F2|D4|]
[V:T]B, D D E|D A, D2|D D C2|B,4|]
[V:B]G, D, G, C,|B,, D, G,2|D, G, D,2|G,,4|]
"""
ANSWERED_BY_THE_RECORD = {
    "bach_style", "chords_to_tune", "codes_to_tune", "compose", "form_to_tune", "harmonise", "lyrics_to_tune",
    "melody_to_tune", "mood_to_tune", "motif_form_to_tune", "motif_to_tune", "repair", "style_to_tune", "transcribe",
    "tune",
}  # fmt: skip
OF_THEMSELVES = {"theory"}
"""Tasks that ask for what is so whatever the record."""
ASKED_ABOUT_THE_RECORD = {
    "describe", "find_bars", "find_chords", "find_form", "find_motif", "find_voices", "transpose_tune",
}  # fmt: skip


def sample() -> Iterator[Record]:
    """Tunes of every collection, from its beginning to its end, and two that have chords and four voices."""
    for path in sorted(DATA.glob("*/tunes.abc")):
        texts = [text for _, text in split_book(path.read_text(encoding="utf-8"))]
        step = max(1, len(texts) // PER_COLLECTION)
        for at, text in enumerate(texts[::step][:PER_COLLECTION]):
            yield Record(f"{path.parent.name}#{at}", "abc", "CC0-1.0", Place(path.parent.name, at + 1), abc=text)
    for at, text in enumerate((HARMONISED, CHORALE), 1):
        yield Record(f"own#{at}", "abc", "CC0-1.0", Place("own", at), abc=text)


RECORDS = tuple(sample())


@cache
def built(name: str) -> tuple[tuple[Record, Conversation], ...]:
    """The conversations of a task over the sample, in both languages."""
    task = get_task(name)
    return tuple((one, talk) for one in RECORDS for language in LANGUAGES if (talk := task.build(one, 0, language)))


ABOUT_TUNES = tuple(name for name in sorted(TASKS) if built(name))
ASKING = tuple(name for name in ABOUT_TUNES if get_task(name).KIND == "sft")


@pytest.mark.parametrize("name", sorted(TASKS.keys() - OF_THEMSELVES))
def test_a_record_of_nothing_serves_no_task(name: str) -> None:
    assert get_task(name).build(Record("1", "abc", "CC0-1.0", Place("own", 1)), 0, "en") is None


@pytest.mark.parametrize("name", ABOUT_TUNES)
def test_the_same_arguments_give_the_same_conversation(name: str) -> None:
    task = get_task(name)
    for record, talk in built(name):
        assert task.build(record, 0, "zh" if talk.meta["language"] == "zh" else "en") == talk
        assert Conversation.from_json(talk.to_json()) == talk
        assert talk.meta["task"] == name
        assert talk.meta["task_version"] == task.VERSION


@pytest.mark.parametrize("name", ABOUT_TUNES)
def test_the_reference_has_full_marks(name: str) -> None:
    task = get_task(name)
    for record, talk in built(name):
        scores = task.grade(talk, talk.messages[-1].text)
        assert scores
        assert set(scores.values()) == {1.0}, f"{record.id}: {scores}"


@pytest.mark.parametrize("name", ASKING)
def test_other_words_have_few(name: str) -> None:
    """On average over the sample, for a word of prose may by chance be the answer to a short question."""
    task = get_task(name)
    for prose in PROSE:
        scores = [score for _, talk in built(name) for score in task.grade(talk, prose).values()]
        assert all(0 <= score <= 1 for score in scores)
        assert sum(scores) / len(scores) < 0.25, prose


@settings(max_examples=60, deadline=None)
@given(name=st.sampled_from(ABOUT_TUNES), reply=st.text() | tune_texts() | broken_texts(), pick=st.integers(0, 999))
def test_any_reply_is_graded(name: str, reply: str, pick: int) -> None:
    talks = built(name)
    scores = get_task(name).grade(talks[pick % len(talks)][1], reply)
    assert all(0 <= score <= 1 for score in scores.values())


@settings(max_examples=60, deadline=None)
@given(name=st.sampled_from(ASKING), text=tune_texts() | broken_texts(), language=st.sampled_from(LANGUAGES))
def test_any_tune_serves_or_does_not(name: str, text: str, language: Language) -> None:
    task = get_task(name)
    talk = task.build(Record("1", "abc", "CC0-1.0", Place("own", 1), abc=text), 0, language)
    if talk is not None:
        assert set(task.grade(talk, talk.messages[-1].text).values()) == {1.0}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ASKING)
def test_there_are_many_wordings(name: str, language: Language) -> None:
    task = get_task(name)
    record = built(name)[0][0]
    asked = {talk.messages[0].text for seed in range(SEEDS) if (talk := task.build(record, seed, language))}
    assert len(asked) >= 100


@pytest.mark.parametrize("name", sorted(ANSWERED_BY_THE_RECORD))
def test_the_answer_ends_with_the_tune_to_the_letter(name: str) -> None:
    for record, talk in built(name):
        answer = talk.messages[-1].text
        assert answer.rstrip("\n").endswith(record.abc.rstrip("\n"))


@pytest.mark.parametrize("name", sorted(ASKED_ABOUT_THE_RECORD))
def test_the_question_holds_the_tune_to_the_letter(name: str) -> None:
    for record, talk in built(name):
        assert record.abc.rstrip("\n") in talk.messages[0].text
