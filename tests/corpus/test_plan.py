"""Plans: all that is wrong with one is said at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from abcllm.corpus import read_plan
from abcllm.errors import ConfigError
from abcllm.licences import LicenceClass

pytest.importorskip("pyarrow")

ROOT = Path(__file__).resolve().parents[2]
GOOD = """
valid = 0.1
[pretrain]
tune = 1
[[source]]
name = "abc"
folder = "tunes"
"""


def plan(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return path


def problems(tmp_path: Path, text: str) -> str:
    with pytest.raises(ConfigError) as caught:
        read_plan(plan(tmp_path, text))
    return str(caught.value)


def test_a_small_plan_and_its_defaults(tmp_path: Path) -> None:
    read = read_plan(plan(tmp_path, GOOD))
    assert (read.name, read.seed, read.forms, read.languages) == ("mine", 0, ("xtuner", "messages"), {"en": 1.0})
    (order,) = read.sources
    assert (order.label, order.folder, order.text) == ("abc", str(tmp_path / "tunes"), "canonical")
    assert read.licence_class is LicenceClass.UNKNOWN


def test_everything_wrong_is_said_at_once(tmp_path: Path) -> None:
    said = problems(
        tmp_path,
        'licence = "fre"\nvalid = 0.7\nkeys = 20\nforms = ["jsonl"]\nlanguages = { de = 1 }\nmax_rejects = "few"\n'
        "seeed = 1\nseed = true\n[pretrain]\ncompose = 1\n[sft]\ncompoze = 1\ncompose = -1\n"
        '[[source]]\nname = "abcd"\n[[source]]\nfolder = "x"\ntext = "raw"\n',
    )
    for part in (
        "licence: no licence class is called 'fre'",
        "valid: a share from 0 to 0.5",
        "keys: a whole number from 0 to 14",
        "there is no form 'jsonl'",
        "languages.de: there are en, zh",
        "max_rejects: a number of rows",
        "the plan: seeed: no such key",
        "the plan: seed: True is not int",
        "pretrain.compose: this task belongs under [sft]",
        "sft.compoze: no task is called 'compoze'; did you mean compose",
        "sft.compose: how many conversations",
        "source 1: no source is called 'abcd'; did you mean abc",
        'source 2: says no "name"',
    ):
        assert part in said, part


def test_a_plan_that_is_none(tmp_path: Path) -> None:
    assert "not TOML" in problems(tmp_path, "= 3")
    assert "name at least one [[source]]" in problems(tmp_path, "[pretrain]\ntune = 1\n")
    assert "name at least one task" in problems(tmp_path, '[[source]]\nname = "abc"\n')
    with pytest.raises(ConfigError, match="cannot read"):
        read_plan(tmp_path / "missing.toml")


def test_two_sources_of_one_label_are_told_apart(tmp_path: Path) -> None:
    said = problems(tmp_path, GOOD + '[[source]]\nname = "abc"\nfolder = "more"\n')
    assert "source 2: there is a source 'abc' already; name this one with as" in said


def test_variables_of_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = GOOD.replace('"tunes"', '"${TUNES_OF_MINE:-own}/set"')
    assert read_plan(plan(tmp_path, text)).sources[0].folder == str(tmp_path / "own" / "set")
    monkeypatch.setenv("TUNES_OF_MINE", "/elsewhere")
    assert read_plan(plan(tmp_path, text)).sources[0].folder == "/elsewhere/set"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TUNES_OF_MINE", "here")  # a folder that the user names is meant from where the user is
    (tmp_path / "plans").mkdir()
    assert read_plan(plan(tmp_path / "plans", text)).sources[0].folder == str(tmp_path / "here" / "set")
    monkeypatch.delenv("TUNES_OF_MINE")
    assert "the environment has no TUNES_OF_MINE" in problems(tmp_path, GOOD.replace('"tunes"', '"${TUNES_OF_MINE}"'))


def test_changes_replace_values(tmp_path: Path) -> None:
    assert read_plan(plan(tmp_path, GOOD), licence="permissive", seed=None).licence == "permissive"


def test_rejects_as_a_number_and_as_a_share(tmp_path: Path) -> None:
    few = read_plan(plan(tmp_path, GOOD), max_rejects="3")
    assert (few.too_many(3, 100), few.too_many(4, 100)) == (False, True)
    share = read_plan(plan(tmp_path, GOOD), max_rejects="2.5%")
    assert (share.too_many(25, 1000), share.too_many(26, 1000)) == (False, True)


@pytest.mark.parametrize("path", sorted((ROOT / "configs" / "corpus").glob("*.toml")), ids=lambda path: path.stem)
def test_every_plan_of_the_project_is_sound(path: Path) -> None:
    assert read_plan(path).sources
