"""`check` and the rules over finished tunes."""

from __future__ import annotations

import tracemalloc

import pytest
from hypothesis import given

from abcllm.notation import Severity, Source, apply_fixes, check, iter_check, parse

from ..strategies import broken_texts
from .reading import HEADER, codes

TUNE = "X:%d\nM:4/4\nL:1/4\nK:C\n%s|]\n\n"


@given(broken_texts())
def test_check_says_all_that_the_reader_says(text: str) -> None:
    found = check(text)
    assert set(parse(text).diagnostics) <= set(found)
    assert list(found) == sorted(found, key=lambda diagnostic: diagnostic.span)


def test_tunes_come_with_what_is_said_of_them() -> None:
    text = TUNE % (1, "C5") + TUNE % (2, "C4") + "C4|D4|\n\n" + TUNE % (3, '"Fine"C4')
    found = [(tune.number, [d.code for d in said]) for tune, said in iter_check(text) if tune]
    assert found == [(1, ["R201"]), (2, ["T104"]), (3, ["D503"])]


def test_a_text_without_a_tune() -> None:
    ((tune, said),) = iter_check("Just words.\n")
    assert tune is None
    assert [diagnostic.code for diagnostic in said] == ["T102"]


def test_the_place_names_the_source() -> None:
    (fault,) = check(HEADER + "C5|]\n", name="reel.abc")
    assert fault.render(Source(HEADER + "C5|]\n", "reel.abc")).startswith("reel.abc:6:1: error R201")


def test_a_large_book_needs_little_memory() -> None:
    text = "".join(TUNE % (number, "|".join(["C D E F"] * 40)) for number in range(1, 301))
    assert sum(1 for _ in iter_check(text[:2_000])) > 1
    tracemalloc.start()
    count = sum(1 for _ in iter_check(text))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 300
    assert peak < 1_500_000, f"{peak} bytes for {len(text)} characters"


@pytest.mark.parametrize(
    ("directive", "found"),
    [
        ("%%score (1 2)", []),
        ("%%staves {1 2}", []),
        ("I:score [1|2]", []),
        ("%%score *1 2", []),
        ("%%score 1 2 3", ["V404"]),
        ("%%score 1 3 4", ["V404", "V404", "V405"]),
        ("%%score 2", ["V405"]),
    ],
)
def test_scores_name_the_voices(directive: str, found: list[str]) -> None:
    text = f"X:1\nM:4/4\nL:1/4\n{directive}\nK:C\nV:1\nC4|]\nV:2\nC4|]\n"
    assert sorted(codes(text)) == found
    for diagnostic in check(text):
        assert diagnostic.line == 4


def test_an_unknown_voice_is_pointed_at() -> None:
    source = Source("X:1\nM:4/4\nL:1/4\n%%score (1 2) Bass\nK:C\nV:1\nC4|]\nV:2\nC4|]\n")
    (fault,) = check(source)
    assert source.slice(fault.span) == "Bass"


@pytest.mark.parametrize(
    ("first", "second", "found"),
    [
        ("|:C4:|", "|:C4:|", []),
        ("|:C4:|", "C4:|", []),
        ("C4:|D4|]", "C4|D4|]", ["V406"]),
        ("|:C4|1 D4:|2 E4|]", "|:C4|D4:|E4|]", ["V406"]),
        ("|:C4|1 D4:|2 E4|]", "|:C4|1 D4:|2 E4|]", []),
    ],
)
def test_voices_repeat_alike(first: str, second: str, found: list[str]) -> None:
    assert codes(f"V:1\n{first}\nV:2\n{second}\n") == found


@pytest.mark.parametrize(
    "text", ["Am", "G7/B", "F#m7b5", "Bbmaj7", "C7(b9)", "Dsus4", "E+", "Ao7", "G(Em)", "(Am)", "N.C.", "D/f+", "em"]
)
def test_chord_symbols(text: str) -> None:
    assert codes(f'"{text}"C D E F|]\n') == []


@pytest.mark.parametrize("text", ["4", "Fine", "D.C.", "last time", "H", "slow", "A dorian"])
def test_words_that_pose_as_chord_symbols(text: str) -> None:
    source = Source(HEADER + f'C "{text}"D E "{text}"F|]\n')
    (fault,) = check(source)
    assert (fault.code, fault.severity, source.slice(fault.span)) == ("D503", Severity.INFO, f'"{text}"')
    fixed, applied = apply_fixes(source.text, check(source))
    assert applied == 1
    assert f'"^{text}"D' in fixed


@pytest.mark.parametrize(
    ("directive", "found"),
    [
        ("%%MIDI program 0", []),
        ("%%MIDI program 127", []),
        ("%%MIDI program 2 40", []),
        ("%%MIDI program 128", ["D504"]),
        ("%%MIDI program flute", ["D504"]),
        ("%%MIDI channel 16", []),
        ("%%MIDI channel 0", ["D504"]),
        ("%%MIDI gchord fzc", []),
        ("%%MIDI program", []),
    ],
)
def test_midi_numbers(directive: str, found: list[str]) -> None:
    assert codes(f"X:1\nM:4/4\nL:1/4\n{directive}\nK:C\nC4|]\n") == found
    assert codes(f"C4|\n{directive}\nD4|]\n") == found
