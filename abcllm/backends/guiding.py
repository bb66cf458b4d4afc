"""Holding an answer to valid ABC with exact bars, piece by piece as it is chosen.

Words are left alone; where a line begins with `X:`, a tune begins, and from there on only what the prefix reader
allows is accepted, until the tune is whole and a blank line or the end of the answer closes it.
"""

from __future__ import annotations

import re
from codecs import utf_8_decode
from collections.abc import Sequence
from typing import Final, Self

from ..analysis.sections import cut_bars
from ..notation.lengths import ticks_of
from ..notation.prefix import PrefixReader
from ..notation.tune import Bar
from .counts import COUNTING, miscounts
from .endings import find_ending, spell_rest

__all__ = ["BarGuide", "Guide", "TuneGuide"]

NOTES: Final = frozenset("ABCDEFGabcdefgzx")
LINES: Final = re.compile(r"\n|[^\n]+")
HEADER: Final = "ABCEHKLMNOPQRSTVWXZ%"
LONGEST_FIELD, LONGEST_KEY = 300, 40
FIELD: Final = re.compile(r"(?:\n|\[)[A-Za-z]:")
WORDS: Final = re.compile(r'"[^"]{0,40}(?:"|$)|!(?:[\w.()<>+^-]{1,24}!|[\w.()<>+^-]{0,24}$)|\[[A-Za-z]:[^\]]*(?:\]|$)')
"""What is no music in a line of music: chord symbols, decorations and fields, the last perhaps unfinished."""
NO_MUSIC: Final = re.compile(
    r"[^A-Ga-gzZxuvTHLMOPS0-9^_=,'/|:\[\](){}<>~.\-\s&]"  # signs that mean nothing
    r"|\d{3}|/(?:0|1[^6\D]|[35679])|\((?:[01]|\d\d)|:\d\d"  # lengths and tuplets that nobody plays
    r"|:::|--|([^A-Ga-gz\s\d])\1{4}|\{[^}]{17}"  # two ties, five of the same sign, an endless ornament
)
CHORDS: Final = re.compile(r'"[A-G][#b]?[\w+/#]*"|![^!]*!')
SUSPECT: Final = re.compile(r'[\n:"!1-9]')
"""The last sign of what may be a field, an ending, or words."""
QUOTED: Final = re.compile(r'["!]')
PLAIN: Final = re.compile(r"(?s:.) ?(?:[_^=]?[A-Ga-g][,']?|z)|[A-Ga-gz,'][23468/]|[^|:\]\s] ?(?:\||:\||\|\])|[|\]]\n")
"""The sign before, and a note, a length after a note, a bar line after music, a line's end after a bar line."""
ENDING: Final = re.compile(r"(?:[|\[]|::) ?[1-9]")
PART: Final = 8  # bars
CLOSING: Final = (":|", "|]", "||", "::")
CLOSES: Final = re.compile(r"[|:) ]")
"""What may come after the last note of a part: the end of a slur, a bar line."""


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


class BarGuide(TuneGuide):
    """Holds one tune to the key and metre of its `header`, and to a number of bars.

    Where they make parts of eight, each part is closed, and none is closed before; there are no endings to choose
    between, for a bar would count twice.
    """

    def __init__(self, header: str, bars: int) -> None:
        super().__init__(header)
        self.bars = self.total = bars
        self.ends: Sequence[int] = range(PART, bars + 1, PART) if bars % PART == 0 else (bars,)
        self.done = 0
        self._read_bars = 0  # at the last bar line
        self._closed = 0  # bars as they are written, in the parts that are done

    @property
    def is_finished(self) -> bool:
        return self.done == self.bars

    @property
    def may_end(self) -> bool:
        return self.is_finished or (super().may_end and self._count_with(f"{self._last_line}\n") == self.bars)

    def ending(self) -> str | None:
        if self.is_finished:
            return "\n"
        return f"{self._last_line}\n" if self.may_end else self._rest_to_the_end()

    @property
    def _last_line(self) -> str:
        """The bar line that ends the tune."""
        voice = self.reader.voice if self.reader is not None else None
        return ":|" if voice is not None and voice.repeat_open is not None else "|]"

    def _rest_to_the_end(self) -> str | None:
        """Bars of rest, as many as are wanting; None where not even they fit."""
        said = ""
        for _ in range(self.bars + 1):
            if self.reader is None or not self.reader.allows(said):
                return None
            begun = self.reader.copy()
            begun.feed(said)
            said += spell_rest(begun)
            ended = f"{said}{self._last_line}\n"
            if self._count_with(ended) == self.bars:
                return ended
            said += "|"
        return None

    def _is_out_of_place(self, added: str) -> bool:
        if self.is_finished:
            return True
        if SUSPECT.search(added):
            end = self.text[-3:] + added
            if FIELD.search(end) or ENDING.search(end) or "\n\n" in end[2:] or QUOTED.search(CHORDS.sub("", added)):
                return True
        return super()._is_out_of_place(added) or self._is_too_late(added)

    def _is_too_late(self, added: str) -> bool:
        """Whether the part is at its end, and `added` would go on where it should be closed."""
        if self.reader is None or self._read_bars + 1 < self._end or CLOSES.match(added):
            return False
        closed = self.reader.copy()
        voice = closed.voice if closed.feed(f"{self._last_line} ") else None
        if voice is None or not voice.full or not voice.bars:
            return False
        is_last = self._end == self.bars
        if voice.ledger.copy().finish() if is_last else ticks_of(voice.bars[-1].duration) < voice.full:
            return False  # the bar is too short for an end; to count bars, or to finish a copy, takes far longer
        return self._count(closed, self._last_line) == self._end and (not is_last or closed.complete)

    @property
    def _end(self) -> int:
        """The bars at the end of the part that is being written."""
        return next((end for end in self.ends if end > self.done), self.bars)

    def _keeps_count(self, added: str) -> bool:
        """Whether a bar line closes a part where its bars are enough, and only there."""
        said = self.text[-1] + added
        if self.reader is None or ("|" not in added and "|]" not in said and not said.endswith(("::", "|:"))):
            return True
        settled, end = self._settle(self.reader), self._end
        if settled is None:
            return False
        done = self._count(settled, added)
        closes = self._closes(said, done)
        if done > end or closes != (done == end) or self._breaks_repeats(settled, said, closes):
            return False
        if done == end:
            if settled.bar_elapsed or (done == self.bars and not settled.complete):
                return False
            self.done, self._closed = done, len(_bars(settled))
        self._read_bars = done
        return True

    def _closes(self, end: str, done: int) -> bool:
        """Whether the text, which has this `end` and so many bars, closes a part."""
        return end.rstrip().endswith(CLOSING)

    def _breaks_repeats(self, settled: PrefixReader, end: str, closes: bool) -> bool:
        """Whether the text, which has this `end`, opens a repeat within a part, or does not close it with the part."""
        voice = settled.voice
        if voice is None or end.endswith("::"):
            return False
        if end.endswith("|:"):  # at the beginning, or after a pickup
            return any(ticks_of(bar.duration) >= voice.full for bar in voice.bars[self._closed :])
        return closes and voice.repeat_open is not None

    def _count_with(self, added: str) -> int:
        """The bars that there would be with `added`; none where that is not allowed."""
        reader = self.reader and self.reader.copy()
        return self._count(reader, added) if reader is not None and reader.feed(added) else 0

    def _count(self, reader: PrefixReader, added: str) -> int:
        """The bars that a reader, who has read `added` too, has read to their end; those of closed parts are known."""
        return self.done + sum(section.full_bars for section in cut_bars(_bars(reader)[self._closed :]))


def _bars(reader: PrefixReader) -> Sequence[Bar]:
    return reader.voice.bars if reader.voice is not None else ()


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
