"""Texts and conversations to the numbers that a model reads, and back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import ModelNotFound
from .chat_format import END, START, ChatEncoder

if TYPE_CHECKING:
    import sentencepiece

__all__ = ["Tokeniser"]


class Tokeniser(ChatEncoder):
    """A SentencePiece model (`tokenizer.model`) with the marks of the chat format.

    Any text comes back as it was: `decode(encode(text)) == text`. Raises `ModelNotFound` for a file that is none.
    """

    def __init__(self, path: str | Path) -> None:
        import sentencepiece

        try:
            data = Path(path).read_bytes()
            self._processor: sentencepiece.SentencePieceProcessor = sentencepiece.SentencePieceProcessor(
                model_proto=data
            )
        except (OSError, RuntimeError) as fault:
            raise ModelNotFound(f"{path} is no SentencePiece model: {fault}") from None
        self.size: int = self._processor.get_piece_size()
        self.bos_id: int = self._processor.bos_id()
        self.bos = [self.bos_id]
        self.eos_id = self._processor.eos_id()
        self.start_id = self._mark(START, path)
        self.end_id = self._mark(END, path)

    def _mark(self, piece: str, path: str | Path) -> int:
        number: int = self._processor.piece_to_id(piece)
        if number == self._processor.unk_id():
            raise ModelNotFound(f"{path} has no piece {piece}: it is not the vocabulary of a model that chats")
        return number

    def encode(self, text: str) -> list[int]:
        ids: list[int] = self._processor.encode(text)
        return ids

    def decode(self, ids: Sequence[int]) -> str:
        """The text of pieces; marks have none, bytes that are no character become U+FFFD."""
        text: str = self._processor.decode(list(ids))
        return text

    def piece(self, number: int) -> str:
        """One piece as it stands in the vocabulary, a space as `▁`."""
        piece: str = self._processor.id_to_piece(number)
        return piece

    def bytes_of(self, number: int) -> bytes:
        """What a piece adds to a text, in UTF-8; a byte that is part of a character alone, a mark nothing."""
        if self._processor.is_control(number) or self._processor.is_unknown(number):
            return b""
        piece = self.piece(number)
        if self._processor.is_byte(number):
            return bytes([int(piece[3:5], 16)])
        return piece.replace("▁", " ").encode()

    def pieces(self, text: str) -> Iterator[str]:
        """The pieces of a text as they stand in the vocabulary.

        The law of the vocabulary shows in them: `d2 ^c'` is `d`, `2`, `▁^c'`.
        """
        return (self.piece(number) for number in self.encode(text))
