"""Tunes as sound files: WAV, and compressed as Ogg Vorbis, MP3 or FLAC."""

from __future__ import annotations

import io
import wave
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from ..errors import FormatError, MissingExtra
from .synthesis import SAMPLE_RATE, synthesize

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray

    from ..notation import Tune

__all__ = ["compress", "pack_wav", "write_flac", "write_mp3", "write_ogg", "write_wav"]

BLOCK_FRAMES = 1 << 16  # libsndfile encodes Vorbis on the stack: a whole tune at once can overflow it


def write_wav(tunes: Sequence[Tune], *, soundfont: str | Path | None = None, tempo_qpm: float | None = None) -> bytes:
    """One tune as WAV: 16 bit, two channels, 48 kHz. `tempo_qpm` quarter notes a minute, the tune's own without.

    Raises as `synthesize` does.
    """
    return pack_wav(_sound(tunes, soundfont, tempo_qpm))


def write_ogg(tunes: Sequence[Tune], *, soundfont: str | Path | None = None, tempo_qpm: float | None = None) -> bytes:
    """One tune as Ogg Vorbis. Raises as `synthesize` does, and `MissingExtra` without `soundfile`."""
    return compress(_sound(tunes, soundfont, tempo_qpm), "ogg")


def write_mp3(tunes: Sequence[Tune], *, soundfont: str | Path | None = None, tempo_qpm: float | None = None) -> bytes:
    """One tune as MP3. Raises as `synthesize` does, and `MissingExtra` without `soundfile`."""
    return compress(_sound(tunes, soundfont, tempo_qpm), "mp3")


def write_flac(tunes: Sequence[Tune], *, soundfont: str | Path | None = None, tempo_qpm: float | None = None) -> bytes:
    """One tune as FLAC, without loss. Raises as `synthesize` does, and `MissingExtra` without `soundfile`."""
    return compress(_sound(tunes, soundfont, tempo_qpm), "flac")


def pack_wav(samples: NDArray[numpy.float32]) -> bytes:
    """`samples`, (frames, 2) float32 in [-1, 1] at `SAMPLE_RATE`, as a WAV file."""
    import numpy

    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(samples.shape[1])
        sound.setsampwidth(2)
        sound.setframerate(SAMPLE_RATE)
        sound.writeframes((numpy.clip(samples, -1, 1) * 32767).round().astype("<i2").tobytes())
    return file.getvalue()


def compress(samples: NDArray[numpy.float32], kind: Literal["flac", "mp3", "ogg"]) -> bytes:
    """`samples`, (frames, 2) float32 in [-1, 1] at `SAMPLE_RATE`, as a compressed file."""
    if find_spec("soundfile") is None:
        raise MissingExtra(f"{kind.upper()} needs soundfile: pip install soundfile", extra="soundfile")
    import soundfile

    file = io.BytesIO()
    subtype = {"flac": "PCM_16", "mp3": "MPEG_LAYER_III", "ogg": "VORBIS"}[kind]
    try:
        with soundfile.SoundFile(file, "w", SAMPLE_RATE, samples.shape[1], subtype, format=kind.upper()) as sound:
            for start in range(0, len(samples), BLOCK_FRAMES):
                sound.write(samples[start : start + BLOCK_FRAMES])
    except soundfile.LibsndfileError as fault:
        raise FormatError(f"the sound cannot be written as {kind.upper()}: {fault}", format=kind) from fault
    return file.getvalue()


def _sound(tunes: Sequence[Tune], soundfont: str | Path | None, tempo_qpm: float | None) -> NDArray[numpy.float32]:
    from .midi import write_midi

    if len(tunes) != 1:
        raise FormatError(f"a sound file holds one tune, not {len(tunes)}", format="wav")
    wishes: dict[str, Any] = {} if tempo_qpm is None else {"tempo_qpm": tempo_qpm}
    return synthesize(write_midi(tunes[0], **wishes), soundfont=soundfont)
