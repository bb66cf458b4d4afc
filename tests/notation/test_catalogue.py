"""Every code: its bad example gives exactly this code, its good example nothing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from abcllm.notation import CATALOGUE, Rule, check

from .reading import codes

RULES = list(CATALOGUE.values())
WITHOUT_EXAMPLE = {"T101", "V403", "W603"}  # said of bytes; need hundreds of voices, of lines
OF_ANSWERS = {code for code in CATALOGUE if code.startswith("A")}  # looked at in tests/reply


@pytest.mark.parametrize(
    "rule", [rule for rule in RULES if rule.code not in WITHOUT_EXAMPLE | OF_ANSWERS], ids=lambda rule: rule.code
)
def test_the_examples(rule: Rule) -> None:
    assert codes(rule.bad) == [rule.code]
    assert codes(rule.good) == []


def test_too_many_voices() -> None:
    text = "X:1\nM:1/4\nL:1/4\nK:C\n" + "".join(f"V:{number}\nC|]\n" for number in range(1_000))
    assert [diagnostic.code for diagnostic in check(text)] == ["V403"]


def test_too_many_lines_of_words() -> None:
    text = "X:1\nM:1/4\nL:1/4\nK:C\n" + ("C|\n" + "w:la\n" * 300) * 2
    assert [(diagnostic.code, diagnostic.line) for diagnostic in check(text)] == [("W603", 106)]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_entries_say_what_a_musician_needs(rule: Rule) -> None:
    assert re.fullmatch(r"[A-Z]\d{3}", rule.code)
    assert rule.title
    assert rule.title[0].islower() or rule.title.startswith(("X:", "K:", "MIDI"))
    assert rule.why.endswith(".")
    assert rule.hint
    assert not re.search(r"\b(invalid|malformed|failed|illegal)\b", f"{rule.title} {rule.why} {rule.hint}")
    assert rule.explanation.startswith(f"{rule.code} {rule.title} ({rule.severity})")


def test_every_code_in_the_reader_has_an_entry(root: Path) -> None:
    sources = [path.read_text(encoding="utf-8") for path in (root / "abcllm" / "notation").glob("*.py")]
    used = {code for text in sources for code in re.findall(r'"([THNRSVDW]\d{3})"', text)}
    assert used == set(CATALOGUE) - OF_ANSWERS
