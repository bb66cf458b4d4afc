"""MusicXML to tunes: by example, against our own writer, on real scores, and what is refused."""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from abcllm.errors import FormatError
from abcllm.formats import load, save
from abcllm.formats.musicxml import write_musicxml
from abcllm.formats.musicxml_reading import read_musicxml
from abcllm.formats.performance import perform
from abcllm.notation import Chord, Note, Tune, check, parse, write
from abcllm.notation.tune import TIMED, Ending, Grace, Item, Tuplet
from tests.strategies import tunes

FOUR = (
    "<attributes><divisions>2</divisions><key><fifths>0</fifths></key><time><beats>4</beats><beat-type>4</beat-type>"
    "</time><clef><sign>G</sign><line>2</line></clef></attributes>"
)
TYPES = {1: "eighth", 2: "quarter", 3: "quarter", 4: "half", 6: "half", 8: "whole"}


def note(pitch: str, ticks: int, more: str = "", *, voice: int = 1, staff: int = 0, chord: bool = False) -> str:
    """A note of so many eighths: `C4`, `F#5`, `r` for a rest. `more` stands at the end."""
    step, octave = pitch[0], pitch[-1]
    alter = f"<alter>{pitch.count('#') - pitch.count('b')}</alter>" if len(pitch) == 3 else ""
    head = "<chord/>" if chord else ""
    sound = "<rest/>" if pitch == "r" else f"<pitch><step>{step}</step>{alter}<octave>{octave}</octave></pitch>"
    dot = "<dot/>" if ticks in (3, 6) else ""
    where = f"<staff>{staff}</staff>" if staff else ""
    value = f"<duration>{ticks}</duration><voice>{voice}</voice><type>{TYPES[ticks]}</type>{dot}{where}"
    return f"<note>{head}{sound}{value}{more}</note>"


def score(*measures: str, part: str = "", head: str = "") -> bytes:
    """A score of one part; the first measure has its attributes already."""
    body = "".join(f'<measure number="{number}">{text}</measure>' for number, text in enumerate(measures, 1))
    listed = f'<part-list><score-part id="P1"><part-name>{part}</part-name></score-part></part-list>'
    return f'<score-partwise version="4.0">{head}{listed}<part id="P1">{body}</part></score-partwise>'.encode()


def read(data: bytes) -> Tune:
    book = read_musicxml(data, "score.musicxml")
    (tune,) = book.tunes
    assert parse(write(tune)).tunes[0] == tune
    assert not {d.code for d in book.diagnostics if d.severity == "error" or d.code == "R203"}
    return tune


def music(tune: Tune) -> str:
    """The lines of a tune after its header."""
    return write(tune).partition("\nK:")[2].partition("\n")[2].strip()


def test_notes_lengths_and_header() -> None:
    head = (
        "<work><work-title>A  tune</work-title></work><identification><creator type='composer'>Anon.</creator>"
        "<rights>CC0</rights></identification>"
    )
    tune = read(score(FOUR + note("C4", 2) + note("D4", 3) + note("F#4", 1) + note("r", 2), head=head))
    assert write(tune) == "X:1\nT:A tune\nC:Anon.\nN:CC0\nM:4/4\nL:1/8\nK:C\nC2 D3 ^F z2|]\n"


def test_a_score_called_as_its_file_has_no_suffix_in_its_title() -> None:
    head = "<movement-title>bwv360.mxl</movement-title>"
    assert read(score(FOUR + note("C5", 8), head=head)).title == "bwv360"
    assert read(score(FOUR + note("C5", 8), head=head.replace("bwv360.mxl", "Untitled score"))).title == ""


def test_what_ticks_have_rounded_is_exact() -> None:
    seventh = "<time-modification><actual-notes>7</actual-notes><normal-notes>4</normal-notes></time-modification>"
    attributes = FOUR.replace("<divisions>2", "<divisions>480")
    notes = "".join(
        f"<note><pitch><step>C</step><octave>5</octave></pitch><duration>{ticks}</duration><voice>1</voice>"
        f"<type>eighth</type>{seventh}</note>"
        for ticks in (137, 137, 137, 137, 137, 137, 138)
    )
    rest = "<note><rest/><duration>960</duration><voice>1</voice><type>half</type></note>"
    assert music(read(score(attributes + notes + rest))) == "(7:4cccc ccc z4|]"


@pytest.mark.parametrize(
    ("fifths", "mode", "key"),
    [
        (0, "", "C"), (-3, "minor", "Cm"), (2, "mixolydian", "Amix"), (1, "dorian", "Ador"), (7, "major", "C#"),
        (99, "", "C#"),
    ],
)  # fmt: skip
def test_keys(fifths: int, mode: str, key: str) -> None:
    attributes = FOUR.replace("<fifths>0</fifths>", f"<fifths>{fifths}</fifths>" + f"<mode>{mode}</mode>" * bool(mode))
    assert str(read(score(attributes + note("C5", 8))).key) == key


def test_a_key_without_a_mode_is_minor_where_the_music_is() -> None:
    minor = "".join(note(pitch, 1) for pitch in ("A4", "B4", "C5", "E5", "D5", "C5", "B4", "G#4"))
    assert str(read(score(FOUR + minor, minor, note("A4", 8))).key) == "Am"
    named = FOUR.replace("<fifths>0</fifths>", "<fifths>0</fifths><mode>major</mode>")
    assert str(read(score(named + minor, minor, note("A4", 8))).key) == "C"


def test_a_key_accidental_by_accidental() -> None:
    sign = "<key-step>B</key-step><key-alter>-1</key-alter><key-step>F</key-step><key-alter>1</key-alter>"
    tune = read(score(FOUR.replace("<fifths>0</fifths>", sign) + note("Bb4", 4) + note("F#5", 4)))
    assert tune.key.signature == {"B": -1, "F": 1}
    assert music(tune) == "B4 f4|]"


@pytest.mark.parametrize(
    ("time", "meter"),
    [
        ("<time symbol='common'><beats>4</beats><beat-type>4</beat-type></time>", "C"),
        ("<time><beats>3+2+3</beats><beat-type>8</beat-type></time>", "(3+2+3)/8"),
        ("<time><senza-misura/></time>", "none"),
        ("<time><beats>8</beats><beat-type>0</beat-type></time>", "none"),
        ("", "none"),
    ],
)
def test_metres(time: str, meter: str) -> None:
    before, _, rest = FOUR.partition("<time>")
    attributes = before + time + rest.partition("</time>")[2]
    assert str(read(score(attributes + note("C5", 8))).meter) == meter


def test_a_transposing_instrument_sounds_elsewhere() -> None:
    lower = "<transpose><diatonic>-1</diatonic><chromatic>-2</chromatic></transpose>"
    attributes = FOUR.replace("</attributes>", f"{lower}</attributes>")
    tune = read(score(attributes + note("D5", 8), part="Clarinet in B"))
    assert tune.voices[0].clef.transpose == -2
    assert tune.voices[0].name == "Clarinet in B"
    assert [sounding.midi for sounding in perform(tune).notes] == [72]


def test_a_tenor_clef_reads_an_octave_higher() -> None:
    clef = "<sign>G</sign><line>2</line><clef-octave-change>-1</clef-octave-change>"
    tune = read(score(FOUR.replace("<sign>G</sign><line>2</line>", clef) + note("C4", 8)))
    assert str(tune.key.clef) == "clef=treble-8"
    assert music(tune) == "c8|]"
    assert [sounding.midi for sounding in perform(tune).notes] == [60]


def test_pickup_repeats_and_endings() -> None:
    bar = note("C5", 8)
    tune = read(
        score(
            FOUR + note("G4", 2),
            '<barline location="left"><repeat direction="forward"/></barline>' + bar,
            '<barline location="left"><ending number="1" type="start"/></barline>' + bar
            + '<barline location="right"><ending number="1" type="stop"/><repeat direction="backward"/></barline>',
            '<barline location="left"><ending number="2, 3" type="start"/></barline>' + note("C5", 6)
            + '<barline location="right"><bar-style>light-heavy</bar-style></barline>',
        )
    )  # fmt: skip
    assert music(tune) == "G|:c4|[1 c4:|[2,3 c3|]"
    assert tune.voices[0].bars[0].number == 0


def test_measures_of_other_lengths_say_so() -> None:
    whole = note("C5", 8)
    tune = read(score(FOUR + whole, note("C5", 4) + note("D5", 6), whole, note("C5", 2), note("C5", 6), whole))
    assert music(tune) == "c4|[M:5/4] c2 d3|[M:4/4] c4|c||\nc3|c4|]"


def test_two_staves_and_their_voices() -> None:
    attributes = FOUR.replace("</key>", "</key>").replace("<clef>", '<staves>2</staves><clef number="1">')
    attributes = attributes.replace(
        "</attributes>", '<clef number="2"><sign>F</sign><line>4</line></clef></attributes>'
    )
    back = "<backup><duration>8</duration></backup>"
    lower = note("C3", 8, voice=5, staff=2)
    full = note("E5", 8, staff=1) + back + note("C5", 8, voice=2, staff=1) + back + lower
    tune = read(score(attributes + full, note("E5", 8, staff=1) + back + lower))
    assert "%%score {(1 2) 3}" in write(tune)
    assert [voice.clef.name for voice in tune.voices] == ["treble", "treble", "bass"]
    assert music(tune).splitlines() == ["[V:1]e8|e8|]", "[V:2]c8|x8|]", "[V:3]C,8|C,8|]"]


def test_a_voice_that_seldom_plays_is_an_overlay() -> None:
    back = "<backup><duration>8</duration></backup><forward><duration>4</duration></forward>"
    measures = [FOUR + note("E5", 8), note("E5", 8) + back + note("C5", 4, voice=2), note("E5", 8)]
    assert music(read(score(*measures))) == "e8|e8&x4 c4|e8|]"


def test_chords_ties_and_slurs() -> None:
    tie, end = '<tie type="start"/>', '<tie type="stop"/>'
    slur, close = (f'<notations><slur type="{kind}" number="1"/></notations>' for kind in ("start", "stop"))
    tune = read(
        score(
            FOUR + note("C4", 4, slur) + note("E4", 4, close) + note("G4", 4, tie, chord=True),
            note("C4", 4) + note("G4", 4, end),
            note("G4", 8, tie),
        )
    )  # fmt: skip
    assert music(tune) == "(C4 [EG]4)|C4 G4|G8|]"
    tied = read(score(FOUR + note("C4", 8, tie) + note("G4", 8, tie, chord=True), note("C4", 8, end)))
    assert music(tied) == "[C-G]8|C8|]"


def test_grace_notes_and_decorations() -> None:
    grace = '<note><grace slash="yes"/><pitch><step>D</step><octave>5</octave></pitch><voice>1</voice></note>'
    signs = "<fermata/><articulations><staccato/></articulations><ornaments><trill-mark/></ornaments>"
    signs = f"<notations>{signs}</notations>"
    assert music(read(score(FOUR + grace + note("C5", 8, signs)))) == "{/d}H.Tc8|]"


def test_words_in_verses() -> None:
    def lyric(number: int, text: str, syllabic: str = "single", extend: str = "") -> str:
        return f'<lyric number="{number}"><syllabic>{syllabic}</syllabic><text>{text}</text>{extend}</lyric>'

    tune = read(
        score(
            FOUR
            + note("C5", 2, lyric(1, "Hel", "begin") + lyric(3, "Good"))
            + note("D5", 2, lyric(1, "lo", "end", "<extend/>"))
            + note("E5", 2)
            + note("F5", 2, lyric(1, "you") + lyric(3, "bye"))
        )
    )
    assert music(tune) == "c d e f|]\nw:Hel-lo _ you\nw:Good * * bye"


def test_chord_symbols() -> None:
    def harmony(root: str, kind: str, more: str = "") -> str:
        return f"<harmony><root><root-step>{root}</root-step></root>{kind}{more}</harmony>"

    bass = "<bass><bass-step>E</bass-step></bass>"
    tune = read(
        score(
            FOUR + harmony("C", "<kind>major</kind>", bass) + note("C5", 4)
            + harmony("G", '<kind text="7">dominant</kind>') + note("D5", 4),
            harmony("A", "<kind>minor-seventh</kind>") + note("C5", 8),
            harmony("D", "<kind>minor</kind>") + note("C5", 4) + "<backup><duration>2</duration></backup>"
            + harmony("B", "<kind>half-diminished</kind>") + "<forward><duration>2</duration></forward>"
            + note("E5", 4),
        )
    )  # fmt: skip
    assert music(tune) == '"C/E"c2 "G7"d2|"Am7"c4|"Dm"c2 e2&x "Bm7b5"x3|]'


def test_directions() -> None:
    def direction(kind: str, more: str = "") -> str:
        return f'<direction placement="below"><direction-type>{kind}</direction-type>{more}</direction>'

    metronome = "<metronome><beat-unit>quarter</beat-unit><beat-unit-dot/><per-minute>60</per-minute></metronome>"
    tune = read(
        score(
            FOUR + direction("<words>Andante</words>", f"<direction-type>{metronome}</direction-type>")
            + direction("<dynamics><p/></dynamics>") + direction('<wedge type="crescendo"/>') + note("C5", 4)
            + note("D5", 4) + direction('<wedge type="stop"/>'),
            direction("<rehearsal>B</rehearsal>") + direction('<words>say "it"</words>') + note("C5", 8)
            + direction("<words>D.C. al Fine</words>"),
        )
    )  # fmt: skip
    assert str(tune.tempo) == '"Andante" 3/8=60'
    assert music(tune) == '!p!!crescendo(!c4 !crescendo)!d4|[P:B] "_say \\"it\\""!D.C.alfine!c8|]'


def test_cue_notes_are_not_played() -> None:
    cue = note("G5", 4).replace("<note>", "<note><cue/>")
    assert music(read(score(FOUR + note("C5", 4) + cue))) == "c4 x4|]"


def test_changes_of_clef_key_and_metre() -> None:
    change = (
        "<attributes><key><fifths>2</fifths></key><time><beats>2</beats><beat-type>4</beat-type></time></attributes>"
    )
    clef = "<attributes><clef><sign>F</sign><line>4</line></clef></attributes>"
    tune = read(score(FOUR + note("C5", 4) + clef + note("C3", 4), change + note("F#3", 4)))
    assert music(tune) == "c4[K:C clef=bass] C,4|[M:2/4][K:D] F,4|]"


def test_timewise_scores_are_read_part_by_part() -> None:
    text = score(FOUR + note("C5", 8), note("D5", 8)).decode()
    inside = text.partition('<part id="P1">')[2].partition("</part></score-partwise>")[0]
    turned = inside.replace("</measure>", "</part></measure>").replace('">', '"><part id="P1">', 2)
    head = text.partition('<part id="P1">')[0].replace("partwise", "timewise")
    assert music(read(f"{head}{turned}</score-timewise>".encode())) == "c8|d8|]"


def packed(entries: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return stream.getvalue()


CONTAINER = b'<container><rootfiles><rootfile full-path="music/it.xml"/></rootfiles></container>'


def test_compressed_scores(tmp_path: Path) -> None:
    named = packed(
        {"META-INF/container.xml": CONTAINER, "other.xml": b"<x/>", "music/it.xml": score(FOUR + note("C5", 8))}
    )
    assert music(read(named)) == "c8|]"
    assert music(read(packed({"it.xml": score(FOUR + note("C5", 8))}))) == "c8|]"
    path = tmp_path / "it.mxl"
    path.write_bytes(named)
    (tune,) = load(path).tunes
    with pytest.raises(FormatError, match="can be read but not written"):
        save(tune, tmp_path / "other.mxl")


# -- what is refused -----------------------------------------------------------------------------------------

GROWING = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><score-partwise>&b;</score-partwise>'
OUTSIDE = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><score-partwise>&a;</score-partwise>'


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "not well-formed"),
        (b"X:1\nK:C\nC|\n", "not well-formed"),
        (b"<score-partwise><part>", "not well-formed"),
        (b"<opml/>", "its root is <opml>"),
        (b"<score-partwise/>", "no music in it"),
        (score(FOUR), "no music in it"),
        (GROWING, "declares the entity"),
        (OUTSIDE, "declares the entity"),
        (b"<a>" * 100000, "more than 64 deep"),
        (packed({"readme.txt": b"none"}), "holds no score"),
        (packed({"it.xml": score(FOUR + note("C5", 8))})[:-60], "archive is damaged"),
        (score(FOUR + note("C5", 8).replace("<duration>8", "<duration>99999999")), "lasts more than 64 whole notes"),
    ],
)
def test_what_is_no_score_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(FormatError, match=reason):
        read_musicxml(data, "score.musicxml")


def test_an_archive_that_would_fill_the_memory_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("abcllm.formats.musicxml_document.MOST_BYTES", 10_000)
    bomb = packed({"it.xml": b" " * 1_000_000})
    assert len(bomb) < 2000
    with pytest.raises(FormatError, match="unpacks to more than"):
        read_musicxml(bomb, "bomb.mxl")
    with pytest.raises(FormatError, match="it is longer than"):
        read_musicxml(b" " * 10_001, "long.xml")


@pytest.mark.parametrize(
    "measure",
    [
        note("C5", 8).replace("<duration>8", "<duration>-8"),
        note("C5", 8).replace("<duration>8</duration>", ""),
        note("C5", 8).replace("<step>C</step>", "<step>Q</step>"),
        note("C5", 8).replace("<octave>5", "<octave>eleven"),
        note("C5", 8).replace(
            "</type>", "</type><time-modification><actual-notes>0</actual-notes></time-modification>"
        ),
        "<backup><duration>99</duration></backup>" + note("C5", 8),
        note("C5", 8) + note("C5", 8, chord=True).replace("<pitch>", "<unpitched>").replace("</pitch>", "</unpitched>"),
        note("C5", 8) + "<backup><duration>4</duration></backup>" + note("D5", 8),
        note("C5", 8, '<tie type="start"/><notations><slur type="stop"/><tuplet type="start"/></notations>'),
        '<barline><ending number="x" type="start"/><repeat/></barline>' + note("C5", 8),
        "<harmony/><direction/><attributes><divisions>0</divisions></attributes>" + note("C5", 8),
        note("C5", 8, '<lyric number="99999"><text>a</text></lyric>'),
    ],
)
def test_damaged_measures_still_give_a_valid_tune(measure: str) -> None:
    read(score(FOUR + note("G4", 8), measure, note("G4", 8)))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 10**6), st.binary(max_size=3))
def test_damaged_files_are_read_or_refused(place: int, damage: bytes) -> None:
    data = score(FOUR + note("C5", 4) + note("E5", 4), note("C5", 8) + note("G5", 8, chord=True))
    place %= len(data)
    try:
        book = read_musicxml(data[:place] + damage + data[place + len(damage) :], "score.xml")
    except FormatError:
        return
    assert not [d for d in check(write(book.tunes[0])) if d.severity == "error"]


# -- there and back ------------------------------------------------------------------------------------------


def heard(tune: Tune) -> list[tuple[Fraction, Fraction, int]]:
    return sorted((note.onset, note.duration, note.midi) for note in perform(tune).notes if not note.grace)


def shown(items: Iterable[Item]) -> list[object]:
    """What MusicXML holds of notes and what hangs on them."""
    found: list[object] = []
    for item in items:
        if isinstance(item, Note | Chord):
            notes = item.notes if isinstance(item, Chord) else (item,)
            found.append((sorted(note.pitch for note in notes), item.duration, item.marks.lyrics))
        elif isinstance(item, Grace):
            found.append(([note.pitch for note in item.notes if isinstance(note, Note)], item.slashed))
        elif isinstance(item, Tuplet):
            found.append((item.p, item.q, item.r))
        elif isinstance(item, Ending):
            found.append(item.numbers)
        elif isinstance(item, TIMED):
            found.append(item.duration)
    return found


def test_our_own_scores_come_back(root: Path) -> None:
    """Notes are heard the same, and what hangs on them is there; the order of parts (P:) is what MusicXML lacks."""
    compared = 0
    for path in sorted((root / "data").glob("*/tunes.abc")):
        for tune in parse(path.read_text(encoding="utf-8")).tunes[5::53]:
            if tune.texts("P"):
                continue
            back = read(write_musicxml(tune).encode())
            assert heard(back) == heard(tune), f"{path.parent.name} {tune.number}"
            for voice, other in zip(tune.voices, back.voices, strict=True):
                for bar, same in zip(voice.bars, other.bars, strict=False):
                    if len(voice.bars) == len(other.bars):
                        assert shown(bar.items) == shown(same.items), f"{path.parent.name} {tune.number}: {bar.number}"
            assert [key.name for _, key in perform(back).keys] == [key.name for _, key in perform(tune).keys]
            compared += 1
    assert compared > 35


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(tunes())
def test_every_tune_comes_back_valid_and_sounding_the_same(tune: Tune) -> None:
    back = read(write_musicxml(tune).encode())
    assert heard(back) == heard(tune)


# -- real scores ---------------------------------------------------------------------------------------------


def scores(root: Path, name: str) -> list[tuple[str, bytes]]:
    folder = root.parent / "shared" / "data" / "midi" / name
    if not folder.is_dir():
        pytest.skip(f"no scores at {folder}")
    if name == "bach_chorales":
        with zipfile.ZipFile(folder / "scores.zip") as archive:
            entries = sorted(entry for entry in archive.namelist() if entry.endswith(".mxl"))
            return [(entry, archive.read(entry)) for entry in entries[::24]]
    return [(path.parent.name, path.read_bytes()) for path in sorted(folder.glob("*/score.mxl"))[::32]]


@pytest.mark.parametrize("name", ["bach_chorales", "asap"])
def test_real_scores_are_valid_and_exact(name: str, root: Path) -> None:
    for _, data in scores(root, name):
        read(data)


def test_four_voices_stay_four(root: Path) -> None:
    for name, data in scores(root, "bach_chorales"):
        tune = read(data)
        assert len(tune.voices) >= 4, name
        assert not any(bar.overlays for voice in tune.voices for bar in voice.bars), name


@pytest.mark.peer
def test_music21_reads_the_same_notes(root: Path) -> None:
    music21 = pytest.importorskip("music21")
    for name, data in scores(root, "bach_chorales")[:3]:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            inner = next(entry for entry in archive.namelist() if not entry.startswith("META"))
            score = music21.converter.parseData(archive.read(inner), format="musicxml")
        theirs = Counter(
            (Fraction(note.getOffsetInHierarchy(part)), pitch.midi, Fraction(note.quarterLength))
            for part in score.parts
            for note in part.recurse().notes
            for pitch in note.pitches
            if not note.duration.isGrace
        )
        ours: Counter[tuple[Fraction, int, Fraction]] = Counter()
        for voice in read(data).voices:
            now = Fraction(0)
            moved = {"-8": -12}.get(voice.clef.octave_mark, 0)
            for item in (item for bar in voice.bars for item in bar.items if isinstance(item, TIMED)):
                if isinstance(item, Note):
                    ours[now * 4, item.pitch.midi + moved, item.duration * 4] += 1
                now += item.duration
        assert ours == theirs, name
