"""Changes asked for in words, English and Chinese: a table of utterances, and what is said of those that cannot be."""

from __future__ import annotations

from fractions import Fraction

import pytest

from abcllm.request import (
    Compose,
    Extend,
    Find,
    Harmonise,
    Instruction,
    Keep,
    Recast,
    Remode,
    Repair,
    Request,
    Rescale,
    Resemble,
    Rewrite,
    Save,
    Steps,
    Stretch,
    Transpose,
    Unclear,
    read_request,
)
from abcllm.request.editing import read_stretch

JIG = Request.for_rhythm("jig")
PART_2 = Stretch(part=2)

SAID: list[tuple[str, Instruction]] = [
    ("make bar 5 busier", Rewrite("busier", Stretch(5, 5))),
    ("could you make bars 5-8 a bit simpler please?", Rewrite("simpler", Stretch(5, 8))),
    ("make the second part more interesting", Rewrite("busier", PART_2)),
    ("simplify the ending", Rewrite("simpler", Stretch(-2, -1))),
    ("decorate bar two", Rewrite("busier", Stretch(2, 2))),
    ("change bars 5 to 8", Rewrite("anew", Stretch(5, 8))),
    ("rewrite the second part", Rewrite("anew", PART_2)),
    ("rewrite the B part", Rewrite("anew", PART_2)),
    ("redo the last four bars", Rewrite("anew", Stretch(-4, -1))),
    ("give me a different ending", Rewrite("anew", Stretch(-2, -1))),
    ("another ending", Rewrite("anew", Stretch(-2, -1))),
    ("a different bar 3 please", Rewrite("anew", Stretch(3, 3))),
    ("make a variation", Rewrite("varied")),
    ("vary the first part", Rewrite("varied", Stretch(part=1))),
    ("continue for 8 bars", Extend(8)),
    ("continue", Extend(8)),
    ("4 more bars", Extend(4)),
    ("add a second part", Extend()),
    ("write another part", Extend()),
    ("harmonise it", Harmonise()),
    ("add chords", Harmonise()),
    ("put some guitar chords to it", Harmonise()),
    ("in the style of a hornpipe", Recast("hornpipe")),
    ("turn it into a waltz", Recast("waltz")),
    ("make it minor", Remode("minor")),
    ("change it to major", Remode("major")),
    ("make it dorian", Remode("dorian")),
    ("double the note lengths", Rescale(Fraction(2))),
    ("halve the note values", Rescale(Fraction(1, 2))),
    ("repair it", Repair()),
    ("fix the mistakes", Repair()),
    ("keep only the first part", Keep(Stretch(part=1))),
    ("just the first 8 bars", Keep(Stretch(1, 8))),
    ("cut it to 8 bars", Keep(Stretch(1, 8))),
    ("something like The Kesh", Resemble("The Kesh")),
    ("write me something similar to this", Resemble()),
    ("show me The Kesh from the library", Find("The Kesh")),
    ("add a second part and harmonise it", Steps((Extend(), Harmonise()))),
    ("把第5小节写得更密集一些", Rewrite("busier", Stretch(5, 5))),
    ("请把第五到八小节改得简单一点", Rewrite("simpler", Stretch(5, 8))),
    ("重写第二部分", Rewrite("anew", PART_2)),
    ("改写结尾", Rewrite("anew", Stretch(-2, -1))),
    ("续写十六小节", Extend(16)),
    ("加一个第二部分", Extend()),
    ("给它配和弦", Harmonise()),
    ("来个变奏", Rewrite("varied")),
    ("变成小调", Remode("minor")),
    ("改成号管舞曲风格", Recast("hornpipe")),
    ("换个结尾", Rewrite("anew", Stretch(-2, -1))),
    ("加一段", Extend()),
    ("降一个八度", Transpose(-12)),
    ("升两个半音", Transpose(2)),
    ("音符时值加倍", Rescale(Fraction(2))),
    ("修复它", Repair()),
    ("只保留第一部分", Keep(Stretch(part=1))),
    ("类似《The Kesh》的曲子", Resemble("The Kesh")),
    ("从曲库里找《The Kesh》", Find("The Kesh")),
    ("降低一个八度", Transpose(-12)),
]


@pytest.mark.parametrize(("text", "meaning"), SAID, ids=[text for text, _ in SAID])
def test_what_is_to_be_changed(text: str, meaning: Instruction) -> None:
    assert read_request(text, JIG) == meaning


@pytest.mark.parametrize(
    "text", [text for text, meaning in SAID if not isinstance(meaning, Resemble | Find | Transpose)]
)
def test_without_a_tune_there_is_nothing_to_change(text: str) -> None:
    said = read_request(text)
    assert isinstance(said, Unclear)
    assert "no tune yet" in said.text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("make bar 0 busier", "do not understand"),
        ("rewrite bars 8-5", "has bars 8 to 5"),
        ("change bar 900", "has bar 900"),
        ("continue for 0 bars", "I add 1 to 256 bars, not 0"),
        ("make the bridge busier", "do not understand"),
        ("add bagpipes", "cannot do what"),
    ],
)
def test_what_cannot_be_is_said(text: str, words: str) -> None:
    said = read_request(text, JIG)
    assert isinstance(said, Unclear)
    assert words in said.text


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("turn it into a pdf", Save),
        ("keep it", Save),
        ("again as a reel", Compose),
        ("写一首D大调的吉格舞曲", Compose),
        ("改成3/4拍", Compose),
    ],
)
def test_what_is_no_change_of_notes_stays_what_it_was(text: str, kind: type) -> None:
    assert isinstance(read_request(text, JIG), kind)


@pytest.mark.parametrize("where", [Stretch(3, 3), Stretch(2, 9), Stretch(-1, -1), Stretch(-4, -1), PART_2])
def test_a_stretch_in_words_is_read_back(where: Stretch) -> None:
    assert read_stretch(str(where)) == where


def test_what_is_not_understood_in_chinese_is_said_again_in_chinese() -> None:
    unclear = read_request("把小猫放进去")
    assert isinstance(unclear, Unclear)
    assert unclear.text == 'I do not understand "把小猫放进去".'
