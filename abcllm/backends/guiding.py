"""Holding an answer to valid ABC with exact bars, piece by piece as it is chosen.

Words are left alone; where a line begins with `X:`, a tune begins, and from there on only what the prefix reader
allows is accepted, until the tune is whole and a blank line or the end of the answer closes it.
"""

from __future__ import annotations

import re
from codecs import utf_8_decode
from typing import Final, Self

from ..notation.prefix import PrefixReader
from .counts import COUNTING, miscounts
from .endings import find_ending

__all__ = ["Guide", "TuneGuide"]

NOTES: Final = frozenset("ABCDEFGabcdefgzx")
LINES: Final = re.compile(r"\n|[^\n]+")
HEADER: Final = "ABCEHKLMNOPQRSTVWXZ%"
LONGEST_FIELD, LONGEST_KEY = 300, 40
WORDS: Final = re.compile(r'"[^"]{0,40}(?:"|$)|!(?:[\w.()<>+^-]{1,24}!|[\w.()<>+^-]{0,24}$)|\[[A-Za-z]:[^\]]*(?:\]|$)')
"""What is no music in a line of music: chord symbols, decorations and fields, the last perhaps unfinished."""
NO_MUSIC: Final = re.compile(
    r"[^A-Ga-gzZxuvTHLMOPS0-9^_=,'/|:\[\](){}<>~.\-\s&]"  # signs that mean nothing
    r"|\d{3}|\d\d/|/(?:0|1[^6\D]|[2-9]\d|[35679])|\((?:[01]|\d\d)|:\d\d"  # lengths and tuplets that nobody plays
    r"|:::|--|([^A-Ga-gz\s\d])\1{4}|\{[^}]{17}"  # two ties, five of the same sign, an endless ornament
)
PLAIN: Final = re.compile(r"(?s:.) ?(?:[_^=]?[A-Ga-g][,']?|z)|[A-Ga-gz,'][23468/]|[^|:\]\s] ?(?:\||:\||\|\])|[|\]]\n")
"""The sign before, and a note, a length after a note, a bar line after music, a line's end after a bar line."""


class Guide:
    """Accepts whatever is text: characters come whole, however their bytes are cut into pieces.

    While `is_plain`, music is notes, rests, lengths and bar lines alone, so that a bar surely comes to its end. `total`
    is how many bars the tune will have, as musicians count them, where that is known.
    """

    total: int | None = None

    def __init__(self, text: str = "") -> None:
        self.text = text
        self.is_plain = False
        self._rest = b""

    def offer(self, data: bytes) -> bool:
        """Take the bytes of a piece if the answer may go on with them; `text` has the characters that are whole."""
        try:
            added, used = utf_8_decode(self._rest + data, "strict", False)
        except UnicodeDecodeError:
            return False
        rest = (self._rest + data)[used:]
        if not data or not self._take(added, bool(rest)):
            return False
        self.text += added
        self._rest = rest
        return True

    @property
    def is_finished(self) -> bool:
        """Whether the answer must end here."""
        return False

    @property
    def may_end(self) -> bool:
        """Whether the answer may end here."""
        return not self._rest

    @property
    def is_safe(self) -> bool:
        """Whether this is a place to go back to: the answer could be ended here."""
        return not self._rest

    def ending(self) -> str | None:
        """What is still to be said for the answer to be whole; None where this cannot be said from here."""
        return None if self._rest else ""

    def _take(self, added: str, unfinished: bool) -> bool:
        """Whether the answer may go on with `added`, and with the beginning of another character if `unfinished`."""
        return True


class TuneGuide(Guide):
    """Holds the tunes of an answer to valid ABC with exact bars; `header` is that of a tune that has begun.

    Lines of music may end with the number of bars to come (see `counts`): with the true one, where it is known.

    The reader goes on in place. One that stays behind, and what was read since, bring it back where a piece is refused:
    that is rare, and a reader that goes on after being copied costs as much as several pieces.
    """

    def __init__(self, header: str = "") -> None:
        super().__init__(header)
        self.reader = PrefixReader(header, exact=True) if header else None
        self._line = header.rpartition("\n")[2]
        self._settled: PrefixReader | None = None
        self._keep()

    def __copy__(self) -> Self:
        self._keep()
        other = object.__new__(type(self))
        other.__dict__.update(self.__dict__)
        other.reader = self._kept and self._kept.copy()
        return other

    def _keep(self) -> None:
        self._kept, self._since = self.reader and self.reader.copy(), ""

    def _take(self, added: str, unfinished: bool) -> bool:
        if self._is_out_of_place(added):
            return False
        reader, line = self.reader, self._line
        if self._read(added, unfinished) and self._keeps_count(added):
            self._since += added
            if self.reader is not reader:
                self._keep()
            return True
        self.reader, self._line = self._kept and self._kept.copy(), line
        if self.reader is not None:
            self.reader.feed(self._since)
        self._keep()
        return False

    def _is_out_of_place(self, added: str) -> bool:
        """Whether a glance is enough to refuse `added`."""
        reader = self.reader
        if reader is None or "\n" in added:
            return False
        if self.is_plain and not reader.in_header and not PLAIN.fullmatch(self.text[-1] + added):
            return True
        if added.lstrip() == ")" and reader.voice is not None and not reader.voice.slurs:
            return True
        return _is_endless(self._line + added, reader)

    def _read(self, added: str, unfinished: bool) -> bool:
        """Go on with `added`; where the tunes do not allow it, reader and line are left anywhere."""
        reader, line = self.reader, self._line
        for part in LINES.findall(added):
            blank = not line.strip()
            if part == "\n" and reader is not None and miscounts(line, reader, self.total, is_over=True):
                return False
            line = "" if part == "\n" else line + part
            if reader is not None and part == "\n" and blank and _is_whole(reader):
                reader = None
            elif reader is not None and (not reader.feed(part) or miscounts(line, reader, self.total)):
                return False
            elif reader is None and line.startswith("X:"):
                reader = PrefixReader(line, exact=True)
        self.reader, self._line, self._settled = reader, line, None
        if reader is None:
            return True
        if reader.failed or ("\n" in added and _is_endless(line, reader)):
            return False
        if unfinished and not reader.allows("é"):
            return False
        if not reader.in_header and (self.is_plain or line in NOTES or line.endswith(("|", ":", ">", "<"))):
            settled = self._settle(reader)  # a letter that begins a line is a note, a length has no mark after it
            return settled is not None and not _is_stuck(settled, self.is_plain)
        return True

    def _settle(self, reader: PrefixReader) -> PrefixReader | None:
        """The reader after `reader`, to whom the last sign is a whole one; None where it cannot be."""
        if self._settled is None:
            settled = reader.copy()
            self._settled = settled if settled.feed(" ") else None
        return self._settled

    def _keeps_count(self, added: str) -> bool:
        """Whether what was asked of the number of bars is kept."""
        return True

    @property
    def may_end(self) -> bool:
        return super().may_end and (self.reader is None or (_is_whole(self.reader) and not self._is_counting))

    @property
    def _is_counting(self) -> bool:
        """Whether a number of bars is not written to its end."""
        return self.reader is not None and miscounts(self._line, self.reader, self.total, is_over=True)

    @property
    def is_safe(self) -> bool:
        if self.reader is None:
            return super().is_safe
        at_place = self.text.endswith("\n" if self.reader.in_header else ("|", "|]"))
        return at_place and find_ending(self.reader) is not None

    def ending(self) -> str | None:
        if self._rest or self.reader is None:
            return super().ending()
        if self._is_counting:
            return None
        return "" if _is_whole(self.reader) else find_ending(self.reader)


def _is_whole(reader: PrefixReader) -> bool:
    """Whether the text so far is a valid tune that has music in it."""
    voice = reader.voice
    return voice is not None and bool(voice.total or voice.ticks) and reader.complete


def _is_stuck(reader: PrefixReader, is_plain: bool) -> bool:
    """Whether the bar has no room for the note that must come, or is too long for music that is plain."""
    voice, left = reader.voice, reader.bar_left
    return voice is not None and left is not None and (left <= 0 if voice.broken else is_plain and left < 0)


def _is_endless(line: str, reader: PrefixReader) -> bool:
    """Whether a line has what no tune needs, though it be allowed, and what may never come to an end."""
    if reader.in_header and line:
        longest = LONGEST_KEY if line[0] == "K" else LONGEST_FIELD
        return line[0] not in HEADER or len(line) > longest
    if line[1:2] == ":" and line[0].isalpha():
        return line[0] == "X" or len(line) > LONGEST_FIELD
    if "%" in line:
        line = COUNTING.sub(r"\1", line)
    return NO_MUSIC.search(WORDS.sub("", line)) is not None
