"""What is said in a word or a short phrase: play, show, undo, help, quit, a question, a name, a seed.

`read_command` tries these and, after them, changes of the tune, the library, saving, transposition and tempo.
"""

from __future__ import annotations

from typing import Final

from .changing import read_tempo_change, read_transposition
from .editing import read_edit
from .instructions import Ask, Help, Instruction, Play, Quit, Rename, Request, Reseed, Show, Thanks, Unclear, Undo
from .phrases import match_phrase
from .resembling import read_resemblance
from .saving import read_save
from .theory import read_question
from .wish import TITLE

__all__ = ["read_command"]

_SIMPLE: Final[tuple[tuple[Instruction, tuple[str, ...]], ...]] = (
    (Quit(), ("(quit|exit|bye|bye bye|goodbye|good bye|leave|stop|end|q|:q|close|see you)",)),
    (
        Help(),
        (
            "(help|?|??|command|commands|options|usage|hi|hello|hey|good morning|good evening) [me|there]",
            "what can (i|you) (do|say|ask)",
            "what do you (do|understand)",
            "(what now|who are you|what are you|how does (this|it) work)",
        ),
    ),
    (
        Thanks(),
        (
            "(thank you|thanks|thank|thx) [very much|a lot|so much]",
            "(great|good|nice|cool|lovely|beautiful|wonderful|perfect|well done|wow|ok|okay) [one|tune|work|job]",
            "i (like|love) [<it>]",
            "very (nice|good)",
        ),
    ),
    (
        Play(),
        (
            "(play|hear|perform|sound|listen to|listen|let me hear|let me listen to) [<it>] [aloud|again|back|to me]",
            "how does [<it>] sound",
        ),
    ),
    (Show(), ("(show|display|see|view|look at|print|list) [me] [<it>] [again|on the screen]",)),
    (
        Undo(),
        (
            "(undo|take back|take|revert|restore) [<it>] [back]",
            "(back|go back|step back)",
            "[go back to] [the] (previous|last) [one|tune|version]",
            "[go back to] [the] (one|tune|version) before",
        ),
    ),
)

_OF_IT: Final = "[(is|of) [<it>] [in]]"
_WHAT: Final = "(what|which|what is|what's|which is) [the|its]"
_QUESTIONS: Final = {
    "key": (
        f"[{_WHAT}] key [signature] {_OF_IT}",
        "(in what|in which) key [is] [<it>]",
        "is <it> in <rest>",
        "how many (sharps|flats|sharps or flats|sharps and flats) (has <it>|does <it> have|are in <it>)",
    ),
    "meter": (f"[{_WHAT}] (meter|metre|time signature|time) {_OF_IT}",),
    "bars": (
        "how many (bars|measures) [<rest>]",
        "how long is <it>",
        f"{_WHAT} length {_OF_IT}",
        "number of (bars|measures)",
    ),
    "tempo": (f"[{_WHAT}] (tempo|speed|bpm) {_OF_IT}", "how (fast|slow) [is] [<it>]"),
    "title": ("what is <it> called", "what's <it> called", f"[{_WHAT}] (title|name) {_OF_IT}"),
    "rhythm": (f"{_WHAT} (kind|type|sort) of (tune|dance|music|piece) [is <it>]", f"[{_WHAT}] rhythm {_OF_IT}"),
    "seed": (f"[{_WHAT}] seed {_OF_IT}", "what was the seed"),
    "range": (
        f"[{_WHAT}] (range|compass|ambitus) {_OF_IT}",
        f"{_WHAT} (highest|lowest) note {_OF_IT}",
        "how (high|low) [does <it> go] [is <it>]",
    ),
    "chords": (
        "(what|which) chords (are there|are in <it>|are used|has <it>|does <it> have|does <it> use) [in <it>]",
        "what are the chords [(of|in) <it>]",
        "(show|list|tell) [me] the (chords|chord chart|chart) [of <it>]",
    ),
    "notes": ("how many notes [<rest>]", "number of notes"),
    "parts": (
        "how many (parts|sections|strains) [<rest>]",
        f"[{_WHAT}] (form|structure) {_OF_IT}",
        "(what|which) form (is <it> [in]|has <it>|does <it> have)",
    ),
    "faults": (
        "is <it> (valid|correct|right|ok|okay|fine|wrong)",
        "check [<it>]",
        "(are there|is there) [any|a] (faults|fault|errors|error|mistakes|mistake) [in <it>]",
        "any (faults|errors|mistakes)",
        "what is wrong [with <it>]",
    ),
    "all": (
        "(what is|what's) <it>",
        "[tell me] about <it>",
        "(describe|summarize|summarise) <it>",
        "(info|summary|details)",
    ),
}


def read_command(text: str, previous: Request | None) -> Instruction | None:
    """What a whole text asks to be done with the tune that is there; None where it is no such command."""
    for instruction, templates in _SIMPLE:
        if match_phrase(text, *templates):
            return instruction
    for kind, templates in _QUESTIONS.items():
        if match_phrase(text, *templates):
            return Ask(kind)
    return (
        read_question(text)
        or read_edit(text, previous)
        or read_resemblance(text, previous)
        or read_save(text)
        or _read_name(text, previous)
        or _read_seed(text)
        or read_transposition(text, previous)
        or read_tempo_change(text, previous)
    )


def _read_name(text: str, previous: Request | None) -> Rename | Unclear | None:
    match = TITLE.fullmatch(text)
    if match is None or (match["bare"] and previous is None):
        return None
    title = (match["quoted"] or match["bare"] or match["plain"] or "").strip(' "')
    return Rename(title) if title else Unclear("A title must have a letter.", 'Try: "call it The Rainy Road".')


def _read_seed(text: str) -> Reseed | None:
    match = match_phrase(text, "[(use|set|with|take|change)] [the] seed [to|is|=] <number>")
    return Reseed(int(match["number"])) if match and match["number"].isdecimal() else None
