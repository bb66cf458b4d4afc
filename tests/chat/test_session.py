"""A session: tunes come from the composer, all else is computed, and every word of it is true."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from abcllm import parse
from abcllm.backends import Sampling
from abcllm.chat import Session
from abcllm.errors import BackendError, MissingExtra, UsageError
from abcllm.notation import Key, Tempo
from abcllm.request import Request

from .conftest import Drone, say


class TestComposing:
    def test_a_tune_is_streamed_and_summed_up(self, session: Session) -> None:
        pieces = list(session.answer("a 4-bar jig in G"))
        music = "".join(piece.text for piece in pieces if piece.music)
        assert sum(piece.music for piece in pieces) > 4
        assert parse(music).tunes[0] == session.tune
        assert pieces[-1].text == "\nDrone 7: jig in G major, 6/8, 4 bars, quarter note = 165. Seed 7.\n"

    def test_what_was_passed_over_is_said_before_the_tune(self, session: Session) -> None:
        said = say(session, "a jig in G with bagpipes")
        assert said.index("passed over: bagpipes") < said.index("X:1")

    def test_control_codes_are_asked_of_the_composer_in_their_own_words(self, session: Session, drone: Drone) -> None:
        said = say(session, "write a tune with S:2 B:8 E:4 B:8")
        assert session.tune is not None
        assert "Seed 7." in said
        assert "B: is 16, not 8 8 as asked." in said  # it knows no codes
        assert "\nB: is 16" in say(session, "/retry")
        assert "Seed 9." in say(session, "a jig")

    def test_each_tune_has_its_own_seed_and_says_it(self, session: Session, drone: Drone) -> None:
        say(session, "a jig")
        say(session, "again")
        say(session, "a reel with seed 40")
        assert "Seed 41." in say(session, "again")
        assert "Seed 9." in say(session, "a waltz")
        assert [request.seed for request in drone.asked] == [7, 8, 40, 41, 9]

    def test_a_new_seed_begins_anew(self, session: Session) -> None:
        assert "is 100." in say(session, "/seed 100")
        assert "Seed 100." in say(session, "a jig")

    def test_a_session_without_a_seed_draws_one(self, drone: Drone) -> None:
        assert len({Session(drone).seed for _ in range(20)}) > 10

    def test_bytes_that_are_no_text_do_no_harm(self, session: Session) -> None:
        assert "T:a?b" in say(session, "a 4-bar jig called a\udcffb")
        assert session.conversation.to_json().encode()

    def test_the_conversation_is_kept(self, session: Session) -> None:
        said = say(session, "a jig in G")
        assert [(m.role, m.text) for m in session.conversation.messages] == [
            ("user", "a jig in G"),
            ("assistant", said),
        ]
        assert session.conversation.meta == {"backend": "drone", "seed": 7}

    def test_an_answer_that_is_broken_off_leaves_the_tune_before(self, session: Session) -> None:
        say(session, "a jig in G")
        before = session.tune
        pieces = session.answer("a reel in A")
        assert next(pieces).text.startswith("X:1")
        pieces.close()
        assert session.tune is before
        assert session.conversation.messages[-1].text.startswith("X:1")

    def test_faults_of_a_tune_are_said(self, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
        def compose(request: Request, sampling: Sampling) -> Iterator[str]:
            yield "X:1\nT:Short\nM:6/8\nL:1/8\nK:D\nD6|D5|D6|]"

        monkeypatch.setattr(session.backend, "compose", compose)
        said = say(session, "a 4-bar jig in G")
        assert "the tune:6:4: error R202" in said
        assert "asked for the key G major, and it has D major" in said
        assert "asked for the length 4 bars, and it has 3 bars" in said

    def test_an_answer_without_a_tune_is_said(self, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(session.backend, "compose", lambda request, sampling: iter(["Dear sir,\n"]))
        assert "holds no tune" in say(session, "a jig")
        assert session.tune is None
        assert isinstance(session.failures[0], BackendError)


class TestChanges:
    def test_tempo(self, session: Session) -> None:
        say(session, "a 4-bar jig in G")
        said = say(session, "at quarter = 90")
        assert "(tempo set: computed, not composed)" in said
        assert "Q:1/4=90\n" in said
        assert session.tune is not None
        assert session.tune.tempo == Tempo((Fraction(1, 4),), 90)

    def test_slower_goes_on_from_the_tempo_that_is_there(self, session: Session) -> None:
        say(session, "a 4-bar jig in G")
        say(session, "at quarter = 90")
        assert "quarter note = 75" in say(session, "slower")

    def test_transposition(self, session: Session) -> None:
        say(session, "a 4-bar jig in G")
        assert "transposed from G major: computed" in say(session, "up a tone")
        assert session.tune is not None
        assert session.tune.key == Key("A")
        say(session, "transpose to E flat")
        assert session.tune.key == Key("Eb")

    def test_again_keeps_the_key_that_was_transposed_to(self, session: Session, drone: Drone) -> None:
        say(session, "a 4-bar jig in G")
        say(session, "transpose to A")
        say(session, "again")
        assert drone.asked[-1].key == Key("A")

    def test_the_title(self, session: Session) -> None:
        say(session, "a 4-bar jig in G")
        assert "T:Rain & Wind" in say(session, 'call it "Rain & Wind"')
        assert session.tune is not None
        assert session.tune.title == "Rain & Wind"

    def test_undo_goes_back_step_by_step(self, session: Session) -> None:
        say(session, "a 4-bar jig in G")
        say(session, "slower")
        say(session, "a 4-bar reel in D")
        assert "Back to Drone 7: jig in G major, 6/8, 4 bars, quarter note = 138." in say(session, "undo")
        assert "quarter note = 165" in say(session, "/undo")
        assert "now there is none" in say(session, "go back")
        assert "there is no tune yet" in say(session, "undo")

    def test_several_things_in_one_message(self, session: Session, tmp_path: Path) -> None:
        said = say(session, "a 4-bar jig in G called Rain, transpose it to A and save it as abc")
        assert f"saved {tmp_path / 'rain.abc'}" in said
        assert "K:A\n" in (tmp_path / "rain.abc").read_text()

    def test_a_step_that_fails_ends_the_message(self, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PATH", "")
        said = say(session, "a 4-bar jig in G, play it and save it as abc")
        assert "no program that plays sound" in said
        assert "saved" not in said
        assert isinstance(session.failures[0], MissingExtra)


class TestQuestions:
    @pytest.mark.parametrize(
        ("question", "answer"),
        [
            ("what key is it?", "E minor (1 sharp)."),
            ("which metre?", "4/4."),
            ("how many bars?", "5 as written, repeats counted once."),
            ("how fast is it?", "quarter note = 190."),
            ("what is it called?", "Drone 7"),
            ("what kind of tune is it?", "A reel."),
            ("what is the range?", "From E4 to E4, 0 semitones (middle C is C4)."),
            ("is it valid?", "It is valid: no fault was found."),
            ("what is the seed?", "The seed of the next tune is 8."),
            ("what chords are there?", 'It has no chord symbols; say "add chords".'),
            ("how many notes?", "5 notes as written, repeats counted once."),
            ("how many parts?", "1 part of 5 bars."),
            ("what interval is D to A?", "D to A: a perfect fifth, 7 semitones."),
            ("describe it", "Drone 7: reel in E minor, 4/4, 5 bars, quarter note = 190."),
        ],
    )
    def test_answers(self, session: Session, question: str, answer: str) -> None:
        say(session, "a 5-bar reel in E minor")
        assert say(session, question) == f"{answer}\n"

    def test_before_there_is_a_tune(self, session: Session) -> None:
        assert "there is no tune yet" in say(session, "what key is it?")
        assert isinstance(session.failures[0], UsageError)

    def test_help_names_every_command(self, session: Session) -> None:
        from abcllm.chat.commands import SLASH_COMMANDS

        said = say(session, "help")
        assert [name for name in SLASH_COMMANDS if f"/{name}" not in said] == []

    def test_thanks_and_goodbye(self, session: Session) -> None:
        assert say(session, "thank you") == "With pleasure.\n"
        assert not session.ended
        assert say(session, "bye") == "Goodbye.\n"
        assert session.ended

    def test_what_is_unclear_is_kept_as_a_failure(self, session: Session) -> None:
        assert 'do not understand "blah"' in say(session, "blah")
        assert isinstance(session.failures[0], UsageError)


class TestSaving:
    @pytest.fixture(autouse=True)
    def tune(self, session: Session) -> None:
        say(session, 'a 4-bar jig in G called "../The Rainy Road"')

    def test_the_name_comes_from_the_title_without_harm(self, session: Session, tmp_path: Path) -> None:
        assert say(session, "save") == f"saved {tmp_path / 'the-rainy-road.abc'}\n"

    def test_a_name_that_is_taken_gets_a_number(self, session: Session, tmp_path: Path) -> None:
        say(session, "save as abc")
        first = (tmp_path / "the-rainy-road.abc").read_bytes()
        say(session, "slower")
        assert "the-rainy-road-2.abc" in say(session, "save as abc")
        assert (tmp_path / "the-rainy-road.abc").read_bytes() == first
        assert "the-rainy-road-3.abc" in say(session, "save as abc")

    def test_files_of_one_tune_share_their_number(self, session: Session, tmp_path: Path) -> None:
        (tmp_path / "the-rainy-road.mid").write_bytes(b"mine")
        paths = list(session.save_as(("abc", "mid")))
        assert [path.name for path in paths] == ["the-rainy-road-2.abc", "the-rainy-road-2.mid"]

    def test_a_path_is_taken_as_it_is_said(self, session: Session, tmp_path: Path) -> None:
        say(session, "save as deep/er/My_Tune.mid")
        assert (tmp_path / "deep" / "er" / "My_Tune.mid").read_bytes()[:4] == b"MThd"
        elsewhere = tmp_path / "elsewhere"
        say(session, f"save to {elsewhere}/x.abc")
        assert (elsewhere / "x.abc").is_file()

    def test_the_home_folder(self, session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HOME", str(tmp_path / "home"))
        say(session, "save to ~/x.abc")
        assert (tmp_path / "home" / "x.abc").is_file()

    def test_a_folder(self, session: Session, tmp_path: Path) -> None:
        say(session, "save to tunes/")
        assert (tmp_path / "tunes" / "the-rainy-road.abc").is_file()
        assert "tunes/the-rainy-road-2.abc" in say(session, "save to ./tunes")

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("save as docx", 'how to save as "docx"'),
            ("save as rain.docx", ".docx"),
            ("save to ./rain", "has no ending that says the format"),
        ],
    )
    def test_what_cannot_be_saved_is_said(self, session: Session, text: str, words: str, tmp_path: Path) -> None:
        assert words in say(session, text)
        assert list(tmp_path.iterdir()) == []

    def test_what_a_file_cannot_have_is_said_in_the_language(self, session: Session, tmp_path: Path) -> None:
        say(session, 'call it "Rain \U0010fffd"')
        said = say(session, "save as pdf and png")
        assert said.count("no font is installed that has") == 2
        assert "UserWarning" not in said
        assert "没有安装含有这些字的字体" in say(session, "保存为pdf")
        assert (tmp_path / "rain.pdf").is_file()

    def test_a_folder_that_cannot_be_made_is_said(self, session: Session, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("")
        assert "I cannot" in say(session, "save to file/x.abc")

    def test_playing_hands_a_sound_file_to_a_player(
        self, session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        heard = tmp_path / "heard"
        program = tmp_path / "aplay"
        program.write_text(f'#!/bin/sh\nfor last; do :; done\n/bin/cat "$last" > "{heard}"\n')
        program.chmod(0o755)
        monkeypatch.setenv("PATH", str(tmp_path))
        assert "playing" in say(session, "play it")
        assert heard.read_bytes()[:4] == b"RIFF"


def test_without_a_tune_there_is_nothing_to_save(session: Session) -> None:
    assert "there is no tune yet" in say(session, "save as pdf")


def test_a_bar_count_is_a_musicians(session: Session) -> None:
    """A pickup is counted with the bar that it takes from."""
    from abcllm.analysis.sections import count_bars

    tune = parse("X:1\nM:3/4\nL:1/4\nK:G\nD|G2A|B2A|G2D|G2||D|G2A|B2A|G2D|G2|]\n").tunes[0]
    assert count_bars(tune) == 8
    assert count_bars(replace(tune, voices=())) == 0
    free = parse("X:1\nM:none\nL:1/4\nK:G\nD|G2A|B2A|]\n").tunes[0]
    assert count_bars(free) == max(bar.number for bar in free.voices[0].bars)
