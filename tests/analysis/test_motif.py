"""Motifs: the published example, rules of the choice one by one, and what does not change them."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given

from abcllm.analysis.motif import find_motif, find_motifs, list_motifs, motifs_by_letter, note_groups
from abcllm.analysis.sections import find_sections
from abcllm.notation import Tune, change_unit_length, parse
from tests.strategies import tunes

PUBLISHED = """X:1
L:1/16
M:2/4
K:G
G2BG A2cA | B2dB G2B2 | c2ec B2dB | ABAG (GF)(ED) | G2BG A2cA | B2dB c2ec | cBAG D2f2 | g2d2B2G2 ||
(gf)(ge) (ed)(cB) | (gf)(ge) (ed)(cB) | ca2c Bg2B | ABAG GFED | G2BG A2cA | cBAG d2f2 | g2d2B2G2 ||
"""
"""A tune of the MusicPile data set, whose row gives the motifs of its two sections."""


def tune(music: str, header: str = "L:1/8\nM:2/4\nK:G") -> Tune:
    return parse(f"X:1\n{header}\n{music}\n").tunes[0]


def motifs(music: str) -> list[str]:
    return [str(motif) for motif in find_motifs(tune(music))]


def groups(music: str) -> list[str]:
    one = tune(music)
    return [group.text for section in find_sections(one) for group in note_groups(one, section)]


def test_the_published_motifs_are_found() -> None:
    found = find_motifs(parse(PUBLISHED).tunes[0])
    assert [str(motif) for motif in found] == ["G2BG A2cA B2dB", "(gf)(ge) (ed)(cB)"]
    assert [motif.times for motif in found if motif] == [2, 2]


@pytest.mark.parametrize(
    ("music", "found"),
    [
        ("GABc d4|", ["GABc", "d4"]),
        ('"G"GA "^slow"Bc|!trill!d2 {e}d2|', ["GA", "Bc", "d2", "d2"]),
        ("G>A B2 (3Bcd (e2|e)f g2-|g4|", ["G>A", "B2", "(3Bcd", "(e2", "e)f", "g2-", "g4"]),
        ("[GB]2 z2|Z|[K:D]F4|", ["[GB]2", "z2", "Z", "F4"]),
        ("G4|1 A4:|2 B4|]", ["G4", "A4", "B4"]),
        ("GA Bc&EF GA|", ["GA", "Bc"]),
        ("GABc|[L:1/16]d4e4|", ["GABc", "d2e2"]),
    ],
)
def test_groups_are_what_is_written_together(music: str, found: list[str]) -> None:
    assert groups(music) == found


def test_the_most_frequent_row_is_chosen_before_the_longest() -> None:
    assert motifs("GA Bc|de f2|GA Bc|de g2|GA Bc|d4|]") == ["GA Bc"]


def test_of_equally_frequent_rows_the_longest_is_chosen_and_then_the_first() -> None:
    assert motifs("GA Bc|de f2|g4|GA Bc|de a2|f4|g2 e2|f4|g2 e2|]") == ["GA Bc de"]
    assert motifs("GA Bc|f4|g2 e2|GA Bc|a4|g2 e2|]") == ["GA Bc"]


def test_a_motif_has_nine_groups_at_most() -> None:
    row = "G2 A2|B2 c2|d2 e2|f2 g2|a2 b2|"
    assert motifs(f"{row}z4|{row}]") == ["G2 A2 B2 c2 d2 e2 f2 g2 a2"]


def test_rows_may_overlap() -> None:
    (motif,) = find_motifs(tune("G2 G2|G2 G2|A4|]"))
    assert motif is not None
    assert (str(motif), motif.times) == ("G2 G2", 3)


@pytest.mark.parametrize("music", ["G2 A2|B2 c2|]", "G4|]", "G4|G4|]"])
def test_where_nothing_comes_back_there_is_no_motif(music: str) -> None:
    assert motifs(music) == ["None"]


def test_notes_are_those_that_sound() -> None:
    (motif,) = find_motifs(tune("FA dz|F4|FA dz|]", "L:1/8\nM:2/4\nK:D"))
    assert motif is not None
    assert [(pitch, str(length)) for pitch, length in motif.notes] == [
        (66, "1/8"), (69, "1/8"), (74, "1/8"), (-1, "1/8"),
    ]  # fmt: skip


def test_letters_are_given_the_motif_of_their_first_section() -> None:
    one = tune("GA Bc|GA Bc|]de f2|g4|]GA Bc|GA Bc|]")
    assert {letter: str(motif) for letter, motif in motifs_by_letter(one).items()} == {"A": "GA Bc"}
    assert list_motifs(one, motifs_by_letter(one)) == "L:1/8\nM:2/4\nK:G\nA: GA Bc"


@given(tunes())
def test_a_motif_stands_as_often_as_it_says_and_no_row_more_often(one: Tune) -> None:
    for section in find_sections(one):
        row = note_groups(one, section)
        texts = [group.text for group in row]
        motif = find_motif(row)
        pairs = Counter(pairwise(texts))
        most = max(pairs.values(), default=1)
        assert (motif.times if motif else 1) == most
        if motif:
            wanted = [group.text for group in motif.groups]
            starts = range(len(texts) - len(wanted) + 1)
            assert sum(texts[at : at + len(wanted)] == wanted for at in starts) == motif.times


@given(tunes(most_voices=1))
def test_the_unit_of_the_header_changes_the_text_alone(one: Tune) -> None:
    other = change_unit_length(one, one.unit_length / 2)
    found, again = find_motifs(one), find_motifs(other)
    assert [motif and (motif.notes, motif.times) for motif in found] == [
        motif and (motif.notes, motif.times) for motif in again
    ]
