"""Sound: the right notes at the right time, loud enough, never clipped, ended where they have faded."""

from __future__ import annotations

import io
import wave
from pathlib import Path
from typing import Any

import mido
import numpy as np
import pytest

from abcllm.errors import FileError, FormatError, MissingExtra
from abcllm.formats import synthesis
from abcllm.formats import wav as room
from abcllm.formats.synthesis import SAMPLE_RATE, find_soundfont, synthesize
from abcllm.formats.wav import compress, pack_wav


def midi(*notes: tuple[int, float, float], program: int = 73, velocity: int = 90, tempo: int = 500_000) -> bytes:
    """A file with notes (pitch, onset_s, duration_s)."""
    events = [(onset, "note_on", pitch) for pitch, onset, _ in notes]
    events += [(onset + duration, "note_off", pitch) for pitch, onset, duration in notes]
    track = mido.MidiTrack(
        [mido.MetaMessage("set_tempo", tempo=tempo), mido.Message("program_change", program=program)]
    )
    now = 0
    for second, kind, pitch in sorted(events):
        tick = mido.second2tick(second, 480, tempo)
        track.append(mido.Message(kind, note=pitch, velocity=velocity, time=tick - now))
        now = tick
    file = io.BytesIO()
    mido.MidiFile(tracks=[track], ticks_per_beat=480).save(file=file)
    return file.getvalue()


def pitch_hz(samples: Any) -> float:
    spectrum = np.abs(np.fft.rfft(samples.mean(axis=1) * np.hanning(len(samples))))
    return float(spectrum.argmax() * SAMPLE_RATE / len(samples))


def test_notes_sound_at_their_time_and_pitch() -> None:
    samples = synthesize(midi((69, 0.0, 1.0), (81, 1.0, 1.0)))
    assert samples.dtype == np.float32
    assert samples.shape[1] == 2
    middle = slice(int(0.3 * SAMPLE_RATE), int(0.8 * SAMPLE_RATE))
    assert pitch_hz(samples[middle]) == pytest.approx(440, abs=4)
    assert pitch_hz(samples[SAMPLE_RATE:][middle]) == pytest.approx(880, abs=8)


def test_silence_before_a_note_stays() -> None:
    samples = synthesize(midi((60, 1.5, 0.5), program=0))
    first = int(np.flatnonzero(np.abs(samples).max(axis=1) > 0.01)[0])
    assert first / SAMPLE_RATE == pytest.approx(1.5, abs=0.05)


@pytest.mark.parametrize("velocity", [30, 127])
def test_level_is_full_and_never_clipped(velocity: int) -> None:
    cluster = [(pitch, 0.0, 1.0) for pitch in range(30, 100)]
    samples = synthesize(midi(*cluster, program=48, velocity=velocity))
    assert np.isfinite(samples).all()
    assert np.abs(samples).max() == pytest.approx(0.9, abs=0.001)
    assert (np.abs(samples) > 0.899).sum() < 100


def test_the_last_note_rings_out_and_ends_in_silence() -> None:
    samples = synthesize(midi((60, 0.0, 1.0), program=0))
    assert 1.2 < len(samples) / SAMPLE_RATE < 1.0 + synthesis.TAIL_S
    assert np.abs(samples[-1]).max() == 0.0
    assert np.abs(np.diff(samples[-SAMPLE_RATE // 10 :], axis=0)).max() < 0.01


def test_the_tempo_at_the_end_does_not_matter() -> None:
    lengths = {round(len(synthesize(midi((60, 0.0, 1.0), tempo=tempo))) / SAMPLE_RATE, 1) for tempo in (2000, 10**6)}
    assert max(lengths) - min(lengths) < 0.3


def test_sound_is_the_same_every_time() -> None:
    assert np.array_equal(synthesize(midi((60, 0.0, 0.5))), synthesize(midi((60, 0.0, 0.5))))


def test_a_file_without_notes_is_silence() -> None:
    samples = synthesize(midi())
    assert samples.shape[1] == 2
    assert not samples.any()


def test_music_of_hours_is_refused() -> None:
    with pytest.raises(FormatError, match="lasts 50 minutes, and sound is made of 20"):
        synthesize(midi((60, 0.0, 3000.0), tempo=10**7))


GOOD = midi((60, 0.0, 0.5))


@pytest.mark.parametrize("data", [b"", b"MThd", GOOD[:40], b"X:1\nK:C\nCDE|", GOOD[:14], b"\0" * 1000])
def test_what_is_not_midi_is_refused(data: bytes) -> None:
    with pytest.raises(FormatError, match="MIDI"):
        synthesize(data)


def test_sound_fonts_that_cannot_be_used_are_named(tmp_path: Path) -> None:
    other, cut = tmp_path / "other.sf2", tmp_path / "cut.sf2"
    other.write_bytes(GOOD)
    cut.write_bytes(find_soundfont().read_bytes()[:100_000])
    for path in (other, cut):
        with pytest.raises(FormatError, match=f"{path.name} cannot be used"):
            synthesize(GOOD, soundfont=path)
    with pytest.raises(FileError, match=r"none\.sf2"):
        synthesize(GOOD, soundfont=tmp_path / "none.sf2")
    copy = tmp_path / "copy.sf2"
    copy.write_bytes(find_soundfont().read_bytes())
    assert np.array_equal(synthesize(GOOD, soundfont=str(copy)), synthesize(GOOD))


@pytest.mark.parametrize(("name", "remedy"), [("midirenderer", "midirenderer"), ("pretty_midi", "pretty_midi")])
def test_what_is_missing_is_named(monkeypatch: pytest.MonkeyPatch, name: str, remedy: str) -> None:
    find = synthesis.find_spec
    monkeypatch.setattr(synthesis, "find_spec", lambda wanted: None if wanted == name else find(wanted))
    with pytest.raises(MissingExtra, match=f"pip install {remedy}"):
        synthesize(GOOD)


def test_wav_holds_the_samples() -> None:
    samples = np.array([[0.0, 1.0], [-1.0, 0.5], [2.0, -2.0]], dtype=np.float32)
    with wave.open(io.BytesIO(pack_wav(samples))) as sound:
        assert sound.getparams()[:4] == (2, 2, SAMPLE_RATE, 3)
        values = np.frombuffer(sound.readframes(3), dtype="<i2").reshape(-1, 2)
    assert values.tolist() == [[0, 32767], [-32767, 16384], [32767, -32767]]


@pytest.mark.parametrize("kind", ["flac", "mp3", "ogg"])
def test_compressed_sound_is_the_same_sound(kind: Any) -> None:
    import soundfile

    samples = synthesize(midi((69, 0.0, 2.0)))
    packed = compress(samples, kind)
    assert len(packed) < len(pack_wav(samples)) * 0.7
    back, rate = soundfile.read(io.BytesIO(packed), dtype="float32")
    assert rate == SAMPLE_RATE
    assert back.shape[1] == 2
    assert len(back) / SAMPLE_RATE == pytest.approx(len(samples) / SAMPLE_RATE, abs=0.1)
    assert pitch_hz(back[SAMPLE_RATE // 2 : SAMPLE_RATE]) == pytest.approx(440, abs=4)


def test_long_sound_is_compressed_in_pieces() -> None:
    noise = np.random.default_rng(0).uniform(-0.5, 0.5, (SAMPLE_RATE * 90, 2)).astype(np.float32)
    assert compress(noise, "ogg").startswith(b"OggS")


def test_missing_soundfile_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "find_spec", lambda name: None)
    with pytest.raises(MissingExtra, match="pip install soundfile"):
        compress(np.zeros((1, 2), dtype=np.float32), "mp3")
