"""MIDI files made byte by byte, as a program that keeps to the letter, or does not, would write them."""

from __future__ import annotations

from collections.abc import Iterable


def number(value: int) -> bytes:
    """A number of variable length."""
    out = [value & 0x7F]
    while value := value >> 7:
        out.insert(0, value & 0x7F | 0x80)
    return bytes(out)


def meta(kind: int, data: bytes) -> bytes:
    return bytes([0xFF, kind]) + number(len(data)) + data


def track(events: Iterable[tuple[int, bytes]], *, closed: bool = True) -> bytes:
    """A chunk of (ticks after the one before, message)."""
    data = b"".join(number(delta) + message for delta, message in events)
    data += b"\x00" + meta(0x2F, b"") if closed else b""
    return b"MTrk" + len(data).to_bytes(4, "big") + data


def file(*tracks: bytes, format: int = 1, division: int = 480) -> bytes:
    header = format.to_bytes(2, "big") + len(tracks).to_bytes(2, "big") + division.to_bytes(2, "big")
    return b"MThd" + (6).to_bytes(4, "big") + header + b"".join(tracks)


def notes(pitches: Iterable[tuple[int, int]], *, channel: int = 0, before: int = 0) -> list[tuple[int, bytes]]:
    """Events of notes (pitch, ticks) that follow each other; pitch 0 is a rest. `before` is a rest at the start."""
    events: list[tuple[int, bytes]] = []
    wait = before
    for pitch, ticks in pitches:
        if pitch:
            events.append((wait, bytes([0x90 | channel, pitch, 80])))
            events.append((ticks, bytes([0x80 | channel, pitch, 0])))
            wait = 0
        else:
            wait += ticks
    return events


def meter(beats: int, unit: int) -> tuple[int, bytes]:
    return 0, meta(0x58, bytes([beats, unit.bit_length() - 1, 24, 8]))


def key(fifths: int, minor: int = 0) -> tuple[int, bytes]:
    return 0, meta(0x59, bytes([fifths & 0xFF, minor]))
