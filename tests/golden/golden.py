"""The kept results and how they are made: `NAME.abc` beside `NAME.musicxml`, `NAME.mid.txt` and `NAME.json`."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import mido

from abcllm.formats.json import write_json
from abcllm.formats.midi import write_midi
from abcllm.formats.musicxml import write_musicxml
from abcllm.notation import Tune, parse

FOLDER = Path(__file__).parent / "formats"


def cases() -> list[Path]:
    """The tunes of which results are kept."""
    return sorted(FOLDER.glob("*.abc"))


def midi_text(tune: Tune) -> str:
    """A MIDI file as text: one line an event, with its tick."""
    file = mido.MidiFile(file=io.BytesIO(write_midi(tune, chords=True)), charset="utf-8")
    lines = [f"format {file.type}, {file.ticks_per_beat} ticks a quarter note"]
    for number, track in enumerate(file.tracks):
        lines.append(f"track {number}")
        tick = 0
        for message in track:
            tick += message.time
            values = " ".join(
                f"{name}={value}" for name, value in message.dict().items() if name not in ("type", "time")
            )
            lines.append(f"{tick:6} {message.type} {values}".rstrip())
    return "\n".join(lines) + "\n"


RESULTS: dict[str, Callable[[Tune], str]] = {".musicxml": write_musicxml, ".mid.txt": midi_text, ".json": write_json}


def result(case: Path, suffix: str) -> str:
    """What the program gives now."""
    return RESULTS[suffix](parse(case.read_text(encoding="utf-8")).tunes[0])


def kept(case: Path, suffix: str) -> Path:
    """The file that holds what it should give."""
    return case.with_name(case.stem + suffix)
