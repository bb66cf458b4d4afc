"""Melodies: what is the same melody and what is not, outlines worked by hand, laws of sketches."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abcllm import transpose
from abcllm.analysis.melody import MOST_POINTS, SLOTS, Melody, read_melody
from abcllm.notation import Tune, parse, write

from ..strategies import tunes

HEAD = "X:1\nM:4/4\nL:1/8\nK:C\n"
REEL = HEAD + "A2eA BAeB|A2ed BAGB|A2eA z2df|gedc BAGB|]\n"

# what differs, the reel once more
SAME = [
    ("the key", REEL.replace("K:C", "K:D").translate(str.maketrans("ABGcdefg", "BcAdefga"))),
    ("an octave", REEL.replace("K:C", "K:C octave=-1")),
    ("the unit", "X:1\nM:4/4\nL:1/4\nK:C\nAe/A/ B/A/e/B/|Ae/d/ B/A/G/B/|Ae/A/ zd/f/|g/e/d/c/ B/A/G/B/|]\n"),
    ("the metre", REEL.replace("M:4/4", "M:C|")),
    ("halved values", REEL.replace("M:4/4", "M:2/4").replace("L:1/8", "L:1/16")),
    ("two bars for one", REEL.replace("M:4/4", "M:2/4").replace(" ", "|")),
    ("no metre", REEL.replace("M:4/4", "M:none")),
    ("title and tempo", REEL.replace("M:4/4", "T:The Reel\nC:trad.\nQ:1/4=200\nM:4/4")),
    ("chord symbols", REEL.replace("A2eA", '"Am"A2"E7"eA')),
    ("grace notes and ornaments", REEL.replace("A2", "{gf}~A2").replace("z", "!fermata!z")),
    ("words", REEL + "w:la la la\n"),
    ("beams", REEL.replace("eA BAeB", "e A B A e B")),
    ("bar lines", REEL.replace("|A2ed", "||A2ed").replace("|]", ":|")),
    ("the spelling", REEL.replace("|A2ed", "|A2_fd").replace("Bdef", "Bd=ef")),
    ("ties", REEL.replace("A2eA", "A-AeA")),
    ("rests in a row", REEL.replace("z2", "zx")),
    ("notes below", REEL.replace("A2eA", "[CEA]2[Ee]A")),
    ("a voice that is silent", REEL.replace("K:C\n", "K:C\nV:1\n") + "V:2\nZ4|]\n"),
]

DIFFERENT = [
    ("a note", REEL.replace("gedc", "gedB")),
    ("a length", REEL.replace("BAeB", "B>AeB")),
    ("a rest", REEL.replace("z2", "A2")),
    ("where a rest stands", REEL.replace("z2df", "dz2f")),
    ("a note struck twice", REEL.replace("A2eA", "AAeA")),
    ("a repeat written out", REEL + REEL.removeprefix(HEAD)),
    ("a second voice", REEL.replace("K:C\n", "K:C\nV:1\n") + "V:2\nA,8|A,8|A,8|A,8|]\n"),
    ("the mode", REEL.replace("K:C", "K:Cm")),
]


def melody(text: str) -> Melody:
    return read_melody(parse(text).tunes[0])


@pytest.mark.parametrize("text", [text for _, text in SAME], ids=[name for name, _ in SAME])
def test_the_same_melody(text: str) -> None:
    assert text != REEL
    assert melody(text).identity == melody(REEL).identity


@pytest.mark.parametrize("text", [text for _, text in DIFFERENT], ids=[name for name, _ in DIFFERENT])
def test_another_melody(text: str) -> None:
    assert melody(text).identity not in (melody(REEL).identity, 0)


def test_numbers_stay_the_same_over_years() -> None:
    """Corpora that were built keep them."""
    found = melody(REEL)
    assert found.identity == 5534401228268037056
    assert found.sketch[:2] == (4196158974, 84476868)


def test_nothing_sounds() -> None:
    assert melody(HEAD + "z8|Z2|]\n") == Melody(0)
    assert melody("X:1\nK:C\n") == Melody(0)


def test_one_note_is_a_melody() -> None:
    assert melody(HEAD + "C8|]\n").identity == melody(HEAD + "G,4|]\n").identity != 0


def test_identity_alone() -> None:
    tune = parse(REEL).tunes[0]
    assert read_melody(tune, variants=False) == Melody(read_melody(tune).identity)


OUTLINES = [
    ("four points in 4/4", "M:4/4\nL:1/8\nK:C\nC2DE F2GA|", "ACFH"),
    ("four in 2/4, of half the length", "M:2/4\nL:1/16\nK:C\nC2DE F2GA|", "ACFH"),
    ("four in 2/2", "M:C|\nL:1/8\nK:C\nC2DE F2GA|", "ACFH"),
    ("three in 3/4", "M:3/4\nL:1/8\nK:C\nC2DE F2|", "ACF"),
    ("six in 6/8", "M:6/8\nL:1/8\nK:C\nCDE F3|", "ACEFFF"),
    ("five in 5/8", "M:(2+3)/8\nL:1/8\nK:C\nCDEFG|", "ACEFH"),
    ("quarters where the metre is free", "M:none\nL:1/8\nK:C\nC2DE F3GA|", "ACFFJ"),
    ("above the do of the signature", "M:4/4\nL:1/4\nK:Ador\nGABc|", "ACEF"),
    ("octaves left out", "M:4/4\nL:1/4\nK:C\nC,Cc'B|", "AAAL"),
    ("a pickup has the last points", "M:4/4\nL:1/8\nK:C\nG|C2D2E2F2|", "ACEF"),
    ("a pickup of a point", "M:4/4\nL:1/8\nK:C\nG2|C2D2E2F2|", "HACEF"),
    ("one after a double bar", "M:4/4\nL:1/8\nK:C\nC2D2E2||F|G2A2B2c2|", "ACEHJLA"),
    ("a rest holds the note before it", "M:4/4\nL:1/4\nK:C\nCzEz|z4|", "AAEEEEEE"),
    ("a rest before the first note is nothing", "M:4/4\nL:1/4\nK:C\nz2EF|", "EF"),
    ("of a chord the highest note", "M:4/4\nL:1/4\nK:C\n[CEG][DA]EF|", "HJEF"),
    ("ornaments pass", "M:4/4\nL:1/8\nK:C\n{d}CD (3EDC F>G A/B/c/B/|", "AEFJ"),
    ("the first voice that sounds", "M:4/4\nL:1/4\nK:C\nV:1\nz4|\nV:2\nCDEF|\nV:3\nGGGG|", "ACEF"),
]


@pytest.mark.parametrize(("music", "outline"), [row[1:] for row in OUTLINES], ids=[row[0] for row in OUTLINES])
def test_outlines_by_hand(music: str, outline: str) -> None:
    assert melody(f"X:1\n{music}\n").outline == outline


def test_outlines_without_measure_are_cut() -> None:
    found = melody(HEAD + "C8000E8000|Z9999|" + "CDEF GABc|" * 9 + "\n")
    assert len(found.outline) == MOST_POINTS
    assert len(found.sketch) == SLOTS


def test_too_short_for_a_sketch() -> None:
    assert melody(HEAD + "C2E2|G2c2|e2|]\n").sketch == ()
    assert len(melody(HEAD + "C2E2G2c2|e2d2c2|]\n").sketch) == SLOTS


def test_variants_share_slots_and_strangers_do_not() -> None:
    """Two settings of the reel Gravel Walks, and the jig The Kesh."""
    plain = melody(HEAD + "A2eA BAeB|A2ed BAGB|A2eA Bdef|gedc BAGB:|A2aA gAfA|A2ed BAGB|A2aA gAfA|efge dBGB:|\n")
    ornate = melody(
        HEAD + 'e|:"Am"A2eA (3cBA eA|A2{d}eA "G"BAGB|"Am"~A2eA Bdef|"G"gedc BAGB:|'
        "A2aA gAfA|A2eA BAGB|A2aA gAfa|gedc BAGB|]\n"
    )
    jig = melody("X:1\nM:6/8\nL:1/8\nK:G\nGAG GAB|ABA ABd|edd gdd|edB dBA|GAG GAB|ABA ABd|edd gdB|AGF G3:|\n")
    assert plain.identity != ornate.identity
    assert sum(one == other for one, other in zip(plain.sketch, ornate.sketch, strict=True)) >= SLOTS // 3
    assert not set(plain.sketch) & set(jig.sketch)


@given(tunes(), st.integers(-11, 11))
def test_transposing_changes_neither_identity_nor_sketch(tune: Tune, semitones: int) -> None:
    one, other = read_melody(tune), read_melody(transpose(tune, semitones=semitones))
    assert (one.identity, one.sketch) == (other.identity, other.sketch)
    if tune.key.tonic and not tune.key.explicit:
        assert one.outline == other.outline


@given(tunes())
def test_writing_changes_nothing(tune: Tune) -> None:
    found = read_melody(tune)
    assert read_melody(parse(write(tune)).tunes[0]) == found
    assert len(found.sketch) == (SLOTS if len(found.outline) > 6 else 0)
    assert set(found.outline) <= set("ABCDEFGHIJKL")
    assert all(0 < slot < 2**32 for slot in found.sketch)
