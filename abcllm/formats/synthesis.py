"""MIDI to sound: rendered with a sound font, brought to full level, ended where it has faded.

The synthesizer is RustySynth (in `midirenderer`): 64 voices, reverberation and chorus, 48 kHz, some 200 times faster
than it sounds. The sound font is the General MIDI one that `pretty_midi` ships, where no other is given.
"""

from __future__ import annotations

import io
import wave
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import FormatError, MissingExtra
from ..files import read_bytes

if TYPE_CHECKING:
    import numpy
    from mido import MidiFile
    from numpy.typing import NDArray

__all__ = ["LONGEST_S", "SAMPLE_RATE", "find_soundfont", "synthesize"]

SAMPLE_RATE = 48_000
LONGEST_S = 20 * 60.0
TAIL_S = 4.0  # how long the last notes may ring
TAIL_TEMPO = 500_000  # microseconds a quarter note, so that what the file ends with does not matter
FADE_S = 0.05
PEAK = 0.9
SILENCE = 0.001  # of the peak


def find_soundfont() -> Path:
    """The General MIDI sound font that is used where no other is given. Raises `MissingExtra`."""
    spec = find_spec("pretty_midi")
    path = Path(spec.origin).with_name("TimGM6mb.sf2") if spec and spec.origin else None
    if path is None or not path.is_file():
        raise MissingExtra(
            "sound needs a sound font: pip install pretty_midi, or name one (--soundfont FILE.sf2, soundfont=...)",
            extra="pretty_midi",
        )
    return path


def synthesize(midi: bytes, *, soundfont: str | Path | None = None) -> NDArray[numpy.float32]:
    """The sound of a MIDI file: (frames, 2) float32 in [-1, 1], left and right, `SAMPLE_RATE` frames a second.

    The loudest moment is at 0.9; the last notes ring out, and what follows them is cut off.
    Raises `FormatError` for bytes that are not MIDI, for a sound font that cannot be used, and for more than
    `LONGEST_S` seconds of music; `MissingExtra` where the synthesizer or the sound font is not installed.
    """
    if find_spec("midirenderer") is None:
        raise MissingExtra("sound needs midirenderer: pip install midirenderer", extra="midirenderer")
    import numpy

    font = Path(soundfont) if soundfont is not None else find_soundfont()
    samples = _render(read_bytes(font), _with_tail(midi), font)
    levels = numpy.abs(samples).max(axis=1, initial=0.0)
    peak = float(levels.max(initial=0.0))
    if peak == 0.0:
        return samples
    samples = samples[: int(numpy.flatnonzero(levels > SILENCE * peak)[-1]) + 1]
    samples *= PEAK / peak
    fade = min(len(samples), int(FADE_S * SAMPLE_RATE))
    samples[-fade:] *= numpy.linspace(1.0, 0.0, fade, dtype=numpy.float32)[:, None]
    return samples


def _render(font: bytes, midi: bytes, path: Path) -> NDArray[numpy.float32]:
    import midirenderer
    import numpy

    try:
        file = midirenderer.render_wave_from(font, midi)
    except RuntimeError as fault:
        if "SoundFont" in str(fault):
            raise FormatError(f"{path} cannot be used, a sound font in SF2 format is needed: {fault}") from fault
        raise FormatError(f"the music cannot be sounded: {fault}", format="wav") from fault
    except BaseException as fault:  # a panic of the library is no Exception
        if type(fault).__name__ != "PanicException":
            raise
        raise FormatError(f"the synthesizer broke off, perhaps over the sound font {path}: {fault}") from fault
    with wave.open(io.BytesIO(file)) as sound:
        if (sound.getnchannels(), sound.getsampwidth(), sound.getframerate()) != (2, 2, SAMPLE_RATE):
            raise FormatError("the synthesizer gave sound in a form that is not known", format="wav")
        frames = sound.readframes(sound.getnframes())
    return numpy.frombuffer(frames, dtype="<i2").reshape(-1, 2).astype(numpy.float32) / numpy.float32(32768)


def _with_tail(midi: bytes) -> bytes:
    """The same file, ending `TAIL_S` seconds later: the synthesizer stops where the file does."""
    import mido

    try:
        file = mido.MidiFile(file=io.BytesIO(midi))
        length_s = file.length
    except (OSError, EOFError, ValueError, KeyError, IndexError) as fault:
        raise FormatError(f"this is not a MIDI file that can be sounded: {str(fault) or 'it ends early'}") from fault
    if length_s > LONGEST_S:
        raise FormatError(
            f"the music lasts {length_s / 60:.0f} minutes, and sound is made of {LONGEST_S / 60:.0f} at most; "
            "take a faster tempo or fewer repeats",
            format="wav",
        )
    longer = io.BytesIO()
    try:
        _lengthen(file)
        file.save(file=longer)
    except ValueError as fault:
        raise FormatError(f"this is not a MIDI file that can be sounded: {fault}") from fault
    return longer.getvalue()


def _lengthen(file: MidiFile) -> None:
    import mido

    if not file.tracks:
        raise FormatError("there is no track in this MIDI file", format="wav")
    ends = [sum(message.time for message in track) for track in file.tracks]
    track = file.tracks[0]
    track[:] = [message for message in track if message.type != "end_of_track"]
    rest = max(ends) - sum(message.time for message in track)
    ticks = mido.second2tick(TAIL_S, file.ticks_per_beat, TAIL_TEMPO)
    track.append(mido.MetaMessage("set_tempo", tempo=TAIL_TEMPO, time=rest))
    track.append(mido.MetaMessage("end_of_track", time=ticks))
