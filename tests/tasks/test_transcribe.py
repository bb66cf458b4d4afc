"""Transcribe: notes as they are heard, or the sound of a record, to a tune."""

from __future__ import annotations

import pytest

from abcllm.tasks.transcribe import build
from tests.tasks.given import REEL, ask, record, scores, serves

TRIPLETS = "X:1\nL:1/4\nM:2/4\nK:G\n|:G (3A/B/c/|d2:|\n"


def test_notes_are_listed_as_they_are_heard() -> None:
    text = ask("transcribe", TRIPLETS).messages[0].text
    assert "G4:0:1 A4:1:1/3 B4:4/3:1/3 C5:5/3:1/3 D5:2:2 G4:4:1" in text
    assert "1.5" in ask("transcribe", REEL).messages[0].text


def test_each_voice_has_its_line() -> None:
    text = ask("transcribe", "X:1\nL:1/4\nM:4/4\nV:1\nV:2\nK:C\n[V:1]c4|]\n[V:2]C2_E2|]\n").messages[0].text
    assert "C5:0:4\nC4:0:2 D#4:2:2" in text


def test_a_sound_is_heard_and_not_listed() -> None:
    talk = build(record(REEL, audio="reel.flac"), 0)
    assert talk is not None
    sound, words = talk.messages[0].content
    assert sound == {"type": "audio", "audio": "reel.flac"}
    assert ":" not in words["text"]  # type: ignore[index]
    assert talk.messages[1].text.endswith(REEL.rstrip("\n"))


def test_what_sounds_the_same_is_right_however_it_is_written() -> None:
    talk = ask("transcribe", TRIPLETS)
    unfolded = "X:1\nL:1/8\nM:2/4\nK:G\nG2 (3ABc|d4|G2 (3ABc|d4|]\n"
    assert set(scores("transcribe", talk, unfolded).values()) == {1}
    assert scores("transcribe", talk, unfolded.replace("K:G", "K:Em"))["key"] == 0.3
    assert scores("transcribe", talk, unfolded.replace("d4|]", "e4|]"))["onsets"] == pytest.approx(9 / 11)


@pytest.mark.parametrize("abc", ["X:1\nL:1/4\nM:4/4\nK:C\nz4|]\n", "X:1\nL:1/16\nM:none\nK:C\n" + "C" * 401 + "|]\n"])
def test_silence_and_very_long_lists_do_not_serve(abc: str) -> None:
    assert not serves("transcribe", abc)
