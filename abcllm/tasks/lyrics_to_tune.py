"""Set words to music: the words are given, a tune with each syllable under its note is the answer."""

from __future__ import annotations

from typing import Final

from ..conversation import Conversation
from ..metrics import is_valid, likeness
from ..notation import Bar, Chord, Note, Tune, Voice, parse
from ..record import Record
from ..reply import Reply, read_reply
from .material import converse, dice, reference_tune, tune_of
from .wording import wording

__all__ = ["KIND", "VERSION", "build", "grade", "read_lyrics"]

VERSION: Final = 1
KIND: Final = "sft"
MISALIGNED: Final = frozenset(("W601", "W602"))


def build(record: Record, seed: int, language: str = "en") -> Conversation | None:
    """Give the words of the verses. None for a tune without words, or with words that find no note."""
    tune = tune_of(record)
    lyrics = read_lyrics(tune) if tune else ""
    if not lyrics or any(one.code in MISALIGNED for one in parse(record.abc).diagnostics):
        return None
    random = dice(record, "lyrics_to_tune", seed)
    words = wording("lyrics_to_tune", language)
    ask = words.say("ask", random, lyrics=lyrics)
    answer = words.say("answer", random, tune=record.abc.rstrip("\n"))
    return converse(record, "lyrics_to_tune", VERSION, seed, language, ask, answer)


def grade(conversation: Conversation, reply: str) -> dict[str, float]:
    """Whether the tune is valid, how alike its words are to those that were given, and whether each has a note."""
    read = read_reply(reply)
    if not read.tunes:
        return {"valid": 0.0, "words": 0.0, "aligned": 0.0}
    wanted, found = read_lyrics(reference_tune(conversation)).split(), read_lyrics(read.tunes[0]).split()
    return {"valid": is_valid(read), "words": likeness(found, wanted), "aligned": float(bool(found) and _aligned(read))}


def read_lyrics(tune: Tune) -> str:
    """The words of the first voice that has some: verses with an empty line between them, a line for a line of music.

    >>> read_lyrics(parse("X:1\\nL:1/4\\nK:C\\nC D E F|\\nw:Hel-lo my~dear *\\nG4|]\\nw:friend\\n").tunes[0])
    'Hello my dear\\nfriend'
    """
    voice = next((voice for voice in tune.voices if any(note.marks.lyrics for note in _notes(voice))), None)
    if voice is None:
        return ""
    verses = max(len(note.marks.lyrics) for note in _notes(voice))
    return "\n\n".join(filter(None, (_verse(voice, verse) for verse in range(verses))))


def _verse(voice: Voice, verse: int) -> str:
    lines = [""]
    for bar in voice.bars:
        for note in _sung(bar):
            lyric = note.marks.lyrics[verse] if verse < len(note.marks.lyrics) else None
            if lyric is not None and not lyric.hold:
                lines[-1] += lyric.text + ("" if lyric.hyphen else " ")
        if bar.line_end:
            lines.append("")
    return "\n".join(line.strip() for line in lines if line.strip())


def _notes(voice: Voice) -> list[Note | Chord]:
    return [note for bar in voice.bars for note in _sung(bar)]


def _sung(bar: Bar) -> list[Note | Chord]:
    """What may carry a syllable."""
    return [item for item in bar.items if isinstance(item, Note | Chord)]


def _aligned(read: Reply) -> bool:
    return not any(one.code in MISALIGNED for one in read.book.diagnostics)
