"""Other programs hear and read the same: abc2midi plays the tunes of `data`, music21 reads the MusicXML of them."""

from __future__ import annotations

import importlib.util
import re
import subprocess
from collections import Counter
from pathlib import Path

import mido
import pytest

from abcllm.formats.musicxml import write_musicxml
from abcllm.formats.performance import perform
from abcllm.notation import Tune, parse

ORNAMENTS = re.compile(r"[~THLMOPSuv]|\.(?=[A-Ga-g\[^_=(])|![^!\n]*!")
PIECES = re.compile(r'("[^"\n]*"|\[[A-Za-z]:[^\]\n]*\])')
FIELD = re.compile(r"[A-Za-z]:|%")
QUARTERS_A_CHORD_TAKES = 0.15  # abc2midi strikes the notes of a chord one shortly after the other

pytestmark = pytest.mark.peer


def plain(text: str) -> str:
    """A tune without what abc2midi plays in its own way: ornaments, staccato, and the swing of a hornpipe (R:)."""
    lines = []
    for line in text.splitlines():
        if line.startswith("R:"):
            continue
        if not FIELD.match(line):
            pieces = PIECES.split(line)
            line = "".join(piece if index % 2 else ORNAMENTS.sub("", piece) for index, piece in enumerate(pieces))
        lines.append(line)
    return "\n".join(lines) + "\n"


def samples(root: Path, name: str, count: int) -> list[str]:
    text = (root / "data" / name / "tunes.abc").read_text(encoding="utf-8")
    tunes = [block for block in re.split(r"\n\s*\n", text) if block.startswith("X:")]
    return tunes[:: max(len(tunes) // count, 1)][:count]


def abc2midi() -> Path:
    spec = importlib.util.find_spec("symusic")
    program = Path(spec.origin).with_name("bin") / "abc2midi" if spec and spec.origin else None
    if program is None or not program.exists():
        pytest.skip("abc2midi comes with symusic: pip install symusic")
    return program


def heard_by_abc2midi(program: Path, text: str, folder: Path) -> list[tuple[float, int]] | None:
    """(onset in quarters, key) of all notes; None where it complains."""
    source, target = folder / "tune.abc", folder / "tune.mid"
    target.unlink(missing_ok=True)
    source.write_text(text, encoding="utf-8")
    command = [program, source, "-o", target, "-NGUI", "-NGRA", "-NFER"]
    told = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False).stdout
    if not target.exists() or re.search("warning|error", told, re.IGNORECASE):
        return None
    file = mido.MidiFile(target)
    found = []
    for track in file.tracks:
        tick = 0
        for message in track:
            tick += message.time
            if message.type == "note_on" and message.velocity:
                found.append((tick / file.ticks_per_beat, message.note))
    return sorted(found)


def is_same(ours: list[tuple[float, int]], theirs: list[tuple[float, int]]) -> bool:
    left = list(theirs)
    for onset, midi in ours:
        near = [n for n in left if n[1] == midi and -0.01 < n[0] - onset < QUARTERS_A_CHORD_TAKES]
        if not near:
            return False
        left.remove(near[0])
    return not left


def goes_back_elsewhere(tune: Tune) -> bool:
    """True where `:|` without `|:` follows a double bar line or variant endings.

    We go back there, as the standard says (section 4.8); abc2midi goes back further, and leaves the endings out.
    """
    since_seam = opened = False
    for bar in tune.voices[0].bars:
        for line in (bar.left, bar.right):
            if line is None:
                continue
            if (line.ends or bar.endings) and since_seam and not opened:
                return True
            if line.is_seam:
                since_seam, opened = not line.ends or bool(bar.endings), opened and not line.ends
            opened = opened or line.starts > 0
            since_seam = since_seam and not opened
    return False


@pytest.mark.parametrize("name", ["irish_mit", "oneills1850", "ryans_mammoth", "ceol_rince"])
def test_abc2midi_plays_the_same(name: str, root: Path, tmp_path: Path) -> None:
    program = abc2midi()
    compared, other = 0, []
    for text in samples(root, name, 60):
        cleaned = plain(text)
        theirs = heard_by_abc2midi(program, cleaned, tmp_path)
        tune = parse(cleaned).tunes[0]
        if theirs is None or goes_back_elsewhere(tune):
            continue
        played = perform(tune)
        ours = sorted((float(note.onset * 4), note.midi) for note in played.notes if not note.grace)
        compared += 1
        if not is_same(ours, theirs):
            other.append(text.splitlines()[0])
    assert compared >= 10
    assert len(other) <= compared // 50, other


def onsets(tune: Tune) -> Counter[tuple[str, int, int]]:
    return Counter(
        (note.pitch.step, note.pitch.alter, note.pitch.octave)
        for voice in tune.voices
        for bar in voice.bars
        for items in (bar.items, *bar.overlays)
        for item in items
        for note in getattr(item, "notes", (item,))
        if hasattr(note, "pitch") and not hasattr(item, "slashed")
    )


@pytest.mark.parametrize("name", ["irish_mit", "oneills1850", "ryans_mammoth", "open_hymnal"])
def test_music21_reads_every_note(name: str, root: Path) -> None:
    music21 = pytest.importorskip("music21")
    for text in samples(root, name, 12):
        tune = parse(text).tunes[0]
        score = music21.converter.parseData(write_musicxml(tune), format="musicxml")
        read = Counter(
            (pitch.step, int(pitch.alter), pitch.octave)
            for note in score.recurse().notes
            if not note.duration.isGrace and not isinstance(note, music21.harmony.ChordSymbol)
            for pitch in note.pitches
        )
        assert read == onsets(tune), text.splitlines()[0]
