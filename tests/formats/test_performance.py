"""What is heard: order, ties, times, pitch."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings

from abcllm.errors import FormatError
from abcllm.formats.performance import Performance, perform
from abcllm.notation import Tune, parse
from abcllm.notation.transforms import unfold
from tests.strategies import tunes

HEAD = "X:1\nM:4/4\nL:1/4\nK:C\n"


def play(body: str, head: str = HEAD, **options: bool | float) -> Performance:
    return perform(parse(head + body + "\n").tunes[0], **options)  # type: ignore[arg-type]


def pitches(body: str, head: str = HEAD) -> str:
    return " ".join(str(note.midi) for note in play(body, head).notes if not note.grace)


def timed(performance: Performance, voice: int = 0) -> list[tuple[str, str, int]]:
    return [(str(n.onset), str(n.duration), n.midi) for n in performance.notes if n.voice == voice]


@pytest.mark.parametrize(
    ("body", "heard"),
    [
        ("C4|D4||E4|F4:|G4|]", "60 62 64 65 60 62 64 65 67"),
        ("C4:|D4||E4|F4:|", "60 60 62 64 65 64 65"),  # back to the latest double bar
        ("|:C4|D4:|E4|F4:|G4|]", "60 62 60 62 64 65 64 65 67"),  # back to the repeat before
        ("C4::D4::E4:|", "60 60 62 62 64 64"),
        ("|::C4::|D4|]", "60 60 60 62"),
        ("|:C4|D4|]", "60 62"),
        ("|:C4|1 D4:|2 E4:|F4|]", "60 62 60 64 65"),
        ("|:C4|1 D4:|E4|]", "60 62 60 64"),  # the ending that is not written is what follows
        ("|:C4|1 D4:|2 E4||F4|G4:|", "60 62 60 64 65 67 65 67"),
        ("|:C4|1 D4:|2 E4|]F4|1 G4:|2 A4|]", "60 62 60 64 65 67 65 69"),
        ("|:C4|1 D4|2 E4|]F4|]", "60 62 60 64 65"),
        ("|:C4|1,2 D4:|3 E4|]F4|]", "60 62 60 62 60 64 65"),
        ("|:C4|[1-3 D4:|[4 E4|]", "60 62 60 62 60 62 60 64"),
        ("|:C2[1 D2:|[2 E2|F4|]", "60 62 60 64 65"),  # an ending in mid-bar
        ("|:C4|D4:|1 E4|F4:|2 G4|]", "60 62 60 62 64 65 67"),
    ],
)
def test_repeats(body: str, heard: str) -> None:
    assert pitches(body) == heard


@pytest.mark.parametrize(
    ("body", "heard"),
    [
        ("P:A\nC4|\nP:B\nD4|]", "60 60 62 60"),
        ("E4|\nP:A\nC4|\nP:B\nD4|]", "64 60 60 62 60"),  # what stands before the parts comes first
        ("P:A\n|:C4:|\nP:B\nD4|]", "60 60 60 60 62 60 60"),
        ("P:B\nC4|]", "60"),
        ("C4|D4|]", "60 62"),  # no part is labelled
    ],
)
def test_parts(body: str, heard: str) -> None:
    assert pitches(body, HEAD.replace("K:", "P:A2BA\nK:")) == heard


def test_a_part_labelled_in_one_voice_is_one_in_all() -> None:
    heard = play("V:1\nP:A\nC4|\nP:B\nD4|]\nV:2\nE4|F4|]", HEAD.replace("K:", "P:BA\nK:"))
    assert [midi for _, _, midi in timed(heard, 1)] == [65, 64]


def test_overlays_come_again_with_their_bar() -> None:
    heard = play("|:C4 & E4|1 D4 & F4:|2 E4 & G4|]")
    assert timed(heard) == [
        ("0", "1", 60), ("0", "1", 64), ("1", "1", 62), ("1", "1", 65),
        ("2", "1", 60), ("2", "1", 64), ("3", "1", 64), ("3", "1", 67),
    ]  # fmt: skip
    assert [(str(bar.onset), bar.number) for bar in heard.bars] == [("0", 1), ("1", 2), ("2", 1), ("3", 3)]


def test_too_long_to_be_played() -> None:
    with pytest.raises(FormatError, match="too long to be played"):
        play("P:A\n" + "|:CDEF::::|" * 99, HEAD.replace("K:", "P:A9999\nK:"))


@pytest.mark.parametrize(
    ("body", "heard"),
    [
        ("C2-C2|D4-|D4|]", [("0", "1", 60), ("1", "2", 62)]),
        ("[C-E]2[CF]2|]", [("0", "1", 60), ("0", "1/2", 64), ("1/2", "1/2", 65)]),
        ("[CE]2-[CE]2|]", [("0", "1", 60), ("0", "1", 64)]),
        ("^C4-|C2 C2|]", [("0", "3/2", 61), ("3/2", "1/2", 60)]),
        ("|:C2 D2-:|D4|]", [("0", "1/2", 60), ("1/2", "1/2", 62), ("1", "1/2", 60), ("3/2", "3/2", 62)]),
        ("|:^C4-|1 C4:|2 C4|]", [("0", "2", 61), ("2", "2", 61)]),  # the accidental reaches into both endings
        ("C4- & E4|C4 & E4|]", [("0", "2", 60), ("0", "1", 64), ("1", "1", 64)]),
        ("C2-z2|C4|]", [("0", "1/2", 60), ("1", "1", 60)]),
        ("[C4E2] D2|]", [("0", "1", 60), ("0", "1/2", 64), ("1", "1/2", 62)]),
    ],
)
def test_ties_and_lengths(body: str, heard: list[tuple[str, str, int]]) -> None:
    assert timed(play(body)) == heard


def test_graces_stand_apart_or_take_their_time() -> None:
    apart = play("{de}C2 z2|]")
    assert [(str(n.onset), str(n.duration), n.midi, n.grace) for n in apart.notes] == [
        ("0", "1/32", 74, True), ("0", "1/32", 76, True), ("0", "1/2", 60, False),
    ]  # fmt: skip
    taken = play("{de}C2 z2|]", graces=True)
    assert timed(taken) == [("0", "1/32", 74), ("1/32", "1/32", 76), ("1/16", "7/16", 60)]
    short = play("{de}C/16 z2|]", graces=True)  # they leave half of the note
    assert [str(note.duration) for note in short.notes] == ["1/256", "1/256", "1/128"]


@pytest.mark.parametrize(
    ("key", "heard"),
    [
        ("K:C treble-8", 48), ("K:C treble+8", 72), ("K:C treble-15", 36), ("K:C octave=1", 72), ("K:C bass", 60),
        ("K:C transpose=-2", 58), ("K:C bass middle=d", 60), ("V:1 transpose=3\nK:C", 63),
        ("V:1 octave=-1\nK:C transpose=2", 50), ("%%MIDI transpose 5\nK:C", 65), ("K:C octave=-9", 0),
    ],
)  # fmt: skip
def test_what_moves_the_sound(key: str, heard: int) -> None:
    assert play("C4|]", f"X:1\nL:1/4\nM:4/4\n{key}\n").notes[0].midi == heard


def test_a_key_change_moves_the_sound_from_there_on() -> None:
    assert pitches("C4|[K:C octave=1]C4|[K:G transpose=2]C4|]") == "60 72 74"


def test_tempo_map_is_exact() -> None:
    played = play("C4|[Q:1/4=60]C4|[Q:3/8=100]C4|]", "X:1\nM:4/4\nL:1/4\nQ:1/4=120\nK:C\n")
    assert [played.seconds(Fraction(bar)) for bar in range(4)] == [0, 2, 6, 6 + 1.6]
    assert played.exact_seconds(Fraction(3)) == Fraction(38, 5)


def test_a_repeat_goes_back_to_the_tempo_of_its_place() -> None:
    played = play("|:C4|[Q:1/4=60]D4:|")
    assert [(str(onset), int(qpm)) for onset, qpm in played.tempos] == [("0", 120), ("1", 60), ("2", 120), ("3", 60)]


def test_another_tempo_scales_all() -> None:
    played = play("C4|[Q:1/4=60]D4|]", tempo_qpm=240)
    assert [int(qpm) for _, qpm in played.tempos] == [240, 120]


@pytest.mark.parametrize(("tempo", "qpm"), [('"Largo"', 50), ('"Allegro"', 132), ('"Con moto"', 120), ("1/8=60", 30)])
def test_tempo_in_words(tempo: str, qpm: int) -> None:
    assert play("C4|]", f"X:1\nM:4/4\nL:1/4\nQ:{tempo}\nK:C\n").tempos[0][1] == qpm


def test_dynamics_and_accents() -> None:
    played = play("C !p!D E !accent!F|!ff!G A2 !staccato!B|]")
    assert [note.velocity for note in played.notes] == [90, 60, 60, 76, 120, 120, 120]
    assert [note.staccato for note in played.notes] == [False] * 6 + [True]


def test_each_time_its_verse() -> None:
    played = play("|:CDEF:|\nw:one two three four\nw:five six seven eight")
    words = [note.lyric.text for note in played.notes if note.lyric]
    assert words == ["one", "two", "three", "four", "five", "six", "seven", "eight"]


def test_accompaniment() -> None:
    played = play('"C"C4|"G/B"D2"N.C."D2|"hello"E4|"Am"F4|]', chords=True)
    assert played.voices[1] == "Chords"
    bass = [(str(n.onset), n.midi % 12) for n in played.notes if n.voice == 1 and n.midi < 48]
    assert bass == [("0", 0), ("1/2", 0), ("1", 11), ("3", 9), ("7/2", 9)]
    chord = sorted(n.midi % 12 for n in played.notes if n.voice == 1 and n.onset == Fraction(1, 4))
    assert chord == [0, 4, 7]


def test_accompaniment_of_a_pickup_keeps_to_the_beat() -> None:
    played = perform(parse('X:1\nM:3/4\nL:1/4\nK:C\n"G"G|"C"C3|"G"D3|]\n').tunes[0], chords=True)
    bass = [str(note.onset) for note in played.notes if note.voice == 1 and note.midi < 48]
    assert bass == ["1/4", "1"]


@settings(max_examples=50)
@given(tunes())
def test_playing_is_unfolding_and_playing(tune: Tune) -> None:
    """What is heard of a tune is what is heard of it written out without repeats."""
    first, second = perform(tune), perform(unfold(tune))
    assert first.duration == second.duration
    heard = [(note.onset, note.voice, note.midi) for note in first.notes if not note.grace]
    assert heard == [(note.onset, note.voice, note.midi) for note in second.notes if not note.grace]


@settings(max_examples=50)
@given(tunes())
def test_seconds_follow_whole_notes(tune: Tune) -> None:
    played = perform(tune, tempo_qpm=120)
    assert played.exact_seconds(played.duration) == played.duration * 2
    for note in played.notes:
        assert note.onset >= 0
        assert note.duration > 0
        assert note.end <= played.duration + 1
        assert 0 <= note.midi < 128
        assert 0 < note.velocity < 128
