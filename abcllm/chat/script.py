"""The conversation without a terminal: lines that are piped in are answered; without any, one tune is composed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TextIO

from .session import Session

__all__ = ["run_script", "write_one_tune"]

ONE_TUNE = "a 16-bar jig in D"
ONE_TUNE_FORMATS = ("abc", "mid", "pdf", "wav")


def run_script(session: Session, lines: Iterable[str], out: TextIO) -> int:
    """Answer each line in turn; how many were answered. Empty lines, and those that begin with `#`, are passed over."""
    answered = 0
    for line in lines:
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        answered += 1
        out.write(f"> {text}\n")
        for piece in session.send(text):
            out.write(piece)
            out.flush()
        if session.ended:
            break
    return answered


def write_one_tune(session: Session, out: TextIO) -> None:
    """Compose one tune and save it as ABC, MIDI, PDF and sound, under the same name."""
    run_script(session, [ONE_TUNE], out)
    for path in session.save_as(ONE_TUNE_FORMATS):
        out.write(f"saved {path}\n")
        out.flush()
