"""Guides for a tune that is there and is to be changed: the music of a bar written anew, chords put over its notes.

Both begin with the text before the place, and let nothing through but what may stand there; all else is put around
what was written, as it was.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from fractions import Fraction
from typing import Final

from ..notation.prefix import PrefixReader
from .guiding import NO_MUSIC, Guide

__all__ = ["ChordGuide", "GapGuide", "count_notes"]

MUSIC: Final = re.compile(r"[A-Ga-g,'^_=0-9/(<>{}\- ]+")
SLUR: Final = re.compile(r"\((?!\d|$)")
PLAIN: Final = re.compile(r" ?[_^=]?[A-Ga-g][,']?|[2-8/]")
"""A note, or a length after it."""
BEGINNING: Final = re.compile(r"[A-Ga-g^_=({]")
"""A digit would number an ending."""
GRACE: Final = re.compile(r"\{[^}]*\}?")
NOTE: Final = re.compile(r"[A-Ga-g]")
SHORTEST: Final = Fraction(1, 16)
LONGEST: Final = 256
"""Signs in what is written, so that no blanks and ornaments go on for ever."""
PITCH: Final = frozenset("ABCDEFGabcdefg,'")
SIGNS: Final = "HIJKLMNOPQRSTUVWhijklmnopqrstuvw"
"""Letters that stand for decorations."""
BELONG: Final = frozenset(f"_^=.~}}!({SIGNS}")
"""What stands before a note belongs to it."""
CARRIER: Final = re.compile(rf"(?:\(\d?(?::\d*)*|[.~{SIGNS}]|\{{[^}}]*\}}|![^!]*!)*(?:[_^=]*[A-Ga-g]|\[[_^=A-Ga-g])")
"""What a chord symbol may stand before: a note or chord with what belongs to it."""
NESTED: Final = re.compile(r"(?:\{[^}\n]*|\[(?:[A-Za-z]:[^\]\n]*|[_^=A-Ga-g,'\d/]*))$")
"""Inside of an ornament, a chord of notes or a field."""
NO_MUSIC_LINE: Final = re.compile(r"[A-Za-z]:|%")


def count_notes(music: str) -> int:
    """How many notes are written, grace notes not counted.

    >>> count_notes("d2 {e}fa (3gfe")
    6
    """
    return len(NOTE.findall(GRACE.sub("", music)))


class GapGuide(Guide):
    """Holds what is written to the music of one bar, or of a part of one.

    `begun` is the text of the tune before it, and `opening` what it begins with. It is done when it lasts so many
    whole notes, has `least` to `most` notes and may go on with `closing`. `said` is what is written so far. Where it
    `is_lost`, what has begun is such that nothing can follow.
    """

    def __init__(
        self, begun: str, lasts: Fraction, closing: str, opening: str = "", *, least: int = 1, most: int = 64
    ) -> None:
        super().__init__(begun + opening)
        self.closing = closing
        self.least = least
        self.most = most
        self.reader = PrefixReader(begun, exact=True)
        settled = self.reader.copy()
        self.end = lasts + (settled if settled.feed(" ") else self.reader).bar_elapsed
        self.is_lost = self.reader.failed
        self.reader.feed(opening)
        self._begun = len(begun)
        self._done = self._is_done()

    @property
    def said(self) -> str:
        return self.text[self._begun :]

    @property
    def is_finished(self) -> bool:
        return self._done

    @property
    def may_end(self) -> bool:
        return self._done

    @property
    def is_safe(self) -> bool:
        return self._done

    def ending(self) -> str | None:
        return "" if self._done else None

    def _take(self, added: str, unfinished: bool) -> bool:
        said = self.said + added
        if unfinished or len(said) > LONGEST or not MUSIC.fullmatch(added) or not BEGINNING.match(said):
            return False
        if "  " in said or NO_MUSIC.search(said) or SLUR.search(said):
            return False
        if self.is_plain and not PLAIN.fullmatch(added):
            return False
        reader = self.reader.copy()
        if count_notes(said) > self.most or not reader.feed(added) or not self._has_room(reader, said):
            return False
        self.reader = reader
        self._done = self._is_done(said)
        return True

    def _has_room(self, reader: PrefixReader, said: str) -> bool:
        """Whether the bar is not too long, and the notes that are wanting can still be had."""
        settled = reader.copy()
        if not settled.feed(" "):  # a sign that belongs to the next note
            return reader.bar_elapsed < self.end
        left = self.end - settled.bar_elapsed
        if left > 0 and said[-1] not in PITCH and count_notes(said) == self.most:
            return False  # only the length of the last note could have filled it
        if said[-1] in PITCH and settled.voice is not None:
            left += settled.voice.unit_length / 2  # which a `/` would give back
        return left >= max(self.least - count_notes(said), 0) * SHORTEST

    def _is_done(self, said: str = "") -> bool:
        settled = self.reader.copy()
        if count_notes(said or self.said) < self.least or not settled.feed(" ") or settled.bar_elapsed != self.end:
            return False
        return self.reader.allows(self.closing)


class ChordGuide(Guide):
    """Holds what is written to a tune that is there, and chord symbols before its notes.

    `header` is where the text begins, `music` what follows in it: without chords, and with the lines as they are. At
    the places in `music` that are `due` there must be one; `offers` are those that may stand at a place.
    """

    def __init__(self, header: str, music: str, due: Collection[int], offers: Callable[[int], Collection[str]]) -> None:
        super().__init__(header)
        self.music = music
        self.due = due
        self.offers = offers
        self._kept = 0
        self._chord = ""
        self._chorded = -1
        self._last = ""

    @property
    def is_finished(self) -> bool:
        return self._kept == len(self.music)

    @property
    def may_end(self) -> bool:
        return self.is_finished

    @property
    def is_safe(self) -> bool:
        return not self._chord

    def ending(self) -> str | None:
        return self.music[self._kept :] if not self._chord else None

    def _take(self, added: str, unfinished: bool) -> bool:
        if unfinished:
            return False
        kept, chord, chorded, last = self._kept, self._chord, self._chorded, self._last
        for sign in added:
            if chord:
                chord += sign
                if not self._may_become(chord, chorded, last):
                    return False
                if sign == '"':
                    chord, last = "", chord
            elif sign == '"' and self.music[kept : kept + 1] != sign:  # words above a note have quotes of their own
                if kept == chorded or not self._may_carry(kept) or not self._may_become(sign, kept, last):
                    return False
                chord, chorded = sign, kept
            elif kept < len(self.music) and self.music[kept] == sign and (kept == chorded or kept not in self.due):
                kept += 1
            else:
                return False
        self._kept, self._chord, self._chorded, self._last = kept, chord, chorded, last
        return True

    def _may_become(self, chord: str, place: int, last: str) -> bool:
        """Whether a chord symbol begins so there; that which goes on by itself is said again only where one is due."""
        offered = (f'"{offer}"' for offer in self.offers(place))
        return any(one.startswith(chord) and (one != last or place in self.due) for one in offered)

    def _may_carry(self, at: int) -> bool:
        """Whether a note begins here, with all that belongs to it."""
        before = self.music[max(at - 1, 0) : at]
        line = self.music.rfind("\n", 0, at) + 1
        if before in BELONG or NO_MUSIC_LINE.match(self.music, line) or NESTED.search(self.music[line:at]):
            return False
        if any(self.music.count(sign, line, at) % 2 for sign in '"!'):  # inside of words, or of a decoration
            return False
        return CARRIER.match(self.music, at) is not None
