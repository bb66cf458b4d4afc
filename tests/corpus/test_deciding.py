"""What becomes of records seen beside all others: the first is kept, families and groups stay together."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("pyarrow")

from abcllm.corpus.deciding import Fate, decide, join_groups
from abcllm.corpus.evaluation import Evaluation, read_evaluation, runs
from abcllm.corpus.plan import Plan, SourceOrder
from abcllm.corpus.shards import EXAMINED, read_rows, write_rows
from abcllm.errors import ConfigError

NOTHING = Evaluation((), frozenset(), ())
PLAN = Plan("x", (SourceOrder("abc", "."),), valid=0.2, test=0.2)


def row(id: int, *, same: int = 0, group: int = 0, identity: int = 0) -> dict[str, object]:
    return {
        "record": "{}", "name": str(id), "id": id, "group": group, "same": same, "identity": identity, "outline": "",
        "sketch": [], "notes": "", "note_sketch": [],
    }  # fmt: skip


def fates(folder: Path, *shards: list[dict[str, object]], plan: Plan = PLAN) -> list[tuple[int, int]]:
    paths = [folder / f"{number:05d}.arrow" for number in range(len(shards))]
    for path, rows in zip(paths, shards, strict=True):
        write_rows(path, EXAMINED, rows)
    decide(plan, paths, folder / "out", NOTHING)
    return [(one["fate"], one["because"]) for path in paths for one in read_rows(folder / "out" / path.name)]


def test_the_first_of_the_same_is_kept_over_shards(tmp_path: Path) -> None:
    found = fates(tmp_path, [row(1, same=5), row(2, same=6)], [row(3, same=5), row(4, same=5), row(5)])
    assert found[2:4] == [(Fate.DUPLICATE, 0), (Fate.DUPLICATE, 0)]
    assert all(fate <= Fate.TEST for fate, _ in (found[0], found[1], found[4]))


def test_a_name_that_stands_twice(tmp_path: Path) -> None:
    found = fates(tmp_path, [row(1, same=5)], [row(1, same=6), row(2, same=6)])
    assert found[1] == (Fate.NAME_TWICE, 0)
    assert found[2][0] <= Fate.TEST  # what it would repeat is not wanted itself


def test_nothing_is_the_same_as_nothing(tmp_path: Path) -> None:
    assert all(fate <= Fate.TEST for fate, _ in fates(tmp_path, [row(one) for one in range(1, 30)]))


def test_shares_are_kept_and_groups_are_not_split(tmp_path: Path) -> None:
    rows = [row(7919 * one + 1, group=1 + one // 3) for one in range(6000)]
    found = [fate for fate, _ in fates(tmp_path, rows)]
    assert all(len({*found[at : at + 3]}) == 1 for at in range(0, len(found), 3))
    for fate, share in ((Fate.TRAIN, 0.6), (Fate.VALID, 0.2), (Fate.TEST, 0.2)):
        assert abs(found.count(fate) / len(found) - share) < 0.03


def test_families_of_one_melody_stay_together(tmp_path: Path) -> None:
    rows = [row(7919 * one + 1, identity=1 + one % 500) for one in range(2000)]
    found = [fate for fate, _ in fates(tmp_path, rows)]
    assert all(len({*found[at::500]}) == 1 for at in range(500))


def test_empty_shards(tmp_path: Path) -> None:
    assert fates(tmp_path, []) == []
    assert fates(tmp_path, [], [row(1)], [])[0][0] <= Fate.TEST


@given(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 5)), min_size=1, max_size=30))
def test_joined_families_are_the_connected_ones(pairs: list[tuple[int, int]]) -> None:
    """Against joining one by one: rows are together if a chain of families and groups leads from one to the other."""
    marks = [family for family, _ in pairs]
    labels = np.array([marks.index(family) for family in marks])
    groups = np.array([group for _, group in pairs])
    expected = labels.copy()
    for _ in pairs:
        for one in range(len(pairs)):
            for other in range(len(pairs)):
                if expected[one] == expected[other] or (groups[one] == groups[other] != 0):
                    least = min(expected[one], expected[other])
                    expected[expected == expected[one]] = expected[expected == expected[other]] = least
    assert join_groups(labels, groups).tolist() == expected.tolist()


def test_runs_of_words_find_a_question_in_other_words_around_it(tmp_path: Path) -> None:
    question = "Which of these intervals is heard between the third and the fifth degree of a major scale?"
    (tmp_path / "set.csv").write_text(f'id,question\n1,"{question}"\n')
    evaluation = read_evaluation((str(tmp_path / "*.csv"),))
    asked = f"Dear model! {question.upper()} Answer at once."
    assert evaluation.runs & {*runs(asked)}
    assert not evaluation.runs & {*runs("Write a jig in D with sixteen bars and a turn that goes up to the high b.")}


def test_an_evaluation_set_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"no file is named .*missing\.jsonl"):
        read_evaluation((str(tmp_path / "missing.jsonl"),))
