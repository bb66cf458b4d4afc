"""Find key, metre, bars, voices, chords, style: the question does not tell, and answers are read as they are said."""

from __future__ import annotations

import pytest

from abcllm.reply import read_reply
from tests.tasks.given import HEADER, REEL, ask, record, scores, serves

CHORDS = HEADER + '"D"A2FA dAFA|"G"B2GB "A7"dBGB|A2FA dAFA|"D"D8|]\n'
VOICES = "X:1\nL:1/4\nM:4/4\nV:S\nV:A\nK:C\n[V:S]cdef|g4|]\n[V:A]CDEF|G4|]\n"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_question_for_the_key_hides_it(language: str) -> None:
    for seed in range(5):
        text = ask("find_key", REEL, seed, language).messages[0].text  # type: ignore[arg-type]
        assert "K:none" in text
        assert "T:" not in text
        assert "^F" in text


@pytest.mark.parametrize(
    ("reply", "key", "nearness"),
    [("D major", 1, 1), ("It is in D.", 1, 1), ("B minor", 0, 0.3), ("K:G", 0, 0.5), ("D小调", 0, 0.2),
     ("A minor? No: D major!", 1, 1), ("E flat major", 0, 0), ("I do not know.", 0, 0), ("D大调", 1, 1)],
)  # fmt: skip
def test_keys_are_read_as_they_are_said(reply: str, key: float, nearness: float) -> None:
    assert scores("find_key", ask("find_key"), reply) == {"key": key, "nearness": nearness}


@pytest.mark.parametrize("key", ["none", "HP", "D exp _b", "D ^g"])
def test_keys_without_a_plain_name_are_not_asked_for(key: str) -> None:
    assert not serves("find_key", f"X:1\nL:1/4\nK:{key}\nCDEF|]\n")


def test_the_question_for_the_metre_hides_it() -> None:
    text = ask("find_metre").messages[0].text
    assert "M:none" in text
    assert "4/4" not in text
    assert "reel" not in text


@pytest.mark.parametrize(
    ("reply", "meter", "length"), [("M:C", 1, 1), ("2/2", 0, 1), ("not 3/4 but 4/4", 1, 1), ("3/4", 0, 0), ("4", 0, 0)]
)
def test_metres_are_read_as_they_are_said(reply: str, meter: float, length: float) -> None:
    assert scores("find_metre", ask("find_metre"), reply) == {"meter": meter, "length": length}
    assert scores("find_metre", ask("find_metre"), "1/0") == {"meter": 0, "length": 0}


@pytest.mark.parametrize("abc", ["X:1\nL:1/4\nM:none\nK:C\nCDEF|]\n", "X:1\nL:1/4\nM:4/4\nK:C\nCDEF|Z2|]\n"])
def test_tunes_whose_bars_do_not_tell_the_metre_do_not_serve(abc: str) -> None:
    assert not serves("find_metre", abc)


@pytest.mark.parametrize(("reply", "bars"), [("8", 1), ("There are 8 bars of 4/4.", 1), ("16", 0), ("many", 0)])
def test_bars_are_counted(reply: str, bars: float) -> None:
    assert scores("find_bars", ask("find_bars"), reply)["bars"] == bars
    assert scores("find_bars", ask("find_bars"), "16 bars")["nearness"] == 0.5


def test_voices_are_counted_and_named() -> None:
    talk = ask("find_voices", VOICES)
    assert "2" in talk.messages[1].text
    assert scores("find_voices", talk, "There are 2: A, S.") == {"voices": 1, "names": 1}
    assert scores("find_voices", talk, "2: S") == {"voices": 1, "names": 0.5}
    assert scores("find_voices", talk, "三个") == {"voices": 0, "names": 0}


def test_one_voice_in_eight_is_asked_for_whatever_the_seed() -> None:
    from abcllm.tasks.find_voices import build

    serving = {seed: {one for one in range(200) if build(record(REEL, str(one)), seed)} for seed in (0, 1)}
    assert serving[0] == serving[1]
    assert 10 <= len(serving[0]) <= 45


def test_the_chart_of_chords() -> None:
    talk = ask("find_chords", CHORDS)
    assert talk.messages[1].text.endswith("| D | G A7 | - | D |")
    assert scores("find_chords", talk, "Chords: | D | G A7 | - | D |") == {"chart": 1, "chords": 1}
    less = scores("find_chords", talk, "| D | G | - | D |")
    assert less == {"chart": pytest.approx(9 / 10), "chords": pytest.approx(2 / 3)}
    assert scores("find_chords", talk, "D G A7 D") == {"chart": 0, "chords": 0}
    assert not serves("find_chords", REEL)


def test_the_question_for_the_style_hides_it() -> None:
    talk = ask("find_style", seed=3)
    (tune,) = read_reply(talk.messages[0].text).tunes
    assert tune.rhythm == tune.title == ""
    assert scores("find_style", talk, "not a jig, a reel") == {"style": 1}
    assert scores("find_style", talk, "里尔舞曲") == {"style": 1}
    assert scores("find_style", talk, "a slip jig") == {"style": 0}
    assert not serves("find_style", REEL.replace("R:reel", "R:tango"))
