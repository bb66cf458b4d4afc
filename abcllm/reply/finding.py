"""Where the tunes of an answer begin and end, and what is said around them.

A tune begins at X: with a number, or at another field of the header where X: is missing; it ends at words, at an empty
line that no music follows, at the next tune. Empty lines, fences and labels ("Part B:") inside a tune are passed over
and said. What begins like a tune and has no key or no music is words.
"""

from __future__ import annotations

import re
from typing import Final

from .block import Block, Repair
from .lines import FENCE, FIELD, START, Dress, Kind, is_label, is_music, kind_of, named_field, undress
from .placed import Placed
from .signs import Say, seen
from .words import cut_words, shorten

__all__ = ["Finder"]

FIRST_FIELD: Final = re.compile(r"[TMLKQRCOSZNVPItmlkq]\s*:\s*\S")
AMID: Final = re.compile(r"(?<![A-Za-z0-9])" + START.pattern)
BODY_FIELDS: Final = frozenset("wWVPsIr+")
TRAILING: Final = re.compile(r"(?:```+|~~~+)\s*$")
EMPHASIS: Final = re.compile(r"^[*_`]+([A-Za-z]\s*:)[*_`]*")
SYMBOL: Final = re.compile(r"[Um]:\s*~?([H-Wh-w])")
KEY: Final = re.compile(r"(?:^|[\s\d;,\]])[Kk]\s*:|\sK\s*$")
CUT_TIME: Final = re.compile(r"M\s*:\s*C\|")
NOTES: Final = re.compile(r"[A-Ga-gzZxX]")
FEWEST_NOTES: Final = 3


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
            self.block.at_end = self.block.gap_kinds <= {Kind.BLANK}
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
            self.block.pass_over(None, "", span)
        self.fences.append(span)
        if content.strip():
            at = len(line.text) - len(content)
            self._read(line.cut(max(at, 0)))

    def _begins(self, line: Placed, text: str) -> bool:
        """Whether a tune begins on this line, at its start or after words."""
        if ":" not in text:
            return False
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
            self.block.say("A113", before.strip().span(), f"{shorten(before.text)} stands on the line of X:")

    def _is_anew(self, block: Block, bare: str) -> bool:
        """Whether a field of a header, after an empty line, begins another tune."""
        if Kind.BLANK not in block.gap_kinds:
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
        if block.has_music:
            return
        kind = kind_of(text if FIELD.match(text) else text.translate(block.symbols))
        if kind is Kind.FIELD:
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
            block.pass_over(kind, line.text, line.span())
            return
        if text.strip() == "K" and not block.has_key:
            kind = Kind.FIELD
        if kind is Kind.FIELD and block.has_music and block.is_apart and text[0] not in BODY_FIELDS:
            kind = Kind.WORDS
        elif kind in (Kind.WORDS, Kind.MUSIC) and not is_music(text.translate(block.symbols), strictly=True):
            cut = cut_words(bare, said, apart=block.has_music and block.is_apart)
            if cut is not None:
                bare, text, kind = cut, cut.text, Kind.MUSIC
        if kind is Kind.WORDS:
            block.pass_over(kind, line.text, line.span())
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
            self.say("A117", line.span(), f"{shorten(text)} belongs to no tune and is not read")
        self.parts.append(line.text)

    def _bridge(self, block: Block, kind: Kind, text: str) -> bool:
        """Whether the tune goes on after the gap, which is then said; `text` is what comes after it."""
        if not block.gap:
            return True
        if block.has_music:
            spoken = any(kind is Kind.WORDS and not is_label(words) for kind, words, _ in block.gap)
            apart = block.is_apart
            if (spoken and (apart or kind is not Kind.MUSIC)) or (apart and kind is Kind.REMARK):
                return False
            if apart and kind is Kind.MUSIC and not ("|" in text and is_music(text, strictly=True)):
                return False
        for passed, words, span in block.gap:
            block.originals += [words] * (passed is not None)
            if passed is Kind.WORDS:
                block.say("A113", span, f"{shorten(words)} stands among the lines of the tune")
                block.words.append(words)
            elif passed is Kind.BLANK:
                block.say("A114", span, "an empty line inside the tune")
            else:
                block.say("A104", span, "a fence stands inside the tune")
        block.close_gap()
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
