"""Every code of answers: its bad example gives exactly this code, its good example nothing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from abcllm.notation import CATALOGUE, Rule
from abcllm.reply import read_reply

RULES = [rule for rule in CATALOGUE.values() if rule.code.startswith("A")]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_the_examples(rule: Rule) -> None:
    assert [one.code for one in read_reply(rule.bad).diagnostics] == [rule.code]
    assert read_reply(rule.good).diagnostics == ()


def test_every_code_of_the_room_has_an_entry(root: Path) -> None:
    sources = [path.read_text(encoding="utf-8") for path in (root / "abcllm" / "reply").glob("*.py")]
    assert {code for text in sources for code in re.findall(r'"(A\d{3})"', text)} == {rule.code for rule in RULES}
