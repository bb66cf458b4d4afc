"""The chat answers in the language it is asked in: whatever it can say is said in both."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abcllm import chat, request, serving
from abcllm.chat import Session
from abcllm.chat.commands import HELP
from abcllm.chat.languages import LONGEST, Wording, find_language, read_wordings, translate
from abcllm.notation.catalogue import CATALOGUE
from abcllm.request import Request, Unclear, read_request

from .conftest import Drone, Fiddler, say

SLOT = re.compile(r"\{(\w+)\}")
OPTIONAL = re.compile(r"<([^>]*)>")
HAN = re.compile(r"[\u3400-\u9fff]")
ENGLISH = re.compile(r"(?<![/a-z])[a-z]+ [a-z]+ [a-z]+")
SAMPLES = {
    "number": ("7", "7"),
    "key": ("Bb minor", "降B小调"),
    "kind": ("jig", "吉格舞曲"),
    "meter": ("6/8", "6/8"),
    "mode": ("dorian", "多利亚调式"),
    "interval": ("augmented fourth", "增四度"),
    "notes": ("F# C#", "F# C#"),
    "rule": ("R202", "R202 小节太短"),
    "name": ("ngram", "ngram"),
    "title": ("Rain", "Rain"),
    "text": ("a.abc", "a.abc"),
    "said": ("tempo set", "速度已改"),
    "series": ("tempo set; title set", "速度已改；标题已改"),
}
"""Something for each place, in English and in Chinese."""


def fill(text: str, language: int) -> str:
    return SLOT.sub(lambda found: SAMPLES[found[1].rstrip("0123456789")][language], text)


@pytest.mark.parametrize("wording", read_wordings(), ids=lambda wording: wording.english[:50])
def test_a_wording_says_the_same_in_both_languages(wording: Wording) -> None:
    assert sorted(SLOT.findall(wording.english)) == sorted(SLOT.findall(wording.chinese))
    assert len({*SLOT.findall(wording.english)}) == len(SLOT.findall(wording.english))
    assert HAN.search(wording.chinese) or not re.search(r"[a-z]{3}", SLOT.sub("", wording.english))
    for optional in ("", r"\1"):
        english = fill(OPTIONAL.sub(optional, wording.english), 0)
        assert translate(english, "zh") == fill(wording.chinese, 1), "another wording comes before it"
        assert translate(f"{english}.", "zh") == f"{fill(wording.chinese, 1)}。" or english.endswith(".")
        assert translate(english, "en") == english


@pytest.mark.parametrize("wording", read_wordings(), ids=lambda wording: wording.english[:50])
def test_what_is_suggested_is_understood(wording: Wording) -> None:
    for example in re.findall("“([^”]+)”", wording.chinese):
        if not SLOT.search(example) or "调" in example:
            asked = SLOT.sub(lambda found: {"name": "G", "key": "A小调"}.get(found[1], found[0]), example)
            assert not isinstance(read_request(asked, Request()), Unclear), asked


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_the_help_suggests_is_understood(language: str) -> None:
    lines = HELP[language].splitlines()  # type: ignore[index]
    plain = lines[1 : next(at for at, line in enumerate(lines) if line.startswith(("Short", "简短")))]
    listed = [line.rpartition(": ")[2].rpartition("：")[2] for line in plain if re.search("[:：].", line)]
    examples = [one for line in plain if line.startswith(" ") for one in re.split(" {2,}", line.strip())]
    said = [one for example in (*examples, *listed) for one in re.split("、|, (?=[a-z])", example)]
    assert len(said) > 35
    for one in said:
        assert not isinstance(read_request(one, Request()), Unclear), one


def test_both_helps_name_the_same_commands() -> None:
    english, chinese = ({*re.findall(r"/[a-z]+", text)} for text in HELP.values())
    assert english == chinese


def test_every_rule_has_a_chinese_name() -> None:
    said = {code: translate(f"{code} (tempo set)", "zh") for code in CATALOGUE}
    assert all(HAN.search(words.partition("（")[0]) for words in said.values())


def test_rules_are_called_the_same_on_the_page() -> None:
    page = (Path(serving.__file__).parent / "page" / "rules.js").read_text(encoding="utf-8")
    for code, title in re.findall(r'\b([A-Z]\d{3}): "([^"]*)"', page):
        assert translate(f"{code} (tempo set)", "zh") == f"{code} {title}（速度已改）"


SPOKEN = [
    *Path(chat.__file__).parent.glob("*.py"),
    *Path(request.__file__).parent.glob("*.py"),
    Path(serving.__file__).with_name("visit.py"),
]
SAYING = {"UsageError", "Unclear", "BackendError", "Piece", "append", "_unlikely", "Edited"}


def spoken() -> Iterator[str]:
    """Whatever is said in the modules of the chat and of the reader: as an expression, with `.+` for what is put in."""
    for path in SPOKEN:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
                if name in SAYING:
                    yield from (one for argument in node.args for one in _texts(argument))


def _texts(node: ast.expr) -> Iterator[str]:
    match node:
        case ast.Constant(str(text)):
            yield re.escape(text)
        case ast.JoinedStr(values):
            yield "".join(re.escape(str(one.value)) if isinstance(one, ast.Constant) else ".*" for one in values)
        case ast.IfExp(_, body, otherwise):
            yield from _texts(body)
            yield from _texts(otherwise)


def test_whatever_is_said_has_a_wording() -> None:
    wordings = [OPTIONAL.sub(r"\1", wording.english) for wording in read_wordings()]
    wordings += [one.replace("{kind}", "jig") for one in wordings]
    known = "\n".join([*wordings, *(f"({one})" for one in wordings), *(f"{one}." for one in wordings)])
    lines = {line for text in spoken() for line in text.replace(re.escape("\n"), "\n").split("\n")}
    told = {line for line in lines if re.search(r"[a-z]{3,}\\? [a-z]", line)}
    assert len(told) > 60
    assert not [line for line in told if not re.search(rf"(?m)^{line}$", known)]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("写一首 jig in D", "zh"),
        ("D大调的吉格", "zh"),
        ("Bb 大调", "zh"),
        ("16小节", "zh"),
        ("call it 雨", "en"),
        ("up a tone", "en"),
        ("/undo", None),
        ("120", None),
        ("", None),
    ],
)
def test_the_language_of_a_message_is_that_in_which_it_begins(text: str, language: str | None) -> None:
    assert find_language(text) == language


CHINESE = (
    "写一首D大调的16小节吉格舞曲,叫《雨》", "什么调", "多少小节", "多快", "音域", "对吗", "什么拍子",
    "把第2小节写得更密集", "第3小节简单一点", "重写第二部分", "续写4小节", "加一段", "配上和弦", "移到G调",
    "降一个八度", "变成小调", "慢一点", "音符加倍", "叫它《长夜》", "改成号管舞曲", "只保留第一部分", "撤销",
    "修复它", "/fix", "/retry", "/like", "/find x", "/model", "/open x", "/seed 3", "/seed x", "/export pdf x.mid",
    "/s", "/save x", "把第99小节重写", "重写第五段", "把小猫放进去", "写一首鱼调的曲子", "再来",
    "写一首2/4拍的吉格", "/conversations", "谢谢", "帮助", "改成3/4拍", "写一首999小节的曲子", "移到鱼调",
    "速度9999", "写一首升G大调的曲子", "保存为 x", "退出",
)  # fmt: skip


def test_a_conversation_in_chinese_is_in_chinese(tmp_path: Path) -> None:
    session = Session(Fiddler(), seed=7, folder=tmp_path)
    for text in CHINESE:
        said = "".join(piece.text for piece in session.answer(text) if not piece.music)
        assert not ENGLISH.search(said), f"{text}: {said}"
        assert HAN.search(said) or not re.search("[a-z]", said), f"{text}: {said}"
    assert session.ended


def test_the_language_goes_with_the_message(session: Session) -> None:
    assert "吉格舞曲" in say(session, "写一首吉格舞曲")
    assert "回到" not in say(session, "make it slower")
    assert "Back to " in say(session, "/undo")
    assert "调" in say(session, "什么调")
    assert "那是第一首" in say(session, "/undo")


def test_a_conversation_that_is_gone_on_with_keeps_its_language(drone: Drone, session: Session) -> None:
    say(session, "写一首吉格舞曲")
    later = Session(drone)
    later.conversation = session.conversation
    assert later.language == "zh"


def test_names_and_tunes_are_left_alone(session: Session) -> None:
    said = say(session, "写一首吉格舞曲,叫《Goodbye》")
    assert "T:Goodbye\n" in said
    assert "Goodbye：D大调" in said


@given(st.text(max_size=200))
def test_whatever_is_said_can_be_put_into_chinese(text: str) -> None:
    assert translate(text, "en") == text
    assert translate(text, "zh").count("\n") == text.count("\n")


@pytest.mark.parametrize("text", ["6/8, ", ": ", ": , 7 bars", "(", ". Seed 7", "'; ", "I cannot: "])
def test_a_long_line_takes_no_long_time(text: str) -> None:
    line = (text * LONGEST)[:LONGEST]
    begun_s = process_time()
    assert translate(line, "zh")
    assert process_time() - begun_s < 1
    assert translate(line * 1000, "zh") == line * 1000
