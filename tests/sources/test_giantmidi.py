"""GiantMIDI-Piano and MusicTextAlignment: names with commas, tables that call themselves CSV, text of strangers."""

from __future__ import annotations

from pathlib import Path

import pytest

from abcllm.errors import DataError
from abcllm.record import Record, Reject
from abcllm.sources import giantmidi, music_text_alignment
from abcllm.sources.pieces import read_piece

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "data"
HEADER = [
    "surname", "firstname", "music", "nationality", "birth", "death", "youtube_title", "youtube_id", "similarity",
    "piano_solo_prob", "audio_name", "audio_duration", "giant_midi_piano", "split", "surname_in_youtube_title",
]  # fmt: skip
TABLE = "full_music_pieces_youtube_similarity_pianosoloprob_split.csv"
CHOPIN = 'Chopin|Frédéric|Études, Op.10|Polish|1810|1849|Chopin "Études|g0hoN6_HDVU|1.0|0.9|a|99.5|1|train|1'
RAVEL = "Ravel|Maurice|Jeux d'eau|French|1875|unknown|Jeux|-QmwrhO3ecA|1.0|0.9|a|300|1|test|0"
SORTED_OUT = "Ahle|Johann|Der Tag|German|1625|1673|Tag|QytmfAm-z10|1.0|0.1|a|20|0||1"
SPOILED = "Bach|Anna|Solo|German|1|2|Tag|#NAME?|1.0|0.9|a|20|1|train|1"
MTA_HEADER = ["index", "old_id", "vid", "describe", "reply_1", "reply_2", "reply_3", "reply_4", "reply_5"]


def put_table(folder: Path, *rows: str, name: str = TABLE) -> Path:
    lines = ["\t".join(HEADER), *(row.replace("|", "\t") for row in rows)]
    (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def put_midi(folder: Path, name: str) -> None:
    (folder / "midis").mkdir(exist_ok=True)
    (folder / "midis" / name).write_bytes(b"MThd")


def test_a_table_alone_gives_words_and_numbers(tmp_path: Path) -> None:
    chopin, ravel, sorted_out, spoiled = giantmidi.records(put_table(tmp_path, CHOPIN, RAVEL, SORTED_OUT, SPOILED))
    assert isinstance(chopin, Record)
    assert (chopin.id, chopin.title, chopin.midi) == ("g0hoN6_HDVU", "Études, Op.10", "")
    assert (chopin.audio, chopin.group) == ("youtube:g0hoN6_HDVU", "youtube:g0hoN6_HDVU")
    assert chopin.tags == {
        "composer": "Frédéric Chopin", "nationality": "Polish", "split": "train", "youtube_title": 'Chopin "Études',
        "birth": 1810, "death": 1849, "curated": True, "duration_s": 99.5,
    }  # fmt: skip
    assert isinstance(ravel, Record)
    assert "death" not in ravel.tags
    assert isinstance(sorted_out, Reject)
    assert "giant_midi_piano is 0" in sorted_out.reason
    assert isinstance(spoiled, Reject)
    assert "#NAME?" in spoiled.reason


def test_a_table_beside_midi_files(tmp_path: Path) -> None:
    put_midi(tmp_path, "Chopin, Frédéric, Études, Op.10, g0hoN6_HDVU.mid")
    put_midi(tmp_path, "Abel, Frederic, Lola Polka, SLNJF0uiqRw.mid")
    put_midi(tmp_path, "a tune.mid")
    chopin, ravel, abel, nameless = giantmidi.records(put_table(tmp_path, CHOPIN, RAVEL))
    assert isinstance(chopin, Record)
    assert chopin.midi == "midis/Chopin, Frédéric, Études, Op.10, g0hoN6_HDVU.mid"
    assert isinstance(ravel, Reject)
    assert ravel.reason == "missing file: no MIDI file is called ..., -QmwrhO3ecA.mid"
    assert isinstance(abel, Record)
    assert (abel.title, abel.tags, abel.place.row) == ("Lola Polka", {"composer": "Frederic Abel"}, None)
    assert isinstance(nameless, Reject)
    assert nameless.place.file == "midis/a tune.mid"


def test_the_fullest_table_is_read(tmp_path: Path) -> None:
    put_table(tmp_path, CHOPIN, RAVEL, name="full_music_pieces_youtube_similarity_pianosoloprob.csv")
    put_table(tmp_path, RAVEL, name="subset200_eval_with_labels.tsv")
    (chopin,) = giantmidi.records(put_table(tmp_path, CHOPIN))
    assert chopin.place.file == TABLE


def test_wrong_folders(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="does not look like GiantMIDI-Piano"):
        list(giantmidi.records(tmp_path))
    (tmp_path / TABLE).write_text("surname\tfirstname\n", encoding="utf-8")
    with pytest.raises(DataError, match="has no column 'music'"):
        list(giantmidi.records(tmp_path))


def test_real_samples() -> None:
    if not SHARED.is_dir():
        pytest.skip(f"no samples at {SHARED}")
    found = [*giantmidi.records(SHARED / "schemas" / "giantmidi")]
    assert len(found) == 200
    assert sum(isinstance(one, Record) for one in found) == 30
    names = (SHARED / "schemas" / "giantmidi" / "file_names.txt").read_text(encoding="utf-8").splitlines()
    pieces = [read_piece(name.removesuffix(".mid")) for name in names]
    assert [piece.youtube_id for piece in pieces][-1] == "v-QmwrhO3ec"
    assert [piece.title for piece in pieces][3:6] == [
        "Études, Op.10", "Air in E major, HWV 425", "Hungarian Rhapsody No.2, S.244_2",
    ]  # fmt: skip
    preview = [*giantmidi.records(SHARED / "midi" / "giantmidi_preview")]
    assert [one.midi[:6] for one in preview if isinstance(one, Record)] == ["Chopin", "Liszt,"]


def put_comments(folder: Path, *rows: str) -> Path:
    lines = ["\t".join(MTA_HEADER), *(row.replace("|", "\t") for row in rows)]
    (folder / "midi_text_dataset.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def test_descriptions_and_comments_joined_to_midi(tmp_path: Path) -> None:
    pytest.importorskip("py3langid")
    put_midi(tmp_path, "Chopin, Frédéric, Études, Op.10, g0hoN6_HDVU.mid")
    rows = [
        "0|1|g0hoN6_HDVU|A study in arpeggios, played with a light hand. https://x.org|这首练习曲太好听了！||Wow|Wow|",
        "1|2|#NAME?|text|||||",
        '2|3|-QmwrhO3ecA||"Great piece, ""Jeux d\'eau"" is like a fountain"|Subscribe!|||',
        "3|4|SLNJF0uiqRw|www.x.com|0:42|@bob|||",
    ]
    chopin, spoiled, ravel, empty = music_text_alignment.records(put_comments(tmp_path, *rows))
    assert isinstance(chopin, Record)
    assert (chopin.text, chopin.language) == ("A study in arpeggios, played with a light hand.", "en")
    assert (chopin.title, chopin.midi) == ("Études, Op.10", "midis/Chopin, Frédéric, Études, Op.10, g0hoN6_HDVU.mid")
    assert chopin.tags == {
        "text_kind": "description", "composer": "Frédéric Chopin", "comments": ["这首练习曲太好听了！", "Wow"],
        "comment_languages": ["zh", ""],
    }  # fmt: skip
    assert isinstance(spoiled, Reject)
    assert spoiled.reason.endswith("(a spreadsheet took the id for a formula)")
    assert isinstance(ravel, Record)
    assert ravel.tags["comments"] == ['Great piece, "Jeux d\'eau" is like a fountain']
    assert (ravel.text, ravel.title, ravel.midi) == ("", "", "")
    assert isinstance(empty, Reject)
    assert empty.reason == "nothing is left of its text after cleaning"


def test_the_published_row() -> None:
    folder = SHARED / "schemas" / "music_text_alignment"
    if not folder.is_dir():
        pytest.skip(f"no samples at {folder}")
    pytest.importorskip("py3langid")
    (record,) = music_text_alignment.records(folder)
    assert isinstance(record, Record)
    assert record.text == "P.7 First Lesson. P.7 Up and Down. ..."
    assert record.tags["comment_languages"] == ["en", "en", "ru", "en", "en"]
