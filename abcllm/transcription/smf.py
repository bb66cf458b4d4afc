"""Standard MIDI files: bytes to the messages of each track, damaged files as far as they go.

Source: Standard MIDI Files 1.0 (MIDI Manufacturers Association, RP-001). A track that is cut off gives the messages
before the cut; bytes that belong to no message are passed over. What was passed over is said in `faults`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from ..errors import FormatError

__all__ = ["META", "Chunks", "Message", "read_chunks"]

META: Final = 0xFF
SYSEX: Final = (0xF0, 0xF7)
DATA_BYTES: Final = (2, 2, 2, 2, 1, 1, 2)  # of the messages 8x, 9x, ... Ex
END_OF_TRACK: Final = 0x2F


class Message(NamedTuple):
    """A message and when it comes: `status` is that of the file, META for a meta event of type `first`.

    `first` and `second` are the data bytes of a channel message, `data` is the content of a meta event.
    """

    tick: int
    status: int
    first: int
    second: int
    data: bytes = b""


class Chunks(NamedTuple):
    """A file: `format` 0, 1 or 2, `division` as it stands in the header, tracks, and what is wrong with it."""

    format: int
    division: int
    tracks: tuple[tuple[Message, ...], ...]
    faults: tuple[str, ...]


def read_chunks(data: bytes) -> Chunks:
    """The tracks of a file. Raises `FormatError` where it is no MIDI file."""
    begin = data.find(b"MThd", 0, 64)  # RIFF wraps MIDI files in a few bytes of its own
    header = data[begin + 8 : begin + 14]
    if begin < 0 or len(header) < 6:
        raise FormatError("this is no MIDI file: it does not begin with MThd and a header of 6 bytes", format="midi")
    faults: list[str] = []
    tracks: list[tuple[Message, ...]] = []
    at = begin + 8 + int.from_bytes(data[begin + 4 : begin + 8], "big")
    while at + 8 <= len(data):
        size = int.from_bytes(data[at + 4 : at + 8], "big")
        if data[at : at + 4] == b"MTrk":
            name = f"track {len(tracks) + 1}"
            if at + 8 + size > len(data):
                faults.append(f"{name} is cut off at the end of the file")
            track = _Track(data[at + 8 : at + 8 + size])
            tracks.append(tuple(track.messages()))
            faults += [f"{name} {fault}" for fault in track.faults]
        at += 8 + size
    division = int.from_bytes(header[4:6], "big")
    return Chunks(int.from_bytes(header[:2], "big"), division, tuple(tracks), tuple(faults))


class _Track:
    """The bytes of one track."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0
        self.faults: list[str] = []

    def number(self) -> int:
        """A number of variable length: seven bits a byte, at most four bytes."""
        value = 0
        for _ in range(4):
            byte = self.data[self.at]
            self.at += 1
            value = value << 7 | byte & 0x7F
            if byte < 0x80:
                break
        return value

    def messages(self) -> Iterator[Message]:
        try:
            yield from self._messages()
        except IndexError:
            self.faults.append("ends in the middle of a message")

    def _messages(self) -> Iterator[Message]:
        data, size = self.data, len(self.data)
        tick = status = stray = 0
        while self.at < size:
            tick += self.number()
            if data[self.at] >= 0x80:
                status = data[self.at]
                self.at += 1
            if status == META:
                kind = data[self.at]
                self.at += 1
                yield Message(tick, META, kind, 0, self.content())
                status = 0
                if kind == END_OF_TRACK:
                    break
            elif status in SYSEX:
                self.content()
                status = 0
            elif 0x80 <= status < 0xF0:
                first = data[self.at] & 0x7F
                second = 0
                if DATA_BYTES[(status >> 4) - 8] == 2:
                    self.at += 1
                    second = data[self.at] & 0x7F
                self.at += 1
                yield Message(tick, status, first, second)
            else:  # a data byte without a status before it, or a status that no file may hold
                stray += status == 0
                self.at += status == 0
        if stray:
            self.faults.append(f"holds {stray} bytes that belong to no message")

    def content(self) -> bytes:
        size = self.number()
        content = self.data[self.at : self.at + size]
        self.at += size
        return content
