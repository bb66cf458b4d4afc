"""The grammar as a machine that follows a text while it is being written.

`PrefixReader` takes the characters of one tune as they come and says whether the text can still become a valid
tune. A generator that only writes what it allows writes valid ABC with exact bars. It is the parser itself, copied
between lines and between tokens: each finished line is read by `TuneReader`, so that a finished text is accepted
exactly when `parse` finds no error in it; inside a line it looks ahead only far enough to refuse early what cannot
be mended any more, and never refuses a text that can.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Final

from .catalogue import CATALOGUE, Severity
from .diagnostics import Findings, Fix
from .lengths import Ticks, duration_of, ticks_of
from .reader import FILLS_A_BAR, INLINE_FIELDS, TuneReader
from .scanner import PATTERN, Token
from .source import Source
from .viable import viable_value
from .voice import VoiceReader

EXTENDABLE: Final = frozenset(
    {Token.NOTE, Token.REST, Token.BAR, Token.TUPLET, Token.BROKEN, Token.ENDING, Token.CHORD}
)  # fmt: skip
OPENERS: Final = '"{[!+^_=:.(\\]'
CHORD_CHARACTERS: Final = re.compile(r"[A-Ga-g^_=,'0-9/ .~!\"()\-H-Wh-w]")
GRACE_CHARACTERS: Final = re.compile(r"[A-Ga-g^_=,'0-9/ .~!()\-H-Wh-w\[\]<>`]")
UNFINISHED_ENDING: Final = re.compile(r"\d+(?:[,.-]\d+)*[,.-]")
INEXACT: Final = frozenset({"R203", "S301", "S302", "S303", "S304", "S308"})
"""Bars that nothing completes, ties, slurs and repeats without their other end, bar lines that are none."""
TIMED_START: Final = frozenset("ABCDEFGabcdefgzx^_=")


class Verdict(Findings):
    """Remembers only whether an error was reported; in an exact reading what is left open or short counts too."""

    __slots__ = ("exact", "failed")

    def __init__(self, *, exact: bool) -> None:
        super().__init__(Source(""))
        self.exact = exact
        self.failed = False

    def report(
        self,
        code: str,
        span: tuple[int, int],
        message: str,
        hint: str = "",
        *,
        bar: int | None = None,
        voice: str = "",
        fix: Fix | None = None,
    ) -> None:
        if CATALOGUE[code].severity is Severity.ERROR or (self.exact and code in INEXACT):
            self.failed = True


class PrefixReader:
    """Follows the text of one tune, which begins with `X:`.

    With `exact`, a short bar must also be completed by a pickup, a plain bar line closes only a full bar, and ties,
    slurs and repeats have both ends.

    >>> reader = PrefixReader()
    >>> reader.feed("X:1\\nM:2/4\\nL:1/4\\nK:C\\nC D|E")
    True
    >>> reader.bar_left, reader.allows("F F|"), reader.allows("F|]")
    (Fraction(1, 2), False, True)
    """

    __slots__ = ("_exact", "_live", "_live_shared", "_over", "_pending", "_reader", "_remark", "failed", "line")

    def __init__(self, text: str = "", *, exact: bool = False) -> None:
        self._exact = exact
        self._reader = TuneReader("", Verdict(exact=exact), 0, keep=False)
        self._live: TuneReader | None = None
        self._live_shared = False
        self._pending = ""
        self._remark = False
        self._over = False
        self.line = ""
        self.failed = False
        self.feed(text)

    def copy(self) -> PrefixReader:
        """An independent reader in the same state, in constant time."""
        other = object.__new__(PrefixReader)
        other._exact = self._exact
        other._reader = self._reader
        other._live = self._live
        other._live_shared = self._live_shared = True
        other._pending = self._pending
        other._remark = self._remark
        other._over = self._over
        other.line = self.line
        other.failed = self.failed
        return other

    def feed(self, text: str) -> bool:
        """Go on with `text`. False as soon as the whole can no longer become valid; the reader is then spent."""
        for character in text:
            if self.failed:
                return False
            if character == "\n":
                self._end_line()
            else:
                self._add(character)
        return not self.failed

    def allows(self, text: str) -> bool:
        """Whether the text so far may go on with `text`; the reader stays as it is."""
        return self.copy().feed(text)

    @property
    def complete(self) -> bool:
        """Whether the text, ended here, is a valid tune."""
        if self.failed:
            return False
        reader = self._read_line()
        return reader is not None and self._finishes(reader)

    def _finishes(self, reader: TuneReader) -> bool:
        verdict = Verdict(exact=self._exact)
        last = reader.copy(verdict)
        last.finish(len(last.text))
        return not verdict.failed

    # -- what a generator wants to know --------------------------------------------------------------------

    @property
    def in_header(self) -> bool:
        """True until the K: line is finished."""
        return self._reader.in_header

    @property
    def voice(self) -> VoiceReader | None:
        """The voice being written, at the last finished token; None in the header."""
        reader = self._live or self._reader
        return reader.voice

    @property
    def bar_elapsed(self) -> Fraction:
        """How much of the bar is written, in whole notes, unfinished tokens left out."""
        voice = self.voice
        return duration_of(voice.ticks + voice.carry) if voice is not None else Fraction(0)

    @property
    def bar_left(self) -> Fraction | None:
        """How much of the bar is missing; None in free metre or before the music."""
        voice = self.voice
        if voice is None:
            return self._reader.meter.duration
        return duration_of(voice.full - voice.ticks - voice.carry) if voice.full else None

    # -- lines ---------------------------------------------------------------------------------------------

    def _read_line(self) -> TuneReader | None:
        """The tune's reader after the current line; None where the line holds an error."""
        line = self.line
        if not line or line.isspace():
            return self._reader
        verdict = Verdict(exact=self._exact)
        reader = self._reader.copy(verdict)
        reader.text = line
        reader.read_line(0, len(line))
        return None if verdict.failed else reader

    def _end_line(self) -> None:
        line = self.line
        in_block = self._reader.block is not None
        if self._over or ((not line or line.isspace()) and not in_block):
            self._over = True
            self.failed = self.failed or not self._finishes(self._reader)
        else:
            reader = self._read_line() if line else self._reader
            if reader is None or self._overfull(reader.voice):
                self.failed = True
            else:
                self._reader = reader
        self.line = self._pending = ""
        self._live, self._remark = None, False

    def _add(self, character: str) -> None:
        self.line += character
        line = self.line
        if self._over:
            self.failed = not line.isspace()
            return
        reader = self._reader
        if reader.block is not None or self._remark:
            return
        if character == "%" and not line.endswith("\\%"):
            self._remark = True
            if self._live is not None:
                self._settle(" ")
            return
        if reader.number is None:
            self.failed = not "X:".startswith(line[:2])
        if len(line) == 1:
            self._begin_line(character)
        elif self._live is None:
            self._add_to_field(line)
        else:
            self._add_to_music(character)

    def _begin_line(self, character: str) -> None:
        """The first character decides between a field and music, or waits for the second."""
        if character.isascii() and (character.isalpha() or character == "+"):
            return
        if self._reader.in_header:
            self.failed = self.failed or not character.isspace()
        else:
            self._begin_music()

    def _add_to_field(self, line: str) -> None:
        reader = self._reader
        is_field = line[1] == ":" and line[0].isascii() and (line[0].isalpha() or line[0] == "+")
        if is_field and line[0] == "X" and reader.number is not None:
            self.failed = True  # another tune would begin, and this one be without music or end here
            return
        if reader.in_header:
            if not is_field:
                self.failed = not line.isspace()
            elif line[0] in "XKML":
                self.failed = not viable_value(line[0], line[2:])
            return
        if is_field and (line[0] not in FILLS_A_BAR or line[2:3] not in ("|", ":")):
            if line[0] in "KML" and not viable_value(line[0], line[2:]):
                self.failed = True
            return
        self._begin_music()

    # -- music ---------------------------------------------------------------------------------------------

    def _begin_music(self) -> None:
        """The line is one of music: start a live reading and give it what is there."""
        live = self._reader.copy(Verdict(exact=self._exact))
        live.text = ""
        live.open_body()
        if not live.continued:
            live.touched = []
        live.continued = False
        self._live, self._live_shared = live, False
        line, self.line, self._pending = self.line, "", ""
        for character in line:
            self.line += character
            self._add_to_music(character)

    def _add_to_music(self, character: str) -> None:
        live = self._live
        if live is None or live.macros:
            return
        pending = self._pending + character
        while pending and not self.failed:
            if self._may_grow(pending):
                break
            match = PATTERN.match(self.line, len(self.line) - len(pending))
            if match is None or (match.lastindex in EXTENDABLE and match.end() == len(self.line)):
                break
            size = match.end() - match.start()
            self._consume(size, len(pending))
            pending = pending[size:]
        self._pending = pending
        if pending and not self.failed:
            self._foresee(pending)

    def _settle(self, _: str) -> None:
        """A remark begins: what was pending is a finished token."""
        while self._pending and not self.failed:
            match = PATTERN.match(self._pending)
            if match is None:
                break
            self._consume(match.end(), len(self._pending) + 1)
            self._pending = self._pending[match.end() :]

    def _may_grow(self, pending: str) -> bool:
        """Whether an opened token waits for its closing sign."""
        first = pending[0]
        if first not in OPENERS:
            return first.isdigit() and UNFINISHED_ENDING.fullmatch(pending) is not None
        if first == '"':
            return len(pending) < 500 and (len(pending) == 1 or not re.fullmatch(r'"(?:[^"\\]|\\.)*"', pending))
        if first == "{":
            return "}" not in pending and (len(pending) == 1 or GRACE_CHARACTERS.match(pending[-1]) is not None)
        if first == "[":
            return self._bracket_may_grow(pending)
        if first == "!":
            return len(pending) < 40 and not re.search(r'[\s"|\[\]]', pending) and "!" not in pending[1:]
        if first == "+":
            return len(pending) < 40 and re.fullmatch(r"\+[A-Za-z0-9<>().]*", pending) is not None
        if first in "^_=":
            return re.fullmatch(r"\^\^?|__?|=|[\^_]\d*/?\d*", pending) is not None
        if first == "\\":
            return pending[1:].strip(" \t\r") == ""
        return len(pending) == 1 or pending in (":[", ".(")

    def _bracket_may_grow(self, pending: str) -> bool:
        if len(pending) == 1:
            return True
        second = pending[1]
        if second.isdigit():
            return UNFINISHED_ENDING.fullmatch(pending, 1) is not None
        if second in "|:" or "]" in pending:
            return False
        if second.isalpha() and (len(pending) == 2 or pending[2] == ":"):
            if len(pending) == 2:
                return second in INLINE_FIELDS or CHORD_CHARACTERS.match(second) is not None
            if second not in INLINE_FIELDS:
                return False
            return "[" not in pending[1:] and (second not in "KML" or viable_value(second, pending[3:]))
        return CHORD_CHARACTERS.match(pending[-1]) is not None or pending.count('"') % 2 == 1

    def _consume(self, size: int, pending: int) -> None:
        """Give the first `size` of the `pending` last characters, a finished token, to the live reading."""
        live = self._live
        if live is None:
            return
        if self._live_shared:
            live = self._live = live.copy(Verdict(exact=self._exact))
            self._live_shared = False
        live.text = self.line
        start = len(self.line) - pending
        before = live.voice
        plain = self._exact and before is not None and self._leaves_short(before, self.line[start : start + size])
        live.feed_token(start)
        verdict = live.findings
        failed = isinstance(verdict, Verdict) and verdict.failed
        self.failed = failed or plain or self._overfull(live.voice)

    def _leaves_short(self, voice: VoiceReader, token: str) -> bool:
        """In an exact reading: a plain bar line after a bar that is neither full nor a pickup."""
        ticks = voice.ticks + voice.carry
        return token == "|" and not voice.seam and 0 < ticks < voice.full and not voice.rest_bars

    def _overfull(self, voice: VoiceReader | None) -> bool:
        """Whether the bar is past mending: too long, or after a short bar that no section's end excuses."""
        if voice is None or not voice.full:
            return False
        ticks: Ticks = voice.layers[0][1] if voice.layers else voice.ticks
        if ticks and voice.ledger.short is not None and not voice.seam:
            return True
        ticks += voice.carry
        base = voice.broken_base
        if base is not None and not voice.broken and not voice.layers and ticks > voice.full:
            return ticks - ticks_of(base.duration * Fraction(7, 8)) >= voice.full
        return ticks > voice.full

    def _foresee(self, pending: str) -> None:
        """Refuse the beginning of a token that cannot end well."""
        live = self._live
        voice = live.voice if live is not None else None
        if voice is None:
            return
        first = pending[0]
        if first == "|" or (first == ":" and len(pending) == 1) or pending.startswith("[|"):
            if voice.broken or (voice.tuplet_left and not voice.rest_bars):
                self.failed = True
        elif first in TIMED_START and voice.full and not voice.layers:
            ticks = voice.ticks + voice.carry
            after_short = voice.ledger.short is not None and not voice.seam
            self.failed = self.failed or ticks >= voice.full or after_short
