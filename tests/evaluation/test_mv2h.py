"""MV2H: the worked examples of its authors, laws, and what each part answers to."""

from __future__ import annotations

import pytest

from abcllm.evaluation.alignment import align, score_unaligned
from abcllm.evaluation.mv2h import KeyName, Music, VoiceNote, compare_keys, score
from abcllm.evaluation.tunes import music_of
from abcllm.notation import parse
from abcllm.notation.transforms import change_unit_length, transpose

# The example of McLeod and Steedman (2018): voice, then pitch, onset and offset of its notes.
BASS = [(55, 0, 2000), (57, 2000, 3000), (59, 3000, 6000), (60, 6000, 9000), (59, 9000, 12000)]
INNER = {1: [(59, 0, 2000)], 2: [(62, 0, 2000)]}
MELODY = [
    (74, 0, 1000), (67, 1000, 1500), (69, 1500, 2000), (71, 2000, 2500), (72, 2500, 3000), (74, 3000, 4000),
    (67, 4000, 5000), (67, 5000, 6000), (76, 6000, 7000), (72, 7000, 7500), (74, 7500, 8000), (76, 8000, 8500),
    (77, 8500, 9000), (79, 9000, 10000), (67, 10000, 11000), (67, 11000, 12000),
]  # fmt: skip
FIRST_BASS = [(55, 0, 2000), (57, 2000, 3000), (59, 3000, 4500), (60, 6000, 7500), (59, 9000, 12000), (67, 5000, 6000)]
FIRST_MELODY = [
    (74, 0, 1500), (69, 1500, 2000), (71, 2000, 2500), (72, 2500, 3000), (74, 3000, 4000), (67, 4000, 6000),
    (76, 6000, 7500), (74, 7500, 8000), (76, 8000, 8500), (77, 8500, 9000), (79, 9000, 10000), (67, 10000, 12000),
]  # fmt: skip
SECOND_BASS = [(64, 2000, 3000), (59, 3000, 6000), (60, 6000, 9000), (47, 9000, 12000)]
SECOND_MELODY = [{1000: (79, 1000, 1500), 9000: (71, 9000, 10000)}.get(note[1], note) for note in MELODY]
G_MAJOR, D_MAJOR = KeyName(7, True), KeyName(2, True)


def music(
    voices: dict[int, list[tuple[int, int, int]]], beats: int, parts: int, key: KeyName, chords: list[tuple[int, str]]
) -> Music:
    """Four bars of 3000 ms, in so many beats of so many parts."""
    notes = tuple(
        VoiceNote(pitch, onset, onset, offset, voice)
        for voice, row in voices.items()
        for pitch, onset, offset in row
    )  # fmt: skip
    lengths = (3000, 3000 // beats, 3000 // beats // parts)
    groupings = tuple((start, start + length) for length in lengths for start in range(0, 12000, length))
    return Music(notes, groupings, ((0, key),), tuple(chords))


CHORDS = [(0, "GMaj"), (6000, "CMaj"), (9000, "GMaj")]
REFERENCE = music({0: BASS, **INNER, 3: MELODY}, 3, 2, G_MAJOR, CHORDS)
FIRST = music({0: FIRST_BASS, **INNER, 3: FIRST_MELODY}, 2, 3, G_MAJOR, CHORDS)
SECOND = music({0: SECOND_BASS, 1: INNER[1], 3: SECOND_MELODY}, 3, 2, D_MAJOR, [(0, "DMaj"), (3000, "GMaj")])


def test_the_first_worked_example() -> None:
    found = score(REFERENCE, FIRST)
    assert found == pytest.approx((0.9302325581395349, 0.8125, 0.7368421052631577, 0.9642857142857143, 1.0))
    assert found.mv2h == pytest.approx(0.8887720755376813)


def test_the_second_worked_example() -> None:
    found = score(REFERENCE, SECOND)
    assert found == pytest.approx((0.7727272727272727, 1.0, 1.0, 1.0, 0.5))
    assert found.mv2h == pytest.approx(0.8545454545454545)


@pytest.mark.parametrize("music", [REFERENCE, FIRST, SECOND])
def test_music_is_like_itself(music: Music) -> None:
    assert score(music, music).mv2h == 1
    assert score_unaligned(music, music).mv2h == 1


def test_nothing_is_like_nothing() -> None:
    assert score(REFERENCE, Music((), ())).mv2h == 0
    assert score(Music((), ()), REFERENCE).mv2h == 0
    assert score_unaligned(REFERENCE, Music((), ())).mv2h == 0


def test_another_tempo_is_brought_onto_the_reference() -> None:
    def slowed(time: int) -> int:
        return time * 3 // 2 + 700

    late = Music(
        tuple(
            note._replace(
                onset=slowed(note.onset), value_onset=slowed(note.value_onset), value_offset=slowed(note.value_offset)
            )
            for note in REFERENCE.notes
        ),
        tuple((slowed(start), slowed(end)) for start, end in REFERENCE.groupings),
        tuple((slowed(time), key) for time, key in REFERENCE.keys),
        tuple((slowed(time), chord) for time, chord in REFERENCE.chords),
    )
    assert score(REFERENCE, late).multi_pitch < 0.3
    assert align(REFERENCE, late) == REFERENCE
    assert score_unaligned(REFERENCE, late).mv2h == 1


def test_a_bar_left_out_costs_that_bar() -> None:
    cut = Music(
        tuple(
            note._replace(onset=note.onset - 3000, value_onset=note.value_onset - 3000,
                          value_offset=note.value_offset - 3000) if note.onset >= 6000 else note
            for note in REFERENCE.notes
            if not 3000 <= note.onset < 6000
        ),
        REFERENCE.groupings[:3],
    )  # fmt: skip
    found = score_unaligned(REFERENCE, cut)
    assert found.multi_pitch == pytest.approx(2 * 19 / (23 + 19))
    assert found.harmony == 0


@pytest.mark.parametrize(
    ("estimate", "expected"),
    [((7, True), 1.0), ((2, True), 0.5), ((0, True), 0.5), ((4, False), 0.3), ((7, False), 0.2), ((9, True), 0.0)],
)
def test_keys(estimate: tuple[int, bool], expected: float) -> None:
    assert compare_keys(G_MAJOR, KeyName(*estimate)) == expected
    if estimate[1]:
        assert compare_keys(KeyName(*estimate), G_MAJOR) == expected


def test_the_relative_key_is_near_both_ways() -> None:
    assert compare_keys(KeyName(9, False), KeyName(0, True)) == 0.3
    assert compare_keys(KeyName(0, True), KeyName(9, False)) == 0.3
    assert compare_keys(KeyName(9, False), KeyName(6, True)) == 0


TUNE = 'X:1\nL:1/8\nM:6/8\nK:D\n[V:1]A|"D"d2d fed|"A7"c2A ABc|"D"d3-d2|]\n[V:2]z|D3 A,3|E3 A,3|D3-D2|]\n'


def test_a_tune_as_music() -> None:
    tune = parse(TUNE).tunes[0]
    found = music_of(tune)
    assert found.keys == ((0, KeyName(2, True)),)
    assert found.chords == ((250, "2 major"), (1750, "9 dominant"), (3250, "2 major"))
    assert [grouping for grouping in found.groupings if grouping[1] - grouping[0] == 1500] == [
        (250, 1750),
        (1750, 3250),
    ]
    assert {note.voice for note in found.notes} == {0, 16}
    assert [(note.value_onset, note.value_offset) for note in found.notes if note.pitch == 74][-1] == (3250, 4500)


def test_how_a_tune_is_written_does_not_count_but_its_pitch_does() -> None:
    tune = parse(TUNE).tunes[0]
    assert score(music_of(tune), music_of(change_unit_length(tune, "1/16"))).mv2h == 1
    higher = score(music_of(tune), music_of(transpose(tune, 7)))
    assert higher.meter == 1
    assert higher.multi_pitch < 0.2
    assert higher.harmony == 0.25


def test_voices_run_together_cost_voices_only() -> None:
    tune = parse(TUNE).tunes[0]
    found = music_of(tune)
    together = found._replace(notes=tuple(note._replace(voice=0) for note in found.notes))
    result = score(found, together)
    assert result.multi_pitch == result.meter == result.harmony == 1
    assert result.voice < 0.8
