"""Families: what is alike by hand, strangers that share a slot, the order of rows, and real settings."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from abcllm.analysis.families import MOST_COMPARED, View, are_alike, find_families, group_melodies
from abcllm.analysis.melody import read_melody
from abcllm.notation import parse

REEL = "CJEJCJEACJEJAHEACCALCJEACCALJAHA"  # 32 points, 27 of its steps move
JIG = "AAEEHHEECCAALLHHAAEEHHJJHHEECCAA"
UP_A_FOURTH = str.maketrans("ABCDEFGHIJKL", "FGHIJKLABCDE")
LETTERS = "ABCDEFGHIJKL"


def families(outlines: Sequence[str], slots: Sequence[Sequence[int]] = (), identities: Sequence[int] = ()) -> list[int]:
    """The families of rows; without `slots` all rows share one, without `identities` each is of its own."""
    columns = [np.array(column, np.uint32) for column in slots] or [np.ones(len(outlines), np.uint32)]
    known = np.array(identities or range(1, len(outlines) + 1), np.int64)
    return find_families(known, [View(columns, lambda rows: [outlines[row] for row in rows])]).tolist()


ALIKE = [
    ("itself", REEL, REEL, True),
    ("eight points of 32", REEL, "CJEJCJEACJEJAHEACCALCJEADDDDDDDD", True),
    ("nine points of 32", REEL, "CJEJCJEACJEJAHEACCALCJEDDDDDDDDD", False),
    ("a point too many", REEL, "C" + REEL, True),
    ("another key", REEL, REEL.translate(UP_A_FOURTH), True),
    ("another key and eight points", REEL, ("GGGGGGGG" + REEL[8:]).translate(UP_A_FOURTH), True),
    ("another tune", REEL, JIG, False),
    ("a part of a longer one", REEL, JIG + REEL + JIG, True),
    ("a part in another key", REEL, JIG + REEL.translate(UP_A_FOURTH) + JIG, True),
    ("a part with two points changed", REEL, JIG + "CJEJCLEACJEJAHEACCALGJEACCALJAHA" + JIG, True),
    ("too short a part", REEL[:31], JIG + REEL[:31] + JIG, False),
    ("a part that hardly moves", "A" * 20 + REEL[:12], JIG + "A" * 20 + REEL[:12] + JIG, False),
    ("short ones, four points of 20", "ACEFHJLACEFHJLACEFHJ", "ACEFHJLACEFHJLACBBBB", True),
    ("short ones, five points of 20", "ACEFHJLACEFHJLACEFHJ", "ACEFHJLACEFHJLABBBBB", False),
    ("nothing", "", "", True),
    ("nothing and something", "", "A", False),
]


@pytest.mark.parametrize(("one", "other", "alike"), [row[1:] for row in ALIKE], ids=[row[0] for row in ALIKE])
def test_alike_by_hand(one: str, other: str, alike: bool) -> None:
    assert are_alike(one, other) is alike
    assert are_alike(other, one) is alike


def test_the_same_melody_is_a_family() -> None:
    assert families([REEL, JIG, REEL, JIG], [[0] * 4], [7, -8, 7, 9]) == [0, 1, 0, 3]


def test_no_melody_is_no_family() -> None:
    assert families(["", "", REEL], [[0, 0, 0]], [0, 0, 5]) == [0, 1, 2]
    assert families([]) == []


def test_variants_that_share_a_slot() -> None:
    variant = REEL.replace("JAHE", "JALE")
    assert families([JIG, REEL, variant], [[1, 2, 3], [4, 5, 5]]) == [0, 1, 1]
    assert families([JIG, REEL, variant], [[1, 2, 3], [4, 5, 6]]) == [0, 1, 2]
    assert families([JIG, REEL, variant], [[0, 0, 0]]) == [0, 1, 2]


def test_variants_of_variants() -> None:
    """What is of one family with the same is of one family, through slots and identities."""
    assert families([REEL, JIG, REEL, JIG], [[1, 2, 1, 3]], [5, 6, 7, 6]) == [0, 1, 0, 1]
    once = "GGGGGG" + REEL[6:]
    twice = once[:26] + "GGGGGG"
    assert not are_alike(REEL, twice)
    assert families([REEL, twice, once], [[1, 2, 1], [0, 3, 3]]) == [0, 0, 0]


def test_a_crowd_of_strangers_stays_apart() -> None:
    """A turn that everybody plays glues nothing together, and the few variants among them are found."""
    random = Random(5)
    strangers = ["".join(random.choice(LETTERS) for _ in range(48)) for _ in range(2000)]
    variants = [REEL[:-at] + "B" * at for at in range(1, 5)]
    found = families([*strangers, *variants])
    assert found == [*range(2000), *[2000] * 4]


def test_equal_outlines_leave_room_for_others() -> None:
    many = MOST_COMPARED * 3
    first, last = REEL, REEL[:-1] + "L"
    between = REEL[:-1] + "B"
    assert first < between < last
    assert set(families([first, *[between] * many, last])) == {0}


outlines_of_families = st.lists(
    st.tuples(st.sampled_from([REEL, JIG, JIG[::-1], REEL[::-1]]), st.integers(0, 31), st.sampled_from("ABC")),
    max_size=12,
).map(lambda rows: [text[:at] + letter + text[at + 1 :] for text, at, letter in rows])


@given(outlines_of_families, st.randoms(use_true_random=False))
def test_the_order_of_rows_makes_no_difference(outlines: list[str], random: Random) -> None:
    order = [*range(len(outlines))]
    random.shuffle(order)
    before, after = families(outlines), families([outlines[row] for row in order])
    for one in range(len(order)):
        for other in range(one):
            assert (after[one] == after[other]) == (before[order[one]] == before[order[other]])
    assert all(label <= row and after[label] == label for row, label in enumerate(after))


Melodies = tuple[list[str], list[str], NDArray[np.int64]]


@pytest.fixture(scope="module")
def session(shared_tunes: Path) -> Melodies:
    """Names, outlines and families of two collections of Irish tunes that have many tunes in common."""
    names, melodies = [], []
    for collection in ("irish_mit", "paul_hardy"):
        with gzip.open(shared_tunes / collection / "tunes.jsonl.gz", "rt", encoding="utf-8") as lines:
            for row in map(json.loads, lines):
                names.append(f"{collection}: {row['title']}")
                melodies.append(read_melody(parse(row["abc"]).tunes[0]))
    outlines = [melody.outline for melody in melodies]
    return names, outlines, group_melodies(melodies)


def named(session: Melodies, collection: str, title: str) -> set[int]:
    """The families of the tunes of a collection that have the title."""
    names, _, found = session
    rows = {row for row, name in enumerate(names) if name.startswith(collection) and title in name}
    assert rows
    return {int(found[row]) for row in rows}


@pytest.mark.parametrize("title", ["Banish Misfortune", "Kesh", "Drowsy Maggie", "Harvest Home", "Mug of Brown Ale"])
def test_settings_of_two_collections(session: Melodies, title: str) -> None:
    assert named(session, "irish_mit", title) & named(session, "paul_hardy", title)


@pytest.mark.parametrize("title", ["Bonnie Kate", "Stoney Steps"])
def test_other_tunes_of_the_same_title(session: Melodies, title: str) -> None:
    assert not named(session, "irish_mit", title) & named(session, "paul_hardy", title)


def test_no_alike_tunes_are_of_two_families(session: Melodies) -> None:
    names, outlines, found = session
    for row in Random(1).sample(range(len(names)), 60):
        for other, outline in enumerate(outlines):
            if found[other] != found[row]:
                assert not (len(outline) > 24 and are_alike(outlines[row], outline)), (names[row], names[other])


def test_families_stay_small(session: Melodies) -> None:
    names, _, found = session
    sizes = Counter(found.tolist())
    assert max(sizes.values()) <= 8, [name for name, label in zip(names, found, strict=True) if sizes[label] > 8]
    assert sum(size > 1 for size in sizes.values()) > 100


def test_the_same_notes_in_another_metre_are_of_one_family() -> None:
    notes = "G2 BdgdBG|A2 cefecA|B2 dgbgdB|c2 edcBAF|G2 BdgdBG|A2 cefecA|B2 dgbgdB|cABF G4|]"
    letters = [letter for letter in notes if letter.isalpha()]
    other = "".join(f"{letter}{length}" for letter, length in zip(letters, ["3", "", "2"] * 20, strict=False))
    stranger = "e4 c4|d6 B2|c4 A4|G8|F4 A4|c6 e2|d4 B4|c8|e4 g4|f6 d2|e4 c4|B8|A4 c4|d6 B2|G4 B4|c8|]"
    melodies = [
        read_melody(parse(f"X:1\nL:1/8\nM:{meter}\nK:G\n{music}\n").tunes[0])
        for meter, music in (("4/4", notes), ("none", other), ("4/4", stranger))
    ]
    assert not are_alike(melodies[0].outline, melodies[1].outline)
    assert group_melodies(melodies).tolist() == [0, 0, 2]
