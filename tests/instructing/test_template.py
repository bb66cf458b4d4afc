"""The engine without a model: facts that follow, and nothing else."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abcllm.errors import DataError, UnknownName
from abcllm.instructing import FAMILIES, Request, Template, get_family
from abcllm.instructing.answers import read_answer
from abcllm.instructing.facts import read_facts
from abcllm.instructing.metadata import MOST_EVENTS, read_metadata
from abcllm.record import Place, Record, Tag

TRACK = Record(
    "2", "fma", "CC-BY-4.0", Place("tracks.csv", 4), audio="fma:000/000002.mp3", title="Secret Title",
    tags={
        "genre": "Folk", "genres": ["Folk", "Country", "Blues"], "artist_bio": "Secret Name", "tempo_bpm": 92.3,
        "key": "F# minor", "beats_s": [0.5, 1.0, 1.5, 2.0], "beat_numbers": [1, 2, 3, 1],
        "chords": ["N", "A:min", "A:min", "C:maj", "G:7"], "chord_starts_s": [0.0, 0.5, 1.0, 1.5, 4.0],
        "chord_ends_s": [0.5, 1.0, 1.5, 4.0, 5.0],
    },
)  # fmt: skip
CLIP = Record(
    "a@0", "musiccaps", "CC-BY-SA-4.0", Place("m.csv", 2), audio="a.wav", text="A sad song. It is slow! A voice sings.",
    tags={"text_kind": "caption", "aspects": ["slow tempo", "male singer", "sad"]},
)  # fmt: skip


def test_metadata_have_the_names_of_llark_and_no_names_of_people() -> None:
    metadata = read_metadata(TRACK)
    assert metadata == {
        "track.genre_top": "Folk", "track.genres_all": ["Folk", "Country", "Blues"], "key": "F# minor",
        "tempo_in_beats_per_minute_madmom": 92.3,
        "downbeats_madmom": [{"time": time, "beat_number": number} for time, number in
                             ((0.5, 1), (1.0, 2), (1.5, 3), (2.0, 1))],
        "chords": [{"start": start, "end": end, "chord": chord} for start, end, chord in
                   ((0.0, 0.5, "N"), (0.5, 1.0, "A:min"), (1.0, 1.5, "A:min"), (1.5, 4.0, "C:maj"), (4.0, 5.0, "G:7"))],
    }  # fmt: skip
    assert "Secret" not in json.dumps(metadata)


def test_metadata_are_bounded() -> None:
    tags: dict[str, Tag] = {"beats_s": [float(at) for at in range(9999)], "beat_numbers": [1] * 9999}
    record = Record("1", "fma", "MIT", Place("a"), tags=tags)
    assert len(read_metadata(record)["downbeats_madmom"]) == MOST_EVENTS


def test_a_text_that_is_no_caption_is_not_told() -> None:
    assert read_metadata(Record("1", "x", "MIT", Place("a"), text="Buy my album")) == {}


def test_facts_are_computed() -> None:
    facts = read_facts(read_metadata(TRACK))
    assert facts["genres"] == {"genres": "Country and Blues"}
    assert facts["tempo"] == {"bpm": "92", "pace": "moderate"}
    assert facts["metre"] == {"beats": "3", "metre": "triple"}
    assert facts["bar_length"] == {"bpm": "92", "beats": "3", "bar_s": "2.0"}
    assert facts["scale"] == {"key": "F# minor", "scale": "F# G# A B C# D E"}
    assert facts["relative"] == {"key": "F# minor", "relative": "A major"}
    assert facts["chords"] == {"chords": "A minor, C major and G7", "count": "3"}
    assert facts["first_chord"] == {"chord": "A minor"}
    assert facts["longest_chord"] == {"chord": "C major"}
    assert facts["next_chord"] == {"chord": "A minor", "next": "C major"}


@pytest.mark.parametrize(
    ("key", "scale", "relative"),
    [
        ("C major", "C D E F G A B", "A minor"),
        ("Bb:maj", "Bb C D Eb F G A", "G minor"),
        ("e♭ minor", "Eb F Gb Ab Bb Cb Db", "Gb major"),
        ("Am", "A B C D E F G", "C major"),
        ("AM", "A B C# D E F# G#", "F# minor"),
        ("F sharp major", "F# G# A# B C# D# E#", "D# minor"),
    ],
)
def test_scales(key: str, scale: str, relative: str) -> None:
    facts = read_facts({"key": key})
    assert (facts["scale"]["scale"], facts["relative"]["relative"]) == (scale, relative)


@pytest.mark.parametrize("key", ["", "H minor", "G# major", "no key", None])
def test_keys_that_are_none_or_have_double_sharps_are_not_told(key: str | None) -> None:
    assert read_facts({"key": key}) == {}


@pytest.mark.parametrize(
    ("aspects", "facts"),
    [
        (["no voices"], {"no_voice"}), (["instrumental", "slow tempo"], {"no_voice", "pace"}),
        (["female vocal"], {"voice"}), (["instrumental intro", "choir"], {"voice"}), (["sad"], set()),
    ],
)  # fmt: skip
def test_voices(aspects: list[str], facts: set[str]) -> None:
    assert {*read_facts({"aspect_list": aspects})} == {"aspects", *facts}


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("record", [TRACK, CLIP], ids=["track", "clip"])
def test_answers_are_whole_and_repeatable(record: Record, family: str) -> None:
    metadata = read_metadata(record)
    if (record, family) == (CLIP, "reasoning"):
        with pytest.raises(DataError, match="nothing is known that reasoning could ask about"):
            Template().answer(Request(record, get_family(family), metadata))
        return
    request = Request(record, get_family(family), metadata, seed=3)
    text = Template().answer(request)
    assert text == Template().answer(request)
    answer = read_answer(text)
    assert not answer.dropped
    assert 1 <= len(answer.exchanges) <= get_family(family).count
    assert not [side for exchange in answer.exchanges for side in exchange if {*"{}"} & {*side}]
    others = {Template().answer(Request(record, get_family(family), metadata, seed=seed)) for seed in range(8)}
    assert len(others) > 4


def test_a_caption_is_told_as_it_is() -> None:
    request = Request(CLIP, get_family("caption_style"), read_metadata(CLIP))
    answers = {exchange.answer for exchange in read_answer(Template().answer(request)).exchanges}
    assert answers == {CLIP.text, "A sad song.", "A voice sings."}


@given(st.dictionaries(
    st.sampled_from(["track.genre_top", "key", "caption"]), st.text(min_size=1)
) | st.fixed_dictionaries({"aspect_list": st.lists(st.text(min_size=1), min_size=1)}))  # fmt: skip
def test_any_words_in_the_metadata_are_told_or_refused(metadata: dict[str, Any]) -> None:
    try:
        text = Template().answer(Request(CLIP, get_family("mir"), metadata))
    except DataError:
        return
    assert all({*pair} == {"question", "answer"} for pair in json.loads(text))


def test_instructions_explain_the_fields_that_are_there() -> None:
    for name in FAMILIES:
        told = get_family(name).instructions(read_metadata(TRACK))
        assert "- downbeats_madmom: each beat" in told
        assert "- caption:" not in told
        assert f"at most {get_family(name).count} objects" in told
        assert "COUNT" not in told
        assert "plain English" in told
        assert "simplified Chinese" in get_family(name).instructions({}, "zh")
    with pytest.raises(UnknownName, match="no instruction family is called 'mri'"):
        get_family("mri")


def test_every_field_of_metadata_is_explained() -> None:
    everything = Record(
        "1", "x", "MIT", Place("a"), text="A song.",
        tags={**TRACK.tags, **CLIP.tags, "album_information": "a", "album_tags": ["a"], "artist_tags": ["a"],
              "track_tags": ["a"], "track_information": "a", "sung_language": "en", "labels": ["Speech"],
              "events": ["Speech"], "event_starts_s": [0.5], "event_ends_s": [1.0]},
    )  # fmt: skip
    metadata = read_metadata(everything)
    assert len(metadata) == 16
    told = get_family("mir").instructions(metadata)
    assert [name for name in metadata if f"\n- {name}: " not in told] == []
