"""Mood, style, melody, codes and words to a tune: what is asked for, and what is graded."""

from __future__ import annotations

import pytest

from tests.tasks.given import HEADER, REEL, ask, scores, serves

SONG = "X:1\nL:1/4\nM:4/4\nK:C\nCDEF|G2G2|\nw:Sing a song of six-pence\nAGFE|C4|]\nw:pock-et full of rye\n"
JIG = "X:1\nT:x\nR:jig\nM:6/8\nL:1/8\nQ:3/8=40\nK:Am\nA3 c3|e3 c3|A3 E3|A6|]\n"


def test_mood_is_that_of_mode_and_speed() -> None:
    talk = ask("mood_to_tune", REEL)
    assert scores("mood_to_tune", talk, REEL.replace("K:D", "K:G"))["mood"] == 1
    assert scores("mood_to_tune", talk, REEL.replace("K:D", "K:Dm"))["mood"] == 0
    assert scores("mood_to_tune", talk, JIG) == {"valid": 1, "mood": 0}
    assert scores("mood_to_tune", ask("mood_to_tune", JIG), JIG.replace("Q:3/8=40", "Q:3/8=50"))["mood"] == 1
    assert not serves("mood_to_tune", "X:1\nL:1/4\nK:none\nCDEF|]\n")


def test_style_is_what_the_header_says() -> None:
    styled = REEL.replace("R:reel\n", "R:Reel\nO:Ireland\nC:trad.\n")
    talk = ask("style_to_tune", styled)
    for trait in ("rhythm: Reel", "origin: Ireland", "composer: trad."):
        assert trait in talk.messages[0].text
    assert scores("style_to_tune", talk, styled.replace("Ireland", "Sweden"))["style"] == pytest.approx(2 / 3)
    assert scores("style_to_tune", talk, styled.replace("M:4/4", "M:2/2"))["meter"] == 1
    assert scores("style_to_tune", talk, styled.replace("R:Reel", "R:jig"))["style"] == pytest.approx(2 / 3)
    assert scores("style_to_tune", talk, JIG) == {"valid": 1, "style": 0, "meter": 0}
    assert not serves("style_to_tune", "X:1\nL:1/4\nK:C\nCDEF|]\n")


def test_style_in_chinese_names_the_kind_in_chinese() -> None:
    assert "体裁：里尔舞曲" in ask("style_to_tune", REEL, language="zh").messages[0].text


def test_the_opening_is_given_without_chords() -> None:
    talk = ask("melody_to_tune", REEL.replace("|:A2FA", '|:"D"A2FA').replace("|B2GB", '|"G"B2GB'))
    assert "`A2FA dAFA|B2GB dBGB|`" in talk.messages[0].text
    assert "D major" in talk.messages[0].text
    graded = scores("melody_to_tune", talk, REEL.replace("A2FA dAFA|B2GB", "A2FA dAFA|c2GB"))
    assert graded == {"valid": 1, "key": 1, "meter": 1, "opening": pytest.approx(13 / 14)}
    assert scores("melody_to_tune", talk, JIG)["opening"] < 0.3


@pytest.mark.parametrize("abc", [HEADER + "A2FA dAFA|B2GB dBGB|]\n", HEADER + "A2FA dAFA|\nB2GB dBGB|D8|]\n"])
def test_an_opening_is_on_one_line_and_not_the_whole(abc: str) -> None:
    assert not serves("melody_to_tune", abc)


def test_what_is_asked_for_is_found_in_the_tune() -> None:
    cut = REEL.replace("M:4/4", "M:C|")
    talk = ask("compose", cut)
    assert scores("compose", talk, cut.replace("M:C|", "M:2/2")) == {"valid": 1, "key": 1, "meter": 1, "bars": 1}
    assert scores("compose", talk, cut.replace("M:C|", "M:C"))["meter"] == 0  # as long a bar, but another beat
    assert scores("compose", ask("compose", REEL), REEL.replace("M:4/4", "M:C"))["meter"] == 1


@pytest.mark.parametrize("music", ["", "z8|z8|]\n", "|]\n"])
def test_a_header_without_a_note_is_no_tune(music: str) -> None:
    assert scores("compose", ask("compose", REEL), HEADER + music)["valid"] == 0
    assert scores("compose", ask("compose", REEL), HEADER + music + "\n" + REEL)["valid"] == 0
    assert scores("compose", ask("compose", REEL), REEL)["valid"] == 1


def test_codes_are_graded_one_by_one() -> None:
    plain = HEADER + "A2FA dAFA|B2GB dBGB|]A2FA dAFA|E2EF E4|]\n"
    talk = ask("codes_to_tune", plain)
    assert "S:2\nB:2\nE:" in talk.messages[0].text
    longer = HEADER + "A2FA dAFA|B2GB dBGB|]A2FA dAFA|E2EF E4|E2EF E4|]\n"
    assert scores("codes_to_tune", talk, longer)["bars"] == 0.5
    assert scores("codes_to_tune", talk, HEADER + "A2FA dAFA|]\n") == {
        "valid": 1, "sections": 0, "bars": 0, "likeness": 0,
    }  # fmt: skip
    assert not serves("codes_to_tune", HEADER + "D8|]\n" * 9)


def test_words_are_given_in_their_lines_and_found_under_the_notes() -> None:
    talk = ask("lyrics_to_tune", SONG)
    assert "Sing a song of sixpence\npocket full of rye" in talk.messages[0].text
    assert scores("lyrics_to_tune", talk, SONG.replace("rye", "bread"))["words"] == pytest.approx(8 / 9)
    assert scores("lyrics_to_tune", talk, SONG.replace("of rye", "of rye and bread and butter"))["aligned"] == 0
    assert scores("lyrics_to_tune", talk, REEL) == {"valid": 1, "words": 0, "aligned": 0}


@pytest.mark.parametrize("abc", [REEL, "X:1\nL:1/4\nM:4/4\nK:C\nC4|]\nw:more words than notes\n"])
def test_tunes_without_words_that_fit_do_not_serve(abc: str) -> None:
    assert not serves("lyrics_to_tune", abc)
