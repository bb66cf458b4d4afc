"""A text to an instruction: cut into steps, each read as a command or as a wish for a tune."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from .chinese import translate
from .commands import read_command
from .composing import EXAMPLES, read_wish
from .instructions import Change, Compose, Help, Instruction, Play, Rename, Request, Steps, Transpose, Unclear
from .phrases import match_phrase, normalize, strip_courtesy

__all__ = ["read_request"]

MAX_CHARACTERS: Final = 1000
MAX_STEPS: Final = 12

_STEP_VERB: Final = (
    r"(?:save|export|download|play|show|transpose|print|convert|slow (?:it|that|this|down)|speed (?:it|that|this|up)"
    r"|quit|exit|undo|move|rename|call|name|make (?:it|the|bars?)|write it|let me hear|raise|lower|tell me|what"
    r"|add|harmoni[sz]e|continue|rewrite|vary|simplify|repair|fix|double|halve)\b"
)
_BETWEEN: Final = re.compile(rf"\s*(?:[,;.]\s*|\s)(?:(?:and|then|after that)\s+)*(?={_STEP_VERB})", re.IGNORECASE)
_JOINED: Final = re.compile(r"[,;.]|\b(?:and|then)\b", re.IGNORECASE)
_QUOTED: Final = re.compile(r'"[^"]*"')


def read_request(text: str, previous: Request | None = None) -> Instruction:
    """What a text in plain English (or simple Chinese) asks for, by rules and without guessing.

    `previous` is the request of the tune that is there, which "again", "slower" and "in 3/4" refer to. What is not
    understood comes back as `Unclear`, or as the words that a `Compose` passed over.

    >>> str(read_request("please compose a 16-bar jig in E minor").request)
    'a 16-bar jig in E minor, 6/8, 165 quarter notes a minute'
    >>> read_request("add bagpipes").text
    'I cannot do what "add" asks for here; "help" says what can be done.'
    """
    if len(text) > MAX_CHARACTERS:
        return Unclear(f"That is too long: {len(text)} characters, of at most {MAX_CHARACTERS}.", EXAMPLES)
    said = normalize(text)
    english = translate(said)
    plain = normalize(english).rstrip("? ")
    if not plain.strip(" ,;."):
        return Help() if "?" in text else Unclear("Nothing was said.", EXAMPLES)
    pieces = _cut(plain)
    steps: list[Instruction] = []
    for piece in pieces:
        step = _read_step(piece, previous)
        if isinstance(step, Unclear):
            if english == said:
                return step
            return replace(step, text=step.text.replace(f'"{strip_courtesy(piece)}"', f'"{said}"'))
        for one in step.steps if isinstance(step, Steps) else (step,):
            if isinstance(one, Rename) and steps and isinstance(steps[-1], Compose):
                steps[-1] = replace(steps[-1], request=replace(steps[-1].request, title=one.title))
            else:
                steps.append(one)
            previous = _after(one, previous)
    if len(steps) > MAX_STEPS:
        return Unclear(f"That is {len(steps)} things at once, of at most {MAX_STEPS}.", EXAMPLES)
    return steps[0] if len(steps) == 1 else Steps(tuple(steps))


def _cut(text: str) -> list[str]:
    """The steps of a text: it is cut before a verb that follows a comma, `and` or `then`, outside of quotes."""
    shown = _QUOTED.sub(lambda found: "x" * len(found[0]), text)
    pieces, at = [], 0
    for match in _BETWEEN.finditer(shown):
        if match.start() > at and _JOINED.search(match.group()):
            pieces.append(text[at : match.start()])
            at = match.end()
    pieces.append(text[at:])
    return [piece for piece in pieces if piece.strip(" ,;.")]


def _read_step(text: str, previous: Request | None) -> Instruction:
    plain = strip_courtesy(text) or text
    for candidate in dict.fromkeys((text, plain)):
        if (command := read_command(candidate, previous)) is not None:
            return command
    played = match_phrase(plain, "play [me] <rest>")  # "play me a jig", "play it slower": first that, then the playing
    if played and not isinstance(first := _read_step(played["rest"], previous), Unclear):
        return Steps((*(first.steps if isinstance(first, Steps) else (first,)), Play()))
    return read_wish(plain, previous)


def _after(step: Instruction, previous: Request | None) -> Request | None:
    """The request that the next step refers to."""
    if isinstance(step, Compose):
        return step.request
    if isinstance(step, Change) and previous is not None:
        return replace(previous, tempo_qpm=step.tempo_qpm)
    if isinstance(step, Transpose) and step.key is not None and previous is not None:
        return replace(previous, key=step.key)
    return previous
