"""What an answer is wrapped in as a whole: thinking, the marks of a chat, JSON, escapes that were written out, HTML."""

from __future__ import annotations

import re
from typing import Final

from .placed import Edit, Placed
from .signs import Say

__all__ = ["unwrap"]

THINKING: Final = re.compile(
    r"<(think|thinking|thought|reasoning)>.*?(?:</\1>|\Z)|\A(?:(?!<think).)*?</think>", re.DOTALL
)
MARK: Final = (
    r"(?:</?s>|<\|[a-z_]{2,24}\|>(?:[ \t]*(?:system|user|assistant)\b)?|<｜[^｜\n]{1,30}｜>"
    r"|<(?:bos|eos|pad|unk|eoh|eoa)>"
    r"|<(?:start|end)_of_turn>(?:model\b)?|\[/?INST\]|<</?SYS>>|\[UNUSED_TOKEN_\d+\]|<0x0A>)"
)
SPEAKER: Final = r"(?:Human|User|Assistant|助手|用户)[ \t]*[:：](?=\s)"
CHAT_MARKS: Final = re.compile(
    rf"(?:(?<![ \t])[ \t]+)?{MARK}(?:\s*+{MARK})*(?:\s*+{SPEAKER})?[ \t]*+|\A\s*{SPEAKER}[ \t]*"
)
JSON: Final = re.compile(
    r"\A\s*(?:(?:```|~~~)\w*\s*)?(?:\{\s*\"[^\"\n]{1,60}\"\s*:|\[\s*(?:\{\s*\"|\"\s*X:)|\"\s*X:[^\"\n]*(?:\\\"[^\"\n]*)*\"\s*\Z)"
)
STRING: Final = re.compile(r'"((?:[^"\\\n]|\\.)*+)("(?P<key>\s*:)?|\Z)', re.DOTALL)
JSON_ESCAPE: Final = re.compile(r'\\(?:u([0-9A-Fa-f]{4})|(["\\/bfnrt]))')
JSON_SIGNS: Final = {"n": "\n", "r": "", "t": " ", "b": "", "f": ""}
FIELD_AFTER_ESCAPE: Final = re.compile(r"X:[ \t]*\d{1,9}[ \t]*+\\{1,2}n|\\n[ \t]*+[KMLTQ]:", re.IGNORECASE)
ESCAPE: Final = re.compile(r"(?:\\r)?\\{1,2}n|\\r|\\t|\\\"")
BREAK: Final = re.compile(r"(?:(?<![ \t])[ \t]+)?<br[ \t]*+/?>[ \t]*+", re.IGNORECASE)
FIELD: Final = re.compile(r"[A-Za-z]:")
WORDS_FIELD: Final = re.compile(r"[ABCDFGHNORSTWZw]:")
TAG: Final = (
    r"</?(?:pre|code|p|div|span|html|body|abc|score|music|tune|answer|output|response|result)(?:[ \t][^<>\n]{0,200})?>"
)
OUTER_TAG: Final = re.compile(
    rf"(?:^[ \t]*(?:{TAG}[ \t]*)+|(?:(?<![ \t])[ \t]+)?(?:{TAG.replace('/?', '/', 1)}[ \t]*+)+$)", re.M | re.I
)


def unwrap(answer: Placed, say: Say) -> Placed:
    """The answer as it was meant to be shown."""
    for layer in (_take_thinking, _take_chat_marks, _open_json, _resolve_escapes, _take_tags):
        answer = layer(answer, say)
    return answer


def _take_thinking(answer: Placed, say: Say) -> Placed:
    edits: list[Edit] = []
    for found in THINKING.finditer(answer.text):
        say("A106", answer.span(found.start(), found.end()), "what the model thought before it answered is left out")
        edits.append((found.start(), found.end(), "\n" if found.start() else ""))
    return answer.edit(edits)


def _take_chat_marks(answer: Placed, say: Say) -> Placed:
    edits: list[Edit] = []
    for found in CHAT_MARKS.finditer(answer.text):
        say("A105", answer.span(*found.span()), f"{found.group().strip()!r} is a mark of the chat, not of the answer")
        edits.append((*found.span(), "" if _at_edge(answer.text, *found.span()) else "\n"))
    return answer.edit(edits)


def _open_json(answer: Placed, say: Say) -> Placed:
    """The texts of a JSON answer, each on lines of its own."""
    if not JSON.match(answer.text) or not re.search(r'["n\\\s]K:', answer.text):
        return answer
    edits: list[Edit] = []
    at = 0
    for string in STRING.finditer(answer.text):
        if string["key"]:
            continue
        first, last = string.span(1)
        edits.append((at, first, "\n" if edits else ""))
        for escape in JSON_ESCAPE.finditer(answer.text, first, last):
            code, sign = escape.groups()
            edits.append((*escape.span(), chr(int(code, 16)) if code else JSON_SIGNS.get(sign, sign)))
        at = last
    if not edits:
        return answer
    edits.append((at, len(answer.text), "\n"))
    say("A107", answer.span(), "the answer is JSON; its texts are read")
    return answer.edit(edits)


def _resolve_escapes(answer: Placed, say: Say) -> Placed:
    """Line ends that stand there as a backslash and an n, where a tune's fields show that they are meant so."""
    if not FIELD_AFTER_ESCAPE.search(answer.text):
        return answer
    edits: list[Edit] = []
    for escape in ESCAPE.finditer(answer.text):
        sign = escape.group()
        say("A108", answer.span(*escape.span()), f"{sign} stands for a {_escape_name(sign)}")
        edits.append((*escape.span(), {"t": " ", '"': '"', "r": ""}.get(sign[-1], "\n")))
    return answer.edit(edits)


def _escape_name(sign: str) -> str:
    return {"t": "tab", '"': "quotation mark", "r": "line end"}.get(sign[-1], "line end")


def _take_tags(answer: Placed, say: Say) -> Placed:
    edits: list[Edit] = []
    text = answer.text
    line = looked = 0
    for found in BREAK.finditer(text):
        line, looked = max(line, text.rfind("\n", looked, found.start()) + 1), found.start()
        in_words = WORDS_FIELD.match(text, line) is not None
        at_edge = _at_edge(text, *found.span())
        if not in_words or at_edge or FIELD.match(text, found.end()):
            say("A109", answer.span(*found.span()), f"{found.group().strip()} stands for a line end")
            edits.append((*found.span(), "" if at_edge else "\n"))
    answer = answer.edit(edits)
    edits = []
    for found in OUTER_TAG.finditer(answer.text):
        say("A104", answer.span(*found.span()), f"{found.group().strip()} is taken off")
        edits.append((*found.span(), ""))
    return answer.edit(edits)


def _at_edge(text: str, start: int, end: int) -> bool:
    """Whether a part of a text begins or ends a line."""
    return start == 0 or end == len(text) or text[start - 1] == "\n" or text[end] in "\r\n"
