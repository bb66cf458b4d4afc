"""Saving, as people ask for it: `save as pdf`, `export midi and wav`, `save it to tunes/rain.mid`."""

from __future__ import annotations

import re
from typing import Final

from .instructions import Save, Steps, Unclear
from .phrases import match_phrase

__all__ = ["FORMAT_WORDS", "read_save", "read_target"]

FORMAT_WORDS: Final = {
    "abc": "abc", "text": "abc", "abc notation": "abc",
    "pdf": "pdf", "score": "pdf", "sheet music": "pdf", "sheet": "pdf",
    "midi": "midi", "mid": "midi",
    "wav": "wav", "wave": "wav", "audio": "wav", "sound": "wav", "sound file": "wav",
    "musicxml": "musicxml", "music xml": "musicxml", "xml": "musicxml",
    "svg": "svg", "png": "png", "picture": "png", "image": "png",
    "flac": "flac", "ogg": "ogg", "mp3": "mp3", "json": "json",
    "everything": "all", "all": "all", "all formats": "all", "every format": "all",
}  # fmt: skip

_SAVING: Final = "(save|export|download|store|keep) [<it>]"
_TURNING: Final = "(write|convert|print|render|turn|output) [<it>] (as|to|into|out as) <rest>"
_MAKING: Final = "(give|send) me [<it>] [as|in] [a|an|the] <rest>"
_CREATING: Final = "(make|create|write) (a|an|the) <rest>"

_LEAD: Final = re.compile(r"^\s*(?:(?:as|to|into|in|under|the|an?|file|format|of|it|me)(?:[: ]+|$))*", re.IGNORECASE)
_TAIL: Final = re.compile(r"(?: (?:format|file|files|version|too|as well))+$", re.IGNORECASE)
_FILE: Final = re.compile(r'^(?:"(?P<quoted>[^"]+)"|(?P<plain>\S+\.[A-Za-z]\w{1,8}|[~./]\S*|\S*/\S*))$')


def read_save(text: str) -> Save | Steps | Unclear | None:
    """The saving that a whole text asks for, or None."""
    if match := match_phrase(text, _SAVING):
        return Save()
    if match := match_phrase(text, f"{_SAVING} <rest>", _TURNING):
        return read_target(match["rest"])
    if match := match_phrase(text, _MAKING, _CREATING):  # "give me a jig" asks for a tune, "give me a pdf" for a file
        target = read_target(match["rest"])
        return None if isinstance(target, Unclear) else target
    return None


def read_target(text: str) -> Save | Steps | Unclear:
    """Where and as what to save: a format, a file, or several; without any, ABC.

    >>> read_target("as pdf"), read_target("to tunes/rain.mid")
    (Save(format='pdf', path=''), Save(format='', path='tunes/rain.mid'))
    """
    saves: list[Save] = []
    for piece in re.split(r"\s*(?:,|\band\b|\+)\s*", text) if '"' not in text else [text]:
        target = _TAIL.sub("", _LEAD.sub("", piece)).strip()
        if target.lower().lstrip(".") in FORMAT_WORDS:
            saves.append(Save(FORMAT_WORDS[target.lower().lstrip(".")]))
        elif file := _FILE.match(target):
            saves.append(Save("", file["quoted"] or file["plain"]))
        elif target:
            return Unclear(
                f'I do not know how to save as "{target}".',
                'Say a format (abc, pdf, midi, wav, mp3, musicxml, svg, png, json) or a file: "save as rain.mid".',
            )
    return saves[0] if len(saves) == 1 else Steps(tuple(saves)) if saves else Save()
