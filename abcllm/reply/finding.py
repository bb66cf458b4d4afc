"""Where the tunes of an answer begin and end, and what is said around them.

A tune begins at X: with a number, or at another field of the header where X: is missing; it ends at words, at an empty
line that no music follows, at the next tune. Empty lines, fences and labels ("Part B:") inside a tune are passed over
and said. What begins like a tune and has no key or no music is words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from .lines import FENCE, FIELD, START, Dress, Kind, is_label, is_music, kind_of, named_field, undress
from .placed import Placed
from .signs import Say, seen

__all__ = ["Block", "Finder"]

FIRST_FIELD: Final = re.compile(r"[TMLKQRCOSZNVPItmlkq]\s*:\s*\S")
AMID: Final = re.compile(r"(?<![A-Za-z0-9])" + START.pattern)
BODY_FIELDS: Final = frozenset("wWVPsIr+")
TRAILING: Final = re.compile(r"(?:```+|~~~+)\s*$")
EMPHASIS: Final = re.compile(r"^[*_`]+([A-Za-z]\s*:)[*_`]*")
SYMBOL: Final = re.compile(r"[Um]:\s*~?([H-Wh-w])")
KEY: Final = re.compile(r"(?:^|[\s\d;,\]])[Kk]\s*:|\sK\s*$")
CUT_TIME: Final = re.compile(r"M\s*:\s*C\|")
NOTES: Final = re.compile(r"[A-Ga-gzZxX]")
LEADING_LABEL: Final = re.compile(r"\s*((?:[A-Za-z0-9.()*_ -]{1,24}|[\u4e00-\u9fff A-D]{1,8})[:：])\s+(?=\S)")
SECTION_END: Final = re.compile(r".*(?:\|\]|:\||\|\||\|)(?=\s+\S)")
PART: Final = re.compile(r"\W*(?:part|section|verse|chorus|bridge|[A-D]\b|[A-D]?[段主副])", re.IGNORECASE)
HAN: Final = re.compile(r"[\u4e00-\u9fff]{2}")
FEWEST_NOTES: Final = 3
Repair: TypeAlias = tuple[str, tuple[int, int], str]
"""A code, a place in the answer, a message."""


@dataclass(slots=True)
class Block:
    """The lines of one tune, its dress taken off, and what is to be said of them.

    `originals` are its lines as they came, `words` what was taken out of it, `gap` the lines after it of which it is
    not yet known whether the tune goes on after them (a fence has no kind); `symbols` are the letters that U: gives a
    meaning; `at_end` is whether the answer ends here.
    """

    dress: Dress
    first: tuple[int, int]
    lines: list[Placed] = field(default_factory=list)
    originals: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    gap: list[tuple[Kind | None, str, tuple[int, int]]] = field(default_factory=list)
    repairs: list[Repair] = field(default_factory=list)
    has_number: bool = False
    has_key: bool = False
    has_music: bool = False
    lower: bool = False
    symbols: dict[int, None] = field(default_factory=dict)
    text_block: str = ""
    at_end: bool = False

    def say(self, code: str, span: tuple[int, int], message: str) -> None:
        self.repairs.append((code, span, message))

    @property
    def is_tune(self) -> bool:
        """A bare header is one only if it has its number and stands there plainly."""
        plain = not (self.dress.bullet or self.dress.number)
        return (self.has_key or self.has_number) and (self.has_music or (self.has_number and self.has_key and plain))


class Finder:
    """Walks through the lines; `parts` are the words and the tunes in their order."""

    def __init__(self, say: Say) -> None:
        self.say = say
        self.parts: list[str | Block] = []
        self.block: Block | None = None
        self.fence: str = ""
        self.fences: list[tuple[int, int]] = []

    def walk(self, answer: Placed) -> list[str | Block]:
        """All of an answer."""
        for line in answer.lines():
            self._read(line)
        if self.block is not None:
            self.block.at_end = not any(kind is not Kind.BLANK for kind, _, _ in self.block.gap)
        self._close()
        return self.parts

    def _read(self, line: Placed) -> None:
        text = seen(line.text)
        block = self.block
        if block is not None and block.text_block:
            self._keep(block, line, line)
            if text.strip().removeprefix("%%").strip() == f"end{block.text_block}":
                block.text_block = ""
            return
        if fence := FENCE.match(text):
            self._read_fence(line, fence)
            return
        if self._begins(line, text):
            return
        if self.block is None:
            self._pass_over(line, text)
        else:
            self._go_on(self.block, line)

    def _read_fence(self, line: Placed, fence: re.Match[str]) -> None:
        """A fence; what follows on its line, but for the name of a language, is a line of its own."""
        rest = fence["rest"]
        content = re.sub(r"^[A-Za-z][\w+-]*(?:[ \t]+notation)?(?:\s+|$)", "", rest) if rest[1:2] != ":" else rest
        self.fence = "" if self.fence else fence.group(1)
        span = line.span(fence.start(1), fence.end(1))
        if self.block is not None:
            self.block.gap.append((None, "", span))
        self.fences.append(span)
        if content.strip():
            at = len(line.text) - len(content)
            self._read(line.cut(max(at, 0)))

    def _begins(self, line: Placed, text: str) -> bool:
        """Whether a tune begins on this line, at its start or after words."""
        dress, at = Dress.of(line.text)
        bare = seen(line.text[at:]).strip()
        if EMPHASIS.match(bare):
            bare = EMPHASIS.sub(r"\1", bare).rstrip("*_`")
        start = START.match(bare) or (re.match(r"[Xx]\s*:(?=\s*$)", bare) if self.fence or self.block is None else None)
        if start:
            self._open(line, dress, at, lower=bare[0] == "x", number=True)
            return True
        if (
            self.block is None
            or kind_of(text) is Kind.WORDS
            or not (FIELD.match(text) or is_music(text, strictly=True))
        ):
            amid = AMID.search(text)
            if amid is not None and len(text) == len(line.text):
                self._open_amid(line, amid.start())
                return True
        if not FIRST_FIELD.match(bare):
            return False
        plain = bool(self.fence) or at == 0 or dress.quoted
        begins = plain and (self.block is None or self._is_anew(self.block, bare))
        if begins:
            self._open(line, dress, at)
        return begins

    def _open_amid(self, line: Placed, at: int) -> None:
        """A tune begins after words on its line."""
        before = line.cut(0, at)
        self._read(before)
        self._open(line.cut(at), Dress(), 0, number=True)
        if self.block is not None:
            self.block.say("A113", before.strip().span(), f"{_short(before.text)} stands on the line of X:")

    def _is_anew(self, block: Block, bare: str) -> bool:
        """Whether a field of a header, after an empty line, begins another tune."""
        if all(kind is not Kind.BLANK for kind, _, _ in block.gap):
            return False
        return bare[0] in "TMLKC" if block.has_music else not (block.has_number or block.has_key)

    def _open(self, line: Placed, dress: Dress, at: int, *, lower: bool = False, number: bool = False) -> None:
        self._close()
        self.block = Block(dress, line.span(), has_number=number, lower=lower)
        if self.fence and self.fences:
            self.block.say("A104", self.fences[-1], "the tune stands in a fence")
        bare = undress(line, dress, self.block.say, start=at)
        self._keep(self.block, line, bare)

    def _keep(self, block: Block, line: Placed, bare: Placed) -> None:
        text = bare.text
        if bare.text.rstrip().endswith(("```", "~~~")) and (end := TRAILING.search(bare.text)):
            block.say("A104", bare.span(end.start(), end.end()), "a fence ends on the line of the music")
            bare = bare.cut(0, end.start())
            self.fence = ""
        if text.startswith("%%begin") and not block.text_block:
            block.text_block = text.split()[0].removeprefix("%%begin")
        block.originals.append(line.text)
        block.lines.append(bare)
        if symbol := SYMBOL.match(text):
            block.symbols[ord(symbol.group(1))] = None
        kind = kind_of(text if FIELD.match(text) else text.translate(block.symbols))
        if kind is Kind.FIELD and not block.has_music:
            block.has_key = block.has_key or KEY.search(text) is not None
            block.has_music = "|" in CUT_TIME.sub("", text) and (text[0] in "XxMLKQ" or KEY.search(text) is not None)
        elif kind is Kind.MUSIC:
            block.has_music = True

    def _go_on(self, block: Block, line: Placed) -> None:
        """A line while a tune is open."""
        said: list[Repair] = []
        named = named_field(seen(line.text)) if not block.has_music else None
        plain = line
        if named:
            letter, at = named
            said.append(("A118", line.span(0, at), f"{line.text[:at].strip()} stands for {letter}:"))
            plain = line.edit([(0, at, f"{letter}:")])
        bare = undress(plain, block.dress, lambda *repair: said.append(repair))
        text = bare.text
        kind = kind_of(text if FIELD.match(text) else text.translate(block.symbols))
        if kind is Kind.BLANK:
            block.gap.append((kind, line.text, line.span()))
            return
        if text.strip() == "K" and not block.has_key:
            kind = Kind.FIELD
        if kind is Kind.FIELD and block.has_music and self._is_apart(block) and text[0] not in BODY_FIELDS:
            kind = Kind.WORDS
        elif kind in (Kind.WORDS, Kind.MUSIC) and not is_music(text.translate(block.symbols), strictly=True):
            cut = self._cut_words(bare, said, apart=block.has_music and self._is_apart(block))
            if cut is not None:
                bare, kind = cut
                text = bare.text
        if kind is Kind.WORDS:
            block.gap.append((kind, line.text, line.span()))
            return
        if not self._bridge(block, kind, text):
            self._close()
            self._pass_over(line, text)
            return
        block.repairs += said
        self._keep(block, line, bare)

    def _pass_over(self, line: Placed, text: str) -> None:
        """A line that belongs to no tune."""
        if "|" in text and is_music(text, strictly=True) and len(NOTES.findall(text)) >= FEWEST_NOTES:
            self.say("A117", line.span(), f"{_short(text)} belongs to no tune and is not read")
        self.parts.append(line.text)

    def _cut_words(self, line: Placed, said: list[Repair], *, apart: bool) -> tuple[Placed, Kind] | None:
        """The music of a line that has words before or after it; None where there are no such words.

        Where the line stands apart from the tune, only the label of a part belongs to it.
        """
        text = line.text
        label = LEADING_LABEL.match(text)
        end = SECTION_END.match(text)
        if label and apart and not PART.match(label.group(1)):
            return None
        if label and is_music(text[label.end() :], strictly=True) and "|" in text:
            words, kept = line.cut(label.start(1), label.end(1)), line.cut(label.end())
            message = f"{_short(words.text)} stands before the music"
        elif end and is_music(end.group(), strictly=True) and _is_spoken(text[end.end() :]):
            words, kept = line.cut(end.end()).strip(), line.cut(0, end.end())
            message = f"{_short(words.text)} stands after the music"
        else:
            return None
        first, last = kept.span()
        said[:] = [repair for repair in said if first <= repair[1][0] < last]
        said.append(("A113", words.span(), message))
        return kept, Kind.MUSIC

    def _is_apart(self, block: Block) -> bool:
        """Whether an empty line or a fence stands between the tune so far and what comes now."""
        return any(kind in (Kind.BLANK, None) for kind, _, _ in block.gap)

    def _bridge(self, block: Block, kind: Kind, text: str) -> bool:
        """Whether the tune goes on after the gap, which is then said; `text` is what comes after it."""
        if not block.gap:
            return True
        if block.has_music:
            spoken = any(kind is Kind.WORDS and not is_label(words) for kind, words, _ in block.gap)
            apart = self._is_apart(block)
            if (spoken and (apart or kind is not Kind.MUSIC)) or (apart and kind is Kind.REMARK):
                return False
            if apart and kind is Kind.MUSIC and not ("|" in text and is_music(text, strictly=True)):
                return False
        for passed, words, span in block.gap:
            block.originals += [words] * (passed is not None)
            if passed is Kind.WORDS:
                block.say("A113", span, f"{_short(words)} stands among the lines of the tune")
                block.words.append(words)
            elif passed is Kind.BLANK:
                block.say("A114", span, "an empty line inside the tune")
            else:
                block.say("A104", span, "a fence stands inside the tune")
        block.gap = []
        return True

    def _close(self) -> None:
        block, self.block = self.block, None
        if block is None:
            return
        gap = [words for kind, words, _ in block.gap if kind is not None]
        if block.is_tune:
            self.parts += [block, *block.words]
        else:
            self.parts += block.originals
            if block.has_number and len(block.lines) > 1 and not block.dress.bullet:
                self.say("A116", block.first, "a header begins here, but no music follows it")
        self.parts += gap


def _is_spoken(text: str) -> bool:
    """Whether what follows music on its line are words, and not music with a fault in it."""
    words = re.findall(r"[A-Za-z]{2,}", text)
    strange = [word for word in words if not is_music(word, strictly=True)]
    return text.lstrip()[:1] not in '!"[+' and (
        len(strange) > 1 or any(len(word) > 3 for word in strange) or HAN.search(text) is not None
    )


def _short(text: str) -> str:
    text = " ".join(text.split())
    return repr(text if len(text) <= 40 else text[:37] + "...")
