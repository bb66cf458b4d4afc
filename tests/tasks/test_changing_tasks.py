"""Vary, transpose, repair, refine: what the engine makes of a tune, and how other answers are graded."""

from __future__ import annotations

from itertools import pairwise

import pytest

from abcllm.notation import parse, write
from abcllm.notation.transforms import transpose
from abcllm.reply import read_reply
from abcllm.tasks.names import find_keys
from tests.tasks.given import HEADER, REEL, ask, scores, serves

VARIED = HEADER + "|:A2FA dAFA|B2GB dBGB:|\n|:A2FA dAFA|B2GB dfed:|\n"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_tune_is_transposed_as_the_engine_does(language: str) -> None:
    for seed in range(6):
        talk = ask("transpose_tune", seed=seed, language=language)  # type: ignore[arg-type]
        answer = read_reply(talk.messages[1].text).tunes[0]
        asked = talk.messages[0].text.replace(REEL.rstrip("\n"), "")
        assert answer.key.tonic in {key.tonic for key in find_keys(asked)}
        assert answer == transpose(parse(REEL).tunes[0], key=answer.key)


def test_another_octave_is_right_and_another_key_is_not() -> None:
    talk = ask("transpose_tune")
    answer = read_reply(talk.messages[1].text).tunes[0]
    assert set(scores("transpose_tune", talk, write(transpose(answer, 12))).values()) == {1}
    wrong = scores("transpose_tune", talk, write(transpose(answer, 1)))
    assert wrong["valid"] == 1
    assert wrong["key"] == 0
    assert wrong["notes"] < 0.5


def test_a_variation_is_new_and_alike() -> None:
    talk = ask("vary", VARIED)
    theme = read_reply(talk.messages[0].text).tunes[0]
    assert read_reply(talk.messages[1].text).tunes[0] != theme
    assert scores("vary", talk, write(theme)) == {"valid": 1, "new": 0, "kept": 1, "likeness": 1}
    other = scores("vary", talk, HEADER.replace("K:D", "K:G") + "|:c8|e8:|\n")
    assert other == {"valid": 1, "new": 1, "kept": 0, "likeness": 0}
    assert not serves("vary", REEL)


def test_a_tune_in_repair_is_broken_and_the_answer_is_sound() -> None:
    checked = 0
    for seed in range(40):
        talk = ask("repair", seed=seed)
        asked, answer = talk.messages[0].text, talk.messages[1].text
        assert REEL.rstrip("\n") not in asked
        assert answer.endswith(REEL.rstrip("\n"))
        checked += bool(any(head in asked for head in ("checker", "reports", "messages")))
    assert 8 < checked < 32


def test_what_is_repaired_otherwise_counts_by_its_notes() -> None:
    talk = ask("repair")
    assert scores("repair", talk, REEL.replace("E2EF E4", "E2EF D4")) == {
        "valid": 1, "notes": pytest.approx(51 / 52, abs=0.01), "key": 1, "meter": 1,
    }  # fmt: skip
    assert scores("repair", talk, REEL.replace("B2GB dBGB", "B2GB dBG"))["valid"] == 0


def test_each_turn_changes_the_tune_before() -> None:
    turns = set()
    for seed in range(30):
        talk = ask("refine", seed=seed)
        turns.add(len(talk.messages))
        tunes = [read_reply(message.text).tunes[0] for message in talk.messages[1::2]]
        assert all(read_reply(message.text).valid for message in talk.messages[1::2])
        assert all(one != other for one, other in pairwise(tunes))
    assert turns == {6, 8}


def test_the_last_turn_is_graded() -> None:
    talk = ask("refine", seed=1)
    first = talk.messages[1].text
    graded = scores("refine", talk, first)
    assert graded["valid"] == 1
    assert min(graded["notes"], graded["header"]) < 1
    assert not serves("refine", "X:1\nL:1/4\nM:4/4\nK:C\nCDEF|[K:G]GABc|]\n")
