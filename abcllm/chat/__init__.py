"""Talking with a composer: a session keeps the conversation and the tune, a terminal or a script carries it."""

from .session import Piece, Session

__all__ = ["Piece", "Session"]
