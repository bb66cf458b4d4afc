"""The conversation in a terminal: a prompt, answers as they come, Ctrl-C for the answer and Ctrl-D for the end."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from ..errors import AbcllmError
from ..formats import encode
from .answers import summarize
from .commands import SLASH_COMMANDS
from .desk import state_folder
from .picture import find_protocol, inline_picture
from .session import Piece, Session

__all__ = ["clean", "converse"]

PROMPT = "> "
GO_ON = "(Go on: make bar 5 busier, add chords, transpose to G, again, play it, save as pdf, undo, help.)\n"
GREETING = """The composer is "{name}". Ask it for a tune: a 16-bar jig in D. "help" says what else there is.
"""
GREETING_IN_CHINESE = "也可以说中文：写一首D大调的16小节吉格舞曲。\n"
DIM, PLAIN = "\x1b[2m", "\x1b[0m"
HISTORY_LINES = 500
# What a terminal would obey rather than show.
_CONTROL = {code: "\N{REPLACEMENT CHARACTER}" for code in (*range(32), *range(127, 160)) if chr(code) not in "\n\t"}


def clean(text: str) -> str:
    """The text without characters that would command the terminal."""
    return text.translate(_CONTROL)


def _shown(piece: Piece) -> str:
    """A piece as the terminal shows it: what is said in passing is dim."""
    text = clean(piece.text)
    return f"{DIM}{text}{PLAIN}" if piece.aside else text


def _told(session: Session, text: str, *, aside: bool = False) -> str:
    """What the terminal itself says, in the language that is spoken."""
    return _shown(session.word(Piece(text, aside=aside)))


def converse(session: Session, out: TextIO) -> None:
    """Talk until the person ends it. Both standard input and `out` must be a terminal."""
    out.write(GREETING.format(name=session.backend.name))
    if (out.encoding or "").lower().startswith("utf"):
        out.write(GREETING_IN_CHINESE)
    if session.tune is not None:
        out.write(_told(session, f"Going on with {summarize(session.tune)}\n"))
    with _line_editing(), _Interrupts() as interrupts:
        while not session.ended:
            try:
                interrupts.allow()
                line = input(PROMPT)
                if line.strip():
                    _answer(session, line, out)
                interrupts.ignore()
            except EOFError:
                out.write("\n")
                return
            except KeyboardInterrupt:
                out.write(_told(session, '\n("quit" or Ctrl-D ends)\n'))


class _Interrupts:
    """Ctrl-C raises `KeyboardInterrupt` once after each `allow`, so that a second press does not hit its handling."""

    def __enter__(self) -> _Interrupts:
        self.allowed = False
        self.before = signal.signal(signal.SIGINT, self._hear)
        return self

    def __exit__(self, *fault: object) -> None:
        signal.signal(signal.SIGINT, self.before)

    def allow(self) -> None:
        self.allowed = True

    def ignore(self) -> None:
        self.allowed = False

    def _hear(self, number: int, frame: object) -> None:
        if self.allowed:
            self.allowed = False
            raise KeyboardInterrupt


def _answer(session: Session, line: str, out: TextIO) -> None:
    """Stream the answer; an interrupt stops it, and leaves the tune before in its place."""
    tune, session.is_shown = session.tune, False
    pieces = session.answer(line)
    try:
        for piece in pieces:
            out.write(_shown(piece))
            out.flush()
    except KeyboardInterrupt:
        pieces.close()
        out.write(_told(session, "\n(stopped)\n"))
        return
    if session.tune is not None and (session.tune is not tune or session.is_shown):
        _show_picture(session, out)
        if tune is None:
            out.write(_told(session, GO_ON, aside=True))
    out.write("\n")


def _show_picture(session: Session, out: TextIO) -> None:
    protocol = find_protocol(os.environ)
    if not protocol or session.tune is None:
        return
    try:
        pages = encode(session.tune, "png", dpi=100)
    except AbcllmError as fault:
        out.write(_told(session, f"(no picture: {fault})\n"))
        return
    except KeyboardInterrupt:
        out.write(_told(session, "\n(no picture)\n"))
        return
    for page in pages:
        out.write(inline_picture(page if isinstance(page, bytes) else page.encode(), protocol))
    out.flush()


@contextmanager
def _line_editing() -> Iterator[None]:
    """Arrow keys, Tab for commands, and the lines of earlier conversations, where Python has readline."""
    try:
        import readline
    except ImportError:  # Windows, and Pythons built without it
        yield
        return
    path = state_folder() / "history"

    def complete(text: str, state: int) -> str | None:
        fitting = [f"/{name}" for name in SLASH_COMMANDS if f"/{name}".startswith(text)] if text[:1] == "/" else []
        return fitting[state] if state < len(fitting) else None

    readline.set_completer(complete)
    readline.set_completer_delims(" ")
    readline.parse_and_bind("tab: complete")
    readline.set_history_length(HISTORY_LINES)
    try:
        readline.read_history_file(path)
    except OSError:
        readline.clear_history()  # the first conversation, or a file that cannot be read: begin anew
    try:
        yield
    finally:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            readline.write_history_file(path)
        except OSError:
            readline.clear_history()  # a home that cannot be written to keeps no history
