"""LibriSpeech, GigaSpeech and Common Voice: transcripts in the publishers' forms, with and without their sound."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from abcllm.errors import DataError
from abcllm.record import Record, Reject
from abcllm.sources import common_voice, gigaspeech, librispeech
from abcllm.sources.gigaspeech import write_punctuation
from abcllm.tasks import get_task

SCHEMAS = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "schemas"
OLD = ["client_id", "path", "sentence", "up_votes", "down_votes", "age", "gender", "accents", "locale", "segment"]
NEW = ["client_id", "path", "sentence_id", "sentence", "sentence_domain", "up_votes", "down_votes", "age", "locale"]


def reasons(found: list[Record | Reject]) -> list[str]:
    return [one.reason if isinstance(one, Reject) else one.id for one in found]


def put_chapter(folder: Path, *lines: str) -> Path:
    chapter = folder / "LibriSpeech" / "dev-clean" / "84" / "121123"
    chapter.mkdir(parents=True)
    (chapter / "84-121123.trans.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return chapter


def test_utterances_of_librispeech(tmp_path: Path) -> None:
    chapter = put_chapter(
        tmp_path, "84-121123-0000 GO DO YOU HEAR", "84-121123-0001", "84-121123-0002 D'AVRIGNY RUSHED"
    )
    first, broken, third = librispeech.records(tmp_path)
    assert isinstance(first, Record)
    assert (first.id, first.text, first.language, first.group) == ("84-121123-0000", "GO DO YOU HEAR", "en", "84")
    assert first.audio == "LibriSpeech/dev-clean/84/121123/84-121123-0000.flac"
    assert first.tags == {"text_kind": "transcript", "speaker": "84", "chapter": "121123", "split": "dev-clean"}
    assert isinstance(broken, Reject)
    assert broken.reason == "not a line of SPEAKER-CHAPTER-UTTERANCE and words"
    assert isinstance(third, Record)
    (chapter / "84-121123-0000.flac").write_bytes(b"fLaC")
    assert reasons([*librispeech.records(tmp_path)])[::2] == [
        "84-121123-0000", "its sound 84-121123-0002.flac is missing",
    ]  # fmt: skip


def put_recording(folder: Path, *segments: Any, **audio: Any) -> Path:
    audios = [{"title": "A talk", "path": "audio/podcast/P1/POD1.opus", "segments": [*segments], **audio}]
    (folder / "GigaSpeech.json").write_text(json.dumps({"dataset": "GigaSpeech", "audios": audios}), encoding="utf-8")
    return folder


def segment(**changed: Any) -> dict[str, Any]:
    return {"sid": "POD1_S1", "speaker": "N/A", "begin_time": 1.5, "end_time": 3, "subsets": ["{XL}", "{DEV}"],
            "text_tn": "WELL <COMMA> YES <PERIOD>", **changed}  # fmt: skip


def test_segments_of_gigaspeech(tmp_path: Path) -> None:
    bad = [segment(text_tn="<MUSIC>"), segment(end_time=1), segment(begin_time="x"), segment(text_tn=None), 7]
    first, *rest = gigaspeech.records(put_recording(tmp_path, segment(), *bad, category="Arts", aid="POD1"))
    assert isinstance(first, Record)
    assert (first.text, first.start_s, first.end_s) == ("WELL, YES.", 1.5, 3.0)
    assert (first.title, first.group, first.audio) == ("A talk", "POD1", "audio/podcast/P1/POD1.opus")
    assert first.tags == {"text_kind": "transcript", "split": "dev", "subsets": ["XL", "DEV"], "category": "Arts"}
    assert reasons(rest) == [
        "no speech: <MUSIC>", "it ends at 1.0 s and begins at 1.5 s",
        "\"begin_time\" is 'x', which is no time in seconds", 'no text under "text_tn"', "a segment that is no object",
    ]  # fmt: skip


def test_recordings_of_gigaspeech_without_sound_or_segments(tmp_path: Path) -> None:
    put_recording(tmp_path, segment())
    (tmp_path / "other.opus").write_bytes(b"OggS")
    assert reasons([*gigaspeech.records(tmp_path)]) == ["its sound audio/podcast/P1/POD1.opus is missing"]
    put_recording(tmp_path)
    assert reasons([*gigaspeech.records(tmp_path)]) == ['a recording without "segments"']
    (tmp_path / "GigaSpeech.json").write_text('{"audios": [{"segments": ', encoding="utf-8")
    (broken,) = gigaspeech.records(tmp_path)
    assert isinstance(broken, Reject)
    assert broken.reason.startswith("the file is not JSON from here on")


def test_punctuation_is_written_out() -> None:
    assert write_punctuation("REALLY <QUESTIONMARK> NO <EXCLAMATIONPOINT>") == "REALLY? NO!"


def put_voices(folder: Path, name: str, header: list[str], *rows: dict[str, str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    lines = [header, *([row.get(column, "") for column in header] for row in rows)]
    (folder / name).write_text("".join("\t".join(line) + "\n" for line in lines), encoding="utf-8")


def clip(number: int, **changed: str) -> dict[str, str]:
    return {"client_id": "c1", "path": f"common_voice_pl_{number}.mp3", "sentence": 'Powiedział: "nie', "up_votes": "2",
            "down_votes": "0", "locale": "pl", **changed}  # fmt: skip


def test_both_generations_of_common_voice(tmp_path: Path) -> None:
    put_voices(tmp_path / "pl", "validated.tsv", NEW, clip(1, sentence_domain="general"), clip(2), clip(3, sentence=""))
    put_voices(tmp_path / "pl", "train.tsv", NEW, clip(1))
    put_voices(tmp_path / "pl", "test.tsv", NEW, clip(2))
    put_voices(tmp_path / "ta", "validated.tsv", OLD, clip(4, locale="ta", age="twenties"), clip(5, up_votes="many"))
    first, second, empty, tamil, odd = common_voice.records(tmp_path)
    assert isinstance(first, Record)
    assert (first.id, first.text, first.audio) == (
        "common_voice_pl_1", 'Powiedział: "nie', "pl/clips/common_voice_pl_1.mp3",
    )  # fmt: skip
    assert (first.language, first.group) == ("pl", "c1")
    assert first.tags == {"text_kind": "transcript", "up_votes": 2, "down_votes": 0, "domain": "general"}
    assert isinstance(second, Record)
    assert second.tags["split"] == "test"
    assert isinstance(tamil, Record)
    assert (tamil.language, tamil.tags["age"]) == ("ta", "twenties")
    assert reasons([empty, odd]) == ['no text under "sentence"', "\"up_votes\" is 'many', which is no number of votes"]


def test_lists_of_common_voice_without_validated_and_with_sound(tmp_path: Path) -> None:
    put_voices(tmp_path, "train.tsv", OLD, clip(1), clip(2), clip(3, path="../4.mp3"))
    (tmp_path / "clips").mkdir()
    (tmp_path / "clips" / "common_voice_pl_1.mp3").write_bytes(b"ID3")
    found = [*common_voice.records(tmp_path)]
    assert isinstance(found[0], Record)
    assert found[0].tags["split"] == "train"
    assert reasons(found)[1:] == [
        "its sound clips/common_voice_pl_2.mp3 is missing", "'../4.mp3' is no name of a clip",
    ]  # fmt: skip
    put_voices(tmp_path, "train.tsv", ["client_id", "path"])
    with pytest.raises(DataError, match="has no column 'sentence'"):
        list(common_voice.records(tmp_path))


@pytest.mark.parametrize("module", [librispeech, gigaspeech, common_voice])
def test_wrong_folders(module: Any, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=f"does not look like {module.INFO.title}"):
        list(module.records(tmp_path))


@pytest.mark.parametrize(
    ("module", "folder", "count"),
    [(librispeech, "librispeech", 5), (gigaspeech, "gigaspeech", 1), (common_voice, "common_voice", 73)],
)
def test_real_samples_are_read_whole_and_serve_the_task(module: Any, folder: str, count: int) -> None:
    if not SCHEMAS.is_dir():
        pytest.skip(f"no samples at {SCHEMAS}")
    found = [*module.records(SCHEMAS / folder)]
    assert len(found) == count
    assert all(isinstance(one, Record) and get_task("speech").build(one, 1, "en") is not None for one in found)
