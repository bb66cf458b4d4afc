"""The words of the page: whatever can be said is said in both languages."""

from __future__ import annotations

import re
from pathlib import Path

from abcllm.notation.catalogue import CATALOGUE
from abcllm.request import RHYTHMS
from abcllm.serving import application
from abcllm.serving.faults import KINDS

PAGE = Path(application.__file__).with_name("page")


def read(name: str) -> str:
    return (PAGE / name).read_text(encoding="utf-8")


def block(text: str, start: str, end: str) -> str:
    return text.partition(start)[2].partition(end)[0]


def test_every_rule_has_a_chinese_title() -> None:
    titles = dict(re.findall(r'\b([A-Z]\d{3}): "([^"]*)"', read("rules.js")))
    assert titles.keys() == CATALOGUE.keys()
    assert all(re.search(r"[\u4e00-\u9fff]", title) for title in titles.values())


def test_every_word_is_there_in_both_languages() -> None:
    words = block(read("words.js"), "const WORDS = {", "\n};")
    english, chinese = (
        re.findall(r"^    (\w+):", words.partition(f"{language}: {{")[2].partition("\n  },")[0], re.M)
        for language in ("en", "zh")
    )
    assert english == chinese
    named = {*re.findall(r'data-(?:word|label|hint)="(\w+)"', read("index.html"))}
    named |= {*re.findall(r'\bword\("(\w+)"\)', read("main.js") + read("server.js") + read("editor.js"))}
    assert named <= {*english}
    assert {*english} - named <= {"play", "stop"}, "words that nothing says"


def test_every_refusal_is_worded_in_chinese() -> None:
    worded = {int(status) for status in re.findall(r"^    (\d{3}): ", read("words.js"), re.M)}
    assert worded >= {*KINDS, 408, 409, 413, 500, 502, 503}


def test_every_kind_of_tune_has_a_chinese_name() -> None:
    kinds = block(read("facts.js"), "const RHYTHMS = {", "};")
    assert {*re.findall(r'"([a-z ]+)":', kinds)} == {*RHYTHMS}
