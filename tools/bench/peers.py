"""What other programs play: notes as (onset in quarters, MIDI pitch), cached on disk.

abc2midi 5.02 comes in the wheel of symusic, abcjs and abc2svg from npm (`tools/install-peers`), lytk and music21 from
PyPI. They are started, never linked; a program that is not installed gives no notes.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

from record import ROOT

Notes: TypeAlias = list[tuple[float, int, float]]
PEERS = ROOT / ".peers"
BATCH = 200
PATIENCE_S = 20  # one of the programs never returns from some tunes


def abc2midi() -> Path | None:
    """The abc2midi of the symusic wheel."""
    spec = importlib.util.find_spec("symusic")
    if spec is None or spec.origin is None:
        return None
    program = Path(spec.origin).parent / "bin" / "abc2midi"
    return program if program.exists() else None


def play_all(
    texts: dict[str, str], cache_name: str = "tunes", batch: int = BATCH
) -> dict[str, dict[str, Notes | None]]:
    """Notes of each text by each peer, from the cache where it knows them.

    Texts hold `X:1`; `batch` of them go to a program at once (1 for texts that are not plain tunes).
    """
    cache = PEERS / f"{cache_name}.jsonl"
    known: dict[str, dict[str, Any]] = {}
    if cache.exists():
        with cache.open(encoding="utf-8") as lines:
            known = {row["hash"]: row["notes"] for row in map(json.loads, lines)}
    hashes = {name: hashlib.sha256(text.encode()).hexdigest()[:24] for name, text in texts.items()}
    missing = [name for name in texts if hashes[name] not in known]
    PEERS.mkdir(exist_ok=True)
    with cache.open("a", encoding="utf-8") as out:
        for group in _batched(missing, batch):
            by_node = dict(_play_node({name: texts[name] for name in group}))
            by_midi = dict(_play_abc2midi({name: texts[name] for name in group}))
            for name in group:
                notes = {**by_node.get(name, {}), "abc2midi": by_midi.get(name)}
                known[hashes[name]] = notes
                out.write(json.dumps({"hash": hashes[name], "notes": notes}) + "\n")
            out.flush()
            if sys.stderr.isatty():
                print(f"\r{group[-1][:60]:60}", end="", file=sys.stderr, flush=True)
    return {name: known[hashes[name]] for name in texts}


def _batched(names: Iterable[str], size: int) -> Iterator[list[str]]:
    group: list[str] = []
    for name in names:
        group.append(name)
        if len(group) == size:
            yield group
            group = []
    if group:
        yield group


def _play_node(texts: dict[str, str]) -> Iterator[tuple[str, dict[str, Notes | None]]]:
    modules = PEERS / "node_modules"
    if not (modules / "abcjs").exists():
        return
    lines = "".join(json.dumps({"id": name, "abc": text}) + "\n" for name, text in texts.items())
    script = Path(__file__).with_name("peers.cjs")
    command = ["node", str(script), str(modules)]
    try:
        run = subprocess.run(command, input=lines, capture_output=True, text=True, check=False, timeout=PATIENCE_S)
    except subprocess.TimeoutExpired:
        names = list(texts)
        for half in (names[: len(names) // 2], names[len(names) // 2 :]) if len(names) > 1 else ():
            yield from _play_node({name: texts[name] for name in half})
        return
    for line in run.stdout.splitlines():
        row = json.loads(line)
        yield row["id"], {"abcjs": row["abcjs"], "abc2svg": row["abc2svg"]}


def _play_abc2midi(texts: dict[str, str]) -> Iterator[tuple[str, Notes | None]]:
    program = abc2midi()
    if program is None:
        return
    names = list(texts)
    with tempfile.TemporaryDirectory() as folder:
        found = _run_abc2midi(program, [texts[name] for name in names], Path(folder))
        for name, notes in zip(names, found, strict=True):
            yield name, notes if notes is not None or len(names) == 1 else next(_play_abc2midi({name: texts[name]}))[1]


def _run_abc2midi(program: Path, texts: list[str], folder: Path) -> list[Notes | None]:
    """Notes of several tunes in one run; None where the program wrote no file (it may stop in mid-file)."""
    numbered = (text.replace("X:1\n", f"X:{number}\n", 1) for number, text in enumerate(texts, 1))
    (folder / "t.abc").write_text("\n".join(numbered), encoding="utf-8")
    flags = ["-NGUI", "-NGRA", "-NFER"]
    subprocess.run([str(program), "t.abc", *flags], cwd=folder, capture_output=True, check=False, timeout=300)
    paths = [folder / f"t{number}.mid" for number in range(1, len(texts) + 1)]
    return [read_midi(path.read_bytes()) if path.exists() else None for path in paths]


def read_midi(data: bytes) -> Notes | None:
    """Notes of a MIDI file: (onset, pitch, duration) in quarters; channel 10 left out."""
    import io

    import mido

    try:
        file = mido.MidiFile(file=io.BytesIO(data), clip=True)
    except (OSError, EOFError, ValueError):
        return None
    notes: Notes = []
    for track in file.tracks:
        time = 0
        sounding: dict[tuple[int, int], list[int]] = {}
        for message in track:
            time += message.time
            if message.type == "note_on" and message.velocity and message.channel != 9:
                sounding.setdefault((message.channel, message.note), []).append(time)
            elif message.type in ("note_on", "note_off") and sounding.get((message.channel, message.note)):
                start = sounding[message.channel, message.note].pop(0)
                quarter = file.ticks_per_beat
                notes.append((start / quarter, message.note, (time - start) / quarter))
    return sorted(notes)
