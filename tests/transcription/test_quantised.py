"""MIDI on a grid to tunes: what a person would have written, and every note where it was."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zipfile
from collections import Counter
from fractions import Fraction
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abcllm.errors import FormatError
from abcllm.formats.midi import write_midi
from abcllm.formats.performance import perform
from abcllm.notation import Tune, parse, write
from abcllm.notation.theory import Key, Meter
from abcllm.transcription.events import read_events
from abcllm.transcription.grid import Grid, is_quantised
from abcllm.transcription.quantised import Wishes, read_quantised
from abcllm.transcription.reading import read_tune
from tests.strategies import tunes

from .midi_bytes import file, key, meta, meter, notes, track

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "data"
REEL = """X:1
T:The Reel of MIDI
M:4/4
L:1/8
Q:1/4=180
K:G
d2|:G2BG DGBG|FGAF D2EF|G2BG DGBd|[1 cAFA G2d2:|[2 cAFA G3B||
|:c2ec Acec|B2dB GBdB|(3ABA FA DAFA|cAFA G3B:|
"""


def tune_of(text: str) -> Tune:
    (tune,) = parse(text).tunes
    return tune


def music_of(tune: Tune) -> Tune:
    """The tune that comes back from its MIDI."""
    return read_tune(write_midi(tune)).tune


def heard(tune: Tune) -> Counter[tuple[Fraction, Fraction, int]]:
    return Counter((note.onset, note.duration, note.midi) for note in perform(tune, graces=True).notes)


def body(tune: Tune) -> str:
    return write(tune).split("\nK:")[1].split("\n", 1)[1]


def test_a_reel_comes_back_as_it_was_written() -> None:
    tune = tune_of(REEL)
    found = music_of(tune)
    assert heard(found) == heard(tune)
    assert write(found).splitlines()[:6] == REEL.splitlines()[:6]
    assert "|:G2BG DGBG|FGAF D2EF|G2BG DGBd|[1 cAFA G2d2:|[2 cAFA G3B||" in write(found)
    assert "(3ABA FA DAFA" in write(found)


@pytest.mark.parametrize(
    "music",
    [
        "M:4/4\nL:1/8\nK:D\nD4-DF A2|d8-|d4 z4|]",
        "M:6/8\nL:1/8\nK:Em\n(2EF G3|(4EFGA B3|E3/F/G (3ABc d|]",
        "M:3/4\nL:1/8\nK:Bb\n(3BcB (5:4:5FGFGF|b4-b/a/g/f/|(7:4:7B/c/d/e/f/g/a/ b4|]",
        "M:2/4\nL:1/16\nK:Am\nA2^GA B3c|(3:2:2e4d2 c4|{B}A2^GA {dcd}e4|]",
        "M:9/8\nL:1/8\nK:F\nF6-F3|F3-F2 c4|f8 c|]",
        "M:7/8\nL:1/8\nK:G\nG2 A2 B3|d2 c2 BAG|]",
        "M:4/4\nL:1/8\nK:C\n[CEG]4 [FAc]2 [GB]2|[CEGc]8|]",
    ],
)
def test_note_values_tuplets_ties_chords_and_graces_survive(music: str) -> None:
    tune = tune_of("X:1\n" + music + "\n")
    found = read_tune(write_midi(tune), unit=tune.unit_length).tune
    assert heard(found) == heard(tune)
    assert body(found).replace(" ", "") == body(tune).replace(" ", "")


def test_voices_stay_voices_with_their_clefs() -> None:
    header = "X:1\nM:4/4\nL:1/4\nV:1 name=Soprano\nV:2 clef=bass name=Bass\nK:C\n"
    text = header + "[V:1]c d e f|g4|]\n[V:2]C, G,, A,, F,,|C,4|]\n"
    found = music_of(tune_of(text))
    assert [(voice.name, voice.clef.name) for voice in found.voices] == [("Soprano", "treble"), ("Bass", "bass")]
    assert heard(found) == heard(tune_of(text))


@settings(deadline=None)
@given(st.text(max_size=12), st.text(max_size=12))
def test_any_names_of_piece_and_tracks(title: str, name: str) -> None:
    head = track([meter(4, 4), (0, meta(3, title.encode("utf-8", "replace")))])
    named = (0, meta(3, name.encode("utf-8", "replace")))
    found = read_tune(file(head, track([named, *notes([(60, 1920)])]), track([named, *notes([(40, 1920)])]))).tune
    assert not parse(write(found)).diagnostics
    assert parse(write(found)).tunes[0] == found


def test_overlapping_notes_of_a_track_share_a_staff() -> None:
    long_and_short = [(0, b"\x90\x3c\x50"), *notes([(67, 480), (69, 480), (71, 480), (72, 480)]), (0, b"\x80\x3c\x00")]
    tune = read_tune(file(track(long_and_short)), Wishes(meter=Meter((4,), 4))).tune
    assert "%%score (1 2)" in write(tune)
    assert sorted(note.midi for note in perform(tune).notes) == [60, 67, 69, 71, 72]


def test_block_chords_become_chord_symbols() -> None:
    melody = track([meter(4, 4), key(1), *notes([(67, 960), (71, 960), (69, 960), (66, 960), (67, 1920)])])
    blocks: list[tuple[int, bytes]] = []
    for chord, ticks in (((43, 47, 50), 1920), ((38, 42, 45, 48), 1920), ((43, 47, 50), 1920)):
        blocks += [(0, bytes([0x91, pitch, 70])) for pitch in chord]
        blocks += [(ticks * (pitch == chord[0]), bytes([0x81, pitch, 0])) for pitch in chord]
    tune = read_tune(file(melody, track(blocks))).tune
    assert body(tune) == '"G"G4 B4|"D7"A4 F4|"G"G8|]\n'


def test_wishes_stand_above_the_estimate() -> None:
    data = file(track(notes([(62 + step, 240) for step in (0, 2, 4, 5, 7, 5, 4, 2, 0, 2, 4, 0)])))
    tune = read_tune(data, Wishes(meter=Meter((6,), 8), key=Key("D", "dorian")), unit=Fraction(1, 16)).tune
    assert (str(tune.meter), str(tune.key), tune.unit_length) == ("6/8", "Ddor", Fraction(1, 16))
    coarse = read_events(file(track(notes([(62, 230), (64, 250), (65, 245), (67, 235)]))))
    score = read_quantised(coarse, Wishes(meter=Meter((2,), 4), grid=Fraction(1, 8)))
    assert [note.onset for note in score.notes] == [0, Fraction(1, 8), Fraction(1, 4), Fraction(3, 8)]


def test_a_piano_beside_two_other_tracks_has_two_staves() -> None:
    piano = "V:2\nC,,/[Gce]/ D,,/[Adf]/ E,,/[Gbe']/ D,,/[Bd]/|C,,[ce]/d/ [ce]2|]\n"
    tune = tune_of(f"X:1\nM:4/4\nL:1/4\nK:C\nV:1\ne f g c|c'4|]\n{piano}V:3\nc B c G|E4|]\n")
    music = read_events(write_midi(tune))
    score = read_quantised(music, Wishes())
    assert [part.role for part in score.parts] == ["", "hand", "hand", ""]
    assert [note.pitch for note in score.notes if note.part == 2 and note.pitch < 60] == [36, 38, 40, 38, 36]
    assert "%%score 1 {2 3} 4" in write(music_of(tune))


def test_a_pickup_is_worth_no_bar_when_repeats_are_weighed() -> None:
    """With another pickup at the repeat, the section still begins where its bars begin to come again."""
    first = "A2AA BAFA|A2FA BAFA|B2cA BAcA|BAcA BAFA|A2FA BAFA|A2FA BAFE|FABc d2dB|"
    second = "Addd Addd|Addd BAFA|B2cA BAcA|BAcA BAFA|Addd Addd|AD (3dcd BAFE|FABc d2dB|AFEF D4|]"
    tune = tune_of(f"X:1\nM:4/4\nL:1/8\nK:D\ndB|{first}AFEF D3F|{first}AFEF D3z|{second}\n")
    assert body(music_of(tune)).startswith("dB|:A2AA BAFA|")


def test_one_voice_or_two_hands() -> None:
    high, low = notes([(72, 480), (74, 480)]), notes([(48, 480), (47, 480)])
    data = file(track(high), track(low))
    assert [len(read_tune(data, Wishes(voices=count)).tune.voices) for count in (1, 2, None)] == [1, 2, 2]
    assert [note.midi for note in perform(read_tune(data, Wishes(voices=1)).tune).notes] == [48, 72, 47, 74]


def test_the_first_bar_line() -> None:
    """By a short first metre, by the file's own bars, by accents."""
    jig = [(62, 240), *[(67, 240), (66, 240), (67, 240), (69, 240), (67, 240), (69, 240)] * 7, (67, 720), (66, 480)]
    short = [meter(1, 8), (0, meta(3, b"")), (240, meter(6, 8)[1])]
    assert read_quantised(read_events(file(track(short), track(notes(jig)))), Wishes()).pickup == Fraction(1, 8)
    late = file(track([meter(6, 8), *notes(jig, before=1200)]))
    assert read_quantised(read_events(late), Wishes()).pickup == Fraction(1, 8)
    plain = read_quantised(read_events(file(track([meter(6, 8), *notes(jig)]))), Wishes())
    assert (plain.pickup, plain.meters[0][1]) == (Fraction(1, 8), Meter((6,), 8))


def test_a_metre_that_changes_stands_where_it_changes() -> None:
    events = [meter(3, 4), (4320, meter(2, 4)[1])]
    tune = read_tune(file(track(events), track(notes([(60, 480)] * 13)))).tune
    assert body(tune).count("[M:2/4]") == 1
    assert not parse(write(tune)).diagnostics


def test_a_bar_that_a_change_of_metre_cuts_has_a_metre_of_its_own() -> None:
    events = [meter(4, 4), (1920, meter(2, 4)[1]), (960, meter(4, 4)[1]), (720, meter(3, 4)[1])]
    tune = read_tune(file(track(events), track(notes([(60, 240)] * 21)))).tune
    assert "[M:3/8]" in body(tune)
    assert not parse(write(tune)).diagnostics


def test_what_is_on_the_grid_and_what_is_played() -> None:
    assert is_quantised(read_events(file(track(notes([(60, 240), (62, 160), (64, 320), (65, 240)])))))
    assert not is_quantised(read_events(file(track(notes([(60, 253), (62, 171), (64, 333), (65, 261), (67, 229)])))))
    grid = Grid(480)
    assert [grid.snap(tick) * 4 for tick in (1, 159, 241, 1440)] == [0, Fraction(1, 3), Fraction(1, 2), 3]


def test_too_much_music_is_refused() -> None:
    with pytest.raises(FormatError, match="the last note ends after"):
        read_tune(file(track([*notes([(60, 480)]), *notes([(60, 480)], before=2**27)]), division=96))


@settings(max_examples=60, deadline=None)
@given(tunes())
def test_every_note_of_any_tune_comes_back_in_bars_that_are_exact(tune: Tune) -> None:
    data = write_midi(tune)
    if not perform(tune).notes:
        return
    found = read_tune(data).tune
    assert not parse(write(found)).diagnostics
    assert parse(write(found)).tunes[0] == found


LENGTHS = st.sampled_from([30, 60, 80, 96, 120, 160, 240, 320, 360, 480, 600, 720, 960, 1680, 1920])


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from((0, 55, 60, 61, 62, 64, 66, 67, 72)), LENGTHS), min_size=1, max_size=40),
    st.sampled_from(((4, 4), (3, 4), (6, 8), (7, 8), (2, 2), (5, 4), (12, 8))),
    st.integers(0, 1920),
)
def test_any_melody_is_written_as_it_stands(melody: list[tuple[int, int]], wanted: tuple[int, int], wait: int) -> None:
    data = file(track([meter(*wanted), *notes([*melody, (60, 480)], before=wait // 120 * 120)]))
    music = read_events(data)
    score = read_quantised(music, Wishes())
    tune = read_tune(data).tune if is_quantised(music) else None
    if tune is not None:
        onsets = {note.onset for note in score.notes if note.duration}
        assert {note.onset for note in perform(tune).notes if not note.grace} == onsets
        assert not parse(write(tune)).diagnostics


def pairs(name: str) -> list[tuple[bytes, str]]:
    """MIDI files of a collection with the ABC of the same tune."""
    folder = SHARED / "midi" / name
    if not folder.is_dir():
        pytest.skip("the MIDI files of tune books are not here")
    with gzip.open(SHARED / "tunes" / name / "tunes.jsonl.gz", "rt", encoding="utf-8") as lines:
        abc = {row["id"]: row["abc"] for row in map(json.loads, lines)}
    archive = zipfile.ZipFile(io.BytesIO((folder / "midi.zip").read_bytes()))
    names = {Path(one).name: one for one in archive.namelist() if "/" not in one}
    with (folder / "index.csv").open(encoding="utf-8") as rows:
        known = [(names[row["midi"]], row["tune_id"]) for row in csv.DictReader(rows) if row["midi"] in names]
    return [(archive.read(path), abc[id]) for path, id in islice(known, 0, None, 9) if id in abc]


@pytest.mark.parametrize("name", ["ceol_rince", "nottingham"])
def test_real_files_against_the_abc_of_the_same_tune(name: str) -> None:
    keys, meters, lossless = [], [], []
    for data, text in pairs(name):
        wanted, music = parse(text).tunes[0], read_events(data)
        score = read_quantised(music, Wishes())
        tune = read_tune(data).tune
        assert not parse(write(tune)).diagnostics
        keys.append(tune.key == wanted.key)
        meters.append(tune.meter.duration == wanted.meter.duration)
        played = Counter((note.onset, note.midi) for note in perform(tune).notes if not note.grace)
        lossless.append(
            played
            == Counter((n.onset, n.pitch) for n in score.notes if n.duration and score.parts[n.part].role != "chords")
        )
    assert sum(meters) >= 0.97 * len(meters)
    assert sum(keys) >= 0.9 * len(keys)
    assert sum(lossless) >= 0.97 * len(lossless)
