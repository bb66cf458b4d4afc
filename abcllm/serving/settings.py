"""What a server is told before it starts, and the limits within which it answers anyone."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from ..errors import UsageError

__all__ = ["LOOPBACK", "Limits", "Settings", "TooLong", "usual_folder"]

LOOPBACK = ("127.0.0.1", "localhost", "::1")


class TooLong(UsageError):
    """A text is longer than is read here."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is done at once, and for how long; times in seconds, sizes in bytes.

    `streams` answers are written side by side, each on one of `threads`; `waiting` more may queue for `patience_s`;
    one client has at most `per_client` of them. The same holds for scores, checks and conversions together.
    """

    streams: int = 64
    waiting: int = 256
    per_client: int = 16
    threads: int = field(default_factory=lambda: os.cpu_count() or 1)
    patience_s: float = 60.0
    answer_s: float = 300.0
    score_s: float = 60.0
    body_s: float = 30.0
    most_bytes: int = 2 * 2**20
    most_characters: int = 200_000
    most_music_s: float = 600.0

    def __post_init__(self) -> None:
        for name in ("streams", "per_client", "threads"):
            if getattr(self, name) < 1:
                raise UsageError(f"the limit {name} must be at least 1, not {getattr(self, name)}")

    def check_text(self, what: str, *texts: str) -> None:
        """Raises `TooLong` where texts have together more characters than are read, `UsageError` where one cannot be
        written as UTF-8; `what` names them.
        """
        characters = sum(len(text) for text in texts)
        if characters > self.most_characters:
            raise TooLong(f"{what} has {characters:,} characters, and {self.most_characters:,} are the most; send less")
        try:
            for text in texts:
                text.encode()
        except UnicodeEncodeError as fault:
            half = fault.object[fault.start]
            raise UsageError(f"{what} has half a character, {half!r}, which is no text; send whole ones") from None


@dataclass(frozen=True, slots=True)
class Settings:
    """`folder` keeps the conversations. `host` is where the server listens.

    With a `token` nothing but the empty page is given to who does not have it.
    """

    folder: Path
    token: str = ""
    host: str = LOOPBACK[0]
    limits: Limits = field(default_factory=Limits)

    def __post_init__(self) -> None:
        if not (self.token.isascii() and self.token.isprintable()):
            raise UsageError("a token is made of the letters, digits and signs of ASCII, for it is sent in a header")

    @property
    def is_open(self) -> bool:
        """Whether other machines can reach it."""
        return self.host not in LOOPBACK


def usual_folder() -> Path:
    """Where conversations are kept unless told otherwise: in the user's own data."""
    data = os.environ.get("XDG_DATA_HOME", "")
    return (Path(data) if data else Path.home() / ".local" / "share") / "abcllm" / "conversations"
